"""The interventions of a scenario: the tables ``[interventions.NAME]``, checked, made and written again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.intervention import Intervention
from diffusion.scenario.checks import Complain, complain_at, text
from diffusion.scenario.kinds import filled, kind_keys, plain
from diffusion.scenario.registries import interventions
from diffusion.toml.documents import shown
from diffusion.toml.lines import KeyPath

OFF = False
"""What an arm says of an intervention of the scenario that it goes without."""


def checked_interventions(
    said: object, complain: Complain, *, above: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the tables of interventions in their normal spelling; complain of everything that is wrong.

    Parameters
    ----------
    said
        What the file says under ``interventions``.
    complain
        Where problems go.
    above
        For an arm's: what the scenario says under ``interventions``, of whatever form.
    """
    if not isinstance(said, dict):
        complain(f'must be tables by name, such as [interventions.roadshow] with kind = "..."; got {shown(said)}')
        return {}
    shared = above if isinstance(above, Mapping) else {}
    normal = {}
    for name, table in said.items():
        inside = partial(complain_at, complain, name)
        if not name.strip() or "." in name or not name.isprintable():
            inside(f"an intervention's name must be a line of text without dots; got {shown(name)}")
        elif table is OFF and above is not None:
            if name not in shared:
                hint = nearest_name_hint(name, shared)
                inside(f"false takes out an intervention of the scenario, and there is none of this name{hint}")
            normal[name] = OFF
        elif not isinstance(table, dict):
            also = ", or false for an arm that goes without it" if above is not None else ""
            inside(f"must be a table{also}; got {shown(table)}")
        elif (kind := _kind(name, table, shared, inside)) is not None:
            normal[name] = _checked_table(kind, table, inside)
    return normal


def _kind(name: str, table: Mapping[str, Any], above: Mapping[str, Any], complain: Complain) -> str | None:
    """Return the kind that a table states or, in an arm, that it has from the scenario."""
    over = above.get(name)
    inherited = over.get("kind") if isinstance(over, Mapping) else None
    if "kind" not in table and inherited is None:
        hint = nearest_name_hint(name, above) if above else ""
        listed = f'; write kind = "..."; known are {", ".join(interventions())}'
        complain(f"says of no kind what it is{f'{hint}' if hint else listed}")
        return None
    kind = table.get("kind", inherited)
    if kind not in interventions():
        if "kind" in table:
            hint = nearest_name_hint(kind, interventions()) if isinstance(kind, str) else ""
            known = hint or f"; known are {', '.join(interventions())}"
            complain(f"must name a kind of intervention; got {shown(kind)}{known}", "kind")
        return None
    if inherited is not None and kind != inherited:
        complain(
            f"is {shown(inherited)} in the scenario, and an arm cannot make another kind of it; got {shown(kind)}; "
            "give the arm's own intervention a name of its own",
            "kind",
        )
        return None
    return str(kind)


def _checked_table(kind: str, table: Mapping[str, Any], complain: Complain) -> dict[str, Any]:
    keys = kind_keys(kind)
    normal: dict[str, Any] = {}
    for name, said in table.items():
        inside = partial(complain_at, complain, name)
        if name == "kind":
            normal[name] = text(said, inside)
        elif name not in keys:
            inside(f"{_unknown(kind, name)}")
        else:
            normal[name] = keys[name].check(said, inside)
    return normal


def _unknown(kind: str, name: str) -> str:
    keys = kind_keys(kind)
    if hint := nearest_name_hint(name, keys):
        return f"unknown key{hint}"
    others = [other for other in interventions() if name in kind_keys(other)]
    homes = f"; it is a key of {' and '.join(others)}" if others else ""
    return f"unknown key of {kind}{homes}; {kind} has {', '.join(keys)}"


def checked_swept(path: list[str], values: list[Any], above: object, complain: Complain) -> Iterator[Any]:
    """Yield the values of a swept key of an intervention in their normal spelling.

    Parameters
    ----------
    path
        The intervention and its key, as they stand after ``interventions.``.
    values
        What the file says, a list.
    above
        What the scenario says under ``interventions``, of whatever form.
    complain
        Where problems go.
    """
    tables = above if isinstance(above, Mapping) else {}
    known = [f"{name}.{key}" for name, table in tables.items() for key in _keys_at(table)]
    if len(path) < 2 or ".".join(path) not in known:
        hint = nearest_name_hint(".".join(path), known) or (f"; known are {', '.join(known)}" if known else "")
        complain(f"must name a key of an intervention that the scenario states above the arms{hint}")
        return
    key = kind_keys(tables[path[0]]["kind"])[path[1]]
    seen: list[Any] = []
    for place, value in enumerate(values):
        inside = partial(complain_at, complain, place)
        normal = key.check(value, inside)
        if normal in seen:
            inside(f"every swept value comes once; got {shown(value)} a second time")
        seen.append(normal)
        yield normal


def _keys_at(table: object) -> tuple[str, ...]:
    kind = table.get("kind") if isinstance(table, Mapping) else None
    return tuple(kind_keys(kind)) if isinstance(kind, str) and kind in interventions() else ()


def missing_keys(tables: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Yield every key that an intervention needs and that no table states, once the arm's are laid over the scenario's.

    Parameters
    ----------
    tables
        The interventions of an arm in a cell.
    """
    for name, table in tables.items():
        if table is OFF or table.get("kind") not in interventions():
            continue
        for key in kind_keys(table["kind"]).values():
            if key.required and key.name not in table:
                yield (
                    (name, key.name),
                    f'the intervention "{table["kind"]}" needs {key.name} ({key.meaning}), and it is missing; write it',
                )


def stated_interventions(tables: Mapping[str, Any]) -> tuple[Intervention, ...]:
    """Return what is done, in an order that follows from what it is, not from what it is called.

    Parameters
    ----------
    tables
        The interventions of an arm in a cell, complete.
    """
    made = [_stated(name, table) for name, table in tables.items() if table is not OFF]
    return tuple(sorted(made, key=lambda said: (_text(canonical_intervention(said)), said.name)))


def _stated(name: str, table: Mapping[str, Any]) -> Intervention:
    keys = kind_keys(table["kind"])
    values = {keys[key].field: filled(keys[key].type, said) for key, said in table.items() if key != "kind"}
    return interventions()[table["kind"]](name=name, **values)


def canonical_intervention(said: Intervention) -> dict[str, Any]:
    """Return an intervention for JSON and digests: its kind and what it states, without what it is called.

    Parameters
    ----------
    said
        The intervention; keys at their defaults, and those that change nothing, are left out.
    """
    told = {
        key.name: plain(getattr(said, key.field))
        for key in kind_keys(said.kind).values()
        if getattr(said, key.field) != key.default and key.field not in said.unused
    }
    return {"kind": said.kind, **dict(sorted(told.items()))}


def _text(table: Mapping[str, Any]) -> str:
    return json.dumps(table, sort_keys=True, ensure_ascii=False)

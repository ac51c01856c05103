"""The keys of a kind of intervention: what each must hold, read off the fields of its class.

A kind states its keys once, as the fields of a dataclass; what a scenario may
say of them, how that becomes values of the class, and how the class is written
again follow from the fields' types.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import lru_cache, partial
from math import inf
from typing import Any, Union, get_args, get_origin, get_type_hints

from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.intervention import Intervention
from diffusion.scenario.checks import (
    ARROW,
    Check,
    Complain,
    complain_at,
    names,
    text,
    true_or_false,
)
from diffusion.scenario.registries import interventions
from diffusion.scenario.uncertain_check import number_or_distribution, seems_distribution, whole_or_distribution
from diffusion.toml.documents import shown

_RANGE = re.compile(r"(-?[\d.]+) to (-?[\d.]+|[a-z]+)")
_LEAST = re.compile(r"(?:at least )?([\d.]+)(?: or more)?")
_ABOVE = re.compile(r"above ([\d.]+)(?:, at most ([\d.]+))?")
_STEP = "_step"


@dataclass(frozen=True, slots=True)
class KindKey:
    """Describe one key of a kind of intervention.

    Attributes
    ----------
    name
        What a scenario calls it.
    field
        What the class calls it.
    type
        The type of its values.
    meaning, unit, span
        What it means, in which unit, within which range; as the class says.
    default
        What holds where it is left out; ``MISSING`` where it must be stated.
    """

    name: str
    field: str
    type: Any
    meaning: str
    unit: str
    span: str
    default: Any

    @property
    def required(self) -> bool:
        """Return whether it must be stated."""
        return self.default is MISSING

    @property
    def check(self) -> Check:
        """Return what it must hold."""
        return _check(self.type, self.span)

    @property
    def is_whole(self) -> bool:
        """Return whether its numbers are whole ones."""
        return int in _alternatives(self.type)

    def bounds(self, steps: float, first: float) -> tuple[float, float]:
        """Return between which numbers it must lie, for distributions, which are cut to them.

        Parameters
        ----------
        steps
            T; infinity where it is not known.
        first
            The step at which the intervention begins; 1 where it is not known.
        """
        if self.span == "from to steps":
            return first, steps
        if found := _ABOVE.fullmatch(self.span):
            return float(found[1]), float(found[2] or inf)
        low, high = _bounds(self.span)
        last = steps if self.span.endswith(" to steps") else inf
        least = 0.0 if self.is_whole else -inf
        return least if low is None else low, last if high is None else high


@lru_cache(maxsize=64)
def kind_keys(kind: str) -> Mapping[str, KindKey]:
    """Return the keys of a kind of intervention by the names that scenarios give them.

    Parameters
    ----------
    kind
        A name in the registry of interventions.
    """
    return types.MappingProxyType({key.name: key for key in _keys_of(interventions()[kind])})


def _keys_of(stated: type) -> list[KindKey]:
    hints = get_type_hints(stated)
    return [_key(found, hints[found.name]) for found in fields(stated) if found.name != "name" or not _is_kind(stated)]


def _is_kind(stated: type) -> bool:
    return issubclass(stated, Intervention)


def _key(found: Field[Any], hint: Any) -> KindKey:
    default = found.default
    if default is MISSING and found.default_factory is not MISSING:
        default = found.default_factory()
    said = found.metadata
    told = (str(said.get("meaning", "")), str(said.get("unit", "")), str(said.get("range", "")))
    return KindKey(found.name.removesuffix(_STEP), found.name, hint, *told, default)


def filled(hint: Any, value: Any) -> Any:
    """Return a checked value as the class wants it.

    Parameters
    ----------
    hint
        The type of the key.
    value
        What :attr:`KindKey.check` returned.
    """
    for one in _alternatives(hint):
        origin, inner = get_origin(one) or one, get_args(one)
        if origin is tuple and isinstance(value, list):
            return _filled_list(inner, value)
        if _is_mapping(origin) and isinstance(value, Mapping):
            return {name: filled(inner[1], each) for name, each in sorted(value.items())}
        if is_dataclass(one) and isinstance(value, Mapping):
            return _made(one, value)
    return tuple(value) if isinstance(value, list) else value


def _filled_list(inner: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    """Return a list as a tuple: in one order where it is a set of things, as it is where it is a pair."""
    if inner[-1] is not Ellipsis:
        return tuple(value)
    return tuple(sorted((filled(inner[0], each) for each in value), key=repr))


def plain(value: Any) -> Any:
    """Return a value of a class as JSON has it, the inverse of :func:`filled`."""
    if is_dataclass(value) and not isinstance(value, type):
        told = {key.name: plain(getattr(value, key.field)) for key in _keys_of(type(value))}
        return {name: said for name, said in told.items() if said not in (None, [])}
    if isinstance(value, Mapping):
        return {str(name): plain(said) for name, said in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _made(stated: Any, table: Mapping[str, Any]) -> Any:
    """Return a row, such as an agent who is added; what is no field of it is a further column."""
    keys = {key.name: key for key in _keys_of(stated)}
    values = {keys[name].field: filled(keys[name].type, said) for name, said in table.items() if name in keys}
    further = {name: said for name, said in table.items() if name not in keys}
    return stated(**values, columns=tuple(sorted(further.items()))) if further else stated(**values)


def _alternatives(hint: Any) -> tuple[Any, ...]:
    """Return the types that a value may have, but for ``None``."""
    found = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    return tuple(one for one in found if one is not type(None))


def _is_mapping(origin: Any) -> bool:
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _check(hint: Any, span: str) -> Check:
    checks = [_single(one, span) for one in _alternatives(hint)]
    if len(checks) == 1:
        return checks[0]

    def check(value: object, complain: Complain) -> object:
        is_number = isinstance(value, Mapping) and seems_distribution(value, by_name=True)
        chosen = _fitting(_alternatives(hint), 0 if is_number else value)
        return checks[chosen](value, complain)

    return check


def _fitting(alternatives: tuple[Any, ...], value: object) -> int:
    """Return which of several types a value is probably meant to have: by its form."""
    is_one = dict if isinstance(value, dict) else list if isinstance(value, list) else None
    for place, one in enumerate(alternatives):
        origin = get_origin(one) or one
        form = dict if _is_mapping(origin) or is_dataclass(one) else list if origin is tuple else None
        if form is is_one and (form is not None or isinstance(value, str) == (one is str)):
            return place
    return 0


def _single(hint: Any, span: str) -> Check:
    origin, inner = get_origin(hint) or hint, get_args(hint)
    if origin is tuple:
        return _list(inner[0], span)
    if _is_mapping(origin):
        return _by_name(_check(inner[1], span))
    if is_dataclass(hint):
        return _row(hint)
    if origin in (bool, str):
        return true_or_false if origin is bool else text
    return _whole(span) if origin is int else number_or_distribution(*_bounds(span))


def _whole(span: str) -> Check:
    low, high = _bounds(span)
    return whole_or_distribution(0 if low is None else int(low), None if high is None else int(high))


def _bounds(span: str) -> tuple[float | None, float | None]:
    """Return the bounds that a range states in numbers, both included; none where it names steps or more."""
    if found := _RANGE.fullmatch(span):
        return float(found[1]), None if found[2].isalpha() else float(found[2])
    if (found := _LEAST.fullmatch(span)) and span != found[1]:
        return float(found[1]), None
    return None, None


def _list(inner: Any, span: str) -> Check:
    if is_dataclass(inner):
        return _rows(inner)
    if get_origin(inner) is tuple:
        return _pairs
    return names("name", each=text) if inner is str else _numbers(_check(inner, span))


def _numbers(each: Check) -> Check:
    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, list) or not value:
            complain(f"must be a list of at least one number, such as [1, 2]; got {shown(value)}")
            return []
        return [each(one, partial(complain_at, complain, place)) for place, one in enumerate(value)]

    return check


def _pairs(value: object, complain: Complain) -> object:
    """Check a list of pairs of names, ``["A", "B"]`` or ``"A -> B"``."""
    if not isinstance(value, list) or not value:
        complain(f'must be a list of at least one pair, such as [["A", "B"]] or ["A -> B"]; got {shown(value)}')
        return []
    seen: list[list[str]] = []
    for place, said in enumerate(value):
        parts = said.split(ARROW) if isinstance(said, str) else said
        if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(p, str) and p.strip() for p in parts):
            complain(f'must be a pair of names, such as ["A", "B"] or "A -> B"; got {shown(said)}', place)
            continue
        pair = [part.strip() for part in parts]
        if pair in seen:
            complain(f"names the pair {shown(pair)} a second time; take one out", place)
        seen.append(pair)
    return seen


def _by_name(each: Check) -> Check:
    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, dict) or not value:
            complain(f"must be a table of names and values, such as {{ manager = 0.5 }}; got {shown(value)}")
            return {}
        return {name: each(said, partial(complain_at, complain, name)) for name, said in sorted(value.items())}

    return check


def _rows(stated: Any) -> Check:
    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, list) or not value:
            needed = ", ".join(f'{key.name} = "..."' for key in _keys_of(stated) if key.required)
            complain(f"must be a list of at least one table, such as [{{ {needed} }}]; got {shown(value)}")
            return []
        return [_row(stated)(said, partial(complain_at, complain, place)) for place, said in enumerate(value)]

    return check


def _row(stated: Any) -> Check:
    keys = {key.name: key for key in _keys_of(stated)}
    is_open = keys.pop("columns", None) is not None

    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, dict):
            complain(f"must be a table; got {shown(value)}")
            return {}
        normal: dict[str, object] = {}
        for name, said in value.items():
            inside = partial(complain_at, complain, name)
            if name in keys:
                normal[name] = keys[name].check(said, inside)
            elif is_open:
                normal[name] = text(said, inside)
            else:
                inside(f"unknown key{nearest_name_hint(name, keys) or '; known here are ' + ', '.join(keys)}")
        for key in keys.values():
            if key.required and key.name not in value:
                complain(f"has no {key.name}; write it")
        return dict(sorted(normal.items()))

    return check

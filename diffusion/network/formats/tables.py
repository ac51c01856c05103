"""What a file says of agents and ties, before the program decides what it means.

Every reader makes :class:`Tables`; :func:`network_of` makes a
:class:`~diffusion.network.network.Network` of them, in one place for all
formats: which way ties point, what becomes of strengths that are no share, of
strengths of 0, and of columns with names that an agent table cannot have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diffusion.network.formats.problems import Problems
from diffusion.network.network import DEFAULT_LAYER, DEFAULT_ROLE, Network, control_character_problem, normalized
from diffusion.network.survey import Survey

RESERVED_ROLES = ("beta", "exponential", "gamma", "lognormal", "normal", "reach", "triangular", "uniform")
"""Names that mean something else where a scenario names roles."""

AGENT_COLUMNS = ("id", "role", "organisation", "sector", "site")
"""The columns of an agent table that the program knows by name."""

Direction = Literal["turn-to", "tell"]
"""The question that a file's ties answer: whom do you turn to, or whom do you tell."""

Strength = Literal["divide-by-max"]
"""How strengths that are no share become one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what the user says about a file that the file does not say itself.

    Attributes
    ----------
    direction
        The question that was asked: with ``turn-to`` the first agent of a tie
        turned to the second, so knowledge flows back; with ``tell`` it flows as
        written. ``None`` reads ties as written, and says so.
    strength
        ``divide-by-max`` divides the strengths of each layer by its largest.
    format
        The name of the file's format; ``None`` tells it from the file.
    """

    direction: Direction | None = None
    strength: Strength | None = None
    format: str | None = None


AS_WRITTEN = Reading()


@dataclass(slots=True)
class Tables:
    """Hold what a file says of agents and ties.

    Attributes
    ----------
    path
        The file whose lines ``lines`` counts; it stands before problems with ties.
    ids
        The agents, in the order of the file. Ids must be unique and not empty
        once normalized; a reader that finds others notes a problem with its line.
    columns
        Further columns by name, ``role`` among them, one text an agent.
    source, target
        The places in ``ids`` of the first and the second agent of each tie.
    layer
        The layer of each tie, ``""`` for none; empty where no tie has one.
    strength
        The strength of each tie as the file has it, NaN where it gives none;
        empty where it gives none at all.
    directed
        Whether each tie is directed; empty where all are.
    lines
        The line of each tie, from 1; empty where a format has no lines.
    agents_path, agent_lines
        The file of the agents, where it is another, and the line of each agent.
    name
        What the file calls the network; often nothing.
    synthetic
        Whether the file says that the network was generated.
    survey
        What is known of how the network was asked for.
    follows_knowledge
        Whether the format itself says that ties point the way knowledge flows.
    states_question
        Whether the file states what was asked, so that the user must not state it again.
    zero_is_a_tie
        Whether a strength of 0 is a mistake; otherwise it says that there is no tie.
    notes
        What was lost or assumed, a line each, in plain words.
    """

    path: Path
    ids: list[str]
    columns: dict[str, list[str]] = field(default_factory=dict)
    source: Sequence[int] | NDArray[np.int32] = ()
    target: Sequence[int] | NDArray[np.int32] = ()
    layer: Sequence[str] = ()
    strength: Sequence[float] | NDArray[np.float64] = ()
    directed: Sequence[bool] | NDArray[np.bool_] = ()
    lines: Sequence[int] = ()
    agents_path: Path | None = None
    agent_lines: Sequence[int] = ()
    name: str = ""
    synthetic: bool = False
    survey: Survey | None = None
    follows_knowledge: bool = False
    states_question: bool = False
    zero_is_a_tie: bool = False
    notes: list[str] = field(default_factory=list)


def network_of(tables: Tables, problems: Problems, *, name: str, reading: Reading = AS_WRITTEN) -> Network | None:
    """Return the network that tables describe, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    tables
        What a file says.
    problems
        Where problems go.
    name
        What the network is called.
    reading
        What the user says about the file.
    """
    _check_ids(tables, problems)
    columns = _columns(tables)
    roles = columns.pop("role", [""] * len(tables.ids))
    _check_roles(tables, roles, problems)
    strength, kept = _strengths(tables, reading, problems)
    if tables.states_question and reading.direction:
        problems.add(tables.path, None, "the file states the question that was asked; leave out --direction")
    if problems.found:
        return None
    source, target, layer, strength = _directed_ties(tables, reading, strength, kept)
    ids = [normalized(text) for text in tables.ids]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    place = np.empty(len(ids), dtype=np.int32)
    place[order] = np.arange(len(ids), dtype=np.int32)
    return Network.from_indices(
        name=name,
        ids=tuple(ids[row] for row in order),
        roles=tuple(normalized(roles[row]) or DEFAULT_ROLE for row in order),
        columns={key: tuple(normalized(cells[row]) for row in order) for key, cells in columns.items()},
        source=place[source],
        target=place[target],
        layer=layer,
        strength=strength,
        synthetic=tables.synthetic,
        survey=tables.survey,
        notes=tuple(dict.fromkeys(tables.notes)),
    )


def _check_ids(tables: Tables, problems: Problems) -> None:
    """Note names that cannot be, and empty and repeated ids, which a reader should have noted with their lines."""
    if problems.found:
        return
    names = [*tables.ids, *tables.columns.get("role", []), *set(tables.layer), *tables.columns]
    if problem := control_character_problem(map(normalized, names)):
        problems.add(tables.path, None, problem)
    seen: set[str] = set()
    for text in map(normalized, tables.ids):
        if not text:
            problems.add(tables.path, None, "an agent has an empty id; give every agent an id")
        elif text in seen:
            problems.add(tables.path, None, f'the id "{text}" is given more than once; ids must be unique')
        seen.add(text)
    if not tables.ids:
        problems.add(tables.path, None, "there are no agents in it; a network needs at least one")


def _columns(tables: Tables) -> dict[str, list[str]]:
    """Return the further columns under names that an agent table can have; known ones in small letters."""
    columns: dict[str, list[str]] = {}
    taken = {"id"}
    for number, (written, cells) in enumerate(tables.columns.items(), start=1):
        wanted = normalized(written) or f"column {number}"
        wanted = wanted.casefold() if wanted.casefold() in AGENT_COLUMNS else wanted
        name = wanted
        for again in range(2, len(tables.columns) + 3):
            if name not in taken:
                break
            name = f"{wanted} {again}"
        if name != written:
            tables.notes.append(f'{tables.path}: the column "{written}" of agents is called "{name}" here')
        taken.add(name)
        columns[name] = cells
    return columns


def _check_roles(tables: Tables, roles: Sequence[str], problems: Problems) -> None:
    reserved = {text for text in set(roles) if normalized(text) in RESERVED_ROLES}
    for row, text in enumerate(roles if reserved else ()):
        if text in reserved:
            line = tables.agent_lines[row] if len(tables.agent_lines) else None
            place = tables.agents_path or tables.path
            problems.add(place, line, f'"{normalized(text)}" is reserved and cannot be a role; rename it')


def _strengths(tables: Tables, reading: Reading, problems: Problems) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the strength of every tie, in (0, 1], and which ties are there at all."""
    count = len(tables.source)
    strength = np.array(tables.strength, dtype=np.float64) if len(tables.strength) else np.full(count, np.nan)
    if reading.strength and count and np.isnan(strength).all():
        said = "changed nothing: no strength was read, so every tie has strength 1"
        tables.notes.append(f"{tables.path}: --strength {reading.strength} {said}")
    strength[np.isnan(strength)] = 1.0
    present = strength != 0 if not tables.zero_is_a_tie else np.ones(count, dtype=bool)
    if absent := int((~present).sum()):
        tables.notes.append(f"{tables.path}: {_ties(absent)} left out: a strength of 0 is no tie")
    advice = "; leave out negative ties"
    _note_first(tables, strength < 0, strength, problems, must="above 0 and at most 1", advice=advice)
    _note_first(tables, np.isinf(strength), strength, problems, must="a finite number")
    nothing = (strength == 0) & present
    advice = "; leave out a tie that is not there"
    _note_first(tables, nothing, strength, problems, must="above 0 and at most 1", advice=advice)
    if reading.strength == "divide-by-max" and not problems.found:
        return _divided(tables, strength), present
    above = (strength > 1) & np.isfinite(strength)
    advice = "; --strength divide-by-max divides those of each layer by the largest of them"
    _note_first(tables, above, strength, problems, must="at most 1", advice=advice)
    return strength, present


def _ties(count: int) -> str:
    return "1 tie of strength 0 was" if count == 1 else f"{count:,} ties of strength 0 were"


def _note_first(
    tables: Tables,
    wrong: NDArray[np.bool_],
    strength: NDArray[np.float64],
    problems: Problems,
    *,
    must: str,
    advice: str = "",
) -> None:
    """Note the first tie of which something holds, and how many more there are."""
    rows = np.flatnonzero(wrong)
    if not rows.size:
        return
    line = tables.lines[rows[0]] if len(tables.lines) else None
    more = f" ({rows.size - 1:,} more)" if rows.size > 1 else ""
    problems.add(tables.path, line, f"the strength must be {must}, not {strength[rows[0]]:.12g}{more}{advice}")


def _divided(tables: Tables, strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return strengths divided by the largest of their layer, having noted by what."""
    layers = np.array([normalized(text) or DEFAULT_LAYER for text in tables.layer] or [DEFAULT_LAYER] * len(strength))
    divided = strength.copy()
    for name in sorted(set(layers.tolist())):
        largest = strength[layers == name].max()
        if largest not in (0, 1):
            divided[layers == name] /= largest
            where = f' of layer "{name}"' if len(set(layers.tolist())) > 1 else ""
            tables.notes.append(f"{tables.path}: strengths{where} were divided by {largest:g}, the largest")
    return divided


def _directed_ties(
    tables: Tables, reading: Reading, strength: NDArray[np.float64], kept: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32], list[str], NDArray[np.float64]]:
    """Return the ties that are there, the way knowledge flows, undirected ones in both directions."""
    source = np.asarray(tables.source, dtype=np.int32)[kept]
    target = np.asarray(tables.target, dtype=np.int32)[kept]
    directed = np.asarray(tables.directed, dtype=bool) if len(tables.directed) else np.ones(len(kept), dtype=bool)
    directed, strength = directed[kept], strength[kept]
    names: Mapping[str, str] = {text: normalized(text) or DEFAULT_LAYER for text in set(tables.layer)}
    every = [names[text] for text in tables.layer] if len(tables.layer) else [DEFAULT_LAYER] * len(kept)
    layer = [every[row] for row in np.flatnonzero(kept).tolist()]
    if directed.any():
        source, target = _the_way_knowledge_flows(tables, reading, source, target)
    elif reading.direction == "turn-to" and len(kept):
        said = "changed nothing: no tie has a direction, so knowledge flows both ways"
        tables.notes.append(f"{tables.path}: --direction turn-to {said}")
    both = np.flatnonzero(~directed & (source != target))
    return (
        np.concatenate([source, target[both]]),
        np.concatenate([target, source[both]]),
        layer + [layer[row] for row in both.tolist()],
        np.concatenate([strength, strength[both]]).astype(np.float64),
    )


def _the_way_knowledge_flows(
    tables: Tables, reading: Reading, source: NDArray[Any], target: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    if reading.direction == "turn-to":
        tables.notes.append(
            f"{tables.path}: ties were turned: the first agent of a tie turned to the second, so knowledge flows back"
        )
        return target, source
    if reading.direction is None and not tables.follows_knowledge:
        tables.notes.append(
            f"{tables.path}: ties were read as written, tail to head (row to column): knowledge flows from the first "
            "agent to the second. If the first turned to the second, say --direction turn-to"
        )
    return source, target

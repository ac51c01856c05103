"""The network: who the agents are, and between whom knowledge can flow.

Everything past the readers uses :class:`Network` and nothing else. Agents are
kept in the order of their ids and ties in the order of (source, target,
layer), so no result can depend on the order of rows in a file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import compress
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from diffusion.errors import InputError
from diffusion.network.survey import Survey

DEFAULT_ROLE = "agent"
DEFAULT_LAYER = "tie"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Scalar = TypeVar("Scalar", bound=np.generic)


def normalized(text: str) -> str:
    r"""Return a text in Unicode's composed form (NFC), without outer blanks.

    Examples
    --------
    >>> normalized(" Zoe\u0308 ") == "Zo\u00eb"
    True
    """
    return unicodedata.normalize("NFC", text).strip()


def control_character_problem(names: Iterable[str]) -> str:
    r"""Return what is wrong with the first name that holds a control character, or an empty text.

    Names stand in tables, figures and messages of one line, where such a
    character (an end of line, a tab, an escape) would do harm.

    Examples
    --------
    >>> control_character_problem(["ann", "be\nn"])
    'the name "be\nn" holds the control character U+000A; remove it'
    """
    joined = "".join(names := list(names))
    if not _CONTROL.search(joined):
        return ""
    name = next(name for name in names if _CONTROL.search(name))
    mark = _CONTROL.search(name)
    return f'the name "{name}" holds the control character U+{ord(mark[0]):04X}; remove it' if mark else ""


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Hold the distinct alters of every agent, as compressed rows.

    Attributes
    ----------
    indptr
        Where each agent's row starts; shape (agents + 1,).
    indices
        The alters of agent ``i``, ascending, at ``indptr[i]:indptr[i + 1]``.
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]

    def alters(self, agent: int) -> NDArray[np.int32]:
        """Return the distinct alters of one agent."""
        return self.indices[self.indptr[agent] : self.indptr[agent + 1]]

    @property
    def degrees(self) -> NDArray[np.int64]:
        """Return how many distinct alters each agent has; shape (agents,)."""
        return np.diff(self.indptr)


@dataclass(frozen=True, eq=False)
class Network:
    """Hold an agent table and a tie table, each in canonical order.

    Build one with :meth:`from_tables`, which sorts, merges and checks.

    Attributes
    ----------
    name
        What the network is called in tables and sentences.
    ids
        The agents' ids, ascending; an agent's place here is its index.
    roles
        One role an agent.
    columns
        Further columns of the agent table by name (``organisation``,
        ``sector``, ``site``, …), one text an agent, ``""`` where missing.
    layers
        The names of the layers, ascending.
    source, target, layer
        Per tie: the index of the agent from whom knowledge can flow, of the
        agent to whom, and of the layer; shape (ties,).
    strength
        Per tie, in (0, 1]; shape (ties,).
    synthetic
        Whether the network was generated from assumptions, not observed.
    self_ties, repeats
        How many ties from an agent to itself were dropped, and how many
        repeats of (source, target, layer) were merged, when it was built.
    survey
        How the network was asked for, where that is known.
    notes, files
        What was lost or assumed when the network was read, a line each, and from which files it was.
    """

    name: str
    ids: tuple[str, ...]
    roles: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    layers: tuple[str, ...]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    layer: NDArray[np.int32]
    strength: NDArray[np.float64]
    synthetic: bool = False
    self_ties: int = field(default=0, compare=False)
    repeats: int = field(default=0, compare=False)
    survey: Survey | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    files: tuple[Path, ...] = field(default=(), compare=False)

    @classmethod
    def from_tables(
        cls,
        *,
        name: str,
        ids: Sequence[str],
        roles: Sequence[str] | None = None,
        columns: Mapping[str, Sequence[str]] | None = None,
        source: Sequence[str],
        target: Sequence[str],
        layer: Sequence[str] | None = None,
        strength: Sequence[float] | NDArray[np.floating[Any]] | None = None,
        synthetic: bool = False,
    ) -> Network:
        """Build a network from columns of text, in any order of rows.

        Self-ties are dropped and repeats of (source, target, layer) keep the
        largest strength; both are counted.

        Parameters
        ----------
        name
            What the network is called.
        ids, roles, columns
            The agent table, a value an agent; roles default to ``"agent"``.
        source, target, layer, strength
            The tie table, a value a tie; layers default to ``"tie"`` and
            strengths to 1.
        synthetic
            Whether the network was generated from assumptions.

        Raises
        ------
        InputError
            If a table's columns are not equally long, an id is empty or
            repeated, a tie names an unknown agent, or a strength lies outside
            (0, 1].

        Examples
        --------
        >>> pair = Network.from_tables(name="pair", ids=["b", "a"], source=["b"], target=["a"])
        >>> pair.ids, pair.source.tolist(), pair.target.tolist()
        (('a', 'b'), [1], [0])
        """
        agents = {"ids": ids, "roles": roles, **{f'"{key}"': values for key, values in (columns or {}).items()}}
        ties = {"source": source, "target": target, "layer": layer, "strength": strength}
        if unequal := [*_length_problems(name, "agent table", agents), *_length_problems(name, "tie table", ties)]:
            raise InputError(unequal)
        clean_ids = [normalized(text) for text in ids]
        order = sorted(range(len(clean_ids)), key=clean_ids.__getitem__)
        sorted_ids = tuple(clean_ids[place] for place in order)
        index = {text: place for place, text in enumerate(sorted_ids)}
        problems = _id_problems(name, clean_ids, index)
        sources = _indices(name, "source", source, index, problems)
        targets = _indices(name, "target", target, index, problems)
        if problems:
            raise InputError(problems)
        all_roles = _filled(roles, DEFAULT_ROLE, len(order))
        return cls.from_indices(
            name=name,
            ids=sorted_ids,
            roles=tuple(all_roles[place] for place in order),
            columns={
                key: tuple(normalized(str(values[place])) for place in order) for key, values in (columns or {}).items()
            },
            source=sources,
            target=targets,
            layer=_filled(layer, DEFAULT_LAYER, len(sources)),
            strength=np.ones(len(sources)) if strength is None else np.asarray(strength, dtype=np.float64),
            synthetic=synthetic,
        )

    @classmethod
    def from_indices(
        cls,
        *,
        name: str,
        ids: tuple[str, ...],
        roles: tuple[str, ...],
        columns: Mapping[str, tuple[str, ...]],
        source: NDArray[np.int32],
        target: NDArray[np.int32],
        layer: Sequence[str],
        strength: NDArray[np.float64],
        synthetic: bool = False,
        survey: Survey | None = None,
        notes: tuple[str, ...] = (),
    ) -> Network:
        """Build a network from sorted agents and ties between their indices.

        Raises
        ------
        InputError
            If a strength lies outside (0, 1], or an id, a role, a layer or the
            name of a column holds a control character.
        """
        if problem := control_character_problem([*ids, *set(roles), *set(layer), *columns]):
            raise InputError(f"{name}: {problem}")
        _check_strengths(name, strength)
        keep = source != target
        kept_layers = list(compress(layer, keep.tolist()))
        layer_names = tuple(sorted(set(kept_layers)))
        places = {text: place for place, text in enumerate(layer_names)}
        layer_index = np.fromiter(map(places.__getitem__, kept_layers), dtype=np.int32, count=len(kept_layers))
        rows, repeats = _merged_rows(source[keep], target[keep], layer_index, strength[keep])
        return cls(
            name=name,
            ids=ids,
            roles=roles,
            columns=MappingProxyType(dict(columns)),
            layers=layer_names,
            source=_frozen(rows[0]),
            target=_frozen(rows[1]),
            layer=_frozen(rows[2]),
            strength=_frozen(rows[3]),
            synthetic=synthetic,
            self_ties=int((~keep).sum()),
            repeats=repeats,
            survey=survey,
            notes=notes,
        )

    def renamed(self, name: str) -> Network:
        """Return the same network under another name."""
        return replace(self, name=name)

    @property
    def size(self) -> int:
        """Return the number of agents."""
        return len(self.ids)

    @property
    def tie_count(self) -> int:
        """Return the number of directed ties, over all layers."""
        return len(self.source)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Return each id's index."""
        return MappingProxyType({text: place for place, text in enumerate(self.ids)})

    @cached_property
    def role_names(self) -> tuple[str, ...]:
        """Return the distinct roles, ascending."""
        return tuple(sorted(set(self.roles)))

    @cached_property
    def role_index(self) -> NDArray[np.int32]:
        """Return each agent's place in :attr:`role_names`; shape (agents,)."""
        places = {role: place for place, role in enumerate(self.role_names)}
        return _frozen(np.array([places[role] for role in self.roles], dtype=np.int32))

    @cached_property
    def organisation_names(self) -> tuple[str, ...]:
        """Return the distinct organisations, ascending; empty where none is known."""
        return tuple(sorted(set(self.columns.get("organisation", ())) - {""}))

    @cached_property
    def organisation_index(self) -> NDArray[np.int32]:
        """Return each agent's place in :attr:`organisation_names`, -1 for none; shape (agents,)."""
        places = {text: place for place, text in enumerate(self.organisation_names)} | {"": -1}
        texts = self.columns.get("organisation", ("",) * self.size)
        return _frozen(np.array([places[text] for text in texts], dtype=np.int32))

    @cached_property
    def out_alters(self) -> Adjacency:
        """Return, per agent, the distinct agents to whom its knowledge can flow."""
        return _adjacency(self.source, self.target, self.size)

    @cached_property
    def in_alters(self) -> Adjacency:
        """Return, per agent, the distinct agents from whom knowledge can flow to it."""
        return _adjacency(self.target, self.source, self.size)

    @cached_property
    def alters(self) -> Adjacency:
        """Return, per agent, the distinct agents tied to it in either direction."""
        return _adjacency(
            np.concatenate([self.source, self.target]), np.concatenate([self.target, self.source]), self.size
        )

    @cached_property
    def digest(self) -> str:
        """Return 32 hexadecimal digits that name the content: agents and ties, not the name."""
        content = hashlib.blake2b(digest_size=16)
        columns = [self.ids, self.roles, self.layers, tuple(sorted(self.columns))]
        columns += [self.columns[key] for key in sorted(self.columns)]
        for texts in columns:
            content.update(repr(texts).encode())
        for numbers in (self.source, self.target, self.layer, self.strength):
            content.update(np.ascontiguousarray(numbers).astype(numbers.dtype.newbyteorder("<")).tobytes())
        return content.hexdigest()


def _frozen(values: NDArray[Scalar]) -> NDArray[Scalar]:
    values.flags.writeable = False
    return values


def _length_problems(name: str, table: str, columns: Mapping[str, Sized | None]) -> list[str]:
    counts = {key: len(values) for key, values in columns.items() if values is not None}
    if len(set(counts.values())) == 1:
        return []
    told = ", ".join(f"{key} {count}" for key, count in counts.items())
    return [f"{name}: the columns of the {table} must be equally long; they hold {told}"]


def _filled(texts: Sequence[str] | None, default: str, count: int) -> list[str]:
    """Return the texts, normalized, with a default where there is none."""
    return [default] * count if texts is None else [normalized(text) or default for text in texts]


def _id_problems(name: str, ids: Sequence[str], index: Mapping[str, int]) -> list[str]:
    problems = [f"{name}: an agent has an empty id; give every agent an id"] if "" in index else []
    if len(index) < len(ids):
        repeated = sorted(text for text, count in Counter(ids).items() if count > 1)
        problems += [f'{name}: agent id "{text}" is given more than once; ids must be unique' for text in repeated]
    return problems


def _indices(
    name: str, side: str, texts: Sequence[str], index: Mapping[str, int], problems: list[str]
) -> NDArray[np.int32]:
    places = [index.get(normalized(text), -1) for text in texts]
    unknown = sorted({texts[row] for row, place in enumerate(places) if place < 0})
    problems += [f'{name}: a tie has the {side} "{text}", which is no agent of this network' for text in unknown]
    return np.array(places, dtype=np.int32)


def _check_strengths(name: str, strength: NDArray[np.float64]) -> None:
    wrong = np.flatnonzero(~((strength > 0) & (strength <= 1)))
    if wrong.size:
        advice = "; divide them by the largest first" if (strength > 1).any() else ""
        raise InputError(
            f"{name}: strengths must lie above 0 and at most at 1; {wrong.size} do not, "
            f"the first is {strength[wrong[0]]:g}{advice}"
        )


def _merged_rows(
    source: NDArray[np.int32],
    target: NDArray[np.int32],
    layer: NDArray[np.int32],
    strength: NDArray[np.float64],
) -> tuple[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]], int]:
    """Return the ties sorted, each (source, target, layer) once, and how many repeats went."""
    order = np.lexsort((-strength, layer, target, source))
    source, target, layer, strength = source[order], target[order], layer[order], strength[order]
    first = np.ones(len(source), dtype=bool)
    first[1:] = (np.diff(source) != 0) | (np.diff(target) != 0) | (np.diff(layer) != 0)
    return (source[first], target[first], layer[first], strength[first]), int((~first).sum())


def _adjacency(rows: NDArray[np.int32], columns: NDArray[np.int32], size: int) -> Adjacency:
    keys = np.unique(rows.astype(np.int64) * max(size, 1) + columns)
    indptr = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys // max(size, 1), minlength=size), out=indptr[1:])
    return Adjacency(_frozen(indptr), _frozen((keys % max(size, 1)).astype(np.int32)))

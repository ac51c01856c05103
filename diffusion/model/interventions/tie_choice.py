"""Choosing among the ties of a network: named ones, or a number of those that the choice may fall on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, lane_words
from diffusion.model.interventions.between import SECTOR, are_between, between_problems, bridge_groups
from diffusion.model.interventions.drawing import drawn, line_keys
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import (
    column_problems,
    least_problems,
    one_of_problems,
    option_problems,
    pair_problems,
)
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.model.interventions.wording import layer_problems, period_problems, share_problems
from diffusion.model.lanes import Words
from diffusion.network.lines import MOST_WORK, line_betweenness
from diffusion.network.network import Network, normalized

RANDOM, BRIDGING, BETWEENNESS = WAYS = ("random", "bridging", "betweenness")

_KEPT: WeakKeyDictionary[Network, dict[tuple[object, ...], _Known]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class ChosenTies(Intervention):
    """State which ties of a network are meant; a subclass says what is done to them."""

    ties: tuple[tuple[str, str], ...] | None = field(
        default=None, metadata=stated("which ties: pairs of ids, from whom and to whom")
    )
    share: float | None = field(
        default=None, metadata=stated("or what share of the ties that the other keys leave", "", "0 to 1")
    )
    count: int | None = field(default=None, metadata=stated("or how many of them", "", "1 or more"))
    choose: str = field(
        default=RANDOM,
        metadata=stated(
            "how the share or the number is chosen: random; bridging, at random among ties between different groups; "
            "betweenness, those on most shortest paths, equals by id"
        ),
    )
    between: str = field(
        default="organisation", metadata=stated("choosing bridging ties: what makes groups, a column or role")
    )
    between_roles: tuple[str, ...] | None = field(
        default=None, metadata=stated('only ties between these roles, such as "academic -> manager"')
    )
    between_sectors: tuple[str, ...] | None = field(
        default=None, metadata=stated("only ties between these sectors, likewise")
    )
    layers: tuple[str, ...] | None = field(default=None, metadata=stated("only ties in these layers; left out: all"))
    both_ways: bool = field(
        default=True, metadata=stated("whether a tie and the one in return, in the same layer, count and go as one")
    )
    from_step: int = field(default=1, metadata=stated("the first step", "step", "1 to steps"))
    until_step: int | None = field(
        default=None, metadata=stated("the last step; left out: the last of all", "step", "from to steps")
    )

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the fields that change nothing beside what the others state."""
        if self.ties is not None:
            return ("choose", "between")
        return () if self.choose == BRIDGING else ("between",)

    @property
    def varies(self) -> bool:
        """Return whether other ties are chosen in other replicates."""
        return self.ties is None and self.choose != BETWEENNESS and self.share not in {0.0, 1.0}

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from one_of_problems(self.name, ties=self.ties, share=self.share, count=self.count)
        if self.share is not None:
            yield from share_problems(self.name, "share", self.share)
        if self.count is not None:
            yield from least_problems(self.name, "count", self.count)
        yield from option_problems(self.name, "choose", self.choose, WAYS)
        wrong = [*layer_problems(self.name, "layers", self.layers or (), network)]
        wrong += between_problems(self.name, "between_roles", self.between_roles, "role", network)
        wrong += between_problems(self.name, "between_sectors", self.between_sectors, SECTOR, network)
        if self.choose == BRIDGING and self.ties is None:
            wrong += column_problems(self.name, "between", self.between, network)
        if self.choose == BETWEENNESS and network.size * network.tie_count > MOST_WORK:
            wrong.append(
                f'{self.name}.choose: "{network.name}" is too large to count shortest paths over every tie, with '
                f"{network.size} agents and {network.tie_count} ties; choose random, or bridging"
            )
        yield from wrong
        if not wrong:
            yield from self._named_problems(network) if self.ties is not None else self._number_problems(network)

    def _named_problems(self, network: Network) -> Iterator[str]:
        ties = self.ties or ()
        wrong = [*pair_problems(self.name, ties, network, "share or count")]
        yield from wrong
        if wrong:
            return
        there = self._known(network).named
        everywhere = set(zip(network.source.tolist(), network.target.tolist(), strict=True))
        for source, target in ties:
            pair = (network.index[normalized(source)], network.index[normalized(target)])
            if pair not in there:
                back = f'; there is one from "{target}" to "{source}"' if pair[::-1] in everywhere else ""
                layers = " in the layers named" if self.layers else ""
                yield f'{self.name}.ties: there is no tie from "{source}" to "{target}"{layers}{back}'

    def _number_problems(self, network: Network) -> Iterator[str]:
        there = len(self._known(network).first)
        told = "ties, both ways counted once" if self.both_ways else "ties"
        if not there:
            yield f'{self.name}.choose: no tie of "{network.name}" can be chosen; narrow the choice less'
        elif self.count is not None and self.count > there:
            yield (
                f'{self.name}.count: must be at most {there}, the number of {told}, in "{network.name}" that can be '
                f"chosen; got {self.count}"
            )

    def chosen(self, runs: Runs) -> tuple[NDArray[np.int64], Words]:
        """Return the ties that are chosen, by their places in the network's table, and in which lanes."""
        known = self._known(runs.network)
        number = self._number(len(known.first))
        if self.ties is not None or number >= len(known.first):
            units = np.full(len(known.first), EVERY_LANE)
        elif self.choose == BETWEENNESS:
            units = np.zeros(len(known.first), dtype=np.uint64)
            units[known.by_betweenness(runs.network)[:number]] = EVERY_LANE
        else:
            numbers = runs.numbers(Purpose.ALTERATION, known.keys(self.kind, runs.keys), self.from_step)
            units = lane_words(drawn(numbers, number))
        lanes = units[known.unit_of]
        there = np.flatnonzero(lanes)
        return known.rows[there], lanes[there]

    def _number(self, there: int) -> int:
        if self.share is not None:
            return int(self.share * there + 0.5)
        return there if self.count is None else self.count

    def _known(self, network: Network) -> _Known:
        kept = _KEPT.setdefault(network, {})
        groups = self.between if self.choose == BRIDGING else None
        key = (self.ties, groups, self.between_roles, self.between_sectors, self.layers, self.both_ways)
        if key not in kept:
            kept[key] = self._find(network)
        return kept[key]

    def _find(self, network: Network) -> _Known:
        source, target = network.source, network.target
        fits = are_between(network, self.between_roles, "role", source, target)
        fits &= are_between(network, self.between_sectors, SECTOR, source, target)
        if self.layers is not None:
            names = {normalized(layer) for layer in self.layers}
            fits &= np.array([layer in names for layer in network.layers], dtype=np.bool_)[network.layer]
        if self.ties is not None:
            fits &= self._are_named(network)
        elif self.choose == BRIDGING:
            fits &= bridge_groups(network, self.between, source, target)
        return _Known(network, fits, both_ways=self.both_ways)

    def _are_named(self, network: Network) -> NDArray[np.bool_]:
        named = {tuple(network.index[normalized(end)] for end in pair) for pair in self.ties or ()}
        pairs = zip(network.source.tolist(), network.target.tolist(), strict=True)
        return np.array([pair in named or (self.both_ways and pair[::-1] in named) for pair in pairs], dtype=np.bool_)


class _Known:
    """Hold the ties that a choice may fall on, in units: single ties, or both ties of a pair in a layer.

    ``rows`` are places in the network's table, ``unit_of`` the unit of each;
    ``first``, ``second`` and ``layer`` say what each unit is between.
    """

    def __init__(self, network: Network, fits: NDArray[np.bool_], *, both_ways: bool) -> None:
        self.layers = network.layers
        self.both_ways = both_ways
        source, target = network.source.astype(np.int64), network.target.astype(np.int64)
        ends = np.minimum(source, target), np.maximum(source, target)
        first, second = ends if both_ways else (source, target)
        names = (first * network.size + second) * max(len(network.layers), 1) + network.layer
        units = np.unique(names[fits])
        self.rows = np.flatnonzero(np.isin(names, units)).astype(np.int64)
        self.unit_of = np.searchsorted(units, names[self.rows])
        at = self.rows[np.unique(self.unit_of, return_index=True)[1]]
        self.first, self.second, self.layer = first[at], second[at], network.layer[at]

    @cached_property
    def named(self) -> set[tuple[int, int]]:
        """Return the pairs between whom there is such a tie, from whom first."""
        pairs = set(zip(self.first.tolist(), self.second.tolist(), strict=True))
        return pairs | {pair[::-1] for pair in pairs} if self.both_ways else pairs

    def by_betweenness(self, network: Network) -> NDArray[np.int64]:
        """Return the units in the order of their betweenness, the largest first, equals by id."""
        scores = line_betweenness(network)
        whole = scores[self.first, self.second]
        if self.both_ways:
            whole = whole + scores[self.second, self.first]
        return np.argsort(-np.asarray(whole), kind="stable")

    def keys(self, kind: str, keys: Words) -> Words:
        """Return the key of each unit for one kind of intervention."""
        layers = [self.layers[layer] for layer in self.layer]
        return line_keys(kind, layers, keys[self.first], keys[self.second], directed=not self.both_ways)

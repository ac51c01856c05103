"""Alteration by new ties: between named agents, or between pairs without a tie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, lane_words, pair_keys
from diffusion.model.interventions.between import SECTOR, are_between, between_problems, bridge_groups
from diffusion.model.interventions.changes import AddedTies, Change
from diffusion.model.interventions.drawing import drawn, layer_key
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import (
    column_problems,
    least_problems,
    one_of_problems,
    option_problems,
    pair_problems,
)
from diffusion.model.interventions.runs import EVERY_LANE, Runs
from diffusion.model.interventions.wording import layer_problems, period_problems, strength_problems
from diffusion.model.lanes import Words
from diffusion.network import shortening
from diffusion.network.network import DEFAULT_LAYER, Network, normalized

RANDOM, BRIDGING, SHORTENING = WAYS = ("random", "bridging", "shortening")

MOST_AGENTS = 2_000
"""Up to how many agents pairs without a tie are drawn among."""

_AT_ONCE = 100_000
"""How many pairs' numbers are held at once."""

Rows = NDArray[np.int64]

_KEPT: WeakKeyDictionary[Network, dict[tuple[object, ...], tuple[Rows, Rows]]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class TieAddition(Intervention):
    """Add ties."""

    kind: ClassVar[str] = "add_ties"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = (
        "Ties are added: named ones, or so many between agents who have none, chosen at random, at random between "
        "different groups, or one after another such that each brings agents closest to one another."
    )
    source: ClassVar[str] = (
        "Valente 2012, doi 10.1126/science.1217330; shortening: Latora and Marchiori 2001, doi "
        "10.1103/PhysRevLett.87.198701"
    )

    ties: tuple[tuple[str, str], ...] | None = field(
        default=None, metadata=stated("which ties: pairs of ids, from whom and to whom")
    )
    count: int | None = field(default=None, metadata=stated("or how many, both ways counted as one", "", "1 or more"))
    choose: str = field(
        default=RANDOM,
        metadata=stated(
            "how the number is chosen: random; bridging, at random between different groups; shortening, those that "
            "add most to the sum of 1 / distance, one after another, equals by id"
        ),
    )
    between: str = field(
        default="organisation", metadata=stated("choosing bridging ties: what makes groups, a column or role")
    )
    between_roles: tuple[str, ...] | None = field(
        default=None, metadata=stated('only between these roles, such as "academic -> manager"')
    )
    between_sectors: tuple[str, ...] | None = field(
        default=None, metadata=stated("only between these sectors, likewise")
    )
    layer: str | None = field(default=None, metadata=stated("the layer of the new ties; left out: the only one"))
    strength: float = field(default=1.0, metadata=stated("strength of the new ties", "", "above 0, at most 1"))
    both_ways: bool = field(default=True, metadata=stated("whether each is a tie in return too"))
    from_step: int = field(default=1, metadata=stated("the first step of the ties", "step", "1 to steps"))
    until_step: int | None = field(
        default=None, metadata=stated("their last step; left out: the last of all", "step", "from to steps")
    )

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the fields that change nothing beside what the others state."""
        if self.ties is not None:
            return ("choose", "between")
        return () if self.choose == BRIDGING else ("between",)

    @property
    def varies(self) -> bool:
        """Return whether other ties are added in other replicates."""
        return self.ties is None and self.choose != SHORTENING

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from one_of_problems(self.name, ties=self.ties, count=self.count)
        yield from strength_problems(self.name, self.strength)
        yield from new_layer_problems(self.name, self.layer, network)
        wrong = [*option_problems(self.name, "choose", self.choose, WAYS)]
        if self.ties is not None:
            yield from wrong
            yield from self._named_problems(network)
            return
        if self.count is not None:
            wrong += least_problems(self.name, "count", self.count)
        wrong += between_problems(self.name, "between_roles", self.between_roles, "role", network)
        wrong += between_problems(self.name, "between_sectors", self.between_sectors, SECTOR, network)
        if self.choose == BRIDGING:
            wrong += column_problems(self.name, "between", self.between, network)
        most = shortening.MOST_AGENTS if self.choose == SHORTENING else MOST_AGENTS
        if network.size > most:
            wrong.append(
                f"{self.name}.choose: {self.choose} goes through all pairs of at most {most} agents; "
                f'"{network.name}" has {network.size}; name the ties instead'
            )
        yield from wrong or self._number_problems(network)

    def _named_problems(self, network: Network) -> Iterator[str]:
        wrong = [*pair_problems(self.name, self.ties or (), network, "count")]
        yield from wrong or self._known_tie_problems(network)

    def _known_tie_problems(self, network: Network) -> Iterator[str]:
        layer = layer_of_new_ties(self.layer, network)
        in_layer = network.layer == (network.layers.index(layer) if layer in network.layers else -1)
        there = set(zip(network.source[in_layer].tolist(), network.target[in_layer].tolist(), strict=True))
        for source, target in self.ties or ():
            pair = (network.index[normalized(source)], network.index[normalized(target)])
            if pair in there and (not self.both_ways or pair[::-1] in there):
                yield (
                    f'{self.name}.ties: there is a tie from "{source}" to "{target}" in the layer "{layer}" already; '
                    "leave it out, or make it stronger with an intervention of the kind strengthen_ties"
                )

    def _number_problems(self, network: Network) -> Iterator[str]:
        there = len(self._open_pairs(network)[0])
        if self.count is not None and self.count > there:
            yield (
                f"{self.name}.count: must be at most {there}, the number of pairs without a tie that can be chosen in "
                f'"{network.name}"; got {self.count}'
            )

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        first, second, lanes = self._chosen(runs)
        if self.both_ways:
            first, second = np.concatenate([first, second]), np.concatenate([second, first])
            lanes = np.concatenate([lanes, lanes])
        yield AddedTies(
            source=first.astype(np.int32),
            target=second.astype(np.int32),
            layer=layer_of_new_ties(self.layer, runs.network),
            strength=np.full(len(first), float(self.strength)),
            lanes=lanes,
            from_step=self.from_step,
            until_step=self.until_step or runs.steps,
        )

    def _chosen(self, runs: Runs) -> tuple[Rows, Rows, Words]:
        first, second = self._known(runs.network)
        if not self.varies:
            return first, second, np.full(len(first), EVERY_LANE)
        kept_rows, kept_numbers = [], []
        for start in range(0, len(first), _AT_ONCE):
            here = slice(start, start + _AT_ONCE)
            numbers = runs.numbers(Purpose.ALTERATION, self._keys(runs, first[here], second[here]), self.from_step)
            rows = np.flatnonzero(drawn(numbers, self.count or 0).any(axis=1))
            kept_rows.append(rows + start)
            kept_numbers.append(numbers[rows])
        rows = np.concatenate(kept_rows)
        return first[rows], second[rows], lane_words(drawn(np.concatenate(kept_numbers), self.count or 0))

    def _keys(self, runs: Runs, first: Rows, second: Rows) -> Words:
        """Return the key of each pair, of one direction where these are apart."""
        ends = runs.keys[first], runs.keys[second]
        layers = np.repeat(layer_key(layer_of_new_ties(self.layer, runs.network)), len(first))
        return pair_keys(*ends, layers if self.both_ways else layers ^ (ends[0] > ends[1]).astype(np.uint64))

    def _known(self, network: Network) -> tuple[Rows, Rows]:
        """Return what is added in every replicate, or what is drawn from, worked out once a network."""
        kept = _KEPT.setdefault(network, {})
        count = self.count if self.choose == SHORTENING else None
        groups = self.between if self.choose == BRIDGING else None
        key = (self.ties, self.choose, count, groups, self.between_roles, self.between_sectors, self.both_ways)
        if key not in kept:
            kept[key] = self._find(network)
        return kept[key]

    def _find(self, network: Network) -> tuple[Rows, Rows]:
        if self.ties is not None:
            ends = [[network.index[normalized(end)] for end in pair] for pair in dict.fromkeys(self.ties)]
            named = np.array(ends, dtype=np.int64)
            return named[:, 0], named[:, 1]
        first, second = self._open_pairs(network)
        if self.choose != SHORTENING:
            return first, second
        chosen = shortening.shortening_ties(network, first, second, self.count or 0, both_ways=self.both_ways)
        return first[chosen], second[chosen]

    def _open_pairs(self, network: Network) -> tuple[Rows, Rows]:
        """Return the pairs without a tie that the choice may fall on, in the order of their ids."""
        tied = np.zeros((network.size, network.size), dtype=np.bool_)
        tied[network.source, network.target] = True
        np.fill_diagonal(tied, val=True)
        first, second = np.nonzero(np.triu(~(tied | tied.T)) if self.both_ways else ~tied)
        fits = self._fit(network, first, second)
        if self.both_ways:
            fits |= self._fit(network, second, first)
        return first[fits].astype(np.int64), second[fits].astype(np.int64)

    def _fit(self, network: Network, source: Rows, target: Rows) -> NDArray[np.bool_]:
        fits = are_between(network, self.between_roles, "role", source, target)
        fits &= are_between(network, self.between_sectors, SECTOR, source, target)
        return fits & bridge_groups(network, self.between, source, target) if self.choose == BRIDGING else fits


def new_layer_problems(name: str, layer: str | None, network: Network) -> Iterator[str]:
    """Yield a line unless it is clear which layer of a network new ties are in.

    Parameters
    ----------
    name
        What the intervention is called.
    layer
        What its key ``layer`` holds, if anything.
    network
        The population.
    """
    if layer is not None:
        yield from layer_problems(name, "layer", (layer,), network)
    elif len(network.layers) > 1:
        yield f'{name}.layer: state the layer of the new ties; "{network.name}" has {", ".join(network.layers)}'


def layer_of_new_ties(layer: str | None, network: Network) -> str:
    """Return the layer that new ties are in: the one stated, or the only one."""
    return normalized(layer) if layer is not None else (*network.layers, DEFAULT_LAYER)[0]

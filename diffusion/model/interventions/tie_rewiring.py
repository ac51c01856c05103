"""Alteration by rewiring: some ties go to others than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import LANES, Purpose, lane_words, stream_key
from diffusion.model.interventions.between import SECTOR, allowed_between, are_between, between_problems
from diffusion.model.interventions.changes import AddedTies, Change, RemovedTies
from diffusion.model.interventions.drawing import drawn, line_keys
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import option_problems
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import layer_problems, period_problems, share_problems
from diffusion.model.lanes import Words
from diffusion.network.network import Network, normalized
from diffusion.network.partial_rewiring import Allowed, Coordinates, Lines, exchanged, redirected

DEGREES, SOURCES = WAYS = ("degrees", "sources")

Rows = NDArray[np.int64]

_KEPT: WeakKeyDictionary[Network, dict[tuple[object, ...], list[_Layer]]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class TieRewiring(Intervention):
    """Send ties to others than before."""

    kind: ClassVar[str] = "rewire_ties"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = (
        "A share of the ties, drawn at random, go to others than before: they exchange targets, so that everybody "
        "keeps as many, or each gets a target drawn from all. In layers in which every tie is returned, ties move with "
        "the one in return. What would repeat a tie is not done, so a few may stay."
    )
    source: ClassVar[str] = (
        "Valente 2012, doi 10.1126/science.1217330; degrees: Maslov and Sneppen 2002, doi 10.1126/science.1065103; "
        "sources: Watts and Strogatz 1998, doi 10.1038/30918"
    )

    share: float = field(metadata=stated("what share of the ties takes part", "", "0 to 1"))
    keep: str = field(
        default=DEGREES,
        metadata=stated(
            "what stays: degrees, how many ties everybody sends and receives; or sources, how many it sends"
        ),
    )
    between_roles: tuple[str, ...] | None = field(
        default=None,
        metadata=stated('only ties between these roles, such as "academic -> manager", before and after'),
    )
    between_sectors: tuple[str, ...] | None = field(
        default=None, metadata=stated("only ties between these sectors, likewise")
    )
    layers: tuple[str, ...] | None = field(default=None, metadata=stated("only ties in these layers; left out: all"))
    from_step: int = field(default=1, metadata=stated("the first step", "step", "1 to steps"))
    until_step: int | None = field(
        default=None, metadata=stated("the last step; left out: the last of all", "step", "from to steps")
    )

    @property
    def varies(self) -> bool:
        """Return whether other ties move in other replicates."""
        return self.share > 0

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from share_problems(self.name, "share", self.share)
        yield from option_problems(self.name, "keep", self.keep, WAYS)
        wrong = [*layer_problems(self.name, "layers", self.layers or (), network)]
        wrong += between_problems(self.name, "between_roles", self.between_roles, "role", network)
        wrong += between_problems(self.name, "between_sectors", self.between_sectors, SECTOR, network)
        yield from wrong
        if not wrong and not any(layer.fits.any() for layer in self._known(network)):
            yield f'{self.name}.share: no tie of "{network.name}" can move; narrow the choice less'

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        for layer in self._known(runs.network):
            yield from self._changes_in(layer, runs)

    def _changes_in(self, layer: _Layer, runs: Runs) -> Iterator[Change]:
        takes = np.zeros((len(layer.rows), LANES), dtype=np.bool_)
        keys = layer.keys(self.kind, runs.keys)
        candidates = np.flatnonzero(layer.fits)
        numbers = runs.numbers(Purpose.ALTERATION, keys[candidates], self.from_step)
        takes[candidates] = drawn(numbers, int(self.share * len(candidates) + 0.5))
        lines = Lines(layer.first, layer.second, keys, takes, layer.undirected)
        stream = stream_key(runs.seed, runs.world, Purpose.ALTERATION)
        at = Coordinates(*stream, np.uint64(runs.block), np.uint64(self.from_step))
        rewire = exchanged if self.keep == DEGREES else redirected
        first, second = rewire(lines, self._allowed(runs.network), at)
        period = self.from_step, self.until_step or runs.steps
        moved = (first != layer.first[:, np.newaxis]) | (second != layer.second[:, np.newaxis])
        rows, words = layer.all_rows(lane_words(moved))
        if words.any():
            yield RemovedTies(rows[words != 0], words[words != 0], *period)
            yield self._added(layer, runs, (first, second), moved)

    def _added(self, layer: _Layer, runs: Runs, ends: tuple[Rows, Rows], moved: NDArray[np.bool_]) -> AddedTies:
        """Return the ties where they went, one for all lanes in which it is the same."""
        size, line, lane = runs.network.size, *np.nonzero(moved)
        first, second = ends[0][line, lane], ends[1][line, lane]
        if layer.undirected:
            first, second = np.minimum(first, second), np.maximum(first, second)
        strengths, strength = np.unique(runs.network.strength[layer.rows[line]], return_inverse=True)
        names = (first * size + second) * len(strengths) + strength
        names, held = np.unique(names, return_inverse=True)
        lanes = np.zeros(len(names), dtype=np.uint64)
        np.bitwise_or.at(lanes, held, np.uint64(1) << lane.astype(np.uint64))
        pairs, strength = np.divmod(names, len(strengths))
        first, second = np.divmod(pairs, size)
        if layer.undirected:
            first, second = np.concatenate([first, second]), np.concatenate([second, first])
            strength, lanes = np.tile(strength, 2), np.tile(lanes, 2)
        return AddedTies(
            source=first.astype(np.int32),
            target=second.astype(np.int32),
            layer=layer.name,
            strength=strengths[strength],
            lanes=lanes,
            from_step=self.from_step,
            until_step=self.until_step or runs.steps,
        )

    def _allowed(self, network: Network) -> Allowed:
        roles = allowed_between(network, self.between_roles, "role")
        return Allowed(*roles, *allowed_between(network, self.between_sectors, SECTOR))

    def _known(self, network: Network) -> list[_Layer]:
        kept = _KEPT.setdefault(network, {})
        key = (self.between_roles, self.between_sectors, self.layers)
        if key not in kept:
            names = None if self.layers is None else {normalized(layer) for layer in self.layers}
            kept[key] = [
                self._layer(network, place)
                for place, name in enumerate(network.layers)
                if names is None or name in names
            ]
        return kept[key]

    def _layer(self, network: Network, place: int) -> _Layer:
        rows = np.flatnonzero(network.layer == place)
        source, target = network.source[rows].astype(np.int64), network.target[rows].astype(np.int64)
        fits = are_between(network, self.between_roles, "role", source, target)
        fits &= are_between(network, self.between_sectors, SECTOR, source, target)
        names, returns = source * network.size + target, target * network.size + source
        mates = np.minimum(np.searchsorted(names, returns), len(names) - 1)
        strength = network.strength[rows]
        undirected = bool((names[mates] == returns).all() and (strength[mates] == strength).all())
        once = np.flatnonzero(source < target) if undirected else np.arange(len(rows))
        mates = mates[once]
        fits = (fits[once] | fits[mates]) if undirected else fits
        return _Layer(network.layers[place], rows[once], rows[mates], source[once], target[once], fits, undirected)


class _Layer(NamedTuple):
    """Hold the lines of a layer: the row of each, that of its return, its ends, and whether it can be chosen."""

    name: str
    rows: Rows
    mates: Rows
    first: Rows
    second: Rows
    fits: NDArray[np.bool_]
    undirected: bool

    def keys(self, kind: str, keys: Words) -> Words:
        """Return the key of each line for one kind of intervention."""
        layers = [self.name] * len(self.first)
        return line_keys(kind, layers, keys[self.first], keys[self.second], directed=not self.undirected)

    def all_rows(self, words: Words) -> tuple[Rows, Words]:
        """Return the rows of lines, of both ties where these are undirected, each with its line's word."""
        if not self.undirected:
            return self.rows, words
        return np.concatenate([self.rows, self.mates]), np.concatenate([words, words])

"""Matching: every learner is given a leader to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from diffusion.draws import LANES, Purpose, pair_keys
from diffusion.model.interventions.changes import AddedTies, Change
from diffusion.model.interventions.drawing import layer_key, truths_of
from diffusion.model.interventions.intervention import Intervention, Schedule, stated
from diffusion.model.interventions.limits import option_problems
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.wording import period_problems, role_problems, strength_problems
from diffusion.network.network import Network, normalized

LAYER = "matched"
NEAREST, RANDOM = WAYS = ("nearest", "random")

UNREACHED = np.uint64(2**31)
"""The distance of agents whom a leader does not reach."""

_NOBODY = -1
_NEVER = np.uint64(2**64 - 1)
_32 = np.uint64(32)
_1 = np.uint64(1)

_DISTANCES: WeakKeyDictionary[Network, dict[int, NDArray[np.uint64]]] = WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Matching(Intervention):
    """Give every learner a tie from one of the leaders."""

    kind: ClassVar[str] = "matching"
    strategy: ClassVar[str] = "induction"
    says: ClassVar[str] = (
        "Every learner is given a tie, in the layer matched, from one leader: the one from whom knowledge has the "
        "fewest steps to go, drawn at random from several such, and from all where none reaches the learner; or simply "
        "one drawn at random. Leaders are not matched."
    )
    source: ClassVar[str] = "Valente and Davis 1999, doi 10.1177/000271629956600105"

    to: str = field(default=NEAREST, metadata=stated("whom learners are matched to: nearest or random"))
    learners: tuple[str, ...] | None = field(
        default=None, metadata=stated("roles of those who are matched; left out: everybody who does not lead")
    )
    strength: float = field(default=1.0, metadata=stated("strength of the new ties", "", "above 0, at most 1"))
    from_step: int = field(default=1, metadata=stated("the first step of the ties", "step", "1 to steps"))
    until_step: int | None = field(
        default=None, metadata=stated("their last step; left out: the last of all", "step", "from to steps")
    )

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from period_problems(self.name, self.from_step, self.until_step, schedule.steps)
        yield from option_problems(self.name, "to", self.to, WAYS)
        yield from role_problems(self.name, "learners", self.learners or (), network)
        if self.learners is not None and not self.learners:
            yield f"{self.name}.learners: names no role; name one, or leave learners out for everybody"
        yield from strength_problems(self.name, self.strength)

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        learners = self._learners(runs.network)
        leader = self._matched(runs, learners)
        learner, lane = np.nonzero(leader != _NOBODY)
        size = runs.network.size
        pairs = leader[learner, lane].astype(np.int64) * size + learners[learner]
        keys, held = np.unique(pairs, return_inverse=True)
        if not len(keys):
            return
        words = np.zeros(len(keys), dtype=np.uint64)
        np.bitwise_or.at(words, held, _1 << lane.astype(np.uint64))
        source, target = (keys // size).astype(np.int32), (keys % size).astype(np.int32)
        strength = np.full(len(keys), float(self.strength))
        yield AddedTies(source, target, LAYER, strength, words, self.from_step, self.until_step or runs.steps)

    def _learners(self, network: Network) -> NDArray[np.int64]:
        if self.learners is None:
            return np.arange(network.size)
        roles = {normalized(role) for role in self.learners}
        return np.flatnonzero([role in roles for role in network.roles])

    def _matched(self, runs: Runs, learners: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each learner's leader in each lane, -1 for none; shape (learners, 64)."""
        best = np.full((len(learners), LANES), _NEVER)
        leader = np.full((len(learners), LANES), _NOBODY, dtype=np.int64)
        layer = np.repeat(layer_key(LAYER), len(learners))
        leading = truths_of(runs.leads)
        for row in np.flatnonzero(runs.leads).tolist():
            keys = pair_keys(np.repeat(runs.keys[row], len(learners)), runs.keys[learners], layer)
            numbers = runs.numbers(Purpose.MATCHING, keys, self.from_step).astype(np.uint64)
            away = distances_from(runs.network, row)[learners] if self.to == NEAREST else UNREACHED
            scores = numbers + np.reshape(away << _32, (-1, 1))
            lanes = np.flatnonzero(leading[row])
            nearer = scores[:, lanes] < best[:, lanes]
            best[:, lanes] = np.where(nearer, scores[:, lanes], best[:, lanes])
            leader[:, lanes] = np.where(nearer, row, leader[:, lanes])
        leader[leading[learners]] = _NOBODY
        return leader


def distances_from(network: Network, agent: int) -> NDArray[np.uint64]:
    """Return the fewest steps over outgoing ties from an agent to everybody; shape (agents,).

    Parameters
    ----------
    network
        The network.
    agent
        The agent's row.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
    >>> distances_from(path, 0).tolist(), int(distances_from(path, 2)[0]) == int(UNREACHED)
    ([0, 1, 2], True)
    """
    kept = _DISTANCES.setdefault(network, {})
    if agent not in kept:
        alters = network.out_alters
        ones = np.ones(len(alters.indices))
        matrix = sparse.csr_array((ones, alters.indices, alters.indptr), shape=(network.size, network.size))
        away = csgraph.dijkstra(matrix, unweighted=True, indices=agent)
        kept[agent] = np.where(np.isfinite(away), away, float(UNREACHED)).astype(np.uint64)
    return kept[agent]

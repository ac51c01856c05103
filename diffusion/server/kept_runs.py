"""Runs played while somebody waits, by the compiled ensemble, and kept for the next question that needs them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np

from diffusion.analysis.outcomes import Runs
from diffusion.analysis.reduction import CLIPPED, COUNTS, INTEGERS, block_runs
from diffusion.draws import LANES
from diffusion.experiment.plan import PlannedArm
from diffusion.experiment.worlds import joined
from diffusion.model.ensemble import Ensemble

MOST_KEPT_BYTES = 100_000_000
"""How much is kept; what was asked for longest ago goes first."""


class Superseded(Exception):  # noqa: N818 - nothing went wrong
    """Say that nobody waits for these runs any more."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    runs: Runs
    clipped: tuple[int, int]
    size: int


class KeptRuns:
    """Give the runs of any planned arm: played now, unless they were asked for lately.

    What is kept goes by the content of arm and setting, so browsers can share
    it without ever seeing one another's.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, int, int], _Kept] = OrderedDict()
        self._lock = Lock()

    def played(self, arm: PlannedArm, *, seed: int, replicates: int, is_wanted: Callable[[], bool]) -> None:
        """Have the first replicates of an arm at hand.

        Parameters
        ----------
        arm
            The arm.
        seed
            The seed of the study's draws.
        replicates
            How many runs.
        is_wanted
            Asked before every block of 64.

        Raises
        ------
        Superseded
            If the runs are not wanted any more.
        """
        self._find(arm, seed, replicates, is_wanted)

    def runs(self, arm: PlannedArm, *, seed: int, replicates: int, worlds: range | None = None) -> Runs:
        """Return an arm's first replicates in each of some worlds, or in its own, in order, with who leads in each."""
        if worlds is None:
            return self._find(arm, seed, replicates, lambda: True).runs
        there = [arm.in_world(world, seed=seed) for world in worlds]
        return joined([self._find(one, seed, replicates, lambda: True).runs for one in there])

    def clipped(self, arm: PlannedArm, replicates: int, worlds: range | None = None) -> tuple[int, int]:
        """Return how many agent-steps and ties were clipped, over runs that are at hand."""
        wanted = [arm.world] if worlds is None else worlds
        with self._lock:
            found = [self._kept.get(_name(arm, world, replicates)) for world in wanted]
        agent_steps, ties = zip(*(kept.clipped if kept else (0, 0) for kept in found), strict=True)
        return sum(agent_steps), sum(ties)

    def _find(self, arm: PlannedArm, seed: int, replicates: int, is_wanted: Callable[[], bool]) -> _Kept:
        name = _name(arm, arm.world, replicates)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        made = _play(arm, seed, replicates, is_wanted)
        with self._lock:
            self._kept[name] = made
            while sum(kept.size for kept in self._kept.values()) > MOST_KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return made


def _name(arm: PlannedArm, world: int, replicates: int) -> tuple[str, str, int, int]:
    return arm.setting_digest, arm.arm_digest, world, replicates


def _play(arm: PlannedArm, seed: int, replicates: int, is_wanted: Callable[[], bool]) -> _Kept:
    network, steps = arm.network, arm.setting.parameters.steps
    words = partial(arm.leader_words, seed=seed)
    ensemble = Ensemble(network, arm.setting.parameters, seed=seed, world=arm.world, leader_words=words)
    organisations = len(network.organisation_names)
    blocks = []
    for block in range(-(-replicates // LANES)):
        if not is_wanted():
            raise Superseded
        blocks.append(block_runs(ensemble.block(block), network.organisation_index, organisations, steps))
    integers = np.concatenate([played.integers for played in blocks])[:replicates]
    bits = np.concatenate([played.adopted_bits for played in blocks])[:replicates]
    leaders = arm.leader_table(seed=seed, replicates=replicates)
    counts = {name: integers[:, INTEGERS.index(name)] for name in COUNTS}
    agent_steps, ties = (int(integers[:, INTEGERS.index(name)].sum()) for name in CLIPPED)
    runs = Runs(**counts, adopted_bits=bits, leaders=leaders)
    return _Kept(runs, (agent_steps, ties), integers.nbytes + bits.nbytes + leaders.nbytes)

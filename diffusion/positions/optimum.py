"""The best leaders that a search finds under a scenario's own rules (Kempe, Kleinberg & Tardos 2003).

Leaders are chosen one by one, each the one who adds most to those before, and
then exchanged until no single exchange improves. What sets are worth is found
in one of three ways:

- from what each agent reaches alone, where that says all
  (:mod:`~diffusion.positions.reach_table`);
- by replaying sets, under rules where it does not
  (:mod:`~diffusion.positions.replays`);
- from reverse-reachable sets, in large networks and under linear thresholds
  (:mod:`~diffusion.positions.opim`).

All draws are the search's own: its seed is itself drawn from the study's seed
and world, for this purpose, so that leaders are never judged by the replicates
that chose them. The same question has the same answer, whatever the number of
workers and the order of rows. Sets one exchange away that are exactly as good
in all replicates of a search are equally good, and every replicate of the study
draws one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator
from diffusion.errors import InputError
from diffusion.model.inputs import ModelInput
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network
from diffusion.positions.found import Goal, Guarantee, Optimum, SearchProgress
from diffusion.positions.greedy import Chosen, best_set
from diffusion.positions.guarantees import can_reverse, no_guarantee
from diffusion.positions.opim import GREEDY, Precision, least_reached, opim
from diffusion.positions.player import Player, Players, blocks_of
from diffusion.positions.position import Position, PositionParameter
from diffusion.positions.reach_table import LARGEST_TABLE_BYTES, ReachTable, table_bytes
from diffusion.positions.replays import MOST_REPLAYED_AGENTS, Replays
from diffusion.positions.reverse_reachable import Sampler

NAME = "optimal"

METHODS = ("auto", "celf", "reverse_reachable")

MOST_TABLED_AGENTS = 1_000
"""Up to how many agents every one of them is replayed where nothing is said of the method."""

SEARCH_VERSION = 1
"""Raised when the same question may find other leaders."""

OPTIMAL = Position(
    NAME,
    "influence maximisation (Kempe et al.)",
    "the set that a search under the scenario's own rules finds best",
    is_searched=True,
    leaders="leaders of the best set found",
    subject="sets",
    formula="greedy choice by the mean outcome over replayed runs, then exchanges until none improves",
    source="Kempe, Kleinberg & Tardos 2003, doi 10.1145/956750.956769; Leskovec et al. 2007, doi "
    "10.1145/1281192.1281239; Tang, Tang, Xiao & Yuan 2018, doi 10.1145/3183713.3183749",
    parameters=(
        PositionParameter(
            "outcome", "outcome", "the outcome to make as good as possible, such as `area` or `adopted_share.firm`",
            "spread",
        ),
        PositionParameter(
            "replicates", "whole", "how many runs of its own the search replays with every set of leaders", 1_000, 1,
            100_000,
        ),
        PositionParameter(
            "method", "choice", "how sets are judged: by replaying runs, or by reverse-reachable sets", "auto",
            choices=METHODS,
        ),
        PositionParameter(
            "epsilon", "number", "reverse-reachable sets: how much less than 1 - 1/e of the best is allowed", 0.1, 0.01,
            0.6,
        ),
        PositionParameter(
            "delta", "number", "reverse-reachable sets: the probability with which that may fail", 0.01, 0.0001, 0.5
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """State how a search is made.

    Attributes
    ----------
    replicates
        How many runs of its own it replays.
    method
        One of :data:`METHODS`.
    precision
        How near to the best it is to come by reverse-reachable sets.
    """

    replicates: int = 1_000
    method: str = "auto"
    precision: Precision = Precision(0.1, 0.01)  # noqa: RUF009 - frozen


def search_seed(seed: int, world: int, part: str = "") -> int:
    """Return the seed of a search's own draws, which no study's draws share.

    Parameters
    ----------
    seed, world
        Those of the study.
    part
        What is drawn, where a search draws twice.
    """
    return int(generator(Purpose.POSITION_SEARCH, seed, world, part).integers(2**63))


class OptimumSearch:
    """Search a network for its best leaders.

    Parameters
    ----------
    network, parameters
        Where, and under which rules.
    goal
        What is to be as good as possible.
    seed, world
        Those of the study; the search's own draws follow from them.
    workers
        How many threads play; the answer does not depend on it.
    report
        Called with how far the search has come.
    """

    def __init__(
        self,
        network: Network,
        parameters: Parameters,
        goal: Goal,
        *,
        seed: int,
        world: int = 0,
        workers: int = 1,
        report: Callable[[SearchProgress], None] = lambda _: None,
    ) -> None:
        self.network, self.parameters, self.goal = network, parameters, goal
        self.seed, self.world, self.workers, self.report = seed, world, workers, report
        self.resolved = ModelInput.of(network, parameters, seed=search_seed(seed, world), world=world)

    def best(self, count: int, eligible: NDArray[np.int64], asked: Asked) -> Optimum:
        """Return the best set found.

        Parameters
        ----------
        count, eligible
            How many lead, and who may: indices of agents, ascending.
        asked
            How to search.

        Raises
        ------
        InputError
            If the network is too large for the method that the rules leave, or
            the method is not possible under the rules.
        """
        hinders = can_reverse(self.resolved, self.goal)
        if not hinders and not least_reached(self.goal, count, eligible):
            hinders = "nobody who may lead is among those who count"
        if asked.method == "reverse_reachable" and hinders:
            raise InputError(
                f'the position "{NAME}" cannot draw reverse-reachable sets here: {hinders}; '
                'write method = "celf", or leave it out'
            )
        if asked.method == "reverse_reachable" or (asked.method == "auto" and not hinders and self._prefers_sets):
            return self._by_reverse_sets(count, eligible, asked.precision)
        return self._by_replays(count, eligible, asked.replicates)

    @property
    def _prefers_sets(self) -> bool:
        """Say whether reverse-reachable sets are the better way where both are possible."""
        return self.parameters.adoption.rule == "threshold" or self.network.size > MOST_TABLED_AGENTS

    def _by_reverse_sets(self, count: int, eligible: NDArray[np.int64], precision: Precision) -> Optimum:
        choosing, judging = (
            Sampler(self.resolved, self.goal, seed=search_seed(self.seed, self.world, part), world=self.world)
            for part in ("choosing", "judging")
        )
        return opim(
            choosing,
            judging,
            goal=self.goal,
            count=count,
            eligible=eligible,
            precision=precision,
            size=self.network.size,
            report=self.report,
        )

    def _by_replays(self, count: int, eligible: NDArray[np.int64], replicates: int) -> Optimum:
        reason = no_guarantee(self.resolved, self.goal)
        seed = search_seed(self.seed, self.world)
        players = Players(lambda: Player(self.network, self.parameters, seed=seed, world=self.world), self.workers)
        guarantee = None
        is_small = table_bytes(self.network.size, self.goal, replicates) <= LARGEST_TABLE_BYTES
        if not reason and is_small and self.parameters.adoption.rule != "threshold":
            chosen, guarantee = self._tabled(players, count, eligible, replicates)
        else:
            reason = reason or "sets were compared on a sample of runs, in which gains need not fall"
            chosen = self._replayed(players, count, eligible, replicates)
        [values] = players.each(
            lambda player, agents: player.values(agents, self.goal.valued, range(blocks_of(replicates))),
            [chosen.agents],
        )
        return Optimum(
            chosen.agents, chosen.equals, values[:replicates], "celf", is_optimistic=True, guarantee=guarantee,
            reason=reason,
        )  # fmt: skip

    def _tabled(
        self, players: Players, count: int, eligible: NDArray[np.int64], replicates: int
    ) -> tuple[Chosen, Guarantee]:
        def told(done: int, of: int) -> None:
            self.report(SearchProgress(f"replaying what each of {of:,} agents reaches alone", done))

        table = ReachTable(players, self.network.size, self.parameters.steps, self.goal, replicates, report=told)
        chosen = best_set(table.gains, count, eligible, self.report)
        found = chosen.value / chosen.bound if chosen.bound else 1.0
        return chosen, Guarantee(GREEDY, max(found, GREEDY), 1.0, on_sample=True)

    def _replayed(self, players: Players, count: int, eligible: NDArray[np.int64], replicates: int) -> Chosen:
        if self.network.size > MOST_REPLAYED_AGENTS:
            raise InputError(
                f'the position "{NAME}" can be sought under these rules for at most {MOST_REPLAYED_AGENTS:,} agents, '
                f"and {self.network.name} has {self.network.size:,}; choose another position"
            )
        replays = Replays(players, self.goal, eligible, replicates, self.network.size)
        self.report(SearchProgress("replaying hubs"))
        rivals = [(agents, replays.value(agents)) for agents in self._rivals(count, eligible)]
        return best_set(replays.gains, count, eligible, self.report, rivals=rivals)

    def _rivals(self, count: int, eligible: NDArray[np.int64]) -> list[tuple[int, ...]]:
        """Return the hubs, and the first hub with those around it: what greedy choice must not fall behind."""
        ties = self.network.out_alters
        hubs = eligible[np.argsort(-ties.degrees[eligible], kind="stable")]
        around = np.isin(hubs, [hubs[0], *ties.alters(int(hubs[0]))])
        clustered = np.concatenate([hubs[around], hubs[~around]])
        return [tuple(sorted(order[:count].tolist())) for order in (hubs, clustered)]

"""Extra arms: what is played beside a study's own arms to tell what their differences are owed to.

They live through the same replicates and are kept as runs like any others, so
what was begun goes on, and what is there is not played again:

- *matched*: leaders of the same role and out-degree, who do not hold the position;
- *rewired*: the arm on networks that are rewired at random, world by world;
- *part*: the arm with some of its leaders only;
- *given*: where the network is uncertain, the arm on the network that is given.

A part is named in the store as an arm with just these leaders would be, so an
arm that the scenario itself states is one with it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.phrases import counted, joined
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.unanswered import NO_MATCH, Unanswered
from diffusion.draws import Purpose
from diffusion.experiment.choosing import chosen_leaders
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.study import ExtraArm, PlannedArm, arm_digest, digest_of, setting_digest
from diffusion.network.network import Network
from diffusion.network.rewiring import KEPT, REWIRING_VERSION, Kept, rewired
from diffusion.positions import LeaderChoice, leader_words
from diffusion.positions.matching import MATCHING_VERSION, Matching, matched_table, matched_words, matching
from diffusion.scenario import LeaderRule, Scenario

MOST_SHAPLEY_LEADERS = 6
"""For up to how many leaders every part of them is played: 2⁶ arms."""

MOST_NAMED = 6
"""How many leaders without a match are named."""

_MOST_KEPT_TIES = 20_000
"""Rewired networks of up to so many ties are kept for the arms to come."""


@dataclass(frozen=True, eq=False)
class MatchedArm(ExtraArm):
    """Hold the matched null of an arm.

    Attributes
    ----------
    found
        Who may stand in for its leaders.
    """

    found: Matching

    @property
    def leads_alike(self) -> bool:
        """Return whether the same agents lead in every run: never, for they are drawn."""
        return False

    def in_world(self, world: int, *, seed: int) -> PlannedArm:
        """Return the matched null of the arm in a world, of the leaders that it has there."""
        there = super().in_world(world, seed=seed)
        if not self.setting.choice_varies:
            return there
        return replace(there, found=matching(there.network, there.choice))  # type: ignore[call-arg]

    def leader_words(self, block: int, *, seed: int) -> NDArray[np.uint64]:
        """Return who leads in the replicates of a block: one word an agent, a bit a replicate."""
        return matched_words(self.found, self.network, seed=seed, world=self.world, block=block)

    def leader_table(self, *, seed: int, replicates: int) -> NDArray[np.bool_]:
        """Return who leads in each of the first replicates; shape (replicates, agents)."""
        return matched_table(self.found, self.network, seed=seed, world=self.world, replicates=replicates)


@dataclass(frozen=True, eq=False)
class RewiredArm(ExtraArm):
    """Hold an arm on rewired networks: world k is the k-th of them, and its luck is that of the study's replicates.

    Attributes
    ----------
    kept
        What the rewiring keeps.
    anew
        Whether leaders are chosen anew in every rewired network, by the same
        position; else the arm's own lead.
    """

    kept: Kept
    anew: bool

    def in_world(self, world: int, *, seed: int) -> PlannedArm:
        """Return the arm on the rewired network of a world."""
        draw = _kept_network if self.network.tie_count <= _MOST_KEPT_TIES else _network
        network = draw(self.network, self.kept, world, seed)
        digests = (self.setting_digest, self.arm_digest)
        if self.anew:
            choice = chosen_leaders(network, self.setting, digests, seed)
            return PlannedArm(network, self.cell, self.setting, choice, *digests)
        return _LedAlike(network, self.cell, self.setting, self.choice, *digests, self.network)


@dataclass(frozen=True, eq=False)
class _LedAlike(PlannedArm):
    """Hold an arm on a rewired network, led by those who lead on the network itself."""

    led_on: Network

    def leader_words(self, block: int, *, seed: int) -> NDArray[np.uint64]:
        """Return who leads: leaders may be drawn over ties, and those are the ties of the network itself."""
        return leader_words(self.choice, self.led_on, seed=seed, world=self.world, block=block)


@dataclass(frozen=True, eq=False)
class PartArm(ExtraArm):
    """Hold an arm with some of its leaders only.

    Attributes
    ----------
    whole
        The leaders of the arm: indices of agents, ascending.
    """

    whole: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class GivenArm(ExtraArm):
    """Hold an arm on the network that is given, where it is uncertain; in the same worlds otherwise."""


def extras_of(arms: Sequence[PlannedArm], scenario: Scenario) -> tuple[tuple[ExtraArm, ...], tuple[Unanswered, ...]]:
    """Return the extra arms of one network and cell, and what cannot be told.

    Parameters
    ----------
    arms
        The scenario's arms there, and the one without leaders if it is added.
    scenario
        What it asks for.
    """
    extras: list[ExtraArm] = []
    unanswered: list[Unanswered] = []
    for arm in arms:
        asked, own = (_given, _matched, _rewired, _parts), own_scenario(scenario, arm)
        for found in (one for extra in asked for one in extra(arm, own)):
            (unanswered if isinstance(found, Unanswered) else extras).append(found)  # type: ignore[arg-type]
    return tuple(extras), tuple(unanswered)


def _given(arm: PlannedArm, scenario: Scenario) -> Iterator[GivenArm]:
    if arm.setting.network is None or arm.name == NO_LEADERS:
        return
    setting = arm.setting.on_given_network()
    digest = setting_digest(arm.network, scenario, arm.cell, on_given_network=True)
    yield GivenArm(
        **(_shared(arm) | {"setting": setting, "setting_digest": digest}),
        label=f"{arm.name}, on the given network",
        arm_digest=arm_digest(setting),
        replicates=scenario.replicates,
        worlds=scenario.worlds,
    )


def _matched(arm: PlannedArm, scenario: Scenario) -> Iterator[MatchedArm | Unanswered]:
    if not scenario.nulls.matched or not arm.choice.count:
        return
    if _is_drawn(arm):
        yield Unanswered(arm.name, "matched null", "they are drawn by chance, and hold no position")
        return
    for world in range(scenario.worlds if arm.setting.choice_varies else 1):
        there = arm.in_world(world, seed=scenario.seed)
        found = matching(there.network, there.choice)
        if found.unmatched:
            where = f" in world {world}" if arm.setting.choice_varies else ""
            yield Unanswered(arm.name, "matched null", f"{_no_match(there.network, found)}{where}")
            return
    yield MatchedArm(
        **_shared(arm),
        label=f"{arm.name}, matched",
        arm_digest=digest_of({**arm.setting.canonical(), "matched": MATCHING_VERSION}),
        replicates=scenario.replicates,
        worlds=scenario.worlds,
        found=matching(arm.network, arm.choice),
    )


def _no_match(network: Network, found: Matching) -> str:
    degrees = network.out_alters.degrees
    told = [f"{network.ids[agent]} ({network.roles[agent]}, out-degree {degrees[agent]})" for agent in found.unmatched]
    if len(told) > MOST_NAMED:
        told = [*told[: MOST_NAMED - 1], f"{len(told) - MOST_NAMED + 1} others"]
    return f"{NO_MATCH} for {joined(told)}"


def _rewired(arm: PlannedArm, scenario: Scenario) -> Iterator[RewiredArm | Unanswered]:
    asked = scenario.nulls
    if not asked.rewirings or not (arm.choice.count or arm.name == scenario.baseline):
        return
    if arm.setting.parameters.interventions:
        reason = "its interventions are worked out on the network itself, and may name ties that rewiring takes away"
        yield Unanswered(arm.name, "place among rewired networks", reason)
        return
    is_placed = arm.setting.leaders.position is not None and not _is_drawn(arm)
    for kept, anew in itertools.product(KEPT, (False, True) if is_placed else (False,)):
        stated = {"kept": kept, "anew": anew, "version": REWIRING_VERSION}
        yield RewiredArm(
            **_shared(arm),
            label=f"{arm.name}, rewired, {kept} kept, {'positions anew' if anew else 'same leaders'}",
            arm_digest=digest_of({**arm.setting.canonical(), "rewired": stated}),
            replicates=min(asked.rewired_replicates, scenario.replicates),
            worlds=asked.rewirings,
            kept=kept,
            anew=anew,
        )


def _parts(arm: PlannedArm, scenario: Scenario) -> Iterator[PartArm | Unanswered]:
    asked, leaders = scenario.credit, arm.choice.fixed
    if not (asked.counterfactual or asked.shapley) or not arm.choice.count:
        return
    if not arm.leads_alike:
        where = "world" if arm.leaders_vary else "replicate"
        yield Unanswered(arm.name, "credit of leaders", f"not the same agents lead in every {where}")
        return
    sizes = {len(leaders) - 1} if asked.counterfactual else set()
    if asked.shapley and len(leaders) <= MOST_SHAPLEY_LEADERS:
        sizes = set(range(len(leaders)))
    elif asked.shapley:
        most = f"they are worked out for up to {MOST_SHAPLEY_LEADERS}"
        yield Unanswered(arm.name, "Shapley values", f"it has {counted(len(leaders), 'leader')}, and {most}")
    for size in sorted(sizes, reverse=True):
        for members in itertools.combinations(leaders, size):
            replicates = min(asked.replicates or scenario.replicates, scenario.replicates)
            yield part_arm(arm, members, replicates, scenario.worlds)


def part_arm(arm: PlannedArm, members: tuple[int, ...], replicates: int, worlds: int = 1) -> PartArm:
    """Return an arm with some of its leaders only.

    Parameters
    ----------
    arm
        An arm in which the same agents always lead.
    members
        Those who lead: indices of agents, ascending.
    replicates, worlds
        How many replicates are played, and in how many worlds.
    """
    ids = arm.network.ids
    missing = [ids[agent] for agent in arm.choice.fixed if agent not in members]
    rule = LeaderRule(agents=tuple(ids[agent] for agent in members), count=len(members))
    setting = replace(arm.setting, leaders=rule) if members else arm.setting.without_leaders()
    return PartArm(
        **(_shared(arm) | {"setting": setting, "choice": LeaderChoice(members)}),
        label=f"{arm.name} without {joined(missing)}",
        arm_digest=arm_digest(setting),
        replicates=replicates,
        worlds=worlds,
        whole=arm.choice.fixed,
    )


def _shared(arm: PlannedArm) -> dict[str, Any]:
    return {
        "network": arm.network,
        "cell": arm.cell,
        "setting": arm.setting,
        "choice": arm.choice,
        "setting_digest": arm.setting_digest,
        "of": arm.name,
    }


def _is_drawn(arm: PlannedArm) -> bool:
    """Return whether leaders are drawn by chance, not placed: drawing among equals is not meant."""
    return not arm.choice.is_fixed and arm.choice.purpose is not Purpose.TIE_BREAK


def _network(network: Network, kept: Kept, number: int, seed: int) -> Network:
    return rewired(network, kept=kept, number=number, seed=seed)


_kept_network = lru_cache(maxsize=512)(_network)

"""Who leads in an arm: chosen on its network, or anew in every world in which the network differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.experiment.drawn_networks import DrawnNetwork
from diffusion.experiment.searching import search_for
from diffusion.model.parameters import AgentValue
from diffusion.network.network import Network
from diffusion.positions import POSITIONS, LeaderChoice, leader_choice, leader_words
from diffusion.positions.carried import carried, carried_words
from diffusion.positions.found import SearchProgress
from diffusion.scenario import ArmSetting, LeaderRule

_CHOSEN: WeakKeyDictionary[Network, dict[tuple[Any, ...], LeaderChoice]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Led:
    """Hold who leads in a world in which the network differs.

    Attributes
    ----------
    choice
        Who leads; on the network that is played, unless it is seen otherwise.
    seen
        The network on which leaders are drawn over ties in every replicate, and
        who is behind its agents; ``None`` where they are not.
    """

    choice: LeaderChoice
    seen: DrawnNetwork | None = None

    def words(self, network: Network, *, seed: int, world: int, block: int) -> NDArray[np.uint64]:
        """Return who leads in the replicates of a block: one word an agent, a bit a replicate."""
        if self.seen is None or self.seen.people is None:
            return leader_words(self.choice, network, seed=seed, world=world, block=block)
        words = leader_words(self.choice, self.seen.chosen_on, seed=seed, world=world, block=block)
        return carried_words(words, self.seen.people, network.size)


def chosen_leaders(
    network: Network,
    setting: ArmSetting,
    _: tuple[str, str],
    seed: int,
    *,
    workers: int | None = None,
    report: Callable[[SearchProgress], None] = lambda _: None,
) -> LeaderChoice:
    """Return who leads, worked out from the network; sought under the arm's rules where its position says so.

    Parameters
    ----------
    network, setting
        The network and the arm.
    seed
        The study's seed, from which a search has its own.
    workers
        How many threads a search has; by default one a core.
    report
        Called with how far a search has come.
    """
    rule = setting.leaders
    return leader_choice(
        network,
        position=rule.position,
        agents=rule.agents,
        count=rule.count,
        roles=rule.roles,
        parameters=dict(rule.parameters),
        traits=leader_traits(setting),
        search=search_for(network, setting, seed=seed, world=0, workers=workers, report=report),
    )


def chosen_in_world(network: Network, setting: ArmSetting) -> LeaderChoice:
    """Return who leads in a world in which another number, or another kind of position, leads than in others.

    Parameters
    ----------
    network, setting
        The network, and the arm as it is in that world.

    Raises
    ------
    InputError
        If more leaders are asked for than are eligible.
    """
    return _chosen(network, setting.leaders, leader_traits(setting), setting.leaders.count)


def leaders_in_world(drawn: DrawnNetwork, setting: ArmSetting, choice: LeaderChoice) -> Led:
    """Return who leads in a world: chosen on the network that is seen there, among the people of the one played.

    Parameters
    ----------
    drawn
        The networks of the world.
    setting
        The arm as it is in that world.
    choice
        Who leads on the given network.

    Raises
    ------
    InputError
        If more leaders are asked for than are eligible there.
    """
    rule = setting.leaders
    if rule.position is None or drawn.chosen_on is drawn.given:
        return Led(choice)
    traits = leader_traits(setting)
    found = _chosen(drawn.chosen_on, rule, traits, rule.count)
    if drawn.people is None:
        return Led(found)
    if found.draw:
        return Led(found, drawn)
    found, more = carried(found, drawn.people), rule.count
    while found.count < rule.count and more < _most(drawn.chosen_on, rule):  # somebody was chosen twice
        more += 1
        further = carried(_chosen(drawn.chosen_on, rule, traits, more), drawn.people)
        found = further if further.count <= rule.count else found
    return Led(found)


def is_searched(setting: ArmSetting) -> bool:
    """Return whether an arm's leaders are sought under its rules, so that they depend on these."""
    position = setting.leaders.position
    return position is not None and POSITIONS[position].is_searched


def leader_traits(setting: ArmSetting) -> dict[str, AgentValue]:
    """Return the traits that the arm's position reads, as far as the arm's rules use them."""
    position, parameters = setting.leaders.position, setting.parameters
    trait = POSITIONS[position].trait if position is not None else ""
    if trait == "threshold" and parameters.adoption.rule == "threshold":
        return {trait: parameters.adoption.threshold}
    return {trait: parameters.receptivity} if trait == "receptivity" and parameters.receptivity != 1.0 else {}


def _chosen(network: Network, rule: LeaderRule, traits: dict[str, AgentValue], count: int) -> LeaderChoice:
    """Return who leads on a network, found once however many arms, batches and readers ask."""
    kept = _CHOSEN.setdefault(network, {})
    key = (rule, tuple(traits.items()), count)
    if key not in kept:
        kept[key] = leader_choice(
            network,
            position=rule.position,
            count=count,
            roles=rule.roles,
            parameters=dict(rule.parameters),
            traits=traits,
        )
    return kept[key]


def _most(network: Network, rule: LeaderRule) -> int:
    """Return how many agents may lead."""
    return network.size if rule.roles is None else sum(role in rule.roles for role in network.roles)

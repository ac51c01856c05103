"""What a study plays: arms by network and cell, each named by its content.

What a run is called in the store follows from its content, never from a name:
the *setting* (network, steps, seed, what the cell's arms share) and the *arm*
(its resolved parameters and its rule for leaders).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.unanswered import Unanswered
from diffusion.draws import Purpose
from diffusion.experiment.choosing import Led, chosen_in_world, leaders_in_world
from diffusion.experiment.drawn_networks import DrawnNetwork, drawn_network
from diffusion.experiment.sizes import own_scenario
from diffusion.model import MODEL_VERSION
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice, table_of_words
from diffusion.scenario import ArmSetting, Cell, Scenario

WORLD = 0
"""The first world, and the only one where nothing is uncertain between worlds."""


@dataclass(frozen=True, eq=False)
class PlannedArm:
    """Hold one arm in one cell on one network, ready to be played.

    Attributes
    ----------
    network
        The network.
    cell
        The cell.
    setting
        The arm's name, parameters and rule for leaders.
    choice
        Who leads.
    setting_digest, arm_digest
        The coordinates of its runs in the store: 32 hexadecimal digits each.
    world
        In which world it is played.
    seen
        Where leaders are drawn over the ties of another network than the one
        that is played: that network, and who is behind its agents.
    """

    network: Network
    cell: Cell
    setting: ArmSetting
    choice: LeaderChoice
    setting_digest: str
    arm_digest: str
    world: int = field(default=WORLD, kw_only=True)
    seen: DrawnNetwork | None = field(default=None, kw_only=True)

    @property
    def name(self) -> str:
        """Return the arm's name."""
        return self.setting.name

    def leader_words(self, block: int, *, seed: int) -> NDArray[np.uint64]:
        """Return who leads in the replicates of a block: one word an agent, a bit a replicate."""
        return Led(self.choice, self.seen).words(self.network, seed=seed, world=self.world, block=block)

    def leader_table(self, *, seed: int, replicates: int) -> NDArray[np.bool_]:
        """Return who leads in each of the first replicates; shape (replicates, agents), or one row where fixed."""
        rows = 1 if self.choice.is_fixed else replicates
        words = partial(self.leader_words, seed=seed)
        return table_of_words(words, agents=self.network.size, replicates=rows)

    def in_world(self, world: int, *, seed: int) -> PlannedArm:
        """Return the arm as it is played in a world: with what is uncertain drawn."""
        setting = self.setting.in_world(seed, world)
        choice = chosen_in_world(self.network, setting) if self.setting.choice_varies else self.choice
        there = replace(self, setting=setting, choice=choice, world=world)
        if setting.network is None:
            return there
        drawn = drawn_network(self.network, setting.network, seed=seed, world=world)
        led = leaders_in_world(drawn, setting, choice)
        return replace(there, network=drawn.played, choice=led.choice, seen=led.seen)

    @property
    def leads_alike(self) -> bool:
        """Return whether the same agents lead in every run of every world."""
        return self.choice.is_fixed and not self.leaders_vary

    @property
    def leaders_vary(self) -> bool:
        """Return whether who may lead is found anew in every world; leaders at random are drawn in every replicate."""
        choice = self.choice
        is_found = choice.is_fixed or choice.purpose is not Purpose.LEADERS or bool(choice.draw)
        differs = self.setting.network is not None or self.setting.choice_varies
        return is_found and differs and self.setting.leaders.position is not None

    @property
    def parameters_digest(self) -> str:
        """Return what arms share whose parameters are the same, whoever leads and however influential leaders are."""
        return digest_of(self.setting.without_leaders().canonical()["parameters"])

    @property
    def identity(self) -> str:
        """Return what arms share that have the same leaders and parameters, however these were chosen."""
        leaders = asdict(replace(self.choice, search=None))
        del leaders["search"]  # nor does it matter here how they were found
        if self.leaders_vary:
            leaders = self.setting.canonical()["leaders"]
        return digest_of({"parameters": self.setting.canonical()["parameters"], "leaders": leaders})


@dataclass(frozen=True, eq=False)
class ExtraArm(PlannedArm):
    """Hold an arm that is played to tell what the difference that another makes is owed to.

    Attributes
    ----------
    of
        The name of that other arm.
    label
        Its own name: the other's, and what is different.
    replicates
        How many of the study's replicates are played.
    worlds
        How often what is uncertain in it is drawn.
    """

    of: str
    label: str
    replicates: int
    worlds: int = field(default=1, kw_only=True)

    @property
    def name(self) -> str:
        """Return the arm's name."""
        return self.label


@dataclass(frozen=True, eq=False)
class Group:
    """Hold the arms of one network and cell, which are compared with one another.

    Attributes
    ----------
    network, cell
        Where the arms are compared.
    arms
        The scenario's arms in file order, then the one without leaders if it is added.
    extras
        What is played beside them to tell what their differences are owed to;
        never ranked, nor compared with one another.
    unanswered
        What the scenario asks of that kind and cannot be told, and why.
    """

    network: Network
    cell: Cell
    arms: tuple[PlannedArm, ...]
    extras: tuple[ExtraArm, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()


@dataclass(frozen=True, eq=False)
class Series:
    """Say how many runs of an arm there are to be.

    Attributes
    ----------
    arm
        The arm.
    replicates
        How many replicates each world has.
    worlds
        How many worlds there are.
    """

    arm: PlannedArm
    replicates: int
    worlds: int = 1

    @property
    def runs(self) -> int:
        """Return how many runs that makes."""
        return self.replicates * self.worlds


@dataclass(frozen=True, eq=False)
class Study:
    """Hold a scenario with its networks, planned.

    Attributes
    ----------
    scenario
        The scenario.
    networks
        Its networks, in its order.
    groups
        The arms by network and cell: networks in order, and cells in order within each.
    known_as
        The digest by which it goes where it shows a part of a study; its own where empty.
    """

    scenario: Scenario
    networks: tuple[Network, ...]
    groups: tuple[Group, ...]
    known_as: str = ""

    @property
    def name(self) -> str:
        """Return what the study is called: the stem of its scenario's file."""
        return self.scenario.name

    @property
    def arms(self) -> tuple[PlannedArm, ...]:
        """Return all arms in all cells on all networks, in order, but for the extra ones."""
        return tuple(arm for group in self.groups for arm in group.arms)

    @property
    def extras(self) -> tuple[ExtraArm, ...]:
        """Return all extra arms in all cells on all networks, in order."""
        return tuple(extra for group in self.groups for extra in group.extras)

    @property
    def played(self) -> tuple[Series, ...]:
        """Return what there is to play, arms that are one once, with as many runs as any of them needs."""
        wanted: dict[tuple[str, str], Series] = {}
        own = [(arm, own_scenario(self.scenario, arm)) for arm in self.arms]
        series = [Series(arm, said.replicates, said.worlds) for arm, said in own]
        for one in (*series, *(Series(extra, extra.replicates, extra.worlds) for extra in self.extras)):
            key = (one.arm.setting_digest, one.arm.arm_digest)
            known = wanted.get(key, one)
            wanted[key] = Series(known.arm, max(known.replicates, one.replicates), max(known.worlds, one.worlds))
        return tuple(wanted.values())

    @property
    def digest(self) -> str:
        """Return the 32 hexadecimal digits that name what the study asks.

        More replicates, another title, baseline or smallest difference do not
        make it another study; another arm, network or parameter does.
        """
        if self.known_as:
            return self.known_as
        networks = [[network.name, network.digest] for network in self.networks]
        arms = [[arm.name, arm.network.name, arm.setting_digest, arm.arm_digest] for arm in self.arms]
        asked = {"name": self.name, "networks": networks, "arms": arms, "sweep": self.scenario.sweep}
        if self.extras:
            asked["extras"] = [[extra.name, extra.setting_digest, extra.arm_digest] for extra in self.extras]
        return digest_of(asked)


def setting_digest(network: Network, scenario: Scenario, cell: Cell, *, on_given_network: bool = False) -> str:
    """Return the 32 hexadecimal digits that name what the arms of a cell share on a network.

    Parameters
    ----------
    network, scenario, cell
        What they share.
    on_given_network
        Whether the network is the given one, although the scenario says that it is uncertain.
    """
    shared = {
        "network": network.digest,
        "seed": scenario.seed,
        "base": scenario.base(cell, on_given_network=on_given_network),
        "model": MODEL_VERSION,
    }
    targets = dict(scenario.regions).get(network.name)
    return digest_of(shared if targets is None or on_given_network else {**shared, "targets": targets})


def arm_digest(setting: ArmSetting) -> str:
    """Return the 32 hexadecimal digits that name an arm's parameters and its rule for leaders."""
    return digest_of(setting.canonical())


def digest_of(content: Mapping[str, Any]) -> str:
    """Return 32 hexadecimal digits that name what can be written as JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

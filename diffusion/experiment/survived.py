"""What an uncertain network leaves of a study's rankings: its arms beside themselves on the given network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.network_modes import Mode
from diffusion.analysis.outcomes import RegionFacts
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.room_told import NoRoom
from diffusion.analysis.sentences import Setting
from diffusion.analysis.survival import Survival, survival
from diffusion.analysis.survival_told import survival_sentences, turning_sentences
from diffusion.analysis.turning import Turning, turning
from diffusion.analysis.unequal import longest
from diffusion.experiment.extras import GivenArm
from diffusion.experiment.network_room import no_room
from diffusion.experiment.study import Group
from diffusion.experiment.worlds import WorldRuns, arm_result
from diffusion.scenario import Scenario
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK


@dataclass(frozen=True)
class Survived:
    """Hold what survives on one network and in one cell.

    Attributes
    ----------
    network, cell
        Where: the network's name and the swept values.
    found
        What survives, by outcome; nothing where the network is not uncertain, or nothing is ranked.
    no_room
        How far room runs out for the ties that the stated error adds; None where it does not.
    """

    network: str = ""
    cell: Mapping[str, object] = field(default_factory=dict)
    found: Mapping[str, Survival] = field(default_factory=dict)
    no_room: NoRoom | None = None

    def sentences(self, setting: Setting, outcome: str) -> tuple[str, ...]:
        """Return what survives on an outcome, in plain English.

        Parameters
        ----------
        setting
            What to say beside the numbers.
        outcome
            The outcome.
        """
        told = survival_sentences(self.found[outcome], setting) if outcome in self.found else ()
        return (*told, *([self.no_room.sentence()] if self.no_room else []))

    def as_json(self) -> list[dict[str, Any]]:
        """Return what survives, by outcome, for ``--json``."""
        where = {"network": self.network, "cell": dict(self.cell)}
        return [{**where, **found.as_json()} for found in self.found.values()]


NOTHING = Survived()
"""What there is where the network is not uncertain."""


def survived(
    scenario: Scenario,
    group: Group,
    arms: Sequence[ArmResult],
    store: WorldRuns,
    outcomes: Sequence[str],
) -> Survived:
    """Return what survives on one network and in one cell.

    Parameters
    ----------
    scenario, group
        The scenario, and its arms of one network and cell.
    arms
        These arms as they were played.
    store
        Where the runs on the given network are.
    outcomes
        By what the arms rank.

    Raises
    ------
    StoreError
        If some of these runs are not stored.
    """
    mode = mode_of(scenario)
    if mode is None or scenario.worlds == 1:  # one world is for looking at single runs
        return NOTHING
    facts = RegionFacts.of(group.network, scenario.steps)
    drawn = [arm for arm in longest(arms) if arm.name != NO_LEADERS]
    given = given_results(scenario, group, drawn, store)
    found = {
        outcome: survival(
            drawn,
            given,
            facts=facts,
            outcome=outcome,
            smallest_difference=scenario.smallest_difference,
            mode=mode,
            seed_text=group.arms[0].setting_digest,
        )
        for outcome in outcomes
    }
    kept = {outcome: one for outcome, one in found.items() if one is not None}
    return Survived(group.network.name, group.cell.values, kept, no_room(scenario, group))


def mode_of(scenario: Scenario) -> Mode | None:
    """Return in what way a scenario's network is uncertain; None where it is not."""
    mode: Mode | None = scenario.sections.get(UNCERTAIN_NETWORK, {}).get("mode")
    return mode


def given_results(
    scenario: Scenario, group: Group, arms: Sequence[ArmResult], store: WorldRuns
) -> tuple[ArmResult, ...]:
    """Return arms with their runs on the given network, under the names that they have.

    An arm of a cell that leaves no error is on the given network itself.

    Raises
    ------
    StoreError
        If some of these runs are not stored.
    """
    beside = {extra.of: extra for extra in group.extras if isinstance(extra, GivenArm)}
    certain = {arm.name for arm in group.arms if arm.setting.network is None}
    return tuple(
        arm if arm.name in certain else replace(arm_result(store, beside[arm.name], scenario), name=arm.name)
        for arm in arms
    )


def turnings(places: Sequence[Survived], outcome: str) -> tuple[Turning, ...]:
    """Return where along swept error rates the rankings turn over, network by network.

    Parameters
    ----------
    places
        What survives, by network and cell.
    outcome
        By what the arms rank.
    """
    by_network: dict[str, list[tuple[Mapping[str, object], Survival]]] = {}
    for place in places:
        if outcome in place.found:
            by_network.setdefault(place.network, []).append((place.cell, place.found[outcome]))
    return tuple(one for network, cells in by_network.items() for one in turning(cells, network))


def survival_as_json(places: Sequence[Survived]) -> dict[str, Any]:
    """Return the lists ``survival``, ``turning`` and ``no_room`` for ``--json``, as far as there is any."""
    told = [one for place in places for one in place.as_json()]
    outcomes = dict.fromkeys(outcome for place in places for outcome in place.found)
    turned = [one.as_json() for outcome in outcomes for one in turnings(places, outcome)]
    full = [{"network": one.network, "cell": dict(one.cell), **one.no_room.as_json()} for one in places if one.no_room]
    return ({"survival": told, "turning": turned} if told else {}) | ({"no_room": full} if full else {})


def told_turnings(places: Sequence[Survived], settings: Sequence[Setting], outcome: str) -> tuple[str, ...]:
    """Return where along swept error rates the rankings turn over, in plain English.

    Parameters
    ----------
    places
        What survives, by network and cell.
    settings
        What to say beside the numbers, place by place.
    outcome
        By what the arms rank.
    """
    by_network = {setting.network: setting for setting in settings}
    found = turnings(places, outcome)
    several = len({one.network for one in found}) > 1
    return tuple(
        f"On {one.network}: {text}" if several else text
        for one in found
        for text in turning_sentences([one], by_network[one.network])
    )

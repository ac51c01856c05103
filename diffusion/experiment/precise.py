"""Precision: a study is played until its differences are known as well as its scenario asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from diffusion.analysis.arms import measure
from diffusion.analysis.outcomes import FloatArray, RegionFacts, find_outcome
from diffusion.analysis.phrases import counted
from diffusion.analysis.precision import Progress, progress
from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, Precision
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.experiment.plan import planned
from diffusion.experiment.study import Group, Study
from diffusion.experiment.worlds import WorldRuns, arm_result, units_of
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice
from diffusion.scenario import ArmSetting
from diffusion.scenario.tables import MOST_REPLICATES
from diffusion.scenario.world_keys import MOST_WORLDS, first_worlds


@dataclass(frozen=True, slots=True)
class Reached:
    """Tell how well the differences of a study are known.

    Attributes
    ----------
    is_enough
        Whether as well as the scenario asks.
    wanted
        How many replicates there should be, or worlds where something is uncertain.
    half_width
        The widest reach of an interval at the last look.
    """

    is_enough: bool
    wanted: int
    half_width: float


def played_to_precision(
    study: Study, store: WorldRuns, play: Callable[[Study], None], say: Callable[[str], None] = lambda _: None
) -> Study:
    """Return a study with all its runs played: as many as it states, or as its precision needs.

    Parameters
    ----------
    study
        The study, as its file states it.
    store
        Where its runs are kept.
    play
        Plays and stores what is missing of a study.
    say
        Told, in plain English, what goes on.

    Raises
    ------
    InputError
        If the outcome does not exist, or more runs would be needed than can be kept.
    """
    asked = study.scenario.precision
    if asked is None:
        play(study)
        return study
    check_outcome(study, asked)
    study = _of_size(study, _first(study))
    while True:
        play(study)
        found = reached(study, store, asked)
        noun = "world" if _is_uncertain(study) else "replicate"
        told = f"After {counted(_size(study), noun)} differences are known to within {found.half_width:.3g}"
        if found.is_enough:
            say(f"{told}, as was asked (to within {asked.half_width:g}).")
            return study
        if found.wanted > (MOST_WORLDS if _is_uncertain(study) else MOST_REPLICATES):
            raise InputError(
                f"precision: {told[0].lower()}{told[1:]}; {asked.half_width:g} cannot be reached; ask for less"
            )
        say(f"{told}; going on to {counted(found.wanted, noun)}.")
        study = _of_size(study, found.wanted)


def check_outcome(study: Study, asked: Precision) -> None:
    """Refuse an outcome that one of the networks does not have."""
    for network in study.networks:
        find_outcome(asked.outcome, network.role_names)


def reached(study: Study, store: WorldRuns, asked: Precision) -> Reached:
    """Return how well the differences from the baseline are known on every network and in every cell."""
    found = [_group_progress(study, group, store, asked) for group in study.groups]
    widths = [one.half_width for one in found if one.half_width is not None]
    is_enough = all(one.enough is not None for one in found)
    wanted = max((one.wanted for one in found if one.enough is None), default=0)
    size = study.scenario.design.size if _is_uncertain(study) else 1
    return Reached(is_enough, wanted * size, max(widths, default=np.inf))


def _group_progress(study: Study, group: Group, store: WorldRuns, asked: Precision) -> Progress:
    rows, largest = _differences(study, group, store, asked)
    if not _is_uncertain(study):
        return progress(rows, asked, first=FIRST_REPLICATES, step=LANES, largest=largest)
    first = first_worlds(study.scenario.design, FIRST_WORLDS) // study.scenario.design.size
    return progress(rows, asked, first=first, step=1, largest=largest)


def _differences(study: Study, group: Group, store: WorldRuns, asked: Precision) -> tuple[FloatArray, float]:
    """Return the differences from the baseline, a row an arm and a column a unit, and the largest there can be."""
    scenario = study.scenario
    facts = RegionFacts.of(group.network, scenario.steps)
    units = units_of(scenario)
    baseline = next(arm for arm in group.arms if arm.name == scenario.baseline)
    others: Mapping[str, object] = {
        arm.identity: arm for arm in group.arms if arm.name != NO_LEADERS and arm.identity != baseline.identity
    }
    measured = {
        arm.identity: measure(arm_result(store, arm, scenario), facts, [asked.outcome]).values[asked.outcome]
        for arm in group.arms
        if arm.identity in others or arm is baseline
    }
    against = measured[baseline.identity]
    rows: Sequence[FloatArray] = [units.means(measured[identity] - against) for identity in others]
    empty = np.empty((0, units.count(len(against))))
    largest = find_outcome(asked.outcome, group.network.role_names).ceiling(facts)
    return (np.array(rows) if rows else empty), largest


def _is_uncertain(study: Study) -> bool:
    return bool(study.scenario.uncertain_paths())


def _size(study: Study) -> int:
    return study.scenario.worlds if _is_uncertain(study) else study.scenario.replicates


def _first(study: Study) -> int:
    return first_worlds(study.scenario.design, FIRST_WORLDS) if _is_uncertain(study) else FIRST_REPLICATES


def _of_size(study: Study, size: int) -> Study:
    """Return the study with so many replicates, or worlds; who leads stays as it was found."""
    if _size(study) == size:
        return study
    scenario = study.scenario
    grown = replace(scenario, worlds=size) if _is_uncertain(study) else replace(scenario, replicates=size)
    known = {(arm.setting_digest, arm.arm_digest): arm.choice for arm in study.arms}

    def as_found(_: Network, __: ArmSetting, digests: tuple[str, str], ___: int) -> LeaderChoice:
        return known[digests]

    return planned(grown, study.networks, as_found)

"""Precision: a study is played until its differences, or its best arms, are known as well as its scenario asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from diffusion.analysis.arms import measure
from diffusion.analysis.outcomes import FloatArray, RegionFacts, find_outcome
from diffusion.analysis.phrases import counted
from diffusion.analysis.precision import Progress, progress
from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, BestWithin, Precision
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.experiment.best_arm import Named, named_in, unit_values
from diffusion.experiment.completeness import has_all
from diffusion.experiment.extras import extras_of
from diffusion.experiment.sizes import of_size, own_scenario, size_of, with_sizes
from diffusion.experiment.store import Store
from diffusion.experiment.study import Group, Study
from diffusion.experiment.worlds import WorldRuns, arm_result, units_of
from diffusion.scenario import Scenario
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
    study: Study, store: Store, play: Callable[[Study], None], say: Callable[[str], None] = lambda _: None
) -> Study:
    """Return a study with all its runs played: as many as it states, or as its precision needs.

    What is there already is looked at before anything is played or kept, so a
    study that was stopped goes on where it was.

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
    grow = _to_half_width if isinstance(asked, Precision) else _Best(asked).grown
    study = _resized(study, of_size(study.scenario, _first(study.scenario)))
    while True:
        is_played = not has_all(study, store)
        if is_played:
            play(study)
        grown = grow(study, store, say)
        if grown is None:
            if not is_played:
                play(study)  # for the study to be kept as it is now
            return study
        _check_size(grown)
        study = _resized(study, grown)


def _to_half_width(study: Study, store: WorldRuns, say: Callable[[str], None]) -> Scenario | None:
    """Return the scenario with as many runs as its differences seem to need; None where they are known."""
    asked = study.scenario.precision
    if not isinstance(asked, Precision):
        return None
    found = reached(study, store, asked)
    noun = _noun(study.scenario)
    told = f"After {counted(size_of(study.scenario), noun)} differences are known to within {found.half_width:.3g}"
    if found.is_enough:
        say(f"{told}, as was asked (to within {asked.half_width:g}).")
        return None
    say(f"{told}; going on to {counted(found.wanted, noun)}.")
    return of_size(study.scenario, found.wanted)


class _Best:
    """Look for the best arms, and read no run of an arm again that was stopped."""

    def __init__(self, asked: BestWithin) -> None:
        self.asked = asked
        self.values: dict[tuple[str, str, int], FloatArray] = {}

    def grown(self, study: Study, store: WorldRuns, say: Callable[[str], None]) -> Scenario | None:
        """Return the scenario with more runs of the arms that may be the best; None where these are named."""
        scenario, before = study.scenario, self.values
        self.values = {}
        found = [named_in(scenario, group, self._read(study, group, store, before)) for group in study.groups]
        sizes = []
        for group, named in zip(study.groups, found, strict=True):
            stopped = {name: size for name, size in named.stopped.items() if name != scenario.baseline}
            sizes += [(arm, stopped.get(arm.name, named.wanted)) for arm in group.arms]
        grown = with_sizes(scenario, sizes)
        if all(named.best is not None for named in found):
            if grown == scenario and grown.stopped == scenario.stopped:
                _say_named(found, scenario, say)
                return None
        elif len(grown.stopped) != len(scenario.stopped):
            after = counted(max(named.size for named in found), _noun(scenario))
            done = f"{len(grown.stopped):,} of {counted(len(sizes), 'arm')}"
            say(f"After {after}, {done} {'needs' if len(grown.stopped) == 1 else 'need'} no more; the others go on.")
        return grown

    def _read(
        self, study: Study, group: Group, store: WorldRuns, before: Mapping[tuple[str, str, int], FloatArray]
    ) -> dict[str, FloatArray]:
        facts = RegionFacts.of(group.network, study.scenario.steps)
        told = {}
        for arm in group.arms:
            if arm.name == NO_LEADERS:
                continue
            key = (arm.setting_digest, arm.arm_digest, size_of(own_scenario(study.scenario, arm)))
            known = self.values.get(key, before.get(key))
            if known is None:
                known = unit_values(arm_result(store, arm, study.scenario), self.asked, facts)
            told[arm.name] = self.values[key] = known
        return told


def _say_named(found: Sequence[Named], scenario: Scenario, say: Callable[[str], None]) -> None:
    most = counted(max(named.size for named in found), _noun(scenario))
    where = "the best arm is named" if len(found) == 1 else f"the best arm is named in all {len(found)} comparisons"
    say(f"After {most} {where}, as was asked.")


def reached(study: Study, store: WorldRuns, asked: Precision) -> Reached:
    """Return how well the differences from the baseline are known on every network and in every cell."""
    found = [_group_progress(study, group, store, asked) for group in study.groups]
    widths = [one.half_width for one in found if one.half_width is not None]
    is_enough = all(one.enough is not None for one in found)
    wanted = max((one.wanted for one in found if one.enough is None), default=0)
    size = study.scenario.design.size if study.scenario.worlds > 1 else 1
    return Reached(is_enough, wanted * size, max(widths, default=np.inf))


def _group_progress(study: Study, group: Group, store: WorldRuns, asked: Precision) -> Progress:
    rows, largest = _differences(study, group, store, asked)
    if study.scenario.worlds == 1:
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


def _check_size(grown: Scenario) -> None:
    """Refuse to go on where more runs would be needed than can be kept."""
    size, asked = size_of(grown), grown.precision
    if size <= (MOST_WORLDS if grown.worlds > 1 else MOST_REPLICATES) or asked is None:
        return
    stated = asked.half_width if isinstance(asked, Precision) else asked.best_within
    raise InputError(
        f"precision: {stated:g} cannot be reached with fewer than {counted(size, _noun(grown))}; ask for less"
    )


def _noun(scenario: Scenario) -> str:
    return "world" if scenario.worlds > 1 else "replicate"


def _first(scenario: Scenario) -> int:
    return first_worlds(scenario.design, FIRST_WORLDS) if scenario.worlds > 1 else FIRST_REPLICATES


def _resized(study: Study, scenario: Scenario) -> Study:
    """Return the study with other numbers of runs; who leads stays as it was found."""
    groups = []
    for group in study.groups:
        extras, unanswered = extras_of(group.arms, scenario)
        groups.append(replace(group, extras=extras, unanswered=unanswered))
    return replace(study, scenario=scenario, groups=tuple(groups))

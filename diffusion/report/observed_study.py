"""Observed times of a study's networks, and runs of the study beside them."""

from __future__ import annotations

from dataclasses import replace

from diffusion.analysis.observed.runs import CurveAgainstRuns, adoption_of_runs, curve_against_runs
from diffusion.analysis.observed.times import IntArray, ObservedTimes, has_observed_times, observed_times
from diffusion.experiment.curves import ensemble_of
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.results import ROUND
from diffusion.network.network import Network

MOST_RUNS = 200
"""How many runs of an arm are compared with the observed curve at most, the first."""

_NAMELESS = "period"


def times_of(study: Study, network: Network) -> ObservedTimes:
    """Return when the agents of a network adopted, in the words of the study.

    One period is compared with one step of the model, so whole numbers without
    a unit are called what the scenario calls a step.

    Raises
    ------
    InputError
        If the column of times will not do.
    """
    times = observed_times(network)
    step = study.scenario.step_unit
    return replace(times, unit=step) if times.unit == _NAMELESS and step not in ("step", ROUND) else times


def observed_networks(study: Study) -> tuple[Network, ...]:
    """Return the networks of a study with observed times of adoption."""
    return tuple(network for network in study.networks if has_observed_times(network))


def replayed_adoption(study: Study, arm: PlannedArm) -> IntArray:
    """Return when each agent adopted in the first runs of an arm, -1 for never; shape (agents, runs)."""
    ensemble = ensemble_of(arm, seed=study.scenario.seed)
    return adoption_of_runs(ensemble, min(MOST_RUNS, study.scenario.replicates))


def runs_beside(study: Study, times: ObservedTimes, adopted: IntArray) -> CurveAgainstRuns:
    """Return the observed curve beside those of runs."""
    return curve_against_runs(times, adopted, study.scenario.steps)

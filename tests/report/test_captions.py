"""Captions: how many agents and runs, what intervals are, what is synthetic, and what is left out."""

from __future__ import annotations

import pytest
from experiment_cases import town

from diffusion.report.figures import (
    adoption_curves,
    adoption_map,
    arm_ranking,
    best_share,
    credit_flow,
    heat_map,
    reach,
    time_to_share,
)
from diffusion.report.figures.wording import headings, places_of

ARMS = [("random", "random"), ("hubs", "out_degree"), ("edge", "marginal")]
MADE = "synthetic network: made from assumptions, not observed"


def captions(study):
    arms, network = study.arms, study.study.networks[0]
    here = places_of(study.agents)[0]
    return {
        "ranking": arm_ranking.caption(arms, study.comparisons),
        "best": best_share.caption(arms),
        "heat map": heat_map.caption(arms),
        "curves": adoption_curves.caption(study.curves),
        "times": time_to_share.caption(study.times),
        "map": adoption_map.caption(here.of(study.agents), network, arms=["hubs", "random"]),
        "roles": reach.role_caption(here.of(study.groups)),
        "organisations": reach.organisation_caption(here.of(study.groups)),
        "credit": credit_flow.caption(here.of(study.credit)),
    }


def test_every_caption_says_how_many_agents_and_runs_there_are(loaded_study):
    for told in captions(loaded_study([town()], ARMS)).values():
        assert "Network town (12 agents); 40 " in told
        assert "ynthetic" not in told
        assert told.endswith("of every arm.")


def test_every_caption_says_that_a_network_is_synthetic(loaded_study):
    for told in captions(loaded_study(["ahsn-a"], ARMS[:2], replicates=3, steps=2)).values():
        assert f"Network ahsn-a ({MADE}; 180 agents); 3 " in told


def test_several_synthetic_networks_are_called_so_once(loaded_study):
    study = loaded_study(["ahsn-a", "ahsn-b"], ARMS[:2], replicates=3, steps=2)
    for name in ("ranking", "best", "heat map", "curves", "times"):
        told = captions(study)[name]
        assert told.count(MADE) == 1
        assert "Networks ahsn-a (180 agents) and ahsn-b (" in told


def test_captions_say_what_intervals_are(loaded_study):
    told = captions(loaded_study([town()], ARMS))
    assert "with 95 % intervals that hold for all arms at once" in told["ranking"]
    assert "1.0 points to either side" in told["ranking"]
    assert "between the 5 % and the 95 % quantile of the runs" in told["curves"]
    assert "Kaplan–Meier" in told["times"]
    assert "censored" in told["times"]
    assert "bars: their 95 % intervals" in told["roles"]


def test_a_share_of_histories_is_not_called_a_probability_about_expectations(loaded_study):
    told = captions(loaded_study([town()], ARMS))["best"]
    assert "shares of histories" in told
    assert "not probabilities that an arm's expectation is the highest" in told


def test_credit_is_not_called_what_would_have_happened(loaded_study):
    assert "not what would have happened without a source" in captions(loaded_study([town()], ARMS))["credit"]


@pytest.mark.parametrize("count", [3, 21, 30])
def test_captions_say_when_arms_are_left_out(loaded_study, count):
    study = loaded_study([town()], [(f"arm {place}", "random") for place in range(count)], replicates=4)
    told = adoption_curves.caption(study.curves)
    figure = adoption_curves.adoption_curves(study.curves)
    shown = sum(axes.get_visible() for axes in figure.axes)
    assert shown == min(count, adoption_curves.MOST_PANELS)
    assert ("Shown are" in told) == (count > shown)
    grey = "the soonest of the others have lines of their own"
    assert (grey in time_to_share.caption(study.times)) == (count > 6)


def test_the_cell_of_a_sweep_stands_in_captions_and_headings(loaded_study):
    study = loaded_study([town()], ARMS, more='\n[sweep]\n"adoption.transmission" = [0.1, 0.2]\n')
    told = captions(study)
    assert "40 runs of every arm, adoption.transmission = 0.1." in told["map"]
    assert "40 paired runs of every arm in each of 2 cells of the sweep." in told["ranking"]
    assert headings(places_of(study.arms)) == ["adoption.transmission = 0.1", "adoption.transmission = 0.2"]


def test_one_run_is_told_in_the_singular(loaded_study):
    told = captions(loaded_study([town()], ARMS, replicates=1))
    assert "1 run of every arm" in told["curves"]
    assert "1 paired run of every arm" in told["ranking"]

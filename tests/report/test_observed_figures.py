"""Figures of observed adoption: what is drawn is what was observed, and the reference's table of categories."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_cases import town
from printing import check_print
from real_networks import brazilian_farmers, needs_real_networks
from report_cases import observed_town

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.report.figures import adopter_categories, observed_curve
from diffusion.report.tidy_observed import observed_categories_table

ARMS = [("random", "random"), ("hubs", "out_degree")]

REFERENCE = {
    "early adopters": (6.21, 2.89, 0.58, 0.87),
    "early majority": (6.94, 8.24, 3.61, 3.61),
    "late majority": (4.91, 7.95, 6.79, 12.72),
    "laggards": (1.16, 0.87, 1.73, 8.96),
    "non-adopters": (21.97,),
}
"""netdiffuseR's ``classify`` on the Brazilian farmers, in per cent of 692."""


@pytest.fixture
def study(loaded_study):
    return loaded_study([observed_town()], ARMS)


def test_the_curve_and_the_hazard_are_those_observed(study):
    curve = study.observed_curve
    # Years 2001 to 2006 of twelve people, two of whom never adopted.
    assert list(curve["adopters"]) == [2, 4, 7, 8, 9, 10]
    assert list(curve["at_risk"]) == [12, 10, 8, 5, 4, 3]
    assert curve["hazard"].tolist() == pytest.approx([2 / 12, 2 / 10, 3 / 8, 1 / 5, 1 / 4, 1 / 3])
    shares, hazards = study.draw_observed_curve().axes
    drawn = next(line for line in shares.lines if line.get_marker() == "o")
    assert np.asarray(drawn.get_ydata()) == pytest.approx(100 * curve["share"])
    assert [bar.get_height() for bar in hazards.patches] == pytest.approx(100 * curve["hazard"])


def test_runs_beside_it_are_those_of_the_best_arm(study):
    curve, best = study.observed_curve, study.telling_arms(study.result.groups[0])[0]
    assert set(curve["arm"]) == {best}
    after = study.curves[(study.curves["arm"] == best) & (study.curves["step"] > 0)]
    assert curve["runs_low"].tolist() == pytest.approx(after["q05"].tolist())
    assert curve["runs_high"].tolist() == pytest.approx(after["q95"].tolist())


@pytest.mark.parametrize("width_mm", [84, 174])
@pytest.mark.parametrize("draw", ["draw_observed_curve", "draw_adopter_categories"])
def test_the_figures_can_be_printed(study, draw, width_mm):
    check_print(getattr(study, draw)(width_mm=width_mm), width_mm)


def test_captions_say_of_how_many_agents_and_that_times_show_no_influence(study):
    told = observed_curve.caption(study.observed_curve)
    assert "5 % to 95 % of 40 runs of the arm " in told
    assert "do not show that anybody learnt from anybody" in told
    assert told.endswith("Network town (12 agents whose time is known).")
    told = adopter_categories.caption(study.observed_categories)
    assert "Measured thresholds are upper bounds" in told
    assert told.endswith("Network town (12 agents).")


def test_a_network_without_observed_times_has_no_such_figure(loaded_study):
    study = loaded_study([town()], ARMS, replicates=3)
    assert study.observed_curve.empty
    assert study.observed_categories.empty
    with pytest.raises(InputError, match="no times of adoption were observed on its networks"):
        study.draw_observed_curve()


@needs_real_networks
def test_the_farmers_are_sorted_as_the_reference_sorts_them(loaded_study):
    farmers, _ = brazilian_farmers()
    years = farmers.columns["year_of_adoption"]
    network = Network.from_tables(
        name="brazilian_farmers",
        ids=farmers.ids,
        columns={"time_of_adoption": ["never" if year == "20" else year for year in years]},
        source=[farmers.ids[place] for place in farmers.source],
        target=[farmers.ids[place] for place in farmers.target],
    )
    study = loaded_study([network], ARMS, replicates=1, steps=1)
    table = observed_categories_table(study.study)
    for name, wanted in REFERENCE.items():
        told = 100 * table.loc[table["adopter_category"] == name, "share"]
        assert told.tolist() == pytest.approx(list(wanted), abs=0.005)

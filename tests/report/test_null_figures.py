"""The figure of nulls: what is drawn is what the tables say, and what is missing is said to be."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_cases import town
from graphs import random_network
from printing import check_print

from diffusion.errors import InputError
from diffusion.report.figures import null_places
from diffusion.report.tidy_nulls import ITSELF

ARMS = [("random", "random"), ("hubs", "out_degree"), ("edge", "marginal")]
NULLS = "\n[nulls]\nmatched = true\nstructure = { rewirings = 200, replicates = 20 }\n"


@pytest.fixture
def study(loaded_study):
    return loaded_study([random_network(60, 300, 5)], ARMS, more=NULLS, steps=4, transmission=0.1)


def test_every_rewired_network_has_a_row_and_the_place_of_the_network_follows_from_them(study):
    rewired, places = study.rewired, study.result.groups[0].explained.places
    told = [found for found in places if found.outcome == "adopted_share" and found.baseline is not None]
    assert len(told) == 8
    for found in told:
        rows = rewired[
            (rewired["arm"] == found.arm) & (rewired["kept"] == found.kept) & (rewired["leaders"] == found.leaders)
        ]
        others = rows.loc[rows["rewiring"] != ITSELF, "difference"]
        assert len(others) == found.rewirings == 200
        assert rows.loc[rows["rewiring"] == ITSELF, "difference"].item() == pytest.approx(found.value)
        assert others.mean() == pytest.approx(found.rewired_mean)
        assert int((others >= found.value - 1e-9).sum()) == found.as_high


def test_matched_arms_have_their_numbers_and_the_others_say_why_not(study):
    matched = study.matched.set_index("arm")
    assert matched.loc["random", "why_not"].startswith("they are drawn by chance")
    found = {one.arm: one for one in study.result.groups[0].explained.matched if one.outcome == "adopted_share"}
    for arm in ("hubs", "edge"):
        if arm in found:
            assert matched.loc[arm, "difference"] == found[arm].difference
            assert matched.loc[arm, "why_not"] == ""
        else:
            assert matched.loc[arm, "why_not"].startswith("there is no match")


def test_diamonds_stand_where_the_network_itself_does(study):
    figure = study.draw_nulls(["hubs", "edge"])
    rewired = study.rewired[study.rewired["rewiring"] == ITSELF]
    panels = {axes.get_title(loc="left"): axes for axes in figure.axes}
    kept = panels["Rewired, ties of agents kept"]
    drawn = sorted(float(np.asarray(line.get_xdata())[0]) for line in kept.lines if line.get_marker() == "D")
    wanted = rewired[(rewired["kept"] == "degrees") & rewired["arm"].isin(["hubs", "edge"])]["difference"]
    assert drawn == pytest.approx(sorted(100 * wanted))
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["hubs", "edge"]


@pytest.mark.parametrize("width_mm", [84, 174])
def test_the_figure_can_be_printed(study, width_mm):
    check_print(study.draw_nulls(width_mm=width_mm), width_mm)


def test_the_caption_says_how_many_networks_and_runs_there_are_and_what_is_missing(study):
    told = null_places.caption(study.rewired, study.matched)
    assert "over 20 runs, on 200 networks rewired at random (line: 95 % of them" in told
    assert told.endswith("(60 agents); 40 paired runs of every arm.")
    assert ("no match" in told) == bool((study.matched["why_not"] == "").any())


def test_a_study_without_nulls_has_no_figure_of_them(loaded_study):
    study = loaded_study([town()], ARMS, replicates=3)
    assert study.rewired.empty
    assert study.matched.empty
    with pytest.raises(InputError, match=r"the study has no nulls; ask for them with \[nulls\]"):
        study.draw_nulls()

"""Figures: each draws what its table says, read back from what was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from experiment_cases import town
from matplotlib.patches import PathPatch, Rectangle

from diffusion.errors import InputError
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

ARMS = [("random", "random"), ("hubs", "out_degree"), ("edge", "marginal"), ("between", "betweenness")]


@pytest.fixture
def study(loaded_study):
    return loaded_study([town()], ARMS, steps=5, transmission=0.25)


@pytest.fixture
def two(loaded_study):
    return loaded_study([town(), town().renamed("city")], ARMS, steps=5)


def extent(patch):
    """Return left, bottom, right and top of a rectangle, in the units of its axes."""
    assert isinstance(patch, Rectangle)
    return patch.get_x(), patch.get_y(), patch.get_x() + patch.get_width(), patch.get_y() + patch.get_height()


def place(text):
    """Return the column and row of a text in a heat map."""
    column, row = text.get_position()
    return int(column), int(row)


def across(line):
    return np.asarray(line.get_xdata(), dtype=np.float64)


def up(line):
    return np.asarray(line.get_ydata(), dtype=np.float64)


def shown_rows(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def points(axes, shape="o"):
    """Return the marks that were drawn, as (x, y)."""
    drawn = [line for line in axes.lines if line.get_marker() == shape]
    return {(round(float(across(line)[0]), 9), int(up(line)[0])) for line in drawn}


def bars(axes):
    """Return the horizontal lines between two points, as (low, high, y)."""
    drawn = [line for line in axes.lines if len(across(line)) == 2 and line.get_linewidth() == 1.2]
    return {(*np.round(across(line), 9).tolist(), int(up(line)[0])) for line in drawn}


def test_the_ranking_draws_means_differences_and_their_simultaneous_intervals(study):
    figure = arm_ranking.arm_ranking(study.arms, study.comparisons)
    means, differences = figure.axes
    arms = study.arms[study.arms["outcome"] == "adopted_share"].sort_values(["mean", "arm"], ascending=[False, True])
    assert shown_rows(means) == list(arms["arm"])
    assert points(means) == {(round(100 * mean, 9), place) for place, mean in enumerate(arms["mean"])}
    rows = {arm: place for place, arm in enumerate(arms["arm"])}
    found = study.comparisons[study.comparisons["outcome"] == "adopted_share"]
    assert len(found) == 3
    assert points(differences) == {(round(100 * row.difference, 9), rows[row.arm]) for row in found.itertuples()}
    assert bars(differences) == {
        (round(100 * row.low_all, 9), round(100 * row.high_all, 9), rows[row.arm]) for row in found.itertuples()
    }
    [band] = [patch for patch in differences.patches if isinstance(patch, Rectangle)]
    assert (band.get_x(), band.get_width()) == (-1.0, 2.0)
    assert "baseline" in [text.get_text() for text in differences.texts]


def test_marks_of_a_ranking_say_what_was_shown(study):
    comparisons = study.comparisons.copy()
    wanted = {"hubs": "better", "edge": "practically equal", "between": "undecided"}
    comparisons["verdict"] = comparisons["arm"].map(wanted)
    figure = arm_ranking.arm_ranking(study.arms, comparisons)
    order = shown_rows(figure.axes[0])
    marks = [line for line in figure.axes[1].lines if line.get_marker() == "o"]
    faces = {order[int(up(line)[0])]: line.get_markerfacecolor() for line in marks}
    assert len(faces) == len(set(faces.values())) == 3
    assert faces["edge"] == "white"
    [legend] = figure.legends
    names = ["better or worse", "practically equal", "undecided", "too small to matter"]
    assert [text.get_text() for text in legend.get_texts()] == names


def test_a_ranking_on_two_networks_has_a_panel_of_differences_for_each(two):
    figure = arm_ranking.arm_ranking(two.arms, two.comparisons)
    assert [axes.get_title("left") for axes in figure.axes] == ["town", "city"]
    found = two.comparisons[two.comparisons["outcome"] == "adopted_share"]
    for axes in figure.axes:
        here = found[found["network"] == axes.get_title("left")]
        assert sorted(x for x, _ in points(axes)) == sorted(np.round(100 * here["difference"], 9))


def test_times_rank_the_soonest_first_and_are_in_steps(study):
    figure = arm_ranking.arm_ranking(study.arms, study.comparisons, outcome="time_to_half")
    arms = study.arms[study.arms["outcome"] == "time_to_half"].sort_values(["mean", "arm"])
    assert shown_rows(figure.axes[0]) == list(arms["arm"])
    assert [axes.get_xlabel() for axes in figure.axes] == [
        "Time to half of the agents, steps",
        "Difference from random, steps",
    ]


def test_bars_are_how_often_an_arm_is_best_alone_and_with_others(study):
    [axes] = best_share.best_share(study.arms).axes
    rows = study.arms[study.arms["outcome"] == "adopted_share"].set_index("arm")
    order = shown_rows(axes)
    drawn: dict[str, list[float]] = {}
    for left, bottom, right, top in map(extent, axes.patches):
        drawn.setdefault(order[round((bottom + top) / 2)], []).append(right - left)
    for arm, widths in drawn.items():
        assert widths == pytest.approx([100 * rows.loc[arm, "p_best"], 100 * rows.loc[arm, "p_best_tied"]])
    assert set(drawn) == set(rows.index)


def test_curves_on_one_network_have_a_panel_an_arm(study):
    figure = adoption_curves.adoption_curves(study.curves, baseline="random")
    assert {axes.get_title("left") for axes in figure.axes} == {name for name, _ in ARMS}
    for axes in figure.axes:
        arm = axes.get_title("left")
        own = study.curves[study.curves["arm"] == arm]
        assert np.allclose(up(axes.lines[-1]), 100 * own["mean"])
        assert len(axes.lines) == (1 if arm == "random" else 2)
        runs, _ = (np.asarray(collection.get_paths()[0].vertices) for collection in axes.collections)
        assert runs[:, 1].max() == pytest.approx(100 * own["q95"].max())


def test_curves_on_two_networks_have_a_panel_each_with_a_line_an_arm(two):
    figure = adoption_curves.adoption_curves(two.curves)
    assert [axes.get_title("left") for axes in figure.axes] == ["town", "city"]
    for axes in figure.axes:
        here = two.curves[two.curves["network"] == axes.get_title("left")]
        means = sorted(map(tuple, (100 * here["mean"]).to_numpy().reshape(4, -1).round(9).tolist()))
        assert sorted(tuple(np.round(up(line), 9).tolist()) for line in axes.lines) == means
    assert {text.get_text() for text in figure.legends[0].get_texts()} == {name for name, _ in ARMS}


def test_a_heat_map_writes_the_means_and_frames_the_best(two):
    [axes] = heat_map.arm_heat_map(two.arms).axes
    rows, columns = shown_rows(axes), [label.get_text() for label in axes.get_xticklabels()]
    assert columns == ["town", "city"]
    means = two.arms[two.arms["outcome"] == "adopted_share"].set_index(["arm", "network"])
    for text in axes.texts:
        column, row = place(text)
        assert text.get_text() == f"{100 * means.loc[(rows[row], columns[column]), 'mean']:.1f}"
    assert len(axes.texts) == 8
    frames = {(round((x + right) / 2), round((y + top) / 2)) for x, y, right, top in map(extent, axes.patches)}
    best = {(columns.index(n), rows.index(arm)) for (arm, n), rank in means["place"].items() if rank == 1}
    assert frames == best


def test_reach_is_drawn_for_every_role_and_arm(study):
    figure = reach.reach_by_role(study.groups)
    assert [axes.get_title("left") for axes in figure.axes] == ["firm (4)", "manager (8)"]
    order = shown_rows(figure.axes[0])
    for axes in figure.axes:
        own = study.groups[study.groups["group"] == axes.get_title("left").split(" ")[0]]
        drawn = {(round(100 * row.reach, 9), order.index(row.arm)) for row in own.itertuples()}
        assert points(axes) == drawn
        assert len(bars(axes)) == 4


def test_reach_is_written_for_every_organisation_and_arm(study):
    [axes] = reach.reach_by_organisation(study.groups).axes
    rows, columns = shown_rows(axes), [label.get_text() for label in axes.get_xticklabels()]
    shares = study.groups[study.groups["grouping"] == "organisation"].set_index(["group", "arm"])["reach"]
    told = {(rows[place(text)[1]], columns[place(text)[0]]): text.get_text() for text in axes.texts}
    assert told == {(f"{group} (4)", arm): f"{100 * share:.1f}" for (group, arm), share in shares.items()}


def test_times_are_drawn_as_steps_in_a_panel_a_share(study):
    figure = time_to_share.time_to_share(study.times)
    assert [axes.get_title("left") for axes in figure.axes] == [f"{share} % of the agents" for share in (10, 25, 50)]
    for axes, share in zip(figure.axes, (0.1, 0.25, 0.5), strict=True):
        here = study.times[study.times["share"] == share]
        reached = sorted(map(tuple, (100 * here["reached"]).to_numpy().reshape(4, -1).round(9).tolist()))
        assert sorted(tuple(np.round(up(line), 9).tolist()) for line in axes.lines) == reached
        assert {line.get_drawstyle() for line in axes.lines} == {"steps-post"}


def test_agents_are_as_dark_as_they_are_likely_to_adopt_and_the_difference_has_a_direction(study):
    network = study.study.networks[0]
    figure = adoption_map.adoption_map(study.agents, network, arms=["hubs", "random"])
    shares = {arm: own["p_adopted"].to_numpy() for arm, own in study.agents.groupby("arm")}
    drawn = [collection for collection in figure.axes[0].collections if collection.get_array() is not None]
    told = sorted(np.concatenate([np.asarray(collection.get_array()) for collection in drawn]))
    assert told == pytest.approx(sorted(100 * shares["hubs"]))
    leaders = figure.axes[0].texts
    assert {text.get_text() for text in leaders} == set(
        study.agents[(study.agents["arm"] == "hubs") & (study.agents["p_leads"] == 1)]["agent"]
    )
    more = shares["hubs"] - shares["random"]
    _, same, more_often, less_often = figure.axes[2].collections
    counts = [len(np.asarray(found.get_offsets())) for found in (same, more_often, less_often)]
    assert counts == [(np.abs(more) <= 0.01).sum(), (more > 0.01).sum(), (more < -0.01).sum()]
    assert counts[1] > 0


def test_a_map_of_an_arm_that_does_not_exist_is_refused(study):
    with pytest.raises(InputError, match=r'there is no arm "hub"; did you mean "hubs"\?; known: random, hubs'):
        adoption_map.adoption_map(study.agents, study.study.networks[0], arms=["hub"])


def test_bands_are_as_wide_as_the_credit_that_they_carry(study):
    figure = credit_flow.credit_flow(study.credit)
    for axes in figure.axes:
        own = study.credit[study.credit["arm"] == axes.get_title("left")].sort_values(["source", "target"])
        extents = [np.asarray(band.get_path().vertices) for band in axes.patches if isinstance(band, PathPatch)]
        thick = np.array([outline[-2, 1] - outline[0, 1] for outline in extents])
        assert len(thick) == len(own) > 2
        assert thick / thick.sum() == pytest.approx((own["adopters"] / own["adopters"].sum()).to_numpy())
        totals = own.groupby("target")["adopters"].sum()
        told = {text.get_text() for text in axes.texts}
        assert {f"{role} {amount:.1f}" for role, amount in totals.items()} <= told


@pytest.mark.parametrize("draw", ["ranking", "best_shares", "heat_map", "curves", "times", "map", "credit"])
def test_a_loaded_study_draws_every_figure(study, draw):
    figure = getattr(study, f"draw_{draw}")(width_mm=84)
    assert figure.get_figwidth() * 25.4 == pytest.approx(84)
    assert figure._repr_png_().startswith(b"\x89PNG")

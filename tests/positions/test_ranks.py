"""Ranks, first places and rank correlations."""

from __future__ import annotations

import numpy as np
import pytest
from generated import networks
from graphs import network_of, path, star
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from diffusion.errors import InputError
from diffusion.positions import POSITIONS, leader_choice
from diffusion.positions.ranks import SCORED, rank_correlations, ranks, scored_positions, top

positions = st.sampled_from([POSITIONS[name] for name in SCORED if name != "sector_holes"])  # which needs sectors


@given(networks(), positions, st.data())
def test_the_first_places_go_to_those_whom_a_scenario_would_make_leaders(network, position, data):
    count = data.draw(st.integers(1, network.size))
    found, choice = top(position, network, count), leader_choice(network, position=position.name, count=count)
    if len(found.agents) + found.places == count:  # otherwise some scores are undefined
        assert (tuple(sorted(found.agents)), found.places) == (choice.fixed, choice.places)
        assert (found.tied if found.places else ()) == choice.among


@given(networks(), positions)
def test_ranks_count_from_one_and_share_their_mean(network, position):
    found = ranks(position, network)
    assert found.sum() == pytest.approx(network.size * (network.size + 1) / 2)
    scores = position.scores(network)
    if not position.sources_first and not np.isnan(scores).any():
        ordered = scores if position.pick == "lowest" else -scores
        assert found.tolist() == stats.rankdata(np.round(ordered, 9)).tolist()


def test_undefined_scores_come_last_together_and_hold_no_place():
    network = network_of(5, [(0, 1), (1, 0), (1, 2), (2, 1)])
    assert ranks(POSITIONS["constraint"], network).tolist() == [2.5, 1.0, 2.5, 4.5, 4.5]
    assert top(POSITIONS["constraint"], network, 5).agents == (1, 0, 2)


def test_marginal_agents_come_first_only_if_somebody_learns_from_them():
    network = network_of(4, [(0, 1), (0, 2), (0, 3), (1, 0)])
    assert ranks(POSITIONS["marginal"], network).tolist() == [2.0, 1.0, 3.5, 3.5]


def test_equal_scores_share_the_last_place():
    found = top(POSITIONS["out_degree"], star(6), 3)
    assert (found.agents, found.places, found.tied) == ((0,), 2, (1, 2, 3, 4, 5))
    assert top(POSITIONS["out_degree"], star(6), 1).tied == ()


@given(networks(), st.booleans())
def test_correlations_are_those_of_scipy(network, is_kendall):
    chosen = scored_positions(["out_degree", "betweenness", "constraint"])
    found = rank_correlations(network, chosen, is_kendall=is_kendall)
    columns = [ranks(position, network) for position in chosen]
    correlation = stats.kendalltau if is_kendall else stats.spearmanr
    for row, first in enumerate(columns):
        for column, second in enumerate(columns):
            if np.ptp(first) == 0 or np.ptp(second) == 0:
                assert np.isnan(found[row, column])
            else:
                assert found[row, column] == pytest.approx(correlation(first, second).statistic)


def test_positions_that_pick_alike_correlate_positively_though_one_picks_the_lowest_score():
    found = rank_correlations(path(5), scored_positions(["betweenness", "constraint"]))
    assert found[0, 1] > 0.5


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["betwenness"], 'there is no position "betwenness"; did you mean "betweenness"?'),
        (["random"], 'the position "random" scores nobody: it is drawn anew in every replicate'),
        ([], "name at least one position; known are out_degree, "),
    ],
)
def test_a_position_that_scores_nobody_is_refused(names, message):
    with pytest.raises(InputError, match=r"position") as error:
        scored_positions(names)
    assert str(error.value).startswith(message)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uncertain_cases import assert_count_by_chance, drawn_network, networks, tie_set, worlds

from diffusion.network.network import Network
from diffusion.network.uncertain import SurveyError, imputed, observed
from diffusion.network.uncertain.blocks import Blocks
from diffusion.network.uncertain.imputed import plug_in
from diffusion.network.uncertain.ties import ties_of

LARGE = drawn_network(2_000, 20_000)
PAIRS = [(f"a{number:04d}", f"b{number:04d}") for number in range(1_500)]


def undirected() -> Network:
    """Return pairs who are tied in both directions."""
    first, second = zip(*PAIRS, strict=True)
    source, target = [*first, *second], [*second, *first]
    return Network.from_tables(name="pairs", ids=[*first, *second], source=source, target=target)


@given(networks, worlds)
def test_without_error_what_was_observed_is_the_network(network: Network, world: int):
    assert imputed(network, SurveyError(), seed=1, world=world).digest == network.digest


def test_the_numbers_of_false_and_missing_ties_are_the_plug_in_estimates():
    network = Network.from_tables(name="ring", ids="abcdef", source="abcdef", target="bcdefa")
    error = SurveyError(missing_ties=0.5, false_ties=0.25)  # T = 6 / 0.75 = 8: 4 told, 4 missed, 2 false
    false, missed = plug_in(Blocks(network), ties_of(network), error)
    assert false.tolist() == [[[pytest.approx(2 / 6)]]]
    assert missed.tolist() == [[[pytest.approx(4)]]]


def test_where_all_true_ties_are_missed_those_observed_are_false_and_the_rest_unknown():
    network = Network.from_tables(name="ring", ids="abcdef", source="abcdef", target="bcdefa")
    false, missed = plug_in(Blocks(network), ties_of(network), SurveyError(missing_ties=1.0, false_ties=0.5))
    assert (false.tolist(), missed.tolist()) == ([[[1.0]]], [[[12.0]]])
    full = imputed(network, SurveyError(missing_ties=1.0), seed=1, world=0)
    assert full.tie_count == 30, "no share of nothing can be six ties, so there is room for all"


def test_as_many_ties_are_taken_away_and_added_as_is_estimated():
    error = SurveyError(
        missing_ties=(("formal", 0.3), ("informal", 0.1)),
        false_ties=(("formal", 0.1),),
        missing_between_roles=((("firm", "nurse"), 2.0),),
    )
    made = imputed(LARGE, error, seed=3, world=0)
    role = dict(zip(LARGE.ids, LARGE.roles, strict=True))
    told, drawn = tie_set(LARGE), tie_set(made)
    for layer, pair, missing, false in (
        ("formal", ("nurse", "firm"), 0.3, 0.1),
        ("formal", ("firm", "nurse"), 0.6, 0.1),
        ("informal", ("firm", "nurse"), 0.2, 0.0),
    ):
        there, kept, added = (
            sum(tie[2] == layer and (role[tie[0]], role[tie[1]]) == pair for tie in ties)
            for ties in (told, told & drawn, drawn - told)
        )
        untold = LARGE.roles.count(pair[0]) * LARGE.roles.count(pair[1]) - there
        true = there / (1 - missing + false)
        assert_count_by_chance(there - kept, there, false / (1 - missing + false))
        assert_count_by_chance(added, untold, true * missing / untold)


def test_imputing_what_a_survey_of_this_error_found_gives_as_many_ties_as_there_are():
    error = SurveyError(missing_ties=0.25, false_ties=0.1)
    counts = [
        imputed(observed(LARGE, error, seed=1, world=world).network, error, seed=2, world=world).tie_count
        for world in range(10)
    ]
    # Standard deviations of both steps are below 100 ties each, so that of the mean of ten is below 45.
    assert abs(np.mean(counts) - LARGE.tie_count) < 5 * 45


def test_there_are_no_more_additions_than_there_is_room_for():
    network = Network.from_tables(name="ring", ids="abcd", source="abcd", target="bcda")
    assert imputed(network, SurveyError(missing_ties=0.9), seed=1, world=0).tie_count == 12


def test_undirected_ties_are_taken_away_and_added_in_both_directions():
    network = undirected()
    made = imputed(network, SurveyError(missing_ties=0.3, false_ties=0.2), seed=1, world=0)
    told, drawn = tie_set(network), tie_set(made)
    assert {(target, source, layer) for source, target, layer in drawn} == drawn
    assert_count_by_chance(len(told - drawn) // 2, len(PAIRS), 0.2 / 0.9)
    untold = 3_000 * 2_999 // 2 - len(PAIRS)
    assert_count_by_chance(len(drawn - told) // 2, untold, len(PAIRS) / 0.9 * 0.3 / untold)


@given(networks, worlds, st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), st.floats(0, 1))
def test_the_more_was_missed_the_more_is_added_and_the_less_kept(network, world, rates, false):
    less, more = (
        tie_set(imputed(network, SurveyError(missing_ties=rate, false_ties=false), seed=2, world=world))
        for rate in rates
    )
    told = tie_set(network)
    assert less - told <= more - told
    assert less & told >= more & told


@given(networks, worlds, st.tuples(st.floats(0, 3), st.floats(0, 3)).map(sorted))
def test_the_more_was_false_the_less_is_kept(network, world, rates):
    less, more = (tie_set(imputed(network, SurveyError(false_ties=rate), seed=2, world=world)) for rate in rates)
    assert more <= less <= tie_set(network)


def test_worlds_differ_and_repeat():
    network, error = drawn_network(60, 300), SurveyError(missing_ties=0.1, false_ties=0.1)
    digests = [imputed(network, error, seed=1, world=world).digest for world in range(20)]
    assert len(set(digests)) == 20
    assert imputed(network, error, seed=1, world=7).digest == digests[7]


def closed_two_paths(network: Network, ties: set[tuple[str, str, str]]) -> int:
    """Return how many of some ties are between agents who share an alter in the network."""
    alters = [set(network.alters.alters(agent).tolist()) for agent in range(network.size)]
    return sum(bool(alters[network.index[source]] & alters[network.index[target]]) for source, target, _ in ties)


@pytest.mark.parametrize("closing", [0.0, 0.5, 1.0])
def test_the_stated_share_of_additions_is_between_people_who_share_an_alter(closing: float):
    network = drawn_network(2_000, 6_000, number=2)
    error = SurveyError(missing_ties=0.3, closing=closing)
    added = tie_set(imputed(network, error, seed=3, world=0)) - tie_set(network)
    expected = network.tie_count / 0.7 * 0.3
    assert abs(len(added) - expected) < 5 * np.sqrt(expected)  # a Poisson number: one in 1.7 million is so far out
    by_chance = 0.018  # of 4 million pairs of 6 alters each
    assert_count_by_chance(closed_two_paths(network, added), len(added), closing + (1 - closing) * by_chance)


def test_undirected_additions_close_in_both_directions_and_in_their_roles():
    first = list(range(600))
    ends = [(a, (a + step) % 600) for a in first for step in (1, 2, 7)]
    source, target = zip(*ends, strict=True)
    ids = [f"n{number:03d}" for number in first]
    network = Network.from_tables(
        name="ring",
        ids=ids,
        roles=["firm" if number < 400 else "nurse" for number in first],
        source=[ids[place] for place in (*source, *target)],
        target=[ids[place] for place in (*target, *source)],
    )
    error = SurveyError(missing_ties=0.4, closing=1.0, missing_between_roles=((("nurse", "nurse"), 0.0),))
    added = tie_set(imputed(network, error, seed=3, world=0)) - tie_set(network)
    assert {(target, source, layer) for source, target, layer in added} == added
    assert closed_two_paths(network, added) == len(added)
    nurses = {text for text in ids if text >= "n400"}
    assert not any(source in nurses and target in nurses for source, target, _ in added)
    within = sum(source not in nurses and target not in nurses for source, target, _ in added) / 2
    told = sum(source not in nurses and target not in nurses for source, target, _ in tie_set(network)) / 2
    assert abs(within - told / 0.6 * 0.4) < 5 * np.sqrt(told / 0.6 * 0.4)


def test_where_too_few_pairs_share_an_alter_the_rest_of_the_additions_is_between_others():
    ids = [f"n{number:03d}" for number in range(300)]
    network = Network.from_tables(name="pairs", ids=ids, source=ids[:150], target=ids[150:])
    made = imputed(network, SurveyError(missing_ties=0.5, closing=1.0), seed=3, world=0)
    assert abs(made.tie_count - 300) < 5 * np.sqrt(150)


@given(networks, worlds, st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), st.floats(0, 1))
def test_additions_that_close_are_nested_too(network, world, rates, closing):
    less, more = (
        tie_set(imputed(network, SurveyError(missing_ties=rate, closing=closing), seed=2, world=world))
        for rate in rates
    )
    assert less <= more

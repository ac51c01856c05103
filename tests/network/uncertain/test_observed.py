from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from uncertain_cases import FALSE_ALARM, assert_count_by_chance, drawn_network, networks, rates, tie_set, worlds

from diffusion.network.network import Network
from diffusion.network.survey_error import Asked
from diffusion.network.uncertain import Observed, SurveyError, changes, nonresponse, observed

LARGE = drawn_network(2_000, 20_000)
ROLES = np.array(LARGE.roles)


def small(**more) -> Network:
    """Return three people: ann and bo turn to each other, cy turns to both."""
    source, target = ["ann", "bo", "ann", "bo"], ["bo", "ann", "cy", "cy"]
    return Network.from_tables(name="small", ids=["ann", "bo", "cy"], source=source, target=target, **more)


def world_with(network: Network, error: SurveyError, nonrespondents: list[str]) -> Observed:
    """Return the observed version of the first world in which just these people did not answer."""
    sought = [network.index[text] for text in nonrespondents]
    versions = (observed(network, error, seed=5, world=world) for world in range(1000))
    return next(version for version in versions if version.nonrespondents.tolist() == sought)


@given(networks, worlds)
def test_a_survey_without_error_finds_the_network_itself(network: Network, world: int):
    found = observed(network, SurveyError(), seed=1, world=world)
    assert found.network.digest == network.digest
    assert found.people.tolist() == list(range(network.size))
    assert not any(part.size for part in (found.nonrespondents, found.merged, found.split))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("turn-to", {("bo", "ann"), ("ann", "bo")}),
        ("tell", {("ann", "bo"), ("ann", "cy"), ("bo", "ann"), ("bo", "cy")}),
    ],
)
def test_what_a_nonrespondent_would_have_told_is_lost_and_nothing_else(asked: Asked, left: set[tuple[str, str]]):
    found = world_with(small(), SurveyError(asked=asked, missing_respondents=0.4), ["cy"])
    assert {(source, target) for source, target, _ in tie_set(found.network)} == left


def test_a_nonrespondent_stays_where_others_named_them():
    found = world_with(small(), SurveyError(missing_respondents=0.4), ["ann"])
    assert found.network.ids == ("ann", "bo", "cy")
    assert tie_set(found.network) == {("ann", "bo", "tie"), ("ann", "cy", "tie"), ("bo", "cy", "tie")}


def test_dropped_nonrespondents_leave_with_all_their_ties():
    error = SurveyError(missing_respondents=0.4, nonrespondents="dropped")
    found = world_with(small(columns={"site": ["x", "y", "z"]}), error, ["ann"])
    assert found.network.ids == ("bo", "cy")
    assert found.network.columns["site"] == ("y", "z")
    assert tie_set(found.network) == {("bo", "cy", "tie")}
    assert found.people.tolist() == [1, 2]


def test_where_everybody_is_dropped_nobody_is_left():
    error = SurveyError(missing_respondents=1.0, nonrespondents="dropped", merged_people=0.5, split_people=0.5)
    found = observed(small(), error, seed=1, world=0)
    assert (found.network.size, found.network.tie_count, found.people.tolist()) == (0, 0, [])


def test_where_nobody_tells_nothing_is_known():
    found = observed(small(), SurveyError(missing_respondents=1.0, false_ties=1.0), seed=1, world=0)
    assert (found.network.size, found.network.tie_count, found.network.layers) == (3, 0, ("tie",))


def test_every_role_answers_as_often_as_is_stated_for_it():
    error = SurveyError(missing_respondents=(("firm", 0.4), ("manager", 0.1)))
    silent = ROLES[observed(LARGE, error, seed=3, world=0).nonrespondents].tolist()
    assert_count_by_chance(silent.count("firm"), int((ROLES == "firm").sum()), 0.4)
    assert_count_by_chance(silent.count("manager"), int((ROLES == "manager").sum()), 0.1)
    assert silent.count("nurse") == 0


@pytest.mark.parametrize("leaning", [-2.0, 0.5, 30.0, 5_000.0])
def test_chances_of_not_answering_have_the_stated_mean_and_log_odds(leaning: float):
    error = SurveyError(missing_respondents=(("firm", 0.3), ("manager", 0.1)), missing_by_degree=leaning)
    chance = nonresponse(LARGE, error)
    assert chance[ROLES == "firm"].mean() == pytest.approx(0.3, abs=1e-9)
    assert chance[ROLES == "manager"].mean() == pytest.approx(0.1, abs=1e-9)
    assert (chance[ROLES == "nurse"] == 0).all()
    firms = np.flatnonzero(ROLES == "firm")
    degree = LARGE.alters.degrees
    one, other = firms[np.argsort(degree[firms])[[0, -1]]]
    if abs(leaning) < 3:
        odds = np.log(chance[other] / (1 - chance[other])) - np.log(chance[one] / (1 - chance[one]))
        assert odds == pytest.approx(leaning * (degree[other] - degree[one]) / degree.std())


def test_ties_are_missed_at_the_rate_of_their_layer_times_that_of_their_roles():
    error = SurveyError(
        missing_ties=(("informal", 0.2),), missing_between_roles=((("firm", "nurse"), 2.0), (("nurse", "nurse"), 9.0))
    )
    left = tie_set(observed(LARGE, error, seed=3, world=0).network)
    role = dict(zip(LARGE.ids, LARGE.roles, strict=True))
    for layer, pair, rate in (
        ("informal", ("firm", "nurse"), 0.4),
        ("informal", ("nurse", "firm"), 0.2),
        ("informal", ("nurse", "nurse"), 1.0),
        ("formal", ("firm", "nurse"), 0.0),
    ):
        there = {tie for tie in tie_set(LARGE) if tie[2] == layer and (role[tie[0]], role[tie[1]]) == pair}
        assert_count_by_chance(len(there - left), len(there), rate)


def test_false_ties_are_as_many_in_each_block_as_is_stated_and_of_the_strengths_of_their_layer():
    error = SurveyError(false_ties=(("formal", 0.3),), false_between_roles=((("firm", "nurse"), 2.0),))
    found = observed(LARGE, error, seed=3, world=0).network
    true, told = tie_set(LARGE), tie_set(found)
    assert true < told
    assert {layer for _, _, layer in told - true} == {"formal"}
    role = dict(zip(LARGE.ids, LARGE.roles, strict=True))
    for pair, rate in ((("firm", "nurse"), 0.6), (("nurse", "firm"), 0.3), (("firm", "firm"), 0.3)):
        there, new = (
            sum(layer == "formal" and (role[a], role[b]) == pair for a, b, layer in ties)
            for ties in (true, told - true)
        )
        pairs = LARGE.roles.count(pair[0]) * (LARGE.roles.count(pair[1]) - (pair[0] == pair[1]))
        assert_count_by_chance(new, pairs - there, rate * there / (pairs - there))
    formal = found.strength[found.layer == 0]
    before = LARGE.strength[LARGE.layer == 0]
    new_strong = int((formal == 1).sum() - (before == 1).sum())
    assert_count_by_chance(new_strong, len(formal) - len(before), float((before == 1).mean()))


def test_every_pair_without_a_tie_is_as_likely_to_get_a_false_one():
    network = Network.from_tables(name="five", ids="abcde", source="ab", target="bc")
    error = SurveyError(false_ties=3.0)
    counts: dict[tuple[str, str, str], int] = {}
    for world in range(2_000):
        for tie in tie_set(observed(network, error, seed=9, world=world).network) - tie_set(network):
            counts[tie] = counts.get(tie, 0) + 1
    assert len(counts) == 18
    for count in counts.values():  # 6 of 18 pairs in each world
        assert_count_by_chance(count, 2_000, 1 / 3)


def test_there_are_no_more_false_ties_than_there_is_room_for():
    found = observed(small(), SurveyError(false_ties=50.0), seed=1, world=0).network
    assert found.tie_count == 6
    assert changes(small(), found)["ties_added"] == 2


def test_nonrespondents_tell_no_false_ties():
    error = SurveyError(missing_respondents=0.5, false_ties=0.5)
    found = observed(LARGE, error, seed=3, world=0)
    assert found.network.in_alters.degrees[found.nonrespondents].sum() == 0
    assert changes(LARGE, found)["ties_added"] > 0


def test_whoever_has_more_names_than_room_gives_the_strongest():
    strength = {"a": 0.2, "b": 1.0, "c": 0.5, "d": 0.9}
    network = Network.from_tables(
        name="star", ids="abcdx", source=[*strength, "x"], target="xxxxa", strength=[*strength.values(), 0.1]
    )
    found = observed(network, SurveyError(name_cap=2), seed=1, world=0).network
    assert tie_set(found) == {("b", "x", "tie"), ("d", "x", "tie"), ("x", "a", "tie")}


def test_a_cap_holds_in_the_layers_for_which_it_is_stated_and_for_whoever_tells():
    sides: tuple[tuple[Asked, str], ...] = (("turn-to", "target"), ("tell", "source"))
    for asked, side in sides:
        found = observed(LARGE, SurveyError(asked=asked, name_cap=(("formal", 3),)), seed=1, world=0).network
        given_names = np.bincount(getattr(LARGE, side)[LARGE.layer == 0], minlength=LARGE.size)
        told = np.bincount(getattr(found, side)[found.layer == 0], minlength=LARGE.size)
        assert told.tolist() == np.minimum(given_names, 3).tolist()
        assert (found.layer == 1).sum() == (LARGE.layer == 1).sum()


def test_among_equally_strong_names_each_is_left_out_as_often():
    network = Network.from_tables(name="star", ids="abcx", source="abc", target="xxx")
    found = [tie_set(observed(network, SurveyError(name_cap=1), seed=1, world=world).network) for world in range(3_000)]
    for alter in "abc":
        assert_count_by_chance(sum((alter, "x", "tie") in ties for ties in found), 3_000, 1 / 3)


@given(networks, worlds, rates, st.sampled_from(["turn-to", "tell"]), st.floats(-2, 2))
def test_a_higher_rate_loses_the_same_respondents_and_ties_and_more(network, world, rates, asked, leaning):
    versions = [
        observed(
            network,
            SurveyError(asked=asked, missing_respondents=rate, missing_by_degree=leaning, missing_ties=rate),
            seed=2,
            world=world,
        )
        for rate in rates
    ]
    assert set(versions[0].nonrespondents) <= set(versions[1].nonrespondents)
    assert tie_set(versions[0].network) >= tie_set(versions[1].network)


@given(networks, worlds, st.tuples(st.floats(0, 4), st.floats(0, 4)).map(sorted))
def test_a_higher_rate_has_the_same_false_ties_and_more(network, world, rates):
    less, more = (observed(network, SurveyError(false_ties=rate), seed=2, world=world).network for rate in rates)
    assert tie_set(network) <= tie_set(less) <= tie_set(more)
    strength = dict(zip(sorted(tie_set(more)), more.strength.tolist(), strict=True))
    assert all(strength[tie] == s for tie, s in zip(sorted(tie_set(less)), less.strength.tolist(), strict=True))


@given(networks, worlds, st.integers(0, 5), st.integers(0, 5))
def test_room_for_fewer_names_leaves_the_same_ties_out_and_more(network, world, cap, more):
    few, many = (
        observed(network, SurveyError(name_cap=room), seed=2, world=world).network for room in (cap, cap + more)
    )
    assert tie_set(few) <= tie_set(many)


def test_neither_the_order_of_rows_nor_other_agents_change_what_becomes_of_a_tie():
    whole = small(roles=["firm", "nurse", "firm"])
    source, target = ["bo", "ann", "ann", "bo"], ["cy", "cy", "bo", "ann"]
    turned = Network.from_tables(
        name="turned", ids=["cy", "ann", "bo"], roles=["firm", "firm", "nurse"], source=source, target=target
    )
    larger = Network.from_tables(
        name="larger", ids=["ann", "bo", "cy", "al"], source=[*source, "al"], target=[*target, "bo"]
    )
    error = SurveyError(missing_respondents=0.3, missing_ties=0.3)
    for world in range(50):
        found = observed(whole, error, seed=4, world=world)
        again = observed(turned, error, seed=4, world=world)
        assert found.network.digest == again.network.digest
        among_more = tie_set(observed(larger, error, seed=4, world=world).network)
        assert tie_set(found.network) == {tie for tie in among_more if tie[0] != "al"}


def test_worlds_and_seeds_differ_and_repeat():
    error = SurveyError(missing_respondents=0.2, missing_ties=0.1, false_ties=0.1, merged_people=0.05)
    network = drawn_network(60, 300)
    digests = {
        (seed, world): observed(network, error, seed=seed, world=world).network.digest
        for seed in range(3)
        for world in range(10)
    }
    assert len(set(digests.values())) == 30
    assert observed(network, error, seed=1, world=7).network.digest == digests[1, 7]


def test_two_worlds_lose_ties_independently_of_each_other():
    error = SurveyError(missing_ties=0.5)
    lost = [tie_set(LARGE) - tie_set(observed(LARGE, error, seed=1, world=world).network) for world in range(2)]
    assert FALSE_ALARM < 1e-3
    assert_count_by_chance(len(lost[0] & lost[1]), LARGE.tie_count, 0.25)


def test_the_two_directions_of_a_pair_are_lost_independently():
    pairs = [(f"a{number}", f"b{number}") for number in range(4_000)]
    first, second = zip(*pairs, strict=True)
    network = Network.from_tables(
        name="pairs", ids=[*first, *second], source=[*first, *second], target=[*second, *first]
    )
    left = tie_set(observed(network, SurveyError(missing_ties=0.3), seed=1, world=0).network)
    both = sum((a, b, "tie") in left and (b, a, "tie") in left for a, b in pairs)
    assert_count_by_chance(both, len(pairs), 0.49)

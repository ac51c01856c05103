from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from uncertain_cases import assert_count_by_chance, drawn_network, networks, tie_set, worlds

from diffusion.network.network import Network
from diffusion.network.uncertain import SurveyError, changes, observed

LARGE = drawn_network(2_000, 6_000)


def test_of_two_merged_people_one_has_the_ties_of_both():
    network = Network.from_tables(
        name="three",
        ids=["ann", "bo", "cy"],
        roles=["nurse", "firm", "nurse"],
        columns={"site": "xyz"},
        source=["ann", "bo", "ann", "cy"],
        target=["bo", "cy", "cy", "ann"],
    )
    versions = [observed(network, SurveyError(merged_people=0.3), seed=1, world=world) for world in range(300)]
    merged = [version for version in versions if version.merged.size]
    kept = {version.network.ids for version in merged}
    assert kept == {("ann", "bo"), ("bo", "cy")}, "two nurses, so they are taken for one another"
    for version in merged:
        one, *_ = set(version.network.ids) - {"bo"}
        assert tie_set(version.network) == {(one, "bo", "tie"), ("bo", one, "tie")}
        assert [network.ids[row] for row in version.people] == list(version.network.ids)
        assert version.network.columns["site"][version.network.index[one]] == {"ann": "x", "cy": "z"}[one]
    assert_count_by_chance(sum("ann" in version.network.ids for version in merged), len(merged), 0.5)


def test_repeats_of_merged_people_keep_the_strongest_tie():
    network = Network.from_tables(
        name="three", ids=["ann", "bo", "cy"], source=["ann", "bo"], target=["cy", "cy"], strength=[0.2, 0.9]
    )
    versions = (observed(network, SurveyError(merged_people=0.5), seed=1, world=world) for world in range(200))
    found = [version.network for version in versions if "cy" in version.network.ids and version.network.size == 2]
    united = [made for made in found if made.tie_count]
    assert {made.strength.tolist()[0] for made in united} >= {0.9}


def test_as_many_people_are_merged_as_is_stated_and_all_with_their_likes():
    found = observed(LARGE, SurveyError(merged_people=0.05), seed=2, world=0)
    assert_count_by_chance(len(found.merged), LARGE.size, 0.05)
    assert found.network.size == LARGE.size - len(found.merged)
    lost = set(found.merged.tolist())
    assert set(found.people.tolist()) == set(range(LARGE.size)) - lost


def test_where_no_other_of_the_role_is_left_people_are_merged_with_others():
    network = Network.from_tables(name="four", ids="abcd", roles=["v", "x", "y", "z"], source="a", target="b")
    found = observed(network, SurveyError(merged_people=1.0), seed=2, world=0)
    assert (found.network.size, len(found.merged)) == (2, 2)


def test_someone_listed_twice_has_their_ties_dealt_out_to_two_records():
    names = [f"p{number:03d}" for number in range(400)]
    network = Network.from_tables(
        name="star", ids=["hub", *names], source=["hub"] * 400, target=names, columns={"site": ["x"] * 401}
    )
    versions = (observed(network, SurveyError(split_people=0.3), seed=2, world=world) for world in range(100))
    found = next(version for version in versions if "hub (2)" in version.network.ids)
    degree = dict(zip(found.network.ids, found.network.out_alters.degrees.tolist(), strict=True))
    assert degree["hub"] + degree["hub (2)"] == 400
    assert_count_by_chance(degree["hub"], 400, 0.5)
    assert found.network.ids == tuple(sorted(found.network.ids))
    for text, row in zip(found.network.ids, found.people.tolist(), strict=True):
        assert text.removesuffix(" (2)") == network.ids[row]
    assert_count_by_chance(len(found.split), network.size, 0.3)


def test_the_second_record_gets_an_id_that_nobody_has():
    network = Network.from_tables(name="two", ids=["a", "a (2)"], source=["a"], target=["a (2)"])
    found = observed(network, SurveyError(split_people=1.0), seed=2, world=0)
    assert found.network.ids == ("a", "a (2)", "a (2) (2)", "a (3)")
    assert found.people.tolist() == [0, 1, 1, 0]
    assert found.network.tie_count == 1


@given(networks, worlds, st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_a_higher_share_merges_and_splits_the_same_people_and_more(network, world, rates):
    few, many = (
        observed(network, SurveyError(merged_people=rate), seed=2, world=world).merged.tolist() for rate in rates
    )
    assert set(few) <= set(many)
    assert len(many) <= network.size // 2
    few, many = (
        observed(network, SurveyError(split_people=rate), seed=2, world=world).split.tolist() for rate in rates
    )
    assert set(few) <= set(many)


@given(networks, worlds, st.floats(0, 1), st.floats(0, 1))
def test_merging_and_splitting_neither_lose_nor_invent_people_or_ties(network, world, merged, split):
    found = observed(network, SurveyError(merged_people=merged, split_people=split), seed=3, world=world)
    assert found.network.size == network.size - len(found.merged) + len(found.split)
    assert set(found.people.tolist()) == set(range(network.size)) - set(found.merged.tolist())
    assert sorted(found.people.tolist()) == sorted([*set(found.people.tolist()), *found.split.tolist()])
    assert found.network.tie_count <= network.tie_count
    assert [network.roles[row] for row in found.people] == list(found.network.roles)


def test_changes_count_what_became_of_ties_and_people():
    network = Network.from_tables(name="ring", ids="abcd", source="abcd", target="bcda")
    error = SurveyError(missing_respondents=1.0, nonrespondents="kept")
    assert changes(network, observed(network, error, seed=1, world=0)) == {
        "ties": 4,
        "ties_lost": 4,
        "ties_added": 0,
        "people": 4,
        "people_left_out": 0,
        "nonrespondents": 4,
        "people_merged": 0,
        "people_split": 0,
    }
    other = Network.from_tables(name="other", ids="abc", source="ab", target="bc")
    told = changes(network, other)
    assert (told["ties_lost"], told["ties_added"], told["people_left_out"]) == (2, 0, 1)
    layered = Network.from_tables(name="layered", ids="abcd", source="aa", target="bb", layer=["tie", "advice"])
    told = changes(network, layered)
    assert (told["ties_lost"], told["ties_added"]) == (3, 1), "advice is a layer that the ring has not"

"""Matched leaders: of the same role and out-degree, never those who hold the position, drawn anew each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diffusion.draws import Purpose
from diffusion.network.network import Network
from diffusion.positions import LeaderChoice, leader_table
from diffusion.positions.matching import matched_table, matched_words, matching


def spokes(*degrees: int, roles: str = "") -> Network:
    """Return agents a, b, c, … who teach so many of a crowd of others each."""
    names = [chr(97 + place) for place in range(len(degrees))]
    crowd = [f"z{number:02d}" for number in range(max(degrees, default=0))]
    ties = [(name, crowd[place]) for name, degree in zip(names, degrees, strict=True) for place in range(degree)]
    return Network.from_tables(
        name="spokes",
        ids=[*names, *crowd],
        roles=[*(roles or "m" * len(names)), *("z" * len(crowd))],
        source=[source for source, _ in ties],
        target=[target for _, target in ties],
    )


def candidates(network: Network, *leaders: str) -> dict[str, list[str]]:
    found = matching(network, LeaderChoice(tuple(network.index[name] for name in leaders)))
    return {
        network.ids[leader]: [network.ids[agent] for agent in agents]
        for leader, agents in zip(found.leaders, found.candidates, strict=True)
    }


def unmatched(network: Network, *leaders: str) -> list[str]:
    found = matching(network, LeaderChoice(tuple(network.index[name] for name in leaders)))
    return [network.ids[agent] for agent in found.unmatched]


def test_a_match_differs_by_at_most_a_tenth_of_the_out_degree():
    # Of 20: 18 to 22.
    assert candidates(spokes(20, 17, 18, 20, 22, 23), "a") == {"a": ["c", "d", "e"]}


def test_with_few_ties_a_match_may_differ_by_one():
    assert candidates(spokes(3, 1, 2, 3, 4, 5), "a") == {"a": ["c", "d", "e"]}


def test_a_match_has_the_leaders_role():
    assert candidates(spokes(3, 3, 3, 3, 3, roles="mmfmf"), "a") == {"a": ["b", "d"]}


def test_who_holds_the_position_is_no_match():
    assert candidates(spokes(3, 3, 3, 3), "a", "b") == {"a": ["c", "d"], "b": ["c", "d"]}


@pytest.mark.parametrize(
    ("degrees", "leaders", "without"),
    [
        ((3, 3), "a", ["a"]),  # one candidate only: it would always be the same
        ((9, 3, 3, 3), "ab", ["a"]),
        ((3, 3, 3, 3, 3), "abc", ["c"]),  # two candidates for three leaders
        ((3, 3, 3, 3, 3), "ab", []),
    ],
)
def test_where_fewer_than_two_qualify_or_too_few_for_all_there_is_no_match(degrees, leaders, without):
    assert unmatched(spokes(*degrees), *leaders) == without


def assert_matched(network: Network, choice: LeaderChoice, replicates: int = 130) -> None:
    found = matching(network, choice)
    assert not found.unmatched
    leads = leader_table(choice, network, seed=1, world=0, replicates=replicates)
    table = matched_table(found, network, seed=1, world=0, replicates=replicates)
    degrees, allowed = network.out_alters.degrees, dict(zip(found.leaders, found.candidates, strict=True))
    for leading, matches in zip(leads, table, strict=True):
        assert matches.sum() == leading.sum()  # all differ
        assert not (matches & leading).any()
        # Roles are the same one by one, and every match is near some leader of its role.
        assert sorted(network.role_index[leading]) == sorted(network.role_index[matches])
        for agent in np.flatnonzero(matches):
            near = [leader for leader in np.flatnonzero(leading).tolist() if agent in allowed[leader]]
            assert near
            assert min(abs(degrees[agent] - degrees[leader]) - max(1, degrees[leader] / 10) for leader in near) <= 0


@settings(max_examples=60)
@given(
    degrees=st.lists(st.integers(2, 5), min_size=6, max_size=10),
    fixed=st.sets(st.integers(0, 5), min_size=1, max_size=3),
    roles=st.lists(st.sampled_from("mmf"), min_size=10, max_size=10),
)
def test_matches_satisfy_the_rule_in_every_replicate(degrees, fixed, roles):
    network, choice = spokes(*degrees, roles="".join(roles[: len(degrees)])), LeaderChoice(tuple(sorted(fixed)))
    assume(not matching(network, choice).unmatched)
    assert_matched(network, choice, 70)


def test_matches_satisfy_the_rule_where_places_are_drawn_among_equals():
    network = spokes(*[4] * 12)
    assert_matched(network, LeaderChoice((0,), 2, (1, 2, 3, 4), Purpose.TIE_BREAK))


def test_where_the_smallest_numbers_do_not_go_round_others_move():
    network = spokes(3, 5, 5, 3, 4, 5)
    assert candidates(network, "a", "b", "c") == {"a": ["d", "e"], "b": ["e", "f"], "c": ["e", "f"]}
    found = matching(network, LeaderChoice((0, 1, 2)))
    table = matched_table(found, network, seed=1, world=0, replicates=1000)
    assert (table[:, [3, 4, 5]]).all()
    assert table.sum() == 3000


def test_every_candidate_is_equally_likely_and_another_seed_draws_others():
    network = spokes(*[4] * 5)
    found = matching(network, LeaderChoice((0,)))
    table = matched_table(found, network, seed=1, world=0, replicates=4000)
    counts = table.sum(axis=0)[1:5]
    assert counts.sum() == 4000
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(4000 * 0.25 * 0.75)
    assert (matched_table(found, network, seed=2, world=0, replicates=4000) != table).any()


def test_the_words_of_a_block_do_not_depend_on_the_blocks_before():
    network = spokes(*[4] * 7)
    found = matching(network, LeaderChoice((0, 1)))
    words = matched_words(found, network, seed=1, world=0, block=3)
    table = matched_table(found, network, seed=1, world=0, replicates=256)
    bits = (words[:, np.newaxis] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    assert (table[192:] == bits.T.astype(bool)).all()

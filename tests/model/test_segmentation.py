"""Segmentation and snowball recruiting: whom they win over, and when."""

from __future__ import annotations

import numpy as np
import pytest
from engines import block_of, everywhere, leaders_in
from played import ALARM, CERTAIN, STILL, adopted, changes_of, lanes_with, played, problems_of, said, shortly
from scipy import stats

from diffusion.draws import LANES
from diffusion.model.interventions.changes import Recruits
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.recruiting import Snowball
from diffusion.model.interventions.segmentation import Segmentation
from diffusion.network.network import Network

PATH = Network.from_tables(
    name="path",
    ids="abcdef",
    roles=["manager", "manager", "academic", "academic", "firm", "firm"],
    columns={"organisation": ["x", "x", "x", "y", "y", ""], "empty": [""] * 6},
    source="abcde",
    target="bcdef",
)
CLIQUES = Network.from_tables(name="cliques", ids="abcdefg", source=[*"aabcdddeef", "g"], target=[*"bccdefgfgg", "a"])
"""A triangle and a clique of four, tied by c → d and g → a."""

STAR = Network.from_tables(name="star", ids="abcdefg", source="aaaaaa", target="bcdefg")
ALONE = Network.from_tables(name="alone", ids="abc", source="", target="")


def segment(**keys: object) -> Segmentation:
    return Segmentation(name="s", **keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("network", "keys", "won"),
    [
        (PATH, {"groups": 1}, "abc"),
        (PATH, {"groups": 2}, "abcde"),
        (PATH, {"names": ("y",)}, "de"),
        (PATH, {"by": "role", "groups": 1}, "cd"),
        (PATH, {"by": "role", "names": ("firm", "manager")}, "abef"),
        (CLIQUES, {"by": "community", "groups": 1}, "defg"),
        (CLIQUES, {"by": "community", "names": ("2",)}, "abc"),
        (STAR, {"by": "equivalence", "groups": 1, "positions": 2}, "bcdefg"),
        (STAR, {"by": "equivalence", "names": ("2",), "positions": 3}, "a"),
        (STAR, {"by": "core", "groups": 1}, "a"),
        (STAR, {"by": "core", "names": ("periphery",)}, "bcdefg"),
    ],
    ids=str,
)
def test_every_member_of_the_groups_adopts_at_the_step_and_nobody_else(
    network: Network, keys: dict[str, object], won: str
) -> None:
    assert adopted(network, segment(**keys, from_step=3), adoption=STILL) == [
        3 if agent in won else -1 for agent in network.ids
    ]


def test_members_move_a_stage_a_step_where_there_is_awareness() -> None:
    times = played(PATH, said(segment(groups=1, from_step=2), adoption=STILL, awareness=STILL))
    assert times.aware_at == [2, 2, 2, -1, -1, -1]
    assert times.adopted_at == [3, 3, 3, -1, -1, -1]


def test_the_order_of_rows_changes_nothing() -> None:
    order = [4, 1, 5, 0, 3, 2]
    shuffled = Network.from_tables(
        name="path",
        ids=[PATH.ids[row] for row in order],
        roles=[PATH.roles[row] for row in order],
        columns={"organisation": [PATH.columns["organisation"][row] for row in order]},
        source="edcba",
        target="fedcb",
    )
    half = said(segment(groups=2, share=0.5), adoption=STILL)
    first, second = (block_of(network, half, everywhere(network, "")).adopted_at for network in (PATH, shuffled))
    assert np.array_equal(first, second)


def test_members_take_part_as_often_as_is_stated() -> None:
    half = said(segment(groups=2, share=0.3), adoption=STILL, steps=1)
    blocks = [block_of(PATH, half, everywhere(PATH, ""), block=block).adopted_at for block in range(40)]
    came = sum(int((times[:5] == 1).sum()) for times in blocks)
    assert stats.binomtest(came, 40 * 5 * LANES, 0.3).pvalue > ALARM


def test_whether_a_member_takes_part_depends_on_nobody_else() -> None:
    half = said(segment(by="role", names=("agent",), share=0.5), adoption=STILL)
    more, fewer = (block_of(network, half, everywhere(network, "")).adopted_at for network in (STAR, ALONE))
    assert np.array_equal(more[:3], fewer)


def test_only_a_share_makes_segmentation_vary() -> None:
    assert [segment(groups=1, share=share).varies for share in (0.0, 0.5, 1.0)] == [False, True, False]


def test_recruits_recruit_in_the_next_wave_and_leaders_in_the_first_only() -> None:
    assert adopted(PATH, Snowball(name="s", recruits=1, waves=3), "a", adoption=STILL) == [0, 1, 2, 3, -1, -1]
    slow = Snowball(name="s", recruits=2, waves=2, every=3, from_step=2)
    assert adopted(PATH, slow, "a", adoption=STILL) == [0, 2, 5, -1, -1, -1]
    once = adopted(STAR, Snowball(name="s", recruits=2, waves=5), "a", adoption=STILL)
    assert sorted(once) == [-1, -1, -1, -1, 0, 1, 1]


def test_recruits_move_a_stage_a_step_where_there_is_awareness() -> None:
    times = played(PATH, said(Snowball(name="s", recruits=1), adoption=STILL, awareness=STILL), "a")
    assert (times.aware_at[1], times.adopted_at[1]) == (1, 2)


def test_who_leads_or_has_joined_is_not_asked_again() -> None:
    triangle = Network.from_tables(name="triangle", ids="abcd", source=[*"aabbc"], target=[*"bcacd"])
    both = Snowball(name="s", recruits=1, waves=2)
    # Of a's alters b leads, so a asks c, as b does of c and a; c then asks d.
    assert adopted(triangle, both, "ab", adoption=STILL) == [0, 0, 1, 2]


def test_alters_are_asked_equally_often_and_agree_as_often_as_is_stated() -> None:
    words = np.zeros(6, dtype=np.int64)
    ask = Snowball(name="s", recruits=2, agrees=0.4)
    for block in range(60):
        [joining] = changes_of(STAR, ask, "a", block=block)
        assert isinstance(joining, Recruits)
        words[joining.agents - 1] += lanes_with(joining.lanes)
    assert stats.binomtest(int(words.sum()), 60 * LANES * 2, 0.4).pvalue > ALARM
    assert stats.chisquare(words).pvalue > ALARM


def test_who_is_asked_depends_on_no_stranger() -> None:
    ask = said(Snowball(name="s", recruits=2, waves=2, agrees=0.7), adoption=STILL)
    few = Network.from_tables(name="few", ids="abcdefg", source="aaaabbc", target="bcdecde")
    more = Network.from_tables(name="more", ids="abcdefghij", source="aaaabbchij", target="bcdecdeijh")
    small, large = (block_of(network, ask, everywhere(network, "a")).adopted_at for network in (few, more))
    assert np.array_equal(small, large[:7])


def test_each_lane_has_the_recruits_of_its_own_leaders() -> None:
    words = np.array([1, 2, 4, 8, 0, 0], dtype=np.uint64)
    snowball = said(Snowball(name="s", recruits=1, waves=2), adoption=STILL)
    times = block_of(PATH, snowball, words).adopted_at
    for lane in range(5):
        leaders = leaders_in(PATH, words, lane)
        expected = played(PATH, snowball, leaders, replicate=0).adopted_at
        assert times[:, lane].tolist() == expected


def test_a_snowball_in_a_certain_world_only_speeds_things_up() -> None:
    assert adopted(STAR, Snowball(name="s", recruits=1, from_step=2), "a", adoption=CERTAIN) == [0, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("network", "intervention", "line"),
    [
        (
            PATH,
            segment(by="organization", groups=1),
            's.by: the agents of "path" have no column "organization"; there is role, community, equivalence, core, o',
        ),
        (PATH, segment(by="empty", groups=1), 's.by: the column "empty" of "path" is empty; name one that says some'),
        (PATH, segment(), "s.groups: state one of groups and names; got neither"),
        (PATH, segment(groups=1, names=("x",)), "s.names: state one of groups and names; got groups and names"),
        (PATH, segment(groups=3), "s.groups: must be a whole number between 1 and 2, the number of groups by organis"),
        (PATH, segment(groups=0), "s.groups: must be a whole number between 1 and 2"),
        (PATH, segment(names=()), "s.names: names nobody; name a group by organisation, or say how many groups"),
        (
            PATH,
            segment(by="role", names=("mangers",)),
            's.names: there is no group "mangers" by role in "path"; did you mean "manager"?',
        ),
        (PATH, segment(groups=1, share=1.5), "s.share: must be a number between 0 and 1; got 1.5"),
        (PATH, segment(groups=1, from_step=9), "s.from: must be a step between 1 and 6, the last of the study; got 9"),
        (PATH, segment(by="equivalence", groups=1, positions=0), "s.positions: must be a whole number of at least 1"),
        (PATH, Snowball(name="s", recruits=0), "s.recruits: must be a whole number of at least 1; got 0"),
        (PATH, Snowball(name="s", recruits=1, waves=0), "s.waves: must be a whole number of at least 1; got 0"),
        (PATH, Snowball(name="s", recruits=1, every=0), "s.every: must be a whole number of steps, at least 1; got 0"),
        (PATH, Snowball(name="s", recruits=1, agrees=-1), "s.agrees: must be a number between 0 and 1; got -1"),
        (PATH, Snowball(name="s", recruits=1, from_step=0), "s.from: must be a step between 1 and 6"),
        (
            PATH,
            Snowball(name="s", recruits=1, waves=4, every=2, from_step=2),
            "s.waves: the last of 4 waves, one every 2 steps from step 2, would be at step 8, after the last of",
        ),
        (
            ALONE,
            Snowball(name="s", recruits=1),
            's.recruits: nobody can be asked, since no agent of "alone" has a tie to another',
        ),
    ],
    ids=shortly,
)
def test_what_does_not_fit_is_said_in_one_line(network: Network, intervention: Intervention, line: str) -> None:
    [problem] = problems_of(network, intervention)
    assert problem.startswith(f"interventions.{line}")

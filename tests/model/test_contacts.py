"""Outreach and matching: between whom they make ties, and for how long."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from engines import block_of, leaders_in
from played import ALARM, CERTAIN, EVERY, added_in, adopted, changes_of, played, problems_of, said, shortly
from scipy import stats

from diffusion.draws import LANES
from diffusion.model.interventions.changes import AddedTies
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.matching import Matching
from diffusion.model.interventions.outreach import Outreach
from diffusion.network.network import Network

SILENT = {"layers": {"tie": 0.0}}
"""Ties of the network pass nothing on: what happens comes of those that are added."""

STAR = Network.from_tables(name="star", ids="abcdef", source="aaaabe", target="bcdecf")
PATH = Network.from_tables(
    name="path",
    ids="abcdef",
    roles=["manager", "manager", "academic", "academic", "firm", "firm"],
    source="abcde",
    target="bcdef",
)
ALONE = Network.from_tables(name="alone", ids="abc", source="", target="")


def reach(**keys: object) -> Outreach:
    return Outreach(name="o", **keys)  # type: ignore[arg-type]


def match(**keys: object) -> Matching:
    return Matching(name="m", **keys)  # type: ignore[arg-type]


def test_a_leader_brings_all_its_alters_where_it_has_no_more_than_are_asked_for() -> None:
    assert adopted(STAR, reach(contacts=9, from_step=3), "a", **SILENT) == [0, 3, 3, 3, 3, -1]


def test_a_session_is_of_one_step() -> None:
    # f learns from e; c learns from b: neither is at a's session, so neither adopts after it.
    chain = Network.from_tables(name="chain", ids="abcdef", source="aabde", target="bccef")
    assert adopted(chain, reach(contacts=2, from_step=2), "a", **SILENT) == [0, 2, 2, -1, -1, -1]


def test_each_leader_brings_as_many_as_are_asked_for_and_no_leader() -> None:
    for lane in EVERY:
        ties = added_in(STAR, changes_of(STAR, reach(contacts=2), "ab"), lane)
        own = {target for source, target in ties if source == "a"}
        assert len(own) == 2
        assert own <= {"c", "d", "e"}
        assert {target for source, target in ties if source == "b"} == {"c"}


def test_all_who_are_at_a_session_have_ties_to_one_another_and_to_nobody_else() -> None:
    ties = added_in(STAR, changes_of(STAR, reach(contacts=9), "e"), 5)
    assert ties == {("e", "f"), ("f", "e")}
    ties = added_in(STAR, changes_of(STAR, reach(contacts=9), "a"), 5)
    assert ties == {(one, two) for one in "abcde" for two in "abcde" if one != two}


def test_sessions_are_repeated_with_contacts_drawn_anew() -> None:
    changes = changes_of(STAR, reach(contacts=1, every=2, until_step=6), "a")
    assert [change.from_step for change in changes if isinstance(change, AddedTies)] == [1, 3, 5]
    assert all(isinstance(change, AddedTies) and change.dated and change.layer == "event" for change in changes)
    same = sum(added_in(STAR, changes[:1], lane) == added_in(STAR, changes[1:2], lane) for lane in EVERY)
    assert stats.binomtest(same, LANES, 0.25).pvalue > ALARM


def test_every_alter_is_brought_equally_often() -> None:
    brought: Counter[str] = Counter()
    for block in range(40):
        changes = changes_of(STAR, reach(contacts=1), "a", block=block)
        brought.update(target for lane in EVERY for source, target in added_in(STAR, changes, lane) if source == "a")
    assert sum(brought.values()) == 40 * LANES
    assert stats.chisquare([brought[alter] for alter in "bcde"]).pvalue > ALARM


def test_whom_a_leader_brings_depends_on_no_stranger() -> None:
    more = Network.from_tables(name="more", ids="abcdefghi", source="aaaabeghi", target="bcdecfhig")
    few, many = (changes_of(network, reach(contacts=2), "a") for network in (STAR, more))
    assert all(added_in(STAR, few, lane) == added_in(more, many, lane) for lane in EVERY)


def test_learners_are_matched_to_the_leader_with_the_fewest_steps_to_go() -> None:
    changes = changes_of(PATH, match(), "ad")
    assert all(added_in(PATH, changes, lane) == {("a", "b"), ("a", "c"), ("d", "e"), ("d", "f")} for lane in EVERY)


def test_a_match_lasts_as_long_as_is_stated() -> None:
    assert adopted(PATH, match(from_step=3), "ad", **SILENT) == [0, 3, 3, 0, 3, 3]
    assert adopted(PATH, match(from_step=3, learners=("firm",)), "ad", **SILENT) == [0, -1, -1, 0, 3, 3]
    pair = Network.from_tables(name="pair", ids="abc", source="b", target="c")
    alone = match(from_step=2, until_step=2)
    times = played(pair, said(alone, adoption=CERTAIN), "a")
    assert times.adopted_at == [0, 2, 2]
    assert {(change.from_step, change.until_step) for change in changes_of(pair, alone, "a")} == {(2, 2)}  # type: ignore[union-attr]


def test_learners_whom_no_leader_reaches_are_matched_all_the_same() -> None:
    changes = changes_of(PATH, match(), "f")
    assert added_in(PATH, changes, 9) == {("f", learner) for learner in "abcde"}


def test_nobody_is_matched_where_nobody_leads() -> None:
    assert changes_of(PATH, match(), "") == []


@pytest.mark.parametrize(
    ("network", "keys"),
    [
        (Network.from_tables(name="vee", ids="abcx", source="abc", target="xxx"), {}),
        (Network.from_tables(name="none", ids="abcx", source="", target=""), {}),
        (Network.from_tables(name="one", ids="abcx", source="a", target="x"), {"to": "random"}),
    ],
    ids=lambda case: getattr(case, "name", ""),
)
def test_equals_are_matched_equally_often(network: Network, keys: dict[str, object]) -> None:
    leaders: Counter[str] = Counter()
    for block in range(40):
        changes = changes_of(network, match(**keys), "abc", block=block)
        leaders.update(source for lane in EVERY for source, _ in added_in(network, changes, lane))
    assert sum(leaders.values()) == 40 * LANES
    assert stats.chisquare([leaders[leader] for leader in "abc"]).pvalue > ALARM


def test_who_is_matched_to_whom_depends_on_no_other_learner() -> None:
    few = Network.from_tables(name="few", ids="abcx", source="", target="")
    more = Network.from_tables(name="more", ids="abcdefx", source="d", target="e")
    small, large = (changes_of(network, match(), "abc") for network in (few, more))
    for lane in EVERY:
        assert added_in(few, small, lane) == {tie for tie in added_in(more, large, lane) if tie[1] == "x"}


@pytest.mark.parametrize("intervention", [reach(contacts=1), match(), match(to="random")], ids=str)
def test_each_lane_has_the_ties_of_its_own_leaders(intervention: Intervention) -> None:
    words = np.array([1, 2, 5, 6, 8, 0], dtype=np.uint64)
    times = block_of(STAR, said(intervention), words, seed=3).adopted_at
    assert intervention.varies
    for lane in range(5):
        expected = played(STAR, said(intervention), leaders_in(STAR, words, lane), replicate=lane).adopted_at
        assert times[:, lane].tolist() == expected


@pytest.mark.parametrize(
    ("network", "intervention", "line"),
    [
        (STAR, reach(contacts=0), "o.contacts: must be a whole number of at least 1; got 0"),
        (STAR, reach(contacts=1, strength=0), "o.strength: must be a number above 0, up to 1; got 0"),
        (STAR, reach(contacts=1, every=0), "o.every: must be a whole number of steps, at least 1; got 0"),
        (STAR, reach(contacts=1, from_step=7), "o.from: must be a step between 1 and 6, the last of the study; got 7"),
        (STAR, reach(contacts=1, until_step=7), "o.until: must be a step between 1, the first, and 6, the last; got 7"),
        (ALONE, reach(contacts=1), 'o.contacts: nobody can be asked, since no agent of "alone" has a tie to another'),
        (PATH, match(to="neerest"), 'm.to: must be one of nearest, random; got "neerest"; did you mean "nearest"?'),
        (PATH, match(strength=2), "m.strength: must be a number above 0, up to 1; got 2"),
        (PATH, match(learners=()), "m.learners: names no role; name one, or leave learners out for everybody"),
        (
            PATH,
            match(learners=("academics",)),
            'm.learners: no agent of "path" has the role "academics"; did you mean "academic"?',
        ),
    ],
    ids=shortly,
)
def test_what_does_not_fit_is_said_in_one_line(network: Network, intervention: Intervention, line: str) -> None:
    [problem] = problems_of(network, intervention)
    assert problem == f"interventions.{line}"

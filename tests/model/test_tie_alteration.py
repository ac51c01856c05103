"""Ties that are added, taken away or given another strength: which, when and how often."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from engines import block_of, everywhere
from played import (
    ALARM,
    EVERY,
    added_in,
    adopted,
    changes_of,
    lanes_with,
    played,
    problems_of,
    removed_in,
    said,
    shortly,
)
from scipy import stats

from diffusion.draws import LANES
from diffusion.model.interventions.changes import RemovedTies, RestrengthenedTies
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.tie_addition import MOST_AGENTS, TieAddition
from diffusion.model.interventions.tie_alteration import TieRemoval, TieStrengthening
from diffusion.model.parameters import StageParameters
from diffusion.network.network import Network

ROLES = ["manager", "manager", "academic", "academic", "firm", "firm"]
PATH = Network.from_tables(
    name="path",
    ids="abcdef",
    roles=ROLES,
    columns={"organisation": ["x", "x", "x", "y", "y", ""], "sector": ["s", "s", "s", "t", "t", "t"]},
    source="abcde",
    target="bcdef",
)
BOTH = Network.from_tables(
    name="both",
    ids="abcdef",
    roles=ROLES,
    columns=PATH.columns,
    source="abcdebcdef",
    target="bcdefabcde",
    layer=["l"] * 5 + ["l", "l", "l", "l", "m"],
    strength=[0.5] * 10,
)
"""The same, ties both ways; that from f to e is in a layer of its own."""


def add(**keys: object) -> TieAddition:
    return TieAddition(name="t", **keys)  # type: ignore[arg-type]


def remove(**keys: object) -> TieRemoval:
    return TieRemoval(name="t", **keys)  # type: ignore[arg-type]


def strengthen(**keys: object) -> TieStrengthening:
    return TieStrengthening(name="t", **{"factor": 2.0, **keys})  # type: ignore[arg-type]


def test_a_named_tie_is_there_while_it_is_stated() -> None:
    assert adopted(PATH, add(ties=(("a", "f"),), from_step=3), "a") == [0, 1, 2, 3, 4, 3]
    assert adopted(PATH, add(ties=(("f", "a"),), from_step=3), "a") == [0, 1, 2, 3, 4, 3]
    assert adopted(PATH, add(ties=(("f", "a"),), both_ways=False), "a") == [0, 1, 2, 3, 4, 5]
    assert adopted(PATH, add(ties=(("e", "a"), ("e", "b")), until_step=2), "f") == [-1, -1, -1, -1, -1, 0]
    assert adopted(PATH, add(ties=(("c", "f"),), until_step=2), "c") == [-1, -1, 0, 1, 2, 1]


def test_a_named_tie_that_is_taken_away_is_away_while_it_is_stated() -> None:
    assert adopted(PATH, remove(ties=(("b", "c"),), until_step=4), "a") == [0, 1, 5, 6, -1, -1]
    assert adopted(PATH, remove(ties=(("b", "c"),), from_step=3), "a") == [0, 1, 2, 3, 4, 5]
    assert adopted(BOTH, remove(ties=(("c", "b"),)), "d", adoption=StageParameters("threshold", threshold=0.1)) == [
        *[-1, -1, 1],
        *[0, 1, 2],
    ]


def test_one_direction_or_one_layer_can_be_taken_away_alone() -> None:
    assert removed_in(BOTH, changes_of(BOTH, remove(ties=(("b", "c"),))), 0) == {("b", "c"), ("c", "b")}
    assert removed_in(BOTH, changes_of(BOTH, remove(ties=(("b", "c"),), both_ways=False)), 0) == {("b", "c")}
    assert removed_in(BOTH, changes_of(BOTH, remove(ties=(("e", "f"),), layers=("m",))), 0) == {("f", "e")}


def test_strength_is_multiplied_and_at_most_1() -> None:
    weak = Network.from_tables(name="weak", ids="abc", source="ab", target="bc", strength=[0.5, 0.9])
    [change] = changes_of(weak, strengthen(share=1.0, factor=1.5))
    assert isinstance(change, RestrengthenedTies)
    assert change.strength.tolist() == [0.75, 1.0]
    faint = Network.from_tables(name="faint", ids="abc", source="ab", target="bc", strength=[1e-12, 1e-12])
    assert adopted(faint, strengthen(share=1.0, factor=1e12, from_step=3), "a") == [0, 3, 4]
    assert adopted(faint, strengthen(share=1.0, factor=1e12, from_step=3, until_step=3), "a") == [0, 3, -1]
    weighed = StageParameters("threshold", threshold=0.9, exposure="weight")
    assert adopted(weak, strengthen(ties=(("a", "b"),), from_step=2), "a", adoption=weighed) == [0, 2, 3]
    assert adopted(weak, strengthen(ties=(("b", "c"),), factor=0.5), "b", adoption=weighed) == [-1, 0, -1]


def test_as_many_new_ties_are_drawn_as_are_stated_among_pairs_without_one() -> None:
    open_pairs = set(permutations("abcdef", 2)) - set(zip("abcde", "bcdef", strict=True))
    changes = changes_of(PATH, add(count=7, both_ways=False))
    lanes = [added_in(PATH, changes, lane) for lane in EVERY]
    assert all(len(ties) == 7 and ties <= open_pairs for ties in lanes)
    undirected = [added_in(PATH, changes_of(PATH, add(count=4)), lane) for lane in EVERY]
    assert all(len(ties) == 8 and {(b, a) for a, b in ties} == ties for ties in undirected)
    assert not any(ties & set(zip("abcde", "bcdef", strict=True)) for ties in undirected)


def test_every_pair_without_a_tie_is_drawn_equally_often() -> None:
    drawn: Counter[tuple[str, str]] = Counter()
    for block in range(40):
        changes = changes_of(PATH, add(count=1, both_ways=False), block=block)
        drawn.update(tie for lane in EVERY for tie in added_in(PATH, changes, lane))
    assert len(drawn) == 25
    assert sum(drawn.values()) == 40 * LANES
    assert stats.chisquare(list(drawn.values())).pvalue > ALARM


@pytest.mark.parametrize(
    ("keys", "among"),
    [
        ({"choose": "bridging"}, {"ad", "ae", "bd", "be", "ce"}),
        ({"choose": "bridging", "between": "role"}, {"ac", "ad", "ae", "af", "bd", "be", "bf", "ce", "cf", "df"}),
        ({"between_roles": ("firm -> manager",)}, {"ae", "af", "be", "bf"}),
        ({"between_roles": ("firm->manager", "academic -> academic")}, {"ae", "af", "be", "bf"}),
        ({"between_sectors": ("s -> s",)}, {"ac"}),
        ({"between_sectors": ("s -> t",), "between_roles": ("academic -> firm",)}, {"ce", "cf"}),
    ],
    ids=str,
)
def test_new_ties_are_between_those_named(keys: dict[str, object], among: set[str]) -> None:
    changes = changes_of(PATH, add(count=1, **keys))
    found = {"".join(sorted(tie)) for lane in EVERY for tie in added_in(PATH, changes, lane)}
    assert found == among


def test_one_direction_between_named_roles_goes_from_the_first_to_the_second() -> None:
    changes = changes_of(PATH, add(count=4, both_ways=False, between_roles=("firm -> manager",)))
    assert added_in(PATH, changes, 1) == {("e", "a"), ("e", "b"), ("f", "a"), ("f", "b")}


def test_the_tie_that_shortens_paths_most_closes_the_path() -> None:
    changes = changes_of(PATH, add(count=1, choose="shortening", both_ways=False))
    assert added_in(PATH, changes, 0) == {("f", "a")}
    assert not add(count=1, choose="shortening").varies


@pytest.mark.parametrize(("share", "number"), [(0.0, 0), (0.09, 0), (0.1, 1), (0.5, 3), (0.7, 4), (1.0, 5)])
def test_a_share_of_five_is_rounded_to_a_whole_number(share: float, number: int) -> None:
    changes = changes_of(PATH, remove(share=share))
    assert [len(removed_in(PATH, changes, lane)) for lane in EVERY] == [number] * LANES


def test_more_is_taken_away_where_the_share_is_larger_and_nothing_else() -> None:
    smaller, larger = (changes_of(BOTH, remove(share=share, both_ways=False)) for share in (0.3, 0.6))
    assert all(removed_in(BOTH, smaller, lane) < removed_in(BOTH, larger, lane) for lane in EVERY)


def test_two_kinds_that_draw_on_the_same_day_draw_apart() -> None:
    shared = 0
    for block in range(40):
        gone, other = (changes_of(PATH, draw(count=1), block=block) for draw in (remove, strengthen))
        assert isinstance(gone[0], RemovedTies)
        assert isinstance(other[0], RestrengthenedTies)
        shared += int(lanes_with(gone[0].lanes & other[0].lanes).sum())
    assert stats.binomtest(shared, 40 * LANES, 1 / 5).pvalue > ALARM


def test_every_tie_is_taken_away_equally_often() -> None:
    gone: Counter[tuple[str, str]] = Counter()
    for block in range(40):
        changes = changes_of(PATH, remove(count=1), block=block)
        gone.update(tie for lane in EVERY for tie in removed_in(PATH, changes, lane))
    assert sum(gone.values()) == 40 * LANES
    assert stats.chisquare([gone[tie] for tie in zip("abcde", "bcdef", strict=True)]).pvalue > ALARM


@pytest.mark.parametrize(
    ("keys", "among"),
    [
        ({"choose": "bridging"}, {"cd"}),
        ({"choose": "bridging", "between": "role"}, {"bc", "de"}),
        ({"choose": "betweenness"}, {"cd"}),
        ({"between_roles": ("manager -> academic",)}, {"bc"}),
        ({"between_sectors": ("t -> t",)}, {"de", "ef"}),
    ],
    ids=str,
)
def test_ties_are_taken_away_where_it_is_stated(keys: dict[str, object], among: set[str]) -> None:
    changes = changes_of(PATH, remove(count=1, **keys))
    assert {"".join(tie) for lane in EVERY for tie in removed_in(PATH, changes, lane)} == among


def test_which_tie_is_taken_away_depends_on_nobody_without_ties() -> None:
    more = Network.from_tables(name="more", ids="abcdefgh", source="abcde", target="bcdef")
    for intervention in (remove(count=2), strengthen(count=2), add(count=2, between_roles=("agent -> agent",))):
        few = Network.from_tables(name="few", ids="abcdef", source="abcde", target="bcdef")
        small, large = (changes_of(network, intervention) for network in (few, more))
        if isinstance(intervention, TieAddition):
            inside = [{tie for tie in added_in(more, large, lane) if not set(tie) & set("gh")} for lane in EVERY]
            assert all(ties <= added_in(few, small, lane) for lane, ties in enumerate(inside))
            assert any(inside)
        else:
            assert np.array_equal(small[0].lanes, large[0].lanes)  # type: ignore[union-attr]


def test_only_what_is_drawn_varies() -> None:
    fixed = [
        remove(ties=(("a", "b"),)),
        remove(share=1.0),
        remove(count=1, choose="betweenness"),
        add(ties=(("a", "c"),)),
    ]
    drawn = [remove(count=1), remove(share=0.5, choose="bridging"), strengthen(count=1), add(count=1)]
    assert not any(intervention.varies for intervention in fixed)
    assert all(intervention.varies for intervention in drawn)


def test_what_is_drawn_differs_between_blocks_and_not_between_arms() -> None:
    removal = said(remove(count=2))
    words = everywhere(PATH, "a")
    one, again, other = (block_of(PATH, removal, words, block=block).adopted_at for block in (0, 0, 1))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    assert played(PATH, removal, "a").adopted_at[0] == 0


@pytest.mark.parametrize(
    ("network", "intervention", "line"),
    [
        (PATH, add(), "t.ties: state one of ties and count; got neither"),
        (PATH, add(ties=()), 't.ties: names no tie; name one like ["A", "B"], or state count'),
        (PATH, add(ties=(("a",),)), 't.ties: a tie is a pair of ids like ["A", "B"]; got ["a"]'),
        (PATH, add(ties=(("a", "q"),)), 't.ties: "q" is no agent of "path"'),
        (PATH, add(ties=(("a", "a"),)), 't.ties: "a" is named twice; name every agent once'),
        (
            PATH,
            add(ties=(("a", "b"),), both_ways=False),
            't.ties: there is a tie from "a" to "b" in the layer "tie" already; leave it out, or make it stronger',
        ),
        (
            PATH,
            add(count=11),
            't.count: must be at most 10, the number of pairs without a tie that can be chosen in "p',
        ),
        (PATH, add(count=0), "t.count: must be a whole number of at least 1; got 0"),
        (PATH, add(count=1, strength=1.5), "t.strength: must be a number above 0, up to 1; got 1.5"),
        (PATH, add(count=1, layer="ties"), 't.layer: no tie of "path" is in the layer "ties"; did you mean "tie"?'),
        (BOTH, add(count=1), 't.layer: state the layer of the new ties; "both" has l, m'),
        (PATH, add(count=1, choose="short"), 't.choose: must be one of random, bridging, shortening; got "short"'),
        (
            PATH,
            add(count=1, choose="bridging", between="site"),
            't.between: the agents of "path" have no column "site"',
        ),
        (
            PATH,
            add(count=1, between_roles=("manager",)),
            't.between_roles: must name two roles like "A -> B", A the one from whom it goes; got "manager"',
        ),
        (
            PATH,
            add(count=1, between_roles=("manager -> nurse",)),
            't.between_roles: no agent of "path" has the role "nurse"',
        ),
        (PATH, add(count=1, from_step=7), "t.from: must be a step between 1 and 6"),
        (
            Network.from_tables(name="large", ids=[str(n) for n in range(MOST_AGENTS + 1)], source=["1"], target=["2"]),
            add(count=1),
            't.choose: random goes through all pairs of at most 2000 agents; "large" has 2001; name the ties instead',
        ),
        (PATH, remove(), "t.ties: state one of ties and share and count; got none"),
        (PATH, remove(share=0.5, count=1), "t.count: state one of ties and share and count; got share and count"),
        (PATH, remove(share=1.5), "t.share: must be a number between 0 and 1; got 1.5"),
        (
            PATH,
            remove(ties=(("b", "a"),), both_ways=False),
            't.ties: there is no tie from "b" to "a"; there is one from "a" to "b"',
        ),
        (PATH, remove(ties=(("a", "f"),)), 't.ties: there is no tie from "a" to "f"'),
        (PATH, remove(ties=()), 't.ties: names no tie; name one like ["A", "B"], or state share or count'),
        (
            PATH,
            remove(count=6),
            't.count: must be at most 5, the number of ties, both ways counted once, in "path" that',
        ),
        (PATH, remove(count=1, between_roles=("firm -> manager",)), 't.choose: no tie of "path" can be chosen; narrow'),
        (BOTH, remove(count=1, layers=("n",)), 't.layers: no tie of "both" is in the layer "n"'),
        (
            Network.from_tables(name="plain", ids="ab", source="a", target="b"),
            remove(count=1, between_sectors=("s -> t",)),
            't.between_sectors: the agents of "plain" have no column "sector"; leave between_sectors out',
        ),
        (
            PATH,
            strengthen(count=1, factor=0),
            "t.factor: must be a number above 0; got 0; to take ties away, remove them",
        ),
    ],
    ids=shortly,
)
def test_what_does_not_fit_is_said_in_one_line(network: Network, intervention: Intervention, line: str) -> None:
    [problem] = problems_of(network, intervention)
    assert problem.startswith(f"interventions.{line}")

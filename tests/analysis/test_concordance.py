"""Concordance: whether arms rank alike in several places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from diffusion.analysis.arms import ArmSummary, OutcomeSummary
from diffusion.analysis.compare import compare
from diffusion.analysis.concordance import Concordance, Placed, concordances, kendalls_w
from diffusion.analysis.concordance_told import concordance_sentences
from diffusion.analysis.outcomes import OUTCOMES
from diffusion.analysis.sentences import Setting

SHARE = OUTCOMES["adopted_share"]
SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=100,
    smallest_difference=0.01,
    phrases={name: f"leaders by {name}" for name in ("a", "b", "c", "d")},
)


def place(network: str, means: Mapping[str, float], cell: Mapping[str, object] | None = None) -> Placed:
    summaries = [
        ArmSummary(network, cell or {}, arm, 9, 0, {"adopted_share": OutcomeSummary(mean, None, None, 0.0)})
        for arm, mean in means.items()
    ]
    return Placed(network, cell or {}, summaries, ())


def found(*rows: Sequence[float]) -> Concordance:
    placed = [place(f"town {number}", dict(zip("abcd", row, strict=False))) for number, row in enumerate(rows)]
    [one] = concordances(placed, SHARE, "a")
    return one


def test_the_same_order_everywhere_has_w_one_and_opposite_orders_have_none() -> None:
    assert found([4, 3, 2, 1], [8, 7, 6, 0]).w == 1.0
    assert found([4, 3, 2, 1], [1, 2, 3, 4]).w == 0.0


def test_w_is_that_of_its_definition_corrected_for_ties() -> None:
    scores = np.array([[1, 4, 2, 4, 3, 7], [2, 1, 2, 4, 4, 8], [2, 1, 4, 4, 4, 4]], dtype=np.float64)
    places, arms = scores.shape
    ranks = stats.rankdata(scores, axis=1)
    spread = ((ranks.sum(axis=0) - places * (arms + 1) / 2) ** 2).sum()
    ties = sum(count**3 - count for row in ranks for count in np.unique(row, return_counts=True)[1])
    expected = 12 * spread / (places**2 * (arms**3 - arms) - places * ties)
    assert kendalls_w(scores) == pytest.approx(expected)
    assert 0 < expected < 1


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4, unique=True), min_size=2, max_size=6))
def test_w_follows_from_the_mean_rank_correlation_of_all_pairs_of_places(rows: list[list[int]]) -> None:
    scores = np.array(rows, dtype=np.float64)
    places = len(scores)
    pairs = [(one, other) for one in range(places) for other in range(one)]
    mean = np.mean([stats.spearmanr(scores[one], scores[other]).statistic for one, other in pairs])
    assert kendalls_w(scores) == pytest.approx((mean * (places - 1) + 1) / places)


def test_arms_of_the_same_mean_share_a_rank_and_rounding_makes_no_order() -> None:
    one = found([0.3 - 0.1, 0.4 - 0.2, 0.1, 0.0], [4, 4, 2, 1])
    assert one.ranks == ((1.5, 1.5, 3.0, 4.0), (1.5, 1.5, 3.0, 4.0))
    assert one.mean_ranks == (1.5, 1.5, 3.0, 4.0)
    assert one.w == 1.0


def test_less_is_better_where_it_is_and_the_arm_without_leaders_has_no_rank() -> None:
    summaries = [
        ArmSummary("town", {}, arm, 9, 0, {"time_to_half": OutcomeSummary(mean, None, None, 0.0)})
        for arm, mean in (("a", 3.0), ("b", 9.0), ("c", 5.0), ("no leaders", 1.0))
    ]
    [one] = concordances(
        [Placed("x", {}, summaries, ()), Placed("y", {}, summaries, ())], OUTCOMES["time_to_half"], "a"
    )
    assert (one.arms, one.ranks[0]) == (("a", "b", "c"), (1.0, 3.0, 2.0))


def test_nothing_is_told_of_one_place_or_one_arm() -> None:
    assert concordances([place("town", {"a": 1, "b": 2})], SHARE, "a") == ()
    assert concordances([place("x", {"a": 1}), place("y", {"a": 2})], SHARE, "a") == ()
    assert concordances([], SHARE, "a") == ()
    assert concordance_sentences((), SETTING, "a") == ()


def test_networks_and_cells_are_told_apart() -> None:
    cells = [{"adoption.transmission": value} for value in (0.1, 0.2)]
    up, down = {"a": 3.0, "b": 2.0, "c": 1.0}, {"a": 1.0, "b": 2.0, "c": 3.0}
    placed = [
        place("x", up, cells[0]),
        place("x", down, cells[1]),
        place("y", up, cells[0]),
        place("y", down, cells[1]),
    ]
    whole, *parts = concordances(placed, SHARE, "a")
    assert (whole.among, whole.w) == ("networks and cells", 0.0)
    assert [(one.among, one.within, one.w) for one in parts] == [
        ("networks", "adoption.transmission = 0.1", 1.0),
        ("networks", "adoption.transmission = 0.2", 1.0),
        ("cells", "x", 0.0),
        ("cells", "y", 0.0),
    ]
    assert whole.places[0] == "x, adoption.transmission = 0.1"
    sentences = concordance_sentences((whole, *parts), SETTING, "a")
    assert sentences[0].startswith(
        "Over the 4 networks and cells the orders of the 3 arms agree with Kendall's W = 0.00"
    )
    assert sentences[1] == "Over networks within cells W is 1.00 and over cells within networks W is 0.00."
    assert sentences[2].startswith("W rests on the ranks of means")


def test_one_order_two_arms_and_ties_are_told_in_words() -> None:
    assert concordance_sentences([found([3, 2, 1], [9, 8, 7])], SETTING, "a")[0] == (
        "Over the 2 networks the 3 arms have the same order of means."
    )
    two = found([3, 2], [1, 2], [5, 2])
    assert two.w is None
    assert concordance_sentences([two], SETTING, "a") == (
        "Over the 3 networks the order of the two arms differs: 2 one way and 1 the other.",
    )
    level = found([3, 3, 3], [1, 1, 1])
    assert level.w is None
    assert concordance_sentences([level], SETTING, "a") == (
        "Over the 2 networks all arms have the same mean in each, so there is no order to compare.",
    )


def test_arms_that_are_better_here_and_worse_there_are_named(make_arm, make_facts) -> None:
    def played(network: str, **adopters: list[int]) -> Placed:
        arms = [make_arm(name, counts) for name, counts in adopters.items()]
        told = compare(arms, facts=make_facts(), baseline="a", smallest_difference=0.01, seed_text="x", network=network)
        return Placed(network, {}, *told)

    base = [40, 50, 60, 45, 55] * 20
    turned = [
        played("x", a=base, b=[one + 9 for one in base[1:] + base[:1]], c=base[1:] + base[:1]),
        played("y", a=base, b=[one - 9 for one in base[1:] + base[:1]], c=base[1:] + base[:1]),
    ]
    [one] = concordances(turned, SHARE, "a")
    assert one.reversed == ("b",)
    sentences = concordance_sentences([one], SETTING, "a")
    assert (
        "Leaders by b are better than leaders by a in some of the networks and worse in others, "
        "by more than the smallest difference that matters."
    ) in sentences
    assert all(first != second for first, second in pairwise(sentences))

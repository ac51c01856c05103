"""Two runs of one replicate: how every agent stands in both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from experiment_cases import MakeStudy, make_study, scenario_file  # noqa: F401 - fixtures
from hypothesis import given
from hypothesis import strategies as st

from diffusion.server import differences as module
from diffusion.server.differences import Differences, Kind, adopters, differences, legend, rows
from diffusion.server.played import ADOPTED, PlayedRun

TICK = 5
moves = st.tuples(st.integers(-1, TICK), st.integers(-1, TICK)).filter(lambda at: at[1] < 0 or 0 <= at[0] < at[1])
sides = st.tuples(moves, moves)


def made(
    agents: list[tuple[tuple[int, int], tuple[int, int]]], leads: tuple[list[int], list[int]] = ([], [])
) -> Differences:
    """Return the differences of agents: for each side, when it adopted and abandoned."""
    at = np.array(agents, dtype=np.int16).reshape(-1, 2, 2)
    leading = [np.isin(np.arange(len(agents)), who) for who in leads]
    return Differences(TICK, (at[:, 0, 0], at[:, 1, 0]), (at[:, 0, 1], at[:, 1, 1]), (leading[0], leading[1]))


def plain_kind(left: tuple[int, int], right: tuple[int, int]) -> Kind:
    here, there = (adopted >= 0 and abandoned < 0 for adopted, abandoned in (left, right))
    if here and there:
        if left[0] == right[0]:
            return Kind.SAME_STEP
        return Kind.EARLIER_LEFT if left[0] < right[0] else Kind.EARLIER_RIGHT
    if here:
        return Kind.ONLY_LEFT
    return Kind.ONLY_RIGHT if there else Kind.NEITHER


@given(st.lists(sides, min_size=1, max_size=20))
def test_every_agent_stands_as_its_times_say(agents: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    found = made(agents)
    kinds = [plain_kind(*agent) for agent in agents]
    assert found.kinds.tolist() == kinds
    assert found.counts == {kind: kinds.count(kind) for kind in Kind}
    differing = {
        place
        for place, (left, right) in enumerate(agents)
        if kinds[place] not in (Kind.NEITHER, Kind.SAME_STEP) or (left[1] >= 0) != (right[1] >= 0)
    }
    assert set(found.differing) == differing
    assert len(found.differing) == len(differing)


@given(st.lists(sides, min_size=1, max_size=20))
def test_the_two_pictures_are_each_other_mirrored(agents: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    mirrored = made([(right, left) for left, right in agents])
    swapped = str.maketrans("4578", "7845")
    assert made(agents).codes(0).translate(swapped) == mirrored.codes(1)
    assert made(agents).codes(1).translate(swapped) == mirrored.codes(0)


def test_each_picture_shows_what_its_own_side_gained() -> None:
    never, left = (-1, -1), (2, 4)
    agents = [((2, -1), never), ((2, -1), (3, -1)), ((2, -1), (2, -1)), (left, (2, -1)), (never, never)]
    assert made(agents).codes(0) == "54630"
    assert made(agents).codes(1) == "06680"


@pytest.mark.parametrize("side", [0, 1])
def test_every_code_of_a_picture_has_a_name_and_a_colour(side: int) -> None:
    agents = [((2, -1), (-1, -1)), ((-1, -1), (2, -1)), ((1, -1), (2, -1)), ((2, -1), (1, -1)), ((1, 2), (1, 2))]
    used = set(made([*agents, ((1, -1), (1, -1))]).codes(side))
    named = {str(code) for code, _ in legend(side, with_abandonment=True)}
    assert used <= named
    assert named - {str(code) for code, _ in legend(side, with_abandonment=False)} == {"3"}
    style = (Path(module.__file__).parent / "network.vue").read_text(encoding="utf-8")
    assert [code for code in named if f".dn-fill-{code} {{" not in style] == []


def test_agents_that_differ_are_listed_by_kind_and_time(make_study: MakeStudy) -> None:  # noqa: F811 - the fixture
    network = make_study().networks[0]
    never = (-1, -1)
    agents = [((3, -1), never), ((0, -1), never), (never, (2, 4)), ((1, -1), (4, -1)), ((2, -1), (2, -1))]
    found = made([*agents, *[(never, never)] * 7], ([1], []))
    assert [row[1:] for row in rows(found, network, "month")] == [
        ("p02", "manager", "not adopted", "adopted in month 2, abandoned in month 4"),
        ("p01", "manager", "leads", "not adopted"),
        ("p00", "firm", "adopted in month 3", "not adopted"),
        ("p03", "firm", "adopted in month 1", "adopted in month 4"),
    ]


def test_runs_differ_at_a_step_as_far_as_is_known_then(make_study: MakeStudy) -> None:  # noqa: F811 - the fixture
    arms = make_study().arms
    left, right = (PlayedRun(arm, seed=5, replicate=3) for arm in (arms[1], arms[0]))
    differences(left, right, 6)
    looked_back = differences(left, right, 2)
    left_again, right_again = (PlayedRun(arm, seed=5, replicate=3) for arm in (arms[1], arms[0]))
    stopped = differences(left_again, right_again, 2)
    assert looked_back.kinds.tolist() == stopped.kinds.tolist()
    assert looked_back.adopted_at[0].max() <= 2
    for tick in range(7):
        found = differences(left, right, tick)
        both = sum(found.counts[kind] for kind in (Kind.EARLIER_LEFT, Kind.EARLIER_RIGHT, Kind.SAME_STEP))
        assert found.counts[Kind.ONLY_LEFT] + both == left.curves(tick)[-1, ADOPTED] == adopters(left, tick)[-1]
        assert found.counts[Kind.ONLY_RIGHT] + both == right.curves(tick)[-1, ADOPTED] == adopters(right, tick)[-1]
    assert found.counts[Kind.ONLY_LEFT] + found.counts[Kind.EARLIER_LEFT] > 0


def test_a_run_does_not_differ_from_itself(make_study: MakeStudy) -> None:  # noqa: F811 - the fixture
    arm = make_study().arms[0]
    first, second = (PlayedRun(arm, seed=5, replicate=9) for _ in range(2))
    found = differences(first, second, 6)
    assert found.differing == []
    assert found.adopted[0].any()

"""Sentences about very many arms and cells: they name a few, count the rest, and claim no more than is known."""

from __future__ import annotations

from typing import Any

import pytest

from diffusion.analysis.agreement import agreement_sentences
from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import compare
from diffusion.analysis.contenders import Contenders
from diffusion.analysis.frontier import ArmOnFrontier
from diffusion.analysis.frontier_told import MOST_APART, frontier_sentences
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.sentences import Setting
from diffusion.analysis.units import Units
from diffusion.analysis.worlds_told import world_sentences
from diffusion.draws import Purpose, generator

AGENTS = 1_000
SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=AGENTS,
    smallest_difference=0.01,
    layout=Units(worlds=20),
    uncertain=("adoption.transmission",),
    design="independent",
)


@pytest.fixture
def told(make_arm: Any, make_facts: Any) -> str:
    """Return what is told of forty arms in twenty worlds, each of ten of them best in two."""
    arms = []
    for place in range(40):
        counts = 400 + 5 * place + generator(Purpose.SYNTHESIS, "told", place).integers(-2, 3, size=(20, 8))
        if place < 10:
            counts[2 * place : 2 * place + 2] += 500
        made = make_arm(f"arm{place:02d}", counts.ravel(), AGENTS)
        arms.append(ArmResult(made.name, made.identity, made.runs, units=Units(worlds=20)))
    found = compare(arms, facts=make_facts(AGENTS), baseline="arm00", smallest_difference=0.01, seed_text="x")
    return " ".join(world_sentences(*found, SETTING, outcome="adopted_share", baseline="arm00"))


def test_of_many_arms_the_first_are_told_world_by_world_and_the_others_by_their_span(told: str) -> None:
    assert told.count("did better than") == 5
    assert "; 34 other arms did so in 18 of 20 worlds each (" in told


def test_of_many_arms_that_are_best_somewhere_the_most_frequent_are_named(told: str) -> None:
    [best] = [sentence for sentence in told.split(". ") if "the one best arm is" in sentence]
    assert best.count('the arm "') == 5
    assert best.endswith("in 2 and one of 5 other arms in 10")


def contention(best: str, **told: tuple[str, ...]) -> Contenders:
    """Return who contends in a cell."""
    parts = {"same": (), "equal": (), "undecided": (), "behind": ()} | told
    return Contenders(outcome=find_outcome("adopted_share", ()), best=best, leading=(best,), replicates=100, **parts)


def test_a_name_of_the_best_mean_that_changes_where_arms_are_equal_is_called_no_change_of_the_answer() -> None:
    cells = [contention("hubs", equal=("marginal",))] * 2 + [contention("marginal", undecided=("hubs",))]
    first, second = agreement_sentences([*cells, contention("hubs", behind=("marginal",))], SETTING, "cells")
    assert first == (
        'Over the 4 cells the best mean is that of the arm "hubs" in 3 and that of the arm "marginal" in 1; but in 3 '
        "of them another arm is practically equal to it (within 1.0 points) or not told apart from it, so a change of "
        "the name is no change of the answer there."
    )
    assert second == 'The arm "hubs" is nowhere shown to fall more than 1.0 points behind the best mean.'


def test_a_best_mean_that_differs_where_nothing_else_comes_near_is_told_without_a_doubt() -> None:
    first, _ = agreement_sentences([contention("a", behind=("b",)), contention("b", behind=("a",))], SETTING, "cells")
    assert first == 'Over the 2 cells the best mean is that of the arm "a" in 1 and that of the arm "b" in 1.'


def test_of_many_arms_of_the_best_mean_and_never_behind_few_are_named() -> None:
    everyone = tuple(f"a{place}" for place in range(100))
    cells = [contention(arm, equal=everyone) for arm in everyone]
    first, second = agreement_sentences(cells, SETTING, "cells")
    assert "and that of one of 95 other arms in the rest; but in all of them another arm" in first
    assert "and 95 other arms are nowhere shown to fall" in second


def test_of_very_many_arms_beside_a_frontier_the_beaten_are_counted() -> None:
    def arm(name: str, standing: Any) -> ArmOnFrontier:
        told: dict[str, Any] = dict.fromkeys(("cost", "least", "most", "mean"), 1.0)
        rest: dict[str, Any] = dict.fromkeys(
            ("low", "high", "per_unit", "per_unit_low", "per_unit_high", "within_budget")
        )
        return ArmOnFrontier(arm=name, standing=standing, against=("best",), units={}, **told, **rest)

    found = [arm("best", "on the frontier"), *(arm(f"b{place}", "beaten") for place in range(MOST_APART))]
    assert len(frontier_sentences(found, str)) == 1 + MOST_APART
    told = frontier_sentences([*found, arm("u", "undecided")], str)
    assert len(told) == 2
    assert told[1].startswith("12 arms are beaten by others that spread further at equal or lower cost, and of 1 arm")

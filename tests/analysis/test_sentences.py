"""Sentences say what the numbers say, with the right sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from diffusion.analysis.arms import ArmResult
from diffusion.analysis.compare import compare
from diffusion.analysis.intervals import mean_interval
from diffusion.analysis.outcomes import OUTCOMES, RegionFacts
from diffusion.analysis.sentences import PAIRING_NOTE, Setting, sentences
from diffusion.draws import Purpose, generator

MakeArm = Callable[..., ArmResult]
Tell = Callable[..., tuple[str, ...]]
LUCK = generator(Purpose.SIMULTANEOUS, "test", "sentences").integers(0, 20, 1000)
NOISE = generator(Purpose.SIMULTANEOUS, "test", "noise").integers(-3, 4, 1000)


PHRASES = {"random": "leaders at random", "marginal": "marginal leaders"}


@pytest.fixture(scope="module")
def tell(make_facts: Callable[..., RegionFacts]) -> Tell:
    def told(arms: Sequence[ArmResult], outcome: str = "adopted_share", **more: Any) -> tuple[str, ...]:
        roles = more.pop("roles", ("agent",))
        facts = make_facts(roles=roles, steps=36, organisations=more.pop("organisations", 0))
        baseline = more.pop("baseline", "random")
        summaries, found = compare(arms, facts=facts, baseline=baseline, smallest_difference=0.01, seed_text="test")
        options = {"synthetic": False, "step_unit": "month", "role_names": roles} | more
        options.setdefault(
            "phrases",
            {arm.name: PHRASES.get(arm.name, f"leaders by {arm.name}") for arm in arms if arm.name != "no leaders"},
        )
        setting = Setting("somewhere", steps=36, agents=100, smallest_difference=0.01, **options)
        return sentences(summaries, found, setting, outcome=outcome, baseline=baseline)

    return told


def test_the_best_arm_is_told_with_its_interval_and_its_difference(make_arm: MakeArm, tell: Tell) -> None:
    (first,) = tell([make_arm("random", LUCK + 20), make_arm("out_degree", LUCK + 31 + NOISE)])
    values, differences = (LUCK + NOISE + 31).astype(np.float64), (NOISE + 11).astype(np.float64)
    low, high = mean_interval(values) or (0, 0)
    low_all, high_all = mean_interval(differences) or (0, 0)
    assert first == (
        "On the network somewhere, after 36 months, leaders by out_degree "
        f"reached {values.mean():.1f} % of the agents on average "
        f"(95 % interval {low:.1f} to {high:.1f} over 1,000 runs), "
        f"{differences.mean():.1f} points more than leaders at random "
        f"(simultaneous interval {low_all:.1f} to {high_all:.1f}); better in all of the paired "
        f"histories, equally well in none of them, worse in none of them ({PAIRING_NOTE})."
    )


def test_a_baseline_that_is_best_is_told_so_with_the_sign_turned(make_arm: MakeArm, tell: Tell) -> None:
    (first,) = tell([make_arm("random", LUCK + 31), make_arm("out_degree", LUCK + 20 + NOISE)])
    assert "leaders at random reached" in first
    assert "no arm did better on average. Next came leaders by out_degree, " in first
    assert re.search(r"1[01]\.\d points less than leaders at random \(simultaneous interval 1\d\.\d to 11\.\d\)", first)
    assert "better in none of the paired histories" in first


def test_the_worst_arm_and_the_undecided_and_the_practically_equal_are_named(make_arm: MakeArm, tell: Tell) -> None:
    wide = generator(Purpose.SIMULTANEOUS, "test", "wide").integers(-40, 41, 1000)
    told = tell(
        [
            make_arm("random", LUCK + 45),
            make_arm("closeness", 65 + NOISE),
            make_arm("degree", LUCK + 45 + (NOISE > 2)),
            make_arm("in_degree", LUCK + 45 + wide),
            make_arm("marginal", LUCK + 20 + NOISE),
        ]
    )
    assert told[0].startswith("On the network somewhere, after 36 months, leaders by closeness reached")
    assert told[1].startswith("At the other end, marginal leaders reached")
    assert re.search(
        r"2\d\.\d points less than leaders at random \(simultaneous interval 2\d\.\d to 2\d\.\d\)\.$", told[1]
    )
    assert "ractically equal to leaders at random (within 1.0 points) are leaders by degree" in told[2]
    assert "undecided after 1,000 paired runs are leaders by in_degree" in told[2]
    assert len(told) == 3


def test_an_interval_across_zero_names_both_directions(make_arm: MakeArm, tell: Tell) -> None:
    told = tell(
        [
            make_arm("random", LUCK[:100] + 40),
            make_arm("degree", LUCK[:100] + 40 + 5 * NOISE[:100] - (5 * NOISE[:100]).sum() // 100),
        ]
    )
    assert re.search(r"\(simultaneous interval \d\.\d less to \d\.\d more\)", told[0])


def test_nothing_differing_is_said_so(make_arm: MakeArm, tell: Tell) -> None:
    arms = [
        make_arm("random", LUCK + 40),
        make_arm("degree", LUCK + 40 + (NOISE > 2)),
        make_arm("closeness", LUCK + 40),
    ]
    told = tell(arms)
    assert told[-1] == (
        "No arm differs by more: leaders by degree and leaders by closeness are practically equal to "
        "leaders at random, within 1.0 points."
    )


def test_nothing_decided_is_not_called_nothing_differing(make_arm: MakeArm, tell: Tell) -> None:
    told = tell([make_arm("random", LUCK[:9] + 40), make_arm("degree", LUCK[:9] + 40 + NOISE[:9])])
    assert told[-1].startswith(
        "No arm is shown to differ from leaders at random by more than 1.0 points; undecided after 9"
    )


@pytest.mark.parametrize(
    ("extra", "words"), [(0, "the same as"), (7, "7.0 points more than"), (-7, "7.0 points less than")]
)
def test_equal_pairs_get_a_bound_in_place_of_an_interval(make_arm: MakeArm, tell: Tell, extra: int, words: str) -> None:
    told = " ".join(tell([make_arm("random", LUCK + 40), make_arm("degree", LUCK + 40 + extra)]))
    kind = "another difference" if extra else "a difference"
    certain = f"in all 1,000 paired runs; {kind} in more than 0.3 % of histories can be excluded (95 %)"
    assert re.search(rf"{words} leaders (at|by) \w+ {re.escape(certain)}", told)
    assert "simultaneous" not in told


def test_the_effect_beside_the_arm_without_leaders_is_told_on_both_signs(make_arm: MakeArm, tell: Tell) -> None:
    for without, word in ((10, "more"), (60, "less")):
        arms = [make_arm("random", LUCK + 35), make_arm("no leaders", LUCK + without + NOISE)]
        told = tell([*arms, make_arm("degree", LUCK + 20)])
        assert told[-1].startswith("The arm with no leaders reached")
        effect = rf"beside that, the effect of leaders at random is 2\d\.\d points {word} "
        assert re.search(effect + r"\(simultaneous interval 2\d\.\d to 2\d\.\d\)\.", told[-1])


def test_synthetic_networks_swept_values_and_rounds_are_named(make_arm: MakeArm, tell: Tell) -> None:
    told = tell(
        [make_arm("random", LUCK + 20), make_arm("cascade", LUCK + 31 + NOISE)],
        synthetic=True,
        cell={"adoption.transmission": 0.02},
        units={"cascade": "round"},
    )
    assert told[0].startswith(
        "On the synthetic network somewhere, with adoption.transmission = 0.02, after 36 rounds, "
    )
    assert "points more than leaders at random after 36 months (simultaneous" in told[0]


def test_times_are_sooner_or_later_and_restricted(make_arm: MakeArm, tell: Tell) -> None:
    times = np.where(LUCK > 15, -1, LUCK + 10)
    arms = [make_arm("random", LUCK, times=times), make_arm("degree", LUCK, times=LUCK + 5 + NOISE % 2)]
    told = tell(arms, "time_to_half")
    assert "leaders by degree reached half of the agents after 1" in told[0]
    assert re.search(
        r"\d\.\d months sooner than leaders at random \(simultaneous interval \d\.\d to \d\.\d\); better in", told[0]
    )
    later = tell(arms, "time_to_half", baseline="degree")
    assert re.search(r"Next came leaders at random, \d\.\d months later than leaders by degree", later[0])
    level = tell([arms[0]], "time_to_half")[0]
    assert re.search(r"; restricted to 37 months in the \d\d % of runs that took longer\)", level)


def test_no_sentence_compares_times_that_are_mostly_missing(make_arm: MakeArm, tell: Tell) -> None:
    rare = np.where(LUCK > 5, -1, 30)
    arms = [make_arm("random", LUCK, times=rare), make_arm("degree", LUCK, times=LUCK + 5)]
    for order in (arms, arms[::-1]):
        told = tell(order, "time_to_half")
        assert not any("sooner" in text or "later" in text for text in told)
        assert told[-1].startswith("Times to half of the agents are not compared for leaders at random: ")


def test_shares_of_a_role_are_told_of_those_who_lead_in_neither_arm(make_arm: MakeArm, tell: Tell) -> None:
    leaders = np.arange(100) < 3
    arms = [make_arm("random", LUCK + 20), make_arm("degree", LUCK + 31 + NOISE, leaders=leaders)]
    told = tell(arms, "adopted_share.firm", roles=("firm", "manager"))
    assert "among the agents of role firm who lead in neither arm, leaders by degree reached 1" in told[0]
    turned = tell(arms, "adopted_share.firm", roles=("firm", "manager"), baseline="degree")
    assert "no arm did better than leaders by degree on average" in turned[0]
    assert " points less than leaders by degree" in turned[0]


def test_one_run_gets_no_interval(make_arm: MakeArm, tell: Tell) -> None:
    told = tell([make_arm("random", [20]), make_arm("degree", [31])])
    assert told[0].endswith(
        "reached 31.0 % of the agents in the one run, 11.0 points more than leaders at random in the one paired run."
    )


def test_every_outcome_makes_plain_sentences(make_arm: MakeArm, tell: Tell) -> None:
    arms = [
        make_arm(name, LUCK + base + NOISE * base // 20, times=LUCK + 30 - base // 3, organisations=LUCK + base)
        for name, base in (("random", 20), ("degree", 31), ("marginal", 15), ("no leaders", 5))
    ]
    for name in OUTCOMES:
        outcome = name.replace("ROLE", "agent")
        for baseline in ("random", "degree", "no leaders"):
            told = tell(arms, outcome, baseline=baseline, organisations=40)
            assert 1 <= len(told) <= 4
            assert sum(PAIRING_NOTE in text for text in told) <= 1
            assert (PAIRING_NOTE in " ".join(told)) == ("paired histories" in " ".join(told))
            for text in told:
                assert "significan" not in text
                assert not re.search(r"nan|None|\{|\}|  | ,|-\d|\.\.|%%", text)
                assert text.endswith(".")
                assert text[0].isupper()


def test_the_area_is_told_over_the_steps_and_as_an_average(make_arm: MakeArm, tell: Tell) -> None:
    told = tell([make_arm("random", LUCK + 20), make_arm("degree", LUCK + 31 + NOISE)], "area")
    assert told[0].startswith("On the network somewhere, over 36 months, leaders by degree held ")
    assert " % of the agents as adopters, averaged over all steps and runs (95 % interval " in told[0]
    equal = tell([make_arm("random", [20] * 50), make_arm("degree", [20] * 50)], "area")
    assert (
        " of the agents as adopters averaged over all steps in all 50 runs, the same as leaders at random" in equal[0]
    )


def test_none_of_the_histories_is_not_called_a_few(make_arm: MakeArm, tell: Tell) -> None:
    # 0.43 + 0.57 falls short of 1 in floating point; no history is worse.
    values = np.array([1] * 43 + [0] * 57)
    told = tell([make_arm("random", [50] * 100), make_arm("degree", 50 + values)])
    assert "better in 43 % of the paired histories, equally well in 57 % of them, worse in none of them" in told[0]


def test_of_many_undecided_arms_the_first_are_named(make_arm: MakeArm, tell: Tell) -> None:
    wide = generator(Purpose.SIMULTANEOUS, "test", "many").integers(-40, 41, (9, 100))
    arms = [
        make_arm("random", LUCK[:100] + 45),
        *(make_arm(f"p{n}", LUCK[:100] + 45 + row) for n, row in enumerate(wide)),
    ]
    assert " and 4 other arms." in tell(arms)[-1]

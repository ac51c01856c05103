"""Which arms cannot be told apart from the best, and whether that holds everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from diffusion.analysis.agreement import agreement_sentences
from diffusion.analysis.contenders import contenders
from diffusion.analysis.sentences import Setting
from diffusion.draws import Purpose, generator

SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=100,
    smallest_difference=0.01,
    phrases={name: f"leaders by {name}" for name in ("a", "b", "c", "d", "e")},
)


@pytest.fixture
def found(make_arm, make_facts):
    """Return a function from the adopters by arm to the contenders on the adopted share."""

    def made(outcome="adopted_share", identities=None, **adopters):
        arms = [
            make_arm(name, counts, identity=(identities or {}).get(name, name)) for name, counts in adopters.items()
        ]
        return contenders(arms, make_facts(), outcome, 0.01)

    return made


def noisy(mean, spread, runs=1000, seed=0):
    drawn = generator(Purpose.SYNTHESIS, "contenders", seed, mean).normal(mean, spread, runs)
    return np.clip(np.round(drawn), 0, 100).astype(int)


def test_arms_are_sorted_into_equal_undecided_and_behind(found):
    contention = found(a=noisy(50, 1), b=noisy(50, 1, seed=1), c=noisy(49, 4), d=noisy(40, 4))
    assert contention.best in ("a", "b")
    assert {contention.best, *contention.equal} == {"a", "b"}
    assert (contention.undecided, contention.behind) == (("c",), ("d",))
    told = contention.sentence(SETTING)
    assert "practically equal to leaders by" in told
    assert "whether leaders by c come within 1.0 points of leaders by" in told
    assert "is undecided after 1,000 paired runs" in told


def test_an_arm_ahead_of_all_others_is_told_so(found):
    contention = found(a=noisy(50, 1), b=noisy(40, 1), c=noisy(30, 1))
    assert (contention.best, contention.behind) == ("a", ("b", "c"))
    assert contention.sentence(SETTING) == (
        "No other arm comes within 1.0 points of leaders by a (95 % intervals over all pairs of arms)."
    )


def test_the_same_leaders_are_called_the_same_not_equal(found):
    counts = noisy(50, 1)
    contention = found(identities={"b": "a"}, a=counts, b=counts, c=noisy(30, 1))
    assert (contention.same, contention.equal) == (("b",), ())
    assert contention.sentence(SETTING) == "Leaders by b are the very same leaders as leaders by a."


def test_few_equal_runs_do_not_put_an_arm_behind(found):
    assert found(a=[50] * 20, b=[40] * 20).undecided == ("b",)
    assert found(a=[50] * 2000, b=[40] * 2000).behind == ("b",)
    assert found(a=[50], b=[40]).undecided == ("b",)


def test_one_arm_and_outcomes_without_a_smallest_difference_have_no_contenders(found):
    assert found(a=[1, 2]) is None
    assert found("time_to_half", a=[1, 2], b=[2, 3]) is None


def test_arms_that_are_equal_are_called_behind_no_oftener_than_the_intervals_say(found):
    # Four equal arms: the best mean is compared with three others, 200 times. Were intervals exact, at most 5 % of
    # families would err; 22 errors or more then come with probability below 1e-3, and the seeds are fixed.
    wrong = 0
    for study in range(200):
        arms = {name: noisy(50, 10, runs=60, seed=10 * study + place) for place, name in enumerate("abcd")}
        wrong += bool(found(**arms).behind)
    assert wrong < 22


def test_agreement_names_who_is_nowhere_behind(found):
    first = found(a=noisy(50, 1), b=noisy(50, 1, seed=1), c=noisy(40, 1))
    second = found(a=noisy(50, 1), b=noisy(40, 1), c=noisy(50, 1, seed=1))
    third = found(a=noisy(40, 1), b=noisy(40, 1), c=noisy(50, 1))
    assert agreement_sentences([first], SETTING, "cells") == ()
    assert agreement_sentences([first, second], SETTING, "cells")[1] == (
        "Leaders by a are nowhere shown to fall more than 1.0 points behind the best mean."
    )
    told = agreement_sentences([first, second, third], SETTING, "cells")
    assert told[1].endswith("which position is best depends on them.")
    assert "in 1" in told[0]
    assert agreement_sentences([third, third], SETTING, "cells")[0] == (
        "Over all 2 cells the best mean is that of leaders by c."
    )

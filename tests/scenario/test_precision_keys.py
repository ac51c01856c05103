"""The key ``precision``: every problem in one plain line, and what is asked kept as it was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.analysis.precision_asked import BestWithin, Precision
from diffusion.errors import InputError
from diffusion.scenario import Scenario, load_scenario
from diffusion.scenario.stopped import Stopped

HEAD = 'title = "?"\nnetworks = ["ahsn-a"]\nsteps = 6\n'
BELOW = '[adoption]\nrule = "contagion"\ntransmission = 0.02\n'
ARMS = '[[arms]]\nname = "a"\nleaders.position = "random"\n[[arms]]\nname = "b"\nleaders.position = "out_degree"\n'


def read(folder: Path, precision: str, arms: str = ARMS) -> Scenario:
    path = folder / "s.toml"
    path.write_text(f"{HEAD}precision = {precision}\n[leaders]\ncount = 2\n{BELOW}{arms}", encoding="utf-8")
    return load_scenario(path)


def problem(folder: Path, precision: str, arms: str = ARMS) -> str:
    with pytest.raises(InputError) as raised:
        read(folder, precision, arms)
    [line] = raised.value.problems
    return line.partition(":")[2]


def test_either_of_the_two_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "{ best_within = 0.01 }").precision == BestWithin("adopted_share", 0.01, 0.95)
    asked = '{ outcome = "time_to_half", best_within = 2, confidence = 0.9 }'
    assert read(tmp_path, asked).precision == BestWithin("time_to_half", 2.0, 0.9)
    assert read(tmp_path, "{ half_width = 0.01 }").precision == Precision("adopted_share", 0.01, 0.95)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (
            "{ half_width = 0.01, best_within = 0.01 }",
            "4: precision: must be asked for by half_width or by best_within; both are there; take one of the two out",
        ),
        ("{}", "4: precision: must say half_width, for every difference to be known so well, or best_within"),
        ("{ confidence = 0.9 }", "4: precision: must say half_width"),
        (
            "{ best_within = 0 }",
            "4: precision.best_within: must be a number above 0, in the unit of the outcome; got 0",
        ),
        (
            "{ best_within = 1 }",
            "4: precision.best_within: must be below 1, because adopted_share is a share: one point in a hundred",
        ),
        ('{ half_width = 5, outcome = "adopted_share.manager" }', "because adopted_share.manager is a share"),
        ("{ best_within = -0.01 }", "must be a number above 0, in the unit of the outcome; got -0.01"),
        ("{ best_within = true }", "must be a number above 0, in the unit of the outcome; got true"),
        ("{ best_withn = 0.01 }", '4: precision.best_withn: unknown key; did you mean "best_within"?'),
        ('{ best_within = 0.01, outcome = "adopted_shared" }', 'did you mean "adopted_share"?'),
        ('{ best_within = 0.01, outcome = "adopted_share_others.ROLE" }', 'did you mean "adopted_share"?'),
        ("{ best_within = 0.01, confidence = 1 }", "precision.confidence: must be a number above 0.5 and below 1"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(tmp_path: Path, stated: str, told: str) -> None:
    assert told in problem(tmp_path, stated)


def test_one_arm_alone_is_no_choice(tmp_path: Path) -> None:
    alone = ARMS.partition('[[arms]]\nname = "b"')[0]
    told = "4: precision: best_within names the best of several arms, and there is one; ask for half_width instead"
    assert told in problem(tmp_path, "{ best_within = 0.01 }", alone)


def test_what_was_stopped_is_kept_and_is_nothing_that_is_compared(tmp_path: Path) -> None:
    scenario = read(tmp_path, "{ best_within = 0.01 }")
    assert "stopped" not in scenario.canonical()
    kept = Scenario.from_canonical(scenario.canonical() | {"stopped": [STOPPED]})
    assert kept == scenario
    assert kept.stopped == (Stopped("ahsn-a", 0, "a", 128),)
    assert Scenario.from_canonical(kept.canonical()).stopped == kept.stopped


STOPPED = {"network": "ahsn-a", "cell": 0, "arm": "a", "after": 128}

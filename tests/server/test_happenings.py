"""What happened at a step, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_runs import CERTAIN, ONE, run_on

from diffusion.server.happenings import happenings


def test_steps_are_told_one_by_one(tmp_path: Path) -> None:
    run = run_on(tmp_path, "a00,a01\na01,a02\na01,a03\n", CERTAIN + ONE)
    assert happenings(run, 0, "month") == "Start: a00 leads and has adopted. 1 of 12 has adopted (8.3 %)."
    assert happenings(run, 1, "month") == "Month 1: a01 adopted. 2 of 12 have adopted (16.7 %)."
    assert happenings(run, 2, "month") == "Month 2: a02 and a03 adopted. 4 of 12 have adopted (33.3 %)."
    assert happenings(run, 3, "month") == "Month 3: nobody moved. 4 of 12 have adopted (33.3 %)."


def test_many_who_move_at_once_are_counted(tmp_path: Path) -> None:
    run = run_on(tmp_path, "".join(f"a00,a{place:02d}\n" for place in range(1, 12)), CERTAIN + ONE)
    told = happenings(run, 1, "round")
    assert told.startswith("Round 1: a01, a02, a03, a04, a05, a06, a07, a08 and 3 more adopted. 12 of 12")


def test_those_who_know_and_those_who_gave_up_are_told(tmp_path: Path) -> None:
    said = '[awareness]\nrule = "contagion"\ntransmission = 1.0\n' + CERTAIN + "abandonment = 1.0\n" + ONE
    run = run_on(tmp_path, "a00,a01\na01,a02\n", said)
    assert happenings(run, 1, "month") == (
        "Month 1: a01 became aware; a00 abandoned it. "
        "0 of 12 have adopted (0.0 %), 1 more knows of it, 10 do not, 1 abandoned it."
    )


@pytest.mark.parametrize("count", [0, 2])
def test_the_start_names_the_leaders_or_says_that_there_are_none(tmp_path: Path, count: int) -> None:
    leaders = '[[arms]]\nname = "x"\nleaders.agents = ["a03", "a05"]\n' if count else ""
    none = '[[arms]]\nname = "x"\nleaders.count = 0\n'
    run = run_on(tmp_path, "a00,a01\n", CERTAIN + (leaders or none))
    wanted = "a03 and a05 lead and have adopted. 2 of 12" if count else "nobody leads. 0 of 12"
    assert happenings(run, 0, "month").startswith(f"Start: {wanted}")

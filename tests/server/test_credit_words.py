"""From whom a move may have come, and whom an agent reached, in words."""

from __future__ import annotations

from pathlib import Path

from small_runs import CERTAIN, ONE, run_on

from diffusion.server.agent_card import history
from diffusion.server.credit_words import given_lines, received_lines


def test_a_move_names_its_only_source_and_the_source_whom_it_brought(tmp_path: Path) -> None:
    run = run_on(tmp_path, "a00,a01\na01,a02\n", CERTAIN + ONE)
    assert history(run, 1, 4, "month") == [
        "Adopted in month 1, brought by a00.",
        "Brought 1 other to adopt: a02 (month 2).",
    ]
    assert history(run, 0, 4, "month") == [
        "Leads: it has adopted from the start.",
        "Brought 1 other to adopt: a01 (month 1).",
    ]
    assert history(run, 5, 4, "month") == ["Has not moved by month 4."]


def test_nothing_is_told_of_steps_that_are_not_shown_yet(tmp_path: Path) -> None:
    run = run_on(tmp_path, "a00,a01\na01,a02\n", CERTAIN + ONE)
    run.play_to(4)
    assert history(run, 1, 1, "month") == ["Adopted in month 1, brought by a00."]
    assert history(run, 2, 1, "month") == ["Has not moved by month 1."]


def test_shares_are_told_where_several_may_have_brought_a_move(tmp_path: Path) -> None:
    run = run_on(tmp_path, "a00,a01\na00,a02\na01,a03\na02,a03\n", CERTAIN + ONE)
    credit, network = run.credit(4), run.arm.network
    assert received_lines(credit, network, 3, "round") == ["Adopted in round 2, brought by a01 (50 %) and a02 (50 %)."]
    assert given_lines(credit, network, 1, "round") == [
        "Brought 0.5 others (shares added) to adopt: a03 (round 2, 50 %)."
    ]


def test_what_came_from_outside_and_by_itself_is_called_so(tmp_path: Path) -> None:
    outside = '[adoption]\nrule = "contagion"\ntransmission = 0.0\nexternal = 1.0\n'
    run = run_on(tmp_path, "a00,a01\n", outside + ONE)
    assert history(run, 1, 4, "month") == [
        "Adopted in month 1, brought by policy, media or funding; 1 other could have brought it."
    ]
    by_itself = '[adoption]\nrule = "hazard"\nlink = "identity"\nintercept = 1.0\nslope = 0.0\nexposure = "share"\n'
    run = run_on(tmp_path, "a00,a01\n", by_itself + ONE)
    assert history(run, 5, 4, "month") == ["Adopted in month 1, brought by its own accord."]


def test_giving_up_is_told_after_the_moves(tmp_path: Path) -> None:
    run = run_on(tmp_path, "a00,a01\n", CERTAIN + "abandonment = 1.0\n" + ONE)
    assert history(run, 1, 4, "month") == ["Adopted in month 1, brought by a00.", "Abandoned it in month 2."]

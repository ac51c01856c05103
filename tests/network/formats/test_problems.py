"""Problems of a set of files: told all at once, in order, and quickly however many there are."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from diffusion.network.formats.problems import HINT_WORK, SHOWN_PROBLEMS, Problems


def test_problems_are_told_by_file_as_they_came_up_and_then_by_line() -> None:
    problems = Problems()
    problems.add(Path("b.csv"), 7, "late")
    problems.add(Path("a.csv"), 2, "other file")
    problems.add(Path("b.csv"), 3, "early")
    problems.add(Path("b.csv"), None, "whole file")
    assert problems.error().problems == ("b.csv: whole file", "b.csv:3: early", "b.csv:7: late", "a.csv:2: other file")


def test_problems_of_one_line_stay_in_the_order_in_which_they_came_up() -> None:
    problems = Problems()
    for text in ("z", "a"):
        problems.add(Path("a.csv"), 1, text)
    assert problems.error().problems == ("a.csv:1: z", "a.csv:1: a")


def test_an_unknown_name_is_answered_with_the_nearest_that_is_known() -> None:
    problems = Problems()
    problems.add(Path("a.csv"), 1, 'no agent "an"', unknown="an")
    problems.add(Path("a.csv"), 2, 'no agent "xyz"', unknown="xyz")
    problems.known = ["ann", "bob"]
    assert problems.error().problems == (
        'a.csv:1: no agent "an"; did you mean "ann"?',
        'a.csv:2: no agent "xyz"',
    )


def test_of_very_many_problems_the_first_are_told_and_the_rest_is_counted() -> None:
    problems = Problems()
    for line in range(3000, 0, -1):
        problems.add(Path("a.csv"), line, "wrong")
    told = problems.error().problems
    assert (told[0], told[SHOWN_PROBLEMS - 1]) == ("a.csv:1: wrong", f"a.csv:{SHOWN_PROBLEMS}: wrong")
    assert told[SHOWN_PROBLEMS:] == ("\u2026 and 2,950 more",)


def test_among_very_many_known_names_hints_are_left_out_to_answer_quickly() -> None:
    problems = Problems(known=[f"agent {place}" for place in range(HINT_WORK + 1)])
    for line in range(1, 100):
        problems.add(Path("a.csv"), line, "wrong", unknown=f"agnet {line}")
    started = perf_counter()
    assert problems.error().problems[0] == "a.csv:1: wrong"
    assert perf_counter() - started < 2


def test_a_problem_is_one_line_whatever_a_file_holds() -> None:
    problems = Problems()
    problems.add(Path("a\nb.csv"), 1, "not \x1b[31m")
    assert problems.error().problems == ("a\\nb.csv:1: not \\x1b[31m",)

"""The methods of a study whose size followed from a precision: they say so, by which rule, and what is known of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from best_cases import BEST, settled
from experiment_cases import SCENARIO, MakeStore, MakeStudy, make_store, make_study, played, scenario_file
from report_recomputed import Recomputed

from diffusion.experiment.plan import Study
from diffusion.report.chapter import Chapter
from diffusion.report.numbers import TOKEN
from diffusion.report.stopping_rule import MEASURED
from diffusion.report.text import written_sections
from diffusion.report.writing import read_chapter

__all__ = ["make_store", "make_study", "scenario_file"]

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "uncertainty.md"
ASKED = "precision = {{ half_width = 0.05 }}  # what the region could notice"
WIDTH = SCENARIO.replace("replicates = {replicates}", ASKED)
WORLDS = (
    SCENARIO.replace("transmission = 0.2", "transmission = {{ uniform = [0.1, 0.4] }}")
    .replace("seed = 5", "seed = 5\ndesign = {{ latin-hypercube = 3 }}")
    .replace("replicates = {replicates}", "replicates = {replicates}\nprecision = {{ half_width = 0.06 }}")
)
NAMED = re.compile(r"\| .* \| \d+ \| [\d.]+ \| \d+ (replicates|worlds|randomisations) \|")
TIMES = BEST.replace("best_within = 0.02", 'outcome = "time_to_half", best_within = 0.2, confidence = 0.9')


CITED = re.compile(r"\[@[^\]]*\]")
NAMES = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\{n=\"(?:\\.|[^\"\\])*\"\}")


@pytest.fixture
def read(make_study: MakeStudy, make_store: MakeStore) -> Callable[..., Chapter]:
    def made(text: str, *, most: int = 10_000, steps: int = 6) -> Chapter:
        store = make_store()

        def once(one: Study) -> None:
            if one.scenario.replicates > most:
                raise KeyboardInterrupt
            played(one, store)

        with suppress(KeyboardInterrupt):
            settled(make_study(text=text, replicates=10, steps=steps), store, once)
        return read_chapter(store, store.find("who"))

    return made


def methods_of(chapter: Chapter) -> str:
    """Return the methods as text, without the names that numbers carry."""
    return NAMES.sub(r"\1", written_sections(chapter)["methods"])


def rows_of(chapter: Chapter) -> dict[str, tuple[str, str]]:
    """Return the value and the source of every parameter of the table, as its CSV has them."""
    table = next(table for table in chapter.tables if table.name == "parameters")
    return {
        row["parameter"]: (row["value or distribution"], row["source"])
        for row in csv.DictReader(table.csv().splitlines())
    }


def test_methods_say_that_results_decided_how_many_replicates_there_are_and_by_which_rule(read):
    chapter = read(WIDTH)
    told = methods_of(chapter)
    assert "was not fixed beforehand but decided by looking at the results" in told
    assert "by the sequential rule of Chow and Robbins [@chow1965]: it looked first after 128 replicates" in told
    assert (
        "differences from the baseline in `adopted_share` (Bonferroni, 95 % together) reached at most 5 points" in told
    )
    assert "tested by simulation: in 400 studies a kind" in told
    assert "had not come to its end" not in told
    rows = rows_of(chapter)
    assert rows["replicates"] == (f"{chapter.study.scenario.replicates}", "found by the stopping rule")
    assert rows["precision.outcome"] == ("adopted_share", "default")
    assert rows["precision.half_width"] == ("0.05", "scenario: “what the region could notice”")
    assert rows["precision.confidence"] == ("0.95", "default")


def test_worlds_are_said_to_be_found_and_replicates_to_be_stated(read):
    chapter = read(WORLDS)
    told, rows = methods_of(chapter), rows_of(chapter)
    assert "How many worlds there are was not fixed beforehand" in told
    assert "it looked first after 30 worlds" in told
    assert rows["worlds"] == (f"{chapter.study.scenario.worlds}", "found by the stopping rule")
    assert rows["replicates"] == ("10", "scenario")
    assert rows["design"] == ("{'latin-hypercube': 3}", "scenario")


def test_methods_name_the_rule_of_the_best_arm_whether_or_not_an_arm_was_stopped_early(read):
    for steps, is_stopped in ((6, True), (2, False)):
        chapter = read(TIMES, steps=steps)
        assert bool(chapter.study.scenario.stopped) is is_stopped
        told, rows = methods_of(chapter), rows_of(chapter)
        assert ("in the first of the same" in told) is is_stopped
        assert "after Paulson [@paulson1964] and Kim and Nelson [@kim2001]" in told
        assert "no other could be better by more than 0.2 steps, at 90 % confidence" in told
        assert "in 98.9 to 100 % of them" in told
        assert (rows["precision.best_within"], rows["precision.confidence"][0]) == (("0.2", "scenario"), "0.9")
        assert rows["replicates"][1] == "found by the stopping rule"


@pytest.mark.parametrize("text", [WIDTH.replace("0.05", "0.01"), BEST])
def test_a_rule_that_was_cut_short_is_not_said_to_have_come_to_its_end(read, text):
    assert "The rule had not come to its end when this was written." in methods_of(read(text, most=128))


def test_without_a_precision_there_is_no_rule_and_nothing_is_said_of_one(make_study, make_store):
    store = played(make_study(), make_store())
    chapter = read_chapter(store, store.find("who"))
    assert "Stopping rule" not in methods_of(chapter)
    assert rows_of(chapter)["replicates"] == ("100", "scenario")


@pytest.mark.parametrize("text", [WORLDS, TIMES])
def test_the_numbers_of_the_rule_are_found_again(read, text):
    chapter = read(text, steps=3)
    methods = written_sections(chapter)["methods"]
    rule = methods[methods.index("*Stopping rule.*") : methods.index("*Further statistics.*")]
    assert TOKEN.findall(CITED.sub("", NAMES.sub("", rule))) == []
    again = Recomputed(chapter.store, "who")
    told = {
        name: (number.value, again(number.source))
        for name, number in chapter.numbers.quoted.items()
        if name.startswith(("stopping_rule.", "parameter.precision.", "parameter.design."))
    }
    assert {"stopping_rule.first", "stopping_rule.confidence", "parameter.precision.confidence"} <= set(told)
    assert [name for name, (said, found) in told.items() if found not in (None, said)] == []
    assert [name for name, (_, found) in told.items() if found is None and name.startswith("parameter.")] == []


def test_what_methods_say_was_measured_stands_in_the_documentation():
    text = " ".join(DOCUMENTATION.read_text(encoding="utf-8").split())
    width, best = text.split("### The best arm instead of every difference")
    assert f"In {MEASURED['studies']:g} simulated studies a kind (three differences at 95 %" in width
    assert "within the half width in 96 to 100 % of them" in width
    assert f"In {MEASURED['studies_best']:,.0f} simulated studies a kind, at 95 %" in best
    named = [
        float(row.split("|")[3]) for row in DOCUMENTATION.read_text(encoding="utf-8").splitlines() if NAMED.match(row)
    ]
    assert (min(named), max(named)) == (98.9, 100)
    assert MEASURED["least_named"] == pytest.approx(min(named) / 100)
    assert "one arm of very heavy tails, the best was named in 96 %" in best
    assert f"in {MEASURED['studies_stopped']:,.0f} simulated studies a kind (normal, and 0/1 outcomes)" in best
    assert (
        "stopped arms covered 95 and 95 % of the time, and Bonferroni's of all differences at once 96 and 95 %" in best
    )

"""The tables of observed adoption, every number named."""

from __future__ import annotations

from collections.abc import Sequence

from diffusion.analysis.observed.findings import Findings
from diffusion.analysis.observed.runs import CurveAgainstRuns, EstimatorCheck
from diffusion.analysis.observed.thresholds import ADOPTER_CATEGORIES, THRESHOLD_CATEGORIES
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import escaped
from diffusion.report.numbers import Number, slug
from diffusion.report.table_cells import NOTHING, interval_cell, number_cell, whole_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.report.tidy_observed import NOT_ADOPTED

MOST_PERIODS = 40
"""How many periods a table of the curve has at most."""


def categories_table(chapter: Chapter, found: Findings, name: str) -> list[Table]:
    """Return adopters by when they adopted and by threshold, in per cent of all; none where nobody is sorted."""
    told = found.categories
    if told is None:
        return []
    source = {"from": "observed", "network": found.network}
    agents = max(told.agents, 1)

    def cell(count: int, path: tuple[str, ...]) -> Cell:
        share = {**source, "path": ["categories", *path], "over": ["categories", "agents"]}
        number = Number(f"{name}.categories.{'.'.join(map(slug, path))}.share", count / agents, "share", share)
        return Cell(chapter.numbers.show(number, f"{100 * number.value:.2f}"), (number.value,))

    made = [
        [
            text_cell(adopter),
            *(
                cell(int(told.counts[row, column]), ("counts", adopter, threshold))
                for column, threshold in enumerate(THRESHOLD_CATEGORIES)
            ),
        ]
        for row, adopter in enumerate(ADOPTER_CATEGORIES)
    ]
    made.append([text_cell(NOT_ADOPTED), cell(told.non_adopters, ("non_adopters",)), NOTHING, NOTHING, NOTHING])
    described = (
        Column("adopters", 18),
        *(Column(f"{threshold}, %", 12, is_number=True, fields=(threshold,)) for threshold in THRESHOLD_CATEGORIES),
    )
    number = Number(f"{name}.categories.agents", float(agents), "agent", {**source, "path": ["categories", "agents"]})
    caption = (
        f"Adopters by when they adopted (rows) and by threshold (columns), in per cent of all "
        f"{chapter.numbers.show(number, f'{agents:,}')} agents. Non-adopters have no threshold: they stand in the "
        "first column."
    )
    return [Table(f"categories-{slug(found.network)}", caption, described, rows(made))]


def curve_table(chapter: Chapter, where: str, arm: str, found: CurveAgainstRuns) -> Table:
    """Return the observed curve beside the range of runs."""
    name = f"{where}.observed.runs.{slug(arm)}.curve"
    source = {"from": "observed runs", "place": where, "arm": arm, "of": "curve"}
    made: list[list[Cell]] = []
    for place, label in enumerate(found.labels[:MOST_PERIODS]):
        numbers = [
            Number(
                f"{name}.{field}.{place}",
                float(getattr(found, field)[place]),
                "share",
                {**source, "path": [field, place]},
            )
            for field in ("observed", "low", "median", "high")
        ]
        made.append([text_cell(label), *(number_cell(chapter.numbers, number) for number in numbers)])
    described = (
        Column(found.unit, 12),
        Column("observed, %", 12, is_number=True, fields=("observed",)),
        *(
            Column(text, 12, is_number=True, fields=(field,))
            for text, field in (("runs, low, %", "low"), ("runs, median, %", "median"), ("runs, high, %", "high"))
        ),
    )
    caption = (
        f"Cumulative share of the agents that had adopted: observed, and in runs of the arm *{escaped(arm)}* (median, "
        "and the range that leaves out one run in twenty at either end)."
    )
    return Table(f"observed-{slug(where)}", caption, described, rows(made))


def checks_table(chapter: Chapter, where: str, arm: str, checks: Sequence[EstimatorCheck]) -> Table:
    """Return what the estimators give in the observed times, in runs, and in runs with times dealt anew."""
    source = {"from": "observed runs", "place": where, "arm": arm, "of": "checks"}
    name = f"{where}.observed.runs.{slug(arm)}.checks"

    def number(place: int, *path: str) -> Number | None:
        value = checks[place].as_json()[path[0]]
        for key in path[1:]:
            value = value[key]
        if value is None:
            return None
        parts = ".".join([name, slug(checks[place].estimator), *path])
        return Number(parts, float(value), "as estimated", {**source, "path": [place, *path]})

    made = []
    for place, check in enumerate(checks):
        spread = [
            interval_cell(chapter.numbers, *(number(place, kind, field) for field in ("mean", "low", "high")), least=3)
            for kind in ("runs", "dealt")
        ]
        defined = number(place, "runs", "defined")
        cells = [text_cell(check.estimator), number_cell(chapter.numbers, number(place, "observed"), 3), *spread]
        made.append([*cells, NOTHING if defined is None else whole_cell(chapter.numbers, defined)])
    described = (
        Column("estimator", 20),
        Column("observed", 10, is_number=True),
        Column("in runs", 22, fields=("runs", "runs_low", "runs_high")),
        Column("times dealt anew", 22, fields=("dealt", "dealt_low", "dealt_high")),
        Column("runs in which it is defined", 12, is_number=True, fields=("defined",)),
    )
    caption = (
        f"Estimators on the observed times, on runs of the arm *{escaped(arm)}*, and on the same runs with their times "
        "dealt anew: means over runs, in brackets the range that leaves out one run in twenty at either end. Bass q is "
        "read off the curve, which dealing leaves as it is."
    )
    return Table(f"estimators-{slug(where)}", caption, described, rows(made))

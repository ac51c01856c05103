"""Observed data: what Valente's methods say of observed times of adoption, and how runs of the model compare."""

from __future__ import annotations

from typing import Any

from diffusion.analysis.observed.exposure import ExposureTies
from diffusion.analysis.observed.findings import Findings, observed_findings
from diffusion.analysis.observed.run_sentences import check_sentences, curve_sentences
from diffusion.analysis.observed.runs import (
    CurveAgainstRuns,
    EstimatorCheck,
    adoption_of_runs,
    curve_against_runs,
    estimator_checks,
)
from diffusion.analysis.observed.sentences import observed_sentences
from diffusion.analysis.observed.times import ObservedTimes, has_observed_times, observed_times
from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import bullets, escaped, heading, paragraphs
from diffusion.report.numbers import EITHER, Number, Pool, slug
from diffusion.report.table_cells import number_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.report.told_numbers import told_numbers

MOST_RUNS, MOST_CHECKED = 200, 40
"""Runs whose curve is compared, and runs on which the estimators are tried."""

MOST_SENTENCES = 4
"""How many sentences stand in a paragraph at most."""

MOST_PERIODS = 40
"""How many periods a table of the curve has at most."""


def section(chapter: Chapter) -> str:
    """Return the section; nothing where no network has observed times."""
    told = [_network(chapter, network) for network in chapter.networks if has_observed_times(network)]
    if not any(told):
        return ""
    return paragraphs(
        heading("Observed adoption", label="observed"),
        "The data say when agents adopted. What follows describes these times; it is associated with ties, and "
        "does not "
        "show that anybody learnt from anybody: people who are tied are alike (homophily) and are reached by the same "
        "outside influence "
        f"{chapter.cite('valente1996', 'vandenbulte2001')}.",
        *told,
    )


def _network(chapter: Chapter, network: Network) -> str:
    try:
        times = observed_times(network)
        within = "organisation" if 1 < len(network.organisation_names) < network.size else None
        found = observed_findings(network, times, within=within, seed=chapter.study.scenario.seed)
    except InputError as error:
        chapter.notes += [f"observed times are left out: {problem}" for problem in error.problems]
        return ""
    place = next(place for place, arms in enumerate(chapter.arms) if arms.result.group.network is network)
    pool, names, texts = _pool(found), _names(network, times), observed_sentences(found)
    told = [
        chapter.quoted(texts[first : first + MOST_SENTENCES], pool, names)
        for first in range(0, len(texts), MOST_SENTENCES)
    ]
    title = f"## {escaped(network.name)}" if len(chapter.networks) > 1 else ""
    return paragraphs(title, *told, _against_runs(chapter, place, times))


def _pool(found: Findings) -> Pool:
    source = {"from": "observed", "network": found.network}
    name = f"{slug(found.network)}.observed"
    return Pool([*told_numbers(name, found.as_json(), source), *_extra(found, name, source)])


def _extra(found: Findings, name: str, source: dict[str, Any]) -> list[Number]:
    """Return numbers that sentences derive from the findings."""
    periods = Number(f"{name}.periods", float(found.times.periods), EITHER, {**source, "path": ["times", "periods"]})
    return [periods, *_quantiles(source)]


def _quantiles(source: dict[str, Any]) -> list[Number]:
    return [
        Number(
            f"quantile.{share}",
            share / 100,
            "share",
            {"from": "constant", "of": "diffusion.analysis.observed", "value": share},
        )
        for share in (5, 95)
        if source
    ]


def _names(network: Network, times: ObservedTimes) -> tuple[str, ...]:
    return (*times.labels, network.name, *network.role_names, *network.organisation_names)


def _against_runs(chapter: Chapter, place: int, times: ObservedTimes) -> str:
    """Return how runs of the best arm compare with what was observed."""
    if chapter.study.scenario.worlds > 1:
        chapter.notes += ["observed times are not compared with runs, for these are of many worlds"]
        return ""
    arms = chapter.arms[place]
    network = arms.result.group.network
    arm = chapter.loaded.telling_arms(arms.result)[0]
    replicates = min(MOST_RUNS, chapter.study.scenario.replicates)
    adopted = adoption_of_runs(chapter.ensemble(place, arm), replicates)
    steps = chapter.study.scenario.steps
    found = curve_against_runs(times, adopted, steps)
    checks = estimator_checks(
        ExposureTies.of(network), adopted[:, :MOST_CHECKED], steps, observed=times, seed=chapter.study.scenario.seed
    )
    phrase = arms.result.setting.phrase(arm)
    pool = Pool(list(_run_numbers(arms.place, arm, found, checks)))
    names = (*arms.names(), *_names(network, times))
    told = chapter.quoted(curve_sentences(found, phrase), pool, names)
    sentences = check_sentences(checks, phrase, by_ties=_spreads_over_ties(chapter, place, arm))
    checked = bullets([chapter.quoted([sentence], pool, names) for sentence in sentences])
    table = _table(chapter, arms.place, arm, found)
    return paragraphs(
        f"{told} {table.reference} shows both.",
        chapter.table(table),
        (
            "What these estimators find in runs, where it is known whether adoption spreads over ties, and with times "
            "dealt anew, where it cannot have:"
        ),
        checked,
    )


def _spreads_over_ties(chapter: Chapter, place: int, arm: str) -> bool:
    """Return whether exposure moves agents in the runs of an arm."""
    planned = next(one for one in chapter.result.groups[place].group.arms if one.name == arm)
    parameters = planned.setting.parameters
    stages = [stage for stage in (parameters.awareness, parameters.adoption) if stage is not None]
    return any(stage.rule == "threshold" or stage.transmission > 0 or stage.slope != 0 for stage in stages)


def _run_numbers(where: str, arm: str, found: CurveAgainstRuns, checks: tuple[EstimatorCheck, ...]) -> list[Number]:
    name = f"{where}.observed.runs.{slug(arm)}"
    source = {"from": "observed runs", "place": where, "arm": arm}
    inside = {"inside": int((found.side == 0).sum()), "periods": len(found.labels)}
    return [
        *told_numbers(f"{name}.curve", {**found.as_json(), **inside}, {**source, "of": "curve"}),
        *told_numbers(f"{name}.checks", [check.as_json() for check in checks], {**source, "of": "checks"}),
        *_quantiles(source),
    ]


def _table(chapter: Chapter, where: str, arm: str, found: CurveAgainstRuns) -> Table:
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
        f"Cumulative share of the agents that had adopted: observed, and in runs of the arm *{escaped(arm)}* "
        "(median, and "
        "the range that leaves out one run in twenty at either end)."
    )
    return Table(f"observed-{slug(where)}", caption, described, rows(made))

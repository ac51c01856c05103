"""Observed data: what Valente's methods say of observed times of adoption, and how runs of the model compare."""

from __future__ import annotations

from typing import Any

from diffusion.analysis.observed.exposure import ExposureTies
from diffusion.analysis.observed.findings import Findings, observed_findings
from diffusion.analysis.observed.run_sentences import check_summary, curve_sentences, ties_phrase
from diffusion.analysis.observed.runs import CurveAgainstRuns, EstimatorCheck, estimator_checks
from diffusion.analysis.observed.sentences import observed_sentences
from diffusion.analysis.observed.times import ObservedTimes
from diffusion.analysis.phrases import counted, opened
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.errors import InputError
from diffusion.experiment.plan import PlannedArm
from diffusion.model.rules import RULES
from diffusion.network.network import Network
from diffusion.report import observed_tables, pictures
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import escaped, heading, paragraphs
from diffusion.report.numbers import EITHER, Number, Pool, slug
from diffusion.report.observed_study import observed_networks, replayed_adoption, runs_beside, times_of
from diffusion.report.told_numbers import told_numbers

MOST_CHECKED = 40
"""On how many runs the estimators are tried."""

MOST_SENTENCES = 4
"""How many sentences stand in a paragraph at most."""


def section(chapter: Chapter) -> str:
    """Return the section; nothing where no network has observed times."""
    told = [_network(chapter, network) for network in observed_networks(chapter.study)]
    if not any(told):
        return ""
    return paragraphs(
        heading("Observed adoption", label="observed"),
        "The data say when agents adopted. What follows describes these times. Where adoption is *associated with* "
        "ties, that does not show that anybody learnt from anybody: people who are tied are alike (homophily), and are "
        "reached by the same outside influence "
        f"{chapter.cite('valente1996', 'vandenbulte2001')}.",
        *told,
    )


def _network(chapter: Chapter, network: Network) -> str:
    try:
        times = times_of(chapter.study, network)
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
    drawn = pictures.observed(chapter, network)
    tables = observed_tables.categories_table(chapter, found, f"{slug(found.network)}.observed")
    refer = [f"{picture.reference} shows {what}." for picture, what in drawn]
    refer += [f"{table.reference} has the categories in per cent." for table in tables]
    return paragraphs(
        title,
        *told,
        " ".join(refer),
        *(chapter.picture(picture) for picture, _ in drawn),
        *(chapter.table(table) for table in tables),
        _against_runs(chapter, place, times),
    )


def _pool(found: Findings) -> Pool:
    source = {"from": "observed", "network": found.network}
    name = f"{slug(found.network)}.observed"
    return Pool([*told_numbers(name, found.as_json(), source), *_extra(found, name, source)])


def _extra(found: Findings, name: str, source: dict[str, Any]) -> list[Number]:
    """Return numbers that sentences derive from the findings."""
    periods = Number(f"{name}.periods", float(found.times.periods), EITHER, {**source, "path": ["times", "periods"]})
    return [periods, *_quantiles()]


def _quantiles() -> list[Number]:
    source = {"from": "constant", "of": "diffusion.analysis.observed"}
    return [Number(f"quantile.{share}", share / 100, "share", {**source, "value": share}) for share in (5, 95)]


def _names(network: Network, times: ObservedTimes) -> tuple[str, ...]:
    return (*times.labels, network.name, *network.role_names, *network.organisation_names)


def _against_runs(chapter: Chapter, place: int, times: ObservedTimes) -> str:
    """Return how runs of the best arm compare with what was observed."""
    if chapter.study.scenario.worlds > 1:
        chapter.notes += ["observed times are not compared with runs, for these are of many worlds"]
        return ""
    arms = chapter.arms[place]
    network = arms.result.group.network
    name = chapter.loaded.telling_arms(arms.result)[0]
    planned = next(one for one in arms.result.group.arms if one.name == name)
    adopted = replayed_adoption(chapter.study, planned)
    found = runs_beside(chapter.study, times, adopted)
    checks = estimator_checks(
        ExposureTies.of(network),
        adopted[:, :MOST_CHECKED],
        chapter.study.scenario.steps,
        observed=times,
        seed=chapter.study.scenario.seed,
    )
    phrase = arms.result.setting.phrase(name)
    pool = Pool(list(_run_numbers(arms.place, name, found, checks)))
    names = (*arms.names(), *_names(network, times))
    table = observed_tables.curve_table(chapter, arms.place, name, found)
    checked = observed_tables.checks_table(chapter, arms.place, name, checks)
    has_outside = any(arm.name == NO_LEADERS for arm in arms.result.group.arms)
    by_ties = spreads_over_ties(planned)
    truth = ties_phrase(by_ties=by_ties, otherwise=has_outside)
    lead = (
        f"what these estimators give is told beside runs, where the truth is known: {counted(checks[0].number, 'run')} "
        f"of {phrase}, {truth}, and the same runs with their times dealt anew among all agents but the leaders, so "
        "that no tie can have mattered."
    )
    summary = check_summary(checks) if by_ties else ()
    return paragraphs(
        f"{chapter.quoted(curve_sentences(found, phrase), pool, names)} {table.reference} shows both.",
        chapter.table(table),
        f"{chapter.quoted([opened(lead), *summary], pool, names)} {checked.reference} has the numbers.",
        chapter.table(checked),
    )


def spreads_over_ties(arm: PlannedArm) -> bool:
    """Return whether exposure moves agents in the runs of an arm: in any stage, a tie that carries or a slope."""
    parameters = arm.setting.parameters
    stages = [stage for stage in (parameters.awareness, parameters.adoption) if stage is not None]
    return any(
        stage.transmission != 0 if RULES[stage.rule].family == "tie" else stage.rule == "threshold" or stage.slope != 0
        for stage in stages
    )


def _run_numbers(where: str, arm: str, found: CurveAgainstRuns, checks: tuple[EstimatorCheck, ...]) -> list[Number]:
    name = f"{where}.observed.runs.{slug(arm)}"
    source = {"from": "observed runs", "place": where, "arm": arm}
    inside = {"inside": int((found.side == 0).sum()), "periods": len(found.labels)}
    return [
        *told_numbers(f"{name}.curve", {**found.as_json(), **inside}, {**source, "of": "curve"}),
        *told_numbers(f"{name}.checks", [check.as_json() for check in checks], {**source, "of": "checks"}),
        *_quantiles(),
    ]

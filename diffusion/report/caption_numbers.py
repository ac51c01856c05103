"""The numbers that captions of figures quote: sizes, counts of what is shown, and what the figures hold fixed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from diffusion.errors import InputError
from diffusion.experiment.plan import Study
from diffusion.experiment.survived import turnings
from diffusion.report.arm_numbers import CONFIDENCE, cell_numbers, scenario_numbers
from diffusion.report.chapter import Chapter
from diffusion.report.credit_replayed import credited_runs
from diffusion.report.figures import (
    adoption_curves,
    adoption_map,
    arm_ranking,
    credit_flow,
    heat_map,
    null_places,
    reach,
    survival_by_rate,
    survival_by_world,
    time_to_share,
)
from diffusion.report.numbers import EITHER, Number, Pool, slug
from diffusion.report.observed_study import MOST_RUNS, observed_networks, times_of

_MOST = {
    "ranking.panels": arm_ranking.MOST_PLACES,
    "curves.panels": adoption_curves.MOST_PANELS,
    "curves.other_panels": adoption_curves.MOST_PANELS - 1,
    "times.panels": time_to_share.MOST_PANELS,
    "reach.roles": reach.MOST_ROLES,
    "reach.arms": reach.MOST_ARMS,
    "reach.organisations": reach.MOST_ORGANISATIONS,
    "reach.half_of_organisations": reach.MOST_ORGANISATIONS // 2,
    "heat.columns": heat_map.MOST_COLUMNS,
    "credit.arms": credit_flow.MOST_ARMS,
    "credit.roles": credit_flow.MOST_NODES,
    "nulls.arms": null_places.MOST_ARMS,
    "observed.runs": MOST_RUNS,
    "survival.panels": survival_by_rate.MOST_PANELS,
    "survival.arms": survival_by_world.MOST_ARMS,
    "whole": 1,
}
"""How much figures show at most, by what their names are in the register."""


def caption_pool(chapter: Chapter) -> Pool:
    """Return the numbers that the captions of a report's figures may quote."""
    study = chapter.study
    numbers = [CONFIDENCE, *_quantiles(), *scenario_numbers(study)]
    numbers.append(Number("study.credited_runs", float(credited_runs(chapter)), "run", {"from": "credited runs"}))
    numbers += [arms.smallest(chapter.ranking_outcome) for arms in chapter.arms[:1]]
    numbers += [
        Number(
            f"{slug(network)}.observed.known", float(count), "agent", {"from": "observed agents", "network": network}
        )
        for network, count in _known(chapter)
    ]
    for arms in chapter.arms:
        numbers += cell_numbers(arms.result.group)
    if study.scenario.stopped:
        numbers += [arms.runs(arm) for arms in chapter.arms for arm in arms.summaries]
    if study.scenario.worlds > 1:
        runs = float(study.scenario.worlds * study.scenario.replicates)
        numbers.append(Number("study.runs_of_arm", runs, "run", {"from": "study", "field": "runs_of_arm"}))
    lines = turnings([group.survived for group in chapter.result.groups], chapter.ranking_outcome)
    numbers.append(Number("study.turnings", float(len(lines)), EITHER, {"from": "study", "field": "turnings"}))
    return Pool([*numbers, *_counts(study), *_fixed()])


def _known(chapter: Chapter) -> list[tuple[str, int]]:
    """Return of how many agents the time of adoption, or never, is known, by network."""
    found = []
    for network in observed_networks(chapter.study):
        with suppress(InputError):  # the section on what was observed says so
            found.append((network.name, int(times_of(chapter.study, network).known.sum())))
    return found


def _counts(study: Study) -> Iterator[Number]:
    """Yield how many there are of what a figure may show in part."""
    for network in study.networks:
        told = {"agents": network.size, "role_count": len(network.role_names), "organisations": 0}
        told["organisations"] = len(network.organisation_names)
        for field, count in told.items():
            source = {"from": "network", "network": network.name, "field": field}
            name = f"{slug(network.name)}.{field}"
            yield Number(name, float(count), field.removesuffix("_count").rstrip("s"), source, (network.name,))
    nulls = study.scenario.nulls
    if nulls.rewirings:
        source = {"from": "study", "field": "rewirings"}
        yield Number("study.rewirings", float(nulls.rewirings), "network", source)
        runs = min(nulls.rewired_replicates, study.scenario.replicates)
        yield Number("study.rewired_runs", float(runs), "run", {"from": "study", "field": "rewired_runs"})
    arms = max(len(group.arms) for group in study.groups)
    counts = {"cells": len(study.scenario.cells()), "places": len(study.groups), "arms_played": arms}
    for field, count in (counts | {"other_arms": arms - 1}).items():
        yield Number(f"study.{field}", float(count), EITHER, {"from": "study", "field": field})


def _fixed() -> Iterator[Number]:
    for name, value in _MOST.items():
        yield Number(f"figures.{name}", float(value), EITHER, {"from": "constant", "of": "diffusion.report.figures"})
    source = {"from": "constant", "of": "diffusion.report.figures.adoption_map"}
    yield Number("figures.map.leads_from", adoption_map.LEADS_FROM, "share of runs", source)


def _quantiles() -> Iterator[Number]:
    for name, value in (("low", 0.05), ("high", 0.95)):
        source = {"from": "constant", "of": "diffusion.report.tidy_steps", "field": name}
        yield Number(f"band.{name}", value, "share of runs", source)

"""The figures of a report: which stand in which section, and their captions with every number named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from diffusion.analysis.credit_totals import CreditTotals
from diffusion.analysis.turning import Turning
from diffusion.network.network import Network
from diffusion.report import tidy_credit, tidy_observed
from diffusion.report.caption_numbers import caption_pool
from diffusion.report.chapter import Chapter, Picture
from diffusion.report.figures import (
    adopter_categories,
    adoption_curves,
    adoption_map,
    arm_ranking,
    best_share,
    credit_flow,
    heat_map,
    null_places,
    observed_curve,
    reach,
    spread_cost,
    survival_by_rate,
    survival_by_world,
    time_to_share,
)
from diffusion.report.figures.wording import Place
from diffusion.report.network_figure import MOST_AGENTS
from diffusion.report.tidy_keys import cell_labels

MOST_DRAWN = 2
"""How many networks and cells have a map, and figures of who was reached: the first."""


def ranking(chapter: Chapter) -> Picture:
    """Return the figure of the chapter: means, and paired differences from the baseline."""
    arms, comparisons = chapter.loaded.arms, chapter.loaded.comparisons
    outcome = chapter.ranking_outcome
    return _picture(
        chapter,
        "ranking",
        lambda: arm_ranking.arm_ranking(arms, comparisons, outcome=outcome),
        arm_ranking.caption(arms, comparisons, outcome=outcome),
    )


def best(chapter: Chapter) -> Picture:
    """Return the figure of how often each arm is best."""
    arms, outcome = chapter.loaded.arms, chapter.ranking_outcome
    return _picture(
        chapter, "best", lambda: best_share.best_share(arms, outcome=outcome), best_share.caption(arms, outcome=outcome)
    )


def curves(chapter: Chapter) -> Picture:
    """Return the figure of adoption over time."""
    table, baseline = chapter.loaded.curves, chapter.study.scenario.baseline
    return _picture(
        chapter,
        "curves",
        lambda: adoption_curves.adoption_curves(table, baseline=baseline),
        adoption_curves.caption(table, baseline=baseline),
    )


def heat(chapter: Chapter) -> Picture:
    """Return the heat map of arms by networks and cells."""
    arms, outcome = chapter.loaded.arms, chapter.ranking_outcome
    return _picture(
        chapter, "heat", lambda: heat_map.arm_heat_map(arms, outcome=outcome), heat_map.caption(arms, outcome=outcome)
    )


def times(chapter: Chapter) -> Picture:
    """Return the figure of when shares of the agents were reached."""
    table, baseline = chapter.loaded.times, chapter.study.scenario.baseline
    return _picture(
        chapter,
        "times",
        lambda: time_to_share.time_to_share(table, baseline=baseline),
        time_to_share.caption(table, baseline=baseline),
    )


def maps(chapter: Chapter) -> list[Picture]:
    """Return the first networks, each agent as dark as it is likely to have adopted."""
    made = []
    for place, group in enumerate(chapter.result.groups[:MOST_DRAWN]):
        network = group.group.network
        if network.size > MOST_AGENTS:
            continue
        agents = _here(chapter, place, chapter.loaded.agents)
        arms = chapter.loaded.telling_arms(group)
        draw = partial(adoption_map.adoption_map, agents, network, arms=arms)
        made.append(
            _picture(chapter, _placed("map", chapter, place), draw, adoption_map.caption(agents, network, arms=arms))
        )
    return made


def reached(chapter: Chapter, place: int) -> list[Picture]:
    """Return how far roles and organisations were reached, on one network and cell."""
    group = chapter.result.groups[place]
    table = _here(chapter, place, chapter.loaded.groups)
    made = []
    if len(group.group.network.role_names) > 1:
        draw = partial(reach.reach_by_role, table)
        made.append(_picture(chapter, _placed("roles", chapter, place), draw, reach.role_caption(table)))
    if len(group.group.network.organisation_names) > 1:
        draw = partial(reach.reach_by_organisation, table)
        made.append(
            _picture(chapter, _placed("organisations", chapter, place), draw, reach.organisation_caption(table))
        )
    return made


def nulls(chapter: Chapter, place: int, arms: Sequence[str]) -> list[Picture]:
    """Return the figure of arms beside their nulls, where there is anything to draw."""
    rewired, matched = (_here(chapter, place, table) for table in (chapter.loaded.rewired, chapter.loaded.matched))
    if rewired["difference"].isna().all() and not (matched["why_not"] == "").any():
        return []
    draw = partial(null_places.null_places, rewired, matched, arms=arms)
    told = null_places.caption(rewired, matched, arms=arms)
    return [_picture(chapter, _placed("nulls", chapter, place), draw, told)]


def credit(chapter: Chapter, place: int, totals: Sequence[CreditTotals]) -> Picture:
    """Return from which roles adoption came, and to which it went, on one network and cell."""
    table = tidy_credit.credit_table(chapter.study, chapter.study.groups[place], totals)
    draw = partial(credit_flow.credit_flow, table)
    return _picture(chapter, _placed("credit", chapter, place), draw, credit_flow.caption(table))


def observed(chapter: Chapter, network: Network) -> list[tuple[Picture, str]]:
    """Return the figures of observed adoption on a network, each with what it shows."""
    curve = tidy_observed.observed_curve_table(chapter.study, chapter.loaded.arm_beside, [network])
    table = tidy_observed.observed_categories_table(chapter.study, [network])
    suffix = f"-{chapter.networks.index(network) + 1}" if len(chapter.networks) > 1 else ""
    drawn = partial(observed_curve.observed_curve, curve)
    made = [
        (_picture(chapter, f"observed{suffix}", drawn, observed_curve.caption(curve)), "the curve, and runs beside it")
    ]
    if len(table):
        sorted_ = partial(adopter_categories.adopter_categories, table)
        told = adopter_categories.caption(table)
        made.append((_picture(chapter, f"categories{suffix}", sorted_, told), "adopters by time and threshold"))
    return made


def survival_rates(chapter: Chapter, found: Sequence[Turning]) -> Picture:
    """Return how often the best arm stays best, by the swept error of the network."""
    draw = partial(survival_by_rate.survival_by_rate, found)
    return _picture(chapter, "survival", draw, survival_by_rate.caption(found))


def survival_worlds(chapter: Chapter, place: int) -> Picture:
    """Return how far the other arms are behind the best on the given network, on one network and cell."""
    arms, worlds = (
        _here(chapter, place, table) for table in (chapter.loaded.survival_arms, chapter.loaded.survival_worlds)
    )
    unit = chapter.arms[place].result.setting.step_unit
    draw = partial(survival_by_world.survival_by_world, arms, worlds, step_unit=unit)
    return _picture(chapter, _placed("survival", chapter, place), draw, survival_by_world.caption(arms, worlds))


def costs(chapter: Chapter) -> Picture:
    """Return spread against cost, on the first network and cell."""
    found = chapter.result.groups[0].costs
    draw = partial(spread_cost.spread_cost, found.arms, budget=found.stated.budget)
    return _picture(chapter, "costs", draw, spread_cost.caption(found.arms, budget=found.stated.budget))


def _here(chapter: Chapter, place: int, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a tidy table that are about one network and cell."""
    group = chapter.study.groups[place]
    return Place(group.network.name, cell_labels(chapter.study)[group.cell.index]).of(table)


def _placed(name: str, chapter: Chapter, place: int) -> str:
    return f"{name}-{place + 1}" if chapter.is_swept else name


def _picture(chapter: Chapter, name: str, draw: Callable[[], Figure], caption: str) -> Picture:
    names = tuple(name for arms in chapter.arms for name in arms.names())
    return Picture(name, chapter.numbers.quote(caption, caption_pool(chapter), names), draw)

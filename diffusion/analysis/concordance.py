"""Concordance: whether arms rank alike on several networks, in several cells, under several rules.

Kendall's coefficient of concordance W (Kendall & Babington Smith 1939, doi
10.1214/aoms/1177732186) is 1 where the order is the same everywhere and 0 where
orders have nothing in common; arms with the same mean share a rank, and W is
corrected for that. It describes the networks and cells that were played. They
are not drawn at random from any population, so no p-value is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from diffusion.analysis.arms import ArmSummary
from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.compare import Comparison
from diffusion.analysis.outcomes import Outcome
from diffusion.analysis.reserved import NO_LEADERS

_EQUAL_MEANS = 12

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Placed:
    """Hold the results of the arms of one network and cell.

    Attributes
    ----------
    network, cell
        Where: the network's name and the swept values.
    summaries, comparisons
        The arms by themselves and compared.
    """

    network: str
    cell: Mapping[str, object]
    summaries: Sequence[ArmSummary]
    comparisons: Sequence[Comparison]

    @property
    def name(self) -> str:
        """Return what the place is called."""
        return ", ".join(part for part in (self.network, cell_phrase(self.cell)) if part)


@dataclass(frozen=True)
class Concordance:
    """Hold how the arms rank in every place.

    Attributes
    ----------
    outcome
        By what they rank.
    among
        What the places differ in: ``"networks"``, ``"cells"`` or ``"networks and cells"``.
    within
        What the places have in common: a network's name, or a cell in words; empty for all of them.
    places, arms
        The networks and cells, and the arms with leaders that are in all of them.
    ranks
        Place by place, the rank of each arm, 1 for the best mean; arms of
        the same mean share the average of their ranks.
    mean_ranks
        Each arm's mean rank.
    w
        Kendall's W; None with fewer than three arms, or where all tie everywhere.
    reversed
        Arms that are better than the baseline in some places and worse in others, by more than matters.
    """

    outcome: str
    among: str
    within: str
    places: tuple[str, ...]
    arms: tuple[str, ...]
    ranks: tuple[tuple[float, ...], ...]
    mean_ranks: tuple[float, ...]
    w: float | None
    reversed: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)


def concordances(found: Sequence[Placed], outcome: Outcome, baseline: str) -> tuple[Concordance, ...]:
    """Return how the arms rank over all places and, where both differ, over the networks and over the cells.

    Parameters
    ----------
    found
        The results, place by place.
    outcome
        What the arms are ranked by.
    baseline
        The arm beside which reversals are looked for.

    Returns
    -------
    Nothing with fewer than two places or two arms that are in all of them.
    Otherwise first the concordance over all; with several networks and
    several cells, then that over networks in each cell and over cells on each network.
    """
    networks = list(dict.fromkeys(place.network for place in found))
    cells = list(dict.fromkeys(cell_phrase(place.cell) for place in found))
    among = "networks and cells" if len(networks) > 1 and len(cells) > 1 else "cells" if len(cells) > 1 else "networks"
    told = [concordance(found, outcome, baseline, among)]
    if among == "networks and cells":
        for cell in cells:
            here = [place for place in found if cell_phrase(place.cell) == cell]
            told.append(concordance(here, outcome, baseline, "networks", cell))
        for network in networks:
            here = [place for place in found if place.network == network]
            told.append(concordance(here, outcome, baseline, "cells", network))
    return tuple(one for one in told if one is not None)


def concordance(
    found: Sequence[Placed], outcome: Outcome, baseline: str, among: str, within: str = ""
) -> Concordance | None:
    """Return how the arms rank over some places; None with fewer than two places, or arms in all of them."""
    scores = [_scores(place.summaries, outcome) for place in found]
    arms = [arm for arm in (scores[0] if scores else ()) if all(arm in one for one in scores)]
    if len(found) < 2 or len(arms) < 2:
        return None
    table = np.array([[one[arm] for arm in arms] for one in scores])
    ranks = stats.rankdata(-table, axis=1)
    return Concordance(
        outcome=outcome.name,
        among=among,
        within=within,
        places=tuple(place.name for place in found),
        arms=tuple(arms),
        ranks=tuple(tuple(row) for row in ranks.tolist()),
        mean_ranks=tuple(ranks.mean(axis=0).tolist()),
        w=kendalls_w(table),
        reversed=_reversed(found, arms, outcome, baseline),
    )


def kendalls_w(scores: FloatArray) -> float | None:
    """Return Kendall's W, corrected for ties.

    It is Friedman's chi-squared over its largest value, places times arms less one.

    Parameters
    ----------
    scores
        A row a place, a column an arm; shape (places, arms).

    Returns
    -------
    None with fewer than three arms, or where all tie in every place.

    Examples
    --------
    >>> kendalls_w(np.array([[3.0, 2.0, 1.0], [9.0, 5.0, 0.0]])), kendalls_w(np.array([[3.0, 2.0, 1.0], [1, 2, 3]]))
    (1.0, 0.0)
    """
    places, arms = scores.shape
    if arms < 3 or all(len(set(row)) == 1 for row in scores.tolist()):
        return None
    chi_squared = float(stats.friedmanchisquare(*scores.T).statistic)
    return float(np.clip(round(chi_squared / (places * (arms - 1)), _EQUAL_MEANS), 0.0, 1.0))


def _scores(summaries: Sequence[ArmSummary], outcome: Outcome) -> dict[str, float]:
    """Return each arm's mean, higher is better, rounded so that equal means stay equal."""
    return {
        summary.arm: round(outcome.sign * summary.outcomes[outcome.name].mean, _EQUAL_MEANS)
        for summary in summaries
        if summary.arm != NO_LEADERS and outcome.name in summary.outcomes
    }


def _reversed(found: Sequence[Placed], arms: Sequence[str], outcome: Outcome, baseline: str) -> tuple[str, ...]:
    """Return the arms whose verdicts beside the baseline contradict each other."""
    verdicts: dict[str, set[str | None]] = {arm: set() for arm in arms}
    for place in found:
        for one in place.comparisons:
            if (one.outcome, one.baseline) == (outcome.name, baseline) and one.arm in verdicts:
                verdicts[one.arm].add(one.verdict)
    return tuple(arm for arm in arms if {"better", "worse"} <= verdicts[arm])

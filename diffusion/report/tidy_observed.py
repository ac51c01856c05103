"""Tidy tables of observed adoption: the curve beside runs, and adopters sorted by time and by threshold.

They are empty where no network has observed times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from diffusion.analysis.observed.curve import adoption_curve
from diffusion.analysis.observed.exposure import ExposureTies
from diffusion.analysis.observed.thresholds import ADOPTER_CATEGORIES, THRESHOLD_CATEGORIES, categories, thresholds
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.network.network import Network
from diffusion.report.observed_study import observed_networks, replayed_adoption, runs_beside, times_of

NOT_ADOPTED = "non-adopters"
"""What those are called who had not adopted when observation ended."""

_CURVE = (
    *("network", "synthetic", "agents", "period", "unit", "adopters", "share", "at_risk", "hazard"),
    *("arm", "runs_low", "runs_median", "runs_high", "replicates"),
)
_SORTED = ("network", "synthetic", "agents", "adopter_category", "threshold_category", "count", "share")


def observed_curve_table(
    study: Study, beside: Callable[[Network], PlannedArm], networks: Sequence[Network] | None = None
) -> pd.DataFrame:
    """Return the observed curve of every network that has one, beside runs of an arm: one row a period.

    Parameters
    ----------
    study
        The study.
    beside
        Gives the arm whose runs stand beside a network's curve.
    networks
        Which networks; all that have observed times by default.

    Returns
    -------
    ``network``, ``synthetic``, ``agents`` (of whom the time, or never, is
    known), ``period`` (as the data call it), ``unit``, ``adopters`` (by its
    end), ``share`` (of the agents), ``at_risk`` (who had not adopted before
    it), ``hazard`` (the share of these who did in it), ``arm``, ``runs_low``,
    ``runs_median`` and ``runs_high`` (5 %, 50 % and 95 % quantiles of the runs at
    that step; NaN where the study is shorter) and ``replicates``.
    """
    known = observed_networks(study) if networks is None else networks
    frames = [_curve(study, network, beside(network)) for network in known]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(_CURVE))


def observed_categories_table(study: Study, networks: Sequence[Network] | None = None) -> pd.DataFrame:
    """Return adopters sorted by time and by threshold (Valente 1995): one row a pair of categories.

    Parameters
    ----------
    study
        The study.
    networks
        Which networks; all that have observed times by default.

    Returns
    -------
    ``network``, ``synthetic``, ``agents`` (who are sorted), ``adopter_category``
    (the last are ``non-adopters``, who have no threshold),
    ``threshold_category``, ``count`` and ``share`` (of the agents). Empty for networks
    whose adopters cannot be sorted.
    """
    known = observed_networks(study) if networks is None else networks
    frames = [_sorted(study, network) for network in known]
    told = [frame for frame in frames if len(frame)]
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=list(_SORTED))


def _curve(study: Study, network: Network, arm: PlannedArm) -> pd.DataFrame:
    times = times_of(study, network)
    curve = adoption_curve(times)
    runs = runs_beside(study, times, replayed_adoption(study, arm))
    ranges = np.full((3, times.periods), np.nan)
    ranges[:, : len(runs.labels)] = runs.low, runs.median, runs.high
    return pd.DataFrame(
        {
            "network": network.name,
            "synthetic": network.synthetic,
            "agents": curve.agents,
            "period": curve.labels,
            "unit": curve.unit,
            "adopters": curve.cumulative,
            "share": curve.share,
            "at_risk": curve.at_risk,
            "hazard": curve.hazard,
            "arm": arm.name,
            "runs_low": ranges[0],
            "runs_median": ranges[1],
            "runs_high": ranges[2],
            "replicates": runs.runs,
        }
    )


def _sorted(study: Study, network: Network) -> pd.DataFrame:
    times = times_of(study, network)
    found = categories(times, thresholds(ExposureTies.of(network), times))
    if found is None:
        return pd.DataFrame(columns=list(_SORTED))
    rows = [
        (adopter, threshold, int(found.counts[row, column]))
        for row, adopter in enumerate(ADOPTER_CATEGORIES)
        for column, threshold in enumerate(THRESHOLD_CATEGORIES)
    ]
    table = pd.DataFrame(
        [*rows, (NOT_ADOPTED, "", found.non_adopters)], columns=["adopter_category", "threshold_category", "count"]
    )
    about = {"network": network.name, "synthetic": network.synthetic, "agents": found.agents}
    return table.assign(**about, share=table["count"] / max(found.agents, 1))[list(_SORTED)]

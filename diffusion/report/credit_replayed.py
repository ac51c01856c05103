"""The credit of arms, replayed once for a report: over as many runs as leave it quick."""

from __future__ import annotations

from diffusion.analysis.causes import untold
from diffusion.analysis.credit_totals import CreditTotals
from diffusion.experiment.credited import MOST_CREDITED, arm_credit
from diffusion.report.chapter import Chapter

MOST_AGENTS = 2_000
"""Larger networks take too long to replay tie by tie."""

_MOST_HISTORIES = 4_000
_FEWEST = 64


def credited_runs(chapter: Chapter) -> int:
    """Return over how many replicates of an arm credit is summed: the first."""
    arms = max(len(chapter.study.arms), 1)
    return min(chapter.study.scenario.replicates, MOST_CREDITED, max(_FEWEST, _MOST_HISTORIES // arms))


def replayed_credit(chapter: Chapter, place: int) -> list[CreditTotals]:
    """Return the credit of the arms of one network and cell, but of those of which it cannot be told.

    Parameters
    ----------
    chapter
        The chapter.
    place
        Which network and cell.
    """
    group = chapter.study.groups[place]
    told = [arm for arm in group.arms if not untold(arm.setting.parameters)]
    return [arm_credit(chapter.study, arm, most=credited_runs(chapter)) for arm in told]

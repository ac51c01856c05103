"""Rankings: the arms of a network and cell in order of one outcome's mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diffusion.analysis.arms import ArmSummary
from diffusion.analysis.compare import Comparison, Verdict
from diffusion.analysis.outcomes import Outcome
from diffusion.analysis.reserved import NO_LEADERS

RANKING_OUTCOME = "adopted_share"
SPREAD = "spread"
_EQUAL_MEANS = 12


@dataclass(frozen=True)
class RankedArm:
    """Hold one row of a ranking.

    Attributes
    ----------
    place
        1 for the best mean, the same for equal means; None for the arm
        without leaders, and for one that was stopped early.
    arm
        The arm's name.
    mean, low, high
        Its mean and 95 % interval; None where undefined.
    comparison
        Its comparison with the baseline; None for the baseline itself.
    p_best, p_best_tied
        How often it alone is best, and how often it shares the best.
    stopped_early
        Whether it has fewer runs than others, because it was stopped before them.
    """

    place: int | None
    arm: str
    mean: float | None
    low: float | None
    high: float | None
    comparison: Comparison | None
    p_best: float | None
    p_best_tied: float | None
    stopped_early: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """Return how it compares with the baseline."""
        return self.comparison.verdict if self.comparison else None


def ranking_outcome(summaries: Sequence[ArmSummary]) -> str:
    """Return the outcome that arms are ranked by unless somebody asks for another.

    ``adopted_share``; ``spread``, which leaves leaders out, where arms have
    different numbers of leaders.
    """
    counts = {summary.leader_count for summary in summaries if summary.arm != NO_LEADERS}
    return SPREAD if len(counts) > 1 else RANKING_OUTCOME


def ranking(
    summaries: Sequence[ArmSummary], comparisons: Sequence[Comparison], *, outcome: Outcome, baseline: str
) -> list[RankedArm]:
    """Return the arms of one network and cell, best mean first.

    Arms are ranked by means, never by how often they are best. The arm
    without leaders stands last and has no place. Outcomes that exist in
    comparisons only rank by the difference from the baseline. Arms that were
    stopped early have no place, for their means are of other runs: they follow
    in the order of their paired differences from the baseline.

    Parameters
    ----------
    summaries, comparisons
        Results of :func:`diffusion.analysis.compare.compare`.
    outcome
        What to rank by.
    baseline
        The arm whose comparisons are wanted.
    """
    against = {
        found.arm: found for found in comparisons if found.outcome == outcome.name and found.baseline == baseline
    }
    scores = {summary.arm: _score(summary, against.get(summary.arm), outcome, baseline) for summary in summaries}
    ordered = sorted(
        summaries,
        key=lambda summary: (
            _last(summary, scores),
            summary.arm == NO_LEADERS,
            -(scores[summary.arm] or 0.0),
            summary.arm,
        ),
    )
    ranked = [scores[summary.arm] for summary in ordered if not _last(summary, scores)]
    return [
        _row(
            summary,
            None if _last(summary, scores) else 1 + ranked.index(scores[summary.arm]),
            against.get(summary.arm),
            outcome,
        )
        for summary in ordered
    ]


def _last(summary: ArmSummary, scores: dict[str, float | None]) -> bool:
    return summary.arm == NO_LEADERS or summary.stopped_early or scores[summary.arm] is None


def _score(summary: ArmSummary, comparison: Comparison | None, outcome: Outcome, baseline: str) -> float | None:
    """Return what to rank by, higher is better, rounded so that equal means stay equal."""
    if outcome.only_compared or summary.stopped_early:
        score = 0.0 if summary.arm == baseline else comparison.difference if comparison else None
    else:
        score = summary.outcomes[outcome.name].mean
    return None if score is None else round(outcome.sign * score, _EQUAL_MEANS)


def _row(summary: ArmSummary, place: int | None, comparison: Comparison | None, outcome: Outcome) -> RankedArm:
    found = summary.outcomes.get(outcome.name)
    return RankedArm(
        place=place,
        arm=summary.arm,
        mean=found.mean if found else None,
        low=found.low if found else None,
        high=found.high if found else None,
        comparison=comparison,
        p_best=summary.p_best.get(outcome.name),
        p_best_tied=summary.p_best_tied.get(outcome.name),
        stopped_early=summary.stopped_early,
    )

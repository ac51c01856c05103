"""Contenders: the arms not shown to fall behind the best mean by more than the smallest difference that matters.

The best mean of several is partly luck, so it is compared with every other arm
by intervals that hold for *all pairs* of arms at once: whichever pair the data
draw attention to, its interval was paid for (Bonferroni over the pairs).
Where one of the two is the baseline, the verdict on them is the one of the
comparisons with it, so that an answer never tells the same pair in two ways.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diffusion.analysis.arms import ArmResult, MeasuredArm, measure
from diffusion.analysis.compare import Comparison, Verdict, verdict_on
from diffusion.analysis.intervals import CONFIDENCE, interval_where_equal, mean_interval, t_quantile
from diffusion.analysis.outcomes import Outcome, RegionFacts, find_outcome
from diffusion.analysis.phrases import amount, decimals_for, named, opened, scaled, verb
from diffusion.analysis.sentences import Setting

_TURNED: Mapping[Verdict, Verdict] = {
    "better": "worse",
    "worse": "better",
    "practically equal": "practically equal",
    "undecided": "undecided",
}
"""What a verdict is from the other side."""


@dataclass(frozen=True)
class Contenders:
    """Hold how the other arms with leaders compare with the one of the best mean.

    Attributes
    ----------
    outcome
        The outcome.
    best
        The arm with the best mean; of equal ones, the first by name.
    leading
        All arms that share the best mean.
    same
        Arms with the same leaders and parameters as the best.
    equal
        Arms practically equal to it.
    undecided
        Arms of which the runs do not tell.
    behind
        Arms that fall behind by more than the smallest difference that matters.
    replicates
        The number of paired runs.
    against_baseline
        Those of the other arms that the comparisons with the baseline judge: the
        baseline beside the best, or all where the best is the baseline.
    """

    outcome: Outcome
    best: str
    leading: tuple[str, ...]
    same: tuple[str, ...]
    equal: tuple[str, ...]
    undecided: tuple[str, ...]
    behind: tuple[str, ...]
    replicates: int
    against_baseline: tuple[str, ...] = ()

    def smallest(self, setting: Setting) -> str:
        """Return the smallest difference that matters, with its unit."""
        largest = self.outcome.largest_value(setting.agents) or 1.0
        size = scaled(self.outcome, [setting.smallest_difference * largest])[0]
        return amount(self.outcome, size, decimals_for(size), setting.step_unit)

    def sentence(self, setting: Setting) -> str:
        """Return what can be said of the best arm beside the others, in plain English.

        Parameters
        ----------
        setting
            What to say beside the numbers.
        """
        smallest = self.smallest(setting)
        best = setting.phrase(self.best)
        if not (self.same or self.equal or self.undecided):
            return opened(f"no other arm comes within {smallest} of {best} ({self._family(self.behind)}).")
        parts = []
        if self.same:
            parts.append(f"{_named(setting, self.same, 'is', 'are')} the very same leaders as {best}")
        if self.equal:
            within = f"within {smallest}, by {self._family(self.equal)}"
            parts.append(f"{_named(setting, self.equal, 'is', 'are')} practically equal to {best} ({within})")
        if self.undecided:
            told = f"whether {_named(setting, self.undecided, 'comes', 'come')} within {smallest} of {best}"
            parts.append(f"{told} is undecided after {setting.sample(self.replicates, 'paired')}")
        return opened(f"{'; '.join(parts)}.")

    def _family(self, arms: Sequence[str]) -> str:
        """Return which intervals say so of arms beside the best."""
        judged = set(self.against_baseline).intersection(arms)
        if not judged:
            return "95 % intervals over all pairs of arms"
        if len(judged) == len(arms):
            return "95 % intervals against the baseline"
        return "95 % intervals over all pairs of arms, and against the baseline for pairs with it"


def contenders(
    arms: Sequence[ArmResult],
    facts: RegionFacts,
    outcome: str,
    smallest_difference: float,
    comparisons: Sequence[Comparison] = (),
) -> Contenders | None:
    """Return how the arms compare with the one of the best mean.

    Parameters
    ----------
    arms
        The arms of one network and cell, with the same replicates.
    facts
        What is to be known of the network and the scenario.
    outcome
        The outcome.
    smallest_difference
        The smallest difference that matters, as a share of the agents.
    comparisons
        The arms beside the baseline, whose verdicts hold for pairs with it.

    Returns
    -------
    None with fewer than two arms with leaders, and for outcomes that have no
    smallest difference or exist in comparisons only.
    """
    found = find_outcome(outcome, facts.role_names)
    largest = found.largest_value(facts.size)
    if largest is None or found.only_compared:
        return None
    measured = [arm for arm in (measure(one, facts, [outcome]) for one in arms) if arm.leads]
    if len(measured) < 2:
        return None
    scores = {arm.name: round(found.sign * float(arm.values[outcome].mean()), 12) for arm in measured}
    best, *others = sorted(measured, key=lambda arm: (-scores[arm.name], arm.name))
    distinct = len({arm.identity for arm in measured})
    pairs = distinct * (distinct - 1) // 2
    verdicts = {
        arm.name: _verdict(best, arm, found, agents=facts.size, smallest=smallest_difference * largest, pairs=pairs)
        for arm in others
    }
    judged = _beside_baseline(best, others, [one for one in comparisons if one.outcome == outcome])
    verdicts |= judged
    same = tuple(arm.name for arm in others if arm.identity == best.identity)

    def of(verdict: Verdict) -> tuple[str, ...]:
        return tuple(name for name, said in verdicts.items() if said == verdict and name not in same)

    return Contenders(
        outcome=found,
        best=best.name,
        leading=tuple(name for name, score in scores.items() if score == scores[best.name]),
        same=same,
        equal=of("practically equal"),
        undecided=of("undecided"),
        behind=of("better"),
        replicates=best.runs.replicates,
        against_baseline=tuple(judged),
    )


def _beside_baseline(
    best: MeasuredArm, others: Sequence[MeasuredArm], comparisons: Sequence[Comparison]
) -> dict[str, Verdict]:
    """Return how the best arm compares with others where one of the two is the baseline, or has its leaders."""
    verdicts = {(one.arm, one.baseline): one.verdict or "undecided" for one in comparisons}
    baselines = {one.baseline for one in comparisons}
    baseline = next((arm for arm in (best, *others) if arm.name in baselines), None)
    if baseline is None:
        return {}
    if best.identity == baseline.identity:
        return {arm.name: _TURNED[verdicts[arm.name, baseline.name]] for arm in others if arm.name != baseline.name}
    verdict = verdicts[best.name, baseline.name]
    return {arm.name: verdict for arm in others if arm.identity == baseline.identity}


def _verdict(
    best: MeasuredArm, other: MeasuredArm, outcome: Outcome, *, agents: int, smallest: float, pairs: int
) -> Verdict:
    """Return how the best arm compares with another, by an interval that allows for all pairs."""
    differences = best.units.means(best.values[outcome.name] - other.values[outcome.name])
    if len(differences) < 2:
        return "undecided"
    quantile = t_quantile(len(differences) - 1, 1 - (1 - CONFIDENCE) / max(pairs, 1))
    interval = mean_interval(differences, quantile) or interval_where_equal(
        float(differences[0]), len(differences), outcome.largest_value(agents) or 0.0
    )
    return verdict_on(*interval, smallest, outcome.sign) if interval else "undecided"


def _named(setting: Setting, arms: Sequence[str], one: str, several: str) -> str:
    """Return arms as the subject of a verb in their number."""
    phrases = [setting.phrase(arm) for arm in arms]
    return f"{named(phrases)} {verb(phrases, one, several)}"

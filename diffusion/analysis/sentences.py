"""Sentences: what a study found, in plain English generated from its numbers.

They tell means with intervals and the place of each difference beside the
smallest that matters; they never test hypotheses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diffusion.analysis.arms import ArmSummary, OutcomeSummary
from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.compare import Comparison
from diffusion.analysis.outcomes import ADOPTED_SHARE_OF_OTHERS, ADOPTED_SHARE_OF_ROLE, Outcome, find_outcome
from diffusion.analysis.phrases import (
    amount,
    counted,
    decimals_for,
    level,
    named,
    opened,
    phrasing,
    scaled,
    share_of,
    span,
    verb,
    whole,
)
from diffusion.analysis.ranking import RankedArm, ranking
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.analysis.units import ONE_WORLD, Units

CENSORED_AT_MOST = 0.5
"""Times of an arm are compared only if at most this share of its runs never got there."""

PAIRING_NOTE = "these shares are about histories under this program's pairing"


@dataclass(frozen=True)
class Setting:
    """Hold what sentences say about a study beside its numbers.

    Attributes
    ----------
    network
        The network's name.
    synthetic
        Whether it was generated from assumptions.
    steps
        Number of steps.
    agents
        Number of agents.
    smallest_difference
        The smallest difference that matters, as a share of the agents.
    step_unit
        What a step is called, in the singular.
    units
        What a step is called in arms where it is something else: ``round``
        for every arm under ``cascade``.
    phrases
        What an arm is called in sentences; by default, by its name.
    cell
        The swept values.
    role_names
        The roles of the network.
    layout
        How runs are laid out in worlds.
    uncertain
        What is uncertain between worlds: dotted paths.
    unspread
        What of it is drawn independently in every world, whatever the design: all but numbers.
    design
        What the design is called by which worlds are spread.
    world_runs
        How many runs of an arm there are in each world; 0 where all arms have all worlds.
    """

    network: str
    synthetic: bool
    steps: int
    agents: int
    smallest_difference: float
    step_unit: str = "step"
    units: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, str] = field(default_factory=dict)
    cell: Mapping[str, object] = field(default_factory=dict)
    role_names: tuple[str, ...] = ()
    layout: Units = ONE_WORLD
    uncertain: tuple[str, ...] = ()
    unspread: tuple[str, ...] = ()
    design: str = ""
    world_runs: int = 0

    def phrase(self, arm: str) -> str:
        """Return what an arm is called."""
        default = "the arm with no leaders" if arm == NO_LEADERS else f'the arm "{arm}"'
        return self.phrases.get(arm, default)

    def unit(self, arm: str) -> str:
        """Return what a step is called in an arm."""
        return self.units.get(arm, self.step_unit)

    def sample(self, runs: int, kind: str = "") -> str:
        """Return over what something is averaged: so many runs, of some kind, or worlds of so many each."""
        worlds = self.layout.worlds
        if worlds == 1:
            return counted(runs, f"{kind} run".strip())
        if self.world_runs:  # an arm that was stopped early has fewer worlds
            worlds = min(worlds, -(-runs // self.world_runs))
        return f"{counted(worlds, 'world')} of {counted(runs // worlds, 'run')}"

    @property
    def place(self) -> str:
        """Return which network and cell this is about."""
        kind = "synthetic network" if self.synthetic else "network"
        swept = cell_phrase(self.cell)
        return f"on the {kind} {self.network}" + (f", with {swept}" if swept else "")


def sentences(
    summaries: Sequence[ArmSummary], comparisons: Sequence[Comparison], setting: Setting, *, outcome: str, baseline: str
) -> tuple[str, ...]:
    """Return what the arms of one network and cell show on one outcome.

    First the best mean and how it compares with the baseline, then the worst,
    then which arms are practically equal or undecided, then the effect beside
    the arm without leaders where there is one.

    Parameters
    ----------
    summaries, comparisons
        Results of :func:`diffusion.analysis.compare.compare`.
    setting
        What to say beside the numbers.
    outcome
        The outcome; of ``adopted_share.ROLE``, differences among the agents
        who lead in neither arm are told.
    baseline
        The arm whose comparisons are told.

    Raises
    ------
    InputError
        If the outcome does not exist.
    """
    told = outcome.replace(ADOPTED_SHARE_OF_ROLE, ADOPTED_SHARE_OF_OTHERS, 1)
    teller = _Teller(summaries, comparisons, setting, find_outcome(told, setting.role_names), baseline)
    return tuple(opened(text) for text in teller.told())


class _Teller:
    """Tell one outcome of the arms of one network and cell."""

    def __init__(
        self,
        summaries: Sequence[ArmSummary],
        comparisons: Sequence[Comparison],
        setting: Setting,
        outcome: Outcome,
        baseline: str,
    ) -> None:
        self.setting = setting
        self.outcome = outcome
        self.baseline = baseline
        self.words = phrasing(outcome)
        self.by_arm = {summary.arm: summary.outcomes.get(outcome.name) for summary in summaries}
        self.runs = {summary.arm: summary.replicates for summary in summaries}
        self.has_stopped = any(summary.stopped_early for summary in summaries)
        self.rows = [
            row
            for row in ranking(summaries, comparisons, outcome=outcome, baseline=baseline)
            if row.place is not None and not self._mostly_censored(row.arm)
        ]
        self.effects = {
            found.arm: found
            for found in comparisons
            if found.outcome == outcome.name and found.baseline == NO_LEADERS != baseline
        }

    def told(self) -> list[str]:
        censored = [arm for arm in self.by_arm if self._mostly_censored(arm)]
        texts: list[str] = []
        if self.rows:
            texts = [self._first(), self._worst(), self._verdicts(), self._effect()]
        if censored:
            texts.append(self._not_compared(censored))
        return [text for text in texts if text]

    def _mostly_censored(self, arm: str) -> bool:
        found = self.by_arm.get(arm)
        return found is not None and (found.censored or 0.0) > CENSORED_AT_MOST

    def _compared(self, row: RankedArm) -> Comparison | None:
        """Return the row's comparison, unless one side's times are mostly missing."""
        found = row.comparison
        return None if found is None or found.difference is None or self._mostly_censored(found.baseline) else found

    def _first(self) -> str:
        best = self.rows[0]
        where = (
            f"{self.setting.place}, {self.words.when} {counted(self.setting.steps, self.setting.unit(best.arm))}, "
            f"{self._whom()}"
        )
        if self._compared(best):
            return f"{where}{self._level(best.arm)}{self._difference(best, shares=True)}."
        rivals = [row for row in self.rows[1:] if self._compared(row)]
        if not rivals or best.arm != self.baseline:
            return "" if self.outcome.only_compared else f"{where}{self._level(best.arm)}."
        rival = rivals[0]
        name = f"{self.setting.phrase(rival.arm)}{self._unit_aside(rival.arm, best.arm)}"
        differs = self._difference(rival, shares=True)
        if self.outcome.only_compared:
            return f"{where}{name}{differs}; no arm did better than {self.setting.phrase(self.baseline)} on average."
        return f"{where}{self._level(best.arm)}; no arm did better on average. Next came {name}{differs}."

    def _whom(self) -> str:
        """Return among whom, for outcomes that exist in comparisons only."""
        return (
            f"among the agents of role {self.outcome.role} who lead in neither arm, "
            if self.outcome.only_compared
            else ""
        )

    def _level(self, arm: str) -> str:
        """Return an arm and its mean; the arm alone for outcomes that exist in comparisons only."""
        found = self.by_arm[arm]
        name = self.setting.phrase(arm)
        if found is None:
            return name
        mean = scaled(self.outcome, [found.mean])[0]
        unit = self.setting.unit(arm)
        if found.low is None or found.high is None:
            return f"{name} {self._level_equal(mean, self.runs[arm], unit)}{self._censoring(found, unit)}"
        low, high = scaled(self.outcome, [found.low, found.high])
        decimals = decimals_for(high - low)
        words = self.words.level.format(level(self.outcome, mean, decimals, unit))
        interval = (
            f"95 % interval {low:,.{decimals}f} to {high:,.{decimals}f} over {self.setting.sample(self.runs[arm])}"
        )
        return f"{name} {words} ({interval}{self._censoring(found, unit)})"

    def _level_equal(self, mean: float, runs: int, unit: str) -> str:
        if self.setting.layout.worlds > 1:
            words = self.words.level_equal.format(level(self.outcome, mean, decimals_for(), unit))
            return f"{words} in all {self.setting.sample(runs)}"
        if self.outcome.unit == "share of runs" and runs > 1:
            return self.words.level_equal.format(f"{'all' if mean else 'none'} of {whole(runs)} runs")
        if self.outcome.unit == "share of runs":
            return "took off in the one run" if mean else "did not take off in the one run"
        words = self.words.level_equal.format(level(self.outcome, mean, decimals_for(), unit))
        return f"{words} in {'the one run' if runs == 1 else f'all {whole(runs)} runs'}"

    def _censoring(self, found: OutcomeSummary, unit: str) -> str:
        if not found.censored:
            return ""
        restricted = counted(self.setting.steps + 1, unit)
        return f"; restricted to {restricted} in the {share_of(found.censored, 'runs')} that took longer"

    def _unit_aside(self, arm: str, told: str) -> str:
        unit = self.setting.unit(arm)
        return "" if unit == self.setting.unit(told) else f" {self.words.when} {counted(self.setting.steps, unit)}"

    def _difference(self, row: RankedArm, *, shares: bool = False) -> str:
        """Return a row's difference from its baseline, ready to follow its name or its level."""
        found = self._compared(row)
        if found is None:
            return ""
        lead = " reached" if self.outcome.only_compared else ","
        name = f"{self.setting.phrase(found.baseline)}{self._unit_aside(found.baseline, row.arm)}"
        if self._same(found):
            text = (
                f"{lead} the same as {name}"
                if found.differ_below is not None
                else f"{lead} on average the same as {name}"
            )
        else:
            text = f"{lead} {self._size(found)} than {name}"
        quoted = self._shares(found) if shares and found.differ_below is None else ""
        return f"{text}{self._certainty(found)}{quoted}"

    def _bounds(self, found: Comparison) -> tuple[float, float] | None:
        if found.low_all is None or found.high_all is None:
            return None
        low, high = scaled(self.outcome, [found.low_all, found.high_all])
        return low, high

    def _decimals(self, found: Comparison) -> int:
        bounds = self._bounds(found)
        return decimals_for(bounds[1] - bounds[0]) if bounds else decimals_for()

    def _same(self, found: Comparison) -> bool:
        """Return whether a difference is none as far as it is shown."""
        return round(scaled(self.outcome, [found.difference or 0.0])[0], self._decimals(found)) == 0

    def _size(self, found: Comparison) -> str:
        """Return how much more or less it is."""
        difference = scaled(self.outcome, [found.difference or 0.0])[0]
        word = self.words.more if difference > 0 else self.words.less
        return f"{amount(self.outcome, difference, self._decimals(found), self.setting.unit(found.arm))} {word}"

    def _certainty(self, found: Comparison) -> str:
        """Return the simultaneous interval, or what equal runs exclude."""
        bounds = self._bounds(found)
        if bounds:
            return f" (simultaneous interval {span(*bounds, self._decimals(found), self.words)})"
        if found.differ_below is None:
            return (
                " in the one paired run" if found.replicates == 1 else f" in all {whole(found.replicates)} paired runs"
            )
        kind = "a difference" if found.p_tie == 1 else "another difference"
        of = "histories" if self.setting.layout.worlds == 1 else f"{self.setting.layout.noun}s"
        excluded = f"{kind} in more than {100 * found.differ_below:.2g} % of {of} can be excluded (95 %)"
        return f" in all {self.setting.sample(found.replicates, 'paired')}; {excluded}"

    def _shares(self, found: Comparison) -> str:
        if found.p_better is None or found.p_tie is None or found.p_worse is None or found.replicates < 2:
            return ""
        better = share_of(found.p_better, "the paired histories")
        worse = share_of(found.p_worse, "them")
        return (
            f"; better in {better}, equally well in {share_of(found.p_tie, 'them')}, worse in {worse} ({PAIRING_NOTE})"
        )

    def _worst(self) -> str:
        worst = self.rows[-1]
        if len(self.rows) < 3 or worst.place == 1 or self.has_stopped:
            return ""
        unit = self.setting.unit(worst.arm)
        told = f"{self.words.when} {counted(self.setting.steps, unit)}, "
        aside = "" if unit == self.setting.unit(self.rows[0].arm) else told
        if self.outcome.only_compared and worst.arm == self.baseline:
            return f"{self.setting.phrase(worst.arm)} did worst."
        return f"at the other end, {aside}{self._level(worst.arm)}{self._difference(worst)}."

    def _verdicts(self) -> str:
        rows = [row for row in self.rows if self._compared(row) and row.verdict is not None]
        if not rows:
            return ""
        equal = [row.arm for row in rows if row.verdict == "practically equal"]
        open_ = [row.arm for row in rows if row.verdict == "undecided"]
        against, smallest = self.setting.phrase(self.baseline), self._smallest()
        if len(equal) == len(rows):
            told = f"{self._names(equal)} {self._are(equal)} practically equal to {against}, within {smallest}"
            return f"{told}." if self.has_stopped else f"no arm differs by more: {told}."
        parts = []
        if len(equal) + len(open_) == len(rows) and not self.has_stopped:
            parts.append(f"no arm is shown to differ from {against} by more than {smallest}")
        if equal:
            within = f"practically equal to {against} (within {smallest})"
            parts.append(f"{within} {self._are(equal)} {self._names(equal)}")
        if open_:
            count = max(row.comparison.replicates for row in rows if row.comparison)
            after = f"undecided after {self.setting.sample(count, 'paired')}"
            parts.append(f"{after} {self._are(open_)} {self._names(open_)}")
        return f"{'; '.join(parts)}." if parts else ""

    def _are(self, arms: Sequence[str]) -> str:
        return verb([self.setting.phrase(arm) for arm in arms], "is", "are")

    def _names(self, arms: Sequence[str]) -> str:
        return named([self.setting.phrase(arm) for arm in arms])

    def _smallest(self) -> str:
        largest = self.outcome.largest_value(self.setting.agents) or 1.0
        smallest = scaled(self.outcome, [self.setting.smallest_difference * largest])[0]
        return amount(self.outcome, smallest, decimals_for(smallest), self.setting.unit(self.baseline))

    def _effect(self) -> str:
        """Return what the best arm with leaders adds to what happens without any."""
        found = self.effects.get(self.rows[0].arm)
        if found is None or found.difference is None or self._mostly_censored(NO_LEADERS):
            return ""
        name = self.setting.phrase(found.arm)
        effect = "none" if found.differ_below is not None else "none on average"
        effect = f"{effect if self._same(found) else self._size(found)}{self._certainty(found)}"
        if self.outcome.only_compared:
            return f"{self._whom()}the effect of {name}, beside {self.setting.phrase(NO_LEADERS)}, is {effect}."
        aside = self._unit_aside(NO_LEADERS, found.arm)
        return f"{self._level(NO_LEADERS)}{aside}; beside that, the effect of {name} is {effect}."

    def _not_compared(self, arms: Sequence[str]) -> str:
        return (
            f"times to half of the agents are not compared for {self._names(arms)}: "
            "in more than half of the runs half of the agents had not adopted by the end."
        )

"""What a question asked by hand is answered by: every arm with its interval, compared with the chosen ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from diffusion.analysis.compare import Comparison
from diffusion.analysis.outcomes import Outcome, find_outcome, outcome_names
from diffusion.analysis.phrases import counted, decimals_for, scaled
from diffusion.analysis.ranking import RANKING_OUTCOME, RankedArm
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.results import GroupResult, study_result
from diffusion.positions import POSITIONS
from diffusion.server.happenings import listed_agents
from diffusion.server.kept_runs import KeptRuns
from diffusion.server.question import Question
from diffusion.server.question_text import CHOSEN, planned_question

FIRST_OUTCOME = RANKING_OUTCOME
"""What is shown unless another outcome is asked for."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Hold the answer to a question on one outcome.

    Attributes
    ----------
    question
        What was asked.
    study
        The study that the question is.
    outcome
        The outcome.
    result
        What the study's runs show.
    """

    question: Question
    study: Study
    outcome: Outcome
    result: GroupResult

    @property
    def arms(self) -> dict[str, PlannedArm]:
        """Return the arms by name."""
        return {arm.name: arm for arm in self.study.arms}

    def unit_of(self, arm: str) -> str:
        """Return what a step is called in an arm."""
        return self.result.setting.unit(arm)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what the arms show, in plain English."""
        setting = self.result.setting
        phrases = {**setting.phrases, CHOSEN: "your leaders"} if self.question.chosen else setting.phrases
        told = replace(self.result, setting=replace(setting, phrases=phrases))
        return (*told.sentences(self.outcome.name), *told.attainment_sentences())

    @property
    def clipping(self) -> list[str]:
        """Return how often a probability was cut to lie between 0 and 1, where it was."""
        lines = []
        if self.result.clipped_agent_steps:
            lines.append(
                f"In {counted(self.result.clipped_agent_steps, 'agent-step')} a hazard was cut to lie between 0 and 1."
            )
        if self.result.clipped_ties:
            lines.append(
                f"For {counted(self.result.clipped_ties, 'tie')}, counted over all runs, the probability "
                "to carry was above 1 and cut to 1."
            )
        return lines

    def table(self) -> dict[str, Any]:
        """Return the ranked arms as the browser draws them: texts, and numbers for the marks."""
        ranked = self.result.ranking(self.outcome.name)
        return {
            "outcome": self.outcome.name.replace("_", " "),
            "unit": _unit(self.outcome, self.unit_of(self.result.baseline)),
            "sentence": self.outcome.sentence,
            "against": _called(self.result.baseline),
            "runs": f"{self.question.replicates:,}",
            "rows": [self._row(row) for row in ranked],
            "most": max([row.high or row.mean or 0.0 for row in ranked], default=0.0) or 1.0,
        }

    def _row(self, row: RankedArm) -> dict[str, Any]:
        found = row.comparison
        return {
            "place": "" if row.place is None else str(row.place),
            "arm": row.arm,
            "name": _called(row.arm),
            "meaning": POSITIONS[row.arm].sentence if row.arm in POSITIONS else "",
            "leaders": leaders_text(self.arms[row.arm]),
            "mean": interval_texts(self.outcome, row.mean, row.low, row.high),
            "value": row.mean,
            "low": row.low,
            "high": row.high,
            "difference": ["", ""] if found is None else _difference(self.outcome, found),
            "verdict": row.verdict or "",
            "is_chosen": row.arm == CHOSEN,
        }


def answer(
    question: Question, kept: KeptRuns, *, outcome: str = FIRST_OUTCOME, is_wanted: Callable[[], bool] = lambda: True
) -> Answer:
    """Return the answer to a question, played where it must be.

    Parameters
    ----------
    question
        The question.
    kept
        Where runs come from.
    outcome
        The outcome to tell.
    is_wanted
        Asked now and then whether somebody still waits.

    Raises
    ------
    InputError
        If the question cannot be asked: what the scenario's reader says of it.
    Superseded
        If nobody waits any more.
    """
    study = planned_question(question)
    scenario = study.scenario
    for arm in study.arms:
        kept.played(arm, seed=scenario.seed, replicates=scenario.replicates, is_wanted=is_wanted)
    known = outcomes_of(question)
    told = find_outcome(outcome if outcome in known else FIRST_OUTCOME, question.network.role_names)
    result = study_result(study, kept, outcomes=[told.name])
    return Answer(question, study, told, result.groups[0])


def outcomes_of(question: Question) -> tuple[str, ...]:
    """Return the outcomes that arms on a question's network have."""
    network = question.network
    return outcome_names(network.role_names, organisations=bool(network.organisation_names), compared=False)


def leaders_text(arm: PlannedArm) -> str:
    """Return who leads in an arm, in words."""
    choice, ids = arm.choice, arm.network.ids
    fixed = [ids[agent] for agent in choice.fixed]
    if not choice.count:
        return "nobody"
    if choice.is_fixed:
        return listed_agents(fixed)
    drawn = choice.tied or f"{choice.count} of {len(choice.among):,}"
    return f"{listed_agents([*fixed, drawn])}, drawn anew in every run"


def interval_texts(
    outcome: Outcome, value: float | None, low: float | None, high: float | None, *, sign: str = ""
) -> list[str]:
    """Return a number and its interval as two texts, in the unit that they are shown in.

    Parameters
    ----------
    outcome
        Whose number it is.
    value, low, high
        The number and its interval; without one where all runs are equal.
    sign
        ``"+"`` for differences.

    Examples
    --------
    >>> interval_texts(find_outcome("adopted_share", ()), 0.3125, 0.3, 0.325)
    ['31.2', '30.0 to 32.5']
    """
    if value is None:
        return ["", ""]
    if low is None or high is None:
        return [f"{scaled(outcome, [value])[0]:{sign},.1f}", "in every run"]
    middle, below, above = scaled(outcome, [value, low, high])
    decimals = decimals_for(above - below)
    return [f"{middle:{sign},.{decimals}f}", f"{below:{sign},.{decimals}f} to {above:{sign},.{decimals}f}"]


def _difference(outcome: Outcome, found: Comparison) -> list[str]:
    low, high = (None, None) if found.differ_below is not None else (found.low_all, found.high_all)
    return interval_texts(outcome, found.difference, low, high, sign="+")


def _called(arm: str) -> str:
    """Return what the page calls an arm."""
    return {CHOSEN: "your leaders", NO_LEADERS: "nobody leads"}.get(arm, arm.replace("_", " "))


def _unit(outcome: Outcome, step_unit: str) -> str:
    named = {"share of agents": "% of agents", "share of runs": "% of runs", "steps": f"{step_unit}s, restricted"}
    return named.get(outcome.unit, outcome.unit)

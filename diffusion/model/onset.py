"""Whether adoption can begin without leaders.

Where it can, a study also plays an arm in which nobody leads, and an arm's
effect is what it adds to that.
"""

from __future__ import annotations

import numpy as np

from diffusion.model.course import course_of
from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import Stage
from diffusion.model.rules import RULES, THRESHOLD_SLACK, entry_probabilities, integer_probabilities
from diffusion.model.stages import StageInput
from diffusion.model.values import SMALLEST_UNIFORM, quantile


def starts_without_leaders(model_input: ModelInput) -> bool:
    """Return whether agents can adopt although nobody leads.

    They can where ``external`` is above 0, where a hazard is positive at
    exposure 0, and where a threshold is 0 (or within its slack of 2⁻²⁰) or
    less; with an awareness stage, both stages must be open in this way, be it
    one after the other. A broadcast opens its stage while it lasts, and whom
    interventions win over without leaders begin too. That a threshold drawn
    from a distribution above 0 falls within the slack, once in a million
    agents, does not count.

    Parameters
    ----------
    model_input
        Parameters resolved on a network.
    """
    said = model_input.parameters
    stages = [model_input.adoption, *([model_input.awareness] if model_input.awareness is not None else [])]
    if not said.interventions and not all(_may_start(stage) for stage in stages):
        return False
    nobody = np.zeros(model_input.network.size, dtype=np.uint64)
    aware = model_input.awareness is None
    for part in course_of(model_input, 0, nobody).parts:
        if part.recruited.any():
            return True
        block = part.in_block(0)
        told = part.model_input
        aware = aware or (told.awareness is not None and _starts(told.awareness, block.awareness))
        if aware and _starts(told.adoption, block.adoption):
            return True
    return False


def _may_start(said: StageInput) -> bool:
    """Return whether a stage could start by itself, as far as its parameters tell at a glance."""
    return said.parameters.external > 0 or not said.by_tie


def _starts(said: StageInput, filled: Stage) -> bool:
    if filled.external.any():
        return True
    if said.by_tie:
        return False
    if RULES[said.parameters.rule].name == "threshold":
        least = [float(quantile(varying, np.array(SMALLEST_UNIFORM))) for varying, _ in said.threshold.varying]
        stated = np.delete(said.threshold.fixed, _varying(said))
        return min(least, default=1.0) <= 0 or bool((stated <= THRESHOLD_SLACK).any())
    for lane in range(filled.propensity.shape[1]):
        propensity = np.ascontiguousarray(filled.propensity[:, lane])
        nothing = np.zeros(len(propensity), dtype=np.int64)
        chances = entry_probabilities(
            filled.rule,
            nothing,
            filled.total,
            np.zeros(len(propensity)),
            filled.intercept,
            filled.slope,
            propensity,
            filled.link,
        )
        if integer_probabilities(chances).any():
            return True
    return False


def _varying(said: StageInput) -> list[int]:
    """Return the agents whose threshold follows a distribution."""
    return [int(agent) for _, members in said.threshold.varying for agent in members]

"""Whether adoption can begin without leaders.

Where it can, a study also plays an arm in which nobody leads, and an arm's
effect is what it adds to that.
"""

from __future__ import annotations

import numpy as np

from diffusion.model.inputs import ModelInput
from diffusion.model.lanes import Stage
from diffusion.model.rules import RULES, THRESHOLD_SLACK, entry_probabilities, integer_probabilities
from diffusion.model.stages import StageInput
from diffusion.model.values import SMALLEST_UNIFORM, quantile


def starts_without_leaders(model_input: ModelInput) -> bool:
    """Return whether agents can adopt although nobody leads.

    They can where ``external`` is above 0, where a hazard is positive at
    exposure 0, and where a threshold is 0 (or within its slack of 2⁻²⁰) or
    less; with an awareness stage, both stages must be open in this way. That a
    threshold drawn from a distribution above 0 falls within the slack, once in
    a million agents, does not count.

    Parameters
    ----------
    model_input
        Parameters resolved on a network.
    """
    nobody = np.zeros(model_input.network.size, dtype=np.uint64)
    if not _may_start(model_input.adoption) or (model_input.awareness and not _may_start(model_input.awareness)):
        return False
    block = model_input.in_block(0, nobody)
    stages = [(model_input.adoption, block.adoption)]
    if model_input.awareness is not None:
        stages.append((model_input.awareness, block.awareness))
    return all(_starts(said, filled) for said, filled in stages)


def _may_start(said: StageInput) -> bool:
    """Return whether a stage could start by itself, as far as its parameters tell at a glance."""
    return said.parameters.external > 0 or not said.by_tie


def _starts(said: StageInput, filled: Stage) -> bool:
    if said.parameters.external > 0:
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

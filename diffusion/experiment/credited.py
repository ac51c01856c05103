"""Who convinced whom in the stored runs of an arm: they are replayed by the ensemble, and nothing new is played."""

from __future__ import annotations

from functools import partial

from diffusion.analysis.causes import untold
from diffusion.analysis.credit_totals import CreditTotals, credit_totals
from diffusion.errors import InputError
from diffusion.experiment.study import PlannedArm, Study
from diffusion.model.ensemble import Ensemble

MOST_CREDITED = 1000
"""Over how many runs of an arm credit is summed at most; the result says over how many it was."""


def arm_credit(study: Study, arm: PlannedArm, *, most: int = MOST_CREDITED) -> CreditTotals:
    """Return the credit of an arm, over its first replicates.

    Parameters
    ----------
    study, arm
        The study, and one of its arms.
    most
        Over how many replicates at most.

    Raises
    ------
    InputError
        If interventions change posts or people in such a way that it cannot be told.
    """
    if reason := untold(arm.setting.parameters):
        raise InputError(f'arm "{arm.name}": credit cannot be told where {reason}')
    seed = study.scenario.seed
    words = partial(arm.leader_words, seed=seed)
    ensemble = Ensemble(arm.network, arm.setting.parameters, seed=seed, world=arm.world, leader_words=words)
    return credit_totals(arm.name, ensemble.model_input, ensemble.block, min(most, study.scenario.replicates))

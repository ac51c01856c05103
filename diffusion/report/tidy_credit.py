"""The tidy table of credit: from which roles adoption came, and to which it went."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from diffusion.analysis.causes import untold
from diffusion.analysis.credit_totals import CreditTotals
from diffusion.errors import InputError
from diffusion.experiment.credited import arm_credit
from diffusion.experiment.plan import Group, Study
from diffusion.report.tidy_keys import about


def credit_table(study: Study, group: Group, totals: Sequence[CreditTotals] | None = None) -> pd.DataFrame:
    """Return from which roles adoption came in the arms of one network and cell: one row an arm, source and target.

    Parameters
    ----------
    study
        The study.
    group
        The network and cell.
    totals
        The credit of its arms, if it is at hand; it is worked out from the replayed runs otherwise.

    Returns
    -------
    After the columns that all tables have: ``source`` (a role, ``external``,
    or ``own`` for agents' own propensity), ``target`` (the role of those who
    adopted), ``adopters`` (how many, in the mean of a run, the leaders left
    out) and ``replicates`` (over how many runs, the first). An arm in which
    nobody adopted has a row of 0 for every role. An arm of which it cannot be told has none.
    """
    if study.scenario.worlds > 1:
        raise InputError("credit is told in one world, and this study has many; look at single runs with replay")
    told = [arm for arm in group.arms if not untold(arm.setting.parameters)]
    found = [arm_credit(study, arm) for arm in told] if totals is None else totals
    planned = {arm.name: arm for arm in group.arms}
    return pd.DataFrame(
        [
            {
                **about(study, group, planned[total.arm]),
                "source": source,
                "target": target,
                "adopters": adopters,
                "replicates": total.replicates,
            }
            for total in found
            for source, target, adopters in _flows(total, group)
        ]
    )


def _flows(total: CreditTotals, group: Group) -> list[tuple[str, str, float]]:
    flows = [(flow.source, flow.target, flow.credit) for flow in total.roles]
    return flows or [(role, role, 0.0) for role in group.network.role_names]

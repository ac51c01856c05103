"""The columns of a table of runs: one row a run, one column an outcome."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from diffusion.analysis.outcomes import RegionFacts, Runs, find_outcome, outcome_values
from diffusion.experiment.study import WORLD, Group


def run_columns(
    group: Group, runs: Runs, steps: int, *, world: int = WORLD, worlds: int = 1, first: int = 0
) -> dict[str, Any]:
    """Return world, replicate and outcomes of runs, by name.

    Parameters
    ----------
    group
        The network and cell that they are of.
    runs
        The runs: replicates in order.
    steps
        Number of steps.
    world
        Which world they are of, or the first of them.
    worlds
        Of how many worlds, one after the other.
    first
        The number of the first replicate.

    Returns
    -------
    Counts as whole numbers; ``time_to_half`` is restricted, and
    ``half_reached`` says whether half of the agents ever adopted.
    """
    facts = RegionFacts.of(group.network, steps)
    values = {
        name: value.astype(np.int64) if find_outcome(name, facts.role_names).is_counted else value
        for name, value in outcome_values(runs, facts).items()
    }
    replicates = runs.replicates // worlds
    of_worlds = world if worlds == 1 else np.repeat(np.arange(world, world + worlds), replicates)
    numbered = {"world": of_worlds, "replicate": first + np.tile(np.arange(replicates), worlds)}
    return {**numbered, **values, "half_reached": runs.time_to_half >= 0}


def swept_columns(group: Group) -> dict[str, int | float | str]:
    """Return the swept values of a cell by key: numbers and texts as they are, tables as JSON."""
    return {key: as_cell(value) for key, value in group.cell.values.items()}


def as_cell(value: object) -> int | float | str:
    """Return a swept value as a cell: numbers and texts as they are, tables as JSON."""
    return value if isinstance(value, int | float | str) else json.dumps(value, ensure_ascii=False)

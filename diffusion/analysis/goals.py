"""Goals: what a search for leaders makes as good as possible, in terms of what a block of runs holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.outcomes import Outcome, RegionFacts, Runs, find_outcome, outcome_values
from diffusion.analysis.reduction import COUNTS, block_runs
from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.model.ensemble import BlockTimes
from diffusion.network.network import Network
from diffusion.positions.found import Goal, Valued


def goal_of(name: str, network: Network, steps: int) -> Goal:
    """Return what leaders are to make as good as possible.

    Parameters
    ----------
    name
        The outcome's standard name.
    network, steps
        Where it is to be, and the number of steps.

    Raises
    ------
    InputError
        If there is no such outcome, or it exists in comparisons only.
    """
    outcome = find_outcome(name, network.role_names)
    facts = RegionFacts.of(network, steps)
    if outcome.only_compared:
        shares = name.replace("adopted_share_others.", "adopted_share.", 1)
        raise InputError(f'the outcome "{name}" exists in comparisons only, and cannot be sought; take "{shares}"')
    if outcome.unit == "organisations" and not facts.organisations:
        raise InputError(f'the outcome "{name}" cannot be sought: {network.name} has no organisations')
    units, factor = _units(outcome, network, facts)
    return Goal(
        name,
        outcome.sign,
        _valued(outcome, network, facts),
        units,
        factor,
        by_time=name == "area",
        counts_leaders=name != "spread",
    )


def _units(outcome: Outcome, network: Network, facts: RegionFacts) -> tuple[NDArray[np.int64] | None, float]:
    """Return which unit each agent reaches by adopting, and what a unit adds; None where units are not counted."""
    if outcome.role is not None:
        members = facts.role_index == facts.role_names.index(outcome.role)
        return np.where(members, np.cumsum(members) - 1, -1), 1 / int(members.sum())
    if outcome.unit == "organisations":
        return network.organisation_index.astype(np.int64), 1.0
    if outcome.unit in {"agents", "share of agents"}:
        return np.arange(network.size), 1.0 if outcome.unit == "agents" else 1 / network.size
    return None, 1.0


def _valued(outcome: Outcome, network: Network, facts: RegionFacts) -> Valued:
    """Return what gives an outcome's value in every replicate of a block."""
    nobody = np.zeros((1, facts.size), dtype=np.bool_)  # no outcome of an arm alone asks who leads
    no_counts = np.zeros((LANES, len(facts.role_names)), dtype=np.int64)

    def valued(times: BlockTimes) -> NDArray[np.float64]:
        found = block_runs(times, network.organisation_index, facts.organisations, facts.steps)
        integers = {key: found.integers[:, place] for place, key in enumerate(COUNTS)}
        runs = Runs(**integers, adopted_bits=found.adopted_bits, leaders=nobody)
        # Adopters are counted role by role for outcomes of roles alone: a search asks very often.
        return outcome_values(runs, facts, None if outcome.role else no_counts)[outcome.name]

    return valued

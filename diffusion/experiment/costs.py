"""What the arms of a study cost, run by run, and how far they spread for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.frontier import ArmOnFrontier, CostedArm, frontier
from diffusion.analysis.frontier_told import frontier_sentences
from diffusion.analysis.sentences import Setting
from diffusion.draws import LANES
from diffusion.experiment.interventions import block_runs
from diffusion.experiment.sizes import shared_scenario
from diffusion.experiment.study import Group, PlannedArm
from diffusion.experiment.worlds import WorldRuns, arm_runs, in_worlds, units_of
from diffusion.model.inputs import ModelInput
from diffusion.model.interventions.counting import lane_counts
from diffusion.model.interventions.counting import units_of as units_done
from diffusion.scenario import Scenario
from diffusion.scenario.costs import CostsStated

Counts = NDArray[np.float64]


@dataclass(frozen=True)
class GroupCosts:
    """Hold what the arms of one network and cell cost and how far they spread; nothing without prices.

    Attributes
    ----------
    arms
        The arms, the cheapest first.
    stated
        The prices and the budget.
    network, cell
        Where: the network's name and the swept values.
    """

    arms: tuple[ArmOnFrontier, ...] = ()
    stated: CostsStated = field(default_factory=CostsStated)
    network: str = ""
    cell: Mapping[str, object] = field(default_factory=dict)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Return what is done in some arm and has no price, so that it counts as free."""
        priced = dict(self.stated.prices)
        done = {unit for arm in self.arms for unit, count in arm.units.items() if count}
        return tuple(sorted(done - set(priced)))

    def sentences(self, setting: Setting) -> tuple[str, ...]:
        """Return which arms no other arm beats at equal or lower cost, in plain English.

        Parameters
        ----------
        setting
            What arms are called.
        """
        told = frontier_sentences(self.arms, setting.phrase)
        if self.arms and self.unpriced:
            told = (*told, f"Without a price, and so counted as free: {', '.join(self.unpriced)}.")
        return told

    def as_json(self) -> list[dict[str, Any]]:
        """Return the arms for ``--json``, the cheapest first."""
        where = {"network": self.network, "cell": dict(self.cell)}
        return [{**where, **arm.as_json()} for arm in self.arms]


def group_costs(scenario: Scenario, group: Group, store: WorldRuns) -> GroupCosts:
    """Return what the arms of one network and cell cost; nothing where the scenario states no prices.

    Parameters
    ----------
    scenario
        The scenario.
    group
        The arms.
    store
        Where their runs are.
    """
    if not scenario.costs.prices:
        return GroupCosts()
    made = []
    scenario = shared_scenario(scenario, group.arms)
    for arm in group.arms:
        units = _units_in_worlds(arm, scenario)
        runs = arm_runs(store, arm, scenario)
        made.append(
            CostedArm(
                arm.name,
                arm.identity,
                runs.spread.astype(np.float64),
                sum((price * units[unit] for unit, price in scenario.costs.prices if unit in units), start=0.0)
                + np.zeros(runs.replicates),
                {unit: float(counts.mean()) for unit, counts in units.items() if counts.any()},
                units_of(scenario),
            )
        )
    found = frontier(made, agents=group.network.size, budget=scenario.costs.budget)
    return GroupCosts(found, scenario.costs, group.network.name, group.cell.values)


def _units_in_worlds(arm: PlannedArm, scenario: Scenario) -> dict[str, Counts]:
    """Return how often each thing that may have a price is done, world after world and in each run by run."""
    seed, replicates = scenario.seed, scenario.replicates
    if scenario.worlds == 1:
        return units_of_runs(arm, seed=seed, replicates=replicates)
    parts = [units_of_runs(one, seed=seed, replicates=replicates) for one in in_worlds(arm, scenario)]
    units = dict.fromkeys(unit for part in parts for unit in part)
    return {unit: np.concatenate([part.get(unit, np.zeros(replicates)) for part in parts]) for unit in units}


def units_of_runs(arm: PlannedArm, *, seed: int, replicates: int) -> dict[str, Counts]:
    """Return how often each thing that may have a price is done, run by run.

    Nothing is played: who agrees to lead, who attends and what is altered is
    known before anybody moves.

    Parameters
    ----------
    arm
        The arm, in its world.
    seed
        The seed of the study's draws.
    replicates
        How many runs.
    """
    fitted = ModelInput.of(arm.network, arm.setting.parameters, seed=seed, world=arm.world)
    blocks = -(-replicates // LANES)
    varies = any(said.varies for said in arm.setting.parameters.interventions)
    is_alike = arm.choice.is_fixed and arm.setting.parameters.leader_recruitment >= 1 and not varies
    told = [_units_of_block(arm, fitted, block, seed) for block in range(1 if is_alike else blocks)]
    found: dict[str, Counts] = {}
    for unit in dict.fromkeys(unit for block in told for unit in block):
        counts = np.concatenate([block.get(unit, np.zeros(LANES)) for block in told])
        found[unit] = np.tile(counts, blocks)[:replicates] if is_alike else counts[:replicates]
    return found


def _units_of_block(arm: PlannedArm, fitted: ModelInput, block: int, seed: int) -> dict[str, Counts]:
    leads = fitted.leading(block, np.ascontiguousarray(arm.leader_words(block, seed=seed), dtype=np.uint64))
    found: dict[str, Counts] = defaultdict(lambda: np.zeros(LANES))
    found["leader"] = lane_counts(leads)
    runs = block_runs(fitted, block, leads)
    for said in arm.setting.parameters.interventions:
        for unit, counts in units_done(said, runs).items():
            found[unit] = found[unit] + counts
    return dict(found)

"""Replay: one run again, agent by agent, in the readable model.

The run is rebuilt from its coordinates, and checked against the compiled
ensemble (every agent's times) and against the store (the run's outcomes).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.reduction import INTEGERS, block_runs
from diffusion.draws import LANES
from diffusion.errors import InputError, nearest_name_hint
from diffusion.experiment.draws_kept import drawn_otherwise
from diffusion.experiment.extras import RewiredArm
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.sizes import own_scenario
from diffusion.experiment.store import Store
from diffusion.model.ensemble import BlockTimes, Ensemble
from diffusion.model.replicates import Replicates

_TIMES = ("aware_at", "adopted_at", "abandoned_at")
_MOST_TOLD = 3
"""How many agents that differ are named."""


@dataclass(frozen=True, eq=False)
class Replayed:
    """Hold what happened in one run.

    Attributes
    ----------
    arm, replicate
        Which run.
    leaders
        Who led: indices of agents.
    times
        When each agent became aware, adopted and abandoned, -1 for never;
        shape (agents,) each.
    outcomes
        The stored integers by name, as replayed.
    differences
        In what the replay differs from the ensemble or the store; none if all is well.
    """

    arm: PlannedArm
    replicate: int
    leaders: tuple[int, ...]
    times: dict[str, NDArray[np.int16]]
    outcomes: dict[str, int]
    differences: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the run, agent by agent, as ``replay --json`` prints it."""
        ids = self.arm.network.ids
        times = {name: values.tolist() for name, values in self.times.items()}
        return {
            "network": self.arm.network.name,
            "cell": dict(self.arm.cell.values),
            "arm": self.arm.name,
            "world": self.arm.world,
            "replicate": self.replicate,
            "leaders": [ids[agent] for agent in self.leaders],
            "outcomes": self.outcomes,
            "differences": list(self.differences),
            "agents": [
                {"id": agent, **{name: None if times[name][place] < 0 else times[name][place] for name in _TIMES}}
                for place, agent in enumerate(ids)
            ],
        }


def find_arm(study: Study, *, network: str | None, arm: str, cell: int | None, world: int | None = None) -> PlannedArm:
    """Return the arm of a study that a user names.

    Parameters
    ----------
    study
        The study.
    network
        The network's name; may be left out where there is only one.
    arm
        The arm's name; that of an extra arm too, but for those on rewired networks.
    cell
        The cell's number from 0; may be left out where there is only one.
    world
        The world's number from 0; may be left out where there is only one.

    Raises
    ------
    InputError
        If there is no such network, cell, arm or world, or one must be named.
    """
    networks = [known.name for known in study.networks]
    cells = [known.index for known in study.scenario.cells()]
    named = _only("--network", network, networks)
    number = _only("--cell", cell, cells)
    [group] = [group for group in study.groups if (group.network.name, group.cell.index) == (named, number)]
    played = [*group.arms, *(extra for extra in group.extras if not isinstance(extra, RewiredArm))]
    names = [known.name for known in played]
    if arm not in names:
        raise InputError(f'--arm: there is no arm "{arm}"{nearest_name_hint(arm, names)}; known: {"; ".join(names)}')
    found = played[names.index(arm)]
    worlds = own_scenario(study.scenario, found).worlds
    number = world if world is not None or worlds > 1 else 0
    if number is None or not 0 <= number < worlds:
        came = "it is not given" if number is None else f"got {number}"
        raise InputError(f"--world: must be a whole number between 0 and {worlds - 1}; {came}")
    return found.in_world(number, seed=study.scenario.seed)


def replayed(study: Study, store: Store, arm: PlannedArm, replicate: int) -> Replayed:
    """Return one run, replayed and checked.

    Raises
    ------
    InputError
        If the study has no such replicate.
    StoreError
        If it is not stored.
    """
    replicates = own_scenario(study.scenario, arm).replicates
    if not 0 <= replicate < replicates:
        raise InputError(f"--replicate: must be a whole number between 0 and {replicates - 1}; got {replicate}")
    seed, parameters = study.scenario.seed, arm.setting.parameters
    words = partial(arm.leader_words, seed=seed)
    ensemble = Ensemble(arm.network, parameters, seed=seed, world=arm.world, leader_words=words)
    model = Replicates(ensemble.model_input, words).model(replicate)
    model.run()
    block, lane = divmod(replicate, LANES)
    times = ensemble.block(block)
    own = {name: getattr(model, name) for name in _TIMES}
    reduced = _outcomes(arm, own, model.clipped_agent_steps, times, lane)
    return Replayed(
        arm=arm,
        replicate=replicate,
        leaders=tuple(np.flatnonzero(times.leads >> np.uint64(lane) & np.uint64(1)).tolist()),
        times=own,
        outcomes=reduced[0],
        differences=(
            *drawn_otherwise(study, store.database, arm),
            *_against_ensemble(arm, own, times, lane),
            *_against_store(store, arm, replicate, own, reduced),
        ),
    )


def _only(option: str, stated: Any, known: list[Any]) -> Any:
    if stated is None and len(known) == 1:
        return known[0]
    if stated not in known:
        listed = ", ".join(str(name) for name in known)
        hint = nearest_name_hint(stated, known) if isinstance(stated, str) else ""
        came = "it is not given" if stated is None else f'there is no "{stated}"{hint}'
        raise InputError(f"{option}: must name one of the study's: {listed}; {came}")
    return stated


def _outcomes(
    arm: PlannedArm, own: dict[str, NDArray[np.int16]], clipped: int, times: BlockTimes, lane: int
) -> tuple[dict[str, int], bytes]:
    """Return the stored integers and bits that follow from the readable model's times."""
    aware, adopted, abandoned = (np.repeat(own[name][:, np.newaxis], LANES, axis=1) for name in _TIMES)
    alone = BlockTimes(aware, adopted, abandoned, np.full(LANES, clipped), times.clipped_ties, times.leads)
    network = arm.network
    runs = block_runs(alone, network.organisation_index, len(network.organisation_names), arm.setting.parameters.steps)
    return dict(zip(INTEGERS, runs.integers[lane].tolist(), strict=True)), runs.adopted_bits[lane].tobytes()


def _against_ensemble(arm: PlannedArm, own: dict[str, NDArray[np.int16]], times: BlockTimes, lane: int) -> list[str]:
    """Return where the readable model and the ensemble part, the first agent to do so first."""
    parted: list[tuple[int, int, str]] = []
    for name in _TIMES:
        other = getattr(times, name)[:, lane]
        for agent in np.flatnonzero(own[name] != other).tolist():
            here, there = int(own[name][agent]), int(other[agent])
            step = min(moment for moment in (here, there) if moment >= 0)
            parted.append(
                (step, agent, f"{name} is {_step(here)} in the readable model, {_step(there)} in the ensemble")
            )
    if not parted:
        return []
    first, *more = [(arm.network.ids[agent], step, said) for step, agent, said in sorted(parted)[:_MOST_TOLD]]
    count = len({agent for _, agent, _ in parted})
    return [
        f"{first[0]} is the first agent to differ, at step {first[1]}: {first[2]}",
        *(f"{agent}, at step {step}: {said}" for agent, step, said in more),
        f"{count:,} of {arm.network.size:,} agents differ",
    ]


def _against_store(
    store: Store,
    arm: PlannedArm,
    replicate: int,
    own: dict[str, NDArray[np.int16]],
    reduced: tuple[dict[str, int], bytes],
) -> list[str]:
    outcomes, adopted = reduced
    stored = store.run(arm, replicate)
    return [
        *_other_adopters(arm, own, stored["adopted"], adopted),
        *(
            f"{name}: {value} replayed, {stored[name]} stored"
            for name, value in outcomes.items()
            if stored[name] != value
        ),
    ]


def _other_adopters(arm: PlannedArm, own: dict[str, NDArray[np.int16]], stored: bytes, adopted: bytes) -> list[str]:
    """Return who has adopted at the end in the store or in the replay alone, who adopts first in the replay first."""
    size, ids = arm.network.size, arm.network.ids
    then, here = (np.unpackbits(np.frombuffer(octets, dtype=np.uint8), count=size) for octets in (stored, adopted))
    agents = np.flatnonzero(then != here).tolist()
    if not agents:
        return []
    agents.sort(key=lambda agent: (own["adopted_at"][agent] < 0, own["adopted_at"][agent], agent))
    ends = {0: "not having adopted", 1: "having adopted"}
    first, *more = [
        f"it ends {ends[int(then[agent])]} as stored, and {ends[int(here[agent])]} as replayed ({_moves(own, agent)})"
        for agent in agents[:_MOST_TOLD]
    ]
    return [
        f"{ids[agents[0]]} is the first agent to differ: {first}",
        *(f"{ids[agent]}: {said}" for agent, said in zip(agents[1:], more, strict=False)),
        f"{len(agents):,} of {size:,} agents end otherwise; the store keeps how they end, and not when they moved",
    ]


def _moves(own: dict[str, NDArray[np.int16]], agent: int) -> str:
    """Return when an agent moved in the replay."""
    moved = {"aware": "aware_at", "adopted": "adopted_at", "abandoned": "abandoned_at"}
    told = [f"{move} at step {own[name][agent]}" for move, name in moved.items() if own[name][agent] >= 0]
    return ", ".join(told) or "it never moves"


def _step(moment: int) -> str:
    return "never" if moment < 0 else f"step {moment}"

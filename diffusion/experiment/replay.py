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
        raise InputError(f'--arm: there is no arm "{arm}"{nearest_name_hint(arm, names)}; known: {", ".join(names)}')
    worlds = study.scenario.worlds
    number = world if world is not None or worlds > 1 else 0
    if number is None or not 0 <= number < worlds:
        came = "it is not given" if number is None else f"got {number}"
        raise InputError(f"--world: must be a whole number between 0 and {worlds - 1}; {came}")
    return played[names.index(arm)].in_world(number, seed=study.scenario.seed)


def replayed(study: Study, store: Store, arm: PlannedArm, replicate: int) -> Replayed:
    """Return one run, replayed and checked.

    Raises
    ------
    InputError
        If the study has no such replicate.
    StoreError
        If it is not stored.
    """
    replicates = study.scenario.replicates
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
            first = min(step for step in (here, there) if step >= 0)
            parted.append(
                (first, agent, f"{name} is {_told(here)} in the readable model, {_told(there)} in the ensemble")
            )
    if not parted:
        return []
    agents = len({agent for _, agent, _ in parted})
    told = [f"{arm.network.ids[agent]} at step {step}: {said}" for step, agent, said in sorted(parted)[:_MOST_TOLD]]
    told[0] = f"the first agent to differ is {told[0]}"
    return [*told, f"{agents:,} of {arm.network.size:,} agents differ"]


def _told(step: int) -> str:
    return "never" if step < 0 else f"step {step}"


def _against_store(
    store: Store,
    arm: PlannedArm,
    replicate: int,
    own: dict[str, NDArray[np.int16]],
    reduced: tuple[dict[str, int], bytes],
) -> list[str]:
    outcomes, adopted = reduced
    stored = store.run(arm, replicate)
    differences = [
        f"{name}: {value} replayed, {stored[name]} stored" for name, value in outcomes.items() if stored[name] != value
    ]
    if stored["adopted"] != adopted:
        differences += _other_adopters(arm, own, stored["adopted"], adopted)
    return differences


def _other_adopters(arm: PlannedArm, own: dict[str, NDArray[np.int16]], stored: bytes, adopted: bytes) -> list[str]:
    """Return who has adopted at the end in the store or in the replay alone, who moved first in the replay first."""
    size = arm.network.size
    bits = [np.unpackbits(np.frombuffer(octets, dtype=np.uint8), count=size) for octets in (stored, adopted)]
    agents = np.flatnonzero(bits[0] != bits[1]).tolist()
    never = np.iinfo(np.int16).max
    agents.sort(key=lambda agent: (int(own["adopted_at"][agent]) if own["adopted_at"][agent] >= 0 else never, agent))
    told = []
    for agent in agents[:_MOST_TOLD]:
        moves = [f"{name} {_told(int(own[name][agent]))}" for name in _TIMES if own[name][agent] >= 0]
        then, here = ("has adopted at the end" if bit[agent] else "has not" for bit in bits)
        told.append(
            f"{arm.network.ids[agent]} {then} as stored, and {here} as replayed ({', '.join(moves) or 'never moved'})"
        )
    told[0] = f"the first agent to differ is {told[0]}"
    return [
        *told,
        f"{len(agents):,} of {size:,} agents end otherwise; the store keeps how they end, and not when they moved",
    ]

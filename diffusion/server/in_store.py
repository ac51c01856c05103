"""Whether a run is in the store, and whether it came out there as it does on the page."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from diffusion.analysis.reduction import COUNTS, INTEGERS, block_runs
from diffusion.draws import LANES
from diffusion.errors import InputError
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.store import Store
from diffusion.model.ensemble import BlockTimes
from diffusion.server.played import PlayedRun


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold what to say of a run and its like in the store.

    Attributes
    ----------
    text
        What to say.
    differences
        In what the two differ, a line each; none if they are the same, or it is not known yet.
    """

    text: str
    differences: tuple[str, ...] = ()


def stored_row(study: Study, arm: PlannedArm, replicate: int, store: Store | None) -> Mapping[str, Any] | None:
    """Return what is stored of a run, ``None`` where the study or the run is not.

    Parameters
    ----------
    study, arm, replicate
        Which run.
    store
        The store, ``None`` where there is none yet.
    """
    if store is None:
        return None
    try:
        store.find(study.digest)
        return store.run(arm, replicate)
    except InputError:
        return None


def comparison(run: PlayedRun, row: Mapping[str, Any], tick: int, unit: str) -> Comparison:
    """Return what to say of a run that is stored; at the last step, whether both are the same.

    Parameters
    ----------
    run, row
        The run on the page, and the one in the store.
    tick
        The step that is shown.
    unit
        What a step is called.
    """
    size = run.arm.network.size
    if tick < run.steps:
        return Comparison(
            f"The table has this run, and there {_ending(row, size, unit)}. "
            f"At {unit} {run.steps} the page says whether both are the same."
        )
    own, adopted = outcomes(run)
    differences = [
        f"{name.replace('_', ' ')}: {own[name]:,} on this page, {row[name]:,} stored"
        for name in COUNTS
        if own[name] != row[name]
    ]
    if adopted != row["adopted"]:
        differences.append("the agents who have adopted at the end are not those that are stored")
    if differences:
        return Comparison("This run is not the one in the table:", tuple(differences))
    return Comparison(f"This is the run in the table, agent by agent: {_ending(row, size, unit)}, here as there.")


def outcomes(run: PlayedRun) -> tuple[dict[str, int], bytes]:
    """Return a run's stored whole numbers by name, and who has adopted at the end, a bit an agent."""
    network = run.arm.network
    aware, adopted, abandoned = (np.repeat(times[:, np.newaxis], LANES, axis=1) for times in run.times(run.steps))
    leads = np.zeros(network.size, dtype=np.uint64)
    leads[list(run.leaders)] = np.uint64(1)
    none = np.zeros(LANES, dtype=np.int64)
    times = BlockTimes(aware, adopted, abandoned, none, none, leads)
    found = block_runs(times, network.organisation_index, len(network.organisation_names), run.steps)
    return dict(zip(INTEGERS, found.integers[0].tolist(), strict=True)), found.adopted_bits[0].tobytes()


def how_to_store(scenario: str, database: str, *, default: str) -> str:
    """Return the command that plays a scenario and keeps its runs.

    Parameters
    ----------
    scenario
        The scenario's file.
    database, default
        Where results are kept, and where they are if nothing is said.
    """
    words = ["diffusion", "run", scenario]
    return shlex.join(words if database == default else [*words, "--database", database])


def _do(count: int) -> str:
    return "does" if count == 1 else "do"


def _ending(row: Mapping[str, Any], size: int, unit: str) -> str:
    adopters, others = row["adopters"], row["spread"]
    share = f"{100 * adopters / size:.1f} %"
    parts = [f"it ends with {adopters:,} of {size:,} adopted ({share}), {others:,} of whom {_do(others)} not lead"]
    if row["time_to_half"] >= 0:
        parts.append(f"half had adopted by {unit} {row['time_to_half']:,}")
    if row["organisations_reached"] >= 0:
        reached = row["organisations_reached"]
        parts.append(f"{reached:,} {'organisation has' if reached == 1 else 'organisations have'} an adopter")
    return "; ".join(parts)

"""Whether a stated error of a network can be attained: how many ties it adds, and how many there is room for."""

from __future__ import annotations

import numpy as np

from diffusion.analysis.network_modes import Mode
from diffusion.analysis.room_told import FullBlock, NoRoom
from diffusion.experiment.study import Group
from diffusion.network.uncertain import RoomLeft
from diffusion.network.uncertain.blocks import Numbers
from diffusion.scenario import Scenario
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK, UncertainNetwork

_LEAST_LACK = 0.5
"""Less than half a tie is not told of."""


def no_room(scenario: Scenario, group: Group) -> NoRoom | None:
    """Return how far room runs out on one network and in one cell; None where it does not.

    Parameters
    ----------
    scenario, group
        The scenario, and its arms of one network and cell.
    """
    setting = group.arms[0].setting
    if setting.network is None or setting.network.mode == "redrawn":
        return None
    room, mode = RoomLeft(group.network), setting.network.mode
    differs = any(path.startswith(f"{UNCERTAIN_NETWORK}.") for path, _ in setting.uncertainty.numbers)
    drawn = [setting.in_world(scenario.seed, world).network for world in range(scenario.worlds if differs else 1)]
    wanted = [ties_wanted(room, one) for one in drawn if one is not None]
    short = [one for one in wanted if _lack(room, one).sum() >= _LEAST_LACK]
    if not short:
        return None
    count = len(short) if differs else scenario.worlds
    lack = np.mean([_lack(room, one) for one in short], axis=0)
    return _told(room, np.mean(short, axis=0), lack, mode, (count, scenario.worlds))


def ties_wanted(room: RoomLeft, uncertain: UncertainNetwork) -> Numbers:
    """Return how many ties an error adds on average in each block, whether there is room for them or not.

    Parameters
    ----------
    room
        What room the given network leaves.
    uncertain
        In which way it differs, all its numbers known.
    """
    return room.missing(uncertain.error) if uncertain.mode == "imputation" else room.false(uncertain.error)


def added_columns(room: RoomLeft, uncertain: UncertainNetwork | None) -> dict[str, int]:
    """Return how many ties an error is to add in a world, and for how many of them there is no room.

    Parameters
    ----------
    room
        What room the given network leaves.
    uncertain
        In which way it differs in the world; None without error.
    """
    if uncertain is None:
        return {"ties_to_add": 0, "ties_without_room": 0}
    wanted = ties_wanted(room, uncertain)
    return {"ties_to_add": round(float(wanted.sum())), "ties_without_room": round(float(_lack(room, wanted).sum()))}


def _lack(room: RoomLeft, wanted: Numbers) -> Numbers:
    return np.maximum(wanted - room.free, 0.0)


def _told(room: RoomLeft, wanted: Numbers, lack: Numbers, mode: Mode, counts: tuple[int, int]) -> NoRoom:
    """Return what is told of mean numbers by block."""
    full = sorted(np.argwhere(lack >= _LEAST_LACK).tolist(), key=lambda block: -lack[tuple(block)])
    return NoRoom(
        mode=mode,
        short_in=counts[0],
        worlds=counts[1],
        wanted=round(float(wanted.sum())),
        room=round(float((wanted - lack).sum())),
        blocks=tuple(
            FullBlock(*room.names(block), round(wanted[tuple(block)]), round((wanted - lack)[tuple(block)]))
            for block in full
        ),
    )

"""What happened at a step of a run, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from diffusion.server.played import PlayedRun

NAMED = 8
"""How many agents a sentence names before it counts the rest."""


def happenings(run: PlayedRun, tick: int, unit: str) -> str:
    """Return what happened at a step, in a few sentences.

    Parameters
    ----------
    run
        The run.
    tick
        The step, 0 … T.
    unit
        What a step is called.
    """
    aware, adopted, abandoned = run.times(tick)
    ids = run.arm.network.ids
    parts = [_standing(run, tick)]
    if tick == 0:
        return " ".join([f"Start: {_leaders(ids, run.leaders)}.", *parts])
    told = []
    if run.arm.setting.parameters.awareness is not None:
        told.append(_told(ids, np.flatnonzero((aware == tick) & (adopted != tick)).tolist(), "became aware"))
    told.append(_told(ids, np.flatnonzero(adopted == tick).tolist(), "adopted"))
    told.append(_told(ids, np.flatnonzero(abandoned == tick).tolist(), "abandoned it"))
    happened = "; ".join(text for text in told if text) or "nobody moved"
    return f"{unit.capitalize()} {tick}: {happened}. {parts[0]}"


def listed_agents(ids: Iterable[str], *, most: int = NAMED) -> str:
    """Return names in a sentence, the first of them only where they are many.

    Examples
    --------
    >>> listed_agents(["M01", "A02", "F03"])
    'M01, A02 and F03'
    >>> listed_agents("abcde", most=2)
    'a, b and 3 more'
    """
    names = list(ids)
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _leaders(ids: Sequence[str], leaders: Sequence[int]) -> str:
    if not leaders:
        return "nobody leads"
    named = listed_agents(ids[agent] for agent in leaders)
    return f"{named} {'leads' if len(leaders) == 1 else 'lead'} and {'has' if len(leaders) == 1 else 'have'} adopted"


def _told(ids: Sequence[str], agents: Sequence[int], did: str) -> str:
    return f"{listed_agents(ids[agent] for agent in agents)} {did}" if agents else ""


def _standing(run: PlayedRun, tick: int) -> str:
    unaware, aware, adopted, abandoned = run.curves(tick)[-1].tolist()
    size = run.arm.network.size
    text = f"{adopted:,} of {size:,} {'has' if adopted == 1 else 'have'} adopted ({100 * adopted / size:.1f} %)"
    if run.arm.setting.parameters.awareness is not None:
        text += f", {aware:,} more {'knows' if aware == 1 else 'know'} of it, {unaware:,} {_do(unaware)} not"
    if abandoned:
        text += f", {abandoned:,} abandoned it"
    return f"{text}."


def _do(count: int) -> str:
    return "does" if count == 1 else "do"

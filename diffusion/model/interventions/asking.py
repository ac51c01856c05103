"""Asking alters: who of those whom an agent can reach is asked, drawn anew in every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, pair_keys
from diffusion.model.interventions.drawing import Truths, drawn, layer_key, truths_of
from diffusion.model.interventions.runs import Runs
from diffusion.model.lanes import Words

ASKED = "asked"
"""What pairs' numbers are keyed by, in the place of a layer."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Hold whom one agent asks.

    Attributes
    ----------
    asker
        The agent's row.
    alters
        Rows of those it might ask: to whom it has a tie; shape (alters,).
    asked
        In which lanes it asks each; shape (alters, 64).
    """

    asker: int
    alters: NDArray[np.int32]
    asked: Truths


def asked_alters(runs: Runs, askers: Words, taken: Truths, count: int, step: int) -> list[Asked]:
    """Return whom agents ask: each some of the others to whom it has a tie, in any layer, drawn at random.

    The number that decides is a pair's own, so nobody's depends on who else is there.

    Parameters
    ----------
    runs
        The runs of a block.
    askers
        One word an agent: the lanes in which it asks.
    taken
        In which lanes an agent cannot be asked; shape (agents, 64).
    count
        How many each asks; all, where it has fewer.
    step
        When.
    """
    alters = runs.network.out_alters
    rows = np.flatnonzero((askers != 0) & (alters.degrees > 0))
    sources = np.repeat(rows, alters.degrees[rows])
    if not len(sources):
        return []
    targets = np.concatenate([alters.alters(row) for row in rows.tolist()])
    keys = pair_keys(runs.keys[sources], runs.keys[targets], np.repeat(layer_key(ASKED), len(sources)))
    numbers = runs.numbers(Purpose.CONTACTS, keys, step)
    ends = np.cumsum(alters.degrees[rows])
    asks = truths_of(askers[rows])
    found = []
    for place, row in enumerate(rows.tolist()):
        here = slice(ends[place] - alters.degrees[row], ends[place])
        eligible = ~taken[targets[here]] & asks[place]
        found.append(Asked(row, targets[here], drawn(numbers[here], count, eligible)))
    return found

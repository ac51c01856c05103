"""Where a slider stops: the values that are worth trying of each kind of number, and the one that is set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diffusion.scenario.meanings import Meaning

PROBABILITIES = (
    0, 0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15,
    0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
)  # fmt: skip
SHARES = tuple(round(0.05 * place, 2) for place in range(21))
FACTORS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 3, 4, 5, 10)
COUNTS = (0, 1, 2, 3, 4, 5, 6, 8, 10)
SIGNED = tuple(0.5 * place for place in range(-20, 21))
STEPS = (*range(1, 13), 15, 18, 24, 30, 36, 48, 60, 90, 120)

LARGEST = 1e15
"""Beyond, a slider says nothing."""


def scale(path: str, said: Meaning, value: Any, *, exposure: str = "share", most: int = 30) -> list[float]:
    """Return the stops of a key's slider, ascending; none where the value is no number.

    Parameters
    ----------
    path
        Section and key.
    said
        What the key means.
    value
        What is set now.
    exposure
        How exposures are counted, on which a threshold's scale depends.
    most
        How many agents there are, of whom some may lead.

    Examples
    --------
    >>> scale("adoption.external", Meaning("probability per step", "", 0, 1), 0.0123)[:3]
    [0, 0.001, 0.002]
    >>> scale("agents.influence", Meaning("", "", 0), {"beta": [1, 2]})
    []
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST:
        return []
    key = path.rpartition(".")[2]
    stops: Sequence[float] = FACTORS
    if key == "steps":
        stops = STEPS
    elif key == "count":
        stops = range(1, min(most, 30) + 1)
    elif key == "threshold":
        stops = SHARES if exposure == "share" else COUNTS
    elif said.unit.startswith("probability"):
        stops = PROBABILITIES
    elif said.low is None:
        stops = SIGNED
    elif said.high == 1:
        stops = SHARES
    return sorted({*stops, value})

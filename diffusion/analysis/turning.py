"""Turning: at which error rate a ranking first turns over.

Along a swept key of an uncertain network, everything else that is swept held
fixed, the values are gone through from the least error to the most. Intervals
hold for all pairs of arms at one value; at several values each is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise

from diffusion.analysis.leads import Lead
from diffusion.analysis.network_modes import Mode
from diffusion.analysis.survival import Survival, Survives

PREFIX = "uncertain_network."
"""How the swept keys begin along which a ranking may turn over."""

NAME_CAP = f"{PREFIX}name_cap"
"""The key whose smaller values are the larger error."""


@dataclass(frozen=True)
class AtRate:
    """Tell what survives at one value of a swept key.

    Attributes
    ----------
    value
        The value.
    verdict, worlds
        As in :class:`~diffusion.analysis.survival.Survival`, and so are the others.
    """

    value: object
    verdict: Survives
    worlds: int
    best_survives_in: int
    survives_low: float | None
    survives_high: float | None
    best_overtaken_in: int
    overtaken_low: float | None
    overtaken_high: float | None
    best_mean_in: int
    given_best_in: int


@dataclass(frozen=True)
class Turning:
    """Tell where along a swept key a ranking turns over.

    Attributes
    ----------
    network, key
        On which network, along which key.
    held
        The other swept values.
    outcome, mode
        As in :class:`~diffusion.analysis.survival.Survival`.
    at
        What survives at each value of the key, from the least error to the most.
    best
        The arm of the best mean on the given network.
    behind, beside
        The arms that it is, and is not, shown to be better than there; where none is behind, nothing can turn over.
    open_at
        The first value at which it is not shown to stay better than all that are behind; None if there is none.
    holds_again_at
        The values beyond that at which it is.
    turned_at
        The first value at which one of them is shown to be better than it; None if there is none.
    rival
        The comparison that shows it.
    """

    network: str
    key: str
    held: Mapping[str, object]
    outcome: str
    mode: Mode
    at: tuple[AtRate, ...]
    best: str
    behind: tuple[str, ...]
    beside: tuple[str, ...]
    open_at: object | None
    holds_again_at: tuple[object, ...]
    turned_at: object | None
    rival: Lead | None

    @property
    def values(self) -> tuple[object, ...]:
        """Return the values of the key, from the least error to the most."""
        return tuple(one.value for one in self.at)

    @property
    def name(self) -> str:
        """Return the key without its section."""
        return self.key.removeprefix(PREFIX)

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self) | {"held": dict(self.held)}


def turning(cells: Sequence[tuple[Mapping[str, object], Survival]], network: str = "") -> tuple[Turning, ...]:
    """Return where the ranking turns over, for every swept key of the uncertain network.

    Parameters
    ----------
    cells
        The swept values of each cell, and what survives there; on one outcome.
    network
        The network's name.

    Returns
    -------
    One for each key, and for each combination of the other swept values.
    Values that have no order (names, or tables of which neither is larger) are passed over.
    """
    keys = dict.fromkeys(key for values, _ in cells for key in values if key.startswith(PREFIX))
    found = (_along(key, held, line, network) for key in keys for held, line in _lines(key, cells))
    return tuple(one for one in found if one is not None)


def in_order(key: str, values: Sequence[object]) -> list[int] | None:
    """Return the places of values from the least error to the most; None where they have no order.

    Examples
    --------
    >>> in_order("uncertain_network.missing_ties", [0.3, 0.1]), in_order("uncertain_network.name_cap", [3, 5])
    ([1, 0], [1, 0])
    >>> in_order("uncertain_network.missing_ties", [{"formal": 0.1}, {"formal": 0.2, "informal": 0.1}])
    [0, 1]
    >>> in_order("uncertain_network.missing_ties", [{"formal": 0.1}, {"informal": 0.1}]) is None
    True
    """
    numbers = [_numbers(value) for value in values]
    names = sorted({name for one in numbers if one is not None for name in one})
    if len(values) < 2 or any(one is None for one in numbers):
        return None
    single = {name == "" for name in names}
    if len(single) > 1:
        return None
    default = _left_out(key)
    rows = [tuple((one or {}).get(name, default) for name in names) for one in numbers]
    places = sorted(range(len(rows)), key=lambda place: rows[place])
    for earlier, later in pairwise(places):
        if any(low > high for low, high in zip(rows[earlier], rows[later], strict=True)):
            return None
    return places[::-1] if key.startswith(NAME_CAP) else places


def _left_out(key: str) -> float:
    """Return what a number is whose name a table leaves out: no error, a multiplier of 1, no limit."""
    if key.startswith(NAME_CAP):
        return math.inf
    return 1.0 if key.endswith("_between_roles") else 0.0


def _numbers(value: object) -> dict[str, float] | None:
    """Return a number, or those of a table by name; None for what is neither."""
    if isinstance(value, Mapping):
        inside = {str(name): said for name, said in value.items()}
        return inside if all(_is_number(said) for said in inside.values()) else None
    return {"": float(value)} if isinstance(value, int | float) and _is_number(value) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


Line = list[tuple[object, Survival]]


def _lines(key: str, cells: Sequence[tuple[Mapping[str, object], Survival]]) -> list[tuple[dict[str, object], Line]]:
    """Return the cells that differ in one key only, together, each such line with what they share."""
    lines: list[tuple[dict[str, object], Line]] = []
    for values, found in cells:
        if key not in values:
            continue
        held = {name: said for name, said in values.items() if name != key}
        line = next((line for known, line in lines if known == held), None)
        if line is None:
            line = []
            lines.append((held, line))
        line.append((values[key], found))
    return lines


def _at(value: object, found: Survival) -> AtRate:
    names = [one.name for one in fields(AtRate) if one.name != "value"]
    return AtRate(value, **{name: getattr(found, name) for name in names})


def _along(key: str, held: Mapping[str, object], line: Line, network: str) -> Turning | None:
    places = in_order(key, [value for value, _ in line])
    if places is None:
        return None
    ordered = [line[place] for place in places]
    first = ordered[0][1]
    gone = [place for place, (_, found) in enumerate(ordered) if found.verdict in ("open", "turned")]
    turned = next(((value, found) for value, found in ordered if found.verdict == "turned"), None)
    return Turning(
        network=network,
        key=key,
        held=held,
        outcome=first.outcome,
        mode=first.mode,
        at=tuple(_at(value, found) for value, found in ordered),
        best=first.best,
        behind=first.behind,
        beside=first.beside,
        open_at=ordered[gone[0]][0] if gone else None,
        holds_again_at=tuple(value for value, found in ordered[gone[0] :] if found.verdict == "holds") if gone else (),
        turned_at=turned[0] if turned else None,
        rival=turned[1].rival if turned else None,
    )

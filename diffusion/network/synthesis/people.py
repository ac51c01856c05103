"""Who the agents of a synthetic region are: where they work, and how prominent they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.synthesis.luck import Luck
from diffusion.network.synthesis.targets import Organisations, Targets, apportioned

Places = NDArray[np.int64]

UNIT = 1024
"""The prominence of the median person; prominences are whole numbers, so that sums of them are exact."""

_LARGEST = 1_000 * UNIT
_HIGHEST = 1.6  # standard deviations: the top five per cent are alike, a core and not one star


@dataclass(frozen=True, slots=True)
class People:
    """Hold the agents, organisation by organisation.

    Attributes
    ----------
    ids
        The agents' ids.
    organisation
        Each agent's organisation; shape (agents,).
    kind, site
        Each organisation's place in ``targets.organisations`` and ``targets.sites``; shape (organisations,).
    names
        Each organisation's name.
    start
        Where each organisation's agents start, and the last one's end; shape (organisations + 1,).
    role
        Each agent's place in ``targets.roles``; shape (agents,).
    prominence
        Each agent's chances of a tie, in whole numbers, 0 for those who are
        to have none; shape (agents,).
    """

    ids: tuple[str, ...]
    organisation: Places
    kind: Places
    site: Places
    names: tuple[str, ...]
    start: Places
    role: Places
    prominence: Places

    @property
    def size(self) -> int:
        """Return the number of agents."""
        return len(self.ids)


def drawn_people(targets: Targets, seed: int, spread: float) -> People:
    """Return everyone, with an organisation, a site and a prominence.

    Parameters
    ----------
    targets
        The targets.
    seed
        Which of the regions with these targets.
    spread
        The standard deviation of the logarithm of prominence within a kind of organisation.
    """
    luck = Luck(seed, targets.name, "organisations")
    sizes = [_sizes(kind, luck) for kind in targets.organisations]
    sites = [_sites(targets, kind, luck) for kind in targets.organisations]
    kind = np.repeat(np.arange(len(sizes)), [len(counts) for counts in sizes])
    every = np.concatenate(sizes)
    organisation = np.repeat(np.arange(len(every)), every)
    role_of_kind = np.array([targets.roles.index(entry.role) for entry in targets.organisations])
    role = role_of_kind[kind[organisation]]
    return People(
        ids=_ids(targets, role),
        organisation=organisation,
        kind=kind,
        site=np.concatenate(sites),
        names=organisation_names(targets),
        start=np.concatenate([[0], np.cumsum(every)]),
        role=role,
        prominence=drawn_prominence(targets, kind[organisation], seed, spread),
    )


def _sizes(kind: Organisations, luck: Luck) -> Places:
    """Return how many people each organisation has: at least two, if there are so many, and the rest at random."""
    if kind.sizes:
        pattern = [float(kind.sizes[place % len(kind.sizes)]) for place in range(kind.number)]
        return np.array(apportioned(kind.people - kind.number, [size - min(1.0, size) + 1e-9 for size in pattern])) + 1
    least = min(2, kind.people // kind.number)
    more = luck.places(kind.people - least * kind.number, kind.number)
    return least + np.bincount(more, minlength=kind.number)


def _sites(targets: Targets, kind: Organisations, luck: Luck) -> Places:
    """Return each organisation's site: the one that is stated, or dealt out in random order."""
    if kind.site:
        return np.full(kind.number, targets.sites.index(kind.site))
    return luck.order(kind.number) % len(targets.sites)


def organisation_names(targets: Targets) -> tuple[str, ...]:
    """Return the names of all organisations, kind by kind: the sector and a number, where there are several.

    Parameters
    ----------
    targets
        The targets.
    """
    total = dict.fromkeys(targets.sectors, 0)
    for kind in targets.organisations:
        total[kind.sector] += kind.number
    named, names = dict.fromkeys(total, 0), []
    for kind in targets.organisations:
        width = max(2, len(str(total[kind.sector])))
        first = named[kind.sector] + 1
        named[kind.sector] += kind.number
        alone = total[kind.sector] == 1
        names += [
            kind.sector if alone else f"{kind.sector} {place:0{width}d}" for place in range(first, first + kind.number)
        ]
    return tuple(names)


def _ids(targets: Targets, role: Places) -> tuple[str, ...]:
    """Return codes such as M014: the role's first letter, and a number."""
    letters = [name[0].upper() for name in targets.roles]
    code = np.array([sorted(set(letters)).index(letter) for letter in letters])[role]
    ids = np.empty(len(role), dtype=object)
    for place, letter in enumerate(sorted(set(letters))):
        rows = np.flatnonzero(code == place)
        width = max(3, len(str(len(rows))))
        ids[rows] = [f"{letter}{number:0{width}d}" for number in range(1, len(rows) + 1)]
    return tuple(ids.tolist())


def drawn_prominence(targets: Targets, kind: Places, seed: int, spread: float) -> Places:
    """Return each agent's prominence, as whole numbers; 0 for those who are to have no ties.

    Parameters
    ----------
    targets
        The targets.
    kind
        Each agent's place in ``targets.organisations``.
    seed
        Which of the regions with these targets.
    spread
        The standard deviation of the logarithm of prominence within a kind of organisation.
    """
    luck = Luck(seed, targets.name, "prominence")
    factor = np.array([entry.prominence for entry in targets.organisations])[kind]
    # Rounding sets aside the last bits, in which the exponentials of two machines may differ.
    made = np.rint(UNIT * np.exp(spread * np.minimum(luck.normals(len(kind)), _HIGHEST)) * factor)
    prominence: Places = np.clip(made, 1, _LARGEST).astype(np.int64)
    prominence[luck.order(len(kind))[: round(targets.isolates * len(kind))]] = 0
    return prominence

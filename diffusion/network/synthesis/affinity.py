"""How likely two agents of different organisations are to be tied, by sector, site and brokers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.synthesis.blocks import pair_places
from diffusion.network.synthesis.luck import Luck
from diffusion.network.synthesis.people import People
from diffusion.network.synthesis.targets import Targets

Places = NDArray[np.int64]
Chances = NDArray[np.float64]

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Affinity:
    """Hold how agents are grouped by kind of organisation and site, and the odds of ties between groups.

    Attributes
    ----------
    group
        Each agent's group; shape (agents,).
    block
        The pair of roles of each pair of groups; shape (groups, groups).
    factor
        By how much odds are multiplied, from 0 to 1; shape (groups, groups).
    closing
        The same for ties that close a two-path, which is likelier within a
        sector or site by itself.
    brokered, unbrokered
        Which ties would be between sites, with a broker at an end or with
        none; nowhere where brokers have no part; shape (groups, groups).
    order, sums, start
        The agents group by group; the sums of their prominences, with a 0 in
        front; and where each group starts, and the last one's end.
    """

    group: Places
    block: Places
    factor: Chances
    closing: Chances
    brokered: NDArray[np.bool_]
    unbrokered: NDArray[np.bool_]
    order: Places
    sums: Places
    start: Places

    @property
    def weight(self) -> Places:
        """Return the sum of prominences of each group; shape (groups,)."""
        return np.diff(self.sums[self.start])

    def cells(self, block: int) -> tuple[Places, Places, Chances]:
        """Return the pairs of groups of a pair of roles, with the chances of a tie of each.

        Parameters
        ----------
        block
            The place of the pair of roles.
        """
        first, second = np.nonzero(np.triu(self.block == block))
        weight = self.weight.astype(np.float64)
        chance = weight[first] * weight[second] * self.factor[first, second]
        return first, second, np.where(first == second, chance / 2, chance)

    def agents(self, groups: Places, luck: Luck) -> Places:
        """Return an agent of each of some groups, drawn by prominence.

        Parameters
        ----------
        groups
            The groups, none of prominence 0.
        luck
            The random numbers.
        """
        return self.order[luck.chosen_within(self.sums, self.start[groups], self.start[groups + 1])]


def affinity_of(targets: Targets, people: People, between: Places) -> Affinity:
    """Return the odds of ties between groups of agents.

    Parameters
    ----------
    targets
        The targets.
    people
        The agents.
    between
        How many pairs are tied between organisations, by the pair of roles.
    """
    sites = len(targets.sites)
    of_agent = (people.kind * sites + people.site)[people.organisation]
    code, group = np.unique(of_agent, return_inverse=True)
    kind, site = code // sites, code % sites
    order = np.argsort(group, kind="stable")
    sums = np.concatenate([[0], np.cumsum(people.prominence[order])])
    start = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(code)))])
    sector = np.array([targets.sectors.index(entry.sector) for entry in targets.organisations])[kind]
    role = np.array([targets.roles.index(entry.role) for entry in targets.organisations])[kind]
    factor = np.where(sector[:, None] == sector, targets.same_sector, 1.0)
    factor *= np.where(site[:, None] == site, targets.same_site, 1.0)
    block = pair_places(targets)[role[:, None], role]
    apart = site[:, None] != site
    has_part = targets.through_brokers is not None
    broker = np.array([entry.brokers for entry in targets.organisations])[kind]
    brokered = apart & (broker[:, None] | broker) & has_part
    unbrokered = apart & ~brokered & has_part
    made = Affinity(group, block, factor, np.ones_like(factor), brokered, unbrokered, order, sums, start)
    if targets.through_brokers is not None:
        factor[brokered] *= targets.same_site  # brokers are at home everywhere
        held_back = _held_back(made, between, targets.through_brokers)
        factor[unbrokered] *= held_back
        made.closing[unbrokered] = held_back
    factor /= factor.max()
    return made


def _held_back(affinity: Affinity, between: Places, through_brokers: float) -> float:
    """Return the factor for ties between sites without a broker that gives brokers their share."""
    parts: list[tuple[int, float, float]] = []
    for block, count in enumerate(between.tolist()):
        first, second, chance = affinity.cells(block)
        with_broker = float(np.cumsum(np.append(0.0, chance[affinity.brokered[first, second]]))[-1])
        without = float(np.cumsum(np.append(0.0, chance[affinity.unbrokered[first, second]]))[-1])
        all_ties = float(np.cumsum(np.append(0.0, chance))[-1])
        if all_ties:
            parts.append((count, with_broker / all_ties, without / all_ties))

    def share(factor: float) -> float:
        made = [
            (count / (1 - without + factor * without + 1e-12), one, factor * without) for count, one, without in parts
        ]
        through = float(sum(scale * one for scale, one, _ in made))
        return through / max(through + float(sum(scale * other for scale, _, other in made)), 1e-12)

    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) > through_brokers else (low, middle)
    return low

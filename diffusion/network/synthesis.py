"""Regions like those of the Academic Health Science Networks, from declared assumptions.

The network data of the study behind this program (Ferlie, Nicolini, Ledger,
D'Andreta, Kravcenko & de Pury 2017, doi 10.3310/hsdr05170) are not public.
What is made here is therefore synthetic: it has the size and the make-up of
such a region, and the density, closure, skew and reciprocity that were
measured in open data on comparable networks. It is nobody's data.

Every assumption is a field of :class:`RegionAssumptions` and names its source.
Only ``Generator.random`` is used, whose numbers do not change between versions
of numpy, so that a region is the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from statistics import NormalDist
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network

Value = TypeVar("Value")

DHHS = "54 tobacco control leaders in 11 agencies (DHHS, UserNetR)"
OWN = "no measurement at hand; chosen"


@dataclass(frozen=True, slots=True)
class Sector:
    """State how many people of a role work in how many organisations of a kind.

    Attributes
    ----------
    name, role
        The sector, and the role of its people.
    organisations, people
        How many.
    """

    name: str
    role: str
    organisations: int
    people: int


def _assumed(value: Value, source: str) -> Value:
    assumption: Value = field(default=value, metadata={"source": source})
    return assumption


@dataclass(frozen=True)
class RegionAssumptions:
    """Declare everything that a synthetic region is made from.

    :meth:`sources` says where each value comes from. Densities, shares inside
    organisations and reciprocity are met exactly, up to rounding; the
    transitivity and the share of the top tenth to within .06.

    What is kept from the smaller proxies is mean degrees and the shares inside
    organisations (the E-I index), not the odds ratio of ties inside to ties
    between: among 180 people there are many more outsiders to choose from, so
    the formal odds ratio is about 50, above the 10 to 20 measured among 54.

    Attributes
    ----------
    name
        What the region is called.
    sectors
        Who works where. The first sector is the network's own office.
    sites
        The localities among which organisations are spread.
    formal_degree
        With how many others a person works formally, on average.
    formal_inside
        The share of formal working ties that stay inside an organisation.
    nominations
        To how many others a person turns informally, on average.
    informal_inside
        The share of informal pairs that stay inside an organisation.
    reciprocity
        The share of informal ties that are returned.
    strong_formal_inside, strong_formal_between
        The share of formal ties that are of strength 1, not .75, inside an
        organisation and between organisations.
    strong_informal_inside, strong_informal_between
        The share of informal ties that are of strength .5, not .25.
    transitivity
        The share of two-paths that are closed, over both layers, undirected.
    closure
        The share of ties that are made to close a two-path; sets
        :attr:`transitivity`.
    top_tenth_share
        The share of tie-ends held by the best connected tenth of the people,
        over both layers, undirected.
    prominence_sd
        The standard deviation of the logarithm of people's prominence, to
        which their chances of a tie are proportional; sets
        :attr:`top_tenth_share`.
    firm_prominence, office_prominence
        By how much the prominence of people in firms and in the network's own
        office is multiplied.
    same_sector, same_site
        By how much the odds of a tie between organisations are multiplied
        within a sector and within a site.
    """

    name: str = _assumed("ahsn-a", "a name")
    sectors: tuple[Sector, ...] = _assumed(
        (
            Sector("network office", "manager", 1, 8),
            Sector("NHS trust", "manager", 10, 64),
            Sector("commissioner", "manager", 8, 24),
            Sector("university", "academic", 3, 48),
            Sector("firm", "firm", 12, 36),
        ),
        "AHSNs join NHS, universities and firms (doi 10.3310/hsdr05170); about five people an organisation, as in the "
        f"{DHHS}; between the 35-48 staff named in one CLAHRC and the hundreds of a research network; the split: {OWN}",
    )
    sites: tuple[str, ...] = _assumed(("centre", "east", "west"), f"geography predicts ties (Long et al. 2014); {OWN}")
    formal_degree: float = _assumed(
        5.0,
        f"6.4 among {DHHS}, levels 3-4; 4.2-5.5 in networks of 493 and 1,283. Time limits the number of partners, so "
        "the degree carries over to 180 people better than the density, .121 and .003-.011; at 180 it makes .028",
    )
    formal_inside: float = _assumed(0.566, f".566 inside an agency, E-I -.13: {DHHS}, levels 3-4")
    nominations: float = _assumed(
        3.9, "five asked for (Merrill et al. 2012) and 78 % of the places used, as by physicians (2.35 of 3)"
    )
    informal_inside: float = _assumed(
        0.27, f"inside an agency .26 of 163 ties of level 1 and .29 of 111 of level 2, E-I +.46: {DHHS}"
    )
    reciprocity: float = _assumed(0.26, "middle of .15 (farmers), .32 (Korean women), .37 (physicians): netdiffuseR")
    strong_formal_inside: float = _assumed(
        0.58, f"of ties of levels 3 and 4 inside an agency, 57 of 98 are of level 4: {DHHS}"
    )
    strong_formal_between: float = _assumed(0.29, f"of those between agencies, 22 of 75: {DHHS}")
    strong_informal_inside: float = _assumed(
        0.43, f"of ties of levels 1 and 2 inside an agency, 32 of 74 are of level 2: {DHHS}"
    )
    strong_informal_between: float = _assumed(0.395, f"of those between agencies, 79 of 200: {DHHS}")
    transitivity: float = _assumed(0.41, f".31 (1,283 health leaders), .41 and .55 ({DHHS}), .48 (493 scientists)")
    closure: float = _assumed(0.75, "set so that the transitivity is met")
    top_tenth_share: float = _assumed(0.40, "the best connected tenth of 493 scientists hold 40 % of tie-ends")
    prominence_sd: float = _assumed(0.9, "set so that the share of the top tenth is met")
    firm_prominence: float = _assumed(0.5, f"firms are the newcomers; {OWN}")
    office_prominence: float = _assumed(2.0, f"connecting others is the office's task; {OWN}")
    same_sector: float = _assumed(3.0, OWN)
    same_site: float = _assumed(3.0, f"geography predicts ties (Long et al. 2014); {OWN}")

    def sources(self) -> Mapping[str, str]:
        """Return where each assumption comes from, by its name."""
        return MappingProxyType({entry.name: entry.metadata["source"] for entry in fields(self)})


PACKAGED_ASSUMPTIONS = RegionAssumptions()
PACKAGED_SEED = 2013
"""The seed of the packaged region; 2013 is the year in which AHSNs were designated."""


@dataclass(frozen=True)
class _People:
    ids: list[str]
    roles: list[str]
    organisations: list[str]
    sectors: list[str]
    sites: list[str]

    def same(self, texts: list[str]) -> NDArray[np.bool_]:
        codes = np.unique(texts, return_inverse=True)[1]
        return np.asarray(codes[:, None] == codes[None, :])


def synthetic_region(assumptions: RegionAssumptions, seed: int) -> Network:
    """Make a region; the same assumptions and seed always make the same one.

    Formal ties are mutual, one in each direction, and connect everybody, as
    all ties did in the agencies that were measured. Informal ties point from
    the person turned to, to the person who turns; the more prominent of two
    is the likelier to be turned to.

    Parameters
    ----------
    assumptions
        What the region is made from.
    seed
        Which of the regions so made.
    """
    luck = _Luck(seed, assumptions.name)
    people = _people(assumptions, luck)
    prominence = _prominence(assumptions, people, luck)
    affinity = _affinity(assumptions, people, prominence)
    inside = people.same(people.organisations)
    ties = np.zeros_like(inside)
    counts = _formal_counts(assumptions, len(people.ids))
    joins = _joins(affinity, inside, prominence)
    formal = _pairs(assumptions, affinity, inside, luck, ties=ties, counts=counts, joins=joins)
    counts = _informal_counts(assumptions, len(people.ids))
    informal = _pairs(assumptions, affinity, inside, luck, ties=ties, counts=counts)
    rows = _formal_rows(assumptions, formal, inside, luck)
    rows += _informal_rows(assumptions, informal, inside, prominence, luck)
    source, target, layer, strength = zip(*rows, strict=True)
    return Network.from_tables(
        name=assumptions.name,
        ids=people.ids,
        roles=people.roles,
        columns={"organisation": people.organisations, "sector": people.sectors, "site": people.sites},
        source=[people.ids[place] for place in source],
        target=[people.ids[place] for place in target],
        layer=layer,
        strength=strength,
        synthetic=True,
    )


def write_packaged_region(folder: Path) -> None:
    """Write the region that is packaged as ``ahsn-a`` to a folder."""
    csv_folder.write(
        synthetic_region(PACKAGED_ASSUMPTIONS, PACKAGED_SEED),
        folder,
        description=(
            "A synthetic region, made by diffusion.network.synthesis from the assumptions declared there. "
            "It is not the data of any study and describes no real person or organisation."
        ),
    )


class _Luck:
    """Hand out uniform numbers, and choices made with them."""

    def __init__(self, seed: int, name: str) -> None:
        self._stream = generator(Purpose.SYNTHESIS, seed, name)

    def uniform(self) -> float:
        return float(self._stream.random())

    def falls_below(self, probability: float) -> bool:
        return self.uniform() < probability

    def normal(self) -> float:
        return NormalDist().inv_cdf(max(self.uniform(), 1e-12))

    def chosen(self, weights: NDArray[np.float64]) -> int:
        """Return a place, chosen with chances proportional to the weights."""
        total = np.cumsum(weights)
        return int(np.searchsorted(total, self.uniform() * total[-1], side="right"))


def _people(assumptions: RegionAssumptions, luck: _Luck) -> _People:
    """Return everyone, every organisation having at least one person and a site."""
    people = _People([], [], [], [], [])
    numbered: dict[str, int] = {}
    for sector in assumptions.sectors:
        sizes = _organisation_sizes(sector, luck)
        for number, size in enumerate(sizes, start=1):
            site = assumptions.sites[luck.chosen(np.ones(len(assumptions.sites)))]
            for _ in range(size):
                numbered[sector.role] = numbered.get(sector.role, 0) + 1
                people.ids.append(f"{sector.role[0].upper()}{numbered[sector.role]:03d}")
                people.roles.append(sector.role)
                people.organisations.append(f"{sector.name} {number:02d}" if len(sizes) > 1 else sector.name)
                people.sectors.append(sector.name)
                people.sites.append(site)
    return people


def _organisation_sizes(sector: Sector, luck: _Luck) -> list[int]:
    """Return how many people each organisation sends: two, and the rest at random."""
    least = min(2, sector.people // sector.organisations)
    sizes = [least] * sector.organisations
    for _ in range(sector.people - least * sector.organisations):
        sizes[luck.chosen(np.ones(sector.organisations))] += 1
    return sizes


def _prominence(assumptions: RegionAssumptions, people: _People, luck: _Luck) -> NDArray[np.float64]:
    factors = {"firm": assumptions.firm_prominence, assumptions.sectors[0].name: assumptions.office_prominence}
    return np.array(
        [math.exp(assumptions.prominence_sd * luck.normal()) * factors.get(sector, 1.0) for sector in people.sectors]
    )


def _affinity(assumptions: RegionAssumptions, people: _People, prominence: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance weight of a tie for each pair, in the upper triangle; shape (people, people)."""
    alike = np.where(people.same(people.sectors), assumptions.same_sector, 1.0)
    alike *= np.where(people.same(people.sites), assumptions.same_site, 1.0)
    between = np.outer(prominence, prominence) * np.where(people.same(people.organisations), 1.0, alike)
    return np.triu(between, k=1)


def _formal_counts(assumptions: RegionAssumptions, size: int) -> tuple[int, int]:
    """Return how many pairs work together formally, inside organisations and between them."""
    pairs = size * assumptions.formal_degree / 2
    return round(pairs * assumptions.formal_inside), round(pairs * (1 - assumptions.formal_inside))


def _informal_counts(assumptions: RegionAssumptions, size: int) -> tuple[int, int]:
    """Return how many pairs are tied informally, inside organisations and between them."""
    pairs = size * assumptions.nominations * (1 - assumptions.reciprocity / 2)
    return round(pairs * assumptions.informal_inside), round(pairs * (1 - assumptions.informal_inside))


def _joins(
    affinity: NDArray[np.float64], inside: NDArray[np.bool_], prominence: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """Yield the weights of each person's first tie, so that everybody is connected.

    People join in the order of prominence, and tie themselves to one who has
    joined before: a colleague, or, as the first of an organisation, anybody.
    """
    order = np.argsort(-prominence, kind="stable")
    joined = np.zeros(len(order), dtype=bool)
    joined[order[0]] = True
    for agent in order[1:].tolist():
        hosts = joined & inside[agent] if (joined & inside[agent]).any() else joined
        weights = np.zeros_like(affinity)
        weights[agent, hosts], weights[hosts, agent] = affinity[agent, hosts], affinity[hosts, agent]
        joined[agent] = True
        yield weights


def _pairs(
    assumptions: RegionAssumptions,
    affinity: NDArray[np.float64],
    inside: NDArray[np.bool_],
    luck: _Luck,
    *,
    ties: NDArray[np.bool_],
    counts: tuple[int, int],
    joins: Iterable[NDArray[np.float64]] = (),
) -> list[tuple[int, int]]:
    """Return the pairs tied in one layer, and mark them in ``ties``, which knows those of all layers.

    The first ties are those of ``joins``, one a matrix of weights; each of the
    others closes a two-path, the likelier the more alters a pair has in
    common, or follows the affinities alone.
    """
    size = len(affinity)
    free = affinity.copy()
    left = {True: counts[0], False: counts[1]}
    pairs: list[tuple[int, int]] = []

    def tie(weights: NDArray[np.float64]) -> None:
        first, second = divmod(luck.chosen(weights.ravel()), size)
        free[first, second] = 0.0
        ties[first, second] = ties[second, first] = True
        left[bool(inside[first, second])] -= 1
        pairs.append((first, second))

    for weights in joins:
        tie(weights)
    while left[True] > 0 or left[False] > 0:
        stays = luck.falls_below(max(left[True], 0) / (max(left[True], 0) + max(left[False], 0)))
        weights = np.where(inside == stays, free, 0.0)
        closing = weights * (ties.astype(np.float64) @ ties) ** 2 if luck.falls_below(assumptions.closure) else weights
        tie(closing if closing.any() else weights)
    return pairs


Row = tuple[int, int, str, float]


def _formal_rows(
    assumptions: RegionAssumptions, pairs: list[tuple[int, int]], inside: NDArray[np.bool_], luck: _Luck
) -> list[Row]:
    rows = []
    for first, second in pairs:
        strong = assumptions.strong_formal_inside if inside[first, second] else assumptions.strong_formal_between
        strength = 1.0 if luck.falls_below(strong) else 0.75
        rows += [(first, second, "formal", strength), (second, first, "formal", strength)]
    return rows


def _informal_rows(
    assumptions: RegionAssumptions,
    pairs: list[tuple[int, int]],
    inside: NDArray[np.bool_],
    prominence: NDArray[np.float64],
    luck: _Luck,
) -> list[Row]:
    rows = []
    mutual = round(len(pairs) * assumptions.reciprocity / (2 - assumptions.reciprocity))
    returned = set(sorted(range(len(pairs)), key=[luck.uniform() for _ in pairs].__getitem__)[:mutual])
    for place, (first, second) in enumerate(pairs):
        strong = assumptions.strong_informal_inside if inside[first, second] else assumptions.strong_informal_between
        strength = 0.5 if luck.falls_below(strong) else 0.25
        forward = luck.falls_below(prominence[first] / (prominence[first] + prominence[second]))
        source, target = (first, second) if forward else (second, first)
        rows.append((source, target, "informal", strength))
        if place in returned:
            rows.append((target, source, "informal", strength))
    return rows

"""A synthetic region drawn anew in every world: its people stay, and who is prominent and all ties are drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import numpy as np

from diffusion.draws import Purpose, generator
from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED, packaged_targets
from diffusion.network.synthesis import LAYER_NAMES, Organisations, Targets, read_targets
from diffusion.network.synthesis.calibration import calibrated
from diffusion.network.synthesis.people import People, drawn_prominence, organisation_names
from diffusion.network.synthesis.region import drawn_ties
from diffusion.network.uncertain.ties import Places, Ties, with_ties

_SEEDS = 2**53
"""How many seeds of regions there are: as many as a number between 0 and 1 has values."""


def redrawn(network: Network, targets: Targets, *, seed: int, world: int) -> Network:
    """Return another region with the same targets and the same people, in one world.

    Ids, roles, organisations, sites and further columns are those of the given
    network. Who is prominent, who has no ties, and all ties are drawn anew.

    Parameters
    ----------
    network
        The region.
    targets
        What it was made from.
    seed, world
        The coordinates of all draws.

    Raises
    ------
    InputError
        If the network's people are not those of the targets, or its ties are in other layers.

    Examples
    --------
    >>> from diffusion.network.formats import read_network
    >>> region, targets = read_network("ahsn-a", Path()), region_targets("ahsn-a", Path())
    >>> other = redrawn(region, targets, seed=1, world=0)
    >>> other.ids == region.ids, other.digest == region.digest
    (True, False)
    """
    chosen = int(generator(Purpose.REGION, seed, world).random() * _SEEDS)
    return redrawn_with(network, targets, chosen)


def redrawn_with(network: Network, targets: Targets, seed: int) -> Network:
    """Return the region with the same people that the targets and the seed of a region make.

    Parameters
    ----------
    network, targets
        As :func:`redrawn` takes them.
    seed
        Which of the regions; with the seed that the network was made with, it is the network itself.
    """
    people, order = _people(network, targets)
    making = calibrated(targets)
    people = replace(
        people, prominence=drawn_prominence(targets, people.kind[people.organisation], seed, making.spread)
    )
    made = drawn_ties(targets, people, closure=making.closure, seed=seed)
    layers = tuple(sorted({*network.layers, *(LAYER_NAMES[place] for place in np.unique(made.layer).tolist())}))
    place = np.array([layers.index(name) if name in layers else -1 for name in LAYER_NAMES])
    ties = Ties(order[made.source], order[made.target], place[made.layer], made.strength)
    return with_ties(replace(network, layers=layers), ties)


def region_targets(reference: str, relative_to: Path) -> Targets | None:
    """Return the targets of the region that a user refers to, or None where it has none.

    They are those of a packaged network, the ``targets.toml`` in its folder, or,
    beside a file such as ``region.graphml``, ``region_targets.toml``: where
    ``diffusion network synthesise`` writes them.

    Parameters
    ----------
    reference
        What the network is called in a scenario.
    relative_to
        The folder to which a path is relative.

    Raises
    ------
    InputError
        If there are targets and something is wrong with them.

    Examples
    --------
    >>> region_targets("ahsn-b", Path()).name
    'ahsn-b'
    """
    if reference in PACKAGED:
        return read_targets(packaged_targets(reference))
    if not any(mark in reference for mark in "/\\."):
        return None
    path = relative_to / Path(reference).expanduser()
    beside = path / "targets.toml" if path.is_dir() else path.with_name(f"{path.stem}_targets.toml")
    return read_targets(beside) if beside.is_file() else None


def _people(network: Network, targets: Targets) -> tuple[People, Places]:
    """Return the region's people as their targets have them, without prominence, and each one's index in the network.

    Raises
    ------
    InputError
        If they are not those of the targets.
    """
    problem = next(_problems(network, targets), None)
    if problem:
        raise InputError(
            f"{network.name}: cannot be drawn anew from the targets of {targets.name}, because {problem}; make the "
            'region from these targets with "diffusion network synthesise", or take the targets that it was made from'
        )
    names = organisation_names(targets)
    place = {name: number for number, name in enumerate(names)}
    organisation = np.array([place[name] for name in network.columns["organisation"]], dtype=np.int64)
    order = np.argsort(organisation, kind="stable")
    kind = np.repeat(np.arange(len(targets.organisations)), [kind.number for kind in targets.organisations])
    counts = np.bincount(organisation, minlength=len(names))
    site = np.empty(len(names), dtype=np.int64)
    site[organisation] = [targets.sites.index(name) for name in network.columns["site"]]
    return People(
        ids=tuple(network.ids[row] for row in order.tolist()),
        organisation=organisation[order],
        kind=kind,
        site=site,
        names=names,
        start=np.concatenate([[0], np.cumsum(counts)]),
        role=np.array([targets.roles.index(network.roles[row]) for row in order.tolist()], dtype=np.int64),
        prominence=np.zeros(network.size, dtype=np.int64),
    ), order


def _problems(network: Network, targets: Targets) -> Iterator[str]:
    """Yield what keeps a network's people and layers from being those of targets."""
    if network.size != targets.size:
        yield f"it has {network.size:,} people and they have {targets.size:,}"
    for column in ("organisation", "sector", "site"):
        if column not in network.columns:
            yield f"its people have no {column}"
    if unknown := sorted(set(network.layers) - set(LAYER_NAMES)):
        yield f'it has the layer "{unknown[0]}" and they have {", ".join(LAYER_NAMES)}'
    names = organisation_names(targets)
    every = chain.from_iterable(repeat(kind, kind.number) for kind in targets.organisations)
    kinds = dict(zip(names, every, strict=True))
    yield from _strangers(network, targets, kinds)
    employed = dict.fromkeys(names, 0)
    for name in network.columns["organisation"]:
        employed[name] += 1
    for kind in targets.organisations:
        people = {name: employed[name] for name in names if kinds[name] is kind}
        if 0 in people.values():
            yield f"nobody is in {min(people, key=people.__getitem__)}"
        if sum(people.values()) != kind.people:
            where = " to ".join(dict.fromkeys([next(iter(people)), next(reversed(people))]))
            yield f"{sum(people.values()):,} of its people are in {where}, where they have {kind.people:,}"


def _strangers(network: Network, targets: Targets, kinds: dict[str, Organisations]) -> Iterator[str]:
    """Yield what is wrong with single people: where they work, their role, sector and site."""
    columns = (network.columns[column] for column in ("organisation", "sector", "site"))
    sites: dict[str, str] = {}
    for text, role, organisation, sector, site in zip(network.ids, network.roles, *columns, strict=True):
        kind = kinds.get(organisation)
        if kind is None:
            yield f'{text} is in "{organisation}", which they have not{nearest_name_hint(organisation, kinds)}'
        elif (role, sector) != (kind.role, kind.sector):
            here, there = f'"{role}" in the sector "{sector}"', f'"{kind.role}" in "{kind.sector}"'
            yield f"{text} has the role {here}, and people of {organisation} have {there}"
        elif site not in targets.sites or kind.site not in {"", site}:
            yield f'{text} of {organisation} is at the site "{site}"'
        elif sites.setdefault(organisation, site) != site:
            yield f'{organisation} is at the sites "{sites[organisation]}" and "{site}"'

"""A synthetic region: made from targets, described, and written to a folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.network.synthesis.blocks import blocks_of, problems_of
from diffusion.network.synthesis.calibration import calibrated, room_of
from diffusion.network.synthesis.labels import LAYER_NAMES, Ties, labelled
from diffusion.network.synthesis.pairs import Report, drawn_pairs
from diffusion.network.synthesis.people import People, drawn_people
from diffusion.network.synthesis.targets import Targets
from diffusion.network.synthesis.writing import write_folder
from diffusion.toml.documents import key_text


def synthetic_region(targets: Targets, seed: int | None = None, report: Report | None = None) -> Network:
    """Make a region; the same targets and seed always make the same one.

    Formal ties go both ways. Informal ties point from the person turned to, to
    the person who turns; the more prominent of two is the likelier to be
    turned to. Two people have one tie at most, or one in each direction.

    Parameters
    ----------
    targets
        What the region is to be like.
    seed
        Which of the regions with these targets; that of the targets by default.
    report
        Is told now and then what is being made, how far it is, and of how much.

    Raises
    ------
    InputError
        If the targets cannot be met together.
    """
    if problems := [f"{targets.name}: {key_text(key)}: {words}" for key, words in problems_of(targets)]:
        raise InputError(problems)
    chosen = targets.seed if seed is None else seed
    tell = report or _keep_quiet
    tell("calibration", 0, 1)
    making = calibrated(targets)
    tell("people", 0, targets.size)
    people = drawn_people(targets, chosen, making.spread)
    ties = drawn_ties(targets, people, closure=making.closure, seed=chosen, report=tell)
    return _network(region_name(targets, chosen), targets, people, ties)


def drawn_ties(targets: Targets, people: People, *, closure: float, seed: int, report: Report | None = None) -> Ties:
    """Return the ties of a region whose people are known.

    Parameters
    ----------
    targets
        What the region is to be like.
    people
        The agents.
    closure
        The share of ties between organisations that are made to close a two-path.
    seed
        Which of the regions with these targets.
    report
        Is told now and then what is being made, how far it is, and of how much.
    """
    blocks = blocks_of(targets, room_of(targets, people))
    pairs = drawn_pairs(targets, people, blocks, closure=closure, seed=seed, report=report)
    if report:
        report("network", 0, 1)
    return labelled(targets, people, blocks, pairs, seed)


def region_name(targets: Targets, seed: int | None = None) -> str:
    """Return what a region is called: by its targets, and by its seed where that is not theirs.

    Parameters
    ----------
    targets
        What the region is made from.
    seed
        Which of the regions with these targets.
    """
    return targets.name if seed is None or seed == targets.seed else f"{targets.name}-seed-{seed}"


def description_of(targets: Targets, seed: int | None = None) -> str:
    """Return what is said of a region wherever it is written: that it is synthetic, and what it stands for.

    Parameters
    ----------
    targets
        What the region is made from.
    seed
        Which of the regions with these targets.
    """
    chosen = targets.seed if seed is None else seed
    made = (
        f"A synthetic region, made by a generator from declared targets (targets.toml), seed {chosen}. "
        "It is not the data of any study and describes no real person or organisation."
    )
    return f"{made} {' '.join(targets.stands_for.split())}".strip()


def write_region(network: Network, targets: Targets, folder: Path, seed: int | None = None) -> None:
    """Write a region to a folder, with what it is said to be.

    Parameters
    ----------
    network
        The region.
    targets
        What it was made from.
    folder
        Where ``agents.csv``, ``ties.csv`` and ``about.toml`` go.
    seed
        Which of the regions with these targets it is.
    """
    write_folder(network, folder, description_of(targets, seed))


def _keep_quiet(what: str, done: int, total: int) -> None:
    pass


def _network(name: str, targets: Targets, people: People, ties: Ties) -> Network:
    order = np.array(sorted(range(people.size), key=people.ids.__getitem__))
    place = np.empty(people.size, dtype=np.int32)
    place[order] = np.arange(people.size, dtype=np.int32)
    organisation = people.organisation[order].tolist()
    sector = [targets.organisations[kind].sector for kind in people.kind.tolist()]
    site = [targets.sites[number] for number in people.site.tolist()]
    return Network.from_indices(
        name=name,
        ids=tuple(people.ids[agent] for agent in order.tolist()),
        roles=tuple(targets.roles[role] for role in people.role[order].tolist()),
        columns={
            "organisation": tuple(people.names[number] for number in organisation),
            "sector": tuple(sector[number] for number in organisation),
            "site": tuple(site[number] for number in organisation),
        },
        source=place[ties.source],
        target=place[ties.target],
        layer=np.array(LAYER_NAMES, dtype=object)[ties.layer].tolist(),
        strength=ties.strength,
        synthetic=True,
    )

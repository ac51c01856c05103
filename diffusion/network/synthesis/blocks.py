"""How many pairs are tied inside and between organisations, by layer and role; and whether so many can be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.synthesis.targets import (
    FULLEST_BETWEEN,
    FULLEST_INSIDE,
    MOST_IN_ORGANISATION,
    MOST_PAIRS,
    Organisations,
    Targets,
    pair_name,
)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Hold how many pairs are to be tied.

    Attributes
    ----------
    inside
        Inside organisations; shape (layers, roles).
    between
        Between organisations; shape (layers, pairs of roles).
    unplaced
        How many pairs by layer should be inside organisations, but find no
        room there; they are between organisations instead.
    """

    inside: Counts
    between: Counts
    unplaced: tuple[int, ...]


def pair_places(targets: Targets) -> Counts:
    """Return the place of each pair of roles in ``targets.role_pairs``; shape (roles, roles)."""
    roles = targets.roles
    places = np.zeros((len(roles), len(roles)), dtype=np.int64)
    for place, (first, second) in enumerate(targets.role_pairs):
        one, other = roles.index(first), roles.index(second)
        places[one, other] = places[other, one] = place
    return places


def room_inside(targets: Targets) -> list[int]:
    """Return how many pairs there are inside organisations, by role, where sizes are as even as they can be.

    Uneven sizes leave more room.
    """
    room = dict.fromkeys(targets.roles, 0)
    for kind in targets.organisations:
        for size, number in even_sizes(kind):
            room[kind.role] += number * size * (size - 1) // 2
    return list(room.values())


def even_sizes(kind: Organisations) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the two sizes that differ by one, each with how many organisations have it."""
    size, more = divmod(kind.people, kind.number)
    return (size, kind.number - more), (size + 1, more)


def blocks_of(targets: Targets, room: list[int]) -> Blocks:
    """Return how many pairs are to be tied in each block.

    Ties inside organisations are of one role. They are shared out among roles
    in proportion to the roles' own ties, as far as there is room.

    Parameters
    ----------
    targets
        The targets.
    room
        How many pairs there are inside organisations, by role.
    """
    own = [pair_name(role, role) for role in targets.roles]
    names = [pair_name(*pair) for pair in targets.role_pairs]
    tied = [targets.tied_pairs(layer) for layer in targets.layers]
    wanted = [round(layer.inside * sum(tied[place].values())) for place, layer in enumerate(targets.layers)]
    free = [int(FULLEST_INSIDE * pairs) for pairs in room]
    inside = np.zeros((len(tied), len(own)), dtype=np.int64)
    for shared in (True, False):  # each layer takes its share of the room first, then what the others left
        for place, pairs in enumerate(tied):
            part = wanted[place] / max(sum(wanted), 1) if shared else 1.0
            left = (
                free
                if shared
                else [pairs_free - int(used) for pairs_free, used in zip(free, inside.sum(0), strict=True)]
            )
            bounds = [
                min(int(part * most), pairs[name] - int(inside[place, role]))
                for role, (most, name) in enumerate(zip(left, own, strict=True))
            ]
            inside[place] += _filled(wanted[place] - int(inside[place].sum()), [pairs[name] for name in own], bounds)
    between = np.array([[pairs[name] for name in names] for pairs in tied], dtype=np.int64)
    for role, name in enumerate(own):
        between[:, names.index(name)] -= inside[:, role]
    unplaced = tuple(want - int(got) for want, got in zip(wanted, inside.sum(axis=1), strict=True))
    return Blocks(inside, between, unplaced)


def _filled(total: int, weights: list[int], bounds: list[int]) -> Counts:
    """Return parts of a total in proportion to weights, none above its bound, and so less in all where need be."""
    parts = np.zeros(len(weights), dtype=np.int64)
    limit = np.maximum(np.array(bounds, dtype=np.int64), 0)
    share = np.array(weights, dtype=np.float64)
    while (left := total - int(parts.sum())) > 0:
        open_ = (parts < limit) & (share > 0)
        if not open_.any():
            break
        more = np.where(open_, share, 0.0)
        step = np.minimum(np.floor(left * more / more.sum()).astype(np.int64), limit - parts)
        if not step.any():  # less than one a part is left
            step[np.argsort(-more, kind="stable")[: min(left, int(open_.sum()))]] = 1
        parts += step
    return parts


def problems_of(targets: Targets) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what keeps targets from being met together: the key it is about, and what must hold.

    Parameters
    ----------
    targets
        The targets.
    """
    yield from _size_problems(targets)
    for layer in targets.layers:
        if above := [pair for pair, share in layer.density if share > 1]:
            yield ("layers", layer.name, "density"), f"more than all pairs are to be tied: {', '.join(above)}"
    active = (1 - targets.isolates) ** 2
    room = [int(pairs * active) for pairs in room_inside(targets)]
    blocks = blocks_of(targets, room)
    for layer, missing in zip(targets.layers, blocks.unplaced, strict=True):
        if missing > 1:
            told = ", ".join(f"{role} {pairs:,}" for role, pairs in zip(targets.roles, room, strict=True))
            words = (
                f"{missing:,} more ties are to be inside organisations ({layer.inside:.0%} of all) than there is room "
                f"for (pairs of colleagues: {told}; at most {FULLEST_INSIDE:.0%} of them may be tied, and no more of a "
                "role than its density says); lower the shares inside or the densities, or make organisations larger"
            )
            yield ("layers", layer.name, "levels"), words
    possible, own = targets.possible_pairs(), dict(zip(targets.roles, room, strict=True))
    for place, (first, second) in enumerate(targets.role_pairs):
        pair = pair_name(first, second)
        pairs = int(possible[pair] * active) - (own[first] if first == second else 0)
        tied = int(blocks.between[:, place].sum())
        if tied > FULLEST_BETWEEN * pairs:
            words = (
                f"{tied:,} ties between organisations are to join {pairs:,} pairs of agents; over all layers at most "
                f"{FULLEST_BETWEEN:.0%} of the pairs may be tied; lower the densities, or raise the shares inside"
            )
            yield ("layers", targets.layers[0].name, "density", pair), words


def _size_problems(targets: Targets) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for place, kind in enumerate(targets.organisations):
        largest = max(kind.sizes) / sum(kind.sizes) * kind.people if kind.sizes else kind.people / kind.number
        if kind.sizes and kind.number > len(kind.sizes):
            largest *= len(kind.sizes) / kind.number
        if largest > MOST_IN_ORGANISATION:
            words = f"one would have about {largest:,.0f} people; at most {MOST_IN_ORGANISATION:,} are possible"
            yield ("organisations", place), words
    total = sum(sum(targets.tied_pairs(layer).values()) for layer in targets.layers)
    if total > MOST_PAIRS:
        yield (
            ("layers",),
            f"{total:,} pairs of agents would be tied; at most {MOST_PAIRS:,} are possible; lower densities",
        )

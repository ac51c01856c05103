"""Coordinates of agents for a picture: the same network gives the same picture, every time.

Each connected piece is laid out by stress majorisation (Gansner, Koren & North
2005, doi 10.1007/978-3-540-31843-9_25; weights 1 / distance²), started from
classical scaling of the distances (Torgerson 1952, doi 10.1007/BF02288916).
A large piece starts from what some of its agents see (pivot scaling, Brandes &
Pich 2007, doi 10.1007/978-3-540-70904-6_6) and ends when a round gains no more
than a thousandth: two per cent more stress, a quarter of the rounds.
Nothing is random: where two agents would coincide, the digest of their ids
sets them apart. Ties count in either direction, layers united. A tie between
agents who share most of their alters is short and one that joins groups is
long, so that groups stand out; and ties between agents with many alters are
longer than others, so that the core of a network has room.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse import csgraph

from diffusion.network.network import Adjacency, Network

ASPECT = 1.5
"""How many times as wide as high a picture is meant to be."""

_ROUNDS = 150
_STRESS_CHANGE = 1e-4
_LARGE = 1000  # agents in a piece; its layout is ended sooner
_STRESS_CHANGE_OF_LARGE = 1e-3
_PIVOTS = 100
_SHORTEST = 0.4  # the length of a tie between agents who share all alters, over that of those who share none
_CROWD = 0.25  # agents with many alters need room: ties grow with the square root of the degrees' geometric mean
_GAP = 0.8  # between pieces
_ISOLATES_APART = 0.6
_NEAR = 1e-6

Points = NDArray[np.float64]


def layout(network: Network) -> Points:
    """Return where to draw each agent, such that the middle one of the ties is about one unit long; shape (agents, 2).

    Time grows with the square of the agents, and so does memory: two seconds
    and 250 MB for 2,000 agents.
    """
    lengths = _tie_lengths(network.alters)
    count, labels = csgraph.connected_components(lengths, directed=False)
    members = [np.flatnonzero(labels == label) for label in range(count)]
    members.sort(key=lambda agents: (-len(agents), agents[0]))
    pieces = [_piece(network, agents, lengths) for agents in members if len(agents) > 1]
    isolates = np.array([agents[0] for agents in members if len(agents) == 1], dtype=np.int64)
    points = np.zeros((network.size, 2))
    boxes = [*pieces, _grid(len(isolates), _width(pieces))] if len(isolates) else pieces
    owners = [*(agents for agents in members if len(agents) > 1), isolates]
    for agents, box, offset in zip(owners, boxes, _packed(boxes), strict=False):
        points[agents] = box + offset
    return points


def _tie_lengths(alters: Adjacency) -> Any:
    """Return how long each tie is meant to be, from the share of alters that its two agents do not share."""
    size = len(alters.indptr) - 1
    ones = sparse.csr_array((np.ones(len(alters.indices)), alters.indices, alters.indptr), shape=(size, size))
    rows = np.repeat(np.arange(size), alters.degrees)
    shared = (ones @ ones).multiply(ones).tocsr()
    common = np.asarray(shared[rows, alters.indices]).ravel() if len(rows) else np.zeros(0)
    united = alters.degrees[rows] + alters.degrees[alters.indices] - common - 2  # the two themselves are no alters
    alike = np.divide(common, united, out=np.zeros_like(common), where=united > 0)
    crowd = (alters.degrees[rows] * alters.degrees[alters.indices].astype(np.float64)) ** _CROWD
    wanted = (1 - (1 - _SHORTEST) * alike) * crowd
    return sparse.csr_array(
        (wanted / (np.median(wanted) if len(wanted) else 1), alters.indices, alters.indptr), shape=(size, size)
    )


def _piece(network: Network, agents: NDArray[np.int64], lengths: Any) -> Points:
    """Return one connected piece, its longer side across, its corner at the origin."""
    distances = csgraph.shortest_path(lengths[agents][:, agents], method="D", directed=False)
    start = _scaled(distances) + _NEAR * _apart([network.ids[agent] for agent in agents])
    points = _turned(_majorised(start, distances))
    points -= points.min(axis=0)
    return points


def _scaled(distances: NDArray[np.float64]) -> Points:
    """Return the two dimensions in which distances are best kept."""
    size = len(distances)
    squares = distances**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    centred /= -2
    if size > _LARGE:
        seen = centred[:, :: size // _PIVOTS]
        pivoted: Points = seen @ linalg.eigh(seen.T @ seen)[1][:, :-3:-1]
        pivoted *= size / np.square(pivoted).sum() ** 0.5
        return pivoted
    values, vectors = linalg.eigh(centred, subset_by_index=[max(size - 2, 0), size - 1])
    if len(values) < 2:  # LAPACK finds no few of them where all are equal: everybody is as far from everybody
        values, vectors = (found[..., -2:] for found in linalg.eigh(centred))
    signs = np.where(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])] < 0, -1.0, 1.0)
    scaled: Points = vectors[:, ::-1] * signs[::-1] * np.sqrt(np.maximum(values[::-1], 0))
    return scaled


def _apart(ids: list[str]) -> Points:
    """Return a direction for each id, from its digest."""
    turns = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest()) / 2**48 for text in ids]
    angles = 2 * np.pi * np.array(turns)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _majorised(points: Points, distances: NDArray[np.float64]) -> Points:
    """Return points whose distances come near those wanted, by the fewest rounds in which that still gets better."""
    size = len(points)
    weights = 1 / np.square(distances, where=distances > 0, out=np.full_like(distances, np.inf))
    laplacian = np.diag(weights.sum(axis=1)) - weights
    factor = linalg.cho_factor(laplacian + 1 / size, overwrite_a=True)  # regular on all that sums to 0
    wanted = weights * distances
    wanted[np.diag_indices(size)] = 0
    np.nan_to_num(wanted, copy=False)
    enough = _STRESS_CHANGE_OF_LARGE if size > _LARGE else _STRESS_CHANGE
    apart, spare = np.empty_like(distances), np.empty_like(distances)  # asked for once, not at every round
    stress = np.inf
    for _ in range(_ROUNDS):
        _fill_with_distances(apart, spare, points)
        np.square(np.subtract(apart, distances, out=spare), out=spare)
        before, stress = stress, float(np.multiply(weights, spare, out=spare).sum())
        if before - stress < enough * stress:
            break
        ratio = np.divide(wanted, apart, out=apart, where=apart > 0)
        points = linalg.cho_solve(factor, ratio.sum(axis=1)[:, None] * points - ratio @ points)
    return points


def _fill_with_distances(apart: NDArray[np.float64], spare: NDArray[np.float64], points: Points) -> None:
    for axis, squares in enumerate((apart, spare)):
        np.subtract.outer(points[:, axis], points[:, axis], out=squares)
        np.square(squares, out=squares)
    np.sqrt(np.add(apart, spare, out=apart), out=apart)


def _turned(points: Points) -> Points:
    """Return points with the longest extent across, the heavier side left and below."""
    centred = points - points.mean(axis=0)
    _, _, axes = linalg.svd(centred, full_matrices=False)
    turned: Points = centred @ axes.T
    skew = (turned**3).sum(axis=0)
    return turned * np.where(skew < 0, -1.0, 1.0)


def _grid(count: int, width: float) -> Points:
    """Return places in rows as wide as there is room, or as makes a picture."""
    across = max(round((count * ASPECT) ** 0.5), min(count, int(width / _ISOLATES_APART) + 1), 1)
    places = np.arange(count)
    return _ISOLATES_APART * np.column_stack([places % across, places // across]).astype(np.float64)


def _width(boxes: list[Points]) -> float:
    """Return how wide the rows of pieces are: as the widest of them, or as makes a picture of all."""
    sizes = np.array([box.max(axis=0) + _GAP for box in boxes]).reshape(-1, 2)
    return float(max(sizes[:, 0].max(initial=0), (sizes.prod(axis=1).sum() * ASPECT) ** 0.5))


def _packed(boxes: list[Points]) -> list[Points]:
    """Return how far to move each piece, so that they stand in rows, the largest first and on top."""
    width = _width(boxes)
    offsets, across, below, height = [], 0.0, 0.0, 0.0
    for box_width, box_height in (box.max(axis=0) + _GAP for box in boxes):
        if across and across + box_width > width + _NEAR:
            across, below, height = 0.0, below - height, 0.0
        height = max(height, box_height)
        offsets.append(np.array([across, below - box_height]))
        across += box_width
    return offsets

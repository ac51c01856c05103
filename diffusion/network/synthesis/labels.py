"""What the ties of tied pairs are: their layers, strengths and directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diffusion.network.synthesis.blocks import Blocks, pair_places
from diffusion.network.synthesis.colleagues import Pairs, first_of_each
from diffusion.network.synthesis.luck import Luck
from diffusion.network.synthesis.people import People
from diffusion.network.synthesis.targets import LAYERS, TAGS, Layer, Targets, apportioned

Places = NDArray[np.int64]

LAYER_NAMES = tuple(f"{layer}-{tag}" for layer in LAYERS for tag in TAGS)
"""The layers of a synthetic region: how people are tied, and what the tie is about."""


@dataclass(frozen=True, slots=True)
class Ties:
    """Hold ties.

    Attributes
    ----------
    source, target
        From whom knowledge flows, and to whom; shape (ties,).
    layer
        The place in :data:`LAYER_NAMES`; shape (ties,).
    strength
        From 0 to 1; shape (ties,).
    """

    source: Places
    target: Places
    layer: Places
    strength: NDArray[np.float64]


def labelled(targets: Targets, people: People, blocks: Blocks, pairs: Pairs, seed: int) -> Ties:
    """Return the ties of tied pairs.

    Which pairs are formal, strong and about wealth is drawn by lot, so many in
    each block as the targets ask for. The more prominent of two is the
    likelier to be turned to.

    Parameters
    ----------
    targets
        The targets.
    people
        The agents.
    blocks
        How many pairs are tied in each block.
    pairs
        The tied pairs.
    seed
        Which of the regions with these targets.
    """
    luck = Luck(seed, targets.name, "labels")
    first, second = pairs
    block = pair_places(targets)[people.role[first], people.role[second]]
    inside = people.organisation[first] == people.organisation[second]
    formal = _formal(blocks, people.role[first], block, luck, inside=inside)
    tag = _wealth(targets, block, luck)
    strength = np.empty(len(first))
    returned = np.zeros(len(first), dtype=bool)
    for layer, rows in ((targets.layers[0], np.flatnonzero(formal)), (targets.layers[1], np.flatnonzero(~formal))):
        for stays in (True, False):
            chosen = rows[inside[rows] == stays]
            strength[chosen] = _strengths(layer, len(chosen), luck, inside=stays)
        mutual = round(len(rows) * layer.reciprocity / (2 - layer.reciprocity))
        returned[rows[luck.order(len(rows))[:mutual]]] = True
    likely = people.prominence[first] / (people.prominence[first] + people.prominence[second])
    forward = luck.uniforms(len(first)) < likely
    source, target = np.where(forward, first, second), np.where(forward, second, first)
    named = np.where(formal, 0, len(TAGS)) + tag
    return Ties(
        source=np.concatenate([source, target[returned]]),
        target=np.concatenate([target, source[returned]]),
        layer=np.concatenate([named, named[returned]]),
        strength=np.concatenate([strength, strength[returned]]),
    )


def _formal(blocks: Blocks, role: Places, block: Places, luck: Luck, *, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which pairs are formal: as many of each block as are wanted, in proportion where fewer were tied."""
    formal = np.zeros(len(block), dtype=bool)
    for group, wanted, stays in ((role, blocks.inside, True), (block, blocks.between, False)):
        shuffled = luck.order(len(block))
        shuffled = shuffled[inside[shuffled] == stays]
        got = np.bincount(group[shuffled], minlength=wanted.shape[1])
        most = np.rint(got * wanted[0] / np.maximum(wanted.sum(axis=0), 1)).astype(np.int64)
        formal[shuffled[first_of_each(group[shuffled], most)]] = True
    return formal


def _wealth(targets: Targets, block: Places, luck: Luck) -> Places:
    """Return each pair's place in :data:`TAGS`."""
    share = np.array([value for _, value in _in_order(targets)])
    tag = np.zeros(len(block), dtype=np.int64)
    shuffled = luck.order(len(block))
    most = np.rint(np.bincount(block, minlength=len(share)) * share).astype(np.int64)
    tag[shuffled[first_of_each(block[shuffled], most)]] = 1
    return tag


def _in_order(targets: Targets) -> list[tuple[str, float]]:
    said = dict(targets.wealth)
    return [(name, said[name]) for name in targets.possible_pairs()]


def _strengths(layer: Layer, count: int, luck: Luck, *, inside: bool) -> NDArray[np.float64]:
    weights = [level.share * (level.inside if inside else 1 - level.inside) for level in layer.levels]
    counts = apportioned(count, weights)
    every = np.repeat([level.strength for level in layer.levels], counts)
    strengths = np.empty(count)
    strengths[luck.order(count)] = every
    return strengths

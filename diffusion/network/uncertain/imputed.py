"""Plausible true networks, where the given one is what was observed with stated rates of error.

In a block, the ties of a layer from one role to another, let e be the share of
true ties that were missed, f the number of false ones per true one, and m the
number observed. Then m = T (1 - e) + T f for T true ones, so that T = m / (1 - e
+ f) is the plug-in estimate. Each observed tie is taken away with probability
f / (1 - e + f), which is the share of those observed that are false, and each
pair without a tie gets one with the probability that makes T e expected
additions, or as many as there is room for; where ``closing`` says so, some are
drawn among pairs that share an alter. These are the rates e- and e+ of
Butts (2003, "Network inference, error, and informant (in)accuracy: a Bayesian
approach", Social Networks 25, 103-140), taken as known and with one report a
tie; a posterior that weighs several reports of each tie is his, and not here.

Where all ties of a layer are returned with the same strength they are taken to
be undirected: the two directions are taken away or added together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import Purpose
from diffusion.network.network import Network
from diffusion.network.survey_error import SurveyError
from diffusion.network.uncertain.absent import absent_ties, chances_of, room, strengths
from diffusion.network.uncertain.blocks import Blocks, Numbers
from diffusion.network.uncertain.closing import closing_pairs
from diffusion.network.uncertain.lots import Lots
from diffusion.network.uncertain.ties import Ties, ties_of, together, with_ties

_LEAST_PER_TRUE = 1e-12
"""Ties observed for each true one, at least; where all were missed, one observed stands for all there is room for."""


def imputed(network: Network, error: SurveyError, *, seed: int, world: int) -> Network:
    """Return a plausible true network in one world, given the observed one.

    Of the error only missing and false ties are read, ``closing`` and
    ``asked``; who did not answer cannot be known from a share alone.

    Parameters
    ----------
    network
        What the survey found.
    error
        The error of the survey.
    seed, world
        The coordinates of all draws.

    Examples
    --------
    >>> ring = Network.from_tables(name="ring", ids="abcdef", source="abcdef", target="bcdefa")
    >>> imputed(ring, SurveyError(missing_ties=0.5), seed=1, world=0).tie_count > ring.tie_count
    True
    """
    blocks, told = Blocks(network), ties_of(network)
    lots = Lots(network, seed=seed, world=world, purpose=Purpose.IMPUTATION)
    undirected = blocks.undirected()
    both = undirected[:, np.newaxis, np.newaxis]
    false, missed = evened(plug_in(blocks, told, error), undirected)
    free = room(blocks, told)
    missed = np.minimum(missed, free)
    place = blocks.of(*told[:3])
    pair = lots.of_pairs("false pair", *told[:3])
    lot = np.where(undirected[told.layer], pair, lots.of_ties("false", *told[:3]))
    kept = told.chosen(lot >= false.ravel()[place])
    pairs, closed = closing_pairs(network, error.closing * missed, undirected, seed=seed, world=world)
    chances = chances_of(missed - closed, free - closed)
    # Either direction adds the pair, so each has the chance that leaves the pair out as often as one would alone.
    chances = np.where(both, 1 - np.sqrt(1 - chances), chances)
    added = absent_ties(network, chances, lots, part="added", asked=error.asked)
    source, target, layer = pairs
    lot = lots.of_ties("added strength", source, target, layer)
    closing = Ties(source, target, layer, strengths(network, layer, lot))
    return with_ties(network, together(kept, _returned(network, together(added, closing), undirected, lots)))


def plug_in(blocks: Blocks, told: Ties, error: SurveyError) -> tuple[Numbers, Numbers]:
    """Return the chance that an observed tie is false, and how many true ties were missed, by block.

    Parameters
    ----------
    blocks
        The blocks of the observed network.
    told
        Its ties.
    error
        The error of the survey.
    """
    missing = np.minimum(blocks.rates(error.missing_ties, error.missing_between_roles), 1.0)
    false = blocks.rates(error.false_ties, error.false_between_roles)
    per_true = np.maximum(1 - missing + false, _LEAST_PER_TRUE)
    return false / per_true, blocks.counts(told) / per_true * missing


def evened(parts: tuple[Numbers, Numbers], undirected: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Return numbers by block, both directions of undirected layers alike.

    Parameters
    ----------
    parts
        What :func:`plug_in` returns.
    undirected
        Which layers have undirected ties.
    """
    both = undirected[:, np.newaxis, np.newaxis]
    false, missed = (np.where(both, (said + said.transpose(0, 2, 1)) / 2, said) for said in parts)
    return false, missed


def _returned(network: Network, added: Ties, undirected: np.ndarray, lots: Lots) -> Ties:
    """Return ties with those of undirected layers in both directions, both of the same strength."""
    rows = undirected[added.layer]
    one = added.chosen(rows)
    lot = lots.of_pairs("added pair strength", *one[:3])
    one = one._replace(strength=strengths(network, one.layer, lot))
    return together(added.chosen(~rows), one, one._replace(source=one.target, target=one.source))

"""Plausible true networks, where the given one is what was observed with stated rates of error.

In a block, the ties of a layer from one role to another, let e be the share of
true ties that were missed, f the number of false ones per true one, and m the
number observed. Then m = T (1 - e) + T f for T true ones, so that T = m / (1 - e
+ f) is the plug-in estimate. Each observed tie is taken away with probability
f / (1 - e + f), which is the share of those observed that are false, and each
pair without a tie gets one with the probability that makes T e expected
additions, or as many as there is room for. These are the rates e- and e+ of
Butts (2003, "Network inference, error, and informant (in)accuracy: a Bayesian
approach", Social Networks 25, 103-140), taken as known and with one report a
tie; a posterior that weighs several reports of each tie is his, and not here.

Where all ties of a layer are returned with the same strength they are taken to
be undirected: the two directions are taken away or added together.
"""

from __future__ import annotations

import numpy as np

from diffusion.draws import Purpose
from diffusion.network.network import Network
from diffusion.network.survey_error import SurveyError
from diffusion.network.uncertain.absent import absent_ties, chances_of, room, strengths
from diffusion.network.uncertain.blocks import Blocks, Numbers
from diffusion.network.uncertain.lots import Lots
from diffusion.network.uncertain.ties import Ties, ties_of, together, with_ties


def imputed(network: Network, error: SurveyError, *, seed: int, world: int) -> Network:
    """Return a plausible true network in one world, given the observed one.

    Of the error only missing and false ties are read, and ``asked``; who did
    not answer cannot be known from a share alone.

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
    false, expected = plug_in(blocks, told, error)
    both = undirected[:, np.newaxis, np.newaxis]
    false = np.where(both, (false + false.transpose(0, 2, 1)) / 2, false)
    place = blocks.of(*told[:3])
    pair = lots.of_pairs("false pair", *told[:3])
    lot = np.where(undirected[told.layer], pair, lots.of_ties("false", *told[:3]))
    kept = told.chosen(lot >= false.ravel()[place])
    chances = chances_of(expected, room(blocks, told))
    # Either direction adds the pair, so each has the chance that leaves the pair out as often as one would alone.
    chances = np.where(both, 1 - np.sqrt(1 - chances), chances)
    added = absent_ties(network, chances, lots, part="added", asked=error.asked)
    return with_ties(network, together(kept, _returned(network, added, undirected, lots)))


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
    observed, per_true = blocks.counts(told), 1 - missing + false
    wrong = np.divide(false, per_true, out=np.zeros_like(per_true), where=per_true > 0)
    true = np.divide(observed, per_true, out=np.where(observed > 0, np.inf, 0.0), where=per_true > 0)
    return wrong, np.where(missing > 0, true, 0.0) * missing


def _returned(network: Network, added: Ties, undirected: np.ndarray, lots: Lots) -> Ties:
    """Return ties with those of undirected layers in both directions, both of the same strength."""
    rows = undirected[added.layer]
    one = added.chosen(rows)
    lot = lots.of_pairs("added pair strength", *one[:3])
    one = one._replace(strength=strengths(network, one.layer, lot))
    return together(added.chosen(~rows), one, one._replace(source=one.target, target=one.source))

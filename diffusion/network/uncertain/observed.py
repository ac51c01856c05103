"""Observed versions of a network: what a survey with a stated error would have found of it.

In this order: people do not answer, and what they would have told is lost; ties
are not told; ties are told that are not there; who has more names to give than
there is room for gives the strongest; people are taken for one another, or
listed twice. A tie is told by one person: by its target where people were asked
whom they turn to, by its source where they were asked whom they tell. Of an
undirected tie, which is one in each direction, each of the two tells one.

These six kinds of error are those of Wang, Shi, McFarland & Leskovec (2012,
"Measurement error in network data: A re-classification", Social Networks 34,
396-409): nodes and ties that are missing, that are not there, and people
merged or split. Non-response and the limit on names are two of the mechanisms
of Kossinets (2006, doi 10.1016/j.socnet.2005.07.002). What non-response does to
measures is in Costenbader & Valente (2003, doi 10.1016/S0378-8733(03)00012-1)
and Smith & Moody (2013, doi 10.1016/j.socnet.2013.09.003); that it does more
where the central are missing, in Smith, Moody & Morgan (2017, "Network sampling
coverage II", Social Networks).

All lots belong to agents and ties, so versions are nested: in one world a higher
rate loses the same respondents and ties and more, and adds the same false ties
and more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from diffusion.draws import Purpose
from diffusion.network.network import Network
from diffusion.network.survey_error import SurveyError
from diffusion.network.uncertain.absent import absent_ties, chances_of, room
from diffusion.network.uncertain.blocks import Blocks, Numbers, rate_of
from diffusion.network.uncertain.lots import Lots
from diffusion.network.uncertain.records import merged, split, without
from diffusion.network.uncertain.ties import Places, Ties, ties_of, together, with_ties

_HALVINGS = 64
"""How often the interval in which log odds are sought is halved: until nothing is left of it."""


@dataclass(frozen=True, eq=False, slots=True)
class Observed:
    """Hold an observed version of a network, and what became of the people.

    Attributes
    ----------
    network
        What the survey found.
    people
        For each agent of it, the index in the given network of the person
        behind it; shape (agents,).
    nonrespondents
        Who of the given network did not answer; ascending indices.
    merged
        Whose record was merged into that of another; ascending indices.
    split
        Who is listed twice; ascending indices.
    """

    network: Network
    people: Places
    nonrespondents: Places
    merged: Places
    split: Places


def observed(network: Network, error: SurveyError, *, seed: int, world: int) -> Observed:
    """Return what a survey would have found of a network in one world.

    Parameters
    ----------
    network
        The network that is there.
    error
        The error of the survey.
    seed, world
        The coordinates of all draws.

    Examples
    --------
    >>> ring = Network.from_tables(name="ring", ids="abcdef", source="abcdef", target="bcdefa")
    >>> found = observed(ring, SurveyError(missing_ties=0.5), seed=1, world=0)
    >>> found.network.size, found.network.tie_count < ring.tie_count
    (6, True)
    """
    lots = Lots(network, seed=seed, world=world, purpose=Purpose.SURVEY)
    silent = lots.of_agents("answer") < nonresponse(network, error)
    found = with_ties(network, _told(network, error, lots, silent))
    nonrespondents, people = np.flatnonzero(silent), np.arange(network.size)
    lost = twice = np.zeros(0, dtype=np.int64)
    if error.nonrespondents == "dropped" and len(nonrespondents):
        found, people = without(found, nonrespondents)
    if error.merged_people:
        found, rows, gone = merged(found, error.merged_people, seed=seed, world=world)
        people, lost = people[rows], people[gone]
    if error.split_people:
        found, rows, listed = split(found, error.split_people, seed=seed, world=world)
        people, twice = people[rows], people[listed]
    return Observed(found, people, nonrespondents, lost, twice)


def nonresponse(network: Network, error: SurveyError) -> NDArray[np.float64]:
    """Return each agent's chance of not answering; its mean over a role is the share stated for it.

    Parameters
    ----------
    network
        The network.
    error
        The error of the survey.
    """
    leaning, chance = np.zeros(network.size), np.empty(network.size)
    if error.missing_by_degree and network.tie_count:
        degree = network.alters.degrees.astype(np.float64)
        leaning = error.missing_by_degree * (degree - degree.mean()) / (degree.std() or 1.0)
    for place, role in enumerate(network.role_names):
        rows = network.role_index == place
        chance[rows] = _with_mean(leaning[rows], rate_of(error.missing_respondents, role))
    return chance


def _with_mean(leaning: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Return chances whose log odds differ as stated and whose mean is a share."""
    if share <= 0 or share >= 1 or not leaning.any():
        return np.full(len(leaning), min(max(share, 0.0), 1.0))
    odds = float(np.log(share) - np.log1p(-share))
    low, high = odds - leaning.max(), odds - leaning.min()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if expit(middle + leaning).mean() > share else (middle, high)
    return np.asarray(expit((low + high) / 2 + leaning))


def false_ties(blocks: Blocks, true: Ties, error: SurveyError) -> Numbers:
    """Return how many ties that are not there are told on average, by block, if there is room.

    Parameters
    ----------
    blocks
        The blocks of the network.
    true
        Its ties.
    error
        The error of the survey.
    """
    return blocks.rates(error.false_ties, error.false_between_roles) * blocks.counts(true)


def _told(network: Network, error: SurveyError, lots: Lots, silent: NDArray[np.bool_]) -> Ties:
    """Return the ties that were told of: true ones that are not missing and false ones, no more than there was room."""
    blocks, true = Blocks(network), ties_of(network)
    missing = blocks.rates(error.missing_ties, error.missing_between_roles)
    missed = lots.of_ties("missing", *true[:3]) < missing.ravel()[blocks.of(*true[:3])]
    chances = chances_of(false_ties(blocks, true, error), room(blocks, true))
    told = together(true.chosen(~missed), absent_ties(network, chances, lots, part="false", asked=error.asked))
    teller = told.target if error.asked == "turn-to" else told.source
    told = told.chosen(~silent[teller])
    return _capped(network, told, error, lots)


def _capped(network: Network, told: Ties, error: SurveyError, lots: Lots) -> Ties:
    """Return as many ties of each teller in each layer as there was room for, the strongest, among equals by lot."""
    if error.name_cap is None:
        return told
    caps = dict(error.name_cap) if isinstance(error.name_cap, tuple) else dict.fromkeys(network.layers, error.name_cap)
    most = np.array([caps.get(name, len(told.source)) for name in network.layers], dtype=np.int64)
    teller = told.target if error.asked == "turn-to" else told.source
    group = teller * max(len(network.layers), 1) + told.layer
    order = np.lexsort((lots.of_ties("cap", *told[:3]), -told.strength, group))
    starts = np.flatnonzero(np.append(True, np.diff(group[order]) > 0)) if len(order) else order
    rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    return told.chosen(np.sort(order[rank < most[told.layer[order]]]))

"""The ties that are there in a part of a run: those of the network, and what interventions make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.model.interventions.changes import AddedTies, RemovedTies, RestrengthenedTies
from diffusion.model.lanes import Words
from diffusion.model.ties import WeighedTies, role_multipliers

if TYPE_CHECKING:
    from diffusion.model.inputs import ModelInput

_NOWHERE = np.uint64(0)


def altered_ties(
    model_input: ModelInput,
    added: Sequence[AddedTies],
    removed: Sequence[RemovedTies],
    restrengthened: Sequence[RestrengthenedTies],
    present: Words,
) -> WeighedTies:
    """Return the ties of a part of a run, each with the lanes in which it is there.

    A tie that one intervention takes away is away, whatever another does to
    it. Where several give a pair of agents a tie in one layer, the strongest
    counts, as it does among the rows of a file.

    Parameters
    ----------
    model_input
        Parameters resolved on the network that is given.
    added, removed, restrengthened
        What interventions do now.
    present
        One word an agent: the lanes in which it is there.
    """
    given = model_input.ties
    away = _words_of_ties(removed, model_input.population.tie_count)
    changed = _words_of_ties(restrengthened, model_input.population.tie_count)
    given = replace(given, lanes=given.lanes & ~(away | changed)[given.row])
    tables = [given, *(_restrengthened(model_input, change, away) for change in restrengthened)]
    tables += [_added(model_input, change) for change in added]
    ties = strongest(_joined(tables)) if len(tables) > 1 else given
    lanes = ties.lanes & present[ties.source] & present[ties.target]
    return replace(ties, lanes=lanes).subset(np.flatnonzero(lanes))


def strongest(ties: WeighedTies) -> WeighedTies:
    """Return ties in which no pair of agents has two in the same layer and lane: the strongest stays.

    Parameters
    ----------
    ties
        The ties, in any order.
    """
    order = np.lexsort((-ties.strength, ties.dated, ties.layer_key, ties.target, ties.source))
    columns = [column[order] for column in (ties.source, ties.target, ties.layer_key, ties.dated)]
    same = np.zeros(len(order), dtype=np.bool_)
    same[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    lanes = ties.lanes.copy()
    taken = _NOWHERE
    for place in np.flatnonzero(same | np.append(same[1:], np.False_)):
        row = order[place]
        taken = taken if same[place] else _NOWHERE
        lanes[row] &= ~taken
        taken |= lanes[row]
    return replace(ties, lanes=lanes)


def _words_of_ties(changes: Sequence[RemovedTies | RestrengthenedTies], count: int) -> Words:
    words = np.zeros(count, dtype=np.uint64)
    for change in changes:
        np.bitwise_or.at(words, change.rows, change.lanes)
    return words


def _restrengthened(model_input: ModelInput, change: RestrengthenedTies, away: Words) -> WeighedTies:
    """Return ties with their other strength, in layers that count."""
    given = model_input.ties
    places = np.full(len(away), -1, dtype=np.int64)
    places[given.row] = np.arange(len(given))
    counts = places[change.rows] >= 0
    rows = change.rows[counts]
    lanes = change.lanes[counts] & ~away[rows]
    return replace(given.subset(places[rows]), strength=change.strength[counts], lanes=lanes)


def _added(model_input: ModelInput, change: AddedTies) -> WeighedTies:
    """Return ties that are added, in a layer that weighs 1 unless the scenario says otherwise."""
    said, people, count = model_input.parameters, model_input.population, len(change.source)
    weight = (said.layers or {}).get(change.layer, 1.0)
    layer_key = np.repeat(draws.layer_keys([change.layer]), count)
    keys = model_input.keys
    layer = people.layers.index(change.layer) if change.layer in people.layers else len(people.layers)
    ties = WeighedTies(
        source=change.source.astype(np.int32),
        target=change.target.astype(np.int32),
        layer=np.full(count, layer, dtype=np.int32),
        layer_key=layer_key,
        weight=np.full(count, float(weight)),
        strength=change.strength,
        multiplier=role_multipliers(people, said, change.source, change.target),
        key=draws.pair_keys(keys[change.source], keys[change.target], layer_key),
        lanes=change.lanes,
        dated=np.full(count, change.dated),
        row=np.full(count, -1, dtype=np.int64),
    )
    return ties if weight > 0 else ties.subset(np.zeros(0, dtype=np.int64))


def _joined(tables: Sequence[WeighedTies]) -> WeighedTies:
    def column(name: str) -> NDArray[np.generic]:
        return np.concatenate([getattr(table, name) for table in tables])

    return WeighedTies(**{name: column(name) for name in WeighedTies.__slots__})  # type: ignore[arg-type]

"""The people of a run: the network's agents, those added to them, and who holds whose post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diffusion import draws
from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.changes import Handovers
from diffusion.model.interventions.intervention import Intervention, NewAgent
from diffusion.model.lanes import Words
from diffusion.network.network import Network, normalized


def population(network: Network, interventions: Sequence[Intervention], problems: list[str]) -> Network:
    """Return the network with the agents whom interventions add behind its own.

    Parameters
    ----------
    network
        The network.
    interventions
        What is done.
    problems
        Where a message goes for every agent who is there already, or is added twice.
    """
    added = [(said.name, agent) for said in interventions for agent in said.new_agents()]
    if not added:
        return network
    taken = set(network.ids)
    for name, agent in added:
        if normalized(agent.id) in taken:
            problems.append(
                f'interventions.{name}.agents: "{agent.id}" is an agent of "{network.name}" already, or is added '
                "twice; give every new agent an id of its own"
            )
        taken.add(normalized(agent.id))
        known = {"id", "role", *network.columns}
        problems += [
            f'interventions.{name}.agents: the agents of "{network.name}" have no column "{column}"'
            f"{nearest_name_hint(column, known)}"
            for column, _ in agent.columns
            if column not in known
        ]
    return _extended(network, [agent for _, agent in added])


def _extended(network: Network, added: Sequence[NewAgent]) -> Network:
    columns = {
        name: (*values, *(normalized(dict(agent.columns).get(name, "")) for agent in added))
        for name, values in network.columns.items()
    }
    return replace(
        network,
        ids=(*network.ids, *(normalized(agent.id) for agent in added)),
        roles=(*network.roles, *(normalized(agent.role) for agent in added)),
        columns=columns,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Hold who holds which post, a row a holder: first the first holder of every post, in the posts' order.

    Attributes
    ----------
    posts
        The post of each row; shape (rows,).
    keys
        The key of each holder's draws; shape (rows,).
    row_of
        By handover, in their order: the row of the holder who comes, for every agent and lane that
        it concerns, and -1 elsewhere; each of shape (agents of the handover, 64).
    """

    posts: NDArray[np.int64]
    keys: Words
    row_of: tuple[NDArray[np.int64], ...] = ()


def first_holders(keys: Words) -> Holders:
    """Return the holders where no post changes hands: one a post."""
    return Holders(np.arange(len(keys)), keys)


def holders(people: Network, keys: Words, handovers: Sequence[Handovers]) -> Holders:
    """Return everybody who holds a post in one of 64 replicates.

    The second holder of a post has the same luck in every replicate in which
    the post changes hands once, whenever that is, and so on.

    Parameters
    ----------
    people
        The population.
    keys
        The keys of the first holders.
    handovers
        When posts change hands, in order of their steps.
    """
    if not handovers:
        return first_holders(keys)
    spell = np.zeros((len(keys), draws.LANES), dtype=np.int64)
    spells = []
    for handover in handovers:
        changing = _bits(handover.lanes)
        spell[handover.agents] += changing
        spells.append(np.where(changing, spell[handover.agents], -1))
    last = spell.max(axis=1)
    later = np.repeat(np.arange(len(keys)), last)
    start = len(keys) + np.cumsum(last) - last
    numbers = np.arange(len(later)) - (start[later] - len(keys)) + 1
    own = [draws.entity_keys([people.ids[post]], int(number))[0] for post, number in zip(later, numbers, strict=True)]
    rows = tuple(
        np.where(spell_of > 0, start[handover.agents, np.newaxis] + spell_of - 1, -1)
        for handover, spell_of in zip(handovers, spells, strict=True)
    )
    return Holders(
        np.concatenate([np.arange(len(keys)), later]), np.concatenate([keys, np.array(own, dtype=np.uint64)]), rows
    )


def _bits(words: Words) -> NDArray[np.bool_]:
    """Return words as rows of 64 truths."""
    return ((words[:, np.newaxis] >> np.arange(draws.LANES, dtype=np.uint64)) & np.uint64(1)).astype(np.bool_)

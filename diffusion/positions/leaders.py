"""Who leads: from a position, or from named agents, to the leaders of every replicate.

Some leaders are fixed; other places are drawn anew in every replicate, either
among all who are eligible (``random``) or among those whose scores are equal
where the last place falls. A draw gives each agent a number keyed by its own
id, and the smallest numbers lead, so what another arm does, or whether another
agent is there, changes nobody's number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import LANES, Purpose, entity_keys, lane_words, numbers
from diffusion.errors import InputError, nearest_name_hint
from diffusion.model.parameters import AgentValue
from diffusion.network.network import Network, normalized
from diffusion.positions.choice import LeaderChoice
from diffusion.positions.drawn import drawn_lanes, trait_lanes, trait_values
from diffusion.positions.position import TRAITS, Choose, Position, column_problems
from diffusion.positions.registry import POSITIONS

__all__ = ["EQUAL_SCORES", "LeaderChoice", "leader_choice", "leader_table", "leader_words", "table_of_words"]

EQUAL_SCORES = 1e-9
"""Scores that differ by less than this share of themselves are equal."""

_ALL_LANES = np.uint64(2**64 - 1)
_SET = "which set leads"
_KEYS: WeakKeyDictionary[Network, NDArray[np.uint64]] = WeakKeyDictionary()


def leader_choice(
    network: Network,
    *,
    position: str | None = None,
    agents: Sequence[str] | None = None,
    count: int = 0,
    roles: Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
    traits: Mapping[str, AgentValue] | None = None,
    search: Choose | None = None,
) -> LeaderChoice:
    """Return who leads in a network, as a scenario's rule for leaders says.

    Parameters
    ----------
    network
        The network.
    position
        A name in :data:`POSITIONS`.
    agents
        The leaders' ids; where given, position, count and roles do not matter.
    count
        How many leaders; 0 for none.
    roles
        The roles that are eligible; None for all.
    parameters
        The position's parameters, those of others set aside; what is left out is at its default.
    traits
        What is said of the agents' ``threshold`` and ``receptivity``, for positions that read them.
    search
        What seeks leaders under a scenario's rules, for the position that needs them.

    Raises
    ------
    InputError
        If a position, an agent or a role is unknown, an agent is named twice,
        more leaders are asked for than are eligible, or the network or the
        traits lack what the position reads. The lines name neither file nor
        arm: the caller knows them.

    Examples
    --------
    >>> path = Network.from_tables(name="path", ids=["a", "b", "c"], source=["a", "b"], target=["b", "c"])
    >>> leader_choice(path, position="out_degree", count=1).tied
    '1 place among 2 tied'
    >>> leader_choice(path, position="betweenness", count=1).fixed
    (1,)
    """
    if agents is not None:
        return LeaderChoice(_named_agents(network, agents))
    _check_rule(network, position, count, roles)
    stated = parameters or {}
    if position is not None and count and (problems := column_problems(POSITIONS[position], network, stated)):
        raise InputError(problems)
    eligible = np.arange(network.size)
    if roles is not None:
        wanted = {normalized(role) for role in roles}
        eligible = np.array([agent for agent in eligible.tolist() if network.roles[agent] in wanted], dtype=np.int64)
    if count > len(eligible):
        raise InputError(_too_many(network, count, len(eligible), roles))
    if count == 0 or position is None:
        return LeaderChoice(())
    found = POSITIONS[position]
    if found.is_searched:
        if search is None:
            raise InputError(f'the position "{position}" needs a scenario\'s rules; ask for it in a scenario')
        return search(network, count, eligible, **{**found.defaults, **found.unusual(stated)})
    if found.trait:
        return _choice_by_trait(network, found, count, eligible, traits or {})
    if found.choose is not None:
        return found.choose(network, count, eligible, **{**found.defaults, **found.unusual(stated)})
    return _choice_by_score(network, found, found.scores(network, stated), count, eligible)


def leader_words(choice: LeaderChoice, network: Network, *, seed: int, world: int, block: int) -> NDArray[np.uint64]:
    """Return the leaders of 64 replicates, a bit a replicate.

    Parameters
    ----------
    choice, network
        Who leads, and the network it was made for.
    seed, world
        The seed and the world.
    block
        Which 64 replicates: 64 * block … 64 * block + 63.

    Returns
    -------
    Bit ``r % 64`` of word i is set where agent i leads in replicate r; shape (agents,).
    """
    words = np.zeros(network.size, dtype=np.uint64)
    words[list(choice.fixed)] = _ALL_LANES
    if choice.draw or choice.value is not None:
        lanes = drawn_lanes if choice.draw else trait_lanes
        return lane_words(lanes(choice, network, _agent_keys(network), seed=seed, world=world, block=block))
    if choice.sets:
        return words | _drawn_sets(choice, network.size, seed=seed, world=world, block=block)
    if choice.places:
        drawn = numbers(seed, world, choice.purpose, _agent_keys(network)[choice.drawn_among], block)
        for places, group in choice.strata or ((choice.places, choice.among),):
            among = np.array(group, dtype=np.int64)
            words[among] = _smallest(drawn[np.searchsorted(choice.drawn_among, among)], places)
    return words


def _drawn_sets(choice: LeaderChoice, size: int, *, seed: int, world: int, block: int) -> NDArray[np.uint64]:
    """Return the words of one whole set a replicate."""
    [drawn] = numbers(seed, world, choice.purpose, entity_keys([_SET]), block)
    which = (drawn.astype(np.uint64) * np.uint64(len(choice.sets))) >> np.uint64(32)
    lanes = np.zeros((size, LANES), dtype=np.bool_)
    for lane, number in enumerate(which.tolist()):
        lanes[list(choice.sets[number]), lane] = True
    return lane_words(lanes)


def leader_table(
    choice: LeaderChoice, network: Network, *, seed: int, world: int, replicates: int
) -> NDArray[np.bool_]:
    """Return who leads in each of the first replicates; shape (replicates, agents)."""
    words = partial(_words_of_block, choice, network, seed, world)
    return table_of_words(words, agents=network.size, replicates=replicates)


def _words_of_block(choice: LeaderChoice, network: Network, seed: int, world: int, block: int) -> NDArray[np.uint64]:
    return leader_words(choice, network, seed=seed, world=world, block=block)


def table_of_words(
    words_of_block: Callable[[int], NDArray[np.uint64]], *, agents: int, replicates: int
) -> NDArray[np.bool_]:
    """Return who leads in each of the first replicates, from a bit a replicate; shape (replicates, agents).

    Parameters
    ----------
    words_of_block
        Who leads in the replicates of a block: one word an agent.
    agents, replicates
        How many there are.
    """
    blocks = -(-replicates // LANES)
    table = np.zeros((blocks * LANES, agents), dtype=np.bool_)
    for block in range(blocks):
        octets = words_of_block(block).astype("<u8").view(np.uint8).reshape(-1, LANES // 8)
        table[block * LANES : (block + 1) * LANES] = np.unpackbits(octets, axis=1, bitorder="little").T
    return table[:replicates]


def _make_smallest(digest: str) -> Callable[..., Any]:
    @cached
    def smallest(drawn, places):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        words = np.zeros(len(drawn), dtype=np.uint64)
        heap = np.empty(places, dtype=np.uint64)  # the smallest so far, the largest of them on top
        for lane in range(LANES):
            heap[:] = _ALL_LANES
            for candidate in range(len(drawn)):
                # The candidate's place below its number makes every key unique: equal numbers go by id.
                key = (np.uint64(drawn[candidate, lane]) << np.uint64(32)) | np.uint64(candidate)
                if key < heap[0]:
                    _replace_top(heap, key)
            for place in range(places):
                words[heap[place] & np.uint64(0xFFFFFFFF)] |= np.uint64(1) << np.uint64(lane)
        return words

    return smallest


@compiled
def _replace_top(heap: NDArray[np.uint64], key: np.uint64) -> None:
    """Put a key in place of the top of a heap, and let it sink to where it belongs."""
    place = 0
    while 2 * place + 1 < len(heap):
        child = 2 * place + 1
        if child + 1 < len(heap) and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= key:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = key


_smallest = _make_smallest(SOURCE_DIGEST)
"""Return, a bit a replicate, whether each candidate is among the smallest: (numbers[], places) -> uint64[]."""


def _agent_keys(network: Network) -> NDArray[np.uint64]:
    if network not in _KEYS:
        _KEYS[network] = entity_keys(network.ids)
    return _KEYS[network]


def _choice_by_score(
    network: Network, position: Position, all_scores: NDArray[np.float64], count: int, eligible: NDArray[np.int64]
) -> LeaderChoice:
    """Return the agents certainly ahead of the last place, and those equal at it."""
    scores = all_scores[eligible]
    behind = np.where(np.isnan(scores), np.inf, scores if position.pick == "lowest" else -scores)
    group = (network.out_alters.degrees[eligible] == 0) & position.sources_first
    last = np.lexsort((behind, group))[count - 1]
    same_group = group == group[last]
    equal = same_group & np.isclose(behind, behind[last], rtol=EQUAL_SCORES, atol=0)
    ahead = (group < group[last]) | (same_group & (behind < behind[last]) & ~equal)
    fixed, tied = eligible[ahead].tolist(), eligible[equal].tolist()
    return LeaderChoice.of_strata(fixed, [(count - len(fixed), tied)], Purpose.TIE_BREAK)


def _choice_by_trait(
    network: Network, position: Position, count: int, eligible: NDArray[np.int64], traits: Mapping[str, AgentValue]
) -> LeaderChoice:
    """Return those of the lowest or highest value, in every replicate where values are drawn."""
    if position.trait not in traits:
        raise InputError(
            f'the position "{position.name}" reads {TRAITS[position.trait]}, and there is none that a rule uses; '
            "state one in the scenario, or choose another position"
        )
    purpose = Purpose.ADOPTION_THRESHOLD if position.trait == "threshold" else Purpose.RECEPTIVITY
    value = traits[position.trait]
    found = trait_values(value, network, purpose)
    if found.varying and count < len(eligible):
        return LeaderChoice((), count, tuple(eligible.tolist()), purpose, value=value)
    return _choice_by_score(network, position, found.fixed, count, eligible)


def _named_agents(network: Network, agents: Sequence[str]) -> tuple[int, ...]:
    ids = [normalized(text) for text in agents]
    problems = [
        f'leader "{text}" is no agent of {network.name}{nearest_name_hint(text, network.ids)}'
        for text in dict.fromkeys(ids)
        if text not in network.index
    ]
    problems += [
        f'leader "{text}" is named {ids.count(text)} times; name every leader once'
        for text in dict.fromkeys(ids)
        if ids.count(text) > 1
    ]
    if problems:
        raise InputError(problems)
    return tuple(sorted(network.index[text] for text in ids))


def _check_rule(network: Network, position: str | None, count: int, roles: Sequence[str] | None) -> None:
    problems = []
    if position is None and count > 0:
        problems.append(f"{_leaders(count)} asked for, but neither a position nor agents are given")
    if position is not None and position not in POSITIONS:
        hint = nearest_name_hint(position, POSITIONS)
        problems.append(f'unknown position "{position}"{hint} (known: {", ".join(POSITIONS)})')
    if count < 0:
        problems.append(f"the number of leaders must be 0 or more, not {count}")
    if roles is not None and not roles:
        problems.append("no role is eligible: name at least one role, or leave the roles out")
    problems += [
        f'no agent of {network.name} has the role "{role}"{nearest_name_hint(role, network.role_names)} '
        f"(known: {', '.join(network.role_names)})"
        for role in dict.fromkeys(roles or ())
        if normalized(role) not in network.role_names
    ]
    if problems:
        raise InputError(problems)


def _too_many(network: Network, count: int, eligible: int, roles: Sequence[str] | None) -> str:
    some = f"only {eligible} {'agent' if eligible == 1 else 'agents'}"
    if roles is None:
        return f"asks for {_leaders(count)}, but {some} {'is' if eligible == 1 else 'are'} in {network.name}"
    have = "has" if eligible == 1 else "have"
    return f"asks for {_leaders(count)}, but {some} in {network.name} {have} the role {' or '.join(roles)}"


def _leaders(count: int) -> str:
    return f"{count} {'leader' if count == 1 else 'leaders'}"

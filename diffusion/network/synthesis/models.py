"""Networks by the classic models: random, small-world and scale-free, as designs of published simulations use them.

Every agent turns to about as many others, its contacts; as everywhere, ties
point the way knowledge flows, from the agent that is turned to.

- ``random``: of all ordered pairs so many are drawn as make the number of
  contacts, each pair as likely as any other (Erdős & Rényi 1959).
- ``small-world``: on a ring every agent turns to its nearest on both sides, and
  each of these choices is moved, with a given chance, to an agent at random
  (Watts & Strogatz 1998, doi 10.1038/30918; here with directed ties).
- ``scale-free``: agents come one after the other, and each joins half as many
  as there are contacts of those who are there already, with chances in
  proportion to their numbers of ties; the first ones all join one another
  (Barabási & Albert 1999, doi 10.1126/science.286.5439.509). As in the original
  the ties go both ways: if newcomers only turned to those before them, the
  first agents would lead everybody, and nobody would lead them.

Examples
--------
>>> made = model_network("small-world", agents=50, contacts=4, seed=1)
>>> made.name, made.size, made.tie_count, made.synthetic
('small-world-50', 50, 200, True)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.network.synthesis.luck import Luck, Places

REWIRED = 0.1
"""The chance that a tie of a small world is moved, unless another is stated."""

Turns = tuple[Places, Places]
"""Who turns, and to whom: places of agents."""


def model_network(
    model: str, *, agents: int, contacts: int, seed: int = 0, rewired: float = REWIRED, name: str = ""
) -> Network:
    """Make a network by one of the models; the same arguments always make the same one.

    Parameters
    ----------
    model
        A key of :data:`MODELS`.
    agents
        How many agents.
    contacts
        To how many others each turns: exactly in a small world, otherwise on average.
    seed
        Which of the networks of this kind.
    rewired
        The chance that a tie of a small world is moved.
    name
        What the network is called; the model and the number of agents by default.

    Raises
    ------
    InputError
        If there are too few agents for the contacts, or contacts are odd in number and must not be.
    """
    _check(model, agents, contacts, rewired)
    luck = Luck(seed, f"{model} {agents} {contacts} {rewired if model == 'small-world' else ''}", "ties")
    ego, alter = MODELS[model](agents, contacts, rewired, luck)
    width = len(str(agents))
    ids = [f"n{place:0{width}d}" for place in range(1, agents + 1)]
    order = np.lexsort((ego, alter))
    return Network.from_tables(
        name=name or f"{model}-{agents}",
        ids=ids,
        source=[ids[place] for place in alter[order]],
        target=[ids[place] for place in ego[order]],
        synthetic=True,
    )


def model_description(model: str, *, agents: int, contacts: int, seed: int = 0, rewired: float = REWIRED) -> str:
    """Return what is said of a network wherever it is written; the arguments as :func:`model_network` takes them."""
    moved = f", each choice moved with chance {rewired:g}" if model == "small-world" else ""
    return (
        f"A synthetic network, made by the {model} model: {agents} agents who turn to {contacts} others "
        f"{'each' if model == 'small-world' else 'on average'}{moved}, seed {seed}. It is nobody's data."
    )


def _check(model: str, agents: int, contacts: int, rewired: float) -> None:
    problems = []
    if not 1 <= contacts < agents:
        problems.append(f"contacts: must be at least 1 and below the {agents} agents; got {contacts}")
    if model != "random" and contacts % 2:
        problems.append(f"contacts: must be even in a {model} network; got {contacts}")
    if not 0 <= rewired <= 1:
        problems.append(f"rewired: must be a number between 0 and 1; got {rewired:g}")
    if problems:
        raise InputError(problems)


def _random(agents: int, contacts: int, _: float, luck: Luck) -> Turns:
    """Draw ordered pairs until there are enough different ones: each is numbered, those with oneself left out."""
    wanted, found = agents * contacts, np.zeros(0, dtype=np.int64)
    while len(found) < wanted:
        drawn = luck.places(2 * (wanted - len(found)) + 8, agents * (agents - 1))
        together = np.concatenate([found, drawn])
        found = together[np.sort(np.unique(together, return_index=True)[1])]
    ego, others = np.divmod(found[:wanted], agents - 1)
    return ego, others + (others >= ego)


def _small_world(agents: int, contacts: int, rewired: float, luck: Luck) -> Turns:
    offsets = [sign * step for step in range(1, contacts // 2 + 1) for sign in (1, -1)]
    alters = (np.arange(agents)[:, None] + np.array(offsets)) % agents
    for ego, place in np.argwhere(luck.uniforms(agents * contacts).reshape(agents, contacts) < rewired).tolist():
        taken = {ego, *alters[ego].tolist()}
        if len(taken) < agents:
            moved = int(luck.places(1, agents)[0])
            while moved in taken:
                moved = int(luck.places(1, agents)[0])
            alters[ego, place] = moved
    return np.repeat(np.arange(agents), contacts), alters.reshape(-1)


def _scale_free(agents: int, contacts: int, _: float, luck: Luck) -> Turns:
    """Keep a list in which everybody stands once for each tie: a place in it is a choice in proportion to ties."""
    each = contacts // 2
    pairs = [(one, other) for one in range(each + 1) for other in range(one)]
    standing = [place for pair in pairs for place in pair]
    for new in range(each + 1, agents):
        chosen: dict[int, None] = {}
        while len(chosen) < each:
            drawn = luck.places(each - len(chosen), len(standing)).tolist()
            chosen |= dict.fromkeys(standing[place] for place in drawn)
        pairs += [(new, other) for other in chosen]
        standing += [place for other in chosen for place in (new, other)]
    one, other = np.array(pairs, dtype=np.int64).T
    return np.concatenate([one, other]), np.concatenate([other, one])


MODELS: Mapping[str, Callable[[int, int, float, Luck], Turns]] = MappingProxyType(
    {"random": _random, "small-world": _small_world, "scale-free": _scale_free}
)
"""The models by name: (agents, contacts, rewired, luck) -> who turns to whom."""

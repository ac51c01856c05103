"""``network positions --sets``: who leads by every position, and the parameters that positions take."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diffusion.cli.output import say

if TYPE_CHECKING:
    from diffusion.network.network import Network


def stated_parameters(text: str) -> dict[str, Any]:
    """Return the parameters that a text states, ``NAME=VALUE`` with commas between.

    Parameters
    ----------
    text
        The text; a value that is neither a number nor true or false is a name.

    Raises
    ------
    InputError
        If no position has such a parameter, or it cannot have such a value.

    Examples
    --------
    >>> stated_parameters("grouping=sector, m=2")
    {'grouping': 'sector', 'm': 2}
    """
    from diffusion.errors import InputError
    from diffusion.scenario.tables import LeadersTable, checked_table

    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise InputError(f'--parameters: must be NAME=VALUE, with commas between; got "{wrong[0].strip()}"')
    said = {name.strip(): _value(value.strip()) for name, _, value in pairs}
    problems: list[str] = []
    found = checked_table(
        LeadersTable,
        {"parameters": said},
        lambda words, *path: problems.append(f"--parameters: {'.'.join(map(str, path[1:]))}: {words}"),
    )
    if problems:
        raise InputError(problems)
    parameters: dict[str, Any] = found["parameters"]
    return parameters


def set_rows(
    network: Network, count: int, names: Sequence[str] | None, parameters: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return a row a position: its name, who always leads, and what every replicate draws.

    Parameters
    ----------
    network
        The network.
    count
        How many lead.
    names
        Which positions; all by default but those that a network cannot tell, of which it says why.
    parameters
        The positions' parameters.

    Raises
    ------
    InputError
        If a position that is named cannot be held.
    """
    from diffusion.errors import InputError
    from diffusion.positions import POSITIONS, leader_choice
    from diffusion.positions.ranks import SLOWEST, SLOWEST_AGENTS

    rows = []
    for name in POSITIONS if names is None else names:
        if names is None and network.size > SLOWEST_AGENTS and name in SLOWEST:
            say(f"Left out: {name} takes long with {network.size:,} agents; --positions can name it.")
            continue
        try:
            choice = leader_choice(network, position=name, count=count, parameters=parameters)
        except InputError as error:
            if names is not None or count > network.size:
                raise
            say(f"Left out: {'; '.join(error.problems)}.")
            continue
        drawn = "" if choice.is_fixed else choice.tied or f"{choice.places} of {len(choice.among)}"
        rows.append(
            {"position": name, "leaders": " ".join(network.ids[agent] for agent in choice.fixed), "drawn": drawn}
        )
    return rows


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text

"""What keys of interventions may hold, with a line for every value that is out of its range."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from diffusion.errors import nearest_name_hint
from diffusion.model.interventions.wording import agent_problems
from diffusion.network.network import Network


def least_problems(name: str, key: str, value: int, least: int = 1) -> Iterator[str]:
    """Yield a line if a whole number is smaller than it can be.

    Parameters
    ----------
    name
        What the intervention is called.
    key
        The key.
    value
        What came.
    least
        The smallest number that makes sense.
    """
    if value < least:
        yield f"{name}.{key}: must be a whole number of at least {least}; got {value}"


def option_problems(name: str, key: str, value: str, options: Collection[str]) -> Iterator[str]:
    """Yield a line if a word is none of those that a key may hold."""
    if value not in options:
        known = ", ".join(options)
        yield f'{name}.{key}: must be one of {known}; got "{value}"{nearest_name_hint(value, options)}'


def column_problems(
    name: str, key: str, column: str, network: Network, besides: Collection[str] = ("role",)
) -> Iterator[str]:
    """Yield a line if agents have no such column, or all leave it empty.

    Parameters
    ----------
    name, key
        As for :func:`least_problems`.
    column
        The column's name.
    network
        The population.
    besides
        What the key may hold besides columns.
    """
    if column in besides:
        return
    if column not in network.columns:
        known = [*besides, *network.columns]
        yield (
            f'{name}.{key}: the agents of "{network.name}" have no column "{column}"; there is '
            f"{', '.join(known)}{nearest_name_hint(column, known)}"
        )
    elif not any(network.columns[column]):
        yield f'{name}.{key}: the column "{column}" of "{network.name}" is empty; name one that says something'


def one_of_problems(name: str, **stated: object) -> Iterator[str]:
    """Yield a line unless exactly one of some keys is stated.

    Parameters
    ----------
    name
        What the intervention is called.
    **stated
        The keys and what they hold: ``None`` where nothing is stated.
    """
    given = [key for key, value in stated.items() if value is not None]
    if len(given) == 1:
        return
    keys = list(stated)
    told = " and ".join(given) if given else "neither" if len(keys) == 2 else "none"
    yield f"{name}.{given[-1] if given else keys[0]}: state one of {' and '.join(keys)}; got {told}"


def pair_problems(name: str, ties: Sequence[Sequence[str]], network: Network, instead: str) -> Iterator[str]:
    """Yield a line for every named tie that is no pair of agents, and one if none is named.

    Parameters
    ----------
    name
        What the intervention is called.
    ties
        What came.
    network
        The population.
    instead
        The keys that could be stated instead.
    """
    if not ties:
        yield f'{name}.ties: names no tie; name one like ["A", "B"], or state {instead}'
    lines = []
    for ends in ties:
        if len(ends) != len(("source", "target")):
            told = ", ".join(f'"{end}"' for end in ends)
            lines.append(f'{name}.ties: a tie is a pair of ids like ["A", "B"]; got [{told}]')
        else:
            lines += agent_problems(name, "ties", ends, network)
    yield from dict.fromkeys(lines)

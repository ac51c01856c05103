"""What formats without a place for it say of a whole network in two columns of its agents: its name, and its making.

A network that was written here is called by its name in the column
``network_name``, and ``network_synthetic`` says ``true`` or ``false``, the same
for every agent. Other programs show the two as attributes. Read back, they
also tell that ties point the way knowledge flows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count
from typing import NamedTuple

from diffusion.network.network import DEFAULT_ROLE, Network, normalized

NAME_MARK = "network_name"
SYNTHETIC_MARK = "network_synthetic"


class Marks(NamedTuple):
    """Hold what the two columns say.

    Attributes
    ----------
    name
        What the network is called.
    synthetic
        Whether it was generated and not observed.
    """

    name: str
    synthetic: bool


def marked_columns(network: Network, *, reserved: Collection[str] = ()) -> tuple[dict[str, list[str]], list[str]]:
    """Return the columns of an agent table with both marks and the role, and what had to be renamed, a line each.

    Parameters
    ----------
    network
        The network.
    reserved
        Names that mean something else in the format, in small letters.
    """
    lost = []
    columns = {
        NAME_MARK: [network.name] * network.size,
        SYNTHETIC_MARK: [str(network.synthetic).lower()] * network.size,
        "role": list(network.roles),
    }
    taken = {*columns, *reserved, *map(str.casefold, network.columns)}
    for name, cells in network.columns.items():
        written = name
        if name.casefold() in {NAME_MARK, SYNTHETIC_MARK, *reserved}:
            written = next(text for text in map(f"{name} ({{}})".format, count(2)) if text.casefold() not in taken)
            taken.add(written.casefold())
            lost.append(f'the column "{name}" is called "{written}", for its name means something else there')
        columns[written] = list(cells)
    return columns, lost


def taken_marks(columns: dict[str, list[str]]) -> Marks | None:
    """Take both marks out of the columns of an agent table, if they are there and say one thing of every agent.

    Parameters
    ----------
    columns
        The columns by name; the marks are removed from them.

    Examples
    --------
    >>> columns = {"network_name": ["north", "north"], "network_synthetic": ["true", "true"], "ward": ["1", "2"]}
    >>> taken_marks(columns), list(columns)
    (Marks(name='north', synthetic=True), ['ward'])
    """
    names, said = ({*map(normalized, columns.get(key, ()))} for key in (NAME_MARK, SYNTHETIC_MARK))
    if len(names) != 1 or len(said) != 1 or not said <= {"true", "false"}:
        return None
    del columns[NAME_MARK], columns[SYNTHETIC_MARK]
    return Marks(names.pop(), said == {"true"})


def lost_survey(network: Network) -> list[str]:
    """Return the line that says that a format cannot carry how a network was asked for, if that is known."""
    if network.survey is None:
        return []
    warning = ", and that it is a stack of personal networks" if network.survey.ego_networks else ""
    return [f"how the network was asked for (respondents, response rate, caps){warning}"]


def lost_attributes(network: Network) -> list[str]:
    """Return the names of what agents are, role included, where a format can carry none of it.

    Parameters
    ----------
    network
        The network; a column that is empty, and a role that nobody stated, are no loss.
    """
    role = ["role"] if set(network.roles) - {DEFAULT_ROLE} else []
    return role + [name for name, cells in network.columns.items() if any(cells)]


def unique(text: str, taken: set[str]) -> str:
    """Return a text, with a number behind it if it is among those taken, and take it.

    Parameters
    ----------
    text
        The text.
    taken
        The texts that are in use; the returned one is added.

    Examples
    --------
    >>> names = {"ann"}
    >>> unique("ann", names), unique("ann", names), unique("bob", names)
    ('ann (2)', 'ann (3)', 'bob')
    """
    name, again = text, 2
    while name in taken:
        name, again = f"{text} ({again})", again + 1
    taken.add(name)
    return name


def listed(names: Iterable[str], *, most: int = 5) -> str:
    """Return names in quotation marks, the first of them only where they are many.

    Examples
    --------
    >>> listed(["age", "ward"])
    '"age", "ward"'
    >>> listed("abcdefg", most=2)
    '"a", "b" and 5 more'
    """
    every = [f'"{name}"' for name in names]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more

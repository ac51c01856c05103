"""Personal networks of several respondents as one table of agents and one of ties.

A study of personal networks asks each respondent (*ego*) to name others
(*alters*), about whom and about whose ties it then asks the respondent. The
alters of each respondent stand for themselves, for a file cannot know that two
respondents named the same person; so what comes of it is a stack of networks
side by side and no whole network. Only an import recipe merges alters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from pathlib import Path

from diffusion.network.formats.marks import unique
from diffusion.network.formats.tables import Tables
from diffusion.network.network import normalized
from diffusion.network.survey import Survey

NAMED = "named"
"""The layer of the ties between a respondent and the alters, unless the file has one of this name."""


@dataclass(slots=True)
class Alter:
    """Hold one alter.

    Attributes
    ----------
    key
        What tells it apart from the respondent's other alters, such as a number.
    name
        What the respondent calls it; often nothing.
    kind
        What it is; alters may be people, places or groups.
    columns
        What is said of it, by variable.
    line
        Where, from 1; 0 if that cannot be said.
    """

    key: str
    name: str = ""
    kind: str = "alter"
    columns: dict[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(slots=True)
class AlterTie:
    """Hold one tie between two alters of a respondent.

    Attributes
    ----------
    first, second
        Their places among the respondent's alters.
    layer
        The kind of tie.
    strength
        Its strength, NaN where none is given.
    directed
        Whether it leads from the first to the second only.
    line
        Where, from 1; 0 if that cannot be said.
    """

    first: int
    second: int
    layer: str = ""
    strength: float = nan
    directed: bool = False
    line: int = 0


@dataclass(slots=True)
class PersonalNetwork:
    """Hold what one respondent said.

    Attributes
    ----------
    case
        What the respondent is called; ``None`` where the file does not say whose alters these are.
    columns
        What is said of the respondent, by variable.
    alters
        Whom the respondent named.
    ties
        The ties between them.
    """

    case: str | None
    columns: dict[str, str] = field(default_factory=dict)
    alters: list[Alter] = field(default_factory=list)
    ties: list[AlterTie] = field(default_factory=list)


@dataclass(slots=True)
class _Stack:
    """Hold the rows of the two tables while personal networks are put side by side."""

    layer: str
    case_column: str
    kind_column: str
    several: bool
    ids: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ties: list[AlterTie] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def add(self, network: PersonalNetwork, case: str | None) -> None:
        """Add the agents and ties of one respondent."""
        ids = alter_ids(network.alters, f"{case}: " if case is not None and self.several else "")
        if case is not None:
            self._add_agent(case, {self.case_column: case, self.kind_column: "ego", **network.columns}, 0)
        ego, first = len(self.ids) - 1, len(self.ids)
        for text, alter in zip(ids, network.alters, strict=True):
            whose = {} if case is None else {self.case_column: case, self.kind_column: alter.kind}
            self._add_agent(unique(text, self.taken), {**whose, **alter.columns}, alter.line)
            if case is not None:
                self.ties.append(AlterTie(ego, len(self.ids) - 1, self.layer, nan, directed=True, line=alter.line))
        for tie in network.ties:
            self.ties.append(replace(tie, first=first + tie.first, second=first + tie.second))

    def _add_agent(self, text: str, row: dict[str, str], line: int) -> None:
        self.ids.append(text)
        self.rows.append(row)
        self.lines.append(line)


def stacked(path: Path, networks: Sequence[PersonalNetwork]) -> Tables:
    """Return personal networks side by side, with a tie from each respondent to each alter.

    Respondents are called by their case, alters by their name; where there are
    several respondents, the case stands before the name (``case1: Ann``). What
    tells alters apart follows a name that a respondent gave twice. The columns
    ``case`` and ``type`` say whose network an agent is in, and what it is.

    Parameters
    ----------
    path
        The file or folder, for notes.
    networks
        The personal networks.
    """
    variables = {name for network in networks for row in columns_of(network) for name in row}
    taken: set[str] = set()
    cases = [None if network.case is None else unique(normalized(network.case), taken) for network in networks]
    layers = {tie.layer for network in networks for tie in network.ties}
    stack = _Stack(unique(NAMED, layers), unique("case", variables), unique("type", variables), len(networks) > 1)
    stack.taken = taken
    for network, case in zip(networks, cases, strict=True):
        stack.add(network, case)
    names = list(dict.fromkeys(name for row in stack.rows for name in row))
    return Tables(
        path=path,
        ids=stack.ids,
        columns={name: [row.get(name, "") for row in stack.rows] for name in names},
        source=[tie.first for tie in stack.ties],
        target=[tie.second for tie in stack.ties],
        layer=[tie.layer for tie in stack.ties],
        strength=[tie.strength for tie in stack.ties],
        directed=[tie.directed for tie in stack.ties],
        lines=[tie.line for tie in stack.ties] if all(tie.line for tie in stack.ties) else (),
        agent_lines=stack.lines,
        survey=Survey(ego_networks=True, respondents=len(networks)),
        notes=_notes(path, networks, stack.layer),
    )


def alter_ids(alters: Sequence[Alter], before: str = "") -> list[str]:
    """Return what the alters of one respondent are called.

    Parameters
    ----------
    alters
        The alters.
    before
        What stands before every name.

    Examples
    --------
    >>> alter_ids([Alter("1", "Ann"), Alter("2", "Bob"), Alter("3", "Ann"), Alter("4")])
    ['Ann (1)', 'Bob', 'Ann (3)', '4']
    """
    names = [normalized(alter.name) for alter in alters]
    given = Counter(names)
    return [
        before + (name if name and given[name] == 1 else f"{name} ({alter.key})" if name else alter.key)
        for name, alter in zip(names, alters, strict=True)
    ]


def columns_of(network: PersonalNetwork) -> Iterator[dict[str, str]]:
    """Yield what is said of a respondent and of each alter, by variable."""
    yield network.columns
    yield from (alter.columns for alter in network.alters)


def _notes(path: Path, networks: Sequence[PersonalNetwork], layer: str) -> list[str]:
    count = len(networks)
    what = f"a stack of {count:,} personal networks" if count > 1 else "the personal network of one respondent"
    warning = (
        f"{path}: this is {what} and no whole network: the alters of each respondent stand for themselves, even where "
        "two respondents named the same person, so density and path lengths only show how it was asked"
    )
    notes = [warning]
    if any(network.case is not None and network.alters for network in networks):
        notes.append(
            f'{path}: a tie from each respondent to each alter was added in layer "{layer}": the file only says who '
            "named whom"
        )
    if any(not tie.directed for network in networks for tie in network.ties):
        notes.append(f"{path}: ties between alters have no direction here: knowledge can flow both ways")
    repeated = sum(count for network in networks for count in Counter(_names(network)).values() if count > 1)
    if repeated:
        notes.append(
            f"{path}: {repeated:,} alters share their name with another alter of their respondent; a number follows it"
        )
    return notes


def _names(network: PersonalNetwork) -> Iterator[str]:
    return (name for alter in network.alters if (name := normalized(alter.name)))

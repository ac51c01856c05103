"""A number that is not stated but asked for: solved so that leaders at random reach a share of the agents.

It is written in place of the number, ``transmission = { reach = 0.3 }``, or as
a key of its own beside the rule, ``reach = 0.3``, for the number that the rule
needs and that is left out: so one swept ``adoption.reach`` asks it of every
rule. A distribution of thresholds is moved where the request stands beside
its numbers: ``threshold = { beta = [7, 14], reach = 0.3 }``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from diffusion.model.parameters import Distribution
from diffusion.scenario.checks import REACH
from diffusion.scenario.registries import rules
from diffusion.scenario.sections import Sections
from diffusion.scenario.tables import STAGES, Table

_SOLVABLE = ("transmission", "threshold", "intercept", "slope")
"""The parameters of rules that can be solved, the first of those that a rule needs and that are left out."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Say which leaders at random reach the share.

    Attributes
    ----------
    count
        How many lead.
    roles
        The roles that may lead, sorted; ``None`` for all.
    influence
        What a leader's influence is multiplied by.
    """

    count: int
    roles: tuple[str, ...] | None = None
    influence: float = 1.0

    @property
    def phrase(self) -> str:
        """Return them in words."""
        kind = "" if self.roles is None else f" with the role {' or '.join(self.roles)}"
        return f"{self.count} leader{'' if self.count == 1 else 's'} at random{kind}"


@dataclass(frozen=True, slots=True)
class Request:
    """Ask for a number.

    Attributes
    ----------
    stage, key
        Which number: ``"adoption"``, ``"transmission"``.
    written
        The key under which it is asked for: the same, or ``"reach"``.
    share
        The share of agents that leaders at random are to reach, in (0, 1).
    leaders
        Which leaders at random.
    moved
        The distribution that is moved; ``None`` where the number is one for all.
    """

    stage: str
    key: str
    written: str
    share: float
    leaders: Reference
    moved: Distribution | None = None

    @property
    def path(self) -> str:
        """Return the dotted key of the number."""
        return f"{self.stage}.{self.key}"


@dataclass(frozen=True, slots=True)
class Solved:
    """Hold a number that was asked for, solved on one network.

    Attributes
    ----------
    digest
        What it depends on: 32 hexadecimal digits.
    network
        The network's name.
    path, share, leaders
        The dotted key, and what was asked: see :class:`Request`.
    value
        The number, or a distribution as a table.
    mean, low, high
        The mean share that leaders at random reach with it, and its 95 %
        interval, on the replicates on which it was solved.
    replicates
        How many these were.
    """

    digest: str
    network: str
    path: str
    share: float
    leaders: Reference
    value: float | dict[str, list[float]]
    mean: float
    low: float
    high: float
    replicates: int

    @classmethod
    def from_canonical(cls, stored: Mapping[str, Any]) -> Solved:
        """Return what :meth:`canonical` described."""
        leaders = dict(stored["leaders"])
        roles = leaders["roles"]
        return cls(**{**stored, "leaders": Reference(**{**leaders, "roles": None if roles is None else tuple(roles)})})

    def canonical(self) -> dict[str, Any]:
        """Return everything for JSON."""
        said = asdict(self)
        said["leaders"]["roles"] = None if self.leaders.roles is None else list(self.leaders.roles)
        return said

    @property
    def parameter(self) -> float | Distribution:
        """Return the value as the model's parameters hold it."""
        if isinstance(self.value, Mapping):
            [(name, arguments)] = self.value.items()
            return Distribution(name, tuple(arguments))
        return self.value


def spelled_out(sections: Sections) -> Sections:
    """Return sections in which a stage's ``reach`` stands in place of the number that its rule needs and lacks.

    Where nothing, or more than one thing, is left to solve, ``reach`` stays where it is.

    Examples
    --------
    >>> spelled_out({"adoption": {"rule": "cascade", "reach": 0.3}})
    {'adoption': {'rule': 'cascade', 'transmission': {'reach': 0.3}}}
    """
    result = dict(sections)
    for stage in STAGES:
        table = sections.get(stage, {})
        if REACH not in table or "rule" not in table:
            continue
        left = left_to_solve(table)
        if len(left) == 1:
            kept = {key: said for key, said in table.items() if key != REACH}
            result[stage] = {**kept, left[0]: {**_distribution_in(table, left[0]), REACH: table[REACH]}}
    return result


def left_to_solve(table: Table) -> list[str]:
    """Return the numbers that a stage's rule needs and that its table leaves out; a distribution can be moved."""
    needed = [said.name for said in rules()[table["rule"]].parameters if said.required and said.name in _SOLVABLE]
    return [name for name in needed if name not in table or _distribution_in(table, name)]


def _distribution_in(table: Table, key: str) -> Table:
    said = table.get(key)
    if key == "threshold" and isinstance(said, Mapping) and any(isinstance(inside, list) for inside in said.values()):
        return dict(said)
    return {}


def requests_in(sections: Sections) -> Iterator[tuple[str, str]]:
    """Yield the stage and key of every number that is asked for, in sections that are spelled out."""
    for stage in STAGES:
        for key, said in sections.get(stage, {}).items():
            if is_request(said):
                yield stage, key


def is_request(said: object) -> bool:
    """Return whether a checked value asks for a reach."""
    return isinstance(said, Mapping) and REACH in said


def stated(sections: Sections) -> Sections:
    """Return sections without what they ask for: a 0, or the distribution as it is before it is moved."""
    result = dict(sections)
    for stage, key in requests_in(sections):
        said = sections[stage][key]
        result[stage] = {**result[stage], key: {name: it for name, it in said.items() if name != REACH} or 0.0}
    return result


def request_of(sections: Sections, own: Sections, shared: Iterable[Table]) -> Request | None:
    """Return what an arm asks for.

    Parameters
    ----------
    sections
        Its sections.
    own
        What it states itself: the leaders at random are its own where the request is.
    shared
        The ``leaders`` tables to take them from otherwise, the first that says how many lead.
    """
    spelled = spelled_out(sections)
    for stage, key in requests_in(spelled):
        said = spelled[stage][key]
        written = REACH if REACH in sections[stage] else key
        is_own = written in own.get(stage, {})
        moved = [(name, arguments) for name, arguments in said.items() if name != REACH]
        return Request(
            stage=stage,
            key=key,
            written=written,
            share=said[REACH],
            leaders=_reference([sections.get("leaders", {}), *shared] if is_own else shared),
            moved=Distribution(moved[0][0], tuple(moved[0][1])) if moved else None,
        )
    return None


def _reference(tables: Iterable[Table]) -> Reference:
    for leaders in tables:
        count = len(leaders["agents"]) if "agents" in leaders else leaders.get("count", 0)
        if count:
            roles = None if "agents" in leaders or "roles" not in leaders else tuple(sorted(leaders["roles"]))
            return Reference(count, roles, leaders.get("influence", 1.0))
    return Reference(0)


def reach_problems(sections: Sections) -> Iterator[tuple[str, str, str]]:
    """Yield stage, key and what is wrong with what an arm's sections ask for."""
    spelled = spelled_out(sections)
    for stage in STAGES:
        table = spelled.get(stage, {})
        if REACH in table and "rule" in table:
            left = left_to_solve(table)
            rule = f'the rule "{table["rule"]}"'
            if left:
                yield stage, REACH, f"{rule} needs {' and '.join(left)}; state one of them, and the other is solved"
            else:
                yield stage, REACH, f"nothing is left to solve: every number that {rule} needs is stated; leave one out"
    asked = [f"{stage}.{key}" for stage, key in requests_in(spelled)]
    for second in asked[1:]:
        stage, _, key = second.partition(".")
        where = REACH if REACH in sections[stage] else key
        yield stage, where, f"asks for a second number to be solved beside {asked[0]}; state one of the two"

"""Worlds: where a scenario's numbers are uncertain, and what they are in a world.

Every uncertain number goes by its dotted path, ``adoption.transmission``. In a
world it is the quantile of one probability that depends on seed, world and path
alone: all arms live through the same worlds, and arms that state another
distribution for the same number stay paired.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any

from diffusion.model.parameters import Distribution
from diffusion.model.uncertain import Uncertain
from diffusion.scenario.designs import INDEPENDENT_WORLDS, Design
from diffusion.scenario.meanings import meaning
from diffusion.scenario.registries import rules
from diffusion.scenario.sections import Sections, is_uncertain
from diffusion.scenario.tables import STAGES, Table
from diffusion.scenario.uncertain_interventions import uncertain_in_interventions
from diffusion.scenario.uncertain_leaders import uncertain_in_leaders
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK

MEDIAN = 0.5
"""The probability at which an uncertain number is read where no world is meant."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Hold what is uncertain in an arm, and how its worlds are spread.

    Attributes
    ----------
    numbers
        The uncertain numbers that the arm uses, by dotted path, in order.
    by_agent
        The paths of agents' values that are drawn once a world.
    design
        How the worlds of the study are spread.
    keys
        The paths of all uncertain numbers of the study, sorted.
    """

    numbers: tuple[tuple[str, Uncertain], ...] = ()
    by_agent: tuple[str, ...] = ()
    design: Design = INDEPENDENT_WORLDS
    keys: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Return whether anything differs between worlds."""
        return bool(self.numbers or self.by_agent)

    def in_world(self, seed: int, world: int) -> dict[str, float]:
        """Return the uncertain numbers as they are in a world, by dotted path."""
        return {
            path: said.at(self.design.probability(seed, world, path, self.keys or tuple(dict(self.numbers))))
            for path, said in self.numbers
        }

    def in_worlds(self, seed: int, worlds: int) -> dict[str, tuple[float, ...]]:
        """Return the same numbers in each of the first worlds; what arms share is worked out once for all of them."""
        keys = self.keys or tuple(dict(self.numbers))
        return {path: _numbers(said, self.design, seed, worlds, path, keys) for path, said in self.numbers}

    def canonical(self) -> dict[str, Any]:
        """Return what is uncertain, for JSON and digests."""
        return {path: {said.distribution.name: list(said.distribution.arguments)} for path, said in self.numbers}


@lru_cache(maxsize=512)
def _numbers(  # noqa: PLR0917 - what a cache tells apart
    said: Uncertain, design: Design, seed: int, worlds: int, path: str, keys: tuple[str, ...]
) -> tuple[float, ...]:
    # One after the other, not as an array: its arithmetic may differ from a single number's in the last digit.
    return tuple(said.at(probability) for probability in _probabilities(design, seed, worlds, path, keys))


@lru_cache(maxsize=256)
def _probabilities(design: Design, seed: int, worlds: int, path: str, keys: tuple[str, ...]) -> tuple[float, ...]:
    return tuple(design.probability(seed, world, path, keys) for world in range(worlds))


CERTAIN = Uncertainty()
"""Nothing differs between worlds."""


def uncertain_numbers(sections: Sections, steps: float = inf) -> tuple[tuple[str, Uncertain], ...]:
    """Return the uncertain numbers that the rules, leaders and interventions of an arm use, by dotted path.

    Parameters
    ----------
    sections
        An arm's sections, or those that all arms share, perhaps incomplete.
    steps
        T, which no date exceeds; infinity where it is not known.
    """
    found = dict(uncertain_in_interventions(sections.get("interventions", {}), steps))
    found |= dict(uncertain_in_leaders(sections.get("leaders", {})))
    for path, value in _stated(sections):
        if is_uncertain(value) and not _is_of_agents(path):
            [(name, arguments)] = value.items()
            rule = sections[path[0]].get("rule", "") if path[0] in STAGES else ""
            said = meaning(".".join(path[:2]), rule)
            bounds = (-inf if said.low is None else said.low, inf if said.high is None else said.high)
            found[".".join(path)] = Uncertain(Distribution(name, tuple(arguments)), *bounds)
    return tuple(sorted(found.items()))


def agents_by_world(sections: Sections) -> tuple[str, ...]:
    """Return the paths of the agents' values that an arm states and that are drawn once a world."""
    found = []
    for path, value in _stated(sections):
        inside = value if isinstance(value, Mapping) else {}
        if _is_of_agents(path) and any(_is_by_world(said) for said in (inside, *inside.values())):
            found.append(".".join(path))
    return tuple(sorted(found))


def with_numbers(sections: Sections, numbers: Mapping[str, float]) -> Sections:
    """Return sections with numbers in place of what is uncertain.

    Parameters
    ----------
    sections
        An arm's sections.
    numbers
        The numbers by dotted path.

    Examples
    --------
    >>> with_numbers({"adoption": {"transmission": {"uniform": [0.0, 1.0]}}}, {"adoption.transmission": 0.3})
    {'adoption': {'transmission': 0.3}}
    """
    return {
        section: {key: _filled(value, f"{section}.{key}", numbers) for key, value in table.items()}
        for section, table in sections.items()
    }


def with_medians(sections: Sections, steps: float = inf) -> Sections:
    """Return sections with the median in place of every uncertain number.

    Parameters
    ----------
    sections
        An arm's sections, or those that all arms share, perhaps incomplete.
    steps
        T, which no date exceeds; infinity where it is not known.

    Examples
    --------
    >>> with_medians({"leaders": {"position": "random", "count": {"uniform": [1.0, 6.0]}}})
    {'leaders': {'position': 'random', 'count': 4}}
    """
    return with_numbers(sections, {path: said.at(MEDIAN) for path, said in uncertain_numbers(sections, steps)})


def typical(sections: Sections) -> Sections:
    """Return sections in which nothing differs between worlds: medians, to four digits, for uncertain numbers.

    Agents' values that are drawn once a world are drawn in every replicate instead,
    and the network is the given one.

    Examples
    --------
    >>> typical({"adoption": {"transmission": {"uniform": [0.0, 1.0]}}})
    {'adoption': {'transmission': 0.5}}
    """
    medians = {path: _rounded(said.at(MEDIAN)) for path, said in uncertain_numbers(sections)}
    known = with_numbers(sections, medians)
    return {
        section: {key: _typical((section, key), said) for key, said in known[section].items()}
        for section in known
        if section != UNCERTAIN_NETWORK
    }


def _rounded(number: float) -> float:
    return number if isinstance(number, int) else float(f"{number:.4g}")


def _typical(path: tuple[str, ...], value: Any) -> Any:
    if is_uncertain(value) and not _is_of_agents(path):
        [(name, arguments)] = value.items()
        return _rounded(Uncertain(Distribution(name, tuple(arguments))).at(MEDIAN))
    if isinstance(value, Mapping) and path[0] != "interventions":
        return {entry: _typical((*path, entry), said) for entry, said in value.items() if entry != "drawn_per"}
    return value


def _filled(value: Any, path: str, numbers: Mapping[str, float]) -> Any:
    if is_uncertain(value):
        return numbers.get(path, value)
    if isinstance(value, Mapping):
        return {entry: _filled(said, f"{path}.{entry}", numbers) for entry, said in value.items()}
    return value


def _is_of_agents(path: tuple[str, ...]) -> bool:
    """Return whether a distribution there varies between agents."""
    return path[0] == "agents" or path[1] == "threshold"


def _is_by_world(value: object) -> bool:
    return isinstance(value, Mapping) and value.get("drawn_per") == "world"


def _stated(sections: Sections) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield path and value of what an arm uses, down to the entries of tables of numbers."""
    for section, table in sections.items():
        for key in _used(section, table):
            value = table[key]
            if isinstance(value, Mapping) and not is_uncertain(value) and not _is_of_agents((section, key)):
                yield from (((section, key, str(entry)), said) for entry, said in value.items())
            else:
                yield (section, key), value


def _used(section: str, table: Table) -> list[str]:
    if section in STAGES:
        rule = table.get("rule", "")
        parameters = rules()[rule].parameters if rule in rules() else ()
        known = {"external", "abandonment", *(said.name for said in parameters)}
        return [key for key in table if key in known]
    if section == "leaders":
        is_led = "agents" in table or table.get("count") != 0
        return [key for key in table if is_led and key not in ("count", "parameters")]
    return [] if section == "interventions" else list(table)

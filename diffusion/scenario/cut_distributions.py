"""Distributions of an arm that are cut to the range of their number: how much is cut away, and what remains, told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from diffusion.model.cut import Cut, cut_of
from diffusion.model.parameters import AgentValue, ByRole, Distribution
from diffusion.model.uncertain import Uncertain
from diffusion.scenario.meanings import meaning
from diffusion.scenario.settings import ArmSetting

_OF_AGENTS = ("receptivity", "influence")


@dataclass(frozen=True, slots=True)
class CutDistribution:
    """Hold a distribution of which some is cut away.

    Attributes
    ----------
    path
        The dotted path of the number, or of the agents' value.
    said
        The distribution, and the range to which it is cut.
    cut
        How much is cut away, and what remains.
    is_of_agents
        Whether it varies between agents, not worlds.
    """

    path: str
    said: Uncertain
    cut: Cut
    is_of_agents: bool

    @property
    def sentence(self) -> str:
        """Return how much is cut away and what remains, in plain English."""
        return self.told(lambda _, text: text, str)

    def told(self, number: Callable[[tuple[str | int, ...], str], str], name: Callable[[str], str]) -> str:
        """Return the sentence with its numbers and names as a report, or whoever else tells it, writes them.

        Parameters
        ----------
        number
            Writes a number: its path in :meth:`as_json`, and how it is shown.
        name
            Writes a name: of the path, or of the distribution.
        """
        kind = self.said.distribution.name
        arguments = (
            number(("distribution", kind, place), f"{value:g}")
            for place, value in enumerate(self.said.distribution.arguments)
        )
        away = number(("cut_away",), f"{100 * self.cut.share:.3g}")
        between = ", which varies between agents," if self.is_of_agents else ""
        return (
            f"{name(self.path)}: {name(kind)}({', '.join(arguments)}){between} is cut to {self._range(number)}, which "
            f"takes {away} % of it away; what remains has {self._remaining(number)}."
        )

    def _range(self, number: Callable[[tuple[str | int, ...], str], str]) -> str:
        low, high = self.said.low, self.said.high
        ends = [number((key,), f"{end:g}") for key, end in (("low", low), ("high", high)) if math.isfinite(end)]
        if len(ends) == 2:
            return f"between {ends[0]} and {ends[1]}"
        return f"{'at least' if math.isfinite(low) else 'at most'} {ends[0]}"

    def _remaining(self, number: Callable[[tuple[str | int, ...], str], str]) -> str:
        median = f"median {number(('median',), f'{self.cut.median:.3g}')}"
        if self.cut.mean is None or self.cut.sd is None:
            return median
        mean, sd = (number((key,), f"{value:.3g}") for key, value in (("mean", self.cut.mean), ("sd", self.cut.sd)))
        return f"mean {mean}, standard deviation {sd} and {median}"

    def as_json(self) -> dict[str, Any]:
        """Return it as ``--json`` prints it."""
        low, high = (end if math.isfinite(end) else None for end in (self.said.low, self.said.high))
        return {
            "path": self.path,
            "distribution": {self.said.distribution.name: list(self.said.distribution.arguments)},
            "varies_between": "agents" if self.is_of_agents else "worlds",
            "low": low,
            "high": high,
            "cut_away": self.cut.share,
            "median": self.cut.median,
            "mean": self.cut.mean,
            "sd": self.cut.sd,
        }


def cut_distributions(settings: Iterable[ArmSetting]) -> tuple[CutDistribution, ...]:
    """Return the distributions of arms of which enough is cut away to be told, each once, by path.

    Parameters
    ----------
    settings
        The arms in their cells.
    """
    stated = dict.fromkeys(one for setting in settings for one in _stated(setting))
    found = ((path, said, is_of_agents, cut_of(said)) for path, said, is_of_agents in stated)
    told = [
        CutDistribution(path, said, cut, is_of_agents) for path, said, is_of_agents, cut in found if cut is not None
    ]
    return tuple(sorted(told, key=lambda one: one.path))


def _stated(setting: ArmSetting) -> Iterator[tuple[str, Uncertain, bool]]:
    yield from ((path, said, False) for path, said in setting.uncertainty.numbers)
    for key in _OF_AGENTS:
        path, value = f"agents.{key}", getattr(setting.parameters, key)
        said = meaning(path)
        low, high = -math.inf if said.low is None else said.low, math.inf if said.high is None else said.high
        for place, distribution in _distributions(path, value):
            yield place, Uncertain(Distribution(distribution.name, distribution.arguments), low, high), True


def _distributions(path: str, value: AgentValue) -> Iterator[tuple[str, Distribution]]:
    """Yield the distributions that are said of agents, each with its path."""
    if isinstance(value, Distribution):
        yield path, value
    elif isinstance(value, ByRole):
        yield from ((f"{path}.{role}", said) for role, said in value.values if isinstance(said, Distribution))

"""Scenarios with interventions, and a kind with keys of every type, for the tests of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from diffusion.errors import InputError
from diffusion.model.interventions import registry
from diffusion.model.interventions.changes import Change
from diffusion.model.interventions.intervention import Intervention, NewAgent, Schedule, stated
from diffusion.model.interventions.runs import Runs
from diffusion.network.network import Network
from diffusion.scenario import Scenario, read_scenario

HEAD = """\
title = "T"
networks = ["ahsn-a"]
steps = 12
replicates = 10
[adoption]
rule = "contagion"
transmission = 0.02
[leaders]
count = 3
position = "random"
"""
ROADSHOW = """\
[interventions.roadshow]
kind = "broadcast"
probability = 0.02
from = 3
"""  # lines 11-14
ARMS = """\
[[arms]]
name = "plain"
interventions.roadshow = false
[[arms]]
name = "louder"
interventions.roadshow.probability = 0.1
"""  # lines 15-20


@dataclass(frozen=True)
class Joining(NewAgent):
    """Describe somebody who comes, and to whom."""

    ties_to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Anything(Intervention):
    """Have keys of every type, and do nothing."""

    kind: ClassVar[str] = "anything"
    strategy: ClassVar[str] = "none"
    says: ClassVar[str] = "Does nothing."
    source: ClassVar[str] = "none"

    number: float = field(default=1.0, metadata=stated("a number", "", "0 to 1"))
    many: int | None = field(default=None, metadata=stated("how many", "", "1 or more"))
    both: bool = field(default=True, metadata=stated("whether both"))
    share: float | Mapping[str, float] | None = field(default=None, metadata=stated("a share", "", "0 to 1"))
    people: tuple[str, ...] | None = field(default=None, metadata=stated("who"))
    pairs: tuple[tuple[str, str], ...] = field(default=(), metadata=stated("which pairs"))
    agents: tuple[Joining, ...] = field(default=(), metadata=stated("who comes"))
    from_step: int = field(default=1, metadata=stated("when", "step", "1 to steps"))

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:  # noqa: ARG002 - anything fits
        return iter(())

    def changes(self, runs: Runs) -> Iterable[Change]:  # noqa: ARG002 - nothing changes
        return ()


@pytest.fixture
def anything(monkeypatch: pytest.MonkeyPatch) -> None:
    known = MappingProxyType({**registry.INTERVENTIONS, "anything": Anything})
    monkeypatch.setattr(registry, "INTERVENTIONS", known)


def read(text: str) -> Scenario:
    return read_scenario(text, Path("s.toml"))


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text)
    return list(caught.value.problems)


def of_arm(text: str, name: str = "arm", cell: int = 0) -> dict[str, Any]:
    """Return what an arm does, by name."""
    scenario = read(text)
    setting = next(one for one in scenario.settings(scenario.cells()[cell]) if one.name == name)
    return {said.name: said for said in setting.parameters.interventions}

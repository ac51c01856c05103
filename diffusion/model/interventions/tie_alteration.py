"""Alteration of the ties that a network has: some are taken away, or become stronger or weaker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from diffusion.model.interventions.changes import Change, RemovedTies, RestrengthenedTies
from diffusion.model.interventions.intervention import Schedule, stated
from diffusion.model.interventions.runs import Runs
from diffusion.model.interventions.tie_choice import ChosenTies
from diffusion.network.network import Network


@dataclass(frozen=True, kw_only=True)
class TieRemoval(ChosenTies):
    """Take ties away."""

    kind: ClassVar[str] = "remove_ties"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = "Ties are taken away: named ones, or so many chosen at random or by where they are."
    source: ClassVar[str] = (
        "Valente 2012, doi 10.1126/science.1217330; betweenness of ties: Girvan and Newman 2002, doi "
        "10.1073/pnas.122653799"
    )

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        rows, lanes = self.chosen(runs)
        if len(rows):
            yield RemovedTies(rows, lanes, self.from_step, self.until_step or runs.steps)


@dataclass(frozen=True, kw_only=True)
class TieStrengthening(ChosenTies):
    """Make ties stronger, or weaker."""

    kind: ClassVar[str] = "strengthen_ties"
    strategy: ClassVar[str] = "alteration"
    says: ClassVar[str] = (
        "The strength of ties, named ones or so many chosen at random or by where they are, is multiplied; it is at "
        "most 1."
    )
    source: ClassVar[str] = "Valente 2017, doi 10.1080/17437199.2016.1244647"

    factor: float = field(metadata=stated("what strength is multiplied by; below 1 ties get weaker", "", "above 0"))

    def problems(self, network: Network, schedule: Schedule) -> Iterator[str]:
        """Yield a line for everything that does not fit a network."""
        yield from super().problems(network, schedule)
        if not 0 < self.factor < float("inf"):
            yield f"{self.name}.factor: must be a number above 0; got {self.factor:g}; to take ties away, remove them"

    def changes(self, runs: Runs) -> Iterable[Change]:
        """Return what it changes in 64 replicates."""
        rows, lanes = self.chosen(runs)
        if len(rows):
            strength = np.minimum(runs.network.strength[rows] * self.factor, 1.0)
            yield RestrengthenedTies(rows, strength, lanes, self.from_step, self.until_step or runs.steps)

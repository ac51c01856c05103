"""Cases made from a number: denser and more varied than those that Hypothesis can shrink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from generated import LAYERS, ROLES, UNIFORM
from numpy.typing import NDArray

from diffusion.draws import Purpose, generator
from diffusion.model.parameters import AgentValue, ByRole, Column, Distribution, Parameters, StageParameters
from diffusion.network.network import Network

Option = TypeVar("Option")


class RandomCase:
    """Make a network, parameters and leaders from a number."""

    def __init__(self, number: int) -> None:
        self.rng = generator(Purpose.SYNTHESIS, "random case", number)
        self.network = self._network()
        self.parameters = Parameters(
            steps=int(self.rng.integers(2, 9)),
            adoption=self._stage(abandonment=self._one([0.0, 0.0, 0.1, 0.5])),
            awareness=self._stage() if self._happens(0.5) else None,
            receptivity=self._value([1.0, 0.6, Distribution("uniform", (0.2, 0.9))], low=0.1, high=1.0),
            influence=self._value([1.0, 0.6, 1.7, Distribution("uniform", (0.0, 2.0))], low=0.1, high=2.0),
            layers={layer: self._one([1.0, 0.4, 1.5, 0.0]) for layer in LAYERS} if self._happens(0.5) else None,
            between_roles={
                (self._one(ROLES), self._one(ROLES)): self._one([0.0, 0.5, 2.0]) for _ in range(self.rng.integers(0, 5))
            },
            leader_influence=self._one([1.0, 1.0, 0.5, 2.0]),
        )
        self.words = self._words()

    def _one(self, options: Sequence[Option]) -> Option:
        return options[int(self.rng.integers(len(options)))]

    def _happens(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def _network(self) -> Network:
        size = int(self.rng.integers(2, 12))
        ties = int(self.rng.integers(size, 5 * size))
        ends = self.rng.integers(0, size, (ties, 2))
        if self._happens(0.4):
            ends = np.concatenate([ends, ends[:, ::-1]])
        return Network.from_tables(
            name="random",
            ids=[f"p{number}" for number in range(size)],
            roles=[self._one(ROLES) for _ in range(size)],
            columns={"zeal": [str(round(zeal, 2)) for zeal in self.rng.random(size)]},
            source=[f"p{number}" for number in ends[:, 0]],
            target=[f"p{number}" for number in ends[:, 1]],
            layer=[self._one(LAYERS) for _ in ends],
            strength=self.rng.choice([1.0, 0.9, 0.5, 0.2], len(ends)).astype(np.float64),
        )

    def _value(self, options: Sequence[AgentValue], *, low: float, high: float) -> AgentValue:
        by_role = ByRole(tuple((role, round(self.rng.uniform(low, high), 3)) for role in ROLES))
        options_by_role: list[float | Distribution] = [low, UNIFORM, high]
        mixed = ByRole(tuple((role, self._one(options_by_role)) for role in ROLES))
        return self._one([*options, by_role, mixed])

    def _stage(self, abandonment: float = 0.0) -> StageParameters:
        external = self._one([0.0, 0.0, 0.05])
        exposure = self._one(["share", "number", "weight"])
        rule = self._one(["cascade", "contagion", "threshold", "hazard"])
        if rule == "threshold":
            theta = self._value([0.3, 1.0, UNIFORM, Column("zeal")], low=0.1, high=1.0)
            return StageParameters(rule, threshold=theta, exposure=exposure, external=external, abandonment=abandonment)
        if rule == "hazard":
            return StageParameters(
                rule,
                exposure=exposure,
                link=self._one(["logit", "probit", "identity"]),
                intercept=self.rng.uniform(-2.5, 0.1),
                slope=self.rng.uniform(-1.0, 4.0),
                attributes=tuple(
                    (name, self.rng.uniform(-0.5, 1.0))
                    for name in ("receptivity", "influence", "zeal")
                    if self._happens(0.3)
                ),
                external=external,
                abandonment=abandonment,
            )
        transmission = self._one([0.1, 0.3, 0.6, 0.9, 1.0])
        return StageParameters(rule, transmission=transmission, external=external, abandonment=abandonment)

    def _words(self) -> NDArray[np.uint64]:
        """One word an agent: a quarter of the lanes or none, now and then all."""
        words = self.rng.integers(0, 2**64, self.network.size, dtype=np.uint64)
        words &= self.rng.integers(0, 2**64, self.network.size, dtype=np.uint64)
        words[self.rng.random(self.network.size) < 0.3] = np.uint64(0)
        words[self.rng.random(self.network.size) < 0.1] = ~np.uint64(0)
        return words

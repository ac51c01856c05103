"""Every history that the readable model can play on a small network, with its probability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from diffusion.draws import ALWAYS, Purpose
from diffusion.model.abm import DiffusionModel
from diffusion.model.parameters import Parameters
from diffusion.network.network import Network

Coin = tuple[Purpose, int, int]


class ScriptedModel(DiffusionModel):
    """Throw coins as a script says; beyond its end, tails.

    ``thrown`` holds the coins in the order in which they were first thrown, with how they fell.
    """

    def __init__(
        self, network: Network, parameters: Parameters, leaders: Sequence[str], script: Sequence[bool]
    ) -> None:
        super().__init__(network, parameters, leaders)
        self.script = script
        self.thrown: dict[Coin, bool] = {}

    def coin(self, purpose: Purpose, key: int, step: int) -> int:
        place = len(self.thrown)
        scripted = place < len(self.script) and self.script[place]
        return 0 if self.thrown.setdefault((purpose, key, step), scripted) else ALWAYS - 1


def histories(
    network: Network, parameters: Parameters, leaders: Sequence[str]
) -> Iterator[tuple[float, DiffusionModel]]:
    """Yield every history once: its probability and the model at its end.

    Every tie must have strength 1 and every agent like values, so that a coin
    of a stage has one probability.
    """
    chances = {Purpose.ADOPTION_TIE: parameters.adoption.transmission}
    if parameters.awareness:
        chances[Purpose.AWARENESS_TIE] = parameters.awareness.transmission
    script: list[bool] = []
    while True:
        model = ScriptedModel(network, parameters, leaders, script)
        model.run()
        probability = 1.0
        for (purpose, _, _), fell in model.thrown.items():
            probability *= chances[purpose] if fell else 1.0 - chances[purpose]
        yield probability, model
        script = list(model.thrown.values())
        while script and script[-1]:
            script.pop()
        if not script:
            return
        script[-1] = True


def expected_adopters(network: Network, parameters: Parameters, leaders: Sequence[str]) -> NDArray[np.float64]:
    """The exact expectation of E(t), t = 0 … T."""
    total = np.zeros(parameters.steps + 1)
    for probability, model in histories(network, parameters, leaders):
        adopted_at = model.adopted_at[model.adopted_at >= 0]
        total += probability * np.bincount(adopted_at, minlength=parameters.steps + 1).cumsum()
    return total

"""An arm's parameters on a network where they are most extreme, so that nothing overflows once the runs have begun.

Looked at first are the least and the largest numbers that could ever be drawn.
Those of a heavy tail lie so far out that no study meets them: where they do
not fit, what is really drawn is looked at, if it is known how many worlds there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from diffusion.errors import InputError
from diffusion.experiment.study import WORLD
from diffusion.model.inputs import ModelInput
from diffusion.network.network import Network
from diffusion.scenario import ArmSetting, Scenario
from diffusion.scenario.worlds import MEDIAN

_EXPOSURE, _ADVICE = "ties: ", "; make them smaller"


def fitted_extremes(network: Network, setting: ArmSetting, scenario: Scenario) -> list[ModelInput]:
    """Return an arm's parameters resolved on a network: as they are typically, and at their least and largest.

    Parameters
    ----------
    network
        The network.
    setting
        The arm.
    scenario
        The scenario, which says how many worlds there are.

    Raises
    ------
    InputError
        If a parameter does not fit; of a distribution that reaches too far, with what it reaches.
    """
    typical, *ends = setting.extremes()
    try:
        fitted = [_fitted(network, typical, scenario)]
    except InputError as error:
        raise InputError(_explained(error, setting, {}, MEDIAN)) from error
    try:
        return [*fitted, *(_fitted(network, one, scenario) for one in ends)]
    except InputError as error:
        if scenario.precision is not None:
            raise InputError(_explained(error, setting, {})) from error
    drawn = setting.uncertainty.in_worlds(scenario.seed, scenario.worlds)
    try:
        return [*fitted, *(_fitted(network, one, scenario) for one in setting.extremes(drawn)[1:])]
    except InputError as error:
        raise InputError(_explained(error, setting, drawn)) from error


def _fitted(network: Network, setting: ArmSetting, scenario: Scenario) -> ModelInput:
    return ModelInput.of(network, setting.parameters, seed=scenario.seed, world=WORLD)


def _explained(
    error: InputError, setting: ArmSetting, drawn: Mapping[str, Sequence[float]], at: float = 1.0
) -> list[str]:
    """Return the problems, with the distribution that is to blame where what ties add up to is too much."""
    blamed = _blamed(setting, drawn, at)
    return [f"{blamed} {_added_up(line)}" if blamed and line.startswith(_EXPOSURE) else line for line in error.problems]


def _added_up(line: str) -> str:
    return f"{line.removeprefix(_EXPOSURE).removesuffix(_ADVICE)}; choose one that does not reach so far"


def _blamed(setting: ArmSetting, drawn: Mapping[str, Sequence[float]], at: float) -> str:
    """Return the path and the words of the number that is largest there; empty where none acts on ties."""
    found = []
    for path, said in setting.uncertainty.numbers:
        if path == "leaders.influence" or path.startswith("ties."):
            most = max(drawn[path]) if path in drawn else said.at(at)
            place = "at its median" if at == MEDIAN else "at its far end"
            where = f"in world {int(np.argmax(drawn[path]))}" if path in drawn else place
            found.append((most, f"{path}: {said.text} gives {most:.3g} {where}, with which"))
    most, words = max(found, default=(0.0, ""))
    return words if most > 1.0 else ""

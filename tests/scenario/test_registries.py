"""What a scenario may name is looked up late, so that a command without a scenario does not wait for the rules."""

from __future__ import annotations

import subprocess
import sys

import pytest

from diffusion.scenario import registries


def test_importing_scenarios_sets_up_neither_numba_nor_mesa() -> None:
    code = "import sys, diffusion.scenario; print(sorted({'mesa', 'numba', 'numpy', 'scipy'} & sys.modules.keys()))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout == "[]\n"


@pytest.mark.parametrize(
    ("look_up", "names"),
    [
        (registries.rules, ["cascade", "contagion", "threshold", "hazard"]),
        (registries.exposures, ["share", "number", "weight"]),
        (registries.links, ["logit", "probit", "identity"]),
    ],
)
def test_the_names_are_those_of_the_models_registries(look_up, names) -> None:
    assert list(look_up()) == names


def test_positions_begin_with_the_one_at_random() -> None:
    assert next(iter(registries.positions())) == "random"

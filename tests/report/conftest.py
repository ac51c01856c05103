"""Fixtures for studies whose results are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from experiment_cases import make_store, make_study, played, scenario_file

from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.report.loaded import LoadedStudy
from diffusion.scenario import load_scenario

__all__ = ["loaded_study", "make_store", "make_study", "scenario_file"]

HEAD = """
title = "Who should lead?"
networks = [{networks}]
steps = {steps}
replicates = {replicates}
seed = 5

[adoption]
rule = "{rule}"
transmission = {transmission}

[leaders]
count = {count}
"""

LoadStudy = Callable[..., LoadedStudy]


def arms_text(arms: Sequence[tuple[str, str]]) -> str:
    """Return arms as a scenario states them, from their names and positions."""
    return "".join(f"\n[[arms]]\nname = '{name}'\nleaders.position = \"{position}\"\n" for name, position in arms)


@pytest.fixture
def loaded_study(tmp_path: Path) -> LoadStudy:
    """Return what plays a small study and loads it."""

    def made(
        networks: Sequence[str | Network], arms: Sequence[tuple[str, str]], *, more: str = "", **stated: object
    ) -> LoadedStudy:
        names = []
        for network in networks:
            if isinstance(network, Network):
                csv_folder.write(network, tmp_path / network.name)
            names.append(network if isinstance(network, str) else f"./{network.name}")
        said = {"steps": 6, "replicates": 40, "rule": "contagion", "transmission": 0.2, "count": 2} | stated
        path = tmp_path / "study.toml"
        head = HEAD.format(networks=", ".join(f'"{name}"' for name in names), **said)
        path.write_text(head + arms_text(arms) + more, encoding="utf-8")
        study = plan(load_scenario(path))
        store = played(study, Store(Database(tmp_path / "study.db", create=True)))
        return LoadedStudy(study_result(study, store), store)

    return made

"""A small study and a store for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from diffusion.experiment import runner
from diffusion.experiment.database import Database
from diffusion.experiment.plan import Study, plan
from diffusion.experiment.provenance import record
from diffusion.experiment.store import Store
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.scenario import load_scenario

SCENARIO = """
title = "Who should lead?"
networks = ["./town"]
steps = {steps}
replicates = {replicates}
seed = 5
baseline = "random"

[adoption]
rule = "contagion"
transmission = 0.2

[leaders]
count = 2

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "hubs"
leaders.position = "out_degree"
{more}
"""


def on_uncertain_network(section: str, *, worlds: int, arms: str = "") -> str:
    """Return the scenario on an uncertain network, to be formatted with steps, replicates and more.

    ``section`` is what stands in ``[uncertain_network]``, and ``arms`` are further ones.
    """
    said = section.replace("{", "{{").replace("}", "}}")
    text = SCENARIO.replace("seed = 5", f"worlds = {worlds}\nseed = 5")
    return text.replace("[adoption]", f"[uncertain_network]\n{said}\n\n[adoption]").replace("{more}", arms + "{more}")


UNCERTAIN = """
title = "Who should lead?"
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 6
seed = 5

[adoption]
rule = "contagion"
transmission = {{ normal = [0.1, 0.2] }}

[leaders]
count = 2

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "hubs"
leaders.position = "out_degree"
leaders.influence = {{ choice = [1, 2] }}

[[arms]]
name = "doubtful"
leaders.position = "in_degree"
adoption.transmission = {{ uniform = [0.0, 0.4] }}
{more}
"""


def town() -> Network:
    """Return twelve people on a ring with a few chords, in two roles and three organisations."""
    ids = [f"p{number:02d}" for number in range(12)]
    pairs = [(place, (place + 1) % 12) for place in range(12)] + [(0, 6), (0, 4), (3, 9)]
    ties = pairs + [(second, first) for first, second in pairs]
    return Network.from_tables(
        name="town",
        ids=ids,
        roles=["manager" if place % 3 else "firm" for place in range(12)],
        columns={"organisation": [f"org {place % 3}" for place in range(12)]},
        source=[ids[tie[0]] for tie in ties],
        target=[ids[tie[1]] for tie in ties],
    )


MakeStudy = Callable[..., Study]
MakeStore = Callable[[], Store]


@pytest.fixture
def scenario_file(tmp_path: Path) -> Callable[..., Path]:
    csv_folder.write(town(), tmp_path / "town")

    def made(name: str = "who", *, replicates: int = 100, steps: int = 6, more: str = "", text: str = SCENARIO) -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(text.format(replicates=replicates, steps=steps, more=more), encoding="utf-8")
        return path

    return made


@pytest.fixture
def make_study(scenario_file: Callable[..., Path]) -> MakeStudy:
    def made(*arguments: str, **more: object) -> Study:
        return plan(load_scenario(scenario_file(*arguments, **more)))

    return made


@pytest.fixture
def make_store(tmp_path: Path) -> MakeStore:
    return lambda: Store(Database(tmp_path / "results" / "runs.db", create=True))


def played(study: Study, store: Store, **how: object) -> Store:
    """Return the store with every run of the study in it."""
    number = store.save(study, record(study, ["test"], "ensemble", 1))
    assert runner.run(study, store, **how)  # type: ignore[arg-type]
    store.finish(number)
    return store


def drawn_numbers(study: Study) -> Iterator[dict[str, Any]]:
    """Yield the uncertain numbers as their arms are played with them: a row a cell, arm, world and number."""
    scenario = study.scenario
    for cell in scenario.cells():
        for setting in scenario.settings(cell):
            for world in range(scenario.worlds):
                for path, value in setting.uncertainty.in_world(scenario.seed, world).items():
                    yield {**cell.values, "arm": setting.name, "world": world, "number": path, "value": value}


def rows(store: Store) -> list[tuple[Any, ...]]:
    """Return every stored run, in key order, without the numbers that differ between stores."""
    query = (
        "SELECT s.setting_digest, s.arm_digest, r.world, r.replicate, r.adopters, r.ever_adopted, r.spread, "
        "r.area_steps, r.time_to_half, r.organisations_reached, r.clipped_agent_steps, r.clipped_ties, r.adopted "
        "FROM runs r JOIN series s ON s.id = r.series ORDER BY 1, 2, 3, 4"
    )
    with store.database.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query).all()]

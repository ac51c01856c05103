"""Compiled code: an edit takes effect, a second process compiles nothing, a draw has one signature.

The package is copied and played in processes of its own, with a cache of its
own: first as it is, then again, then with one rule edited and another added.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from numba.core.dispatcher import Dispatcher

import diffusion
from diffusion.compiled import COMPILED_SOURCES, SOURCE_DIGEST, announced_compilation, source_digest

PACKAGE = Path(diffusion.__file__).parent
DECORATORS = {"compiled", "cached", "inlined", "kernel", "lean"}

PLAYED = """
import importlib, json
import numpy as np
from numba.core.dispatcher import Dispatcher
from diffusion.analysis.goals import goal_of
from diffusion.analysis.reduction import block_runs
from diffusion.compiled import COMPILED_SOURCES, announced_compilation
from diffusion.model.abm import DiffusionModel
from diffusion.model.ensemble import Ensemble
from diffusion.model.interventions.tie_addition import TieAddition
from diffusion.model.interventions.tie_alteration import TieRemoval
from diffusion.model.interventions.tie_rewiring import TieRewiring
from diffusion.model.parameters import Distribution, Parameters, StageParameters
from diffusion.model.rules import RULES
from diffusion.network.network import Network
from diffusion.network.rewiring import rewired
from diffusion.positions import leader_choice, leader_words
from diffusion.positions.optimum import Asked, OptimumSearch

path = Network.from_tables(name="path", ids="abc", source="ab", target="bc")
words = np.array([2**64 - 1, 0, 0], dtype=np.uint64)
unlike = Distribution("uniform", (0.9, 1.0))
stages = {
    rule: StageParameters(rule, transmission=1.0, threshold=1.0, intercept=-1.0, external=0.01, abandonment=0.01)
    for rule in RULES
}
adopters = {}
notices = []
with announced_compilation(lambda: notices.append("compiling")):
    leader_words(leader_choice(path, position="random", count=1), path, seed=1, world=0, block=0)
    for position in ("betweenness", "bridging", "closeness", "collective_influence", "participation"):
        leader_choice(path, position=position, count=1)
    for outcome, method in (("spread", "celf"), ("area", "celf"), ("area", "reverse_reachable")):
        said = Parameters(2, StageParameters("cascade", transmission=0.5))
        search = OptimumSearch(path, said, goal_of(outcome, path, 2), seed=1)
        search.best(1, np.arange(3), Asked(replicates=64, method=method))
    rewired(path, kept="degrees", number=0, seed=1)
    for altered in (
        TieAddition(name="t", count=1, choose="shortening"),
        TieRemoval(name="t", count=1),
        TieRewiring(name="t", share=1.0),
        TieRewiring(name="t", share=1.0, keep="sources"),
    ):
        said = Parameters(2, stages["threshold"], interventions=(altered,))
        Ensemble(path, said, seed=1, leader_words=lambda _: words).block(0)
    for rule, stage in stages.items():
        for awareness in (None, stage):
            for influence in (1.0, unlike):
                said = Parameters(2, stage, awareness=awareness, influence=influence)
                times = Ensemble(path, said, seed=1, leader_words=lambda _: words).block(0)
                block_runs(times, path.organisation_index, 0, 2)
                model = DiffusionModel(path, said, ["a"], seed=1, replicate=5)
                model.run()
                assert model.adopted_at.tolist() == times.adopted_at[:, 5].tolist()
        certain = Parameters(2, StageParameters(rule, transmission=1.0, threshold=1.0), influence=unlike)
        times = Ensemble(path, certain, seed=1, leader_words=lambda _: words).block(0)
        model = DiffusionModel(path, certain, ["a"], seed=1)
        model.run()
        adopters[rule] = [int((times.adopted_at[:, 0] >= 0).sum()), int((model.adopted_at >= 0).sum())]

modules = [importlib.import_module("diffusion." + name[:-3].replace("/", ".")) for name in COMPILED_SOURCES]
dispatchers = {
    f"{module.__name__}.{name}": found
    for module in modules
    for name, found in vars(module).items()
    if isinstance(found, Dispatcher) and found.py_func.__module__ == module.__name__
}
print(json.dumps({
    "file": modules[0].__file__,
    "adopters": adopters,
    "notices": notices,
    "signatures": {name: len(found.signatures) for name, found in dispatchers.items()},
    "cache": {
        name: [sum(found.stats.cache_hits.values()), sum(found.stats.cache_misses.values())]
        for name, found in dispatchers.items()
        if found.stats.cache_path is not None
    },
}))
"""

EDITS = {
    "    return transmission * weight * strength": "    return 0.0 * transmission * weight * strength",
    "# What a tie weighs in an exposure.": """
@compiled
def curiosity_probability(
    active: int, total: int, threshold: float, intercept: float, slope: float, propensity: float, link: int
) -> float:
    return 1.0 if active > 0 else 0.0
""",
    '            Rule(\n                name="hazard",': """            Rule(
                name="curiosity", family="exposure", code=17, function=curiosity_probability,
                parameters=(_EXPOSURE,), sentence="", literature="",
            ),
            Rule(
                name="hazard",""",
}
"""Text in rules.py, and what takes its place: no tie carries any more, and a rule is new."""


def played_in(folder: Path) -> dict[str, Any]:
    environment = os.environ | {"PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(folder / "cache")}
    finished = subprocess.run(
        [sys.executable, "-c", PLAYED], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    result: dict[str, Any] = json.loads(finished.stdout)
    assert Path(result["file"]).is_relative_to(folder)
    return result


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copied").resolve()
    shutil.copytree(PACKAGE, folder / "diffusion", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def first_run(copied: Path) -> dict[str, Any]:
    return played_in(copied)


@pytest.fixture(scope="module")
def second_run(copied: Path, first_run: dict[str, Any]) -> dict[str, Any]:
    assert first_run
    return played_in(copied)


@pytest.fixture(scope="module")
def edited_run(copied: Path, second_run: dict[str, Any]) -> dict[str, Any]:
    assert second_run
    rules = copied / "diffusion" / "model" / "rules.py"
    text = rules.read_text(encoding="utf-8")
    for old, new in EDITS.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    rules.write_text(text, encoding="utf-8")
    return played_in(copied)


def test_a_first_process_compiles_and_says_so_once(first_run: dict[str, Any]) -> None:
    assert first_run["notices"] == ["compiling"]
    assert {tuple(counts) for counts in first_run["cache"].values()} == {(0, 1)}


def test_a_second_process_takes_every_kernel_from_the_cache(second_run: dict[str, Any]) -> None:
    assert second_run["notices"] == []
    assert {name: tuple(counts) for name, counts in second_run["cache"].items()} == dict.fromkeys(
        second_run["cache"], (1, 0)
    )


def test_a_compiled_draw_has_one_signature_after_both_engines_ran(first_run: dict[str, Any]) -> None:
    draws = {name: count for name, count in first_run["signatures"].items() if name.startswith("diffusion.draws.")}
    assert {"diffusion.draws.philox", "diffusion.draws.fill_words", "diffusion.draws._coin_numbers"} <= set(draws)
    assert {name: count for name, count in draws.items() if count > 1} == {}
    assert all(first_run["signatures"][name] == 1 for name in first_run["cache"])


def test_an_edited_rule_takes_effect_in_both_engines(first_run: dict[str, Any], edited_run: dict[str, Any]) -> None:
    for rule in ("cascade", "contagion"):
        assert first_run["adopters"][rule] == [3, 3]
        assert edited_run["adopters"][rule] == [1, 1]
    assert edited_run["adopters"]["threshold"] == first_run["adopters"]["threshold"]


def test_an_added_rule_takes_effect_in_both_engines(first_run: dict[str, Any], edited_run: dict[str, Any]) -> None:
    assert "curiosity" not in first_run["adopters"]
    assert edited_run["adopters"]["curiosity"] == [3, 3]


def test_an_edit_compiles_every_kernel_again(first_run: dict[str, Any], edited_run: dict[str, Any]) -> None:
    assert edited_run["notices"] == ["compiling"]
    assert {name: tuple(counts) for name, counts in edited_run["cache"].items()} == dict.fromkeys(
        first_run["cache"], (0, 1)
    )


# The list of compiled sources.


def imports(module: Path) -> set[tuple[str, str]]:
    """Every (module, name) that a file imports; the name is empty where the module itself is imported."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {(node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
    return found


def modules_that_import(module: str, names: set[str] | None = None) -> set[str]:
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for origin, name in imports(path)
        if (origin == module or origin.startswith(f"{module}.")) and (names is None or name in names)
    }


def test_compiled_sources_are_all_files_with_compiled_code() -> None:
    # entries.py compiles nothing, but its constants and record types are frozen into the kernels that import them.
    others = {"compiled.py", "model/entries.py"}
    assert {*modules_that_import("diffusion.compiled", DECORATORS), *others} == set(COMPILED_SOURCES)
    assert list(COMPILED_SOURCES) == sorted(COMPILED_SOURCES)


def test_only_one_file_knows_numba() -> None:
    assert modules_that_import("numba") == {"compiled.py"}


def test_the_digest_names_the_text_of_every_compiled_source(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "diffusion", ignore=shutil.ignore_patterns("__pycache__"))
    assert source_digest(tmp_path / "diffusion") == SOURCE_DIGEST
    for name in COMPILED_SOURCES:
        source = tmp_path / "diffusion" / name
        text = source.read_bytes()
        source.write_bytes(text + b"\n")
        assert source_digest(tmp_path / "diffusion") != SOURCE_DIGEST
        source.write_bytes(text)


def cached_kernels() -> dict[str, Dispatcher]:
    found = {}
    for name in COMPILED_SOURCES:
        module = importlib.import_module("diffusion." + name.removesuffix(".py").replace("/", "."))
        for key, value in vars(module).items():
            if isinstance(value, Dispatcher) and value.stats.cache_path is not None:
                found[f"{name}: {key}"] = value
    return found


def test_every_cached_kernel_closes_over_the_digest_of_all_compiled_sources() -> None:
    kernels = cached_kernels()
    assert len(kernels) >= 8
    for name, kernel in kernels.items():
        assert SOURCE_DIGEST in inspect.getclosurevars(kernel.py_func).nonlocals.values(), name


def test_nothing_is_announced_where_nothing_is_compiled() -> None:
    notices: list[str] = []
    with announced_compilation(lambda: notices.append("compiling")):
        pass
    assert notices == []

"""The benchmarks, which nobody runs with the tests: what they take from the program is there."""

from __future__ import annotations

import ast
import importlib
import sys
from importlib import util
from pathlib import Path

import pytest

BENCHMARKS = sorted((Path(__file__).parents[1] / "benchmarks").glob("*.py"))


def taken_from(path: Path) -> list[tuple[str, str]]:
    """Return the modules of the program and the names that a file takes from them."""
    imports = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    return [
        (node.module, name.name)
        for node in imports
        if node.module is not None and node.module.split(".")[0] == "diffusion"
        for name in node.names
    ]


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_a_benchmark_takes_from_the_program_what_is_there(path: Path) -> None:
    for module, name in taken_from(path):
        importlib.import_module(module)
        is_module = (
            util.find_spec(f"{module}.{name}") is not None if hasattr(sys.modules[module], "__path__") else False
        )
        assert is_module or hasattr(sys.modules[module], name), f"{module} has no {name}"


def test_most_benchmarks_take_something() -> None:
    assert sum(bool(taken_from(path)) for path in BENCHMARKS) > len(BENCHMARKS) // 2

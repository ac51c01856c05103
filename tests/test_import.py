"""Importing the package is cheap, and changes nothing but the table of modules."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("mesa", "numba", "scipy", "networkx", "pandas", "sqlalchemy", "pydantic", "solara")

STATE = """
import json, locale, logging, multiprocessing, os, random, signal, sys, threading, warnings
import numpy as np
import scipy.special  # SciPy adds a filter for warnings of its own class; it is nobody else's

def state():
    root = logging.getLogger()
    return {
        "start method": multiprocessing.get_start_method(allow_none=True),
        "warnings filters": [str(one) for one in warnings.filters],
        "showwarning": str(warnings.showwarning),
        "numpy's error state": np.geterr(),
        "numpy's print options": str(np.get_printoptions()),
        "random's state": hash(random.getstate()),
        "numpy's random state": str(np.random.get_state()),
        "locale": locale.setlocale(locale.LC_ALL),
        "environment": dict(os.environ),
        "recursion limit": sys.getrecursionlimit(),
        "excepthook": str(sys.excepthook),
        "threads": [thread.name for thread in threading.enumerate()],
        "signals": {str(one): str(signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGTERM)},
        "path": list(sys.path),
        "directory": os.getcwd(),
        "logging": [root.level, [str(handler) for handler in root.handlers]],
    }

"""


def run(program: str, *options: str) -> str:
    finished = subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout.strip()


@pytest.mark.parametrize("module", ["diffusion", "diffusion.model.parameters"])
def test_importing_the_package_imports_nothing_heavy(module: str) -> None:
    loaded = run(f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])")
    assert loaded == ""


@pytest.mark.parametrize(
    ("module", "start_method"),
    [
        ("diffusion", None),
        ("diffusion.model.ensemble", None),
        ("diffusion.model.agents", None),
        ("diffusion.model.abm", None),
        ("diffusion.model.abm", "forkserver"),
    ],
)
def test_importing_the_package_changes_no_global_state_and_says_nothing(module: str, start_method: str | None) -> None:
    chosen = f"multiprocessing.set_start_method({start_method!r})" if start_method else ""
    program = f"""{STATE}
{chosen}
before = state()
import {module}
after = state()
print(json.dumps([key for key in before if before[key] != after[key]]))
"""
    assert run(program, "-W", "error") == "[]"

"""How an innovation spreads through people, and what leaders in other positions would have changed.

The names below are loaded when they are first used, so importing the package
loads neither Mesa nor numba.

Examples
--------
>>> from pathlib import Path
>>> import diffusion
>>> region = diffusion.read_network("ahsn-a", Path())
>>> said = diffusion.Parameters(steps=36, adoption=diffusion.StageParameters("contagion", transmission=0.015))
>>> model = diffusion.DiffusionModel(region, said, leaders=["M040"], seed=2016, replicate=17)
>>> model.run()
>>> model.count(model.members[0].stage.ADOPTED) > 1
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffusion.errors import DiffusionError, InputError
    from diffusion.experiment.database import Database
    from diffusion.experiment.plan import Study, plan
    from diffusion.experiment.runner import run
    from diffusion.experiment.store import Store
    from diffusion.model.abm import DiffusionModel
    from diffusion.model.agents import Academic, Agent, Firm, Manager
    from diffusion.model.ensemble import Ensemble
    from diffusion.model.parameters import Parameters, StageParameters
    from diffusion.network.formats import read_network
    from diffusion.network.network import Network
    from diffusion.report.loaded import load_study
    from diffusion.scenario import Scenario, load_scenario

__all__ = [
    "Academic",
    "Agent",
    "Database",
    "DiffusionError",
    "DiffusionModel",
    "Ensemble",
    "Firm",
    "InputError",
    "Manager",
    "Network",
    "Parameters",
    "Scenario",
    "StageParameters",
    "Store",
    "Study",
    "load_scenario",
    "load_study",
    "plan",
    "read_network",
    "run",
]

_HOMES = {
    "errors": ("DiffusionError", "InputError"),
    "experiment.database": ("Database",),
    "experiment.plan": ("Study", "plan"),
    "experiment.runner": ("run",),
    "experiment.store": ("Store",),
    "model.abm": ("DiffusionModel",),
    "model.agents": ("Academic", "Agent", "Firm", "Manager"),
    "model.ensemble": ("Ensemble",),
    "model.parameters": ("Parameters", "StageParameters"),
    "network.formats": ("read_network",),
    "network.network": ("Network",),
    "report.loaded": ("load_study",),
    "scenario": ("Scenario", "load_scenario"),
}
_HOME = {name: f"diffusion.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Return a public name, loading the module that holds it (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'diffusion' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)

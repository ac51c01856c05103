"""NDlib, in Python (doi 10.1007/s41060-017-0086-6): every rule.

Its models draw from numpy's global generator, which their constructor seeds. A
call of ``iteration`` is a step, all decisions on what was before; it returns
who changed. ``IndependentCascades`` counts those who have tried as removed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from measuring import Contender, Counts
from ndlib.models import ModelConfig
from ndlib.models.epidemics import IndependentCascadesModel, SIModel, ThresholdModel
from our_engine import LEADERS, Graph

from diffusion.draws import Purpose, generator

Changes = list[dict[int, int]]


def cascade(graph: Graph, transmission: float) -> Contender:
    """Return its independent cascade, played until nobody is newly active.

    Parameters
    ----------
    graph
        Where the innovation spreads.
    transmission
        The probability of every edge.
    """
    model = IndependentCascadesModel(graph.networkx, seed=1)
    config = _config()
    for edge in graph.networkx.edges:
        config.add_edge_configuration("threshold", edge, transmission)
    model.set_initial_status(config)
    return _contender(model, lambda: _until_nothing_changes(model))


def contagion(graph: Graph, transmission: float, steps: int) -> Contender:
    """Return its SI model.

    Parameters
    ----------
    graph, transmission
        As in :func:`cascade`, but for every step.
    steps
        How many steps.
    """
    model = SIModel(graph.networkx, seed=1)
    config = _config()
    config.add_model_parameter("beta", transmission)
    model.set_initial_status(config)
    return _contender(model, lambda: [model.iteration()["status"] for _ in range(steps + 1)])


def threshold(graph: Graph, *, redrawn: bool) -> Contender:
    """Return its threshold model on shares of alters.

    It takes thresholds as given, one a node. To draw them anew in every run is
    no part of its interface, but can be done by writing into the model.

    Parameters
    ----------
    graph
        Where the innovation spreads.
    redrawn
        Whether thresholds are drawn anew, uniformly on (0, 1), or the graph's own.
    """
    model = ThresholdModel(graph.networkx, seed=1)
    config = _config()
    for node, theta in enumerate(graph.thresholds):
        config.add_node_configuration("threshold", node, theta)
    model.set_initial_status(config)
    drawn = generator(Purpose.SYNTHESIS, "benchmark", "redrawn")

    def run() -> Changes:
        if redrawn:
            model.params["nodes"]["threshold"] = dict(enumerate(drawn.random(graph.nodes).tolist()))
        return _until_nothing_changes(model)

    return _contender(model, run, "NDlib, redrawn" if redrawn else "NDlib")


def _config() -> ModelConfig.Configuration:
    config = ModelConfig.Configuration()
    config.add_model_initial_configuration("Infected", list(LEADERS))
    return config


def _until_nothing_changes(model: Any) -> Changes:
    changes = [model.iteration()["status"], model.iteration()["status"]]
    while changes[-1]:
        changes.append(model.iteration()["status"])
    return changes


def _contender(model: Any, run: Callable[[], Changes], name: str = "NDlib") -> Contender:
    def play(runs: int) -> int:
        for _ in range(runs):
            model.reset(infected_nodes=list(LEADERS))
            run()
        return runs

    def adopters(runs: int) -> Counts:
        counts = np.zeros(runs, dtype=np.int64)
        for place in range(runs):
            play(1)
            counts[place] = sum(status != 0 for status in model.status.values())
        return counts

    return Contender(name, play, adopters)

"""CyNetDiff, in C++: independent cascade and linear threshold (doi 10.5281/zenodo.10801504).

Its models take one try per directed edge, from a newly active node, with a
number of its own for each direction; an undirected graph has both directions.
They keep no times: who became active is asked for after every round.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
from cynetdiff.models import IndependentCascadeModel, LinearThresholdModel
from cynetdiff.utils import networkx_to_ic_model, networkx_to_lt_model
from measuring import Contender, Counts
from our_engine import LEADERS, Graph

Model = IndependentCascadeModel | LinearThresholdModel


def cascade(graph: Graph, transmission: float, *, timed: bool) -> Contender:
    """Return its independent cascade.

    Parameters
    ----------
    graph
        Where the innovation spreads.
    transmission
        The probability of every edge.
    timed
        Whether times are recorded, or only final numbers.
    """
    model, _ = networkx_to_ic_model(graph.networkx, activation_prob=transmission, rng=1)
    return _contender(model, timed=timed)


def threshold(graph: Graph, *, timed: bool) -> Contender:
    """Return its linear threshold model: thresholds uniform on (0, 1), every edge of weight 1 / in-degree.

    Parameters
    ----------
    graph, timed
        As in :func:`cascade`.
    """
    model, _ = networkx_to_lt_model(nx.DiGraph(graph.networkx), rng=1)
    return _contender(model, timed=timed)


def _contender(model: Model, *, timed: bool) -> Contender:
    model.set_seeds(list(LEADERS))

    def play(runs: int) -> int:
        for _ in range(runs):
            model.reset_model()
            if timed:
                _rounds(model)
            else:
                model.advance_until_completion()
        return runs

    def adopters(runs: int) -> Counts:
        counts = np.zeros(runs, dtype=np.int64)
        for run in range(runs):
            play(1)
            counts[run] = model.get_num_activated_nodes()
        return counts

    return Contender("CyNetDiff" if timed else "CyNetDiff, no times", play, adopters)


def _rounds(model: Model) -> list[list[int]]:
    """Return who became active in each round."""
    rounds = []
    while new := list(model.get_newly_activated_nodes()):
        rounds.append(new)
        model.advance_model()
    return rounds

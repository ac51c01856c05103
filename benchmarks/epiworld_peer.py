"""epiworld, in C++ (doi 10.21105/joss.05781), through epiworldpy: contagion and hazard under rules of its own.

*ModelSIR* without recovery: an agent with k infected alters is infected with
probability k o / (1 + k o), o = p / (1 - p): that of one success among k tries,
given that there is at most one (``roulette`` in ``misc.hpp``).

*ModelDiffNet*: an agent adopts with probability logit⁻¹(logit(p) + share of
adopters among its alters) (``models/diffnet.hpp``); but only agents with an
adopter among their alters are asked at all (the queue of ``model-meat.hpp``).

Both decide on what was the day before and keep every transmission with its
date. :func:`reference` simulates these sentences, to check that they are true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import epiworldpy
import networkx as nx
import numpy as np
from epiworldpy.epimodels import ModelDiffNet, ModelSIR
from measuring import Contender, Counts
from numpy.typing import NDArray
from our_engine import LEADERS, Graph

from diffusion.draws import Purpose, generator

Probabilities = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]
"""(How many alters are active, how many there are) -> the probability of adopting."""


def contagion(graph: Graph, transmission: float, steps: int) -> Contender:
    """Return its SIR model without recovery.

    The model's own virus starts with random agents and is not used; a second
    one starts with the leaders.

    Parameters
    ----------
    graph
        Where the innovation spreads.
    transmission
        The probability of every tie and day.
    steps
        How many days.
    """
    model = ModelSIR("unused", 0.0, 0.0, 0.0)
    virus = epiworldpy.Virus("innovation", 0.0, True, transmission, 0.0, 0.0)  # noqa: FBT003 - takes no keywords
    virus.set_state(1, 2, 2)
    virus.set_distribution(lambda innovation, world: _infect(LEADERS, innovation, world))
    model.add_virus(virus)
    return _contender("epiworld SIR", graph, model, steps)


def hazard(graph: Graph, baseline: float, steps: int) -> Contender:
    """Return its logit diffusion on the share of alters.

    Its innovation cannot be given to chosen agents at the start. So nobody has
    it until the end of day 1, when the leaders get it, and one day is added.

    Parameters
    ----------
    graph, steps
        As in :func:`contagion`.
    baseline
        p, the probability of adopting at exposure 0.
    """
    everybody = _diffnet(1.0, baseline)
    _prepare(everybody, graph)
    everybody.run(1, 1)
    innovation = everybody.get_agent(0).get_virus()
    model = _diffnet(0.0, baseline)

    def infect(world: epiworldpy.Model) -> None:
        assert everybody.size()  # an innovation does not outlive the model that it comes from
        _infect(LEADERS, innovation, world)

    model.add_globalevent(infect, "leaders", 1)
    return _contender("epiworld DiffNet", graph, model, steps + 1)


def sir_probability(transmission: float) -> Probabilities:
    """Return what ModelSIR's rule says."""
    odds = transmission / (1 - transmission)
    return lambda active, _: active * odds / (1 + active * odds)


def diffnet_probability(baseline: float) -> Probabilities:
    """Return what ModelDiffNet's rule says."""
    intercept = np.log(baseline / (1 - baseline))
    return lambda active, alters: np.where(active > 0, 1 / (1 + np.exp(-intercept - active / alters)), 0.0)


def reference(graph: Graph, probability: Probabilities, steps: int) -> Contender:
    """Return a plain simulation of a rule, day by day, to check what is said of it.

    Parameters
    ----------
    graph, steps
        As in :func:`contagion`.
    probability
        The rule.
    """
    adjacency = nx.to_scipy_sparse_array(graph.networkx, nodelist=range(graph.nodes), dtype=float, format="csr")
    alters = adjacency.sum(axis=1)
    drawn = generator(Purpose.SYNTHESIS, "benchmark", "reference")

    def adopters(runs: int) -> Counts:
        counts = np.zeros(runs, dtype=np.int64)
        for run in range(runs):
            adopted = np.zeros(graph.nodes, dtype=bool)
            adopted[list(LEADERS)] = True
            for _ in range(steps):
                adopted |= drawn.random(graph.nodes) < probability(adjacency @ adopted, alters)
            counts[run] = adopted.sum()
        return counts

    return Contender("reference", lambda runs: len(adopters(runs)), adopters)


def _diffnet(prevalence: float, baseline: float) -> ModelDiffNet:
    return ModelDiffNet("innovation", prevalence, baseline, True, 0.0, 0, [], [])  # noqa: FBT003 - takes no keywords


def _infect(agents: Sequence[int], virus: epiworldpy.Virus, model: epiworldpy.Model) -> None:
    for agent in agents:
        model.get_agent(agent).set_virus(model, virus)


def _prepare(model: epiworldpy.Model, graph: Graph) -> None:
    one, other = zip(*graph.networkx.edges, strict=True)
    model.agents_from_edgelist(list(one), list(other), graph.nodes, False)  # noqa: FBT003 - whether it is directed
    model.verbose_off()


def _contender(name: str, graph: Graph, model: epiworldpy.Model, days: int) -> Contender:
    _prepare(model, graph)
    seeds = iter(range(1, 2**31))

    def run(runs: int, then: Callable[[int, epiworldpy.Model], None]) -> None:
        model.run_multiple(days, runs, seed_=next(seeds), fun=then, reset=True, verbose=False, nthreads=1)

    def play(runs: int) -> int:
        run(runs, lambda *_: None)
        return runs

    def adopters(runs: int) -> Counts:
        counts: list[int] = []
        run(runs, lambda _, played: counts.append(graph.nodes - int(played.get_db().get_today_total()["counts"][0])))
        return np.array(counts)

    return Contender(name, play, adopters)

"""Published results and closed forms, in both engines.

Means are judged by four standard errors, a false alarm of 6e-5 a comparison
(normal approximation) before the seeds were fixed, and of less than 1 % over
all the comparisons of this file. What is exact is compared exactly: the
expectation over all histories of the readable model, to 1e-9.
"""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from engines import Times, by_ensemble, by_mesa, ever_adopted, ever_adopted_by_ensemble
from graphs import complete, cycle, directed_cycle, network_of, node, path, star, undirected
from histories import expected_adopters
from numpy.typing import NDArray

from diffusion.model.parameters import Column, Distribution, Parameters, StageParameters
from diffusion.network.network import Network

Engine = Callable[..., Times]
in_both_engines = pytest.mark.parametrize("engine", [by_ensemble, by_mesa])

UNIFORM = Distribution("uniform", (0.0, 1.0))
KITE = undirected(nx.krackhardt_kite_graph())
TREE = undirected(nx.balanced_tree(2, 3))


def tie_rule(rule: str, transmission: float, steps: int) -> Parameters:
    return Parameters(steps, StageParameters(rule, transmission=transmission))


def threshold_rule(threshold: float | Column | Distribution, exposure: str, steps: int) -> Parameters:
    return Parameters(steps, StageParameters("threshold", threshold=threshold, exposure=exposure))


def means_and_errors(curves: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(len(curves))


def assert_within_four_standard_errors(curves: NDArray[np.int64], expected: list[float], *, printed: float) -> None:
    """Compare E(t) for the last steps with expectations that are known up to a rounding."""
    means, errors = means_and_errors(curves[:, -len(expected) :])
    assert np.all(np.abs(means - expected) <= 4 * errors + printed), (means, expected)


# Cascade: the expected number of adopters in the end, leaders included.

CASCADES: dict[str, tuple[Network, int, float, float]] = {
    "path from its end": (path(6), 0, 0.3, 1.427530),
    "path from its third node": (path(6), 2, 0.3, 1.807000),
    "directed cycle": (directed_cycle(8), 0, 0.3, 1.428478),
    "undirected cycle": (cycle(8), 0, 0.3, 1.856496),
    "star from its centre": (star(10), 0, 0.3, 3.7),
    "star from a leaf": (star(10), 1, 0.3, 2.02),
    "tree from its root": (TREE, 0, 0.3, 2.176),
    "K3": (complete(3), 0, 0.5, 2.25),
    "K4": (complete(4), 0, 0.3, 2.316556),
    "K5": (complete(5), 0, 0.2, 2.270137),
    "K10 at .1": (complete(10), 0, 0.1, 3.026929),
    "K10 at .2": (complete(10), 0, 0.2, 6.784458),
    "K34": (complete(34), 0, 0.05, 16.130472),
}
KITE_CASCADES = [3.993220, 3.993220, 3.619935, 4.513778, 3.619935, 4.291721, 4.291721, 3.352930, 2.188879, 1.566664]
CASCADES |= {f"kite from node {place}": (KITE, place, 0.3, value) for place, value in enumerate(KITE_CASCADES)}

ENUMERATED = [
    "path from its end", "path from its third node", "directed cycle", "undirected cycle", "star from its centre",
    "star from a leaf", "K3", "K4",
]  # fmt: skip


def test_the_closed_forms_of_the_cascade_are_the_values_used_here() -> None:
    p, n = 0.3, 6
    assert (1 - p**n) / (1 - p) == pytest.approx(CASCADES["path from its end"][3], abs=1e-6)
    n = 8
    assert (1 - p**n) / (1 - p) == pytest.approx(CASCADES["directed cycle"][3], abs=1e-6)
    undirected_cycle = 1 + 2 * sum(p**d for d in range(1, n)) - (n - 1) * p**n
    assert undirected_cycle == pytest.approx(CASCADES["undirected cycle"][3], abs=1e-6)
    assert 1 + sum(2**depth * p**depth for depth in (1, 2, 3)) == pytest.approx(2.176)


@pytest.mark.parametrize("case", CASCADES)
def test_the_ensembles_cascade_reaches_the_expected_number(case: str) -> None:
    network, leader, transmission, expected = CASCADES[case]
    said = tie_rule("cascade", transmission, network.size - 1)
    curves = ever_adopted_by_ensemble(network, said, [node(leader)], blocks=400, seed=11)
    assert_within_four_standard_errors(curves, [expected], printed=1e-6)


@pytest.mark.parametrize("case", ENUMERATED)
def test_the_readable_cascade_has_exactly_the_expected_number(case: str) -> None:
    network, leader, transmission, expected = CASCADES[case]
    said = tie_rule("cascade", transmission, network.size - 1)
    assert expected_adopters(network, said, [node(leader)])[-1] == pytest.approx(expected, abs=1e-6)


def mesa_curves(network: Network, said: Parameters, leader: int, *, replicates: int) -> NDArray[np.int64]:
    played = (by_mesa(network, said, [node(leader)], seed=12, replicate=replicate) for replicate in range(replicates))
    return np.array([ever_adopted(times, said.steps) for times in played])


@pytest.mark.parametrize("case", ["K10 at .2", "kite from node 3", "kite from node 7"])
def test_the_readable_cascade_reaches_the_expected_number(case: str) -> None:
    network, leader, transmission, expected = CASCADES[case]
    said = tie_rule("cascade", transmission, network.size - 1)
    curves = mesa_curves(network, said, leader, replicates=400)
    assert_within_four_standard_errors(curves, [expected], printed=1e-6)


# Two stages.


@in_both_engines
def test_two_cascades_on_a_path_move_one_after_the_other(engine: Engine) -> None:
    certain = StageParameters("cascade", transmission=1.0)
    times = engine(network_of(3, [(0, 1), (1, 2)]), Parameters(6, certain, awareness=certain), [node(0)])
    assert times.aware_at == [0, 1, 2]
    assert times.adopted_at == [0, 2, 3]


TWO_STAGE_STAR = Parameters(
    20, StageParameters("cascade", transmission=0.3), awareness=StageParameters("cascade", transmission=0.5)
)


def test_two_cascades_on_a_star_multiply_their_transmissions() -> None:
    curves = ever_adopted_by_ensemble(star(10), TWO_STAGE_STAR, [node(0)], blocks=400, seed=13)
    assert_within_four_standard_errors(curves, [1 + 9 * 0.15], printed=0)


def test_two_readable_cascades_on_a_star_multiply_their_transmissions_exactly() -> None:
    """A star of 5 has as many histories as can be played in a second."""
    expected = expected_adopters(star(5), TWO_STAGE_STAR, [node(0)])
    assert expected[-1] == pytest.approx(1 + 4 * 0.15, abs=1e-9)


# Contagion: expected adopters by step.

K10_CONTAGION = [1, 1.9, 3.27319, 4.96411, 6.62142, 7.94894, 8.8545, 9.40135, 9.70289, 9.85832, 9.93449]
STAR_CONTAGION = [1, 1.9, 2.71, 3.439, 4.0951, 4.68559]
PATH_CONTAGION = [1, 1.3, 1.6, 1.9, 2.2, 2.5, 2.799271]
CONTAGIONS = {
    "K10": (complete(10), 0.1, K10_CONTAGION),
    "star from its centre": (star(10), 0.1, STAR_CONTAGION),
    "path from its end": (path(6), 0.3, PATH_CONTAGION),
}


@pytest.mark.parametrize("case", CONTAGIONS)
def test_the_ensembles_contagion_follows_the_expected_curve(case: str) -> None:
    network, transmission, expected = CONTAGIONS[case]
    said = tie_rule("contagion", transmission, len(expected) - 1)
    curves = ever_adopted_by_ensemble(network, said, [node(0)], blocks=400, seed=14)
    assert_within_four_standard_errors(curves, expected, printed=1e-5)


def test_the_readable_contagion_follows_the_expected_curve_on_a_complete_graph() -> None:
    curves = mesa_curves(complete(10), tie_rule("contagion", 0.1, 6), 0, replicates=250)
    assert_within_four_standard_errors(curves, K10_CONTAGION[:7], printed=1e-5)


def test_the_readable_contagion_follows_the_expected_curve_on_a_path_exactly() -> None:
    expected = expected_adopters(path(6), tie_rule("contagion", 0.3, 6), [node(0)])
    assert expected == pytest.approx(PATH_CONTAGION, abs=1e-6)


def test_the_readable_contagion_follows_the_expected_curve_on_a_star_exactly() -> None:
    expected = expected_adopters(star(4), tie_rule("contagion", 0.1, 4), [node(0)])
    assert expected == pytest.approx([1 + 3 * (1 - 0.9**t) for t in range(5)], abs=1e-9)


# Thresholds.


def crowd(thresholds: list[int]) -> Network:
    """Granovetter's crowd: everybody sees everybody, and has a threshold."""
    size = len(thresholds)
    ties = [(a, b) for a in range(size) for b in range(size) if a != b]
    return network_of(size, ties, columns={"threshold": [str(theta) for theta in thresholds]})


@in_both_engines
def test_granovetters_crowd_riots_one_after_the_other(engine: Engine) -> None:
    times = engine(crowd(list(range(100))), threshold_rule(Column("threshold"), "number", 100))
    assert times.adopted_at == list(range(1, 101))


@in_both_engines
def test_granovetters_other_crowd_has_one_rioter(engine: Engine) -> None:
    times = engine(crowd([0, 2, *range(2, 100)]), threshold_rule(Column("threshold"), "number", 100))
    assert sum(time >= 0 for time in times.adopted_at) == 1


@in_both_engines
@pytest.mark.parametrize(
    ("sources", "active", "strength", "exposure", "threshold"),
    [(10, 1, 1.0, "share", 0.1), (3, 3, 0.2, "weight", 0.6), (10, 3, 1.0, "share", 0.3), (10, 3, 0.1, "share", 0.3)],
)
def test_a_threshold_is_met_by_what_adds_up_to_it(
    engine: Engine, sources: int, active: int, strength: float, exposure: str, threshold: float
) -> None:
    network = network_of(sources + 1, [(place, sources) for place in range(sources)], strength=[strength] * sources)
    leaders = [node(place) for place in range(active)]
    assert engine(network, threshold_rule(threshold, exposure, 1), leaders).adopted_at[sources] == 1
    assert engine(network, threshold_rule(threshold, exposure, 1), leaders[1:]).adopted_at[sources] == -1
    assert engine(network, threshold_rule(threshold + 0.01, exposure, 1), leaders).adopted_at[sources] == -1


@in_both_engines
def test_half_of_the_alters_carry_a_cycle_and_a_little_more_does_not(engine: Engine) -> None:
    times = engine(cycle(12), threshold_rule(0.5, "share", 6), [node(0)])
    assert ever_adopted(times, 6) == [1, 3, 5, 7, 9, 11, 12]
    times = engine(cycle(12), threshold_rule(0.51, "share", 6), [node(0)])
    assert ever_adopted(times, 6) == [1] * 7


@in_both_engines
@pytest.mark.parametrize(
    ("leaders", "expected"), [([0, 1], list(range(2, 21, 2))), ([0, 5], [2] * 10), ([3], [1] * 10)]
)
def test_complex_contagion_on_a_ring_needs_two_neighbouring_leaders(
    engine: Engine, leaders: list[int], expected: list[int]
) -> None:
    ring = undirected(nx.circulant_graph(20, [1, 2]))
    times = engine(ring, threshold_rule(2.0, "number", 9), [node(leader) for leader in leaders])
    assert ever_adopted(times, 9) == expected


LINEAR_THRESHOLD = threshold_rule(UNIFORM, "share", 8)


def test_linear_threshold_on_a_cycle_reaches_the_expected_number() -> None:
    curves = ever_adopted_by_ensemble(cycle(8), LINEAR_THRESHOLD, [node(0)], blocks=400, seed=15)
    assert_within_four_standard_errors(curves, [3 - 2.0 ** (2 - 8)], printed=2e-6)


def test_readable_linear_threshold_on_a_cycle_reaches_the_expected_number() -> None:
    curves = mesa_curves(cycle(8), LINEAR_THRESHOLD, 0, replicates=600)
    assert_within_four_standard_errors(curves, [3 - 2.0 ** (2 - 8)], printed=2e-6)


# Isolates have exposure 0.


@in_both_engines
@pytest.mark.parametrize("exposure", ["share", "number", "weight"])
@pytest.mark.parametrize(("threshold", "adopted_at"), [(0.0, 1), (-1.0, 1), (1e-3, -1), (0.5, -1)])
def test_an_isolate_adopts_where_its_threshold_is_not_positive(
    engine: Engine, exposure: str, threshold: float, adopted_at: int
) -> None:
    assert engine(network_of(1, []), threshold_rule(threshold, exposure, 3)).adopted_at == [adopted_at]


@in_both_engines
@pytest.mark.parametrize("rule", ["cascade", "contagion", "threshold", "hazard"])
def test_an_isolate_adopts_by_policy(engine: Engine, rule: str) -> None:
    stage = StageParameters(rule, transmission=1.0, threshold=1.0, link="identity", external=1.0)
    assert engine(network_of(1, []), Parameters(3, stage)).adopted_at == [1]


@in_both_engines
@pytest.mark.parametrize(
    ("link", "intercept", "adopted_at"),
    [("identity", 1.0, 1), ("identity", 0.0, -1), ("logit", 40.0, 1), ("logit", -40.0, -1), ("probit", -8.0, -1)],
)
def test_an_isolate_adopts_by_a_hazards_baseline(engine: Engine, link: str, intercept: float, adopted_at: int) -> None:
    stage = StageParameters("hazard", link=link, intercept=intercept, slope=5.0)
    assert engine(network_of(1, []), Parameters(3, stage)).adopted_at == [adopted_at]


@pytest.mark.parametrize(("link", "intercept"), [("identity", 0.2), ("logit", np.log(0.25)), ("probit", -0.8416212)])
def test_isolates_adopt_geometrically_by_a_hazards_baseline(link: str, intercept: float) -> None:
    said = Parameters(4, StageParameters("hazard", link=link, intercept=float(intercept), slope=5.0))
    curves = ever_adopted_by_ensemble(network_of(10, []), said, [], blocks=100, seed=16)
    expected = [10 * (1 - 0.8**t) for t in range(1, 5)]
    assert_within_four_standard_errors(curves, expected, printed=1e-5)


def test_a_discrete_bass_model_on_a_complete_graph_follows_its_recursion() -> None:
    """With two agents the chain is small enough to be written down: states 0, 1 and 2 adopters."""
    p, q = 0.1, 0.5
    said = Parameters(5, StageParameters("hazard", link="identity", intercept=p, slope=q))
    curves = ever_adopted_by_ensemble(complete(2), said, [], blocks=400, seed=17)
    state, expected = np.array([1.0, 0.0, 0.0]), []
    moves = np.array([[(1 - p) ** 2, 2 * p * (1 - p), p**2], [0, 1 - p - q, p + q], [0, 0, 1]])
    for _ in range(5):
        state = state @ moves
        expected.append(float(state @ [0, 1, 2]))
    assert_within_four_standard_errors(curves, expected, printed=0)


def test_external_is_a_chance_of_its_own_beside_the_rule() -> None:
    said = Parameters(1, StageParameters("contagion", transmission=0.3, external=0.2))
    curves = ever_adopted_by_ensemble(network_of(2, [(0, 1)]), said, [node(0)], blocks=400, seed=18)
    assert_within_four_standard_errors(curves, [2 - 0.7 * 0.8], printed=0)

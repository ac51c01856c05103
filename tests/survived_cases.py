"""Small studies on uncertain networks, for the tests of what survives there."""

from __future__ import annotations

from experiment_cases import on_uncertain_network

EDGE = '\n[[arms]]\nname = "edge"\nleaders.position = "marginal"\n'
ROBUSTNESS = 'mode = "robustness"\nfalse_ties = 0.0'
IMPUTATION = 'mode = "imputation"\nmissing_ties = 0.3\nfalse_ties = 0.2\nleaders_from = "given"'
SWEEP = '[sweep]\n"uncertain_network.missing_ties" = [0.0, 0.9, 0.4]\n'


def uncertain(error: str) -> str:
    """Return a scenario of three arms on an uncertain network, to be formatted with steps, replicates and more."""
    return on_uncertain_network(error, worlds=8, arms=EDGE).replace("transmission = 0.2", "transmission = 0.15")

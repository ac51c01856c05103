"""Small studies on uncertain networks, for the tests of what survives there."""

from __future__ import annotations

UNCERTAIN_NETWORK = """
title = "Who should lead?"
networks = ["./town"]
steps = {steps}
replicates = {replicates}
worlds = 8
seed = 5
baseline = "random"

[uncertain_network]
__ERROR__

[adoption]
rule = "contagion"
transmission = 0.15

[leaders]
count = 2

[[arms]]
name = "random"
leaders.position = "random"

[[arms]]
name = "hubs"
leaders.position = "out_degree"

[[arms]]
name = "edge"
leaders.position = "marginal"
{more}
"""
ROBUSTNESS = 'mode = "robustness"\nfalse_ties = 0.0'
IMPUTATION = 'mode = "imputation"\nmissing_ties = 0.3\nfalse_ties = 0.2\nleaders_from = "given"'
SWEEP = '[sweep]\n"uncertain_network.missing_ties" = [0.0, 0.9, 0.4]\n'


def uncertain(error: str) -> str:
    """Return a scenario of three arms on an uncertain network, to be formatted with steps, replicates and more."""
    return UNCERTAIN_NETWORK.replace("__ERROR__", error)

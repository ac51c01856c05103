"""Of which runs it cannot be told who convinced whom."""

from __future__ import annotations

from diffusion.model.parameters import Parameters

UNTOLD = (
    "who convinced whom cannot be told here yet: interventions change ties, people or what reaches them from outside "
    "while the innovation spreads"
)
"""Why nothing is said of credit."""


def credit_is_told(parameters: Parameters) -> bool:
    """Return whether it can be told who convinced whom: where interventions change nothing during the runs.

    Parameters
    ----------
    parameters
        An arm's parameters.
    """
    return not parameters.interventions

"""A study of which the best arm is asked for, on a town of twelve: two arms are near one another, others far behind."""

from __future__ import annotations

from collections.abc import Callable

from experiment_cases import SCENARIO, played

from diffusion.experiment.plan import Study
from diffusion.experiment.precise import played_to_precision
from diffusion.experiment.sizes import own_scenario, size_of
from diffusion.experiment.store import Store

MORE = """
[[arms]]
name = "few"
leaders.agents = ["p01"]

[[arms]]
name = "fewer still"
leaders.agents = ["p02"]

[[arms]]
name = "near"
leaders.agents = ["p00", "p08"]

[[arms]]
name = "rival"
leaders.agents = ["p06", "p09"]
"""

BEST = SCENARIO.replace("replicates = {replicates}", "precision = {{ best_within = 0.02 }}").replace("{more}", MORE)


def settled(study: Study, store: Store, play: Callable[[Study], object] | None = None) -> tuple[Study, list[str]]:
    """Return a study played to its precision, and what was told meanwhile."""
    told: list[str] = []

    def once(one: Study) -> None:
        (play or (lambda other: played(other, store)))(one)

    return played_to_precision(study, store, once, told.append), told


def sizes(study: Study) -> dict[str, int]:
    """Return how many replicates, or worlds, every arm of the first network and cell has."""
    return {arm.name: size_of(own_scenario(study.scenario, arm)) for arm in study.groups[0].arms}

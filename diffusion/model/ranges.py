"""Whether parameters lie in their ranges: for those who make them in Python, not in a scenario file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.model.rules import EXPOSURES, LINKS, RULES

MOST_STEPS = 32_000
"""Times are kept as 16-bit integers."""


def parameter_problems(parameters: Parameters) -> list[str]:
    """Return a line for every parameter that is out of its range or names what does not exist.

    Parameters
    ----------
    parameters
        The parameters; what depends on a network is not looked at.
    """
    problems = []
    if not 0 <= parameters.steps <= MOST_STEPS:
        problems.append(f"steps: must be a whole number between 0 and {MOST_STEPS}; got {parameters.steps}")
    stages = {"adoption": parameters.adoption, "awareness": parameters.awareness}
    for name, stage in stages.items():
        if stage is not None:
            problems += [f"{name}.{problem}" for problem in _stage_problems(stage)]
    named = [("leaders.influence", parameters.leader_influence)]
    named += [(f"ties.layers.{layer}", weight) for layer, weight in (parameters.layers or {}).items()]
    named += [(f"ties.between_roles.{' -> '.join(pair)}", factor) for pair, factor in parameters.between_roles.items()]
    problems += [f"{key}: must be a number of at least 0; got {value:g}" for key, value in named if not value >= 0]
    shares = {"leaders.recruitment": parameters.leader_recruitment, "leaders.leaving": parameters.leader_leaving}
    problems += [
        f"{key}: must be a number between 0 and 1; got {value:g}"
        for key, value in shares.items()
        if not 0 <= value <= 1
    ]
    return problems


def _stage_problems(stage: StageParameters) -> Iterator[str]:
    names = [("rule", stage.rule, RULES), ("exposure", stage.exposure, EXPOSURES), ("link", stage.link, LINKS)]
    for key, name, known in names:
        if name not in known:
            yield _unknown(key, name, known)
    for key in ("transmission", "external", "abandonment"):
        value = getattr(stage, key)
        if not 0 <= value <= 1:
            yield f"{key}: must be a number between 0 and 1; got {value:g}"


def _unknown(key: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    return f'{key}: must be one of {", ".join(names)}; got "{name}"{nearest_name_hint(name, names)}'

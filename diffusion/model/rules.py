"""The rules: how likely an agent is to enter a stage, each equation once.

A rule is one scalar function and one entry in :data:`RULES`. *Tie rules*
(``cascade``, ``contagion``) give the probability that a tie carries the
innovation; *exposure rules* (``threshold``, ``hazard``) give the probability
that an agent moves, from its exposure. Every function returns a probability
that may lie outside [0, 1]; :func:`integer_probability` clips and rounds it
once, to units of 2⁻³², and both engines use only that integer.

To add a rule, write its function beside those of its family, with the same
arguments, and add its entry. Both engines, scenarios and texts then know it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from diffusion.compiled import SOURCE_DIGEST, cached, compiled
from diffusion.draws import ALWAYS

UNIT = 2**32
"""Weights and exposures are integers in units of 2⁻³², so that sums are exact."""

SHARE, NUMBER, WEIGHT = 0, 1, 2
EXPOSURES: Mapping[str, int] = MappingProxyType({"share": SHARE, "number": NUMBER, "weight": WEIGHT})
"""The three exposures and their codes."""

LOGIT, PROBIT, IDENTITY = 0, 1, 2
LINKS: Mapping[str, int] = MappingProxyType({"logit": LOGIT, "probit": PROBIT, "identity": IDENTITY})
"""The three links of ``hazard`` and their codes."""

UNATTAINABLE = 2.0**62
"""No exposure is as large, and a larger number would not fit the integer it is compared with."""

THRESHOLD_SLACK = 2.0**-20
"""How far below θ an exposure may lie and still meet it: three ties of .2 meet .6."""


# Tie rules: the probability that one tie carries, per try.


@compiled
def crossing_probability(
    transmission: float, weight: float, strength: float, multiplier: float, influence: float, receptivity: float
) -> float:
    """Return p_ji = β w_l s_ji B κ_j ρ_i, before clipping."""
    return transmission * weight * strength * multiplier * influence * receptivity


# Exposure rules: the probability that an agent moves, per step.


@compiled
def threshold_probability(
    active: int, total: int, threshold: float, intercept: float, slope: float, propensity: float, link: int
) -> float:
    """Return 1 where the exposure meets θ, else 0 (Granovetter 1978; Valente 1996; Watts 2002)."""
    if total == 0:
        return 1.0 if threshold <= 0.0 else 0.0
    needed = (threshold - THRESHOLD_SLACK) * total
    if needed >= UNATTAINABLE:
        return 0.0
    return 1.0 if needed <= 0.0 or active >= math.ceil(needed) else 0.0


@compiled
def hazard_probability(
    active: int, total: int, threshold: float, intercept: float, slope: float, propensity: float, link: int
) -> float:
    """Return link⁻¹(a + b · exposure + Σ c_k · attribute_k), before clipping."""
    exposure = active / total if total > 0 else 0.0
    linear = intercept + slope * exposure + propensity
    if link == LOGIT:
        return 1.0 / (1.0 + math.exp(-linear))
    if link == PROBIT:
        return 0.5 * math.erfc(-linear / math.sqrt(2.0))
    return linear


# What a tie weighs in an exposure.


@compiled
def exposure_weight(exposure: int, weight: float, strength: float, multiplier: float, influence: float) -> int:
    """Return what an active source adds over one tie, in units of 2⁻³²."""
    amount = weight * strength * multiplier * influence
    if exposure == NUMBER:
        return UNIT if amount > 0.0 else 0
    return round(amount * UNIT)


@compiled
def integer_probability(probability: float) -> np.uint64:
    """Return a probability clipped to [0, 1] and rounded to units of 2⁻³², once."""
    if not probability > 0.0:
        return np.uint64(0)
    if probability >= 1.0:
        return np.uint64(ALWAYS)
    return np.uint64(round(probability * ALWAYS))


@dataclass(frozen=True, slots=True)
class RuleParameter:
    """Describe one parameter of a rule.

    Attributes
    ----------
    name
        Its key in a scenario.
    unit
        What it is measured in.
    low, high
        The range that it must lie in; ``None`` where unbounded.
    sentence
        What it means, in plain English.
    required
        Whether a scenario must give it.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    sentence: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Describe a rule: its equation and what it needs.

    Attributes
    ----------
    name
        Its name in a scenario.
    family
        ``"tie"`` or ``"exposure"``.
    code
        The integer that the compiled dispatch knows it by; never reused.
    function
        The scalar function of its family.
    parameters
        What a scenario says about it.
    sentence
        What it says of people, in plain English.
    literature
        The field's name and source.
    tried_once
        For tie rules: whether each tie is tried once, at the first step at
        which it can carry, or at every such step.
    """

    name: str
    family: str
    code: int
    function: Callable[..., float]
    parameters: tuple[RuleParameter, ...]
    sentence: str
    literature: str
    tried_once: bool = field(default=False)


_EXPOSURE = RuleParameter(
    "exposure", "one of share, number, weight", None, None, "how the active alters of an agent are counted"
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            Rule(
                name="cascade",
                family="tie",
                code=0,
                function=crossing_probability,
                parameters=(
                    RuleParameter(
                        "transmission",
                        "probability per tie, once",
                        0.0,
                        1.0,
                        "how likely a tie is to carry",
                        required=True,
                    ),
                ),
                sentence="An agent moves when one of its ties carries; each tie is tried once, "
                "in the first round after its source became active.",
                literature="independent cascade (Goldenberg, Libai & Muller 2001; Kempe, Kleinberg & Tardos 2003)",
                tried_once=True,
            ),
            Rule(
                name="contagion",
                family="tie",
                code=1,
                function=crossing_probability,
                parameters=(
                    RuleParameter(
                        "transmission",
                        "probability per tie and step",
                        0.0,
                        1.0,
                        "how likely a tie is to carry",
                        required=True,
                    ),
                ),
                sentence="An agent moves when one of its ties carries; each tie from an active source "
                "is tried at every step.",
                literature="simple contagion, SI",
            ),
            Rule(
                name="threshold",
                family="exposure",
                code=2,
                function=threshold_probability,
                parameters=(
                    RuleParameter(
                        "threshold", "the exposure's unit", None, None, "the exposure at which it moves", required=True
                    ),
                    _EXPOSURE,
                ),
                sentence="An agent moves when its exposure meets its threshold.",
                literature="threshold model (Granovetter 1978; Valente 1996; Watts 2002)",
            ),
            Rule(
                name="hazard",
                family="exposure",
                code=3,
                function=hazard_probability,
                parameters=(
                    RuleParameter(
                        "intercept", "the link's unit", None, None, "the propensity at exposure 0", required=True
                    ),
                    RuleParameter(
                        "slope", "the link's unit per exposure", None, None, "what exposure adds", required=True
                    ),
                    RuleParameter("link", "one of logit, probit, identity", None, None, "the shape of the hazard"),
                    _EXPOSURE,
                    RuleParameter("attributes", "coefficients by attribute", None, None, "what attributes add"),
                ),
                sentence="An agent moves with a probability that rises with its exposure and its attributes.",
                literature="event-history diffusion; with the identity link a discrete Bass model (Bass 1969)",
            ),
        )
    }
)
"""The rules by name."""


def _composed(family: str) -> Callable[..., Any]:
    """Return one compiled function of (code, …) that calls the family's rule of that code."""

    @compiled
    def unknown(rule, *arguments):  # type: ignore[no-untyped-def]
        return math.nan

    def chained(code: int, function: Callable[..., Any], rest: Callable[..., Any]) -> Callable[..., Any]:
        @compiled
        def dispatched(rule, *arguments):  # type: ignore[no-untyped-def]
            if rule == code:
                return function(*arguments)
            return rest(rule, *arguments)

        return dispatched

    chain: Callable[..., Any] = unknown
    for rule in RULES.values():
        if rule.family == family:
            chain = chained(rule.code, rule.function, chain)
    return chain


tie_probability = _composed("tie")
"""Compiled: (rule, transmission, weight, strength, multiplier, influence, receptivity) -> p."""

entry_probability = _composed("exposure")
"""Compiled: (rule, active, total, threshold, intercept, slope, propensity, link) -> p."""


def _make_tie_probabilities(digest: str) -> Callable[..., Any]:
    @cached
    def tie_probabilities(rule, transmission, weight, strength, multiplier, influence, receptivity):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        chances = np.empty(len(weight), dtype=np.float64)
        for tie in range(len(weight)):
            chances[tie] = tie_probability(
                rule, transmission, weight[tie], strength[tie], multiplier[tie], influence[tie], receptivity[tie]
            )
        return chances

    return tie_probabilities


def _make_entry_probabilities(digest: str) -> Callable[..., Any]:
    @cached
    def entry_probabilities(rule, active, total, threshold, intercept, slope, propensity, link):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        chances = np.empty(len(active), dtype=np.float64)
        for agent in range(len(active)):
            chances[agent] = entry_probability(
                rule, active[agent], total[agent], threshold[agent], intercept, slope, propensity[agent], link
            )
        return chances

    return entry_probabilities


def _make_exposure_weights(digest: str) -> Callable[..., Any]:
    @cached
    def exposure_weights(exposure, weight, strength, multiplier, influence):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        amounts = np.empty(len(weight), dtype=np.int64)
        for tie in range(len(weight)):
            amounts[tie] = exposure_weight(exposure, weight[tie], strength[tie], multiplier[tie], influence[tie])
        return amounts

    return exposure_weights


def _make_integer_probabilities(digest: str) -> Callable[..., Any]:
    @cached
    def integer_probabilities(chances):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        rounded = np.empty(len(chances), dtype=np.uint64)
        for place in range(len(chances)):
            rounded[place] = integer_probability(chances[place])
        return rounded

    return integer_probabilities


tie_probabilities = _make_tie_probabilities(SOURCE_DIGEST)
"""Return p of each tie: (rule code, β, w[], s[], B[], κ[], ρ[]) -> float64[ties]."""

entry_probabilities = _make_entry_probabilities(SOURCE_DIGEST)
"""Return p of each agent: (rule code, active[], total[], θ[], a, b, Σ c_k x_k [], link) -> float64[agents]."""

exposure_weights = _make_exposure_weights(SOURCE_DIGEST)
"""Return each tie's weight in an exposure: (exposure, w[], s[], B[], κ[]) -> int64[ties]."""

integer_probabilities = _make_integer_probabilities(SOURCE_DIGEST)
"""Return probabilities clipped and rounded to units of 2⁻³²: (p[]) -> uint64[]."""

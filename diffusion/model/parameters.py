"""The model's parameters: what a study states about agents, ties and stages.

Parameters are plain frozen values. Turning them into arrays for one network,
and refusing those that are out of their ranges, is the business of
``diffusion.model.inputs``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from diffusion.model.interventions.intervention import Intervention

DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "uniform": ("low", "high"),
        "normal": ("mean", "sd"),
        "lognormal": ("log_mean", "log_sd"),
        "beta": ("a", "b"),
        "gamma": ("shape", "scale"),
        "triangular": ("low", "mode", "high"),
        "exponential": ("mean",),
    }
)
"""The distributions that agents' values may follow, with their arguments in order."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """Describe how a value varies between agents and replicates.

    Attributes
    ----------
    name
        A key of :data:`DISTRIBUTIONS`.
    arguments
        Its arguments, in the order given there.
    drawn_per
        ``"replicate"``, or ``"world"`` where an agent keeps its value in all replicates of a world.
    """

    name: str
    arguments: tuple[float, ...]
    drawn_per: str = "replicate"


@dataclass(frozen=True, slots=True)
class ByRole:
    """State one value a role.

    Attributes
    ----------
    values
        Pairs of role and number or distribution, in the order of the roles.
    """

    values: tuple[tuple[str, float | Distribution], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """Read an agent's value from a column of ``agents.csv``.

    Attributes
    ----------
    name
        The column.
    """

    name: str


AgentValue: TypeAlias = float | Distribution | ByRole | Column
"""What may be said of an agent's receptivity, influence or threshold."""


@dataclass(frozen=True, slots=True)
class StageParameters:
    """State how a stage, *aware* or *adopted*, is entered and left.

    Attributes
    ----------
    rule
        A name in ``diffusion.model.rules.RULES``.
    transmission
        For tie rules: the probability β in [0, 1], per tie under
        ``cascade``, per tie and step under ``contagion``.
    threshold
        For ``threshold``: θ, in units of the exposure.
    exposure
        For exposure rules: ``"share"``, ``"number"`` or ``"weight"``.
    link, intercept, slope, attributes
        For ``hazard``: the link's name, a, b, and the coefficients c by
        attribute (``"receptivity"``, ``"influence"`` or a numeric column).
    external
        Probability per step of entering without any tie, in [0, 1].
    abandonment
        Probability per step of leaving *adopted*, in [0, 1]; adoption only.
    """

    rule: str
    transmission: float = 0.0
    threshold: AgentValue = 0.0
    exposure: str = "share"
    link: str = "logit"
    intercept: float = 0.0
    slope: float = 0.0
    attributes: tuple[tuple[str, float], ...] = ()
    external: float = 0.0
    abandonment: float = 0.0


@dataclass(frozen=True, slots=True)
class Parameters:
    """State everything the model needs besides the network and its leaders.

    Attributes
    ----------
    steps
        T, the number of updates; results have T + 1 rows.
    adoption
        How *adopted* is entered and left.
    awareness
        How *aware* is entered; ``None`` where everyone is aware from t = 0.
    receptivity
        ρ in [0, 1].
    influence
        κ ≥ 0.
    layers
        Weight w ≥ 0 by layer, every layer named; ``None`` where all weigh 1.
    between_roles
        Multiplier B ≥ 0 by (source's role, target's role); 1 where unnamed.
    leader_influence
        What a leader's κ is multiplied by, ≥ 0.
    leader_recruitment
        Probability that an agent who is asked to lead agrees, in [0, 1].
    leader_leaving
        Probability per step that a leader leaves, in [0, 1]; nobody takes the place.
    interventions
        What else is done, in the order of their names.
    """

    steps: int
    adoption: StageParameters
    awareness: StageParameters | None = None
    receptivity: AgentValue = 1.0
    influence: AgentValue = 1.0
    layers: Mapping[str, float] | None = None
    between_roles: Mapping[tuple[str, str], float] = field(default_factory=lambda: MappingProxyType({}))
    leader_influence: float = 1.0
    leader_recruitment: float = 1.0
    leader_leaving: float = 0.0
    interventions: tuple[Intervention, ...] = ()

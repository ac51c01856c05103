"""The tables of a scenario: which keys each has, and what each key must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from diffusion.errors import nearest_name_hint
from diffusion.network.survey_error import ASKED, NONRESPONDENTS
from diffusion.scenario.checks import (
    Check,
    Complain,
    NumberCheck,
    agent_value,
    checked,
    choice,
    complain_at,
    multipliers_by_role_pair,
    names,
    number_between,
    numbers_by_name,
    role,
    text,
    true_or_false,
    whole_number,
)
from diffusion.scenario.explanations import FEWEST_REWIRINGS
from diffusion.scenario.reach_check import or_reach, share_of_agents
from diffusion.scenario.registries import exposures, links, outcomes, position_parameters, positions, rules
from diffusion.scenario.uncertain_check import number_or_distribution, whole_or_distribution
from diffusion.scenario.uncertain_network import (
    KEYS_OF_MODES,
    LEADERS_FROM,
    MOST_MISSING,
    UNCERTAIN_NETWORK,
    limit_of_names,
    multipliers,
    rates,
)
from diffusion.scenario.world_keys import MOST_WORLDS, stated_design, stated_precision
from diffusion.toml.documents import shown
from diffusion.toml.lines import KeyPath

if TYPE_CHECKING:
    from diffusion.positions.position import PositionParameter

Table: TypeAlias = dict[str, Any]
"""A table of a scenario, checked and in its normal spelling. Never changed in place."""

MOST_STEPS = 32_000
"""Times are kept as 16-bit integers."""

MOST_REPLICATES = 100_000_000
"""More could neither be played nor kept: a run takes tens of bytes and microseconds."""

LARGEST_SEED = 2**63 - 1
"""A seed is kept as a signed 64-bit integer."""


def _rule_number(name: str, check: NumberCheck = number_or_distribution) -> Check:
    """Return the check of a rule's parameter: the widest range that any rule allows it."""

    def check_in_range(value: object, complain: Complain) -> object:
        ranges = [said for rule in rules().values() for said in rule.parameters if said.name == name]
        lows, highs = [said.low for said in ranges], [said.high for said in ranges]
        low = None if None in lows else min((said for said in lows if said is not None), default=None)
        high = None if None in highs else max((said for said in highs if said is not None), default=None)
        return check(low, high)(value, complain)

    return check_in_range


def _position_parameters(value: object, complain: Complain) -> object:
    """Check a table of parameters of positions."""
    known = position_parameters()
    if not isinstance(value, dict):
        complain(f"must be a table of a position's parameters, such as {{ m = 2 }}; got {shown(value)}")
        return {}
    normal = {}
    for name, said in sorted(value.items()):
        if name not in known:
            hint = nearest_name_hint(name, known) or f"; known are {', '.join(known)}"
            complain(f"no position has such a parameter{hint}", name)
            continue
        normal[name] = _parameter_check(known[name])(said, partial(complain_at, complain, name))
    return normal


def _parameter_check(said: PositionParameter) -> Check:
    if said.kind == "whole":
        return whole_or_distribution(int(said.low or 0), None if said.high is None else int(said.high))
    if said.kind == "choice":
        return choice(f"one of its {said.name}s", lambda: said.choices)
    if said.kind == "outcome":
        return _outcome
    return {"number": number_or_distribution(said.low, said.high), "flag": true_or_false, "column": text}[said.kind]


def _outcome(value: object, complain: Complain) -> object:
    """Check the name of an outcome; that a role exists is checked with the network."""
    name, known = text(value, complain), outcomes()
    stems = [said.removesuffix(".ROLE") for said in known]
    if isinstance(name, str) and name and name.partition(".")[0] not in stems:
        hint = nearest_name_hint(name, known) or f"; known are {', '.join(known)}"
        complain(f"must name an outcome; got {shown(value)}{hint}")
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HeadTable(_Strict):
    """Hold what stands above the first section."""

    title: Annotated[Any, checked(text)] = None
    networks: Annotated[Any, checked(names("network"))]
    steps: Annotated[Any, checked(whole_number(1, MOST_STEPS))]
    replicates: Annotated[Any, checked(whole_number(1, MOST_REPLICATES))] = None
    step_unit: Annotated[Any, checked(text)] = None
    seed: Annotated[Any, checked(whole_number(0, LARGEST_SEED))] = None
    worlds: Annotated[Any, checked(whole_number(1, MOST_WORLDS))] = None
    design: Annotated[Any, checked(stated_design)] = None
    precision: Annotated[Any, checked(stated_precision)] = None
    smallest_difference: Annotated[Any, checked(number_between(0, 1))] = None
    baseline: Annotated[Any, checked(text)] = None


class AwarenessTable(_Strict):
    """Hold how *aware* is entered."""

    rule: Annotated[Any, checked(choice("a rule", rules))] = None
    transmission: Annotated[Any, checked(or_reach(_rule_number("transmission")))] = None
    threshold: Annotated[Any, checked(or_reach(_rule_number("threshold", agent_value), distributions=True))] = None
    exposure: Annotated[Any, checked(choice("an exposure", exposures))] = None
    link: Annotated[Any, checked(choice("a link", links))] = None
    intercept: Annotated[Any, checked(or_reach(_rule_number("intercept")))] = None
    slope: Annotated[Any, checked(or_reach(_rule_number("slope")))] = None
    attributes: Annotated[Any, checked(numbers_by_name(each=number_or_distribution))] = None
    external: Annotated[Any, checked(number_or_distribution(0, 1))] = None
    reach: Annotated[Any, checked(share_of_agents)] = None


class AdoptionTable(AwarenessTable):
    """Hold how *adopted* is entered and left."""

    abandonment: Annotated[Any, checked(number_or_distribution(0, 1))] = None


class AgentsTable(_Strict):
    """Hold what is said of agents."""

    receptivity: Annotated[Any, checked(agent_value(0, 1))] = None
    influence: Annotated[Any, checked(agent_value(0))] = None


class TiesTable(_Strict):
    """Hold what is said of ties."""

    layers: Annotated[Any, checked(numbers_by_name(0, each=number_or_distribution))] = None
    between_roles: Annotated[Any, checked(partial(multipliers_by_role_pair, each=number_or_distribution))] = None


class LeadersTable(_Strict):
    """Hold who leads, and how influential leaders are."""

    position: Annotated[Any, checked(choice("a position", positions))] = None
    count: Annotated[Any, checked(whole_or_distribution(0))] = None
    roles: Annotated[Any, checked(names("role", each=role))] = None
    parameters: Annotated[Any, checked(_position_parameters)] = None
    agents: Annotated[Any, checked(names("agent"))] = None
    influence: Annotated[Any, checked(number_or_distribution(0))] = None
    recruitment: Annotated[Any, checked(number_or_distribution(0, 1))] = None
    leaving: Annotated[Any, checked(number_or_distribution(0, 1))] = None


class StructureTable(_Strict):
    """Hold how often networks are rewired."""

    rewirings: Annotated[Any, checked(whole_number(FEWEST_REWIRINGS))] = None
    replicates: Annotated[Any, checked(whole_number(1))] = None


def _structure(value: object, complain: Complain) -> object:
    before = checked_table(StructureTable, value, complain)
    if isinstance(value, dict) and "rewirings" not in value:
        complain(f"needs rewirings, how many networks are made; write {{ rewirings = {FEWEST_REWIRINGS} }}")
    return before


class NullsTable(_Strict):
    """Hold which null arms are played."""

    matched: Annotated[Any, checked(true_or_false)] = None
    structure: Annotated[Any, checked(_structure)] = None


class CreditTable(_Strict):
    """Hold which credit of leaders is worked out."""

    counterfactual: Annotated[Any, checked(true_or_false)] = None
    shapley: Annotated[Any, checked(true_or_false)] = None
    replicates: Annotated[Any, checked(whole_number(1))] = None


class UncertainNetworkTable(_Strict):
    """Hold in which way the network differs between worlds."""

    mode: Annotated[Any, checked(choice("a mode", lambda: KEYS_OF_MODES))] = None
    asked: Annotated[Any, checked(choice("what was asked", lambda: ASKED))] = None
    missing_respondents: Annotated[Any, checked(rates(MOST_MISSING))] = None
    missing_by_degree: Annotated[Any, checked(number_or_distribution(-10, 10))] = None
    nonrespondents: Annotated[Any, checked(choice("what becomes of them", lambda: NONRESPONDENTS))] = None
    missing_ties: Annotated[Any, checked(rates(MOST_MISSING))] = None
    missing_between_roles: Annotated[Any, checked(multipliers)] = None
    false_ties: Annotated[Any, checked(rates(10))] = None
    false_between_roles: Annotated[Any, checked(multipliers)] = None
    name_cap: Annotated[Any, checked(limit_of_names)] = None
    merged_people: Annotated[Any, checked(number_or_distribution(0, 0.5))] = None
    split_people: Annotated[Any, checked(number_or_distribution(0, 1))] = None
    closing: Annotated[Any, checked(number_or_distribution(0, 1))] = None
    leaders_from: Annotated[Any, checked(choice("a network", lambda: LEADERS_FROM))] = None


SECTIONS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "adoption": AdoptionTable,
        "awareness": AwarenessTable,
        "agents": AgentsTable,
        "ties": TiesTable,
        "leaders": LeadersTable,
    }
)
"""The sections that an arm may override, by name."""

SWEPT_SECTIONS: Mapping[str, type[BaseModel]] = MappingProxyType({**SECTIONS, UNCERTAIN_NETWORK: UncertainNetworkTable})
"""The sections of which a sweep may set keys; the last is that of all arms."""

EXPLANATIONS: Mapping[str, type[BaseModel]] = MappingProxyType({"nulls": NullsTable, "credit": CreditTable})
"""The sections that ask for runs beside the arms, by name; no arm overrides them."""

STAGES = ("adoption", "awareness")
"""The sections that a sweep may also replace whole."""

TABLED_KEYS = frozenset(
    {
        *("threshold", "receptivity", "influence", "layers", "between_roles", "attributes", "parameters"),
        *("missing_respondents", "missing_ties", "false_ties", "name_cap"),
        *("missing_between_roles", "false_between_roles"),
    }
)
"""The keys whose value may be a table, of which an arm or a sweep may set one entry."""

INTERVENTIONS = "interventions"
"""The section of named tables whose keys depend on their kinds; an arm may override it too."""

HEAD_KEYS = tuple(HeadTable.model_fields)
DOCUMENT_KEYS = (*HEAD_KEYS, *SWEPT_SECTIONS, INTERVENTIONS, "arms", "sweep", *EXPLANATIONS, "costs")
ARM_KEYS = ("name", *SECTIONS, INTERVENTIONS)


def checked_table(model: type[BaseModel], said: object, complain: Complain, *, known: tuple[str, ...] = ()) -> Table:
    """Return a table's keys in their normal spelling; complain of everything that is wrong.

    Parameters
    ----------
    model
        The table's keys and checks.
    said
        What the file says.
    complain
        Where problems go, with their path inside the table.
    known
        Names to suggest for unknown keys; those of the model where empty.
    """
    if not isinstance(said, dict):
        complain(f"must be a table; got {shown(said)}")
        return {}
    try:
        return model.model_validate(said).model_dump(exclude_unset=True)
    except ValidationError as error:
        for path, words in _problems(error, known or tuple(model.model_fields)):
            complain(words, *path)
        return {}


def _problems(error: ValidationError, known: tuple[str, ...]) -> Iterator[tuple[KeyPath, str]]:
    for problem in error.errors(include_url=False, include_input=False):
        place = problem["loc"]
        if problem["type"] == "found":
            for path, words in problem["ctx"]["found"]:
                yield (*place, *path), words
        elif problem["type"] == "extra_forbidden":
            yield place, unknown_key(str(place[-1]), known)
        elif problem["type"] == "missing":
            yield place, "is missing; write it above the first section"
        else:
            yield place, f"is not understood: {problem['msg']}"


def unknown_key(name: str, known: tuple[str, ...]) -> str:
    """Return what to say of an unknown key: the nearest known one, or where it belongs."""
    if hint := nearest_name_hint(name, known):
        return f"unknown key{hint}"
    if name in HEAD_KEYS:
        return "unknown key here; it belongs above the first section"
    if name in DOCUMENT_KEYS:
        return f"unknown key here; [{name}] is a section of the whole scenario"
    homes = [section for section, model in SWEPT_SECTIONS.items() if name in model.model_fields]
    if homes:
        return f"unknown key here; it belongs to [{'] or ['.join(homes)}]"
    return f"unknown key; known here are {', '.join(known)}"

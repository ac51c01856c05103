"""What the keys of a scenario mean: unit, range and a sentence each, for those who write one by menus.

What a rule's own parameters mean stands with the rule, in
:data:`diffusion.model.rules.RULES`; what else a scenario states is told here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from diffusion.scenario.kinds import kind_keys
from diffusion.scenario.registries import rules
from diffusion.scenario.tables import LARGEST_SEED, MOST_REPLICATES, MOST_STEPS, STAGES
from diffusion.scenario.uncertain_network import MOST_MISSING
from diffusion.scenario.world_keys import MOST_WORLDS


@dataclass(frozen=True, slots=True)
class Meaning:
    """Describe one key.

    Attributes
    ----------
    unit
        What it is measured in, or what it must be.
    low, high
        The range that a number must lie in; ``None`` where unbounded.
    sentence
        What it means, in plain English.
    """

    unit: str
    sentence: str
    low: float | None = None
    high: float | None = None


_OF_NETWORKS = {
    "mode": Meaning("a mode's name", "what the given network is taken for"),
    "asked": Meaning('"turn-to" or "tell"', "what people were asked: whom they turn to, or whom they tell"),
    "missing_respondents": Meaning("share of the agents", "how many did not answer", 0, MOST_MISSING),
    "missing_by_degree": Meaning(
        "log odds per standard deviation", "how much likelier those with many ties are not to answer", -10, 10
    ),
    "nonrespondents": Meaning('"kept" or "dropped"', "whether those who did not answer stay where others named them"),
    "missing_ties": Meaning("share of the ties", "how many ties that are there were not told", 0, MOST_MISSING),
    "missing_between_roles": Meaning(
        "a factor for each pair of roles", "how many times as often ties between them were not told", 0
    ),
    "false_ties": Meaning("per tie that is there", "how many ties were told that are not there", 0, 10),
    "false_between_roles": Meaning(
        "a factor for each pair of roles", "how many times as many false ties were told between them", 0
    ),
    "name_cap": Meaning("a whole number", "how many names a respondent could give in each layer", 1),
    "merged_people": Meaning("share of the agents", "whose record was merged into that of another", 0, 0.5),
    "split_people": Meaning("share of the agents", "who are listed twice", 0, 1),
    "closing": Meaning("share of the ties added", "how many are drawn between people who share a contact", 0, 1),
    "leaders_from": Meaning('"drawn" or "given"', "on which network leaders are chosen"),
}

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "title": Meaning("a line of text", "the question that is asked"),
        "networks": Meaning("packaged names or paths", "who knows whom"),
        "steps": Meaning("a whole number", "for how many steps the innovation spreads", 1, MOST_STEPS),
        "replicates": Meaning("a whole number", "how many runs every arm has", 1, MOST_REPLICATES),
        "step_unit": Meaning("a word", "what a step is called"),
        "seed": Meaning(
            "a whole number", "which luck the runs have; the same seed gives the same runs", 0, LARGEST_SEED
        ),
        "worlds": Meaning("a whole number", "how often what is uncertain is drawn", 1, MOST_WORLDS),
        "design": Meaning("a design's name", "how worlds are spread over what is uncertain"),
        "precision": Meaning(
            "outcome, half width or best within, and confidence",
            "how well differences, or the best arm, are to be known",
        ),
        "smallest_difference": Meaning("share of the agents", "below which arms are practically equal", 0, 1),
        "baseline": Meaning("an arm's name", "the arm that the others are compared with"),
        "adoption.rule": Meaning("a rule's name", "what makes an agent adopt"),
        "adoption.external": Meaning("probability per step", "how likely an agent adopts without any tie", 0, 1),
        "adoption.abandonment": Meaning("probability per step", "how likely an adopter abandons the innovation", 0, 1),
        "adoption.reach": Meaning(
            "share of the agents", "how many leaders at random reach: what the rule needs and lacks is solved", 0, 1
        ),
        "awareness.reach": Meaning(
            "share of the agents", "how many leaders at random reach: what the rule needs and lacks is solved", 0, 1
        ),
        "awareness.rule": Meaning("a rule's name", "what makes an agent aware, before it can adopt"),
        "awareness.external": Meaning("probability per step", "how likely an agent hears of it without any tie", 0, 1),
        "agents.receptivity": Meaning(
            "a factor", "how open an agent is to what comes over its ties; 1 leaves probabilities as they are", 0, 1
        ),
        "agents.influence": Meaning(
            "a factor", "how much weight an agent's own ties carry; 1 leaves probabilities as they are", 0
        ),
        "ties.layers": Meaning("a factor for each layer", "how much the ties of a layer weigh; 0 takes them out", 0),
        "ties.between_roles": Meaning(
            "a factor for each pair of roles", "how much ties from one role to another weigh; 1 where unnamed", 0
        ),
        "leaders.position": Meaning("a position's name", "where in the network leaders sit"),
        "leaders.count": Meaning("agents", "how many lead, that is, have adopted at the start", 0),
        "leaders.roles": Meaning("names of roles", "who may lead; everyone where left out"),
        "leaders.parameters": Meaning("a value for each name", "what else the position asks for"),
        "leaders.agents": Meaning("ids of agents", "who leads, one by one"),
        "leaders.influence": Meaning("a factor", "how many times as influential leaders are as they would be", 0),
        "leaders.recruitment": Meaning("probability", "how likely whoever is asked to lead agrees", 0, 1),
        "leaders.leaving": Meaning("probability per step", "how likely a leader leaves; nobody takes the place", 0, 1),
        **{f"uncertain_network.{key}": said for key, said in _OF_NETWORKS.items()},
    }
)
"""The meaning of every key but the parameters of rules, by its path."""


def meaning(path: str, rule: str = "", *, kind: str = "") -> Meaning:
    """Return what a key means.

    Parameters
    ----------
    path
        Section and key, ``adoption.transmission``; a key alone above the first section.
    rule
        The rule of the section, where the key may be one of its parameters.
    kind
        Of a key of an intervention: what kind that is.

    Examples
    --------
    >>> meaning("adoption.transmission", "contagion").unit
    'probability per tie and step'
    >>> meaning("leaders.count").unit
    'agents'
    >>> meaning("interventions.roadshow.probability", kind="broadcast").unit
    'per step'
    """
    section, _, key = path.rpartition(".")
    if kind:
        stated = kind_keys(kind)[key]
        return Meaning(stated.unit or stated.span, stated.meaning)
    if section in STAGES and rule in rules():
        for said in rules()[rule].parameters:
            if said.name == key:
                return Meaning(said.unit, said.sentence, said.low, said.high)
    return MEANINGS[path]

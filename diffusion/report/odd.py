"""The ODD of this study: overview, design concepts and details, its seven elements (Grimm et al. 2020).

Generated from the scenario and from the program's registries of rules,
positions, exposures and draws, so that it describes what was run.
"""

from __future__ import annotations

import re

from diffusion.analysis.phrases import opened
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.model.rules import RULES
from diffusion.positions import POSITIONS
from diffusion.report.chapter import Chapter
from diffusion.report.interventions_told import is_intervened, submodels
from diffusion.report.markdown import bullets, code, escaped, heading, joined, paragraphs
from diffusion.report.methods import draw_words
from diffusion.report.references import RULE_SOURCES, position_sources
from diffusion.report.sections.question import synthetic_line

_LAST_ASIDE = re.compile(r" \(([^()]*)\)$")

_TIE_EQUATION = r"$p_{ji} = \min\left(1,\; \beta \, w_l \, s_{ji} \, B_{r(j) r(i)} \, \kappa_j \, \rho_i\right)$"

_EXPOSURES = {
    "share": r"the weighted share of active alters,"
    r" $\sum w_l s_{ji} B \kappa_j a_j \,/\, \sum w_l s_{ji}$, over the ties "
    r"that lead to $i$; $a_j$ is one where $j$ is active and zero where not",
    "number": "the number of distinct active alters with a tie of positive weight to $i$",
    "weight": r"the summed weight of active alters, $\sum w_l s_{ji} B \kappa_j a_j$",
}

_LINKS = {
    "logit": r"$h = 1 / (1 + \exp(-\eta))$",
    "probit": r"$h = \Phi(\eta)$",
    "identity": r"$h = \eta$, clipped to $[0, 1]$",
}


def section(chapter: Chapter) -> str:
    """Return the ODD as an appendix."""
    return paragraphs(
        heading("Appendix: the model, by the ODD protocol", label="odd"),
        f"The description follows the ODD protocol {chapter.cite('grimm2020')}. It holds for this study: what the "
        "program "
        "can do and the study does not use is left out.",
        _purpose(chapter),
        _entities(chapter),
        _process(chapter),
        _concepts(chapter),
        _initialisation(chapter),
        _inputs(chapter),
        _submodels(chapter),
    )


def _purpose(chapter: Chapter) -> str:
    return paragraphs(
        "## Purpose and patterns",
        "The model is to show what the choice of leaders changes in how an innovation spreads through a network "
        "of people "
        f"who learn from one another. The question of this study: {escaped(chapter.study.scenario.title)}",
        "It is judged by patterns that any model of diffusion should show: adoption spreads along ties and not "
        "otherwise, "
        "unless agents can adopt by themselves; cumulative adoption rises and levels off; leaders with many ties "
        "reach more "
        "agents than leaders at the margin, where a single tie may carry. It is not fitted to observed adoption.",
    )


def _entities(chapter: Chapter) -> str:
    parameters = _all_parameters(chapter)
    varied = _uses_receptivity(parameters)
    states = [
        f"*stage*: {_stages(parameters)}; a leader is in stage adopted from the start;",
        r"*receptivity* $\rho \in [0, 1]$: how open an agent is to what comes over its ties;" if varied else "",
        (
            r"*influence* $\kappa \geq 0$: how much an agent's own ties carry; a leader's is multiplied by "
            "`leaders.influence`;"
        ),
        r"*threshold* $\theta$: the exposure at which it moves." if _has_rule(parameters, "threshold") else "",
    ]
    return paragraphs(
        "## Entities, state variables, and scales",
        "*Agents* are people (or posts). Each has an identifier, a role and, where it is known, an organisation. "
        "Their state:",
        bullets(states),
        "*Ties* are directed: knowledge can flow from source to target. Each has a layer and a strength $s$ above "
        "zero and "
        "at most one. Two agents may be tied in several layers; each layer's tie acts separately.",
        f"*Scales.* A step is one {escaped(_unit(chapter))}; a run has {chapter.scenario('steps')} steps. There "
        "is no space "
        "but the network, which "
        + ("changes only as interventions say." if is_intervened(chapter) else "does not change during a run."),
    )


def _process(chapter: Chapter) -> str:
    parameters = _all_parameters(chapter)
    moves = ["unaware to aware"] if any(said.awareness for said in parameters) else []
    moves.append("aware to adopted" if moves else "not adopted to adopted")
    if any(said.adoption.abandonment > 0 for said in parameters):
        moves.append("adopted to abandoned, which is final")
    return paragraphs(
        "## Process overview and scheduling",
        "At every step, in this order:",
        bullets(
            [
                (
                    f"each agent makes at most one move ({joined(moves)}), decided from the stages of all agents "
                    "at the step "
                    "before;"
                ),
                "all moves are applied together; so the order in which agents are visited changes nothing;",
                "the number of adopters is observed.",
            ]
        ),
    )


def _concepts(chapter: Chapter) -> str:
    parameters = _all_parameters(chapter)
    rules = joined([_named_rule(chapter, name) for name in _rules(parameters)])
    external = any(stage.external > 0 for said in parameters for stage in _both(said))
    purposes = opened(joined(draw_words(chapter)))
    return paragraphs(
        "## Design concepts",
        "*Basic principles.* Innovations spread through ties between people; whom one turns to decides what one "
        "hears. "
        f"Adoption follows {rules}.",
        "*Emergence.* How many adopt, who, and when, emerges from ties, luck and where leaders sit; the ranking "
        "of positions "
        "is not built in.",
        "*Adaptation, objectives, learning, prediction.* Agents do not choose, learn or foresee: they move by the "
        "rule.",
        "*Sensing.* Agents sense the stages of those from whom a tie leads to them, at the step before."
        + (" Beyond that they are reached by a steady influence from outside (`external`)." if external else ""),
        "*Interaction.* Only along ties, from source to target.",
        f"*Stochasticity.* {purposes} are drawn. Every draw is keyed by seed, replicate, purpose, agent or tie "
        "and step, never by the "
        "arm, so that all arms live through the same histories.",
        "*Collectives.* Roles and organisations are labels; they act only through ties"
        + (" and through multipliers between roles." if any(said.between_roles for said in parameters) else "."),
        "*Observation.* Who has adopted at the end of every run is stored; outcomes follow from it, and curves "
        "and times are "
        "replayed from the same draws.",
    )


def _named_rule(chapter: Chapter, name: str) -> str:
    """Return a rule with the field's name for it, and its sources."""
    sources = RULE_SOURCES.get(name, ())
    literature = _LAST_ASIDE.sub("", RULES[name].literature) if sources else RULES[name].literature
    return f"{code(name)} ({escaped(literature)})" + (f" {chapter.cite(*sources)}" if sources else "")


def _names(aside: str, sources: tuple[str, ...]) -> bool:
    """Return whether an aside names the authors who are cited anyway."""
    return any(key.startswith(aside.partition(" ")[0].rstrip("'s").lower()) for key in sources)


def _initialisation(chapter: Chapter) -> str:
    positions = {
        arm.setting.leaders.position: None for arm in chapter.study.arms if arm.setting.leaders.position is not None
    }
    told = []
    for name in positions:
        sources = position_sources(name)
        cited = f" {chapter.cite(*sources)}" if sources else ""
        position = POSITIONS[name]
        aside = _LAST_ASIDE.search(position.literature)
        is_cited = aside is not None and _names(aside[1], sources)
        literature = _LAST_ASIDE.sub("", position.literature) if is_cited else position.literature
        told.append(f"{code(name)}: {escaped(position.sentence)}; in the literature {escaped(literature)}{cited}.")
    aware = any(said.awareness for said in _all_parameters(chapter))
    others = "All others are unaware" if aware else "Nobody else has adopted"
    return paragraphs(
        "## Initialization",
        f"At the start the leaders have adopted. {others}. Leaders are chosen from the network, by the union of "
        "its layers "
        "without strengths; where several agents have the same score at the last place, those places are drawn "
        "among them "
        "anew in every replicate." + (" Positions of this study:" if told else ""),
        bullets(told),
        "[](#tbl:arms) says who leads in each arm.",
    )


def _inputs(chapter: Chapter) -> str:
    names = joined([escaped(network.name) for network in chapter.networks])
    return paragraphs(
        "## Input data",
        f"{_them(chapter, 'The network', 'The networks')} {names} {_them(chapter, 'is', 'are')} read once, before "
        "the start; no data drive the model during a run.",
        synthetic_line(chapter),
    )


def _them(chapter: Chapter, one: str, several: str) -> str:
    return one if len(chapter.networks) == 1 else several


def _submodels(chapter: Chapter) -> str:
    parameters = _all_parameters(chapter)
    pieces = ["## Submodels"]
    if any(RULES[stage.rule].family == "tie" for said in parameters for stage in _both(said)):
        pieces.append(
            f"*What crosses a tie* from $j$ to $i$ in layer $l$: {_TIE_EQUATION}, with the transmission $\\beta$, "
            "the weight "
            "$w_l$ of the layer, the strength $s$ of the tie, the multiplier $B$ for the two roles, the influence "
            "$\\kappa$ of "
            "the source and the receptivity $\\rho$ of the target. Each layer's tie is tried separately."
        )
    pieces += [_rule(chapter, name) for name in _rules(parameters)]
    exposures = {
        stage.exposure: None for said in parameters for stage in _both(said) if RULES[stage.rule].family == "exposure"
    }
    if exposures:
        listed = [f"{code(name)}: {_EXPOSURES[name]}." for name in sorted(exposures)]
        pieces += ["*Exposure* of $i$ at a step, from those active at the step before:", bullets(listed)]
    if any(stage.external > 0 for said in parameters for stage in _both(said)):
        pieces.append(
            "*External influence* is a coin of its own at each step: an agent moves with probability "
            "$1 - (1 - P_{rule})(1 - external)$."
        )
    if any(said.adoption.abandonment > 0 for said in parameters):
        pieces.append("*Abandonment.* An adopter leaves at each step with probability `abandonment`; this is final.")
    return paragraphs(*pieces, *submodels(chapter), "[](#tbl:parameters) states the values.")


def _rule(chapter: Chapter, name: str) -> str:
    rule = RULES[name]
    sources = RULE_SOURCES.get(name, ())
    cited = f" {chapter.cite(*sources)}" if sources else ""
    told = f"*Rule* {code(name)}{cited}. {escaped(rule.sentence)}"
    if name == "threshold":
        told += r" It moves at the first step at which exposure $\geq \theta_i$."
    if name == "hazard":
        links = {
            stage.link: None for said in _all_parameters(chapter) for stage in _both(said) if stage.rule == "hazard"
        }
        told += (
            r" With $\eta = a + b \cdot exposure + \sum_k c_k x_{ik}$, the probability per step is "
            + joined([_LINKS[link] for link in sorted(links)])
            + "."
        )
    return told


def _all_parameters(chapter: Chapter) -> list[Parameters]:
    return [arm.setting.parameters for arm in chapter.study.arms]


def _both(parameters: Parameters) -> list[StageParameters]:
    return [stage for stage in (parameters.awareness, parameters.adoption) if stage is not None]


def _rules(parameters: list[Parameters]) -> list[str]:
    used = {stage.rule for said in parameters for stage in _both(said)}
    return [name for name in RULES if name in used]


def _has_rule(parameters: list[Parameters], name: str) -> bool:
    return name in _rules(parameters)


def _uses_receptivity(parameters: list[Parameters]) -> bool:
    return any(RULES[stage.rule].family == "tie" for said in parameters for stage in _both(said))


def _stages(parameters: list[Parameters]) -> str:
    stages = (
        ["unaware", "aware", "adopted"] if any(said.awareness for said in parameters) else ["not adopted", "adopted"]
    )
    if any(said.adoption.abandonment > 0 for said in parameters):
        stages.append("abandoned")
    return ", ".join(stages)


def _unit(chapter: Chapter) -> str:
    return " or ".join(
        sorted({group.setting.unit(arm.name) for group in chapter.result.groups for arm in group.group.arms})
    )

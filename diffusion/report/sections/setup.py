"""What was run: networks, arms and runs."""

from __future__ import annotations

from diffusion.analysis.phrases import opened
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.plan import PlannedArm, Study
from diffusion.experiment.sizes import own_scenario
from diffusion.model.rules import RULES
from diffusion.network.network import Network
from diffusion.positions import POSITIONS
from diffusion.report.chapter import Chapter
from diffusion.report.interventions_told import done_text
from diffusion.report.markdown import code, escaped, heading, joined, paragraphs
from diffusion.report.numbers import Number, slug
from diffusion.report.references import RULE_SOURCES, position_sources
from diffusion.report.table_cells import whole_cell
from diffusion.report.tables import Cell, Column, Table, marked_cell, plain, rows, text_cell
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK

MOST_LEADERS_NAMED = 12


def section(chapter: Chapter) -> str:
    """Return the section."""
    networks, arms = _networks(chapter), _arms(chapter)
    return paragraphs(
        heading("What was run", label="setup"),
        f"{_network_words(chapter)} {networks.reference} describes {_them(len(chapter.networks), 'it', 'them')}; "
        f"{arms.reference} says who leads in each arm.",
        chapter.table(networks),
        chapter.table(arms),
        _rules(chapter),
        _runs(chapter),
    )


def network_number(network: Network, field: str, value: int, unit: str) -> Number:
    """Return a number that a network is described by."""
    return Number(
        f"{slug(network.name)}.{field}",
        float(value),
        unit,
        {"from": "network", "network": network.name, "field": field},
    )


def _them(count: int, one: str, several: str) -> str:
    return one if count == 1 else several


def _network_words(chapter: Chapter) -> str:
    names = joined([f"*{escaped(network.name)}*" for network in chapter.networks])
    kind = _them(len(chapter.networks), "network", "networks")
    return (
        f"The innovation spreads through the {kind} {names}. A tie points the way knowledge can flow, from the person "
        "who is turned to, to the person who turns."
    )


def _networks(chapter: Chapter) -> Table:
    made = []
    for network in chapter.networks:
        shown = [
            whole_cell(chapter.numbers, network_number(network, field, value, unit))
            for field, value, unit in (
                ("agents", network.size, "agent"),
                ("ties", network.tie_count, "tie"),
                ("organisations", len(network.organisation_names), "organisation"),
            )
        ]
        kind = "synthetic" if network.synthetic else "as the researcher gave it"
        cells = [text_cell(network.name), text_cell(kind), *shown[:2], _composition(chapter, network, "roles")]
        made.append([*cells, _composition(chapter, network, "layers"), shown[2]])
    described = (
        Column("network", 16),
        Column("kind", 13),
        Column("agents", 8, is_number=True),
        Column("ties", 8, is_number=True),
        Column("agents by role", 24),
        Column("ties by layer", 24),
        Column("organisations", 13, is_number=True),
    )
    caption = "The networks. Ties are directed and counted in each layer."
    return Table("networks", caption, described, rows(made), _dropped(chapter))


def _composition(chapter: Chapter, network: Network, what: str) -> Cell:
    if what == "roles":
        counts = {role: network.roles.count(role) for role in network.role_names}
    else:
        counts = {name: int((network.layer == place).sum()) for place, name in enumerate(network.layers)}
    told = []
    for name, count in counts.items():
        number = network_number(network, f"{what}.{slug(name)}", count, "agent" if what == "roles" else "tie")
        number = Number(number.name, number.value, number.unit, {**number.source, "field": what, "key": name})
        told.append(f"{escaped(name)} {chapter.numbers.show(number, f'{count:,}')}")
    return marked_cell(", ".join(told))


def _dropped(chapter: Chapter) -> str:
    told = []
    for network in chapter.networks:
        for field, what in (
            ("self_ties", "ties of agents to themselves were dropped"),
            ("repeats", "repeats were merged"),
        ):
            count = getattr(network, field)
            if count:
                shown = chapter.numbers.show(network_number(network, field, count, "tie"), f"{count:,}")
                told.append(f"{escaped(network.name)}: {shown} {what}.")
    return " ".join(told)


def _arms(chapter: Chapter) -> Table:
    made: list[list[Cell]] = []
    seen: set[tuple[str, ...]] = set()
    any_done = any(done_text(arm) != done_text(chapter.study.arms[0]) for arm in chapter.study.arms)
    any_done = any_done or done_text(chapter.study.arms[0]) != "nothing"
    several = len(chapter.networks) > 1
    for group in chapter.study.groups:
        for arm in group.arms:
            who = _leaders(chapter, arm)
            done = [marked_cell(done_text(arm))] if any_done else []
            key = (group.network.name, arm.name, plain(who.text), *(cell.text for cell in done))
            if key in seen:
                continue
            seen.add(key)
            network = [text_cell(group.network.name)] if several else []
            made.append([*network, text_cell(arm.name), _position(chapter, arm), who, *done])
    described = (*((Column("network", 14),) if several else ()), Column("arm", 18), Column("leaders are", 36))
    described = (*described, Column("who leads", 36))
    if any_done:
        caption = "The arms, who leads in them, and what is done besides."
        return Table("arms", caption, (*described, Column("what is done besides", 30)), rows(made))
    return Table("arms", "The arms, and who leads in them.", described, rows(made))


def _position(chapter: Chapter, arm: PlannedArm) -> Cell:
    rule = arm.setting.leaders
    if arm.name == NO_LEADERS:
        return text_cell("nobody; added because adoption can begin without leaders here")
    if rule.agents is not None:
        return text_cell("named one by one")
    if rule.position is None:
        return text_cell("nobody")
    position = POSITIONS[rule.position]
    sources = position_sources(rule.position)
    cited = f" {chapter.cite(*sources)}" if sources else ""
    only = f", of the roles {joined([escaped(role) for role in rule.roles])} only" if rule.roles else ""
    called = "" if arm.name == rule.position else f" ({code(rule.position)})"
    return marked_cell(f"{escaped(position.sentence)}{only}{called}{cited}", position.sentence)


def _leaders(chapter: Chapter, arm: PlannedArm) -> Cell:
    choice, ids = arm.choice, arm.network.ids
    fixed = [escaped(ids[agent]) for agent in choice.fixed]
    if not choice.count:
        return text_cell("nobody")
    if arm.setting.uncertain_count is not None:
        every = "world" if arm.leaders_vary else "replicate"
        return text_cell(f"as many as leaders.count says in each world, chosen anew in every {every}")
    if arm.leaders_vary:
        count = _leader_number(arm, "count", choice.count)
        return marked_cell(f"{chapter.numbers.show(count, f'{choice.count:,}')}, chosen anew in every world")
    told = fixed
    if len(fixed) > MOST_LEADERS_NAMED:
        number = _leader_number(arm, "further", len(fixed) - MOST_LEADERS_NAMED)
        more = chapter.numbers.show(number, f"{int(number.value):,}")
        told = [*fixed[:MOST_LEADERS_NAMED], f"and {more} more"]
    if choice.places:
        places, among = _leader_number(arm, "places", choice.places), _leader_number(arm, "among", len(choice.among))
        shown = f"{chapter.numbers.show(places, f'{choice.places:,}')} of "
        shown += chapter.numbers.show(among, f"{len(choice.among):,}")
        tied = " with equal scores" if choice.tied else ""
        told = [*told, f"{shown}{tied}, drawn anew in every replicate"]
    return marked_cell(", ".join(told))


def _leader_number(arm: PlannedArm, field: str, value: int) -> Number:
    where = {"from": "leaders", "network": arm.network.name, "cell": arm.cell.index, "arm": arm.name, "field": field}
    name = f"{slug(arm.network.name)}.cell{arm.cell.index}.{slug(arm.name)}.leaders.{field}"
    return Number(name, float(value), "agent", where)


def _rules(chapter: Chapter) -> str:
    told: dict[str, None] = {}
    for stage, verb in (("awareness", "become aware"), ("adoption", "adopt")):
        found = {
            getattr(arm.setting.parameters, stage).rule
            for arm in chapter.study.arms
            if getattr(arm.setting.parameters, stage) is not None
        }
        for rule in sorted(found):
            sources = RULE_SOURCES.get(rule, ())
            cited = f" {chapter.cite(*sources)}" if sources else ""
            by = f"Agents {verb} by the rule {code(rule)}{cited}: "
            told[f"{by}{escaped(_lowered(RULES[rule].sentence))}"] = None
    return " ".join([*told, "[](#tbl:parameters) states every parameter."])


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _worlds(chapter: Chapter) -> str:
    """Return in how many worlds arms were played, and what differs between them."""
    scenario = chapter.study.scenario
    if scenario.worlds == 1:
        return ""
    drawn = joined([_drawn(path) for path in scenario.uncertain_paths()])
    return f" in each of {chapter.scenario('worlds', 'world')} worlds, which differ in {drawn},"


def _drawn(path: str) -> str:
    return "the network" if path == UNCERTAIN_NETWORK else code(path)


def _extra_runs(study: Study) -> int:
    """Return how many runs were played beside the arms: those that cells or arms share count once, or not at all."""
    arms = {(arm.setting_digest, arm.arm_digest) for arm in study.arms}
    return sum(
        series.replicates * series.worlds
        for series in study.played
        if (series.arm.setting_digest, series.arm.arm_digest) not in arms
    )


def _runs(chapter: Chapter) -> str:
    groups = chapter.result.groups
    scenario = chapter.study.scenario
    own = [own_scenario(scenario, arm) for arm in chapter.whole_study.arms]
    total = sum(one.replicates * one.worlds for one in own)
    runs = chapter.count("study.runs", total, **{"from": "study", "field": "runs"})
    cells = ""
    if len(scenario.cells()) > 1:
        count = chapter.count("scenario.cells", len(scenario.cells()), **{"from": "scenario", "key": "cells"})
        cells = (
            f" A sweep plays every arm under {count} assumptions, called *cells*; arms are compared within a cell only."
        )
    beside = ""
    if extra := _extra_runs(chapter.whole_study):
        more = chapter.count("study.extra_runs", extra, **{"from": "study", "field": "extra_runs"})
        why = "[nulls and the credit of leaders](#sec:beyond)"
        if any(group.survived.found for group in groups):
            why = "[the arms on the given network](#sec:survival)"
        beside = f" Beside the arms {more} further runs were played, for {why}."
    unit = {group.setting.unit(arm.name) for group in groups for arm in group.group.arms}
    rounds = " Under `cascade` a step is a round of telling, not calendar time." if "round" in unit else ""
    every = "every arm" if len(chapter.study.scenario.arms) > 1 else "the arm"
    until = ", or fewer where it was stopped early," if scenario.stopped else ""
    often = "once" if scenario.replicates == 1 else f"{chapter.scenario('replicates', 'run')} times"
    return opened(
        f"{every} was played {often}{_worlds(chapter)}{until} over {chapter.scenario('steps')} "
        f"{chapter.steps_word}, each time with other luck ({runs} run{'' if total == 1 else 's'} in all)."
        f"{cells}{beside}{rounds} A run in which nothing spreads is a result, and stays in every average."
    )

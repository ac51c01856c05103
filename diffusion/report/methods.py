"""The methods section of this study, after STRESS-ABS (Monks et al. 2019), from the scenario and the registries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata

from diffusion.analysis.network_modes import Mode
from diffusion.analysis.outcomes import find_outcome
from diffusion.draws import Purpose
from diffusion.experiment.survived import mode_of
from diffusion.experiment.worlds import units_of
from diffusion.model.parameters import ByRole, Distribution
from diffusion.report.arm_numbers import ArmNumbers
from diffusion.report.chapter import Chapter
from diffusion.report.cut_numbers import cut_text
from diffusion.report.interventions_told import intervention_draws
from diffusion.report.markdown import code, escaped, heading, joined, paragraphs
from diffusion.report.methods_extra import extra_methods
from diffusion.report.numbers import Number
from diffusion.report.pandoc import pandoc_version
from diffusion.report.parameter_table import parameter_table
from diffusion.report.reproduction import commands
from diffusion.report.sections.certainty import standard_error
from diffusion.report.sections.question import synthetic_line
from diffusion.report.solved_numbers import solved_text
from diffusion.report.stopping_rule import stopping_rule
from diffusion.report.tables import Cell, Column, Table, rows, text_cell
from diffusion.scenario import Scenario
from diffusion.scenario.designs import INDEPENDENT_WORLDS


def section(chapter: Chapter) -> str:
    """Return the methods section."""
    return paragraphs(
        heading("Methods", label="methods"),
        f"This section follows the STRESS guidelines for agent-based simulation {chapter.cite('monks2019')}; it was "
        "generated from the scenario, the program's own registries and the record of the runs.",
        _objectives(chapter),
        _logic(chapter),
        _data(chapter),
        _experimentation(chapter),
        _implementation(chapter),
        _access(chapter),
    )


def _objectives(chapter: Chapter) -> str:
    names = dict.fromkeys(group.ranking_outcome for group in chapter.result.groups)
    roles = chapter.arms[0].roles
    told = [f"{code(name)}: {escaped(find_outcome(name, roles).sentence)}" for name in names]
    return paragraphs(
        "## Objectives",
        f"*Purpose.* To answer the question: {escaped(chapter.study.scenario.title)}",
        f"*Outputs.* Arms are ranked by one outcome. {' '.join(told)} Further outcomes are reported as secondary.",
        "*Experimentation aims.* To estimate what the choice of leaders changes: the mean paired difference of "
        "each arm from "
        f"the baseline *{escaped(chapter.study.scenario.baseline)}*, all else being equal.",
    )


def _logic(chapter: Chapter) -> str:
    stages = "unaware, aware, adopted" if _has_awareness(chapter) else "not adopted, adopted"
    abandoned = ", abandoned" if _has_abandonment(chapter) else ""
    return paragraphs(
        "## Logic",
        f"Agents are in one of these stages: {stages}{abandoned}. Time is discrete. At every step each agent makes "
        "at most "
        "one move, judged by the stages at the step before, and all moves are applied together, so that the order of "
        "agents does not matter. Leaders have adopted at the start. [The appendix](#sec:odd) describes agents, "
        "ties, rules "
        "and their order in full.",
    )


def _data(chapter: Chapter) -> str:
    digests = [f"{escaped(network.name)} (digest {code(network.digest[:12])})" for network in chapter.networks]
    table = parameter_table(chapter)
    return paragraphs(
        "## Data",
        f"*Sources.* {joined(digests)}; [](#tbl:networks) describes "
        f"{'it' if len(digests) == 1 else 'them'}" + f". {synthetic_line(chapter)}".rstrip(),
        "*Pre-processing.* Ties from an agent to itself are dropped, and of several ties with the same source, "
        "target and "
        "layer the strongest is kept; nothing else is changed.",
        f"*Inputs.* {table.reference} states every parameter.",
        chapter.table(table),
        cut_text(chapter),
        solved_text(chapter),
    )


def _experimentation(chapter: Chapter) -> str:
    return paragraphs(
        "## Experimentation",
        "*Initialisation.* At the start only leaders have adopted. There is no warm-up: the course from the "
        "start is what "
        f"is studied. *Run length.* {chapter.scenario('steps')} {chapter.steps_word}.",
        f"*Estimation.* {_replicates(chapter)}",
        stopping_rule(chapter),
        *extra_methods(chapter),
        *[_justified(chapter, arms) for arms in chapter.arms[:1]],
        "*Comparison.* Arms are compared pair by pair within replicates. Intervals of differences are "
        "simultaneous over all "
        f"arms: their width is that of the largest of all standardised differences {chapter.cite('hothorn2008')}. "
        "Where "
        "all pairs are equal, the bound by the rule of three on the share of histories that would differ is given "
        "in place "
        f"of an interval {chapter.cite('hanley1983')}. A difference is judged by where its interval lies beside the "
        "smallest difference that matters; no significance is tested.",
    )


def _replicates(chapter: Chapter) -> str:
    scenario = chapter.study.scenario
    runs = "one replicate" if scenario.replicates == 1 else f"{chapter.scenario('replicates', 'run')} replicates"
    first, until = ("the first of the same", ", until it was decided,") if scenario.stopped else ("the same", ",")
    if scenario.worlds == 1:
        return f"Every arm was played in {first} {runs}{until} with common random numbers."
    units = units_of(scenario)
    spread = "" if units.size == 1 else ", its numbers in independent randomisations, which are the unit"
    return (
        f"Every arm was played in {first} {chapter.scenario('worlds', 'world')} worlds{until} in each of which what is "
        f"uncertain is drawn anew{spread}, and in each world in the same {runs}, with common random "
        f"numbers. Intervals count {units.noun}s, not runs."
    )


_NUMBER = {
    False: "*Number of replicates.* The largest Monte Carlo standard error",
    True: "*Number of worlds.* The largest standard error over worlds",
}


def _justified(chapter: Chapter, arms: ArmNumbers) -> str:
    """Return why so many replicates: the standard error beside the smallest difference that matters."""
    outcome = arms.result.ranking_outcome
    errors = [found for summary in arms.result.lasting if (found := standard_error(arms, summary.arm, outcome))]
    if not errors:
        return (
            "*Number of replicates.* One replicate has no standard error: it is a history to look at, not a comparison."
        )
    largest = max(errors, key=lambda error: error.value)
    smallest = arms.smallest(outcome)
    factor, unit = (100, "points") if smallest.is_share else (1, "agents")
    ratio = largest.value / smallest.value
    error = chapter.numbers.show(largest, f"{largest.value * factor:.2f}")
    size = chapter.numbers.show(smallest, f"{smallest.value * factor:.1f}")
    share = chapter.numbers.show(
        Number(f"{largest.name}.of_smallest", ratio, "ratio", {**largest.source, "field": "error_of_smallest"}),
        f"{ratio:.2f}",
    )
    where = f" on {escaped(arms.result.group.network.name)}" if chapter.is_swept else ""
    return (
        f"{_NUMBER[chapter.study.scenario.worlds > 1]} of a mean{where} is {error} {unit}, "
        f"{share} {'times' if ratio > 1 else 'of'} the "
        f"smallest difference that matters ({size} {unit}). Half an interval is about two standard errors; "
        + (
            "every mean is therefore known to within the smallest difference that matters."
            if ratio <= 0.5
            else "some means are therefore known less exactly than that. Conclusions rest on paired differences, whose "
            "precision is told in [its section](#sec:certainty)."
        )
    )


def _implementation(chapter: Chapter) -> str:
    world = "world, " if chapter.study.scenario.worlds > 1 else ""
    table = software_table(chapter)
    record = chapter.records[-1] if chapter.records else {}
    engine = record.get("engine", "ensemble")
    machine = record.get("machine", {})
    platform = " ".join(str(machine[key]) for key in ("system", "processor") if key in machine)
    return paragraphs(
        "## Implementation",
        f"*Software.* {table.reference}; the model is built on Mesa {chapter.cite('kazil2020')} and compiled for "
        "the runs. "
        "The compiled engine and the readable one agree run by run.",
        chapter.table(table),
        f"*Random sampling.* Every draw is a pure function of seed, {world}replicate, purpose, agent or tie, and step, "
        f"by the counter-based generator Philox {chapter.cite('salmon2011')}. The arm is not among them: so all arms "
        "share their "
        f"luck, and adding an arm, a replicate or a worker changes no other run. Seed: {chapter.scenario('seed')}. "
        f"Drawn in this study: {joined(draw_words(chapter))}.",
        f"*Execution.* Engine {code(str(engine))}" + (f", on {escaped(platform)}." if platform else "."),
    )


_REPORT_PACKAGES = ("pandas", "statsmodels", "matplotlib", "jinja2")

_DRAWN = {
    "TIE": "whether a tie carries",
    "ENTRY": "whether an agent moves, from its exposure",
    "EXTERNAL": "whether the outside reaches an agent",
    "THRESHOLD": "thresholds of agents, where they are distributions",
    "ABANDONMENT": "whether an adopter abandons the innovation",
    "LEADERS": "leaders at random",
    "BREAK": "leaders among those with equal scores",
    "RECEPTIVITY": "receptivity of agents, where it is a distribution",
    "INFLUENCE": "influence of agents, where it is a distribution",
    "RECRUITMENT": "who agrees to take part or to lead",
    "LEAVING": "whether a leader leaves",
    "TURNOVER": "when posts change hands",
    "ATTENDANCE": "who attends",
    "CONTACTS": "whom leaders bring along",
    "MATCHING": "who is matched with whom",
    "ALTERATION": "which ties or agents are altered",
    "WORLD": "what is uncertain between worlds",
    "DESIGN": "how worlds are spread over what is uncertain",
    "SURVEY": "what a survey would have shown of the network",
    "IMPUTATION": "which ties are missing or false",
    "REGION": "who is prominent in the region, and its ties",
}

_OF_MODES: dict[Mode, str] = {"robustness": "SURVEY", "imputation": "IMPUTATION", "redrawn": "REGION"}


def draw_words(chapter: Chapter) -> list[str]:
    """Return for what this study draws random numbers, in words."""
    return list(dict.fromkeys(_DRAWN[name.rpartition("_")[2]] for name in draw_names(chapter)))


def draw_names(chapter: Chapter) -> list[str]:
    """Return for what this study draws random numbers, by the names of the draws."""
    found: dict[str, None] = {}
    for arm in chapter.study.arms:
        parameters = arm.setting.parameters
        for stage, said in (("ADOPTION", parameters.adoption), ("AWARENESS", parameters.awareness)):
            if said is None:
                continue
            kind = {"cascade": "TIE", "contagion": "TIE", "threshold": "THRESHOLD"}.get(said.rule, "ENTRY")
            found[f"{stage}_{kind}"] = None
            if said.external:
                found[f"{stage}_EXTERNAL"] = None
        if parameters.adoption.abandonment:
            found["ABANDONMENT"] = None
        if arm.choice.places:
            found[Purpose(arm.choice.purpose).name] = None
        for name, value in (("RECEPTIVITY", parameters.receptivity), ("INFLUENCE", parameters.influence)):
            if isinstance(value, Distribution | ByRole):
                found[name] = None
    found |= dict.fromkeys([*intervention_draws(chapter), *_world_draws(chapter.study.scenario)])
    return [name for name in found if name in Purpose.__members__]


def _world_draws(scenario: Scenario) -> Iterator[str]:
    """Yield for what random numbers are drawn once a world, by the names of the draws."""
    if scenario.uncertain_keys():
        yield "WORLD" if scenario.design == INDEPENDENT_WORLDS else "DESIGN"
    if (mode := mode_of(scenario)) is not None:
        yield _OF_MODES[mode]


def software_table(chapter: Chapter) -> Table:
    """Return the versions of what the runs were made with."""
    record: Mapping[str, object] = chapter.records[-1] if chapter.records else {}
    versions = record.get("versions", {})
    told = versions if isinstance(versions, Mapping) else {}
    made = [[text_cell(name), _version(str(version))] for name, version in told.items()]
    made += [[text_cell(f"{name} (report)"), _version(version)] for name, version in report_versions()]
    if "model_version" in record:
        made.append([text_cell("version of the model"), _version(str(record["model_version"]))])
    return Table(
        "software",
        "Software that made the runs, and this report.",
        (Column("package", 30), Column("version", 20)),
        rows(made),
    )


def report_versions() -> list[tuple[str, str]]:
    """Return the versions of what reports are made with; what is not installed is left out."""
    found = []
    for package in _REPORT_PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            found.append((package, metadata.version(package)))
    return [*found, ("pandoc", pandoc_version())]


def _version(version: str) -> Cell:
    return Cell(code(version), (version,))


def _access(chapter: Chapter) -> str:
    return paragraphs(
        "## Reproducing it",
        "The folder of this report holds the scenario, the record of the runs, every number quoted with its name "
        "and its "
        "exact value, and every table and figure. With the program installed, these commands make it again:",
        commands(chapter),
    )


def _has_awareness(chapter: Chapter) -> bool:
    return any(arm.setting.parameters.awareness is not None for arm in chapter.whole_study.arms)


def _has_abandonment(chapter: Chapter) -> bool:
    return any(arm.setting.parameters.adoption.abandonment > 0 for arm in chapter.whole_study.arms)

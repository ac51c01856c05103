"""The table of parameters: what each means, its unit, its value or distribution, and where it is stated."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from diffusion.model.parameters import DISTRIBUTIONS
from diffusion.report.chapter import Chapter
from diffusion.report.interventions_told import kind_of
from diffusion.report.markdown import code, escaped
from diffusion.report.numbers import EITHER, MINUS, TOKEN, Number, Pool, slug
from diffusion.report.scenario_comments import comments
from diffusion.report.stopping_rule import found_size
from diffusion.report.tables import Cell, Column, Table, marked_cell, rows, text_cell
from diffusion.scenario.checks import REACH
from diffusion.scenario.designs import INDEPENDENT_WORLDS
from diffusion.scenario.meanings import meaning

SCENARIO, ARM, SWEEP, DEFAULT, COMMAND = "scenario", "arm", "sweep", "default", "command line"
FOUND = "found by the stopping rule"

_DEFAULTS: Mapping[str, float | str] = {
    "agents.receptivity": 1.0,
    "agents.influence": 1.0,
    "leaders.influence": 1.0,
    "adoption.external": 0.0,
    "adoption.abandonment": 0.0,
}
"""What holds where a scenario says nothing, of keys that every study has."""

_WHOLE = {"precision.half_width": "precision", "precision.best_within": "precision"}
"""The keys that a comment on the table is about in which they stand on one line."""

_HEAD = ("steps", "replicates", "seed", "smallest_difference")


def parameter_table(chapter: Chapter) -> Table:
    """Return the table of this study's parameters."""
    made = [
        *(
            _row(chapter, "", key, getattr(chapter.study.scenario, key), _head_source(chapter, key))
            for key in _head(chapter)
        ),
        *(_row(chapter, "", path, value, source) for path, value, source in _size_keys(chapter)),
        *(_row(chapter, where, path, value, source) for where, path, value, source in _stated(chapter)),
    ]
    described = (
        Column("parameter", 29),
        Column("meaning", 28),
        Column("unit", 15),
        Column("value or distribution", 20),
        Column("source", 30),
    )
    found = (
        f" “{FOUND}” is a number that follows from the results, by the rule that `precision` asks for;"
        if found_size(chapter.study.scenario)
        else ""
    )
    note = (
        f"{_drawn(chapter)} “Scenario” is the file "
        "of this "
        f"study; “default” is what holds where it says nothing;{found} in quotation marks stands the scenario's own "
        "comment on a value, which is the place to say where it was taken from."
    )
    return Table("parameters", "Parameters of the model and of the study.", described, rows(made), note)


def _head(chapter: Chapter) -> tuple[str, ...]:
    """Return the keys above the first section that are told."""
    return _HEAD if chapter.study.scenario.worlds == 1 else ("steps", "worlds", *_HEAD[1:])


def _drawn(chapter: Chapter) -> str:
    """Return what a distribution among the values means."""
    agents = "is drawn for each agent anew in every replicate"
    if not chapter.study.scenario.uncertain_paths():
        return f"A value given as a distribution {agents}."
    return (
        f"A threshold, receptivity or influence given as a distribution {agents} (once a world where it says so); any "
        "other value given as a distribution is uncertain, and is one number in each world."
    )


def head_stated(chapter: Chapter) -> Mapping[str, Any]:
    """Return what the scenario's file states above its first section."""
    return {
        key: value for key, value in tomllib.loads(chapter.study.scenario.text).items() if key in (*_HEAD, "worlds")
    }


def _head_source(chapter: Chapter, key: str) -> str:
    """Return where a value above the first section is stated; replicates and seed may be given with the command."""
    stated, value = head_stated(chapter), getattr(chapter.study.scenario, key)
    if key == found_size(chapter.study.scenario):
        return FOUND
    if key in stated and stated[key] == value:
        return SCENARIO
    return COMMAND if key in stated or (key == "seed" and value != 0) else DEFAULT


def _size_keys(chapter: Chapter) -> Iterator[tuple[str, Any, str]]:
    """Yield (path, value, where it is stated) of how worlds are spread, and of what is asked of precision."""
    scenario = chapter.study.scenario
    if scenario.design != INDEPENDENT_WORLDS:
        yield "design", {scenario.design.kind: scenario.design.size}, SCENARIO
    if scenario.precision is not None:
        stated = tomllib.loads(scenario.text).get("precision", {})
        for key, value in asdict(scenario.precision).items():
            yield f"precision.{key}", value, SCENARIO if key in stated else DEFAULT


def _asked(chapter: Chapter) -> Iterator[tuple[str, Any]]:
    """Yield what the scenario asks for in ``[nulls]`` and ``[credit]``."""
    for section in ("nulls", "credit"):
        for key, value in tomllib.loads(chapter.study.scenario.text).get(section, {}).items():
            if isinstance(value, Mapping):
                yield from ((f"{section}.{key}.{inner}", said) for inner, said in value.items())
            else:
                yield f"{section}.{key}", value


def _stated(chapter: Chapter) -> Iterator[tuple[str, str, Any, str]]:
    """Yield (arm or cell, path, value, where it is stated)."""
    scenario = chapter.study.scenario
    shared = dict(_flat(scenario.sections))
    yield from (("", path, value, SCENARIO) for path, value in shared.items())
    for path, values in scenario.sweep:
        yield from ((f"value {place}", path, value, SWEEP) for place, value in enumerate(values))
    shown = {arm.name for group in chapter.result.groups for arm in group.group.arms}
    for arm in (one for one in scenario.arms if one.name in shown):
        told = [one for one in _flat(arm.overrides) if one[0] not in ("leaders.position", "leaders.agents")]
        yield from ((f"arm {arm.name}", path, value, f'arm "{arm.name}"') for path, value in told)
    yield from (("", path, value, SCENARIO) for path, value in _asked(chapter))
    stated = {*shared, *(path for path, _ in scenario.sweep)}
    for path, value in _DEFAULTS.items():
        if path not in stated and not _is_set_by_sweep(path, chapter):
            yield "", path, value, DEFAULT


def _flat(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for section, keys in sections.items():
        for key, value in keys.items():
            if section == "interventions" and isinstance(value, Mapping):
                yield from ((f"{section}.{key}.{inner}", said) for inner, said in value.items())
            else:
                yield f"{section}.{key}", value


def _is_set_by_sweep(path: str, chapter: Chapter) -> bool:
    section = path.partition(".")[0]
    return any(swept == section for swept, _ in chapter.study.scenario.sweep)


def _row(chapter: Chapter, where: str, path: str, value: Any, source: str) -> list[Cell]:
    rule = _rule(chapter, path, value)
    try:
        said = meaning(path, rule, kind=_kind(chapter, path))
        told, unit = said.sentence, said.unit
    except KeyError:
        told, unit = _section_words(path), ""
    name = code(path)
    return [
        marked_cell(name, path),
        marked_cell(_own_words(chapter, told, {"from": "constant", "of": "diffusion.scenario.meanings"}, path)),
        text_cell(unit),
        Cell(_value(chapter, where, path, value), (str(value),)),
        marked_cell(_sourced(chapter, path, source)),
    ]


def _sourced(chapter: Chapter, path: str, source: str) -> str:
    """Return where a value is stated, and the comment that stands beside it there."""
    told = comments(chapter.study.scenario.text) if source in (SCENARIO, SWEEP) else {}
    said = told.get(path) or told.get(_WHOLE.get(path, ""), "")
    if not said:
        return escaped(source)
    return f"{source}: “{_own_words(chapter, said, {'from': 'scenario text'}, path)}”"


def _own_words(chapter: Chapter, text: str, source: Mapping[str, Any], path: str) -> str:
    """Return a text whose numbers are its own, each registered as such."""
    name = "comment" if source["from"] == "scenario text" else "meaning"
    pool = [
        Number(f"{name}.{path}.{place}", float(found[0].replace(",", "").replace(MINUS, "-")), EITHER, source)
        for place, found in enumerate(TOKEN.finditer(text))
    ]
    return chapter.numbers.quote(text, Pool(pool))


def _rule(chapter: Chapter, path: str, value: Any) -> str:
    """Return the rule that a stage's key belongs to."""
    section, _, key = path.partition(".")
    stated = chapter.study.scenario.sections.get(section, {}).get("rule")
    if stated:
        return str(stated)
    for arm in chapter.study.arms:
        stage = getattr(arm.setting.parameters, section, None) if section in ("adoption", "awareness") else None
        if stage is not None and hasattr(stage, key):
            return str(stage.rule)
    return str(value.get("rule", "")) if isinstance(value, Mapping) else ""


def _kind(chapter: Chapter, path: str) -> str:
    """Return of what kind the intervention is whose key a path names, wherever it is stated."""
    scenario = chapter.study.scenario
    stated = (scenario.sections, *(arm.overrides for arm in scenario.arms))
    return next((kind for sections in stated if (kind := kind_of(path, sections))), "")


def _section_words(path: str) -> str:
    if path.startswith("interventions."):
        return "what kind of intervention it is" if path.endswith(".kind") else "whether the arm has it"
    words = {
        "precision.outcome": "by which outcome it is decided how many runs there are",
        "precision.half_width": "how far intervals of differences may reach to each side, in the outcome's unit",
        "precision.best_within": "by how much the arm named may fall short of the best, in the outcome's unit",
        "precision.confidence": "how surely that is to hold, of all together",
        "adoption": "how agents adopt, as a whole",
        "awareness": "how agents become aware, as a whole",
        "adoption.exposure": "how the active alters of an agent are counted",
        "nulls.matched": "whether every arm is also played with leaders of the same role and out-degree",
        "nulls.structure.rewirings": "on how many networks, rewired in either way, every arm is also played",
        "nulls.structure.replicates": "how many runs an arm has on each rewired network",
        "credit.counterfactual": "whether every arm is also played without each of its leaders",
        "credit.shapley": "whether every arm is also played with every part of its leaders",
        "credit.replicates": "how many runs each arm without some of its leaders has",
    }
    return words.get(path, "as the scenario's documentation says")


def _value(chapter: Chapter, where: str, path: str, value: Any) -> str:
    """Return a value as Markdown, every number in it named."""
    source = {"from": "parameter", "key": path, "where": where}
    name = ".".join(part for part in ("parameter", slug(where) if where else "", path) if part)
    return _shown(chapter, name, value, source)


def _shown(chapter: Chapter, name: str, value: Any, source: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(chapter, name, value, source)
    if isinstance(value, Mapping):
        return _table(chapter, name, value, source)
    if isinstance(value, list | tuple):
        entries = [
            _shown(chapter, f"{name}.{place}", given, _within(source, place)) for place, given in enumerate(value)
        ]
        return ", ".join(entries)
    return escaped(str(value))


def _table(chapter: Chapter, name: str, value: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    if REACH in value:
        return _solved(chapter, name, value, source)
    if len(value) == 1 and next(iter(value)) in DISTRIBUTIONS:
        [(kind, arguments)] = value.items()
        told = [
            f"{argument} {_number(chapter, f'{name}.{argument}', given, _within(_within(source, kind), place))}"
            for place, (argument, given) in enumerate(zip(_words(kind), arguments, strict=True))
        ]
        return f"{kind} ({', '.join(told)})"
    inside = [
        f"{escaped(str(key))}: {_shown(chapter, f'{name}.{slug(str(key))}', given, _within(source, key))}"
        for key, given in value.items()
    ]
    return "; ".join(inside) or "none"


def _solved(chapter: Chapter, name: str, value: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    """Return that a value is solved, and from what."""
    share = Number(f"{name}.{REACH}", float(value[REACH]), "share of agents", _within(source, REACH))
    asked = f"solved so that leaders at random reach {chapter.numbers.show(share, f'{100 * share.value:g}')} %"
    moved = {key: said for key, said in value.items() if key != REACH}
    return f"{_shown(chapter, name, moved, source)}, moved: {asked}" if moved else asked


def _words(kind: str) -> tuple[str, ...]:
    """Return what a distribution's arguments are called."""
    return tuple(argument.replace("_", " ") for argument in DISTRIBUTIONS[kind])


def _within(source: Mapping[str, Any], key: Any) -> Mapping[str, Any]:
    return {**source, "entry": [*source.get("entry", []), key]}


def _number(chapter: Chapter, name: str, value: float, source: Mapping[str, Any]) -> str:
    text = f"{value}" if isinstance(value, int) else f"{value:g}"
    if text.startswith("-"):
        text = f"{MINUS}{text[1:]}"
    return chapter.numbers.show(Number(name, float(value), "as stated", source), text)

"""A question as the text of a scenario, with units and meanings beside the values, and the study that it is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from diffusion.errors import printable
from diffusion.experiment.plan import Study, chosen_leaders, planned
from diffusion.experiment.worlds import in_first_world
from diffusion.scenario import read_scenario
from diffusion.scenario.meanings import meaning
from diffusion.scenario.registries import rules
from diffusion.scenario.settings import rule_keys
from diffusion.scenario.tables import SECTIONS, STAGES
from diffusion.server.question import Question
from diffusion.toml.documents import bare

CHOSEN = "chosen"
"""The name of the arm of those who were chosen one by one."""

LONGEST_VALUE = 2000
"""What is longer is no value that anybody types."""


def scenario_text(question: Question) -> str:
    """Return a question as a scenario.

    Parameters
    ----------
    question
        The question.
    """
    return "".join(f"{line}\n" for line in (*_head(question), *_sections(question), *_arms(question)))


def planned_question(question: Question) -> Study:
    """Return the study that a question is, read from its text.

    Parameters
    ----------
    question
        The question.

    Raises
    ------
    InputError
        If anything in it is wrong, in the words of the scenario's reader.
    """
    scenario = read_scenario(scenario_text(question), Path(question.file_name))
    return in_first_world(planned(scenario, [question.network], chosen_leaders))


def toml_value(value: Any) -> str:
    """Return a value as TOML, on one line.

    Examples
    --------
    >>> toml_value({"academic -> manager": 0.5, "beta": [7, 14.0]})
    '{ "academic -> manager" = 0.5, beta = [7, 14.0] }'
    """
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {toml_value(said)}" for key, said in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return _text(value)
    return repr(value) if isinstance(value, int | float) else str(value)


def value_of(text: str) -> Any:
    """Return the value that somebody typed: TOML if it is any, else a text, for the reader to complain of.

    Examples
    --------
    >>> value_of("0.3"), value_of("{ beta = [7, 14] }"), value_of("column:openness"), value_of("a lot")
    (0.3, {'beta': [7, 14]}, 'column:openness', 'a lot')
    """
    if len(text) > LONGEST_VALUE:
        return text
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return table["value"] if len(table) == 1 else text


def _text(value: str) -> str:
    """Return a text as TOML; a JSON string is a TOML string but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return bare(key).replace("\x7f", "\\u007f")


def _head(question: Question) -> Iterator[str]:
    yield f"# Asked by hand; play it with:  diffusion run {question.file_name}"
    yield from (f"# {printable(line)}" for line in question.asked.advice)
    yield ""
    yield f"title = {toml_value(question.title)}"
    yield f"networks = {toml_value([question.asked.reference])}"
    for key in ("steps", "step_unit", "replicates", "seed", "smallest_difference"):
        if (value := getattr(question, key)) is not None:
            yield _line(key, value)
    arms = [*([CHOSEN] if question.chosen else []), *question.positions]
    if arms:
        yield _line("baseline", CHOSEN if question.chosen else "random" if "random" in arms else arms[0])


def _sections(question: Question) -> Iterator[str]:
    for section in SECTIONS:
        table = dict(question.sections.get(section, {}))
        rule = str(table.get("rule", ""))
        if section in STAGES and "rule" in table:
            table = {key: table[key] for key in rule_keys(section, rule) if key in table} if rule in rules() else table
        if section == "leaders" and question.positions:
            table = {"count": question.leader_count, **table}
        if table or (section == "awareness" and section in question.sections):
            yield ""
            yield f"[{section}]"
            yield from (_line(f"{section}.{key}", value, rule) for key, value in table.items() if value is not None)


def _arms(question: Question) -> Iterator[str]:
    if question.chosen:
        yield from ("", "[[arms]]", f"name = {toml_value(CHOSEN)}")
        yield f"leaders.agents = {toml_value(list(question.chosen))}"
    for position in question.positions:
        yield from ("", "[[arms]]", f"name = {toml_value(position)}", f"leaders.position = {toml_value(position)}")


def _line(path: str, value: Any, rule: str = "") -> str:
    section, _, key = path.rpartition(".")
    line = f"{_key(key)} = {toml_value(value)}"
    if section in STAGES and rule not in rules():
        return line  # what the reader says of the rule comes first
    said = meaning(path, rule)
    return f"{line}  # {said.unit}: {said.sentence}"

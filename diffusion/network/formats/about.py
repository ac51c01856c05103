"""The file ``about.toml`` of a folder: what a network is called, where it comes from, how it was asked for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.noted_files import note_file
from diffusion.network.formats.problems import Problems
from diffusion.network.survey import Survey

ABOUT_KEYS: Mapping[str, type] = {"name": str, "synthetic": bool, "description": str, "survey": dict}
SURVEY_KEYS = tuple(entry.name for entry in fields(Survey))
BY_LAYER = ("caps", "at_cap")


@dataclass(frozen=True, slots=True)
class About:
    """Hold what ``about.toml`` states.

    Attributes
    ----------
    name
        What the network is called.
    synthetic
        Whether it was generated and not observed.
    description
        Where it comes from.
    survey
        How it was asked for.
    """

    name: str = ""
    synthetic: bool = False
    description: str = ""
    survey: Survey | None = None


def read_about(path: Path, problems: Problems) -> About:
    """Return what a file states; nothing where there is none.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    if not path.exists():
        return About()
    try:
        note_file(path)
        said = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror}")
        return About()
    except (ValueError, RecursionError) as error:  # neither UTF-8 nor TOML
        problems.add(path, None, f"the file must be TOML in UTF-8: {error}")
        return About()
    found = len(problems.found)
    for key, value in said.items():
        if key not in ABOUT_KEYS:
            known = ", ".join(ABOUT_KEYS)
            problems.add(
                path, None, f'the key "{key}" is not known; known are {known}{nearest_name_hint(key, ABOUT_KEYS)}'
            )
        elif not isinstance(value, ABOUT_KEYS[key]):
            wanted = {bool: "true or false", str: "a text in quotation marks", dict: "a table"}[ABOUT_KEYS[key]]
            problems.add(path, None, f'"{key}" must be {wanted}, not {value!r}')
    if len(problems.found) > found:
        return About()
    survey = _survey(path, said.pop("survey"), problems) if "survey" in said else None
    return About(**said, survey=survey)


def about_text(about: About) -> str:
    """Return the text of a file that states this.

    Parameters
    ----------
    about
        What to state; keys that say nothing are left out.
    """
    lines = [f"name = {_toml(about.name)}", f"synthetic = {_toml(about.synthetic)}"]
    if about.description:
        lines.append(f"description = {_toml(about.description)}")
    if about.survey:
        lines += ["", "[survey]"]
        for key in SURVEY_KEYS:
            value = getattr(about.survey, key)
            if key in BY_LAYER:
                inner = ", ".join(f"{_toml(layer)} = {count}" for layer, count in sorted(value.items()))
                lines += [f"{key} = {{ {inner} }}"] if inner else []
            elif value is not None:
                lines.append(f"{key} = {_toml(value)}")
    return "".join(line + "\n" for line in lines)


def _survey(path: Path, said: Mapping[str, Any], problems: Problems) -> Survey | None:
    found = len(problems.found)
    for key, value in said.items():
        if key not in SURVEY_KEYS:
            hint = nearest_name_hint(key, SURVEY_KEYS)
            problems.add(path, None, f'the key "survey.{key}" is not known; known are {", ".join(SURVEY_KEYS)}{hint}')
        elif key in BY_LAYER:
            if not isinstance(value, dict) or not all(map(_is_count, value.values())):
                problems.add(path, None, f'"survey.{key}" must be a table of whole numbers by layer, not {value!r}')
        elif key == "ego_networks":
            if not isinstance(value, bool):
                problems.add(path, None, f'"survey.{key}" must be true or false, not {value!r}')
        elif not _is_count(value):
            problems.add(path, None, f'"survey.{key}" must be a whole number of at least 0, not {value!r}')
    return Survey(**said) if len(problems.found) == found else None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _toml(value: object) -> str:
    """Return a value as TOML; a JSON string is a TOML string but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

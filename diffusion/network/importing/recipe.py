"""What an import recipe may say: which file and column is what, what was asked, and what answers mean.

A recipe is a TOML file beside the data. ``docs/recipes.md`` describes every key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from diffusion.toml.documents import TomlDocument, read_toml

Question = Literal["turn-to", "tell", "work-with"]
"""Whom do you turn to, whom do you tell, whom do you work with: which way knowledge flows."""

Shape = Literal["wide", "long", "pairs", "matrix"]
"""How a sheet holds nominations."""

EVERY_COLUMN = "*"


def _text(value: object, *, what: str) -> str:
    """Return what a recipe gives as text; whole numbers and true or false are as a sheet would have them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError(f"must be {what}")


def _column_names(value: object) -> Any:
    what = "the name of a column, or a list of such names"
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"must be {what}")
    return names


def _texts(value: object) -> Any:
    what = "a list of answers as the sheet has them"
    if not isinstance(value, list):
        raise ValueError(f"must be {what}")  # noqa: TRY004 - pydantic collects ValueErrors
    return [_text(entry, what=what) for entry in value]


def _kept_columns(value: object) -> Any:
    what = 'a table such as { organisation = "agency" }, a list of columns, or "all"'
    if value == "all":
        return {EVERY_COLUMN: EVERY_COLUMN}
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: name for name in value}
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value.values()):
        return value
    raise ValueError(f"must be {what}")


def _column_or_table(value: object) -> Any:
    if isinstance(value, str):
        return {"column": value}
    if isinstance(value, Mapping):
        return value
    raise ValueError('must be the name of a column, or a table such as { column = "…" }')


def _strengths(value: object) -> Any:
    what = 'a table such as { weekly = 0.75, daily = 1 }, "divide-by-max", or "divide-by-5" with the top of the scale'
    if isinstance(value, str) and (said := re.fullmatch(r"divide-by-(max|\d+(\.\d+)?)", value)):
        if said[1] != "max" and float(said[1]) <= 0:
            raise ValueError("must be a division by a number above 0")
        return Strengths(divide_by=None if said[1] == "max" else float(said[1]), divide=True)
    if not isinstance(value, Mapping):
        raise ValueError(f"must be {what}")  # noqa: TRY004 - pydantic collects ValueErrors
    for answer, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
            raise ValueError(
                f'must be a strength of at least 0 and at most 1 for each answer, but that of "{answer}" is none'
            )
    return Strengths(answers={answer: float(number) for answer, number in value.items()})


@dataclass(frozen=True, slots=True)
class Strengths:
    """Hold how answers become strengths.

    Attributes
    ----------
    answers
        The strength of each answer; empty where answers are numbers.
    divide
        Whether numbers are divided.
    divide_by
        By what; ``None`` for the largest of them.
    """

    answers: Mapping[str, float] | None = None
    divide: bool = False
    divide_by: float | None = None


ColumnNames = Annotated[list[str], BeforeValidator(_column_names)]
Texts = Annotated[list[str], BeforeValidator(_texts)]
KeptColumns = Annotated[dict[str, str], BeforeValidator(_kept_columns)]
Name = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """Forbid keys that are not known, in every table of a recipe."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class Coded(Part):
    """Say where a role comes from: a column, with what its answers stand for, or one value for all."""

    column: Name | None = None
    value: Name | None = None
    answers: dict[str, str] = Field(default_factory=dict)


class LayersFrom(Part):
    """Say which layer a nomination belongs to by its answer in a column."""

    column: Annotated[list[str] | None, BeforeValidator(_column_names)] = None
    answers: dict[str, str] = Field(default_factory=dict)


class Answered(Part):
    """Say which people of a list answered: those with one of the values in a column."""

    column: Name
    values: Texts = Field(default_factory=list)


class TimeOfAdoption(Part):
    """Say which column holds the time of adoption, and which values of it mean "not so far"."""

    column: Name
    never: Texts = Field(default_factory=list)


class SheetPart(Part):
    """Say which sheet is read: a file, the sheet of a workbook, and which of its lines hold what."""

    file: Name | None = None
    sheet: Name | None = None
    header: int = Field(default=1, ge=1)
    ignore_lines: list[int] = Field(default_factory=list)


class PeoplePart(SheetPart):
    """Describe a list of people."""

    file: Name
    id: ColumnNames
    name: ColumnNames = Field(default_factory=list)
    role: Annotated[Coded | None, BeforeValidator(_column_or_table)] = None
    columns: KeptColumns = Field(default_factory=dict)
    identifying: ColumnNames = Field(default_factory=list)


class Respondents(PeoplePart):
    """Describe the list of those who answered."""

    asked: int | None = Field(default=None, ge=1)
    answered: Annotated[Answered | None, BeforeValidator(_column_or_table)] = None
    time_of_adoption: TimeOfAdoption | None = None


class Roster(PeoplePart):
    """Describe the list of those who were asked, whether they answered or not."""


class NominationsPart(SheetPart):
    """Describe one sheet of nominations: its shape, its columns, and what its answers mean."""

    shape: Shape
    question: Question | None = None
    ego: ColumnNames = Field(default_factory=list)
    alter: ColumnNames = Field(default_factory=list)
    alters: ColumnNames = Field(default_factory=list)
    first: ColumnNames = Field(default_factory=list)
    second: ColumnNames = Field(default_factory=list)
    split: Name | None = None
    within: ColumnNames = Field(default_factory=list)
    nobody: Texts = Field(default_factory=list)
    strength: ColumnNames = Field(default_factory=list)
    strengths: Annotated[Strengths | None, BeforeValidator(_strengths)] = None
    blank: float | None = Field(default=None, gt=0, le=1)
    no_tie: Texts = Field(default_factory=list)
    at_least: float | None = None
    layer: Name | None = None
    layers: LayersFrom | None = None
    alter_role: ColumnNames = Field(default_factory=list)
    alter_columns: dict[str, ColumnNames] = Field(default_factory=dict)
    most_names: int | None = Field(default=None, ge=1)


class Names(Part):
    """Say how the people whom respondents named are found among the people known."""

    match: Literal["exact", "spacing-and-case", "within-ego"] = "exact"
    aliases: Name | None = None


class NotInterviewed(Part):
    """Say what becomes of people who were named, or asked, and did not answer."""

    nominees: Literal["keep", "drop", "refuse"] = "keep"


class Recipe(Part):
    """Hold a whole recipe."""

    name: Name | None = None
    synthetic: bool = False
    question: Question | None = None
    join: Name = "-"
    respondents: Respondents | None = None
    roster: Roster | None = None
    nominations: list[NominationsPart] = Field(min_length=1)
    names: Names = Field(default_factory=Names)
    not_interviewed: NotInterviewed = Field(default_factory=NotInterviewed)


def load_recipe(path: Path) -> tuple[Recipe, TomlDocument]:
    """Read a recipe, and check what can be checked without the data.

    Parameters
    ----------
    path
        The TOML file.

    Raises
    ------
    InputError
        With a line for every key that is unknown, missing, holds what it must
        not, or does not go with another.
    """
    document = read_toml(path, what="recipe", needs="at least one table [[nominations]]")
    recipe = document.model(Recipe)
    _check_people(recipe, document)
    for place, part in enumerate(recipe.nominations):
        _check_nominations(recipe, part, place, document)
    if recipe.names.match == "within-ego":
        if recipe.names.aliases:
            document.complain(("names", "aliases"), 'does not go with match = "within-ego", where no names are matched')
        if recipe.not_interviewed.nominees != "keep":
            document.complain(
                ("not_interviewed", "nominees"), 'must be "keep" with match = "within-ego": no nominee was interviewed'
            )
    document.check()
    return recipe, document


def _check_people(recipe: Recipe, document: TomlDocument) -> None:
    for key, part in (("respondents", recipe.respondents), ("roster", recipe.roster)):
        if part is None:
            continue
        if part.role and (part.role.column is None) == (part.role.value is None):
            document.complain((key, "role"), "must have either column or value")
        for kept, column in part.columns.items():
            if column in part.identifying:
                document.complain(
                    (key, "columns", kept), f'"{column}" is listed in identifying, so it cannot be kept; remove one'
                )
    if recipe.respondents and recipe.roster:
        for name in ("asked", "answered"):
            if getattr(recipe.respondents, name) is not None:
                document.complain(("respondents", name), "does not go with a [roster], which says who was asked")


_NEEDS: Mapping[str, tuple[str, ...]] = {
    "wide": ("ego", "alters"),
    "long": ("ego", "alter"),
    "pairs": ("first", "second"),
    "matrix": (),
}
_TAKES: Mapping[str, tuple[str, ...]] = {
    "wide": ("ego", "alters", "split", "within", "strength", "alter_role", "alter_columns", "most_names", "question"),
    "long": ("ego", "alter", "within", "strength", "alter_role", "alter_columns", "most_names", "question"),
    "pairs": ("first", "second", "ego", "strength"),
    "matrix": ("ego", "alters", "within", "most_names", "question"),
}
_BY_SHAPE = sorted({key for keys in _TAKES.values() for key in keys})


def _check_nominations(recipe: Recipe, part: NominationsPart, place: int, document: TomlDocument) -> None:
    table = ("nominations", place)
    written = part.model_fields_set
    for key in _BY_SHAPE:
        if key in written and key not in _TAKES[part.shape]:
            shapes = " and ".join(shape for shape, keys in _TAKES.items() if key in keys)
            document.complain((*table, key), f"does not go with shape {part.shape}, only with {shapes}")
    same_file = recipe.respondents is not None and part.file in {None, recipe.respondents.file}
    for key in _NEEDS[part.shape]:
        if not getattr(part, key) and not (key == "ego" and same_file):
            document.complain(table, f"{key} is missing; a sheet of shape {part.shape} needs it")
    if part.file is None and recipe.respondents is None:
        document.complain(table, "file is missing")
    if part.shape != "pairs" and not (part.question or recipe.question):
        document.complain(
            table, 'question is missing: "turn-to", "tell" or "work-with", here or at the head of the recipe'
        )
    if part.layer and part.layers:
        document.complain((*table, "layers"), "does not go with layer; keep one of them")
    if part.shape != "matrix":
        _check_answers(part, table, document)


def _check_answers(part: NominationsPart, table: tuple[str | int, ...], document: TomlDocument) -> None:
    for key in ("strengths", "blank", "no_tie", "at_least"):
        if key in part.model_fields_set and not part.strength:
            document.complain((*table, key), "needs strength, the column of the answers that it speaks of")
    if part.layers and part.layers.column is None:
        document.complain((*table, "layers"), "column is missing")

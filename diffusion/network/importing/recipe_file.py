"""An import recipe as a format: whatever takes a network takes the recipe that makes one of a survey's sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from diffusion.errors import InputError
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.importing.counts import caps_of, survey_of, without_dropped
from diffusion.network.importing.people import INTERVIEWED, Person, read_people
from diffusion.network.importing.recipe import Recipe, load_recipe
from diffusion.network.importing.resolving import Resolved, resolved
from diffusion.network.importing.shapes import read_nominations
from diffusion.network.importing.sources import Sources
from diffusion.network.network import Network
from diffusion.network.survey import Survey


@dataclass(frozen=True, slots=True)
class Imported:
    """Hold what a recipe makes of a survey's sheets.

    Attributes
    ----------
    tables
        Agents and ties, as every reader gives them.
    recipe, recipe_path
        The recipe and its file.
    people
        Everybody who was asked or named, those left out included.
    spellings
        How people were written, with whom each spelling means.
    files
        The files that were read.
    """

    tables: Tables
    recipe: Recipe
    recipe_path: Path
    people: tuple[Person, ...]
    spellings: frozenset[tuple[str, str]]
    files: tuple[Path, ...]


def recognises(path: Path, head: bytes) -> bool:
    """Tell whether a file is a recipe: TOML with a table of nominations."""
    return path.suffix.casefold() == ".toml" and (b"nominations" in head or b"respondents" in head)


def read(path: Path, problems: Problems) -> Tables | None:
    """Return what a recipe makes of the sheets beside it, or ``None`` having noted what is wrong.

    Parameters
    ----------
    path
        The recipe.
    problems
        Where problems go.
    """
    found = imported(path, problems)
    return found.tables if found else None


def write(network: Network, path: Path) -> list[str]:
    """Refuse to write a network as a recipe, which holds none.

    Raises
    ------
    InputError
        Always.
    """
    raise InputError(f"{path}: {network.name} cannot be written as a recipe; choose another format")


def imported(path: Path, problems: Problems, *, withhold: bool = False) -> Imported | None:
    """Return what a recipe makes of the sheets beside it, or ``None`` having noted what is wrong.

    Parameters
    ----------
    path
        The recipe.
    problems
        Where problems go.
    withhold
        Whether problems and notes must not quote what stands in cells, which may be names.
    """
    try:
        recipe, document = load_recipe(path)
    except InputError as error:
        _pass_on(error, path, problems)
        return None
    sources = Sources(document, problems, withhold)
    people = read_people(recipe, sources)
    sheets = read_nominations(recipe, sources)
    if problems.found:
        return None
    problems.known = [] if withhold else list(people.by_id)
    found = resolved(recipe, sources, people, sheets)
    if problems.found:
        return None
    everybody = tuple(found.people.by_id.values())
    kept, nominees, left_out = without_dropped(recipe, sources, found)
    caps, at_cap = caps_of(sheets)
    survey = replace(survey_of(recipe, sources, kept, nominees, left_out), caps=caps, at_cap=at_cap)
    if problems.found:
        return None
    tables = _tables(recipe, sources, kept, survey)
    return Imported(tables, recipe, path, everybody, frozenset(found.spellings), tuple(sources.files))


def _pass_on(error: InputError, path: Path, problems: Problems) -> None:
    """Note the problems of an error, with their lines."""
    for line in error.problems:
        said = re.fullmatch(r"(?::(\d+))?: (.*)", line.removeprefix(str(path)), re.DOTALL)
        problems.add(path, int(said[1]) if said and said[1] else None, said[2] if said else line)


def _tables(recipe: Recipe, sources: Sources, kept: Resolved, survey: Survey) -> Tables:
    people = list(kept.people.by_id.values())
    place = {person.id: number for number, person in enumerate(people)}
    names = list(dict.fromkeys(name for person in people for name in person.cells))
    columns = {"role": [person.role for person in people]}
    columns |= {name: [person.cells.get(name, "") for person in people] for name in names}
    answered = [person.answered for person in people]
    if any(said is not None for said in answered) and not all(answered):
        columns[INTERVIEWED] = ["yes" if said else "no" for said in answered]
    backwards = [tie.named.question == "turn-to" for tie in kept.ties]
    ends = [
        (tie.alter, tie.ego) if back else (tie.ego, tie.alter) for tie, back in zip(kept.ties, backwards, strict=True)
    ]
    return Tables(
        path=kept.ties[0].named.path if kept.ties else sources.document.path,
        ids=[person.id for person in people],
        columns=columns,
        source=[place[source] for source, _ in ends],
        target=[place[target] for _, target in ends],
        layer=[tie.nomination.layer for tie in kept.ties],
        strength=[tie.nomination.strength for tie in kept.ties],
        directed=[tie.named.question != "work-with" for tie in kept.ties],
        agents_path=people[0].path if people else None,
        agent_lines=[person.line for person in people],
        name=recipe.name or "",
        synthetic=recipe.synthetic,
        survey=survey,
        follows_knowledge=True,
        states_question=True,
        notes=sources.notes,
    )

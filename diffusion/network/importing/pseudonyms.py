"""Codes in the place of ids and names, so that no name of a real person leaves the key file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.importing.key_file import KeyFile
from diffusion.network.importing.matching import folded_name
from diffusion.network.importing.people import INTERVIEWED, TIME_OF_ADOPTION
from diffusion.network.importing.recipe_file import Imported
from diffusion.network.importing.withheld import Codebook
from diffusion.network.network import normalized


def pseudonymised(found: Imported, key: KeyFile, problems: Problems, *, name: str) -> Tables:
    """Return a survey's tables with codes for ids, and no id or name anywhere in them.

    Parameters
    ----------
    found
        What a recipe made of a survey, read with its cells withheld.
    key
        The key file; new people are added to it, and it is not written yet.
    problems
        Where problems go.
    name
        What the network is called.
    """
    tables = found.tables
    kept = {person.id: person for person in found.people}
    people = [kept[person_id] for person_id in tables.ids]
    known = {text for person in found.people for text in (person.id, person.name) if text}
    folds = found.recipe.names.match == "spacing-and-case"
    codes = key.codes(people, avoid=known, folded=folded_name if folds else str)
    book = codebook(found, key, codes)
    columns = {}
    for place, (column, cells) in enumerate(tables.columns.items(), start=1):
        if book.coded(column) != column:
            words = f"the name of column {place} of those kept holds somebody's id or name; give it another"
            problems.add(found.recipe_path, None, words)
        columns[column] = cells if column in {INTERVIEWED, TIME_OF_ADOPTION} else _coded(column, cells, book, tables)
    layers = {text: book.coded(text) for text in set(tables.layer)}
    return replace(
        tables,
        ids=[codes[person_id] for person_id in tables.ids],
        columns=columns,
        layer=[layers[text] for text in tables.layer],
        name=book.coded(name),
    )


def codebook(found: Imported, key: KeyFile, codes: dict[str, str]) -> Codebook:
    """Return what puts codes in the place of everything that is known to identify somebody.

    Parameters
    ----------
    found
        What a recipe made of a survey.
    key
        The key file, whose people may not be in this survey at all.
    codes
        The codes of those who are, by id.
    """
    book = Codebook()
    for person in found.people:
        for text in (person.id, person.name, *person.hidden):
            if person.id in codes:
                book.add(text, codes[person.id])
    for written, meant in sorted(found.spellings):
        if meant in codes:
            book.add(written, codes[meant])
    for entry in key.entries:
        book.add(entry.id, entry.code)
        book.add(entry.name, entry.code)
    for person in found.people:
        book.add_all((person.id, person.name, *person.hidden))
    book.add_all(written for written, _ in found.spellings)
    return book


def _coded(column: str, cells: Sequence[str], book: Codebook, tables: Tables) -> list[str]:
    """Return a column with codes in the place of ids and names, having noted how many cells held one."""
    held = {text: book.coded(normalized(text)) for text in set(cells)}
    made = [held[cell] for cell in cells]
    changed = sum(before != after for before, after in zip(map(normalized, cells), made, strict=True))
    if changed:
        words = "1 cell held an id or a name" if changed == 1 else f"{changed:,} cells held an id or a name"
        tables.notes.append(f'{tables.agents_path}: in the column "{column}" {words}; codes stand there now')
    return made

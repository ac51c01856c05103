"""A whole import: from a recipe, and a key file where pseudonyms are wanted, to a network."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from diffusion.errors import InputError
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import network_of
from diffusion.network.importing.key_file import KeyFile, open_key_file
from diffusion.network.importing.pseudonyms import pseudonymised
from diffusion.network.importing.recipe_file import imported
from diffusion.network.importing.withheld import Codebook
from diffusion.network.network import Network


@dataclass(frozen=True, slots=True)
class Import:
    """Hold what came of an import.

    Attributes
    ----------
    network
        The network.
    files
        The files that were read.
    key
        The key file, not saved yet; ``None`` without pseudonyms.
    new_codes
        How many people got a code.
    """

    network: Network
    files: tuple[Path, ...]
    key: KeyFile | None
    new_codes: int

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was lost or assumed, a line each."""
        return self.network.notes


def import_survey(recipe: Path, key_path: Path | None = None) -> Import:
    """Make a network of a survey's sheets, as a recipe says. Nothing is written, the key file included.

    Parameters
    ----------
    recipe
        The recipe.
    key_path
        The key file, where codes are to stand for people.

    Raises
    ------
    InputError
        With everything that is wrong with the recipe, its sheets or the key
        file; with a key file it quotes no cell.
    """
    if key_path is None:
        return _import(recipe, None)
    key = open_key_file(key_path)
    try:
        made = _import(recipe, key)
    except InputError as error:
        book = _known(key)
        raise InputError([_masked(line, book) for line in error.problems]) from None
    book = _known(key)
    notes = tuple(_masked(line, book) for line in made.notes)
    return replace(made, network=replace(made.network, notes=notes))


def _import(recipe: Path, key: KeyFile | None) -> Import:
    problems = Problems()
    found = imported(recipe, problems, withhold=key is not None)
    if found is None:
        raise problems.error()
    name = found.tables.name or recipe.resolve().stem
    tables = found.tables if key is None else pseudonymised(found, key, problems, name=name)
    network = network_of(tables, problems, name=name if key is None else tables.name)
    if network is None or problems.found:
        raise problems.error()
    return Import(network, found.files, key, key.added if key else 0)


def _known(key: KeyFile) -> Codebook:
    """Return what finds the people of a key file, the new ones included, in other texts."""
    book = Codebook()
    for entry in key.entries:
        book.add(entry.id, entry.code)
        book.add(entry.name, entry.code)
    return book


def _masked(line: str, book: Codebook) -> str:
    """Return a line with codes for names in its path and in what it quotes: files may be called after somebody."""
    path, mark, words = line.partition(": ")
    quoted = re.sub(r'"[^"]*"', lambda match: book.masked(match[0]), words)
    return book.masked(path) + mark + quoted

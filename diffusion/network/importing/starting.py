"""A first recipe for a sheet: what its columns seem to be, in a file that says where it is not sure."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from diffusion.errors import InputError
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.registry import SHEETS, format_of
from diffusion.network.formats.sheets import Sheet, number, read_sheet
from diffusion.network.importing.guesses import (
    Guess,
    about_people,
    cells_of,
    guessed,
    is_identifying,
    list_of_people,
)
from diffusion.network.importing.sources import Grid
from diffusion.network.network import normalized
from diffusion.toml.documents import bare

_MOST_NEIGHBOURS = 20
_LARGEST_NEIGHBOUR = 5_000_000

_QUESTION = """\
# What were people asked? This decides which way knowledge flows, so do check it:
#   "turn-to"    whom do you turn to, who has influenced you: from the one who is named to the one who names
#   "tell"       whom do you tell, who comes to you: from the one who names to the one who is named
#   "work-with"  whom do you work with: both ways
question = "turn-to"
"""

_CLOSING = """\
# [names]
# match = "spacing-and-case"    # "exact" unless you say so; a name that is only similar is never taken for another
# aliases = "aliases.csv"       # two columns: a name as it was written, and the id or name it stands for

# What becomes of people who were named and did not answer: "keep", "drop" or "refuse".
[not_interviewed]
nominees = "keep"
"""


_WITHIN_EGO = """\
# Alter 1 of one respondent is somebody else than alter 1 of another, so everybody stands for themselves in the network
# of the respondent. If the same name is the same person throughout, say match = "exact".
[names]
match = "within-ego"

"""


def first_recipe(file: Path, *, sheet: str | None = None, beside: Path | None = None) -> str:
    """Return the text of a first recipe for a sheet.

    Parameters
    ----------
    file
        A sheet with nominations, or a workbook.
    sheet
        Which sheet of a workbook.
    beside
        The folder where the recipe is to be; by default that of the sheet.

    Raises
    ------
    InputError
        If the file is no sheet, or cannot be read.
    """
    if file.suffix.casefold() not in {*SHEETS, ".dat", ""} and file.is_file():
        title = format_of(file).title
        raise InputError(f"{file}: this is no sheet but {title}, which needs no recipe: see network show and convert")
    problems = Problems()
    found = read_sheet(file, problems, sheet=sheet)
    if found is None or problems.found:
        raise problems.error()
    grid, ignored = _grid(found)
    if not grid.rows:
        raise InputError(f"{file}: there are no rows under the header, so nothing can be told from it")
    guess = guessed(grid)
    place = _relative(file, beside or file.parent)
    head = [f"name = {_toml(file.stem)}", ""]
    if guess.shape != "pairs" or guess.teller:
        head += _QUESTION.splitlines()
    spec = [f"file = {_toml(place)}", *([f"sheet = {_toml(sheet)}"] if sheet else [])]
    if ignored:
        spec.append(f"ignore_lines = {_toml(ignored)}    # the survey program's further headers")
    people = _people(file, grid, guess, spec, beside or file.parent)
    lines = [*_opening(file, grid, guess, found), *head, "", *people, "", *_nominations(grid, guess, spec), ""]
    closing = _CLOSING if not guess.teller else _WITHIN_EGO + _CLOSING[_CLOSING.index("# What becomes") :]
    text = "\n".join([*lines, *closing.splitlines()]) + "\n"
    return re.sub(r"\n{3,}", "\n\n", text)


def _grid(sheet: Sheet) -> tuple[Grid, list[int]]:
    """Return a sheet with its header, and the lines of further headers, which Qualtrics writes."""
    header = tuple(normalized(cell) for cell in sheet.rows[0])
    ignored = []
    for row, line in zip(sheet.rows[1:3], sheet.lines[1:3], strict=False):
        if any('{"ImportId"' in cell.replace(" ", "") for cell in row):
            ignored = [other for other in sheet.lines[1:3] if other <= line]
    kept = [place for place in range(1, len(sheet.rows)) if sheet.lines[place] not in ignored]
    rows = [[normalized(cell) for cell in (*sheet.rows[place], *[""] * len(header))][: len(header)] for place in kept]
    return Grid(sheet.path, header, rows, [sheet.lines[place] for place in kept], sheet), ignored


def _opening(file: Path, grid: Grid, guess: Guess, sheet: Sheet) -> Iterator[str]:
    yield f"# A first recipe, made by looking at {file.name} ({len(grid.rows):,} rows, {len(grid.header)} columns)."
    if guess.is_sure:
        looks = _LOOKS["alters" if guess.teller else guess.shape]
        yield f"# The sheet looks {looks}. Check every line; docs/recipes.md says what each means."
    else:
        yield "# What the sheet holds could not be told: put in the right shape and columns. docs/recipes.md shows how."
    for note in sheet.notes:
        yield f"# {note.replace(str(sheet.path), sheet.path.name, 1)}"
    repeated = sorted({name for name in grid.header if name and grid.header.count(name) > 1})
    if repeated:
        yield f"# Several columns are called {', '.join(map(_toml, repeated))}: rename all but one before using it."
    yield ""


_LOOKS = {
    "wide": "wide: one row a respondent, one column a nominee",
    "long": "long: one row a nomination",
    "pairs": "like a list of pairs, in no direction",
    "alters": "like ties between the alters of each respondent, in no direction",
    "matrix": "like a matrix: a row and a column for each person",
}


def _people(file: Path, grid: Grid, guess: Guess, spec: Sequence[str], beside: Path) -> Iterator[str]:
    if guess.shape == "wide":
        yield "# Who answered: one row a respondent."
        yield from ("[respondents]", *spec, f"id = {_columns(guess.ids)}")
        if len(guess.ids) > 1:
            yield f"#   no column alone tells respondents apart; {' and '.join(guess.ids)} together do"
        if guess.name:
            yield f"name = {_toml(guess.name)}    # nominees are found by it; it is not kept in the network"
        taken = {guess.ids[-1], guess.name, *(grid.header[place] for family in guess.alters for place in family.places)}
        taken |= {grid.header[place] for place in grid.matches(guess.strength or "#none").values()}
        yield from _attributes(grid, taken)
        return
    ends = _ends(grid, guess)
    for path, other, column in _neighbours(file, ends):
        yield f"# {path.name} lists everybody who occurs in {file.name}."
        yield from ("[respondents]", f"file = {_toml(_relative(path, beside))}", f"id = {_toml(column)}")
        yield from _attributes(other, {column})
        return
    yield "# A list of the people who answered, if there is one, with what is known of them:"
    yield '# [respondents]\n# file = "people.csv"\n# id = "id"\n# role = "role"'
    yield '# columns = { organisation = "organisation" }'


def _attributes(grid: Grid, taken: set[str]) -> Iterator[str]:
    said = about_people(grid, taken)
    adopted, role = said.pop("time_of_adoption", ""), said.pop("role", "")
    identifying = [name for name in said.values() if is_identifying(name)]
    kept = {key: column for key, column in said.items() if column not in identifying}
    yield f"role = {_toml(role)}" if role else '# role = "column"    # or for all: role = { value = "manager" }'
    if kept:
        inner = ", ".join(f"{bare(key)} = {_toml(column)}" for key, column in kept.items())
        yield f"columns = {{ {inner} }}    # kept with each person; leave out what is not needed"
    if identifying:
        yield f"identifying = {_columns(identifying)}    # tells who somebody is: never kept"
    if adopted:
        last = max(cells_of(grid, grid.header.index(adopted)), key=_number, default="")
        yield f'time_of_adoption = {{ column = {_toml(adopted)}, never = [] }}    # list what means "not so far"'
        yield f"#   the last time in it is {last}; in many surveys that stands for nobody's adoption"


def _nominations(grid: Grid, guess: Guess, spec: Sequence[str]) -> Iterator[str]:
    if guess.shape == "wide":
        for family in guess.alters:
            yield from _wide(grid, guess, list(family.places), family.pattern)
        return
    if guess.teller:
        yield "# Whoever is in a pair was named by the respondent. If another sheet says whom respondents named, use it"
        yield "# here: those who are in no pair are missing from this one."
        for alter in (guess.ids[0], guess.alter):
            yield from ("[[nominations]]", *spec, 'shape = "long"', f"ego = {_toml(guess.teller)}")
            yield from (f"alter = {_toml(alter)}", 'layer = "named"', "")
    yield from ("[[nominations]]", *spec, f'shape = "{guess.shape}"')
    if guess.shape == "matrix":
        yield "# the first column holds the respondents; every other column is one nominee"
    elif guess.teller:
        yield f"ego = {_toml(guess.teller)}    # in whose personal network the pair is"
        yield from (f"first = {_columns(guess.ids)}", f"second = {_toml(guess.alter)}")
    elif guess.shape == "pairs":
        yield from (f"first = {_columns(guess.ids)}", f"second = {_toml(guess.alter)}")
        yield "#   no pair stands in both directions, so pairs are ties both ways. If the first named the second:"
        yield '#   shape = "long", ego and alter for first and second, and a question = "turn-to" or "tell"'
    else:
        yield from (f"ego = {_columns(guess.ids)}", f"alter = {_toml(guess.alter)}")
    yield from _strength(guess)
    if guess.kind:
        yield f"layers = {{ column = {_toml(guess.kind)} }}    # the kind of tie"
    else:
        yield '# layer = "advice"    # what the tie is called; "tie" unless you say so'


def _wide(grid: Grid, guess: Guess, places: Sequence[int], pattern: str) -> Iterator[str]:
    fits = sorted(grid.matches(pattern).values()) == sorted(places)
    names = [grid.header[place] for place in places]
    yield from ("[[nominations]]", 'shape = "wide"')
    yield f"alters = {_toml(pattern) if fits else _toml(names)}    # {len(names)} columns: {', '.join(names[:12])}"
    if guess.within:
        yield f"within = {_columns(guess.within)}    # nominees are numbered within the respondent's {guess.within[0]}"
    if guess.share:
        yield f"#   {guess.share:.0%} of the nominees are found among the respondents"
    else:
        yield "#   none of the nominees is found among the respondents; are they written in another way?"
    if guess.loose_share > guess.share:
        yield f'#   {guess.loose_share:.0%} are found with match = "spacing-and-case", below'
    yield from _strength(guess)
    layer = pattern.strip("#_. -") or "tie"
    yield f"layer = {_toml(layer)}" if len(guess.alters) > 1 else '# layer = "advice"    # "tie" unless you say so'
    yield ""


def _strength(guess: Guess) -> Iterator[str]:
    if guess.strength:
        yield f"strength = {_toml(guess.strength)}"
    if not guess.answers:
        return
    if not all(0 <= float(text.replace(",", ".")) <= 1 for text in guess.answers):
        yield 'strengths = "divide-by-max"    # or say what each answer stands for:'
    top = max(float(text.replace(",", ".")) for text in guess.answers) or 1
    inner = ", ".join(f"{bare(text)} = {float(text.replace(',', '.')) / top:.2g}" for text in guess.answers)
    yield f"# strengths = {{ {inner} }}"


def _ends(grid: Grid, guess: Guess) -> set[str]:
    if guess.shape == "matrix":
        return {*cells_of(grid, 0), *(name for name in grid.header[1:] if name)}
    columns = [grid.header.index(name) for name in (guess.ids[0], guess.alter) if name in grid.header]
    return {cell for place in columns for cell in cells_of(grid, place)}


def _neighbours(file: Path, people: set[str]) -> Iterator[tuple[Path, Grid, str]]:
    """Yield the sheets in the same folder that list all these people."""
    near = sorted(path for path in file.parent.iterdir() if path.suffix.casefold() in {".csv", ".tsv"} and path != file)
    for path in near[:_MOST_NEIGHBOURS]:
        if not path.is_file() or path.stat().st_size > _LARGEST_NEIGHBOUR:
            continue
        sheet = read_sheet(path, Problems())
        if sheet is not None and len(sheet.rows) > 1:
            grid, _ = _grid(sheet)
            if column := list_of_people(grid, people):
                yield path, grid, column


def _number(text: str) -> float:
    return number(text) or 0.0


def _relative(file: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:  # on another drive
        return file.resolve().as_posix()


def _columns(names: Sequence[str]) -> str:
    return _toml(names[0]) if len(names) == 1 else _toml(list(names))


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

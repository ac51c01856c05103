"""What a sheet seems to be, told from its columns: the guesses that a first recipe is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Literal, NamedTuple

from diffusion.network.importing.matching import folded_name
from diffusion.network.importing.sources import Grid

LOOKED_AT = 5_000
"""How many rows are looked at."""

MOST_ANSWERS = 12
"""How many distinct values a scale of answers may have."""

_ALTERS = re.compile(r"alter|nomin|name|net|friend|advi|contact|person|colleague|partner|turn|who|tie", re.IGNORECASE)
_ABOUT = re.compile(r"freq|often|strength|weight|close|score|sex|gender|age|role|org|job|year|date|how", re.IGNORECASE)
_ID = re.compile(r"(.*[\W_])?(id|code|no|nr|num|number|respondent|ego|participant|case|key)\d*", re.IGNORECASE)
_ROLE = re.compile(r"role|job|position|profession|occupation|title|cat(egory)?$", re.IGNORECASE)
_ORGANISATION = re.compile(
    r"organi[sz]ation|agency$|trust|practice|hospital|employer|institution|company", re.IGNORECASE
)
_ADOPTION = re.compile(r"toa$|adopt", re.IGNORECASE)
_ENDS = (
    ("ego", "alter"),
    ("respondent", "nominee"),
    ("respondent", "alter"),
    ("source", "target"),
    ("from", "to"),
    ("sender", "receiver"),
    ("first", "second"),
    ("i", "j"),
)
_ASKED = {"ego", "respondent"}
_PAIRS = (("alter1", "alter2"), ("a", "b"), ("from", "to"), ("source", "target"), ("first", "second"))
"""What the two people of a tie between alters are called, beside the respondent who told of it."""
_NAMED_LIKE_PEOPLE = re.compile(r"^(full_?)?name$|surname|first_?name|last_?name|e-?mail|phone", re.IGNORECASE)


class Family(NamedTuple):
    """Hold columns whose names differ in a number only.

    Attributes
    ----------
    pattern
        Their name with ``#`` for the number.
    places
        Where they are.
    """

    pattern: str
    places: tuple[int, ...]


@dataclass(slots=True)
class Guess:
    """Hold what a sheet seems to be.

    Attributes
    ----------
    shape
        Its shape.
    ids
        The columns of the respondent's id; of pairs the first person.
    name
        The column of the respondent's name, where nominees are written by name.
    within
        The columns within which nominees are numbered.
    alters
        The families of columns of nominees, or the column of nominees.
    strength
        The column or family of answers about a tie.
    kind
        A column of few words about a tie, perhaps its layer.
    share, loose_share
        The share of nominees who are found among the respondents, as they are written and whatever their letter
        case and blanks.
    teller
        Of pairs: the column of the respondent in whose personal network they are.
    is_sure
        Whether anything was recognised at all.
    """

    shape: Literal["wide", "long", "pairs", "matrix"]
    ids: list[str]
    alters: list[Family] = field(default_factory=list)
    alter: str = ""
    name: str = ""
    within: list[str] = field(default_factory=list)
    strength: str = ""
    kind: str = ""
    answers: list[str] = field(default_factory=list)
    share: float = 0.0
    loose_share: float = 0.0
    teller: str = ""
    is_sure: bool = True


def guessed(grid: Grid) -> Guess:
    """Return what a sheet seems to be.

    Parameters
    ----------
    grid
        The sheet.
    """
    found = _matrix(grid) or _pairs_of_alters(grid) or _wide(grid) or _tie_list(grid)
    if found:
        return found
    names = [name for name in grid.header if name] or ["?"]
    return Guess("long", names[:1], alter=names[min(1, len(names) - 1)], is_sure=False)


def cells_of(grid: Grid, place: int) -> list[str]:
    """Return the cells of a column that are not blank."""
    return [row[place] for row in grid.rows[:LOOKED_AT] if row[place]]


def about_people(grid: Grid, taken: Iterable[str]) -> dict[str, str]:
    """Return which column seems to be the role, the organisation, the time of adoption; others under their name.

    Parameters
    ----------
    grid
        The sheet.
    taken
        The columns that are something else.
    """
    free = [name for name in grid.header if name and name not in set(taken) and grid.header.count(name) == 1]
    said: dict[str, str] = {}
    for key, looks in (("time_of_adoption", _ADOPTION), ("role", _ROLE), ("organisation", _ORGANISATION)):
        wanted = (name for name in free if looks.search(name) and name not in said.values())
        column = next((name for name in wanted if (key == "time_of_adoption") == _is_of_numbers(grid, name)), "")
        if column:
            said[key] = column
    return said | {name: name for name in free if name not in said.values()}


def _is_of_numbers(grid: Grid, name: str) -> bool:
    return all(re.fullmatch(r"[\d.,-]*", cell) for cell in cells_of(grid, grid.header.index(name)))


def is_identifying(column: str) -> bool:
    """Tell whether a column seems to tell who somebody is."""
    return bool(_NAMED_LIKE_PEOPLE.search(column))


def list_of_people(grid: Grid, people: set[str]) -> str:
    """Return the column of a sheet that lists all these people once each, or nothing.

    Parameters
    ----------
    grid
        The sheet.
    people
        Ids that occur in ties.
    """
    for place, name in enumerate(grid.header):
        cells = cells_of(grid, place)
        if name and len(set(cells)) == len(cells) == len(grid.rows[:LOOKED_AT]) and people <= set(cells):
            return name
    return ""


def families(grid: Grid) -> list[Family]:
    """Return the families of columns: two or more whose names differ in their last number only."""
    by_pattern: dict[str, list[int]] = {}
    for place, name in enumerate(grid.header):
        if said := re.fullmatch(r"(.*?)(\d+)(\D*)", name):
            by_pattern.setdefault(f"{said[1]}#{said[3]}".casefold(), []).append(place)
    found = []
    for places in by_pattern.values():
        if len(places) > 1:
            pattern = re.sub(r"\d+(\D*)$", r"#\1", grid.header[places[0]])
            found.append(Family(pattern, tuple(places)))
    return found


def _matrix(grid: Grid) -> Guess | None:
    people = [row[0] for row in grid.rows[:LOOKED_AT] if row[0]]
    names = set(grid.header[1:]) - {""}
    if len(names) < 2 or len(people) < 2:
        return None
    shared = len(names & set(people))
    if shared < 0.8 * min(len(names), len(set(people))):
        return None
    answers = {row[place] for row in grid.rows[:LOOKED_AT] for place in range(1, len(grid.header)) if row[place]}
    scale = _scale(answers) if answers - {"0", "1"} else []
    return Guess("matrix", [grid.header[0]], answers=scale, share=shared / len(names))


def _pairs_of_alters(grid: Grid) -> Guess | None:
    """Return ties between the alters of respondents, one row a pair, where columns are called so."""
    names = [re.sub(r"[\W_]|id$", "", name.casefold()) for name in grid.header]
    tellers = [place for place, name in enumerate(names) if name in _ASKED]
    for first, second in _PAIRS:
        if len(tellers) == names.count(first) == names.count(second) == 1:
            teller, one, other = (grid.header[place] for place in (tellers[0], names.index(first), names.index(second)))
            made = Guess("pairs", [one], alter=other, teller=teller)
            _find_answers(grid, {teller, one, other}, made)
            return made
    return None


def _wide(grid: Grid) -> Guess | None:
    groups = families(grid)
    in_family = {place for family in groups for place in family.places}
    candidates = _id_candidates(grid, [place for place in range(len(grid.header)) if place not in in_family])
    best: dict[str, tuple[float, tuple[int, ...]]] = {}
    for family in groups:
        shares = [(_share(grid, family, ids), -len(ids), -max(ids), ids) for ids in candidates]
        share, _, _, ids = max(shares, default=(0.0, 0, 0, ()))
        best[family.pattern] = (share, ids)
    alters = [family for family in groups if _is_of_alters(grid, family, best[family.pattern][0])]
    if not alters or not candidates:
        return None
    share, ids = max((best[family.pattern] for family in alters), key=lambda found: found[0])
    names = [grid.header[place] for place in ids] if share > 0 else [grid.header[candidates[0][-1]]]
    made = Guess("wide", names, alters=alters, share=share, within=names[:-1])
    if len(ids) < 2:
        made.loose_share = max(_share(grid, family, id_, folded=True) for family in alters for id_ in candidates)
    _find_name(grid, candidates, made)
    if len(alters) == 1:
        _find_companion(grid, groups, made)
    return made


def _find_name(grid: Grid, candidates: Sequence[tuple[int, ...]], made: Guess) -> None:
    """Tell the id from the name, where nominees are written by name."""
    if len(made.ids) > 1 or _ID.fullmatch(made.ids[0]):
        return
    singles = [grid.header[ids[0]] for ids in candidates if len(ids) == 1]
    other = next((name for name in singles if name != made.ids[0] and _ID.fullmatch(name)), "")
    if other:
        made.name, made.ids = made.ids[0], [other]


def _find_companion(grid: Grid, groups: Sequence[Family], made: Guess) -> None:
    alters = made.alters[0]
    marks = grid.matches(alters.pattern).keys()
    for family in groups:
        if family is not alters and marks <= grid.matches(family.pattern).keys():
            answers = {cell for place in family.places for cell in cells_of(grid, place)}
            if scale := _scale(answers):
                made.strength, made.answers = family.pattern, scale
                return


def _id_candidates(grid: Grid, places: Sequence[int]) -> list[tuple[int, ...]]:
    """Return columns, and pairs of columns, that no two rows share; the likeliest id first."""
    rows = grid.rows[:LOOKED_AT]
    full = [place for place in places[:25] if grid.header[place] and all(row[place] for row in rows)]
    distinct = {place: len({row[place] for row in rows}) for place in full}
    alone = [place for place in full if distinct[place] == len(rows)]
    alone.sort(key=lambda place: not _ID.fullmatch(grid.header[place]))
    several = [place for place in full if 1 < distinct[place] < len(rows)]
    pairs = [
        (group, own)
        for group, own in product(several, several)
        if distinct[group] < distinct[own]
        and _ID.fullmatch(grid.header[own])
        and len({(row[group], row[own]) for row in rows}) == len(rows)
    ]
    return [*((place,) for place in alone), *pairs]


def _share(grid: Grid, family: Family, ids: tuple[int, ...], *, folded: bool = False) -> float:
    """Return the share of a family's cells that are ids, read within the respondent's own group if need be."""
    rows = grid.rows[:LOOKED_AT]
    if folded:
        rows = [[folded_name(cell) for cell in row] for row in rows]
    known = {tuple(row[place] for place in ids) for row in rows}
    group = ids[:-1]
    cells = [(*(row[place] for place in group), row[column]) for row in rows for column in family.places if row[column]]
    return sum(cell in known for cell in cells) / len(cells) if cells else 0.0


def _is_of_alters(grid: Grid, family: Family, share: float) -> bool:
    cells = [cell for place in family.places for cell in cells_of(grid, place)]
    named = bool(_ALTERS.search(family.pattern)) and not _ABOUT.search(family.pattern)
    if not cells or _ABOUT.search(family.pattern):
        return False
    if share >= 0.5 and (named or not _scale(set(cells))):
        return True
    return named and not _scale(set(cells))


def _tie_list(grid: Grid) -> Guess | None:
    ends = _ends(grid)
    if ends is None:
        return None
    first, second = ends
    rows = [(row[first], row[second]) for row in grid.rows[:LOOKED_AT]]
    turned = {(b, a) for a, b in rows}
    people = {name for row in rows for name in row}
    one_way = len(rows) >= 10 and not turned & set(rows) and len({*rows}) == len(rows)
    asked = grid.header[first].casefold() in _ASKED
    shape: Literal["pairs", "long"] = "pairs" if one_way and not asked else "long"
    made = Guess(shape, [grid.header[first]], alter=grid.header[second], share=len(people & {a for a, _ in rows}))
    _find_answers(grid, {grid.header[place] for place in ends}, made)
    return made


def _find_answers(grid: Grid, taken: set[str], made: Guess) -> None:
    """Tell which further columns of a list of ties seem to be a strength and a kind of tie."""
    for place, name in enumerate(grid.header):
        if name in taken or not name:
            continue
        answers = set(cells_of(grid, place))
        scale = _scale(answers)
        if scale and not made.strength:
            made.strength, made.answers = name, scale
        elif 1 < len(answers) <= MOST_ANSWERS and not scale and not made.kind:
            made.kind = name


def _ends(grid: Grid) -> tuple[int, int] | None:
    """Return the two columns of people of a list of ties."""
    names = [name.casefold() for name in grid.header]
    for first, second in _ENDS:
        found = [[place for place, name in enumerate(names) if _is_called(name, said)] for said in (first, second)]
        if all(len(places) == 1 for places in found):
            return found[0][0], found[1][0]
    cells = [set(cells_of(grid, place)) for place in range(len(grid.header))]
    texts = [place for place, name in enumerate(names) if name and not _scale(cells[place])]
    for one, other in pairwise(texts):
        if len(cells[one] & cells[other]) >= 0.3 * min(len(cells[one]), len(cells[other])) > 0:
            return one, other
    return None


def _is_called(name: str, said: str) -> bool:
    return name == said or re.fullmatch(rf"{said}[\W_]?(id|name|code)", name) is not None


def _scale(answers: set[str]) -> list[str]:
    """Return the answers in order if they are a scale of few numbers, otherwise nothing."""
    if not 0 < len(answers) <= MOST_ANSWERS or not all(re.fullmatch(r"\d+([.,]\d+)?", text) for text in answers):
        return []
    return sorted(answers, key=lambda text: float(text.replace(",", ".")))

"""Choices among options, which Network Canvas exports as one true/false column an option, as one column again.

In CSV the name of such a column is ``{variable}_{option}``. It does not say
where the variable ends, so columns are taken together only where one reading
is left: they share the words before an underscore, no two of the rest begin
with the same word, and each row answers either all of them or none. In GraphML
the key of a column ends in the SHA-1 of its option, which leaves no doubt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from itertools import takewhile

CHOSEN = "true"
BETWEEN = "; "

_KEY = re.compile(r".+_([0-9a-f]{40})")


def take_options_together(rows: Sequence[dict[str, str]]) -> tuple[list[str], list[str]]:
    """Take the true/false columns of each variable together, in place.

    Parameters
    ----------
    rows
        The columns of every row, by name; where options were chosen, the
        variable gets them, separated by semicolons.

    Returns
    -------
    The variables that were made, and the columns that may be options but were left as they are.

    Examples
    --------
    >>> rows = [{"race_a": "true", "race_b": "true", "age": "7"}, {"race_a": "false", "race_b": "false", "age": "8"}]
    >>> take_options_together(rows), rows
    ((['race'], []), [{'age': '7', 'race': 'a; b'}, {'age': '8', 'race': ''}])
    """
    names = dict.fromkeys(name for row in rows for name in row)
    groups: dict[str, list[str]] = {}
    for name in names:
        if "_" in name.strip("_") and _is_yes_or_no([row.get(name, "") for row in rows]):
            groups.setdefault(name.partition("_")[0], []).append(name)
    made, left = [], []
    for group in (group for group in groups.values() if len(group) > 1):
        stem = _common_words(group)
        if stem and stem not in names and _is_one_choice(stem, group, rows):
            made.append(stem)
            _replace(stem, {name: name[len(stem) + 1 :] for name in group}, rows)
        else:
            left += group
    return made, left


def _common_words(names: Sequence[str]) -> str:
    """Return the words, before underscores, with which all names begin; the last word of none is among them."""
    words = zip(*(name.split("_")[:-1] for name in names), strict=False)
    return "_".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, words))


def _is_yes_or_no(cells: Sequence[str]) -> bool:
    said = {cell.casefold() for cell in cells if cell}
    return bool(said) and said <= {CHOSEN, "false"}


def _is_one_choice(stem: str, group: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether columns can only be the options of one variable."""
    beginnings = [name[len(stem) + 1 :].partition("_")[0] for name in group]
    answered = [{bool(row.get(name)) for name in group} for row in rows]
    return len(set(beginnings)) == len(group) and all(len(each) == 1 for each in answered)


def _replace(variable: str, options: Mapping[str, str], rows: Sequence[dict[str, str]]) -> None:
    for row in rows:
        chosen = [option for name, option in options.items() if row.pop(name, "").casefold() == CHOSEN]
        row[variable] = BETWEEN.join(chosen)


def option_of(key: str, name: str) -> tuple[str, str] | None:
    """Return the variable and the option that a key of GraphML stands for, or ``None`` where it stands for no option.

    Parameters
    ----------
    key
        The id of the key.
    name
        What it is called.

    Examples
    --------
    >>> option_of("b1_86f7e437faa5a7fce15d1ddcb9eaeaea377667b8", "drinks_a")
    ('drinks', 'a')
    """
    ending = _KEY.fullmatch(key)
    for place in (place for place, mark in enumerate(name) if mark == "_") if ending else ():
        digest = hashlib.sha1(name[place + 1 :].encode(), usedforsecurity=False).hexdigest()
        if ending and digest == ending[1]:
            return name[:place], name[place + 1 :]
    return None

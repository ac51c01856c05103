"""What a single value of a scenario must be: one check a kind of value.

A check takes what the file says and a way to complain. It returns the value in
its normal spelling (numbers as floats, ``"a->b"`` as ``"a -> b"``), so that two
files that mean the same give the same scenario.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from math import inf
from typing import Protocol, TypeAlias, TypeGuard

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import DISTRIBUTIONS, Distribution
from diffusion.model.uncertain import Uncertain
from diffusion.toml.documents import shown

REACH = "reach"
"""What stands where a number is solved, so that leaders at random reach a share of the agents."""

RESERVED_ROLES = frozenset({*DISTRIBUTIONS, REACH})
"""Names that no role may have, because a table by role could not be told apart."""

COLUMN = "column:"
"""What the name of a column starts with, where a value is read from one."""

ARROW = "->"
"""What stands between the source's and the target's role."""


class Complain(Protocol):
    """Take note of a problem, at a place inside the value that is checked."""

    def __call__(self, text: str, *path: str | int) -> None:
        """Note what must hold and what came; a path leads from the value to the place in it."""


Check: TypeAlias = Callable[[object, Complain], object]
NumberCheck: TypeAlias = Callable[[float | None, float | None], Check]
"""Lowest and highest number -> the check of numbers between them."""


def checked(check: Check) -> PlainValidator:
    """Return a check as a pydantic validator that keeps every complaint.

    Parameters
    ----------
    check
        What a value must hold.
    """

    def validate(value: object) -> object:
        found: list[tuple[tuple[str | int, ...], str]] = []
        normal = check(value, lambda text, *path: found.append((path, text)))
        if found:
            raise PydanticCustomError("found", "does not hold", {"found": found})
        return normal

    return PlainValidator(validate)


def number(low: float | None = None, high: float | None = None) -> Check:
    """Return the check of a finite number within bounds, both included."""

    def check(value: object, complain: Complain) -> object:
        if not _is_number(value) or not within(value, low, high):
            complain(f"must be {a_number(low, high)}; got {shown(value)}{_advice(value)}")
            return 0.0
        return float(value) + 0.0  # adding 0 turns -0.0 into 0.0

    return check


def number_between(low: float, high: float) -> Check:
    """Return the check of a number within bounds, both excluded."""

    def check(value: object, complain: Complain) -> object:
        if not _is_number(value) or not within(value, low, high) or value in (low, high):
            complain(f"must be a number above {low:g} and below {high:g}; got {shown(value)}{_advice(value)}")
            return 0.0
        return float(value)

    return check


def whole_number(low: int, high: int | None = None) -> Check:
    """Return the check of an integer within bounds, both included."""

    def check(value: object, complain: Complain) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or not within(value, low, high):
            bounds = f"of at least {low}" if high is None else f"between {low} and {high}"
            complain(f"must be a whole number {bounds}; got {shown(value)}{_advice(value)}")
        return value

    return check


def true_or_false(value: object, complain: Complain) -> object:
    """Check one of the words ``true`` and ``false``."""
    if not isinstance(value, bool):
        complain(f"must be true or false, without quotes; got {shown(value)}")
    return value


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max  # neither nan, infinite nor an integer that no float can hold


def within(value: float, low: float | None, high: float | None) -> bool:
    """Return whether a number lies within bounds, both included; ``None`` is no bound."""
    return (low is None or value >= low) and (high is None or value <= high)


def a_number(low: float | None, high: float | None) -> str:
    """Return what a number within bounds is called.

    Examples
    --------
    >>> a_number(0, 1), a_number(0, None), a_number(None, None)
    ('a number between 0 and 1', 'a number of at least 0', 'a number')
    """
    if low is None and high is None:
        return "a number"
    if high is None:
        return f"a number of at least {low:g}"
    if low is None:
        return f"a number of at most {high:g}"
    return f"a number between {low:g} and {high:g}"


def _advice(value: object) -> str:
    if isinstance(value, str):
        return ", which is text: write the number without quotes"
    return distribution_advice(value)


def distribution_advice(value: object) -> str:
    """Return what to say where a distribution stands and a number belongs; an empty text elsewhere."""
    if isinstance(value, Mapping) and any(
        name in DISTRIBUTIONS or isinstance(said, list | Mapping) for name, said in value.items()
    ):
        return "; this must be one number, and cannot follow a distribution"
    return ""


def text(value: object, complain: Complain) -> object:
    """Check a line of text that says something."""
    if not isinstance(value, str) or not value.strip() or any(not character.isprintable() for character in value):
        complain(f"must be a line of text; got {shown(value)}")
        return ""
    return value.strip()


def names(what: str, *, each: Check = text) -> Check:
    """Return the check of a list of at least one name, each written once.

    Parameters
    ----------
    what
        What is named, for messages.
    each
        What every name must hold.
    """

    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, list) or not value:
            complain(f'must be a list of at least one {what}, such as ["..."]; got {shown(value)}')
            return []
        seen: list[object] = []
        for place, name in enumerate(value):
            normal = each(name, partial(complain_at, complain, place))
            if normal in seen and normal:
                complain(f"names the {what} {shown(name)} a second time; take one out", place)
            seen.append(normal)
        return seen

    return check


def choice(what: str, known: Callable[[], Iterable[str]]) -> Check:
    """Return the check of a name from a registry that is read when it is needed."""

    def check(value: object, complain: Complain) -> object:
        choices = list(known())
        if value not in choices:
            hint = nearest_name_hint(value, choices) if isinstance(value, str) else ""
            listed = "" if hint else f"; known are {', '.join(choices)}"
            complain(f"must name {what}; got {shown(value)}{hint}{listed}")
            return ""
        return value

    return check


def role(value: object, complain: Complain) -> object:
    """Check a role's name."""
    name = text(value, complain)
    if name in RESERVED_ROLES:
        complain(f'"{name}" is a reserved word and cannot be a role; rename the role')
    return name


def numbers_by_name(low: float | None = None, *, each: NumberCheck = number) -> Check:
    """Return the check of a table of names and numbers."""

    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, dict):
            complain(f"must be a table of names and numbers, such as {{ name = 1.0 }}; got {shown(value)}")
            return {}
        return {name: each(low, None)(said, partial(complain_at, complain, name)) for name, said in value.items()}

    return check


def multipliers_by_role_pair(value: object, complain: Complain, *, each: NumberCheck = number) -> object:
    """Check a table of ``"source -> target"`` and multipliers, which are at least 0."""
    if not isinstance(value, dict):
        complain(f'must be a table of pairs and numbers, such as {{ "academic -> manager" = 0.5 }}; got {shown(value)}')
        return {}
    normal: dict[str, object] = {}
    for pair, said in value.items():
        roles = [part.strip() for part in pair.split(ARROW)]
        if len(roles) != 2 or not all(roles):
            complain(f'must be a pair of roles such as "academic -> manager"; got {shown(pair)}', pair)
            continue
        for name in roles:
            role(name, partial(complain_at, complain, pair))
        if (key := f" {ARROW} ".join(roles)) in normal:
            complain(f'states "{key}" a second time; take one out', pair)
        normal[key] = each(0, None)(said, partial(complain_at, complain, pair))
    return normal


def agent_value(low: float | None = None, high: float | None = None) -> Check:
    """Return the check of what may be said of agents.

    Parameters
    ----------
    low, high
        What numbers must lie in.
    """

    def check(value: object, complain: Complain) -> object:
        if isinstance(value, dict):
            if any(name in DISTRIBUTIONS for name in value):
                return _distribution(value, complain, low, high)
            return _by_role(value, complain, low, high)
        if isinstance(value, str) and value.startswith(COLUMN) and value.removeprefix(COLUMN).strip():
            return COLUMN + value.removeprefix(COLUMN).strip()
        if isinstance(value, str) or not _is_number(value):
            complain(
                f"must be {a_number(low, high)}, a distribution, a table by role or "
                f'"column:NAME" of agents.csv; got {shown(value)}'
            )
            return 0.0
        return number(low, high)(value, complain)

    return check


def _by_role(value: dict[str, object], complain: Complain, low: float | None, high: float | None) -> object:
    if not value:
        complain("must name every role; got an empty table")
    normal: dict[str, object] = {}
    for name, said in value.items():
        inside = partial(complain_at, complain, name)
        role(name, inside)
        if isinstance(said, dict) and any(key in DISTRIBUTIONS for key in said):
            normal[name] = _distribution(said, inside, low, high)
        elif _is_number(said):
            normal[name] = number(low, high)(said, inside)
        else:
            hint = nearest_name_hint(name, DISTRIBUTIONS) if isinstance(said, list) else ""
            inside(f"must be {a_number(low, high)} or a distribution for this role; got {shown(said)}{hint}")
    return dict(sorted(normal.items()))


def _distribution(value: dict[str, object], complain: Complain, low: float | None, high: float | None) -> object:
    name = next(key for key in value if key in DISTRIBUTIONS)
    for other in value:
        if other not in (name, "drawn_per"):
            complain(f'a distribution stands alone in its table; take out "{other}"', other)
    drawn_per = value.get("drawn_per", "replicate")
    if drawn_per not in ("replicate", "world"):
        complain(f'must be "replicate" or "world"; got {shown(drawn_per)}', "drawn_per")
    said = value[name]
    normal = stated_distribution(name, said, complain)
    if normal is None:
        return {name: [0.0] * len(DISTRIBUTIONS[name])}
    bounds = (-inf if low is None else low, inf if high is None else high)
    if problem := Uncertain(Distribution(name, tuple(normal)), *bounds).problem():
        complain(f"every value {problem}", name)
    return {name: normal, "drawn_per": "world"} if drawn_per == "world" else {name: normal}


def stated_distribution(name: str, said: object, complain: Complain) -> list[float] | None:
    """Return the arguments of a distribution that agents' values may follow; complain of what is wrong.

    Parameters
    ----------
    name
        A key of :data:`~diffusion.model.parameters.DISTRIBUTIONS`.
    said
        What the file says of it.
    complain
        Where problems go.
    """
    needed = DISTRIBUTIONS[name]
    arguments = said if isinstance(said, list) else [said]
    if len(arguments) != len(needed) or not all(_is_number(argument) for argument in arguments):
        complain(f"must be {name} = [{', '.join(needed)}], all numbers; got {shown(said)}", name)
        return None
    normal = [float(argument) + 0.0 for argument in arguments if isinstance(argument, int | float)]
    if wrong := _impossible(name, normal):
        complain(f"{name} = [{', '.join(needed)}] needs {wrong}; got {shown(said)}", name)
        return None
    return normal


def _impossible(name: str, arguments: list[float]) -> str:
    """Return what a distribution's arguments must hold and do not, or an empty text."""
    if name in ("uniform", "triangular"):
        if not arguments[0] < arguments[-1]:
            return "low below high"
        return "mode between low and high" if sorted(arguments) != arguments else ""
    positive = {"normal": ("sd",), "lognormal": ("log_sd",)}.get(name, DISTRIBUTIONS[name])
    wrong = [
        key for key, value in zip(DISTRIBUTIONS[name], arguments, strict=True) if key in positive and not value > 0
    ]
    return f"{' and '.join(wrong)} above 0" if wrong else ""


def complain_at(complain: Complain, place: str | int, text: str, *path: str | int) -> None:
    """Complain about a place inside a value.

    Parameters
    ----------
    complain
        Where problems of the value go.
    place
        The place in it.
    text, *path
        The problem, and where it is inside that place.
    """
    complain(text, place, *path)

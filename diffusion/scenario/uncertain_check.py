"""The checks of numbers that may be uncertain: a number, or a distribution of what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import DISTRIBUTIONS, Distribution
from diffusion.model.uncertain import CHOICE, Uncertain, scipy_arguments, scipy_names
from diffusion.scenario.checks import Check, Complain, number, stated_distribution, whole_number
from diffusion.toml.documents import shown

DRAWN_PER = "drawn_per"
"""The key beside a distribution that says how often it is drawn."""


def number_or_distribution(low: float | None = None, high: float | None = None) -> Check:
    """Return the check of a number within bounds, both included, that may be uncertain between worlds.

    Parameters
    ----------
    low, high
        What numbers must lie in; distributions are cut to it.
    """
    return _or_distribution(number(low, high), low, high, is_whole=False)


def whole_or_distribution(low: int, high: int | None = None) -> Check:
    """Return the check of a whole number within bounds, both included, that may be uncertain between worlds.

    Parameters
    ----------
    low, high
        What numbers must lie in; distributions are cut to it.
    """
    return _or_distribution(whole_number(low, high), low, high, is_whole=True)


def _or_distribution(plain: Check, low: float | None, high: float | None, *, is_whole: bool) -> Check:
    def check(value: object, complain: Complain) -> object:
        if not isinstance(value, Mapping) or not seems_distribution(value):
            return plain(value, complain)
        stated = dict(value)
        if stated.pop(DRAWN_PER, "world") != "world":
            complain('must be "world": this number is the same for all agents', DRAWN_PER)
        if len(stated) != 1:
            example = "{ uniform = [2, 6] }" if is_whole else "{ uniform = [0.01, 0.03] }"
            complain(f"must be one distribution, such as {example}; got {shown(value)}")
            return 0.0
        [(name, said)] = stated.items()
        bounds = (-inf if low is None else low, inf if high is None else high)
        return _distribution(str(name), said, complain, bounds, is_whole=is_whole)

    return check


def seems_distribution(value: Mapping[str, object], *, by_name: bool = False) -> bool:
    """Return whether a table is probably meant as a distribution.

    Parameters
    ----------
    value
        What the file says.
    by_name
        Whether a table of names may stand there too, whose values may be distributions.
    """
    return DRAWN_PER in value or any(
        isinstance(said, list)
        or name in DISTRIBUTIONS
        or (isinstance(said, Mapping) and not (by_name and seems_distribution(said)))
        for name, said in value.items()
    )


def _distribution(
    name: str, said: object, complain: Complain, bounds: tuple[float, float], *, is_whole: bool
) -> object:
    """Return a distribution in its normal spelling: its name and a list of numbers."""
    if name in DISTRIBUTIONS:
        arguments = stated_distribution(name, said, complain)
    elif name == CHOICE:
        arguments = _choice(said, complain)
    elif name in scipy_names():
        found = scipy_arguments(name, said)
        arguments = None if isinstance(found, str) else list(found)
        if isinstance(found, str):
            complain(found, name)
    else:
        arguments = None
        known = (*DISTRIBUTIONS, CHOICE, *scipy_names())
        hint = nearest_name_hint(name, known)
        complain(
            f'there is no distribution "{name}"{hint}; known are {", ".join(DISTRIBUTIONS)}, {CHOICE} '
            "and the continuous ones of scipy.stats by their names there",
            name,
        )
    if arguments is None:
        return 0.0
    if problem := Uncertain(Distribution(name, tuple(arguments)), *bounds, is_whole).problem():
        complain(problem, name)
    return {name: arguments}


def _choice(said: object, complain: Complain) -> list[float] | None:
    numbers = (
        [one for one in said if isinstance(one, int | float) and not isinstance(one, bool)]
        if isinstance(said, list)
        else []
    )
    if not isinstance(said, list) or len(numbers) != len(said) or len(set(numbers)) < 2:
        complain(f"must be a list of at least two numbers, which are equally likely; got {shown(said)}", CHOICE)
        return None
    return [float(one) + 0.0 for one in numbers]

"""The checks of numbers that may be uncertain: a number, or a distribution of what it may be."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import DISTRIBUTIONS, Distribution
from diffusion.model.scipy_distributions import discrete_names, scipy_arguments, scipy_names
from diffusion.model.uncertain import CHOICE, Uncertain
from diffusion.scenario.checks import Check, Complain, number, stated_distribution, whole_number
from diffusion.toml.documents import shown

DRAWN_PER = "drawn_per"
"""The key beside a distribution that says how often it is drawn."""

_OTHER_NAMES = {"gaussian": "normal", "gauss": "normal"}
"""What distributions are called elsewhere, and here."""


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
        if not isinstance(value, Mapping) or not (seems_distribution(value) or _is_named(value)):
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


def _is_named(value: Mapping[str, object]) -> bool:
    """Return whether a table has one entry that goes by the name of a distribution, whatever it holds."""
    return len(value) == 1 and any(_is_distribution_name(name) for name in value)


def _is_distribution_name(name: str) -> bool:
    return name in {CHOICE, *_OTHER_NAMES} or name in scipy_names() or name in discrete_names()


def _distribution(
    name: str, said: object, complain: Complain, bounds: tuple[float, float], *, is_whole: bool
) -> object:
    """Return a distribution in its normal spelling: its name and a list of numbers."""
    arguments = None
    if name in DISTRIBUTIONS:
        arguments = stated_distribution(name, said, complain)
    elif name == CHOICE:
        arguments = _choice(said, complain)
    elif name in scipy_names() or (is_whole and name in discrete_names()):
        found = scipy_arguments(name, said)
        arguments = None if isinstance(found, str) else list(found)
        if isinstance(found, str):
            complain(found, name)
    else:
        complain(_unknown(name, is_whole=is_whole), name)
    if arguments is None:
        return 0.0
    if problem := Uncertain(Distribution(name, tuple(arguments)), *bounds, is_whole).problem():
        complain(problem, name)
    return {name: arguments}


def _unknown(name: str, *, is_whole: bool) -> str:
    """Return that there is no such distribution here, and which to take."""
    if name in discrete_names():
        return (
            f'"{name}" is discrete: it gives whole numbers, and this number need not be one; take a continuous '
            f"distribution, such as gamma or normal, or {{ {CHOICE} = [0.01, 0.02] }} of equally likely numbers"
        )
    known = (*DISTRIBUTIONS, CHOICE, *scipy_names(), *(discrete_names() if is_whole else ()))
    elsewhere = _OTHER_NAMES.get(name.lower())
    hint = f'; it is called "{elsewhere}" here' if elsewhere else nearest_name_hint(name, known)
    kinds = "the continuous and discrete ones" if is_whole else "the continuous ones"
    return (
        f'there is no distribution "{name}"{hint}; known are {", ".join(DISTRIBUTIONS)}, {CHOICE} '
        f"and {kinds} of scipy.stats by their names there"
    )


def _choice(said: object, complain: Complain) -> list[float] | None:
    if not isinstance(said, list) or len(said) < 2:
        complain(f"must be a list of at least two numbers, which are equally likely; got {shown(said)}", CHOICE)
        return None
    numbers = [one for one in said if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) < len(said):
        wrong = next(one for one in said if isinstance(one, bool) or not isinstance(one, int | float))
        advice = ", which is text: write the number without quotes" if isinstance(wrong, str) else ""
        complain(f"must be a list of numbers, which are equally likely; got {shown(wrong)}{advice}", CHOICE)
        return None
    if repeated := [one for place, one in enumerate(numbers) if one in numbers[:place]]:
        words = "every number of a choice stands once, for all are equally likely"
        complain(f"{words}; got {shown(repeated[0])} a second time in {shown(said)}", CHOICE)
        return None
    return [float(one) + 0.0 for one in numbers]

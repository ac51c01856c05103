"""The distributions of ``scipy.stats`` by their names there: which there are, and what their parameters must be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import DISTRIBUTIONS
from diffusion.toml.documents import shown

_PLACE = ("loc", "scale")
_DEFAULTS: Mapping[str, float] = {"loc": 0.0, "scale": 1.0}
_OF_VECTORS = "poisson_binom"  # its parameter is no number
_SMALLEST = 5e-324  # how scipy writes that a bound is just above 0


@lru_cache(maxsize=1)
def scipy_names() -> tuple[str, ...]:
    """Return the names of the continuous distributions of ``scipy.stats`` that go by no name of ours."""
    from scipy import stats

    return _names(stats.rv_continuous)


@lru_cache(maxsize=1)
def discrete_names() -> tuple[str, ...]:
    """Return the names of the discrete distributions of ``scipy.stats``, which give whole numbers."""
    from scipy import stats

    return _names(stats.rv_discrete)


def _names(kind: type) -> tuple[str, ...]:
    from scipy import stats

    found = (name for name in dir(stats) if isinstance(getattr(stats, name), kind))
    return tuple(name for name in found if name not in {*DISTRIBUTIONS, _OF_VECTORS})


@lru_cache(maxsize=256)
def frozen(name: str, arguments: tuple[float, ...]) -> Any:
    """Return a distribution of ``scipy.stats`` with its parameters."""
    from scipy import stats

    return getattr(stats, name)(*arguments)


def scipy_arguments(name: str, said: object) -> tuple[float, ...] | str:
    """Return the arguments of a distribution of ``scipy.stats``, shapes first, then loc and scale.

    Parameters
    ----------
    name
        Its name there. Discrete ones have no scale.
    said
        A list of numbers in that order, of which loc and scale may be left
        out, or a table of numbers by name.

    Returns
    -------
    The arguments; or what must hold and does not, as a text.

    Examples
    --------
    >>> scipy_arguments("weibull_min", {"c": 1.5, "scale": 2})
    (1.5, 0.0, 2.0)
    >>> scipy_arguments("weibull_min", [])
    'lacks c: must be weibull_min = [c, loc, scale], of which loc and scale may be left out; got []'
    >>> scipy_arguments("weibull_min", [-1])
    'c must be above 0; got -1'
    """
    names = _parameters(name)
    left_out = " and ".join(key for key in names if key in _PLACE)
    form = f"must be {name} = [{', '.join(names)}], of which {left_out} may be left out; got {shown(said)}"
    if not isinstance(said, list | Mapping):
        return form
    if isinstance(said, list) and len(said) > len(names):
        return f"has {len(said)} numbers, and there are at most {len(names)}: {form}"
    given: Mapping[str, Any] = said if isinstance(said, Mapping) else dict(zip(names, said, strict=False))
    if unknown := [key for key in given if key not in names]:
        return f"{name} has no parameter {unknown[0]!r}{nearest_name_hint(unknown[0], names)}; {form}"
    if missing := [key for key in names if key not in given and key not in _DEFAULTS]:
        return f"lacks {' and '.join(missing)}: {form}"
    if wrong := [key for key, value in given.items() if not _is_number(value)]:
        return f"{wrong[0]} must be a number; got {shown(given[wrong[0]])}"
    stated = {key: float(given.get(key, _DEFAULTS.get(key, 0.0))) for key in names}
    problem = next(_out_of_domain(name, stated), "") or _numberless(name, stated)
    return problem or tuple(stated.values())


def _parameters(name: str) -> tuple[str, ...]:
    from scipy import stats

    there = getattr(stats, name)
    shapes = tuple(part.strip() for part in there.shapes.split(",")) if there.shapes else ()
    return (*shapes, *(_PLACE if isinstance(there, stats.rv_continuous) else _PLACE[:1]))


def _out_of_domain(name: str, stated: Mapping[str, float]) -> Iterator[str]:
    """Yield which parameter is not what it must be, as far as scipy states that of each by itself."""
    from scipy import stats

    for said in getattr(stats, name)._shape_info():  # noqa: SLF001 - scipy says it nowhere else
        value, (low, high), (has_low, has_high) = stated[said.name], said.domain, said.inclusive
        is_inside = (low <= value if has_low else low < value) and (value <= high if has_high else value < high)
        if not is_inside:
            yield f"{said.name} must be {_domain((low, high), said.inclusive)}; got {value:g}"
        elif said.integrality and value != math.floor(value):
            yield f"{said.name} must be a whole number; got {value:g}"
    if stated.get("scale", 1.0) <= 0:
        yield f"scale must be above 0; got {stated['scale']:g}"
    if "scale" not in stated and stated["loc"] != math.floor(stated["loc"]):
        yield f"loc must be a whole number, because {name} gives whole numbers; got {stated['loc']:g}"


def _domain(bounds: Sequence[float], includes: Sequence[bool]) -> str:
    low, high = (0.0 if abs(bound) <= _SMALLEST else float(bound) for bound in bounds)
    told = [f"{'at least' if includes[0] else 'above'} {low:g}"] if math.isfinite(low) else []
    told += [f"{'at most' if includes[1] else 'below'} {high:g}"] if math.isfinite(high) else []
    return " and ".join(told) or "finite"


def _numberless(name: str, stated: Mapping[str, float]) -> str:
    """Return that parameters that are fine each do not go together, or an empty text."""
    import numpy as np

    with np.errstate(all="ignore"):
        middle = [float(found) for found in frozen(name, tuple(stated.values())).ppf([0.001, 0.5, 0.999])]
    if all(math.isfinite(found) for found in middle):
        return ""
    told = ", ".join(f"{key} = {value:g}" for key, value in stated.items())
    return f"{name} has no numbers with {told}: these do not go together"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

"""The numbers of an analysis by the names of its fields, for the sentences that it makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from diffusion.report.numbers import EITHER, Number, slug

_TELLING = (
    "arm",
    "outcome",
    "baseline",
    "kept",
    "leaders",
    "leader",
    "statistic",
    "measure",
    "form",
    "origin",
    "group",
)
"""Fields that tell one entry of a list from the others."""

Phrase = Callable[[str], str]


def told_numbers(
    name: str, told: Any, source: Mapping[str, Any], *, phrase: Phrase = str, path: Sequence[Any] = ()
) -> Iterator[Number]:
    """Yield every number of an analysis, as its ``as_json()`` holds it.

    Parameters
    ----------
    name
        What the names of the numbers begin with.
    told
        The analysis as JSON.
    source
        Where it is from; the path to each number is added.
    phrase
        What sentences call an arm.
    path
        The way to here.

    Examples
    --------
    >>> told = {"arm": "hubs", "mean": 2.5, "losses": [{"leader": "a", "mean": 1}]}
    >>> [number.name for number in told_numbers("x", told, {})]
    ['x.mean', 'x.losses.a.mean']
    """
    yield from _told(name, told, source, phrase=phrase, path=tuple(path), about=())


def _told(
    name: str, told: Any, source: Mapping[str, Any], *, phrase: Phrase, path: tuple[Any, ...], about: tuple[str, ...]
) -> Iterator[Number]:
    if isinstance(told, bool) or told is None or isinstance(told, str):
        return
    if isinstance(told, int | float):
        yield Number(name, float(told), EITHER, {**source, "path": list(path)}, about)
    elif isinstance(told, Mapping):
        known = about + _about(told, phrase)
        for key, inside in told.items():
            yield from _told(f"{name}.{slug(str(key))}", inside, source, phrase=phrase, path=(*path, key), about=known)
    else:
        for place, inside in enumerate(told):
            part = _part(inside, place, told)
            yield from _told(f"{name}.{part}", inside, source, phrase=phrase, path=(*path, place), about=about)


def _about(told: Mapping[str, Any], phrase: Phrase) -> tuple[str, ...]:
    """Return what sentences call what an entry is about."""
    texts = [phrase(told["arm"])] if isinstance(told.get("arm"), str) else []
    texts += [str(told[key]) for key in ("leader", "origin", "group") if isinstance(told.get(key), str)]
    return tuple(name for text in texts for name in (text, text[:1].upper() + text[1:]))


def _part(entry: Any, place: int, entries: Sequence[Any]) -> str:
    """Return how an entry of a list is named: by what it is about, if that tells it from the others."""
    named = [_label(one) for one in entries]
    label = _label(entry)
    return label if label and named.count(label) == 1 else str(place)


def _label(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return ".".join(slug(entry[key]) for key in _TELLING if isinstance(entry.get(key), str))

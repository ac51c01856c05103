"""What the methods say of distributions that are cut to the range of their number, every number named."""

from __future__ import annotations

from typing import Any

from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, paragraphs
from diffusion.report.numbers import MINUS, Number
from diffusion.scenario.cut_distributions import CutDistribution


def cut_text(chapter: Chapter) -> str:
    """Return how much is cut away of which distributions, and what remains; nothing where none is cut.

    Parameters
    ----------
    chapter
        The report.
    """
    found = chapter.result.cut_distributions()
    if not found:
        return ""
    return paragraphs(
        "*Cut distributions.* Not all of every distribution in [](#tbl:parameters) lies where its number must. What "
        "lies outside is cut away, and only what remains is drawn. "
        + " ".join(_sentence(chapter, one, place) for place, one in enumerate(found))
    )


def _sentence(chapter: Chapter, one: CutDistribution, place: int) -> str:
    told: dict[str, Any] = one.as_json()

    def number(path: tuple[str | int, ...], text: str) -> str:
        value: Any = told
        for key in path:
            value = value[key]
        unit = "share of the distribution" if path == ("cut_away",) else "as stated"
        source = {"from": "cut", "place": place, "path": list(path)}
        named = Number(".".join(["cut", str(place), *map(str, path)]), float(value), unit, source)
        return chapter.numbers.show(named, text.replace("-", MINUS))

    return one.told(number, code)

"""A plain table on a page: words left, numbers right, and links where there is more to see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import solara

Cell: TypeAlias = str | Any
"""A text, or an element such as a link."""


@solara.component
def Table(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    right: Collection[int] = (),
    caption: str = "",
) -> None:
    """Show a table.

    Parameters
    ----------
    header
        What stands above the columns.
    rows
        Texts, or elements such as links, in the order of the columns.
    right
        The places of the columns of numbers.
    caption
        What the table shows, for those who hear it read.
    """
    with solara.v.Html(tag="div", class_="d-scrolled"), solara.v.Html(tag="table", class_="d-table"):
        if caption:
            solara.v.Html(tag="caption", children=[caption])
        with solara.v.Html(tag="tr"):
            for place, text in enumerate(header):
                solara.v.Html(tag="th", children=[text], class_=_class(place, right), attributes={"scope": "col"})
        for row in rows:
            with solara.v.Html(tag="tr"):
                for place, cell in enumerate(row):
                    solara.v.Html(tag="td", children=[cell], class_=_class(place, right))


def _class(place: int, right: Collection[int]) -> str:
    return "d-number" if place in right else ""

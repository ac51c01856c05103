"""What is wrong, on a page: one line a problem, as the command line prints it."""

from __future__ import annotations

from collections.abc import Sequence

import solara


@solara.component
def Problems(lines: Sequence[str]) -> None:
    """Show problems; nothing where there are none.

    Parameters
    ----------
    lines
        A line a problem.
    """
    if not lines:
        return
    with solara.v.Html(tag="div", class_="d-problems", attributes={"role": "alert"}):
        for line in lines:
            solara.v.Html(tag="div", children=[line])

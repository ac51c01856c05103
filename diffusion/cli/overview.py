"""The overview of many networks and cells: a row each, in place of a ranking each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.ranking_table import ranking_table
from diffusion.cli.long_tables import GAP, Bound, left_out_line
from diffusion.cli.output import table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from diffusion.experiment.results import GroupResult, StudyResult

SHARES = ("better in", "equal in", "best in")
"""The columns of a ranking that an overview does without."""


def print_overview(result: StudyResult, outcomes: Sequence[str], out: Console, bound: Bound) -> None:
    """Print the arm of the best mean in every network and cell, a row each.

    Parameters
    ----------
    result
        The results.
    outcomes
        The outcomes to rank by; one, chosen for the first network and cell, by default.
    out
        Where to print.
    bound
        Whether a long table is cut.
    """
    for outcome in outcomes or (result.groups[0].ranking_outcome,):
        parts = list(bound.parts(result.groups))
        out.print()
        out.print(_table(result, parts, outcome))
        shown = sum(map(len, parts))
        if line := left_out_line(shown, len(result.groups), "networks and cells"):
            out.print(line)
    out.print(
        "\nA row is the arm of the best mean in a network and cell, its paired difference from the baseline with the "
        "interval over all arms there, and how many other arms are practically equal to it or not told apart from it. "
        "The ranking of every cell: --all, a file or a pipe, or --json."
    )


def _table(result: StudyResult, parts: Sequence[list[GroupResult]], outcome: str) -> Table:
    several = len(result.study.networks) > 1
    columns, _ = _best(result.groups[0], outcome)
    headings = [*(["network"] if several else []), "cell", "best mean", *columns[1:], "equal", "undecided"]
    made = table(*headings, right=("equal", "undecided"))
    for number, part in enumerate(parts):
        if number:
            made.add_row(GAP)
        for group in part:
            found = group.contenders.get(outcome)
            close = ["", ""] if found is None else [f"{len(found.same + found.equal):,}", f"{len(found.undecided):,}"]
            where = [group.group.network.name] if several else []
            made.add_row(*where, cell_phrase(group.setting.cell), *_best(group, outcome)[1], *close)
    return made


def _best(group: GroupResult, outcome: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the columns and the texts of the arm of the best mean, its name first."""
    found = ranking_table(
        group.ranking(outcome)[:1],
        find_outcome(outcome, group.group.network.role_names),
        baseline=group.baseline,
        step_unit=group.setting.unit(group.baseline),
        left_out=SHARES,
    )
    return found.columns[1:], found.rows[0][1:]

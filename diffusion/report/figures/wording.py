"""What figures say in words: labels of axes with their units, headings of panels, and the parts of captions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from diffusion.analysis.outcomes import Outcome, find_outcome
from diffusion.analysis.phrases import counted, decimals_for, joined, whole
from diffusion.errors import InputError, nearest_name_hint
from diffusion.experiment.results import ROUND

_LABELS = {
    "adopters": "Agents who have adopted",
    "adopted_share": "Agents who have adopted, %",
    "ever_adopted_share": "Agents who ever adopted, %",
    "spread": "Adopters besides the leaders",
    "area": "Adopted on average over all steps, %",
    "organisations_reached": "Organisations reached",
    "took_off": "Runs that took off, %",
}
_MADE = "synthetic network: made from assumptions, not observed"
_PERCENT = ("share of agents", "share of runs")


class Place(NamedTuple):
    """Name where arms are compared: a network and a cell of the sweep."""

    network: str
    cell: str

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table that are about this network and cell."""
        return table[(table["network"] == self.network) & (table["cell"] == self.cell)]


def places_of(table: pd.DataFrame) -> list[Place]:
    """Return the networks and cells of a table, in its order."""
    pairs = table[["network", "cell"]].drop_duplicates()
    return [Place(*pair) for pair in pairs.itertuples(index=False, name=None)]


def arms_rows(table: pd.DataFrame, arms: Sequence[str]) -> list[pd.DataFrame]:
    """Return the rows of each of some arms, in the order of these.

    Raises
    ------
    InputError
        If there is no such arm.
    """
    known = list(table["arm"].unique())
    for arm in arms:
        if arm not in known:
            raise InputError(f'there is no arm "{arm}"{nearest_name_hint(arm, known)}; known: {", ".join(known)}')
    return [table[table["arm"] == arm] for arm in arms]


def in_order(values: pd.Series) -> list[str]:
    """Return the names of values, the largest first; those of equal ones by the alphabet, as rankings have them.

    Examples
    --------
    >>> in_order(pd.Series({"c": 0.1 + 0.2, "b": 0.3, "a": 0.1}))
    ['b', 'c', 'a']
    """
    return sorted(map(str, values.index), key=lambda name: (-round(float(values[name]), 12), name))


def headings(places: list[Place]) -> list[str]:
    """Return what the panels of networks and cells are called, without what all have in common.

    Examples
    --------
    >>> headings([Place("a", "x = 1"), Place("a", "x = 2")]), headings([Place("a", ""), Place("b", "")])
    (['x = 1', 'x = 2'], ['a', 'b'])
    """
    has_networks = len({place.network for place in places}) > 1
    has_cells = len({place.cell for place in places}) > 1
    if has_networks and has_cells:
        return [f"{place.network}: {place.cell}" for place in places]
    return [place.cell if has_cells else place.network for place in places]


def outcome_of(table: pd.DataFrame, name: str) -> Outcome:
    """Return an outcome that a table has.

    Raises
    ------
    InputError
        If the table has no such outcome.
    """
    roles = [text.partition(".")[2] for text in table["outcome"].unique() if "." in text]
    return find_outcome(name, tuple(roles))


def is_percent(outcome: Outcome) -> bool:
    """Return whether an outcome is shown in per cent."""
    return outcome.unit in _PERCENT


def factor(outcome: Outcome) -> float:
    """Return by what an outcome's values are multiplied to be shown."""
    return 100.0 if is_percent(outcome) else 1.0


def level_label(outcome: Outcome, step_unit: str) -> str:
    """Return the label of an axis that shows an outcome's level."""
    if outcome.unit == "steps":
        return f"Time to half of the agents, {step_unit}s"
    if outcome.role is not None:
        others = " besides leaders" if outcome.only_compared else ""
        return f"Adopted among role {outcome.role}{others}, %"
    return _LABELS[outcome.name]


def difference_label(outcome: Outcome, baseline: str, step_unit: str) -> str:
    """Return the label of an axis that shows paired differences in an outcome."""
    unit = "percentage points" if is_percent(outcome) else f"{step_unit}s" if outcome.unit == "steps" else outcome.unit
    return f"Difference from {baseline}, {unit}"


def time_label(table: pd.DataFrame) -> str:
    """Return the label of an axis that shows time, from the column ``step_unit``.

    Examples
    --------
    >>> time_label(pd.DataFrame({"step_unit": ["month"]})), time_label(pd.DataFrame({"step_unit": ["round"]}))
    ('Time, months', 'Round')
    """
    units = list(table["step_unit"].unique())
    if units == [ROUND]:
        return "Round"
    if ROUND in units:
        other = next(unit for unit in units if unit != ROUND)
        return f"Step ({other}s; rounds in arms under cascade)"
    return f"Time, {units[0]}s"


def who_caption(table: pd.DataFrame, *, paired: bool = False) -> str:
    """Return the part of a caption that says on which networks and how often arms were played.

    Parameters
    ----------
    table
        A tidy table.
    paired
        Whether its numbers rest on paired runs.

    Examples
    --------
    >>> row = {"network": "a", "synthetic": True, "agents": 180, "cell": "", "replicates": 300}
    >>> who_caption(pd.DataFrame([row]))
    'Network a (synthetic network: made from assumptions, not observed; 180 agents); 300 runs of every arm.'
    """
    networks = table.drop_duplicates("network")
    all_made = bool(networks["synthetic"].all()) and len(networks) > 1
    told = [
        f"{row.network} ({f'{_MADE}; ' if row.synthetic and not all_made else ''}{counted(row.agents, 'agent')})"
        for row in networks.itertuples()
    ]
    whole_text = (
        f"{'Network' if len(told) == 1 else 'Networks'} {joined(told)}{f', each a {_MADE}' if all_made else ''}"
    )
    fewest, most = int(table["replicates"].min()), int(table["replicates"].max())
    number = whole(most) if fewest == most else f"{whole(fewest)} to {whole(most)}"
    runs = f"{number} {'paired ' if paired else ''}run{'' if most == 1 else 's'} of every arm"
    cells = len(table["cell"].unique())
    in_each = f" in each of {cells} cells of the sweep" if cells > 1 else ""
    if cells == 1 and table["cell"].iloc[0]:
        in_each = f", {table['cell'].iloc[0]}"
    return f"{whole_text}; {runs}{in_each}."


def shown_number(value: float, outcome: Outcome, *widths: float) -> str:
    """Return a value in the unit in which it is shown, with as many decimals as some widths need."""
    return f"{value * factor(outcome):,.{decimals_for(*widths)}f}"

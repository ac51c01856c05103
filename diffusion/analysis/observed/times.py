"""Times: when each agent is known to have adopted, as periods.

A time is a whole number (a year, a month of a study) or a date (``2016-05``,
``2016-05-31``). An agent who had not adopted when observation ended is coded
as *never*: as ``never``, as import recipes write it, or by a code that is
named, such as 20 in a study of years 1 to 19. A blank is *unknown*: that agent
is counted nowhere, neither as somebody at risk nor as somebody learnt from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.phrases import counted
from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.sheets import number
from diffusion.network.importing.answers import folded_answer
from diffusion.network.importing.people import TIME_OF_ADOPTION
from diffusion.network.network import Network

NEVER = -1
"""The period of an agent who had not adopted when observation ended."""

UNKNOWN = -2
"""The period of an agent of whom nothing is known."""

MOST_PERIODS = 2_000
"""More periods than that are no periods but instants."""

Unit = Literal["year", "month", "week", "day"]
IntArray = NDArray[np.int64]

_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_YEAR = re.compile(r"\d{4}")
_MOST_TOLD = 5


@dataclass(frozen=True, eq=False)
class ObservedTimes:
    """Hold when each agent adopted, in periods of equal length.

    Attributes
    ----------
    at
        The period of each agent, from 0 for the first of the observation;
        :data:`NEVER` or :data:`UNKNOWN`; shape (agents,).
    labels
        What each period is called, in the words of the data.
    unit
        What a period is, in the singular.
    column
        The column of the network that the times are from; empty for a run.
    notes
        What was assumed or looks odd, a line each.
    """

    at: IntArray
    labels: tuple[str, ...]
    unit: str = "period"
    column: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def periods(self) -> int:
        """Return how many periods were observed."""
        return len(self.labels)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return whose time, or never, is known; shape (agents,)."""
        return np.asarray(self.at != UNKNOWN)

    @property
    def adopters(self) -> NDArray[np.bool_]:
        """Return who is known to have adopted; shape (agents,)."""
        return np.asarray(self.at >= 0)


def times_of_run(adopted_at: NDArray[np.signedinteger[Any]], steps: int, unit: str = "step") -> ObservedTimes:
    """Return the times of one run of the model as if they had been observed.

    The first period is step 0, in which leaders have adopted.

    Parameters
    ----------
    adopted_at
        The step at which each agent adopted, -1 for never; shape (agents,).
    steps
        How many steps were played.
    unit
        What a step is called, in the singular.

    Examples
    --------
    >>> times_of_run(np.array([0, 2, -1]), 2).labels
    ('0', '1', '2')
    """
    return ObservedTimes(np.asarray(adopted_at, dtype=np.int64), tuple(map(str, range(steps + 1))), unit)


def has_observed_times(network: Network, column: str = TIME_OF_ADOPTION) -> bool:
    """Return whether a network has a column of observed times with at least one time in it."""
    return any(text and folded_answer(text) != "never" for text in network.columns.get(column, ()))


def observed_times(
    network: Network,
    *,
    column: str = TIME_OF_ADOPTION,
    never: Sequence[str | float] = (),
    unit: str | None = None,
    first: str | float | None = None,
    last: str | float | None = None,
) -> ObservedTimes:
    """Return when the agents of a network adopted.

    Parameters
    ----------
    network
        The network.
    column
        The column that holds the times; import recipes write ``time_of_adoption``.
    never
        Codes, besides ``never``, for agents who had not adopted when
        observation ended.
    unit
        What a period is. Of dates: ``year``, ``month``, ``week`` or ``day``;
        months by default, or days where all lie in one month. Of numbers: any
        word, for texts; by default ``period``.
    first, last
        When observation began and ended, as the data say it; by default the
        first and the last time at which anybody adopted.

    Raises
    ------
    InputError
        If the network has no such column, a cell is neither a number nor a
        date, numbers are not whole, nobody adopted, or the observation is
        shorter than the times.

    Examples
    --------
    >>> trio = Network.from_tables(
    ...     name="trio", ids="abc", columns={"toa": ["1", "3", "9"]}, source="a", target="b"
    ... )
    >>> found = observed_times(trio, column="toa", never=[9])
    >>> found.at.tolist(), found.labels
    ([0, 2, -1], ('1', '2', '3'))
    """
    cells = _cells(network, column)
    codes = {"never", *(folded_answer(str(code)) for code in never)}
    place = f'{network.name}: column "{column}"'
    told = [cell for cell in cells if cell and folded_answer(cell) not in codes]
    if not told:
        raise InputError(f"{place}: it holds no time of adoption: nobody adopted, or all cells are codes for never")
    scale = _scale(place, told, unit)
    numbers = {cell: scale.number(cell) for cell in set(told)}
    start, end = min(numbers.values()), max(numbers.values())
    if first is not None:
        start = _bound(place, "first", first, scale, start)
    if last is not None:
        end = _bound(place, "last", last, scale, end)
    if end - start >= MOST_PERIODS:
        raise InputError(
            f"{place}: it spans {end - start + 1:,} {scale.unit}s, more than the {MOST_PERIODS:,} that can be; "
            "give dates with a coarser unit, or a code for never"
        )
    at = [numbers[cell] - start if cell in numbers else NEVER if cell else UNKNOWN for cell in cells]
    labels = tuple(scale.label(value) for value in range(start, end + 1))
    found = ObservedTimes(np.array(at, dtype=np.int64), labels, scale.unit, column)
    return ObservedTimes(found.at, labels, scale.unit, column, _notes(found))


@dataclass(frozen=True)
class _Scale:
    """Turn cells into whole numbers of periods, and these into labels."""

    unit: str
    number: Callable[[str], int]
    label: Callable[[int], str]


def _cells(network: Network, column: str) -> tuple[str, ...]:
    if column not in network.columns:
        known = sorted(network.columns)
        told = f"; it has {', '.join(known)}" if known else "; it has none"
        raise InputError(
            f'{network.name}: no column "{column}" holds times of adoption'
            f"{nearest_name_hint(column, known)}{told}; name the column that does"
        )
    return network.columns[column]


def _scale(place: str, cells: Sequence[str], unit: str | None) -> _Scale:
    """Return how cells become periods, having refused those that cannot."""
    counts = Counter(cells)
    dates = {cell for cell in counts if _DATE.fullmatch(cell)}
    others = [cell for cell in counts if cell not in dates]
    wrong = [cell for cell in others if number(cell) is None] + [cell for cell in dates if not _is_date(cell)]
    problems = [
        f'{place}: "{cell}" ({counted(counts[cell], "agent")}) is no number, no date (2016-05-31) and no code for '
        "never; mend it, leave it blank where the time is not known, or name the code"
        for cell in sorted(wrong)[:_MOST_TOLD]
    ]
    if len(wrong) > _MOST_TOLD:
        problems.append(f"{place}: {len(wrong) - _MOST_TOLD:,} other cells are wrong in the same way")
    if problems:
        raise InputError(problems)
    if not dates:
        return _number_scale(place, others, unit)
    if others and not (unit == "year" and all(_YEAR.fullmatch(cell) for cell in others)):
        raise InputError(
            f'{place}: it holds dates and numbers, such as "{min(dates)}" and "{min(others)}"; '
            "give one kind, or name the code for never"
        )
    return _date_scale(place, dates, unit)


def _number_scale(place: str, cells: Sequence[str], unit: str | None) -> _Scale:
    broken = sorted((cell for cell in cells if (number(cell) or 0.0) % 1), key=lambda cell: number(cell) or 0.0)
    if broken:
        raise InputError(
            f'{place}: times must be whole numbers of periods; "{broken[0]}" is not'
            f" ({len(broken):,} different times are not); round them to those observed"
        )
    return _Scale(unit or "period", _whole_number, str)


def _date_scale(place: str, cells: set[str], unit: str | None) -> _Scale:
    whole_dates = all(len(cell) > 7 for cell in cells)
    default = "day" if whole_dates and len({cell[:7] for cell in cells}) == 1 else "month"
    chosen = unit or default
    if chosen not in {"year", "month", "week", "day"}:
        hint = nearest_name_hint(chosen, ["year", "month", "week", "day"])
        raise InputError(f'{place}: the unit of dates must be year, month, week or day, not "{chosen}"{hint}')
    if chosen in {"week", "day"} and not whole_dates:
        short = min(cell for cell in cells if len(cell) <= 7)
        raise InputError(f'{place}: "{short}" is no whole date, so periods cannot be {chosen}s; choose month or year')
    if chosen == "year":
        return _Scale(chosen, lambda cell: int(cell[:4]), str)
    if chosen == "month":
        return _Scale(
            chosen,
            lambda cell: int(cell[:4]) * 12 + int(cell[5:7]) - 1,
            lambda value: f"{value // 12:04d}-{value % 12 + 1:02d}",
        )
    days = 7 if chosen == "week" else 1
    # Day 1 of the calendar is a Monday, so weeks begin on Mondays.
    return _Scale(
        chosen,
        lambda cell: (date.fromisoformat(cell).toordinal() - 1) // days,
        lambda value: date.fromordinal(value * days + 1).isoformat(),
    )


def _whole_number(text: str) -> int:
    value = number(text)
    if value is None or value % 1:
        raise ValueError(text)
    return int(value)


def _is_date(cell: str) -> bool:
    try:
        date.fromisoformat(cell if len(cell) > 7 else f"{cell}-01")
    except ValueError:
        return False
    return True


def _bound(place: str, name: str, said: str | float, scale: _Scale, reached: int) -> int:
    """Return where observation began or ended, which no time may lie beyond."""
    sign = -1 if name == "first" else 1
    text = folded_answer(str(said))
    try:
        bound = scale.number(text)
    except ValueError:
        raise InputError(f'{place}: {name} must be a {scale.unit} like those of the column, not "{said}"') from None
    if sign * (reached - bound) > 0:
        side = "before" if sign < 0 else "after"
        raise InputError(
            f"{place}: {name} is {said}, but somebody adopted {side} that ({scale.label(reached)}); "
            "mend it, or name the code for never"
        )
    return bound


def _notes(times: ObservedTimes) -> tuple[str, ...]:
    unknown = int((~times.known).sum())
    notes = [f"of {counted(unknown, 'agent')} no time of adoption is known: counted nowhere"] if unknown else []
    new = np.bincount(times.at[times.adopters], minlength=times.periods)
    if not (times.at == NEVER).any() and times.periods > 2 and new[-1] > new[:-1].max():
        notes.append(
            f"nobody is coded as never having adopted, and more adopted at {times.labels[-1]}, the last time, than at "
            f'any other: if {times.labels[-1]} stands for "not by then", name it as the code for never'
        )
    return tuple(notes)

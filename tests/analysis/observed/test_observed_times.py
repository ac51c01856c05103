"""Observed times: which cells are times, which mean never, which nothing, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.observed.curve import adoption_curve
from diffusion.analysis.observed.times import NEVER, UNKNOWN, has_observed_times, observed_times, times_of_run
from diffusion.errors import InputError
from diffusion.network.network import Network


def _network(*cells, column="time_of_adoption"):
    ids = [f"a{place:03d}" for place in range(len(cells))]
    return Network.from_tables(name="ward", ids=ids, columns={column: cells}, source=[], target=[])


def test_times_never_and_unknown_are_told_apart():
    found = observed_times(_network("3", "never", "", "5", "9"), never=[9])
    assert found.at.tolist() == [0, NEVER, UNKNOWN, 2, NEVER]
    assert found.labels == ("3", "4", "5")
    assert found.unit == "period"
    assert found.notes == ("of 1 agent no time of adoption is known: counted nowhere",)


def test_a_code_for_never_is_known_however_it_is_written():
    assert observed_times(_network("1", "20.0", " Never "), never=["20"]).at.tolist() == [0, NEVER, NEVER]


def test_months_are_the_periods_of_dates_and_years_where_they_are_asked_for():
    network = _network("2016-05", "2017-01-31", "2016-07-01")
    found = observed_times(network)
    assert (found.at.tolist(), found.unit, found.periods) == ([0, 8, 2], "month", 9)
    assert found.labels[:2] + found.labels[-1:] == ("2016-05", "2016-06", "2017-01")
    assert observed_times(network, unit="year").labels == ("2016", "2017")
    with pytest.raises(InputError, match='"2016-05" is no whole date, so periods cannot be weeks'):
        observed_times(network, unit="week")


def test_weeks_begin_on_mondays_and_days_are_the_periods_of_dates_within_a_month():
    network = _network("2016-05-01", "2016-05-02", "2016-05-09")
    assert observed_times(network).labels[:2] == ("2016-05-01", "2016-05-02")
    found = observed_times(network, unit="week")
    assert found.at.tolist() == [0, 1, 2]
    assert found.labels == ("2016-04-25", "2016-05-02", "2016-05-09")


def test_years_and_dates_may_be_mixed_where_years_are_the_periods():
    network = _network("2015", "2016-05")
    assert observed_times(network, unit="year").labels == ("2015", "2016")
    with pytest.raises(InputError, match="holds dates and numbers"):
        observed_times(network)


def test_the_observation_may_be_longer_than_the_times_and_never_shorter():
    network = _network("3", "5", "never")
    found = observed_times(network, first=1, last="7")
    assert found.labels == ("1", "2", "3", "4", "5", "6", "7")
    assert adoption_curve(found).cumulative.tolist() == [0, 0, 1, 1, 2, 2, 2]
    with pytest.raises(InputError, match="last is 4, but somebody adopted after that \\(5\\)"):
        observed_times(network, last=4)
    with pytest.raises(InputError, match="first is 4, but somebody adopted before that \\(3\\)"):
        observed_times(network, first=4)


WRONG = " is no number, no date (2016-05-31) and no code for never; mend it, leave it blank where the time is not known"

BROKEN = [
    (
        ("1", "soon", "soon", "2016-13"),
        {},
        [f'"2016-13" (1 agent){WRONG}, or name the code', f'"soon" (2 agents){WRONG}, or name the code'],
    ),
    (
        ("1", "2.5", "3.5"),
        {},
        [
            (
                'times must be whole numbers of periods; "2.5" is not (2 different times are not); '
                "round them to those observed"
            )
        ],
    ),
    (
        ("9", "never", ""),
        {"never": [9]},
        ["it holds no time of adoption: nobody adopted, or all cells are codes for never"],
    ),
    (
        ("1", "99999"),
        {},
        [
            (
                "it spans 99,999 periods, more than the 2,000 that can be; "
                "give dates with a coarser unit, or a code for never"
            )
        ],
    ),
    (
        ("2016-05", "2016-06"),
        {"unit": "months"},
        ['the unit of dates must be year, month, week or day, not "months"; did you mean "month"?'],
    ),
    (("1", "2"), {"last": "later"}, ['last must be a period like those of the column, not "later"']),
]


def test_a_column_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(InputError) as raised:
        observed_times(_network("1"), column="time_of_adopting")
    assert str(raised.value) == (
        'ward: no column "time_of_adopting" holds times of adoption; did you mean "time_of_adoption"?; it has '
        "time_of_adoption; name the column that does"
    )


@pytest.mark.parametrize(("cells", "said", "problems"), BROKEN)
def test_what_is_wrong_is_told_in_one_line_each(cells, said, problems):
    with pytest.raises(InputError) as raised:
        observed_times(_network(*cells), **said)
    assert list(raised.value.problems) == [f'ward: column "time_of_adoption": {line}' for line in problems]


def test_only_some_of_many_wrong_cells_are_told_and_the_others_counted():
    with pytest.raises(InputError) as raised:
        observed_times(_network("1", *(f"x{place}" for place in range(9))))
    assert len(raised.value.problems) == 6
    assert raised.value.problems[-1].endswith("4 other cells are wrong in the same way")


def test_a_last_time_that_looks_like_a_code_for_never_is_remarked_upon():
    cells = ["1", "2", "3", "4", "4", "4"]
    [note] = observed_times(_network(*cells)).notes
    assert note == (
        "nobody is coded as never having adopted, and more adopted at 4, the last time, than at any other: if 4 stands "
        'for "not by then", name it as the code for never'
    )
    assert observed_times(_network(*cells), never=[4]).notes == ()


def test_a_network_without_times_has_none():
    assert not has_observed_times(_network("1", column="age"))
    assert not has_observed_times(_network("", "never"))
    assert has_observed_times(_network("1", ""))


def test_the_times_of_a_run_begin_at_step_0_with_its_leaders():
    curve = adoption_curve(times_of_run(observed_times(_network("1", "2", "never")).at, 3))
    assert curve.cumulative.tolist() == [1, 2, 2, 2]


@given(st.lists(st.one_of(st.integers(1, 30).map(str), st.just("never"), st.just("")), min_size=1, max_size=40))
def test_a_curve_counts_every_adopter_once_and_its_hazards_make_it_again(cells):
    network = _network(*cells)
    if not has_observed_times(network):
        return
    curve = adoption_curve(observed_times(network))
    assert curve.cumulative[-1] == sum(cell.isdigit() for cell in cells)
    assert curve.agents == sum(cell != "" for cell in cells)
    left = float(curve.agents)
    for hazard, cumulative in zip(curve.hazard, curve.cumulative, strict=True):
        left *= 1 - np.nan_to_num(hazard)
        assert curve.agents - left == pytest.approx(cumulative)

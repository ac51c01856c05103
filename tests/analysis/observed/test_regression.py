"""The regression on lagged exposure: beside statsmodels, beside the truth of runs, and where there is no estimate."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.analysis.observed import regression
from diffusion.analysis.observed.exposure import ExposureTies, exposure
from diffusion.analysis.observed.regression import (
    MEASURES,
    hazard_by_exposure,
    lagged_exposure_effect,
    person_periods,
)
from diffusion.analysis.observed.runs import adoption_of_runs
from diffusion.analysis.observed.times import UNKNOWN, ObservedTimes, times_of_run
from diffusion.draws import Purpose, generator
from diffusion.errors import InputError
from diffusion.model.ensemble import Ensemble
from diffusion.model.parameters import Parameters, StageParameters
from diffusion.network.network import Network


def _random_network(size=120, alters=5, name="random"):
    random = generator(Purpose.OBSERVED, "test", name)
    ids = [f"{place:03d}" for place in range(size)]
    target = np.repeat(np.arange(size), alters)
    source = (target + random.integers(1, size, size=len(target))) % size
    return Network.from_tables(
        name=name,
        ids=ids,
        columns={"site": [str(place % 4) for place in range(size)]},
        source=[ids[place] for place in source],
        target=[ids[place] for place in target],
    )


NETWORK = _random_network()
TIES = ExposureTies.of(NETWORK)


def _played(rule, runs=40, steps=12):
    nobody = np.zeros(NETWORK.size, dtype=np.uint64)
    ensemble = Ensemble(NETWORK, Parameters(steps=steps, adoption=rule), seed=7, leader_words=lambda _: nobody)
    return [times_of_run(run, steps) for run in adoption_of_runs(ensemble, runs).T]


def _rows(times):
    return person_periods(exposure(TIES, times), times)


formulas = import_module("statsmodels.formula.api")

HAZARD = StageParameters(rule="hazard", link="logit", exposure="share", intercept=-3.0, slope=2.0)


def test_rows_are_those_at_risk_with_what_they_saw_the_period_before():
    network = Network.from_tables(name="pair", ids="abcd", source=["a", "d"], target=["b", "b"])
    times = ObservedTimes(np.array([0, 2, -1, UNKNOWN]), ("1", "2", "3"))
    rows = person_periods(exposure(ExposureTies.of(network), times), times)
    assert rows.agent.tolist() == [1, 1]  # only b has an alter whose time is known
    assert rows.period.tolist() == [1, 2]
    assert rows.share.tolist() == [1, 1]
    assert rows.adopted.tolist() == [False, True]


@pytest.mark.parametrize("measure", MEASURES)
def test_the_estimate_is_that_of_the_formula_written_out(measure):
    [times] = _played(HAZARD, runs=1)
    rows = _rows(times)
    found = lagged_exposure_effect(rows, measure=measure)
    happened = np.unique(rows.period[rows.adopted])
    kept = rows.subset(np.isin(rows.period, happened))
    exposed = kept.share if measure == "share" else kept.number
    data = pd.DataFrame({"adopted": kept.adopted.astype(float), "period": kept.period, "exposed": exposed})
    fit = formulas.logit("adopted ~ 0 + exposed + C(period)", data).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": kept.agent}
    )
    assert found.rows == len(kept)
    assert found.coefficient == pytest.approx(fit.params["exposed"], abs=1e-5)
    assert found.se == pytest.approx(fit.bse["exposed"], rel=1e-3)
    unclustered = lagged_exposure_effect(rows, measure=measure, clustered=False)
    assert unclustered.coefficient == pytest.approx(found.coefficient, abs=1e-6)
    assert unclustered.rows == found.rows
    assert unclustered.clusters is None
    plain = formulas.logit("adopted ~ 0 + exposed + C(period)", data).fit(disp=0)
    assert unclustered.se == pytest.approx(plain.bse["exposed"], rel=1e-3)


def test_the_slope_of_the_hazard_rule_is_found_again_and_covered_as_often_as_intervals_say():
    found = [lagged_exposure_effect(_rows(times)) for times in _played(HAZARD)]
    slopes = np.array([effect.coefficient for effect in found], dtype=float)
    assert slopes.mean() == pytest.approx(2.0, abs=4 * slopes.std(ddof=1) / np.sqrt(40) + 0.05)
    covered = sum((effect.low or 0) <= 2.0 <= (effect.high or 0) for effect in found)
    assert covered >= 33  # Binomial(40, 0.95) lies below once in 1,000 times


def test_without_contagion_the_interval_lies_above_zero_no_more_often_than_it_should():
    rule = StageParameters(rule="contagion", external=0.1)
    found = [lagged_exposure_effect(_rows(times)) for times in _played(rule)]
    assert sum((effect.low or 0) > 0 for effect in found) <= 5  # Binomial(40, 0.025) exceeds 5 once in 1,500 times


def test_groups_that_differ_for_reasons_of_their_own_look_like_contagion_until_they_have_levels():
    random = generator(Purpose.OBSERVED, "test", "groups")
    size = 200
    ids = [f"{place:03d}" for place in range(size)]
    group = np.arange(size) % 4
    target = np.repeat(np.arange(size), 5)
    source = (target + 4 * random.integers(1, size // 4, size=len(target))) % size  # ties within the group
    network = Network.from_tables(
        name="groups", ids=ids, source=[ids[place] for place in source], target=[ids[place] for place in target]
    )
    waits = random.geometric(np.array([0.02, 0.05, 0.15, 0.3])[group]) - 1
    times = ObservedTimes(np.where(waits < 15, waits, -1), tuple(map(str, range(15))))
    rows = person_periods(exposure(ExposureTies.of(network), times), times)
    naive = lagged_exposure_effect(rows)
    levels = lagged_exposure_effect(rows, groups=group, group_effects="site")
    assert naive.low is not None
    assert naive.low > 0.5
    assert levels.low is not None
    assert levels.low < 0.3
    assert levels.group_effects == "site"


def test_periods_in_which_nobody_adopted_say_nothing_and_are_counted():
    network = Network.from_tables(name="star", ids="abcdef", source="aaaaa", target="bcdef")
    times = ObservedTimes(np.array([1, 3, 3, -1, -1, -1]), tuple("12345"))
    rows = person_periods(exposure(ExposureTies.of(network), times), times)
    found = lagged_exposure_effect(rows)
    assert (found.rows, found.left_out, found.adopted) == (5, 13, 2)
    assert found.reason == "exposure does not vary"
    assert found.coefficient is None
    assert found.odds_ratio is None


def test_exposure_that_separates_gives_no_estimate_and_says_why():
    ids = [f"{place:02d}" for place in range(40)]
    network = Network.from_tables(name="pairs", ids=ids, source=ids[:20], target=ids[20:])
    at = np.full(40, -1)
    at[:10], at[20:30] = 0, 1  # whoever learnt from an adopter adopted at once, and nobody else did
    rows = person_periods(
        exposure(ExposureTies.of(network), ObservedTimes(at, ("1", "2"))), ObservedTimes(at, ("1", "2"))
    )
    for clustered in (True, False):
        found = lagged_exposure_effect(rows, clustered=clustered)
        assert found.coefficient is None
        assert found.reason.startswith("exposure separates adopters from those who waited")


def test_nobody_at_risk_gives_no_estimate():
    times = ObservedTimes(np.zeros(NETWORK.size, dtype=np.int64), ("1",))
    found = lagged_exposure_effect(_rows(times))
    assert found.reason == "no period tells adopters from those who waited"
    assert found.as_json()["odds_ratio"] is None


def test_hazards_are_told_by_bands_that_hold_every_row_once():
    [times] = _played(HAZARD, runs=1)
    rows = _rows(times)
    bands = hazard_by_exposure(rows)
    assert sum(band.rows for band in bands) == len(rows)
    assert sum(band.adopted for band in bands) == rows.adopted.sum()
    assert bands[0].hazard == pytest.approx(rows.adopted[rows.share == 0].mean())
    assert hazard_by_exposure(rows.subset(rows.share < 0))[0].hazard is None


@given(st.lists(st.integers(-2, 5), min_size=12, max_size=12))
def test_any_times_give_a_number_or_a_reason(at):
    network = _random_network(12, 2, "small")
    times = ObservedTimes(np.array(at), tuple("123456"))
    found = lagged_exposure_effect(person_periods(exposure(ExposureTies.of(network), times), times))
    assert (found.coefficient is None) == bool(found.reason)
    assert (
        found.coefficient is None
        or np.isfinite(np.array([found.coefficient, found.se, found.low, found.high], dtype=float)).all()
    )


def test_without_statsmodels_one_line_says_what_to_install(monkeypatch):
    [times] = _played(HAZARD, runs=1)

    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(regression, "import_module", missing)
    with pytest.raises(InputError) as raised:
        lagged_exposure_effect(_rows(times))
    assert raised.value.problems == ("regressions on observed adoption need statsmodels: pip install -e '.[report]'",)

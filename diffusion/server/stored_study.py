"""What the store holds of a study, for its page: results once read, and the runs worth opening."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from diffusion.analysis.outcomes import Outcome, RegionFacts, Runs, outcome_values
from diffusion.experiment.plan import Study
from diffusion.experiment.results import StudyResult, study_result
from diffusion.experiment.store import Store

_KEPT = 4
_LOCK = Lock()
_results: OrderedDict[tuple[str, str, int], StudyResult] = OrderedDict()


@dataclass(frozen=True, slots=True)
class NotableRun:
    """Name a run that is worth a look.

    Attributes
    ----------
    what
        Why: best, median, worst, or nothing spread.
    replicate
        The number of the run.
    value
        Its outcome.
    alike
        How many runs have the same outcome, this one included.
    """

    what: str
    replicate: int
    value: float
    alike: int


def result_of(study: Study, store: Store, name: str) -> StudyResult:
    """Return a study's results, from memory where they were read before.

    Parameters
    ----------
    study, store
        The study, and where its runs are.
    name
        What tells this state of the store from others.

    Raises
    ------
    StoreError
        If runs are missing.
    """
    key = (name, study.digest, study.scenario.replicates)
    with _LOCK:
        if key not in _results:
            _results[key] = study_result(study, store)
            while len(_results) > _KEPT:
                _results.popitem(last=False)
        _results.move_to_end(key)
        return _results[key]


def notable_runs(runs: Runs, facts: RegionFacts, outcome: Outcome) -> list[NotableRun]:
    """Return the best run of an arm by an outcome, the median one, the worst, and one in which nothing spread.

    Of runs with the same outcome the first is taken. The median run is the one
    in the middle of the runs in order; of an even number, the lower middle one.

    Parameters
    ----------
    runs
        The runs of one arm.
    facts
        What outcomes need to know of the network.
    outcome
        The outcome.
    """
    values = np.asarray(outcome_values(runs, facts)[outcome.name], dtype=np.float64)
    ascending = np.argsort(values if outcome.direction == "higher" else -values, kind="stable")
    places = {"best": len(values) - 1, "median": (len(values) - 1) // 2, "worst": 0}
    notable = [_notable(what, values, int(ascending[place])) for what, place in places.items()]
    still = np.flatnonzero(runs.spread == 0)
    if still.size:
        notable.append(NotableRun("nothing spread", int(still[0]), float(values[still[0]]), int(still.size)))
    return notable


def _notable(what: str, values: NDArray[np.float64], replicate: int) -> NotableRun:
    alike = np.flatnonzero(values == values[replicate])
    return NotableRun(what, int(alike[0]), float(values[replicate]), int(alike.size))

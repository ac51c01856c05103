"""Survival: whether the ranking of arms on the given network survives when the network is uncertain.

Every arm is played twice in the same worlds and replicates: on the given
network, and with the network uncertain. So what the uncertainty changes is
paired run by run, and what is chance is not mistaken for it.

Only an order that the runs on the given network show can be turned over. So
an arm is *behind* the one of the best mean where the difference on the given
network is decided, and only such an arm can overturn the ranking. Decided is
a difference whose interval, over all pairs of arms at once, does not hold 0:
whichever arm happens to have the best mean, and whichever rival comes nearest,
their interval was paid for.

World by world an arm leads only where its lead exceeds twice its Monte Carlo
error, as in :mod:`diffusion.analysis.across`; few replicates leave many worlds
undecided, so beside those counts stand the same counts on the given network.
How alike two orders are is Kendall's tau-b (Kendall 1945, doi
10.1093/biomet/33.3.239), of the means of a world on the uncertain and on the
given network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from scipy import stats

from diffusion.analysis.across import same_units, share_interval
from diffusion.analysis.arms import ArmResult, MeasuredArm, OutcomeSummary, finite, measure, summary
from diffusion.analysis.intervals import all_equal, bound_where_equal, mean_interval
from diffusion.analysis.leads import Lead, Ranked
from diffusion.analysis.network_modes import Mode
from diffusion.analysis.outcomes import Outcome, RegionFacts, find_outcome, never_half
from diffusion.analysis.sentences import CENSORED_AT_MOST

Survives = Literal["holds", "open", "turned", "undecided"]

_EQUAL_MEANS = 12


@dataclass(frozen=True)
class Change:
    """Tell what the uncertain network changed of an arm.

    Attributes
    ----------
    arm
        The arm.
    given, drawn
        What it reaches on the given network, and with the network uncertain.
    difference
        The second less the first, paired run by run.
    low, high
        Its pointwise 95 % interval, by unit; None where all units are equal.
    differ_below
        Where all units are equal: the 95 % bound on the share that would not be; else None.
    """

    arm: str
    given: OutcomeSummary
    drawn: OutcomeSummary
    difference: float
    low: float | None
    high: float | None
    differ_below: float | None

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self) | {"given": self.given.as_json(), "drawn": self.drawn.as_json()}


@dataclass(frozen=True)
class Likeness:
    """Hold how alike the orders of means are, on the uncertain and on the given network.

    Attributes
    ----------
    mean
        Mean over worlds of Kendall's tau-b: 1 for the same order, -1 for the reverse.
    low, high
        Its 95 % interval, by unit; None where all units are equal.
    differ_below
        Where all units are equal: the 95 % bound on the share that would not be; else None.
    worlds
        In how many worlds it is defined: all arms are equal in none of the two.
    """

    mean: float
    low: float | None
    high: float | None
    differ_below: float | None
    worlds: int


@dataclass(frozen=True)
class Survival:
    """Tell whether the ranking on the given network survives, on one outcome.

    Attributes
    ----------
    outcome, mode
        By what arms rank, and in what way the network is uncertain.
    worlds, replicates
        How many worlds there are, and how many runs of an arm in each.
    unit
        What intervals count: runs, worlds or randomisations.
    order
        The arms by their mean on the given network, best first; arms that are
        the very same on both counts stand there once.
    same
        The others of them, each with the one that stands for it.
    pairs
        How arms compare on the given network, in the order of their means.
    best
        The arm of the best mean there.
    behind, beside
        The arms that it is, and is not, shown to be better than there.
    alike
        Those beside it with the same leaders and parameters there; the counts below leave them aside.
    best_survives_in, best_overtaken_in, undecided_in
        In how many worlds it leads all others with the network uncertain, in how many
        another leads it, and in how many neither, by more than twice the Monte Carlo error.
    survives_low, survives_high, overtaken_low, overtaken_high
        Exact 95 % intervals of the first two as shares of all such worlds (Clopper & Pearson
        1934, doi 10.1093/biomet/26.4.404); None where worlds were spread by a design, or one run in each decides none.
    best_mean_in
        In how many worlds it has the best mean, by however little.
    given_best_in, given_overtaken_in, given_best_mean_in
        The same on the given network, in the same worlds: what chance alone makes of it.
    order_survives_in, order_reversed_in
        In how many worlds no pair that is decided on the given network is
        the other way round by more than twice the Monte Carlo error, and in how many some is.
    likeness
        How alike the orders are; None where that is never defined.
    changes
        What the uncertainty changed, by arm.
    against
        How the best compares with every other arm with the network uncertain.
    verdict
        Of the arms that are behind: ``"holds"`` where it is still shown to be better than
        each, ``"turned"`` where one is shown to be better than it, else ``"open"``;
        ``"undecided"`` where none is behind, so that there is nothing to survive.
    rival
        The comparison that decides this; None where nothing is to be decided.
    """

    outcome: str
    mode: Mode
    worlds: int
    replicates: int
    unit: str
    order: tuple[str, ...]
    same: tuple[tuple[str, str], ...]
    pairs: tuple[Lead, ...]
    best: str
    behind: tuple[str, ...]
    beside: tuple[str, ...]
    alike: tuple[str, ...]
    best_survives_in: int
    best_overtaken_in: int
    undecided_in: int
    survives_low: float | None
    survives_high: float | None
    overtaken_low: float | None
    overtaken_high: float | None
    best_mean_in: int
    given_best_in: int
    given_overtaken_in: int
    given_best_mean_in: int
    order_survives_in: int
    order_reversed_in: int
    likeness: Likeness | None
    changes: tuple[Change, ...]
    against: tuple[Lead, ...]
    verdict: Survives
    rival: Lead | None

    @property
    def newly_ahead(self) -> tuple[Lead, ...]:
        """Return the arms not told apart from the best on the given network that come out better than it."""
        return tuple(lead for lead in self.against if lead.other in self.beside and lead.ahead == lead.other)

    def as_json(self) -> dict[str, object]:
        """Return the fields by name, without what JSON cannot hold."""
        told = asdict(self) | {"same": dict(self.same)}
        told["changes"] = [found.as_json() for found in self.changes]
        return told | finite({name: value for name, value in told.items() if isinstance(value, float)})


def survival(
    drawn: Sequence[ArmResult],
    given: Sequence[ArmResult],
    *,
    facts: RegionFacts,
    outcome: str,
    smallest_difference: float,
    mode: Mode,
    seed_text: str,
) -> Survival | None:
    """Return whether the ranking on the given network survives.

    Parameters
    ----------
    drawn
        The arms as played with the network uncertain.
    given
        The same arms on the given network, by the same names, in the same worlds and replicates.
    facts
        What is to be known of the network and the scenario.
    outcome
        By what arms rank.
    smallest_difference
        The smallest difference that matters, as a share of the agents.
    mode
        In what way the network is uncertain.
    seed_text
        What keys the simulation of simultaneous intervals on the uncertain network.

    Returns
    -------
    None with fewer than two arms with leaders, for outcomes of comparisons only, and for times that mostly never come.

    Raises
    ------
    InputError
        If the outcome does not exist.
    ValueError
        If the two do not hold the same arms, worlds and replicates.
    """
    found = find_outcome(outcome, facts.role_names)
    _check(drawn, given)
    twins = [] if found.only_compared else _twins(drawn, given, facts, found)
    if len(twins) < 2 or _is_mostly_censored(twins, found):
        return None
    twins.sort(key=lambda twin: (-_score(twin[1], found), twin[1].name))
    stand_in = _stand_ins(twins, outcome)
    distinct = [twin for twin in twins if stand_in[twin[0].name] == twin[0].name]
    if len(distinct) < 2:
        return None
    told = (found, facts, smallest_difference)
    given_text = " ".join(twin[1].identity for twin in distinct)  # not the cell's: what is given is the same in all
    before = _ranked([twin[1] for twin in distinct], *told, given_text)
    after = _ranked([twin[0] for twin in distinct], *told, seed_text)
    alike = [twin[0].name for twin in distinct[1:] if twin[1].identity == distinct[0][1].identity]
    return Survival(
        outcome=outcome,
        mode=mode,
        worlds=before.units.worlds,
        replicates=before.values.shape[1] // before.units.worlds,
        unit=before.units.noun,
        order=before.names,
        same=tuple((name, other) for name, other in stand_in.items() if name != other),
        changes=tuple(_change(*twin, found, facts) for twin in twins),
        likeness=_likeness(before, after),
        **_of_best(before, after, alike),
    )


def _ranked(arms: Sequence[MeasuredArm], outcome: Outcome, facts: RegionFacts, share: float, seed_text: str) -> Ranked:
    largest = outcome.largest_value(facts.size)
    return Ranked(
        names=tuple(arm.name for arm in arms),
        values=np.array([outcome.sign * arm.values[outcome.name] for arm in arms]),
        units=arms[0].units,
        outcome=outcome,
        facts=facts,
        smallest=None if largest is None else share * largest,
        seed_text=seed_text,
    )


def _of_best(before: Ranked, after: Ranked, alike: Sequence[str]) -> dict[str, Any]:
    """Return what becomes of the best arm and of the order, by the names of :class:`Survival`."""
    best, others = before.names[0], range(1, len(before.names))
    told = before.pairs
    pairs, against = before.leads(told), after.leads([(0, other) for other in others])
    behind = tuple(lead.other for lead in pairs if (lead.arm, lead.ahead) == (best, best))
    rivals = [place for place in others if before.names[place] not in alike]
    (survives, overtaken), given = after.led_in(rivals), before.led_in(rivals)
    worlds = after.units.worlds
    is_share = worlds > 1 and after.units.size == 1 and after.values.shape[1] > worlds
    ends = [share_interval(count, worlds) if is_share else (None, None) for count in (survives, overtaken)]
    kept = after.kept_in([pair for pair, lead in zip(told, pairs, strict=True) if lead.ahead == lead.arm])
    verdict, rival = _verdict(against, behind, best, after.outcome.sign)
    return {
        "pairs": pairs,
        "best": best,
        "behind": behind,
        "beside": tuple(name for name in before.names[1:] if name not in behind),
        "alike": tuple(alike),
        "best_survives_in": survives,
        "best_overtaken_in": overtaken,
        "undecided_in": worlds - survives - overtaken,
        "survives_low": ends[0][0],
        "survives_high": ends[0][1],
        "overtaken_low": ends[1][0],
        "overtaken_high": ends[1][1],
        "best_mean_in": after.best_mean_in(rivals),
        "given_best_in": given[0],
        "given_overtaken_in": given[1],
        "given_best_mean_in": before.best_mean_in(rivals),
        "order_survives_in": kept,
        "order_reversed_in": worlds - kept,
        "against": against,
        "verdict": verdict,
        "rival": rival,
    }


def _verdict(against: Sequence[Lead], behind: Sequence[str], best: str, sign: int) -> tuple[Survives, Lead | None]:
    """Return what becomes of the best arm, and the comparison that decides it: the worst for it."""
    asked = sorted((lead for lead in against if lead.other in behind), key=lambda lead: sign * lead.difference)
    turned = [lead for lead in asked if lead.ahead not in (best, None)]
    undecided = [lead for lead in asked if lead.ahead is None]
    if not asked:
        return "undecided", None
    if turned:
        return "turned", turned[0]
    return ("open", undecided[0]) if undecided else ("holds", asked[0])


def _likeness(before: Ranked, after: Ranked) -> Likeness | None:
    """Return the mean tau-b between each world's means on the given and on the uncertain network."""
    taus = np.array(
        [
            stats.kendalltau(here, there).statistic
            for here, there in zip(before.world_means.T, after.world_means.T, strict=True)
        ]
    )
    units = before.units
    means = units.means(taus) if units.worlds > 1 else taus
    means = means[np.isfinite(means)]
    if not means.size:
        return None
    constant = all_equal(means)
    low, high = mean_interval(means, low=-1.0, high=1.0) or (None, None)
    return Likeness(
        mean=float(means[0] if constant else means.mean()),
        low=low,
        high=high,
        differ_below=bound_where_equal(len(means)) if constant else None,
        worlds=int(np.isfinite(taus).sum()),
    )


def _change(drawn: MeasuredArm, given: MeasuredArm, outcome: Outcome, facts: RegionFacts) -> Change:
    ceiling, name = outcome.ceiling(facts), outcome.name
    means = drawn.units.means(drawn.values[name] - given.values[name])
    constant = all_equal(means)
    low, high = mean_interval(means, low=-ceiling, high=ceiling) or (None, None)
    reached = [summary(one.values[name], ceiling, units=one.units) for one in (given, drawn)]
    return Change(
        arm=drawn.name,
        given=reached[0],
        drawn=reached[1],
        difference=float(means[0] if constant else means.mean()),
        low=low,
        high=high,
        differ_below=bound_where_equal(len(means)) if constant else None,
    )


def _check(drawn: Sequence[ArmResult], given: Sequence[ArmResult]) -> None:
    names = [sorted(arm.name for arm in arms) for arms in (drawn, given)]
    if names[0] != names[1] or len(set(names[0])) < len(names[0]):
        raise ValueError(f"the arms must be the same on both networks, each once, not {names[0]} and {names[1]}")
    if len({arm.runs.replicates for arm in (*drawn, *given)}) > 1:
        raise ValueError("arms must have the same replicates to be compared pair by pair")
    same_units([arm.units for arm in (*drawn, *given)])


def _twins(
    drawn: Sequence[ArmResult], given: Sequence[ArmResult], facts: RegionFacts, outcome: Outcome
) -> list[tuple[MeasuredArm, MeasuredArm]]:
    """Return the arms with leaders, each with the network uncertain and on the given one."""
    by_name = {arm.name: measure(arm, facts, [outcome.name]) for arm in given}
    measured = (measure(arm, facts, [outcome.name]) for arm in drawn)
    return [(arm, by_name[arm.name]) for arm in measured if arm.leads]


def _is_mostly_censored(twins: Sequence[tuple[MeasuredArm, MeasuredArm]], outcome: Outcome) -> bool:
    if outcome.name != "time_to_half":
        return False
    return any(never_half(arm.runs).mean() > CENSORED_AT_MOST for twin in twins for arm in twin)


def _score(arm: MeasuredArm, outcome: Outcome) -> float:
    return round(outcome.sign * float(arm.values[outcome.name].mean()), _EQUAL_MEANS)


def _stand_ins(twins: Sequence[tuple[MeasuredArm, MeasuredArm]], outcome: str) -> dict[str, str]:
    """Return which arm stands for each: the first that is the same on the given network and run by run beside it."""
    first: dict[tuple[str, bytes], str] = {}
    return {
        drawn.name: first.setdefault((given.identity, drawn.values[outcome].tobytes()), drawn.name)
        for drawn, given in twins
    }

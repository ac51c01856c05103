"""What differs between worlds, in plain English: what intervals count, and in how many worlds an arm is best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diffusion.analysis.across import DifferenceAcross
from diffusion.analysis.arms import ArmSummary
from diffusion.analysis.compare import Comparison
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.phrases import MOST_NAMED, counted, joined, opened, share_of, whole
from diffusion.analysis.ranking import ranking
from diffusion.analysis.sentences import CENSORED_AT_MOST, Setting

DESIGNS = {"latin-hypercube": "Latin hypercube", "sobol": "Sobol"}
"""What designs are called."""

COUNTS = "a world counts only where the lead exceeds twice its Monte Carlo error"

ONE_RUN = "One run of an arm in each world cannot show which arm is better in a world; more replicates would."
"""What is said in place of counts of worlds where none can be decided."""

SAME_WORLDS = "All arms live through the same"
"""How the sentence begins that says what intervals count; of networks and cells where it is the same, one says it."""


def world_sentences(
    summaries: Sequence[ArmSummary], comparisons: Sequence[Comparison], setting: Setting, *, outcome: str, baseline: str
) -> tuple[str, ...]:
    """Return what differs between worlds on an outcome; nothing in one world.

    Parameters
    ----------
    summaries, comparisons
        Results of :func:`diffusion.analysis.compare.compare`.
    setting
        What to say beside the numbers.
    outcome
        The outcome.
    baseline
        The arm whose comparisons are told.
    """
    if setting.layout.worlds == 1:
        return ()
    found = find_outcome(outcome, setting.role_names)
    ranked = [
        row.arm for row in ranking(summaries, comparisons, outcome=found, baseline=baseline) if row.place is not None
    ]
    against = {one.arm: one for one in comparisons if one.outcome == outcome and one.baseline == baseline}
    censored = {one.arm for one in summaries if _mostly_censored(one, outcome)}
    if baseline in censored:
        against = {}
    ranked = [arm for arm in ranked if arm not in censored]
    if all(one.replicates <= one.worlds for one in summaries):
        return (opened(f"{_unit(setting)} {ONE_RUN}"),)
    told = [_unit(setting), *_leads(ranked, against, setting)]
    told += [*_beaten(ranked, summaries, outcome, setting, baseline), *_best(ranked, summaries, outcome, setting)]
    told += _parts(ranked, against, setting)
    return tuple(opened(text) for text in told)


def _mostly_censored(arm: ArmSummary, outcome: str) -> bool:
    """Return whether more than half of an arm's times are missing, so that nothing compares them."""
    found = arm.outcomes.get(outcome)
    return found is not None and (found.censored or 0.0) > CENSORED_AT_MOST


def _unit(setting: Setting) -> str:
    """Return what intervals count, and what differs between worlds."""
    units, drawn = setting.layout, setting.uncertain
    worlds = f"{SAME_WORLDS} {whole(units.worlds)} worlds, in each of which {joined(drawn)} {_are(drawn)} drawn anew"
    if units.noun == "world":
        return f"{worlds}; intervals count worlds, not runs, for runs within a world are no evidence about others."
    sets = units.worlds // units.size
    counted_by = f"intervals count these {whole(sets)} randomisations, not worlds or runs."
    return f"{worlds}{_spread(setting, sets)}; {counted_by}"


def _spread(setting: Setting, sets: int) -> str:
    """Return what a design spreads, which is numbers, and what is drawn independently beside them."""
    over = f"over {whole(sets)} independent randomisations of a {DESIGNS[setting.design]} design"
    apart, numbers = setting.unspread, [one for one in setting.uncertain if one not in setting.unspread]
    if not apart:
        return f", spread {over}"
    if not numbers:  # a study from before such a design was refused
        return f", independently in every world, though grouped {over}, which has no number to spread"
    return f": {joined(numbers)} {_are(numbers)} spread {over}, {joined(apart)} {_are(apart)} drawn independently"


def _are(several: Sequence[str]) -> str:
    return "is" if len(several) == 1 else "are"


def _leads(ranked: Sequence[str], against: dict[str, Comparison], setting: Setting) -> Iterator[str]:
    """Yield in how many worlds arms do better than the baseline: the best mean first, of many the others' span."""
    found = [(arm, across) for arm in ranked if arm in against and (across := against[arm].across) is not None]
    first = found if len(found) <= MOST_NAMED else found[: MOST_NAMED - 1]
    told = [f"{setting.phrase(arm)} {_beats(across, setting.phrase(against[arm].baseline))}" for arm, across in first]
    if rest := [across for _, across in found[len(first) :]]:
        counts = [across.better_in for across in rest]
        within = (
            _of(counts[0], rest[0].worlds) if len(set(counts)) == 1 else f"{whole(min(counts))} to {whole(max(counts))}"
        )
        told.append(f"{counted(len(rest), 'other arm')} did so in {within} worlds each")
    if told:
        yield f"{'; '.join(told)} ({COUNTS})."


def _beats(across: DifferenceAcross, baseline: str) -> str:
    better = f"did better than {baseline} in {_of(across.better_in, across.worlds)} worlds"
    rest = [f"worse in {whole(across.worse_in)}"] if across.worse_in else []
    rest += [f"undecided in {whole(across.undecided_in)}"] if across.undecided_in else []
    interval = ""  # of the share among all worlds that there could be
    if across.better_low is not None and across.better_high is not None:
        interval = f" ({100 * across.better_low:.0f} to {100 * across.better_high:.0f} % of such worlds, 95 %)"
    return f"{', '.join([better, *rest])}{interval}"


def _beaten(
    ranked: Sequence[str], summaries: Sequence[ArmSummary], outcome: str, setting: Setting, baseline: str
) -> Iterator[str]:
    """Yield in how many worlds the best mean beats the next one, where neither is the baseline."""
    if len(ranked) < 3 or baseline in ranked[:2]:
        return
    found = next((one.outcomes.get(outcome) for one in summaries if one.arm == ranked[1]), None)
    across = found.across if found else None
    if across is None or across.above_best_in is None or across.below_best_in is None:
        return
    undecided = across.worlds - across.above_best_in - across.below_best_in
    rest = [f"the other way round in {whole(across.above_best_in)}"] if across.above_best_in else []
    rest += [f"undecided in {whole(undecided)}"] if undecided else []
    beats = f"beats {setting.phrase(ranked[1])} in {_of(across.below_best_in, across.worlds)} worlds"
    yield f"{', '.join([f'{setting.phrase(ranked[0])} {beats}', *rest])}."


def _best(ranked: Sequence[str], summaries: Sequence[ArmSummary], outcome: str, setting: Setting) -> Iterator[str]:
    """Yield in how many worlds each arm is best, where there are more than two."""
    by_arm = {one.arm: one.outcomes[outcome].across for one in summaries if outcome in one.outcomes}
    found = [(arm, across) for arm in ranked if (across := by_arm.get(arm)) is not None and across.best_in is not None]
    if len(found) < 3:
        return
    alone = [(arm, across.best_in) for arm, across in found if across.best_in]
    first = alone if len(alone) <= MOST_NAMED else sorted(alone, key=lambda one: -one[1])[: MOST_NAMED - 1]
    best = [f"{setting.phrase(arm)} in {whole(count)}" for arm, count in first]
    if rest := len(alone) - len(first):
        together = sum(count for _, count in alone) - sum(count for _, count in first)
        best.append(f"one of {counted(rest, 'other arm')} in {whole(together)}")
    undecided = found[0][1].undecided_in
    none = f"; in {whole(undecided)} none leads all others by so much" if undecided else ""
    told = f"the one best arm is {joined(best)}" if best else "no arm is the one best"
    yield f"of {counted(setting.layout.worlds, 'world')}, {told}{none}."


def _parts(ranked: Sequence[str], against: dict[str, Comparison], setting: Setting) -> Iterator[str]:
    """Yield what the best arm's difference is due to."""
    for arm in ranked:
        across = against[arm].across if arm in against else None
        if across is None:
            continue
        share, low, high = across.between_share, across.between_share_low, across.between_share_high
        if share is not None and low is not None and high is not None:
            yield (
                f"{share_of(share, 'the variance')} between runs of the difference that {setting.phrase(arm)} makes "
                f"is due to not knowing the world (95 % interval {100 * low:.0f} to {100 * high:.0f} %), the rest to "
                "chance within a world."
            )
        return


def _of(count: int, worlds: int) -> str:
    return f"all {whole(worlds)}" if count == worlds else f"{whole(count)} of {whole(worlds)}"

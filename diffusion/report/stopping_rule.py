"""What the methods section says of a size that a stopping rule found: the rule, and that results decided."""

from __future__ import annotations

from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.precision_asked import FIRST_REPLICATES, FIRST_WORLDS, AskedPrecision, BestWithin, Precision
from diffusion.analysis.selection import GROWTH
from diffusion.experiment.precise import reached
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code
from diffusion.report.numbers import EITHER, Number
from diffusion.scenario import Scenario
from diffusion.scenario.world_keys import first_worlds

MEASURED = {
    "studies": 400.0,
    "studies_best": 4000.0,
    "studies_stopped": 1500.0,
    "at_confidence": 0.95,
    "least_within": 0.96,
    "least_named": 0.989,
    "named_of_heavy_tails": 0.96,
    "least_covered": 0.95,
    "most_covered": 0.96,
    "all": 1.0,
}
"""What was measured of the two rules in simulated studies, as ``docs/uncertainty.md`` tells it."""


def found_size(scenario: Scenario) -> str:
    """Return the key whose value the stopping rule found, ``worlds`` or ``replicates``; nothing without a rule."""
    if scenario.precision is None:
        return ""
    return "worlds" if scenario.worlds > 1 else "replicates"


def stopping_rule(chapter: Chapter) -> str:
    """Return by which rule it was decided how many runs there are, and what is known of it; nothing without one."""
    asked = chapter.study.scenario.precision
    if asked is None:
        return ""
    return _best(chapter, asked) if isinstance(asked, BestWithin) else _every_difference(chapter, asked)


def _every_difference(chapter: Chapter, asked: Precision) -> str:
    noun = found_size(chapter.study.scenario)
    ended = reached(chapter.whole_study, chapter.store, asked).is_enough
    return (
        f"*Stopping rule.* How many {noun} there are was not fixed beforehand but decided by looking at the results, "
        f"by the sequential rule of Chow and Robbins {chapter.cite('chow1965')}: it looked first after "
        f"{_first(chapter)} {noun}, and added more until the simultaneous intervals of all paired differences from the "
        f"baseline in {code(asked.outcome)} (Bonferroni, {_confidence(chapter, asked)} % together) reached at most "
        f"{_amount(chapter, asked)} to each side{_everywhere(chapter)}.{'' if ended else _GOING_ON} That intervals "
        f"cover as they should under this rule is proven only as the half width goes to zero "
        f"{chapter.cite('glynn1992')}; at usual sizes it was tested by simulation: in "
        f"{_measured(chapter, 'studies', ',.0f')} studies a kind, at {_percent(chapter, 'at_confidence')} %, all "
        f"differences lay within the half width in {_percent(chapter, 'least_within')} to "
        f"{_percent(chapter, 'all')} % of them {_WHERE}."
    )


def _best(chapter: Chapter, asked: BestWithin) -> str:
    noun = found_size(chapter.study.scenario)
    found = [group.named.found for group in chapter.result.groups]
    ended = all(one is not None and one.best is not None for one in found)
    growth = Number("stopping_rule.growth", GROWTH, EITHER, {"from": "constant", "of": "diffusion.analysis.selection"})
    return (
        f"*Stopping rule.* How many {noun} an arm has was not fixed beforehand but decided by looking at the results, "
        f"after {_first(chapter)} {noun} and then at fixed sizes, each at least "
        f"{chapter.numbers.show(growth, f'{GROWTH:g}')} times the last. The arm of the best mean of "
        f"{code(asked.outcome)} was compared with every other in pairs, by bounds that hold at all looks together, "
        f"after Paulson {chapter.cite('paulson1964')} and Kim and Nelson {chapter.cite('kim2001')}: an arm was stopped "
        "once it was known to be worse, and an arm was named the best once no other could be better by more than "
        f"{_amount(chapter, asked)}, at {_confidence(chapter, asked)} % confidence{_everywhere(chapter)}."
        f"{'' if ended else _GOING_ON} The guarantee is exact for independent normal values only; the rule was tested "
        f"by simulation: in {_measured(chapter, 'studies_best', ',.0f')} studies a kind, at "
        f"{_percent(chapter, 'at_confidence')} %, the best arm was named in {_percent(chapter, 'least_named')} to "
        f"{_percent(chapter, 'all')} % of them where all others were worse by just that much, and in "
        f"{_percent(chapter, 'named_of_heavy_tails')} % with one arm of very heavy tails; and in "
        f"{_measured(chapter, 'studies_stopped', ',.0f')} a kind intervals of stopped arms covered "
        f"{_percent(chapter, 'least_covered')} to {_percent(chapter, 'most_covered')} % of the time {_WHERE}."
    )


_WHERE = "(the program's documentation, `docs/uncertainty.md`)"
_GOING_ON = " The rule had not come to its end when this was written."


def _first(chapter: Chapter) -> str:
    """Return at how many replicates, or worlds, the rule looks first."""
    scenario = chapter.study.scenario
    size = first_worlds(scenario.design, FIRST_WORLDS) if scenario.worlds > 1 else FIRST_REPLICATES
    where = {"from": "constant", "of": "diffusion.analysis.precision_asked"}
    return chapter.numbers.show(Number("stopping_rule.first", float(size), EITHER, where), f"{size}")


def _amount(chapter: Chapter, asked: AskedPrecision) -> str:
    """Return the half width, or what does not matter, in the unit of the outcome."""
    key = "best_within" if isinstance(asked, BestWithin) else "half_width"
    outcome = find_outcome(asked.outcome, chapter.arms[0].roles)
    points = outcome.unit.startswith("share")
    unit = "points" if points else chapter.steps_word if outcome.unit == "steps" else outcome.unit
    value = getattr(asked, key)
    return f"{_of_scenario(chapter, asked, key, f'{100 * value if points else value:g}')} {unit}"


def _confidence(chapter: Chapter, asked: AskedPrecision) -> str:
    return _of_scenario(chapter, asked, "confidence", f"{100 * asked.confidence:g}")


def _of_scenario(chapter: Chapter, asked: AskedPrecision, key: str, text: str) -> str:
    source = {"from": "parameter", "key": f"precision.{key}", "where": ""}
    return chapter.numbers.show(Number(f"stopping_rule.{key}", float(getattr(asked, key)), EITHER, source), text)


def _everywhere(chapter: Chapter) -> str:
    return ", on every network and in every cell" if chapter.is_swept else ""


def _percent(chapter: Chapter, name: str) -> str:
    return _measured(chapter, name, "g", 100)


def _measured(chapter: Chapter, name: str, form: str, factor: int = 1) -> str:
    source = {"from": "constant", "of": "diffusion.report.stopping_rule"}
    value = MEASURED[name]
    return chapter.numbers.show(Number(f"stopping_rule.{name}", value, EITHER, source), f"{factor * value:{form}}")

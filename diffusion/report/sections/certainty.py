"""How sure: precision of the means, and whether the runs suffice."""

from __future__ import annotations

import math

from diffusion.analysis.effects_told import REGRET_NOTE, effect_sentences, regret_sentences
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.phrases import MOST_NAMED, decimals_for
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.survived import mode_of
from diffusion.experiment.worlds import units_of
from diffusion.report.arm_numbers import ArmNumbers
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.further import Further
from diffusion.report.markdown import code, escaped, heading, joined, paragraphs
from diffusion.report.numbers import Number
from diffusion.report.sections.findings import place_words, short, title
from diffusion.report.table_cells import NOTHING, number_cell, share_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell

_ERROR = {False: "Monte Carlo standard error", True: "standard error over worlds"}


def section(chapter: Chapter) -> str:
    """Return the section; nothing with a single run, which has no spread."""
    if chapter.study.scenario.replicates * chapter.study.scenario.worlds < 2:
        return paragraphs(
            heading("How sure this is", label="certainty"),
            "Every arm was played once. One run is an example, not a finding: how much runs differ is unknown.",
        )
    tables = [_precision(chapter, place) for place in range(len(chapter.arms))]
    shown = tables if len(tables) <= MOST_GROUPS_IN_FULL else []
    chapter.tables += [table for table in tables if table not in shown]
    refer = f" ({joined([table.reference for table in shown])})" if shown else ""
    return paragraphs(
        heading("How sure this is", label="certainty"),
        _sampled(chapter, refer),
        *[_judged(chapter, arms) for arms in chapter.arms[:MOST_GROUPS_IN_FULL]],
        *[chapter.table(table) for table in shown],
        *[_sized(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))],
    )


def _allowed(chapter: Chapter) -> str:
    """Return what allows worlds to differ."""
    scenario = chapter.study.scenario
    if mode_of(scenario) is None:
        return "the stated distributions"
    network = "the targets of the region" if mode_of(scenario) == "redrawn" else "the stated errors of the network"
    return network if len(scenario.uncertain_paths()) == 1 else f"{network} and the stated distributions"


def _sampled(chapter: Chapter, refer: str) -> str:
    """Return of what the runs are a sample."""
    if chapter.study.scenario.worlds > 1:
        noun = units_of(chapter.study.scenario).noun
        return (
            f"The worlds are a sample of those that {_allowed(chapter)} allow, and the runs in each a sample of "
            f"its histories. The standard error counts {noun}s: it says how far the mean of so many may lie from the "
            f"mean of endlessly many{refer}. It says nothing about whether these and the other assumptions hold"
            f"{'' if mode_of(chapter.study.scenario) else '; the network and the ties stay as they are'}."
        )
    return (
        "The runs are a sample of the histories that the assumptions allow. The Monte Carlo standard error says "
        "how far "
        f"the mean of so many runs may lie from the mean of endlessly many{refer}. It says nothing about whether the "
        "assumptions hold, and it shrinks with more runs; the network, the ties and the parameters stay as they are."
    )


def standard_error(arms: ArmNumbers, arm: str, outcome: str) -> Number | None:
    """Return the Monte Carlo standard error of an arm's mean."""
    sd = arms.summary(arm, outcome, "sd")
    if sd is None:
        return None
    across = arms.summaries[arm].outcomes[outcome].across
    return Number(
        sd.name.removesuffix("sd") + "standard_error",
        sd.value / math.sqrt(arms.summaries[arm].replicates) if across is None else across.standard_error,
        sd.unit,
        {**sd.source, "field": "standard_error"},
        sd.about,
    )


def half_width(arms: ArmNumbers, arm: str, outcome: str) -> Number | None:
    """Return half the width of the simultaneous interval of an arm's difference from the baseline."""
    baseline = arms.result.baseline
    low, high = (arms.comparison(arm, baseline, outcome, field) for field in ("low_all", "high_all"))
    if low is None or high is None:
        return None
    return Number(
        low.name.removesuffix("low_all") + "half_width",
        (high.value - low.value) / 2,
        low.unit,
        {**low.source, "field": "half_width"},
        low.about,
    )


def _precision(chapter: Chapter, place: int) -> Table:
    arms = chapter.arms[place]
    outcome = arms.result.ranking_outcome
    made = [_row(chapter, arms, summary.arm, outcome) for summary in arms.result.summaries]
    is_share = arms.smallest(outcome).is_share
    unit, points = ("%", "points") if is_share else ("agents", "agents")
    described: list[Column] = [
        Column("arm", 18),
        Column("runs", 8, is_number=True),
        Column(f"standard deviation of runs, {points}", 16, is_number=True, fields=("sd",)),
        Column(
            f"{_ERROR[chapter.study.scenario.worlds > 1]}, {points}", 16, is_number=True, fields=("standard_error",)
        ),
    ]
    is_compared = len(made) > 1
    if is_compared:
        against = f"half-width against {short(arms.result.baseline)}, {points}"
        described.append(Column(against, 18, is_number=True, fields=("half_width",)))
        described.append(Column("variance saved by pairing, %", 14, is_number=True, fields=("variance_saved",)))
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    more = (
        f", how well their mean is known, and half the width of the simultaneous {chapter.confidence} interval of the "
        "paired difference"
    )
    caption = (
        f"Precision of {code(outcome)}{f' in {unit}' if is_share else ''}, {place_words(chapter, place)}: how much "
        f"runs differ{more if is_compared else ', and how well their mean is known'}."
    )
    shown = [row[: len(described)] for row in made]
    return Table(f"precision{suffix}", caption, tuple(described), rows(shown))


def _row(chapter: Chapter, arms: ArmNumbers, arm: str, outcome: str) -> list[Cell]:
    numbers, baseline = chapter.numbers, arms.result.baseline
    sd, error, half = (
        arms.summary(arm, outcome, "sd"),
        standard_error(arms, arm, outcome),
        half_width(arms, arm, outcome),
    )
    runs = arms.runs(arm)
    saved = arms.comparison(arm, baseline, outcome, "variance_saved")
    return [
        text_cell(arm),
        Cell(numbers.show(runs, f"{int(runs.value):,}"), (int(runs.value),)),
        number_cell(numbers, sd, _decimals(sd)),
        number_cell(numbers, error, _decimals(error)),
        number_cell(numbers, half, _decimals(half)),
        NOTHING if saved is None or saved.value < 0 else share_cell(numbers, saved),
    ]


def _decimals(number: Number | None) -> int:
    return 1 if number is None or not number.value else decimals_for(number.value * (100 if number.is_share else 1))


def _judged(chapter: Chapter, arms: ArmNumbers) -> str:
    """Return whether the runs suffice to tell differences of the size that matters."""
    outcome = arms.result.ranking_outcome
    compared = [summary.arm for summary in arms.result.lasting if summary.arm not in (NO_LEADERS, arms.result.baseline)]
    halves = [half for arm in compared if (half := half_width(arms, arm, outcome)) is not None]
    if not halves:
        return ""
    widest = max(halves, key=lambda half: half.value)
    smallest = arms.smallest(outcome)
    unit = "points" if smallest.is_share else "agents"
    width, size = (chapter.numbers.show(number, shown) for number, shown in _apart(widest, smallest))
    opens = "The widest simultaneous interval of a difference"
    where = f", {place_words(chapter, chapter.arms.index(arms))}," if chapter.is_swept else ""
    verdict = (
        "so the runs are enough to tell differences of that size"
        if widest.value <= smallest.value
        else f"so differences of about that size cannot be told from none; {_needed(chapter, arms, widest, smallest)}"
    )
    open_ = [row.arm for row in arms.result.ranking(outcome) if row.verdict == "undecided"]
    undecided = (
        f" Intervals that reach over it leave undecided against the baseline: {joined(_few(open_))}." if open_ else ""
    )
    return (
        f"{opens}{where} reaches {width} {unit} to either side; the smallest difference that matters is {size} {unit}, "
        f"{verdict}.{undecided}"
    )


def _needed(chapter: Chapter, arms: ArmNumbers, widest: Number, smallest: Number) -> str:
    """Return how many replicates would bring the widest interval down to the smallest difference that matters."""
    scenario, kind = chapter.study.scenario, "replicates" if chapter.study.scenario.worlds == 1 else "worlds"
    needed = rounded_up(getattr(scenario, kind) * (widest.value / smallest.value) ** 2)
    noun = "run" if kind == "replicates" else "world"
    number = Number(f"{arms.place}.{kind}_needed", needed, noun, {**widest.source, "field": f"{kind}_needed"})
    if kind == "worlds":
        shown = chapter.numbers.show(number, f"{needed:,.0f}")
        return f"an interval narrows with the square root of the worlds, so about {shown} worlds would be needed"
    shown = chapter.numbers.show(number, f"{needed:,.0f}")
    return f"an interval narrows with the square root of the runs, so about {shown} of each arm would be needed"


def rounded_up(value: float) -> float:
    """Return a number rounded up to two figures: as exact as an estimate of how many runs are needed can be.

    Examples
    --------
    >>> rounded_up(1677.2), rounded_up(87.1), rounded_up(110)
    (1700.0, 88.0, 110.0)
    """
    step = 10 ** max(math.floor(math.log10(value)) - 1, 0)
    return float(math.ceil(round(value / step, 9)) * step)


def _apart(widest: Number, smallest: Number) -> list[tuple[Number, str]]:
    """Return two sizes as they are shown, with the decimals that tell them apart."""
    factor = 100 if smallest.is_share else 1
    decimals = max(_decimals(widest), _decimals(smallest))
    while decimals < 4 and round(widest.value * factor, decimals) == round(smallest.value * factor, decimals):
        decimals += 1
    shown = [(widest, f"{widest.value * factor:,.{decimals}f}")]
    return [*shown, (smallest, f"{smallest.value * factor:,.{_decimals(smallest)}f}")]


def _few(arms: list[str]) -> list[str]:
    """Return arms by name, as Markdown; of many, the first."""
    shown = [escaped(arm) for arm in arms[:MOST_NAMED]]
    return [*shown, "and others"] if len(arms) > MOST_NAMED else shown


def _sized(chapter: Chapter, place: int) -> str:
    """Return how large the differences are beside how much runs differ, and what a wrong choice gives up."""
    found = Further(chapter, place)
    outcome = found.arms.result.ranking_outcome
    setting = found.arms.result.setting
    sizes, regrets = found.effects(outcome), found.regrets(outcome)
    sentences = effect_sentences(sizes, setting, find_outcome(outcome, found.arms.roles))
    told = found.quoted(sentences, "effects", sizes, outcome)
    # What holds of all regrets alike is said once.
    regret = [text for text in regret_sentences(regrets, setting) if text != REGRET_NOTE or place == 0]
    given_up = found.quoted(regret, "regret", regrets, outcome)
    head = f"*{title(chapter, place)}.* " if chapter.is_swept else ""
    texts = [text for text in (told, given_up) if text]
    return paragraphs(*[head + text if number == 0 else text for number, text in enumerate(texts)])

"""When: how soon half of the agents have adopted, and how much adoption there was on the way."""

from __future__ import annotations

from diffusion.analysis.durations_told import duration_sentences
from diffusion.analysis.outcomes import find_outcome
from diffusion.report import pictures
from diffusion.report.arm_numbers import ArmNumbers
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.further import Further
from diffusion.report.markdown import code, heading, paragraphs
from diffusion.report.sections.findings import place_words
from diffusion.report.table_cells import interval_cell, share_cell
from diffusion.report.tables import Column, Table, rows, text_cell


def section(chapter: Chapter) -> str:
    """Return the section."""
    told = [_group(chapter, place) for place in range(min(len(chapter.arms), MOST_GROUPS_IN_FULL))]
    curves, times = pictures.curves(chapter), pictures.times(chapter)
    return paragraphs(
        heading("When", label="timing"),
        f"{curves.reference} shows adoption over time, and {times.reference} when shares of the agents were reached.",
        chapter.picture(curves),
        chapter.picture(times),
        *told,
    )


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    found = Further(chapter, place)
    durations, differences = found.durations()
    times = duration_sentences(durations, differences, arms.result.setting)
    texts = [
        chapter.quoted(chapter.own_sentences(arms.result, "area")[:1], arms.pool("area"), arms.names()),
        found.quoted(times, "durations", (*durations, *differences), "time_to_half"),
    ]
    table = _table(chapter, arms, place)
    texts.append(f"{table.reference} has {'every arm' if len(arms.result.summaries) > 1 else 'the numbers'}.")
    return paragraphs(" ".join(text for text in texts if text), chapter.table(table))


def _table(chapter: Chapter, arms: ArmNumbers, place: int) -> Table:
    numbers = chapter.numbers
    made = [
        [
            text_cell(summary.arm),
            interval_cell(numbers, *(arms.summary(summary.arm, "area", field) for field in ("mean", "low", "high"))),
            interval_cell(
                numbers, *(arms.summary(summary.arm, "time_to_half", field) for field in ("mean", "low", "high"))
            ),
            share_cell(numbers, arms.summary(summary.arm, "time_to_half", "censored")),
        ]
        for summary in arms.result.summaries
    ]
    unit = chapter.steps_word
    described = (
        Column("arm", 20),
        Column("area, %", 18, fields=("area", "area_low", "area_high")),
        Column(f"time to half, {unit}", 20, fields=("time_to_half", "time_to_half_low", "time_to_half_high")),
        Column("never half, % of runs", 12, is_number=True, fields=("censored",)),
    )
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    area = find_outcome("area", arms.roles).sentence.rstrip(".").lower()
    caption = (
        f"How soon, {place_words(chapter, place)}: {code('area')} ({area}) and the time until half of the agents have "
        f"adopted, with {chapter.confidence} intervals. Times are restricted: a run that never gets there counts "
        "as one "
        "step more than the study lasts; the last column says how many did not."
    )
    return Table(f"timing{suffix}", caption, described, rows(made))

"""What was found: the ranking of the arms, and the sentences made from it."""

from __future__ import annotations

from diffusion.analysis.cells import cell_phrase
from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.ranking import RankedArm
from diffusion.analysis.ranking_table import STOPPED_EARLY, UNITS
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.report import pictures
from diffusion.report.arm_numbers import ArmNumbers, cell_numbers
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.markdown import code, escaped, heading, joined, paragraphs
from diffusion.report.numbers import Pool, slug
from diffusion.report.table_cells import NOTHING, interval_cell, share_cell
from diffusion.report.tables import Cell, Column, Table, rows, text_cell

MOST_LETTERS = 24
"""How long a name may be in the heading of a column."""

NOTE = (
    "Intervals of means hold for one arm each; intervals of differences hold for all arms at once. "
    "“Better”, “equal” and “best” are shares of the histories played, under this program's pairing; they are not the "
    "probability that an arm's expectation is higher. Arms are ranked by their means."
)

STOPPED = (
    f"Arms marked{STOPPED_EARLY} were stopped early: their numbers are of fewer runs, those that they have, compared "
    "with the same runs of the baseline, and they have no place."
)


def section(chapter: Chapter) -> str:
    """Return the section."""
    groups = [_group(chapter, place) for place in range(len(chapter.result.groups))]
    ranking = _ranking(chapter) if _compares(chapter) else ""
    maps = pictures.maps(chapter)
    refer = joined([picture.reference for picture in maps])
    shows = f"{refer} {'shows' if len(maps) == 1 else 'show'} where in the network adoption is likely." if maps else ""
    if maps and len(groups) > pictures.MOST_DRAWN:
        shows += f" Maps are drawn for {titles(chapter, pictures.MOST_DRAWN)} only."
    return paragraphs(
        heading("What was found", label="found"),
        ranking,
        *groups,
        shows,
        *(chapter.picture(picture) for picture in maps),
        "" if len(groups) <= MOST_GROUPS_IN_FULL else "The folder `tables` ranks the arms of each of them.",
    )


def _ranking(chapter: Chapter) -> str:
    """Return the figures of the ranking."""
    first, second = pictures.ranking(chapter), pictures.best(chapter)
    return paragraphs(
        f"{first.reference} shows the ranking, and {second.reference} how often each arm was best.",
        chapter.picture(first),
        chapter.picture(second),
    )


def _compares(chapter: Chapter) -> bool:
    """Return whether there are at least two arms with leaders."""
    return len(chapter.study.scenario.arms) > 1


def place_words(chapter: Chapter, place: int) -> str:
    """Return Markdown that says which network and cell a caption is about."""
    arms = chapter.arms[place]
    return chapter.numbers.quote(arms.result.setting.place, Pool(cell_numbers(arms.result.group)), arms.names())


def group_title(arms: ArmNumbers) -> str:
    """Return a heading for one network and cell; plain, and without a number that is no name."""
    network = arms.result.group.network.name
    return network if len(arms.study.scenario.cells()) == 1 else f"{network}: {cell_phrase(arms.result.setting.cell)}"


def title(chapter: Chapter, place: int) -> str:
    """Return the name of one network and cell, as Markdown with every number named."""
    arms = chapter.arms[place]
    return chapter.numbers.quote(group_title(arms), Pool(cell_numbers(arms.result.group)), arms.names())


def titles(chapter: Chapter, count: int) -> str:
    """Return the first networks and cells by name, as Markdown with every number named."""
    return chapter.numbers.quote(
        joined([group_title(arms) for arms in chapter.arms[:count]]),
        Pool([number for arms in chapter.arms for number in cell_numbers(arms.result.group)]),
        [name for arms in chapter.arms for name in arms.names()],
    )


def _group(chapter: Chapter, place: int) -> str:
    arms = chapter.arms[place]
    result = arms.result
    outcome = result.ranking_outcome
    table = ranking_table(chapter, place)
    told = chapter.own_sentences(result, outcome)
    is_full = len(chapter.result.groups) <= MOST_GROUPS_IN_FULL
    shown = told if is_full else told[:1]
    pieces = []
    if chapter.is_swept and is_full:
        pieces.append(f"## {title(chapter, place)}")
    texts = [chapter.quoted(shown, arms.pool(outcome), arms.names()), _nothing_spread(chapter, place)]
    if not is_full:
        chapter.tables.append(table)
        return paragraphs(*pieces, " ".join(text for text in texts if text))
    ranks = "ranks the arms that are shown" if result.whole else "ranks all arms"
    texts.append(f"{table.reference} {ranks}." if len(result.summaries) > 1 else f"{table.reference} tells it.")
    return paragraphs(*pieces, " ".join(text for text in texts if text), chapter.table(table), _clipping(chapter, arms))


def _nothing_spread(chapter: Chapter, place: int) -> str:
    """Return that nobody but leaders adopted in any run, where that is so, and that this tells no position apart."""
    summaries = chapter.result.groups[place].summaries
    spread = [summary.outcomes["spread"] for summary in summaries if "spread" in summary.outcomes]
    if any(found.mean > 0 for found in spread):
        return ""
    so = ": under these assumptions the study cannot tell which leaders are better" if len(summaries) > 1 else ""
    return f"**In no run had anybody but the leaders adopted at the end**{so}."


def short(baseline: str) -> str:
    """Return what a heading calls the baseline: its name, unless that is long.

    Examples
    --------
    >>> short("random"), short("leaders who were nominated most")
    ('random', 'the baseline')
    """
    return baseline if len(baseline) <= MOST_LETTERS else "the baseline"


def ranking_table(chapter: Chapter, place: int) -> Table:
    """Return the ranking of the arms of one network and cell."""
    arms = chapter.arms[place]
    result = arms.result
    outcome = find_outcome(result.ranking_outcome, arms.roles)
    unit = UNITS.get(outcome.unit, outcome.unit)
    points = "points" if unit.startswith("%") else unit
    level = Column(f"{outcome.name}, {unit}", 20, fields=("mean", "low", "high"))
    if len(result.summaries) == 1:
        return _lone_table(chapter, place, level)
    described = (
        Column("", 3, is_number=True, fields=("place",)),
        Column("arm", 17),
        level,
        Column(f"against {short(result.baseline)}, {points}", 25, fields=("difference", "low_all", "high_all")),
        Column("better in, %", 8, is_number=True, fields=("p_better",)),
        Column("equal in, %", 8, is_number=True, fields=("p_tie",)),
        Column("best in, %", 8, is_number=True, fields=("p_best",)),
        Column("verdict", 12),
    )
    made = [_row(chapter, arms, row, outcome.name) for row in result.ranking(outcome.name)]
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    runs = arms.runs(result.lasting[0].arm)
    shown = chapter.numbers.show(runs, f"{int(runs.value):,}")
    times = "run" if runs.value == 1 else "runs"
    caption = (
        f"The arms ranked by {code(outcome.name)}, {place_words(chapter, place)}: means over {shown} {times} with "
        f"{chapter.confidence} intervals, and mean paired differences from the baseline "
        f"*{escaped(result.baseline)}* with simultaneous {chapter.confidence} intervals."
    )
    note = f"{NOTE} {STOPPED}" if len(result.lasting) < len(result.summaries) else NOTE
    return Table(f"ranking{suffix}", caption, described, rows(made), note)


def _lone_table(chapter: Chapter, place: int, level: Column) -> Table:
    """Return the table of a single arm, which is compared with nothing."""
    arms = chapter.arms[place]
    [summary] = arms.result.summaries
    outcome = arms.result.ranking_outcome
    runs = arms.runs(summary.arm)
    mean = interval_cell(chapter.numbers, *(arms.summary(summary.arm, outcome, f) for f in ("mean", "low", "high")))
    cells = [text_cell(summary.arm), mean, Cell(chapter.numbers.show(runs, f"{int(runs.value):,}"), (int(runs.value),))]
    caption = (
        f"The arm's mean of {code(outcome)}, {place_words(chapter, place)}, with its {chapter.confidence} interval."
    )
    suffix = f"-{place + 1}" if chapter.is_swept else ""
    described = (Column("arm", 20), level, Column("runs", 10, is_number=True))
    return Table(f"ranking{suffix}", caption, described, rows([cells]))


def _row(chapter: Chapter, arms: ArmNumbers, row: RankedArm, outcome: str) -> list[Cell]:
    arm, baseline, rank = row.arm, arms.result.baseline, row.place
    numbers = chapter.numbers
    against = [arms.comparison(arm, baseline, outcome, field) for field in ("difference", "low_all", "high_all")]
    verdict = "baseline" if arm == baseline else (row.verdict or "")
    place = NOTHING
    if rank is not None:
        source = {"from": "place", "network": arms.result.group.network.name, "cell": arms.result.group.cell.index}
        name = f"{arms.place}.{slug(arm)}.{outcome}.place"
        place = Cell(chapter.count(name, rank, **source, arm=arm, outcome=outcome), (rank,))
    return [
        place,
        text_cell(f"{arm}{STOPPED_EARLY if row.stopped_early else ''}"),
        interval_cell(numbers, *(arms.summary(arm, outcome, field) for field in ("mean", "low", "high"))),
        interval_cell(numbers, *against, sign=True),
        share_cell(numbers, arms.comparison(arm, baseline, outcome, "p_better")),
        share_cell(numbers, arms.comparison(arm, baseline, outcome, "p_tie")),
        NOTHING if arm == NO_LEADERS or row.stopped_early else share_cell(numbers, arms.best(arm, outcome, "p_best")),
        text_cell(verdict),
    ]


def _clipping(chapter: Chapter, arms: ArmNumbers) -> str:
    told = []
    result = arms.result
    for field, noun, what in (
        ("clipped_agent_steps", "agent-step", "a hazard was cut to lie between none and all"),
        ("clipped_ties", "tie", "the probability to carry was above one and cut to one"),
    ):
        count = getattr(result, field)
        if count:
            source = {"from": "clipped", "network": result.group.network.name, "cell": result.group.cell.index}
            shown = chapter.count(f"{arms.place}.{field}", count, **source, field=field)
            told.append(f"In {shown} {noun if count == 1 else f'{noun}s'}, counted over all runs, {what}.")
    return " ".join(told)

"""Whether the ranking survives an uncertain network: what was drawn, where it turns over, and what error costs."""

from __future__ import annotations

from diffusion.analysis.network_modes import Mode
from diffusion.analysis.survival_told import is_undecidable, opening_sentences, outcome_sentences
from diffusion.experiment.survived import mode_of, told_turnings
from diffusion.report import pictures
from diffusion.report.chapter import MOST_GROUPS_IN_FULL, Chapter
from diffusion.report.markdown import heading, joined, paragraphs
from diffusion.report.sections.findings import title, titles
from diffusion.report.sections.survival_tables import arms_table, counts_table
from diffusion.report.survival_numbers import found_at, survival_pool, turned, turning_pool

_OPENING: dict[Mode, str] = {
    "robustness": (
        "No survey reaches everybody, and leaders are chosen on what it shows. Here the given network is taken as "
        "true: in every world a survey with the stated error was drawn from it, leaders were chosen on what that "
        "survey shows, and the innovation spread over the ties that are there (*robustness*)."
    ),
    "imputation": (
        "A network that was observed lacks ties that are there, and has some that are not. Here the given network is "
        "taken as what was observed: in every world a plausible true one was drawn, with ties added and taken away at "
        "the stated rates, and the innovation spread over that (*imputation*)."
    ),
    "redrawn": (
        "One region may have the ranking of positions that it has by chance. Here it was drawn anew in every world "
        "from its targets: its people, roles and organisations stay, who is prominent and all ties are drawn again "
        "(*redrawn*)."
    ),
}


def section(chapter: Chapter) -> str:
    """Return the section; nothing where no network is uncertain, or nothing is ranked."""
    mode = mode_of(chapter.study.scenario)
    told = [place for place in range(len(chapter.arms)) if found_at(chapter, place) is not None]
    if mode is None or not told:
        return ""
    table = counts_table(chapter)
    full = told[:MOST_GROUPS_IN_FULL]
    only = ""
    if len(full) < len(told):
        only = f"The first networks and cells are told: {titles(chapter, MOST_GROUPS_IN_FULL)}."
    return paragraphs(
        heading("Does the ranking survive an uncertain network?", label="survival"),
        f"{_OPENING[mode]} Every arm was also played on the given network itself, in the same worlds and replicates, "
        "so that what the uncertainty changes is paired run by run.",
        _turning(chapter),
        f"{table.reference} has the counts.",
        chapter.table(table),
        only,
        *(_group(chapter, place) for place in full),
    )


def _turning(chapter: Chapter) -> str:
    """Return where along swept error rates the ranking turns over, with the figure; nothing without such a sweep."""
    found = turned(chapter)
    if not found:
        return ""
    groups = chapter.result.groups
    told = told_turnings([one.survived for one in groups], [one.setting for one in groups], chapter.ranking_outcome)
    picture = pictures.survival_rates(chapter, found)
    names = tuple(name for arms in chapter.arms for name in arms.names())
    if any(one is not None and is_undecidable(one) for one in (found_at(chapter, at) for at in range(len(groups)))):
        return chapter.quoted(told, turning_pool(chapter), names)
    return paragraphs(
        chapter.quoted(told, turning_pool(chapter), names),
        f"{picture.reference} shows how often the best arm stays best.",
        chapter.picture(picture),
    )


def _group(chapter: Chapter, place: int) -> str:
    arms, found = chapter.arms[place], found_at(chapter, place)
    if found is None:
        return ""
    told = [*_opening(chapter, place), *outcome_sentences(found, arms.result.setting)]
    told += [full.sentence()] if (full := arms.result.survived.no_room) else []
    table = arms_table(chapter, place)
    drawn = [] if turned(chapter) or place >= pictures.MOST_DRAWN else [pictures.survival_worlds(chapter, place)]
    refer = joined([table.reference, *(picture.reference for picture in drawn)])
    return paragraphs(
        f"## {title(chapter, place)}" if chapter.is_swept else "",
        chapter.quoted(told, survival_pool(chapter, place), arms.names()),
        f"{refer} {'show' if drawn else 'shows'} the arms.",
        chapter.table(table),
        *(chapter.picture(picture) for picture in drawn),
    )


def _opening(chapter: Chapter, place: int) -> list[str]:
    """Return how the network is uncertain and the order on the given one, where no cell before has told the same."""

    def told(at: int) -> tuple[str, ...]:
        found = found_at(chapter, at)
        return () if found is None else opening_sentences(found, chapter.arms[at].result.setting)

    before = {(chapter.arms[at].result.group.network.name, text) for at in range(place) for text in told(at)}
    network = chapter.arms[place].result.group.network.name
    return [text for text in told(place) if (network, text) not in before]

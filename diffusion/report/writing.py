"""Writing a report: from a stored study to a folder with its text in four formats, figures, tables and numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store, StudyEntry
from diffusion.report import pandoc
from diffusion.report.chapter import Chapter
from diffusion.report.figures.sheet import SUFFIXES, save_figure
from diffusion.report.folder import Kept, check_folder, fill_folder
from diffusion.report.pandoc import Source
from diffusion.report.references import bibliography
from diffusion.report.reproduction import citation, command_lines, readable_record
from diffusion.report.shown_arms import of_shown_arms
from diffusion.report.text import composed, written_sections

_BEFORE_DOCUMENTS = 315_532_800
"""1980, the earliest time that a Word document's parts can bear."""


@dataclass(frozen=True)
class Wishes:
    """Hold what a user wants of a report.

    Attributes
    ----------
    output
        The folder; ``results`` and the study's name by default.
    template
        A Jinja template in place of the program's.
    reference
        A Word document whose styles are used.
    overwrite
        Whether the folder may hold the user's files; they are kept.
    """

    output: Path | None = None
    template: Path | None = None
    reference: Path | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class Written:
    """Say what was written.

    Attributes
    ----------
    folder
        Where.
    notes
        What the user is told about it, a line each.
    """

    folder: Path
    notes: tuple[str, ...]


def write_report(store: Store, entry: StudyEntry, wishes: Wishes) -> Written:
    """Write the report of a stored study.

    Parameters
    ----------
    store
        Where the study is.
    entry
        The study.
    wishes
        What the user wants.

    Raises
    ------
    InputError
        If the folder, the template or the reference document will not do.
    StoreError
        If runs are missing.
    """
    folder = wishes.output or Path("results") / entry.name
    check_folder(folder, overwrite=wishes.overwrite)
    chapter = read_chapter(store, entry)
    sections = written_sections(chapter)
    markdown = composed(chapter, sections, wishes.template)
    notes = list(chapter.notes)

    def write(new: Path) -> None:
        notes.extend(_write_all(chapter, sections, markdown, new, wishes))

    return Written(folder, (*notes, *_kept(fill_folder(folder, write))))


def read_chapter(store: Store, entry: StudyEntry) -> Chapter:
    """Return what the report of a stored study is made from."""
    result = of_shown_arms(study_result(store.study(entry), store))
    return Chapter(result.study, result, store, store.records(entry))


def _write_all(
    chapter: Chapter, sections: Mapping[str, str], markdown: str, new: Path, wishes: Wishes
) -> tuple[str, ...]:
    """Write every file of a report into an empty folder, and return what the user is told."""
    for name in ("figures", "tables"):
        (new / name).mkdir()
    for picture in chapter.pictures:
        for suffix in SUFFIXES:
            save_figure(picture.drawn, new / "figures" / f"{picture.name}{suffix}")
    sources = bibliography(chapter.cited)
    source = Source(markdown, chapter.study.scenario.title, sources, new, _instant(chapter))
    pandoc.write_docx(source, new / "report.docx", reference=wishes.reference)
    engine = pandoc.write_latex(source, new / "report.tex")
    pandoc.write_html(source, new / "report.html")
    pandoc.write_markdown(source, new / "report.md")
    for name in ("methods", "odd"):
        pandoc.write_part(source, sections[name], new / f"{name}.md")
    latex = pandoc.latex_tables([(table.name, table.markdown()) for table in chapter.tables], source)
    for table in chapter.tables:
        (new / "tables" / f"{table.name}.csv").write_text(table.csv(), encoding="utf-8-sig")
        (new / "tables" / f"{table.name}.tex").write_text(latex[table.name], encoding="utf-8")
    _write_records(chapter, sources, new)
    if engine == pandoc.PDFLATEX:
        return ()
    return (
        (
            f"report.tex holds letters that pdflatex cannot set; set it with {engine}, with a font that has them "
            "(see its "
            "preamble)"
        ),
    )


def _write_records(chapter: Chapter, sources: str, new: Path) -> None:
    scenario = chapter.study.scenario
    texts = {
        "numbers.json": json.dumps(chapter.numbers.as_json(), ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        pandoc.BIBLIOGRAPHY: sources,
        "CITATION.cff": citation(chapter),
        f"{scenario.name}.toml": scenario.text,
        "provenance.json": readable_record(chapter),
        "reproduce.sh": "#!/bin/sh\n# Makes the runs and this report again.\n"
        + "\n".join(command_lines(chapter))
        + "\n",
    }
    for name, text in texts.items():
        (new / name).write_text(text, encoding="utf-8")


def _instant(chapter: Chapter) -> int:
    """Return when the runs were made, in seconds since 1970: what files that need a time bear."""
    told = [record.get("finished_at") or record["started_at"] for record in chapter.records]
    return max([_BEFORE_DOCUMENTS, *(int(datetime.fromisoformat(text).timestamp()) for text in told)])


def _kept(kept: Kept) -> list[str]:
    return [f"{name} had been changed, and is kept as {other}" for name, other in kept.moved]

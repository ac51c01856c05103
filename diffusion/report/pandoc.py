"""Pandoc: from a report's Markdown to Word, LaTeX, one page of HTML, and plain Markdown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path

import pypandoc

from diffusion.errors import DiffusionError, InputError
from diffusion.report.markdown import FORMAT, escaped
from diffusion.report.word_styles import write_reference

INSTALL = "the report needs pandoc: pip install -e '.[report]'"

_FILTER = resources.files("diffusion.report") / "filters" / "report.lua"
_PREAMBLE = resources.files("diffusion.report") / "preamble.tex"
_STYLE = resources.files("diffusion.report") / "page.css.html"

_PLAIN = ("--to=gfm-raw_html", "--default-image-extension=png", "--wrap=none")
BIBLIOGRAPHY = "references.bib"
"""What the file of sources is called, in the folder of the report."""

_EDGE = "THEPARTENDSHERE"

PDFLATEX, XELATEX = "pdflatex", "xelatex"

_TYPED = set("–—‘’“”„…•€′″−≥≤≠≈×·→←∞αβγδεθκλμπρστφχΣΔ⁻⁰¹²³⁴⁵⁶⁷⁸⁹")  # noqa: RUF001 - these very characters
"""What pdflatex can set besides Latin letters: by itself, and as the preamble declares."""


@dataclass(frozen=True)
class Source:
    """Hold what a report is made from.

    Attributes
    ----------
    markdown
        Its text in pandoc's Markdown.
    title
        Its title, plain.
    bibliography
        The sources in BibTeX.
    folder
        Where its figures are.
    instant
        The time that files bear, in seconds since 1970: the same report has the same bytes.
    """

    markdown: str
    title: str
    bibliography: str
    folder: Path
    instant: int


def engine_for(text: str) -> str:
    """Return the program that can set a text: pdflatex, or xelatex where scripts other than Latin are used.

    Examples
    --------
    >>> engine_for("Zoë: 50 % – ≥ 3"), engine_for("Ωμέγα"), engine_for("北京")
    ('pdflatex', 'xelatex', 'xelatex')
    """
    return PDFLATEX if all(ord(mark) < 0x180 or mark in _TYPED for mark in text) else XELATEX


def write_docx(source: Source, path: Path, *, reference: Path | None = None) -> None:
    """Write the report for Word; styles are those of a reference document.

    Raises
    ------
    InputError
        If the reference document is no Word document.
    """
    options = ["--to=docx", "--default-image-extension=png", f"--output={path.resolve()}"]
    if reference is not None:
        try:
            _run(source, [*options, f"--reference-doc={reference.resolve()}"])
        except DiffusionError as error:
            raise InputError(f"{reference}: must be a Word document (.docx) that lends its styles; {error}") from error
        return
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder, "reference.docx")
        default = [pandoc_path(), "--print-default-data-file=reference.docx"]
        lent = subprocess.run(default, capture_output=True, check=True).stdout  # noqa: S603 - pypandoc's program
        write_reference(lent, own)
        _run(source, [*options, f"--reference-doc={own}"])


def write_latex(source: Source, path: Path) -> str:
    """Write the report in LaTeX, and return the engine that sets it."""
    engine = engine_for(source.markdown + source.title)
    options = ["--to=latex", "--default-image-extension=pdf", f"--include-in-header={_PREAMBLE}"]
    options += ["--variable=geometry:a4paper,margin=25mm", "--variable=colorlinks:true"]
    text = _run(source, options)
    path.write_text(f"% !TeX program = {engine}\n% Set with: {engine} {path.name} (twice)\n{text}", encoding="utf-8")
    return engine


def write_html(source: Source, path: Path) -> None:
    """Write the report as one page that asks for nothing from outside."""
    options = ["--to=html5", "--default-image-extension=svg", "--mathml", "--embed-resources", "--toc", "--toc-depth=2"]
    text = _run(source, [*options, "--variable=document-css:false", f"--include-in-header={_STYLE}"])
    path.write_text(text, encoding="utf-8")


def write_markdown(source: Source, path: Path) -> None:
    """Write the report as Markdown that any reader of Markdown shows."""
    titled = replace(source, markdown=f"# {escaped(source.title)}")
    title = _run(titled, _PLAIN, standalone=False)
    text = _run(source, [*_PLAIN, "--shift-heading-level-by=1"], standalone=False)
    path.write_text(f"{title}\n{text}", encoding="utf-8")


def write_part(source: Source, part: str, path: Path) -> None:
    """Write one section of the report as Markdown, its figures and tables numbered as in the whole.

    Parameters
    ----------
    source
        The report.
    part
        The section's Markdown; it stands at the end where the report does not have it.
    path
        Where it goes.
    """
    whole = re.sub(r"# References[^#]*#refs\}\s*:::", "", source.markdown)
    marked = f"\n\n{_EDGE}\n\n{part}\n\n{_EDGE}\n\n"
    text = whole.replace(part, marked, 1) if part in whole else whole + marked
    listed = f"{text}\n\n# References\n\n::: {{#refs}}\n:::\n"
    _, told, rest = _run(replace(source, markdown=listed), _PLAIN, standalone=False).split(_EDGE)
    path.write_text(f"{told.strip()}\n\n{rest[rest.rfind('# References') :]}", encoding="utf-8")


def latex_tables(tables: Sequence[tuple[str, str]], source: Source) -> dict[str, str]:
    """Return tables in LaTeX by name, from their Markdown."""
    between = "TABLEENDSHERE"
    text = f"\n\n{between}\n\n".join(markdown for _, markdown in tables)
    made = _run(Source(text, "", source.bibliography, source.folder, source.instant), ["--to=latex"], standalone=False)
    names = [name for name, _ in tables]
    return dict(zip(names, (part.strip() + "\n" for part in made.split(between)), strict=True)) if names else {}


def _run(source: Source, options: Sequence[str], *, standalone: bool = True) -> str:
    """Run pandoc on the report, in its folder, and return what it writes."""
    cited = source.folder / BIBLIOGRAPHY
    if source.bibliography:
        cited.write_text(source.bibliography, encoding="utf-8")
    command = [
        pandoc_path(),
        f"--from={FORMAT}",
        f"--lua-filter={_FILTER}",
        "--metadata=lang:en-GB",
        # By its bare name: a Word file keeps it among its properties, where no folder should stand.
        *(["--citeproc", f"--bibliography={BIBLIOGRAPHY}"] if source.bibliography else []),
        *(["--standalone"] if standalone else []),
        *options,
    ]
    finished = subprocess.run(  # noqa: S603 - the program is the one that pypandoc brings
        command,
        input=_with_title(source, standalone=standalone),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=source.folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(source.instant), "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if finished.returncode:
        raise DiffusionError(f"pandoc says: {_first_line(finished.stderr)}")
    return finished.stdout


def _with_title(source: Source, *, standalone: bool) -> str:
    if not standalone:
        return source.markdown
    title = json.dumps(escaped(source.title), ensure_ascii=False)
    return f"---\ntitle: {title}\n---\n\n{source.markdown}"


def _first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("[WARNING]")]
    return re.sub(r"/\S*/", "", " ".join(lines[:2])) or "nothing"


@lru_cache
def pandoc_version() -> str:
    """Return the version of pandoc."""
    told = subprocess.run([pandoc_path(), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - pandoc itself
    return told.split()[1]


def pandoc_path() -> str:
    """Return where pandoc is.

    Raises
    ------
    DiffusionError
        If it is not installed.
    """
    try:
        return str(pypandoc.get_pandoc_path())
    except OSError as error:
        raise DiffusionError(INSTALL) from error

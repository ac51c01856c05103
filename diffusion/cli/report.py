"""``diffusion report``: a stored study as a chapter, in Word, LaTeX, HTML and Markdown."""

from __future__ import annotations

from pathlib import Path

import click

from diffusion.cli.options import database_option
from diffusion.cli.output import compilation_announced, say

_NEEDED = ("jinja2", "pypandoc", "statsmodels", "patsy")


@click.command()
@click.argument("study")
@click.option(
    "--output", type=click.Path(path_type=Path), help="The folder to write; results/STUDY unless another is named."
)
@click.option("--template", type=click.Path(path_type=Path), help="A Jinja template of your own for the text.")
@click.option("--reference-doc", type=click.Path(path_type=Path), help="A Word document whose styles are used.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Write also where files of yours stand; they are kept, under another name if need be.",
)
@database_option
def report(
    *,
    study: str,
    output: Path | None,
    template: Path | None,
    reference_doc: Path | None,
    overwrite: bool,
    database: str,
) -> None:
    """Write the report of STUDY, a study's name or the start of its digest, into a folder."""
    from diffusion.experiment.database import Database
    from diffusion.experiment.store import Store

    try:
        from diffusion.report.writing import Wishes, write_report
    except ModuleNotFoundError as error:
        raise _not_installed(error) from error
    store = Store(Database(database))
    wishes = Wishes(output, template, reference_doc, overwrite=overwrite)
    with compilation_announced():
        written = write_report(store, store.find(study), wishes)
    for note in written.notes:
        say(f"Note: {note}.")
    say(f"The report is in {written.folder}: open report.docx, report.html, report.tex or report.md.")


def _not_installed(error: ModuleNotFoundError) -> Exception:
    """Return one line that says how to install what a report needs; any other missing module as it is."""
    from diffusion.errors import DiffusionError

    if error.name in _NEEDED:
        return DiffusionError(f"reports need {error.name}: pip install -e '.[report]'")
    return error

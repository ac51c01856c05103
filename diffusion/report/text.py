"""The text: sections in order, by a Jinja template that can be the user's own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import jinja2
import jinja2.sandbox

from diffusion.errors import InputError, nearest_name_hint
from diffusion.report import methods, odd
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import escaped
from diffusion.report.sections import (
    attainment,
    beyond,
    certainty,
    costs,
    credit,
    elsewhere,
    findings,
    implications,
    limitations,
    observed,
    question,
    reach,
    setup,
    survival,
    timing,
)

SECTIONS: Mapping[str, Callable[[Chapter], str]] = MappingProxyType(
    {
        "question": question.section,
        "setup": setup.section,
        "findings": findings.section,
        "attainment": attainment.section,
        "certainty": certainty.section,
        "survival": survival.section,
        "elsewhere": elsewhere.section,
        "reach": reach.section,
        "timing": timing.section,
        "credit": credit.section,
        "beyond": beyond.section,
        "costs": costs.section,
        "observed": observed.section,
        "implications": implications.section,
        "limitations": limitations.section,
        "methods": methods.section,
        "odd": odd.section,
    }
)
"""The sections by name, in the order in which they are written."""


_MOST_LISTED = 20


class _Known(Mapping[str, str]):
    """Give what a template may ask for by name, and say what is known where it asks for something else."""

    def __init__(self, noun: str, names: Collection[str], text: Callable[[str], str]) -> None:
        self._noun = noun
        self._names = names
        self._text = text

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            hint = nearest_name_hint(name, self._names)
            raise jinja2.UndefinedError(f'there is no {self._noun} "{name}"{hint or f"; known: {self._listed()}"}')
        return self._text(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def _listed(self) -> str:
        return ", ".join(list(self._names)[:_MOST_LISTED])


def written_sections(chapter: Chapter) -> dict[str, str]:
    """Return every section as Markdown; empty where nothing is to say."""
    return {name: section(chapter) for name, section in SECTIONS.items()}


def composed(chapter: Chapter, sections: Mapping[str, str], template: Path | None = None) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    chapter
        What the sections are made from.
    sections
        The sections by name.
    template
        A template of the user's own.

    Raises
    ------
    InputError
        If the template cannot be read, or asks for what is not there.
    """
    where = str(template) if template else "template.md.jinja"
    environment = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        comment_start_string="{##",  # Markdown begins the names of its headings with {#
        comment_end_string="##}",
    )
    environment.filters["escaped"] = escaped
    quoted, shown = chapter.numbers.quoted, chapter.numbers.shown
    known = {
        "sections": _Known("section", sections, sections.__getitem__),
        "numbers": _Known("number", quoted, lambda name: chapter.numbers.show(quoted[name], shown[name][0])),
        "study": chapter.study.name,
        "title": chapter.study.scenario.title,
        "networks": [network.name for network in chapter.networks],
        "arms": [arm.name for arm in chapter.study.scenario.arms],
    }
    try:
        return environment.from_string(_template_text(template)).render(known)
    except jinja2.TemplateSyntaxError as error:
        raise InputError(f"{where}:{error.lineno}: is no Jinja template: {error.message}") from error
    except (jinja2.TemplateError, jinja2.exceptions.SecurityError, TypeError, ArithmeticError) as error:
        raise InputError(f"{where}: {error}") from error


def _template_text(template: Path | None) -> str:
    if template is None:
        return (resources.files("diffusion.report") / "template.md.jinja").read_text(encoding="utf-8")
    try:
        return template.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{template}: must be a text in UTF-8; save it as such") from error
    except OSError as error:
        raise InputError(f"{template}: cannot be read: {error.strerror}") from error

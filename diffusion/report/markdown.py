r"""Markdown: what a report is written in before it becomes Word, LaTeX and HTML.

Everything that comes from the user goes through :func:`escaped`, so that no
name can turn into a heading, a link, a formula or a command.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

FORMAT = (
    "markdown-smart-implicit_header_references-auto_identifiers-raw_html-raw_tex-example_lists-fancy_lists"
    "-startnum-definition_lists-tex_math_single_backslash-emoji-raw_attribute"
)
"""The dialect that pandoc is told to read."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-!|$%&@~^\"'=:;])")
_OPENS_A_LIST = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")


def escaped(text: str) -> str:
    r"""Return a plain text as Markdown that shows it as it is, on one line.

    Characters that would end the line or steer the reader's screen become spaces.

    Examples
    --------
    >>> print(escaped("a_b *c* | 50 % <d>"))
    a\_b \*c\* \| 50 \% \<d\>
    >>> print(escaped("1. first"))
    1\. first
    """
    flat = "".join(" " if unicodedata.category(mark) in ("Cc", "Zl", "Zp") else mark for mark in text)
    return _OPENS_A_LIST.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", flat))


def code(text: str) -> str:
    """Return a name as the scenario writes it, in type of even width.

    Examples
    --------
    >>> code("out_degree"), code("a`b")
    ('`out_degree`', '``a`b``')
    """
    flat = " ".join(text.split()) or " "
    fence = "`"
    while fence in flat:
        fence += "`"
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def heading(text: str, level: int = 1, label: str = "") -> str:
    """Return a heading; the text is plain.

    Examples
    --------
    >>> heading("What was found", label="found")
    '# What was found {#sec:found}'
    """
    return f"{'#' * level} {escaped(text)}" + (f" {{#sec:{label}}}" if label else "")


def paragraphs(*texts: str) -> str:
    """Return paragraphs with a blank line between them; empty ones are left out."""
    return "\n\n".join(text for text in texts if text)


def bullets(texts: Sequence[str]) -> str:
    """Return a list, an item a text; empty ones are left out, and the last ends as a sentence does.

    Examples
    --------
    >>> print(bullets(["one;", "", "two;"]))
    - one;
    <BLANKLINE>
    - two.
    """
    told = [text for text in texts if text]
    if told and told[-1].endswith(";"):
        told[-1] = f"{told[-1][:-1]}."
    return "\n\n".join(f"- {text}" for text in told)


def joined(texts: Sequence[str]) -> str:
    """Return Markdown texts with commas and an "and"; an empty text for none."""
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"

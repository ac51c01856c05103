"""The text of a GML file as pairs of a key and a value, each with its line, and the way texts are written in it.

A file is a sequence of pairs; a value is a number, a text in quotation marks,
or more pairs between brackets. Real files also have what the report on GML
does not: keys with other marks than letters and digits, texts over several
lines, letters beyond ASCII, values without quotation marks. All of it is read.
What stands deeper than inside a node or an edge says how things are drawn, and
is passed over.
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import NamedTuple

from diffusion.network.formats.findings import Findings, shortened

KEPT_DEPTH = 2
"""How many brackets may be open around a pair that is kept: that of the graph and that of a node or an edge."""

MOST_SHOWN = 400
"""How far the end of a text without a key is looked for."""

_BLANK = r"(?:\s++|\#[^\n]*+)*+"
_STEP = re.compile(
    rf"""{_BLANK}(?:
        (?P<key>[^\s\[\]"\#][^\s\[\]"]*+){_BLANK}(?:"(?P<string>[^"]*)"|(?P<open>\[)|(?P<word>[^\s\[\]"]++)|(?P<nothing>))
        |(?P<close>\])|(?P<lone>[\["])|(?P<end>\Z)
    )""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"[+-]?(\d|\.\d)")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]+\d*));")
_UNSAFE = re.compile(r"[^ !#-%\'-~]")


class Pair(NamedTuple):
    """Hold a key and its value.

    Attributes
    ----------
    key
        The key.
    line
        Its line, from 1.
    text
        The value, without quotation marks and with its entities resolved; empty where it is a bracket.
    quoted
        Whether the value stood in quotation marks.
    inner
        The pairs between brackets; ``None`` where the value is none.
    """

    key: str
    line: int
    text: str
    quoted: bool = False
    inner: list[Pair] | None = None


class _Open(NamedTuple):
    """Hold a bracket that is open: the key before it, the line of the bracket, and the pairs in it."""

    key: str
    line: int
    pairs: list[Pair]


def pairs_of(text: str, findings: Findings) -> list[Pair] | None:
    """Return the pairs of a file, or ``None`` having noted where they break off.

    Parameters
    ----------
    text
        The text of the file.
    findings
        Where problems go.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stack = [_Open("", 0, [])]
    line = 1
    for step in _STEP.finditer(text):
        kind = step.lastgroup or ""
        if kind == "end":
            break
        start = step.start(kind if step["key"] is None else "key")
        line += text.count("\n", step.start(), start)
        after = line + text.count("\n", start, step.end())
        wrong = _close(stack) if kind == "close" else _wrong(step, text)
        if wrong:
            findings.problem(line, wrong)
            return None
        if kind != "close":
            _add(stack, step, line, after)
        line = after
    if len(stack) > 1:
        said = f'the bracket "[" of "{shortened(stack[-1].key)}" is never closed'
        findings.problem(stack[-1].line, f"{said}; take the whole file, or close the bracket")
        return None
    return stack[0].pairs


def _add(stack: list[_Open], step: re.Match[str], line: int, after: int) -> None:
    """Add a pair to those of the bracket that is open, and open its own, which stands in the line ``after``."""
    key, kind = step["key"], step.lastgroup
    inner: list[Pair] | None = [] if kind == "open" else None
    if len(stack) - 1 <= KEPT_DEPTH:
        value = plain_text(step[kind]) if kind and inner is None else ""
        stack[-1].pairs.append(Pair(key, line, value, kind == "string", inner))
    if inner is not None:
        stack.append(_Open(key, after, inner))


def _close(stack: list[_Open]) -> str:
    """Close a bracket, or return why there is none to close."""
    if len(stack) == 1:
        return 'this bracket "]" closes nothing; is there one "[" too few before it?'
    stack.pop()
    return ""


def _wrong(step: re.Match[str], text: str) -> str:
    """Return what is wrong with a step that closes no bracket, or an empty text."""
    key, kind, end = step["key"], step.lastgroup, step.end()
    if kind == "lone":
        return _without_key(step["lone"], text[end : end + MOST_SHOWN])
    if _NUMBER.match(key):
        advice = "a key begins with a letter, and a text with blanks must stand in quotation marks"
        return f'a key must stand here, not "{shortened(key)}"; {advice}'
    if kind == "nothing":
        if text.startswith('"', end):
            return "a quotation mark is not closed"
        return f'the key "{shortened(key)}" has no value{"; the file breaks off here" if end == len(text) else ""}'
    return ""


def _without_key(mark: str, following: str) -> str:
    """Return what is wrong with a bracket or a text that has no key."""
    if mark == "[":
        return 'a key must stand before the bracket "["'
    shown, closed, _ = following.partition('"')
    return f'a key must stand before the text "{shortened(shown)}"' if closed else "a quotation mark is not closed"


def plain_text(text: str) -> str:
    r"""Return a text with its entities resolved; what is no entity stays as it is.

    Examples
    --------
    >>> plain_text("Zo&#235; &amp; Ann &B"), plain_text("&#55357;&#56832;") == "\U0001f600"
    ('Zoë & Ann &B', True)
    """
    if "&" not in text:
        return text
    found = _ENTITY.sub(_character, text)
    # Programs in Java write marks beyond U+FFFF as two entities, halves of one.
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(entity: re.Match[str]) -> str:
    name = entity[3]
    if name:
        code = name2codepoint.get(name, 39 if name == "apos" else None)
    else:
        code = int(entity[1]) if entity[1] else int(entity[2], 16)
    return entity[0] if code is None or code > 0x10FFFF else chr(code)


def quoted_text(text: str) -> str:
    r"""Return a text as a value of a GML file, in ASCII.

    Examples
    --------
    >>> print(quoted_text('Zo\u00eb "the" B & C'))
    "Zo&#235; &quot;the&quot; B &amp; C"
    """
    named = {'"': "&quot;", "&": "&amp;"}
    return f'"{_UNSAFE.sub(lambda mark: named.get(mark[0], f"&#{ord(mark[0])};"), text)}"'

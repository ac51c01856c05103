"""The text of a file, whatever encoding a spreadsheet or a program of its time gave it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.noted_files import note_file
from diffusion.network.formats.problems import Problems

MOST_BYTES = 1_000_000_000
"""A larger file is refused: its text would not fit into the memory of a laptop."""

_LINE_END = re.compile(r"\r\n?|\n")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Text(NamedTuple):
    """Hold a file's text.

    Attributes
    ----------
    text
        The text, without a byte order mark; line ends as they are.
    notes
        What was assumed of its encoding, for the user to check; often nothing.
    """

    text: str
    notes: list[str]


def read_bytes(path: Path, problems: Problems) -> bytes | None:
    """Return a file's content, or ``None`` having noted why it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            problems.add(path, None, f"the file is larger than {MOST_BYTES:,} bytes; split it or leave columns out")
            return None
        note_file(path)
        return path.read_bytes()
    except FileNotFoundError:
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        problems.add(path, None, f"no such file{nearest_name_hint(path.name, siblings)}")
    except IsADirectoryError:
        problems.add(path, None, "this is a folder, not a file")
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror}")
    return None


def read_text(path: Path, problems: Problems) -> Text | None:
    """Return a file's text, or ``None`` having noted why there is none.

    Parameters
    ----------
    path
        The file.
    problems
        Where problems go.
    """
    content = read_bytes(path, problems)
    return None if content is None else decoded(content, path, problems)


def decoded(content: bytes, path: Path, problems: Problems) -> Text | None:
    """Return the text of a file's content, or ``None`` having noted why there is none.

    UTF-8 and UTF-16 are recognised, with a byte order mark and without. What is
    neither is read as Windows-1252, in which European programs wrote before
    UTF-8, and a note says so.

    Parameters
    ----------
    content
        The bytes.
    path
        The file, for problems.
    problems
        Where problems go.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding, path, problems)
    if wide := _unmarked_utf16(content):
        return _strict(content, wide, path, problems)
    if b"\0" in content:
        line = _lines(content[: content.index(b"\0")].decode("latin-1"))
        problems.add(path, line, "the file holds a NUL byte, so it is no text; is it the right file?")
        return None
    try:
        return Text(content.decode("utf-8"), [])
    except UnicodeDecodeError as error:
        line = _lines(content[: error.start].decode("latin-1"))
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = _lines(content[: error.start].decode("latin-1"))
        byte = f"0x{content[error.start]:02X}"
        problems.add(path, line, f"the byte {byte} is neither UTF-8 nor Windows-1252 text; save the file as UTF-8")
        return None
    return Text(text, [f"{path}:{line}: this is not UTF-8, so the file was read as Windows-1252; check accented names"])


def beginning(head: bytes) -> str:
    r"""Return the text of a file's first bytes as far as it can be told, for a look at what the file is.

    Parameters
    ----------
    head
        The first bytes, cut anywhere: the character that is cut is left out.

    Examples
    --------
    >>> beginning(b"\xff\xfea\0,\0b\0\n"), beginning("Zo\u00eb".encode()[:-1]), beginning(b"\0\1")
    ('a,b', 'Zo', '')
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head[len(mark) :])
    if wide := _unmarked_utf16(head):
        return codecs.getincrementaldecoder(wide)(errors="replace").decode(head)
    if b"\0" in head:
        return ""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("cp1252", errors="replace")


def _strict(content: bytes, encoding: str, path: Path, problems: Problems) -> Text | None:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = _lines(content[: error.start].decode(encoding, errors="replace"))
        problems.add(path, line, f"the text breaks off or is damaged: it is no {encoding[:6].upper()} from here on")
        return None
    if "\0" in text:
        line = _lines(text[: text.index("\0")])
        problems.add(path, line, "the file holds a NUL character, so it is no text; is it the right file?")
        return None
    return Text(text, [])


def _lines(text: str) -> int:
    r"""Return on which line a text ends, whichever marks end its lines.

    Examples
    --------
    >>> _lines(""), _lines("a\nb"), _lines("a\r\nb\r\n"), _lines("a\rb")
    (1, 2, 3, 2)
    """
    return len(_LINE_END.findall(text)) + 1


def _unmarked_utf16(content: bytes) -> str:
    """Return the UTF-16 that a content without a mark seems to be: every other byte of plain text is 0."""
    head = content[:512]
    low, high = head[0::2], head[1::2]
    if len(head) < 4 or len(head) % 2:
        return ""
    if all(low) and not any(high):
        return "utf-16-le"
    return "utf-16-be" if all(high) and not any(low) else ""

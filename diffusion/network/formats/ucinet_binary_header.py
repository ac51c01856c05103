"""The header of a UCINET dataset (``##h``): of what kind its numbers are, how many there are, and what they belong to.

Layout, little-endian, as UCINET's own code reads and writes it (its units are
published with https://github.com/StephenBorgatti/xucinet)::

    version        a length byte (5), then "DATE:", "V6404" or "V6405"
    date           five 16-bit numbers: year, month, day, weekday, kind of labels
    type           a byte, the kind of the numbers in the data file
    dimensions     a 16-bit number, 2 or 3
    sizes          columns, rows[, levels]; 16 bits each after "DATE:", 32 bits after "V…"
    title          a length byte, then that many characters
    labelled       a byte for each dimension: whether its labels follow
    labels         of columns, rows[, levels]

The kind of labels (only after ``DATE:``) is 1 for 20 bytes each, the first a
length; 2 for a 16-bit length and that many bytes; 3, as always after ``V…``,
for a 16-bit length in bytes and UTF-16. Files older than these have no version
in them and are refused; nobody has met one that was whole.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from diffusion.network.formats.findings import Findings, counted

SINGLE = 7
"""The type of 32-bit floating-point numbers, which nearly every dataset holds."""

MOST_TITLE_BYTES = 255
MOST_LABEL_BYTES = 32_767

_DATED, _VERSION = b"\x05DATE:", re.compile(rb"\x05[Vv](\d{4})")
_DATE_KINDS = {1: "fixed", 2: "bytes", 3: "utf-16"}
_WIDE_VERSIONS = {"6404", "6405"}
_FIXED_LABEL_BYTES = 20
_PLAIN = re.compile(rb"[\x20-\x7e]+")
_DIMENSIONS = ("columns", "rows", "levels")


@dataclass(slots=True)
class Header:
    """Hold what a header says.

    Attributes
    ----------
    type_code
        The kind of the numbers in the data file.
    columns, rows, levels
        How many there are of each.
    title
        The title, often empty.
    labels
        The labels of the dimensions that have some: ``columns``, ``rows``, ``levels``.
    """

    type_code: int
    columns: int
    rows: int
    levels: int = 1
    title: str = ""
    labels: dict[str, list[str]] = field(default_factory=dict)


class _BrokenHeaderError(ValueError):
    """Say why a header cannot be read further."""


@dataclass(slots=True)
class _Bytes:
    """Hold the bytes of a header and how far they were read."""

    content: bytes
    position: int = 0

    def take(self, count: int, what: str) -> bytes:
        """Return the next bytes."""
        taken = self.content[self.position : self.position + count]
        if len(taken) < count:
            size = counted(len(self.content), "byte", "bytes")
            raise _BrokenHeaderError(f"the header breaks off after {size}, inside {what}; copy the file anew")
        self.position += count
        return taken

    def numbers(self, code: str, count: int, what: str) -> tuple[int, ...]:
        """Return the next numbers."""
        size = struct.calcsize(f"<{code}")
        return struct.unpack(f"<{count}{code}", self.take(size * count, what))


def is_header(head: bytes) -> bool:
    r"""Tell whether a file begins as a header does.

    Examples
    --------
    >>> is_header(b"\x05V6404\x0f\x00"), is_header(b"dl n=3")
    (True, False)
    """
    return head.startswith(_DATED) or _VERSION.match(head) is not None


def read_header(content: bytes, findings: Findings, *, is_ours: re.Pattern[str]) -> Header | None:
    """Return what a header says, or ``None`` having noted what is wrong with it.

    Parameters
    ----------
    content
        The bytes of the file.
    findings
        Where problems and notes go.
    is_ours
        What the title of a dataset that was written here holds; labels of others may be of 8-bit text.
    """
    source = _Bytes(content)
    try:
        kind, code = _version(source)
        type_code, sizes = _sizes(source, code)
        title = _text_of(source.take(source.take(1, "its title")[0], "its title"))
        labelled = source.take(len(sizes), "the marks of labels")
        raw = {
            name: _label_bytes(source, name, size, kind)
            for name, size, mark in zip(_DIMENSIONS, sizes, labelled, strict=False)
            if mark
        }
        labels = _decoded_labels(raw, kind, findings, may_be_8_bit=not is_ours.search(title))
    except _BrokenHeaderError as error:
        findings.problem(None, str(error))
        return None
    rest = len(content) - source.position - (content[1:6].upper() == b"V6405")
    if rest > 0:
        findings.note(None, f"{counted(rest, 'byte', 'bytes')} behind the labels of the header mean nothing known")
    columns, rows, levels = (*sizes, 1)[:3]
    return Header(type_code, columns, rows, levels, title, labels)


def _version(source: _Bytes) -> tuple[str, str]:
    """Return the kind of labels and the code of sizes."""
    opening = source.content[:6]
    version = _VERSION.match(opening)
    if version is None and opening != _DATED:
        said = "the file does not begin as the header of a UCINET dataset does, with DATE: or V6404"
        raise _BrokenHeaderError(f"{said}; is it the right file?")
    source.take(6, "its version")
    label_kind = source.numbers("H", 5, "its date")[-1]
    if version is not None:
        number = version[1].decode()
        if number not in _WIDE_VERSIONS:
            said = f"the header is of UCINET's version {number}, which is not known; known are 6404 and 6405"
            raise _BrokenHeaderError(f"{said}; save the dataset in UCINET as one of them")
        return "utf-16", "i"
    if label_kind not in _DATE_KINDS:
        raise _BrokenHeaderError(f"the kind of labels at byte 14 must be 1, 2 or 3, not {label_kind}")
    return _DATE_KINDS[label_kind], "h"


def _sizes(source: _Bytes, code: str) -> tuple[int, tuple[int, ...]]:
    """Return the type of numbers and the sizes."""
    type_code = source.take(1, "the type of numbers")[0]
    (dimensions,) = source.numbers("h", 1, "the number of dimensions")
    if dimensions not in {2, 3}:
        raise _BrokenHeaderError(f"the number of dimensions at byte 17 must be 2 or 3, not {dimensions}")
    start = source.position
    sizes = source.numbers(code, dimensions, "the sizes")
    for place, size in enumerate(sizes):
        if size < 1:
            at = start + place * struct.calcsize(code)
            raise _BrokenHeaderError(f"the number of {_DIMENSIONS[place]} at byte {at} must be at least 1, not {size}")
    return type_code, sizes


def _label_bytes(source: _Bytes, name: str, count: int, kind: str) -> list[tuple[int, bytes]]:
    """Return the bytes of each label and where they stand; their number is never trusted before they are read."""
    labels = []
    for place in range(1, count + 1):
        what = f"label {place:,} of {count:,} of the {name}"
        if kind == "fixed":
            label = source.take(_FIXED_LABEL_BYTES, what)
            labels.append((source.position - len(label), label[1 : 1 + label[0]]))
            continue
        (length,) = source.numbers("h", 1, what)
        if length < 0:
            at = source.position - 2
            raise _BrokenHeaderError(f"the length of {what}, at byte {at}, must not be negative, but is {length}")
        label = source.take(length, what)
        labels.append((source.position - len(label), label))
    return labels


def _decoded_labels(
    raw: dict[str, list[tuple[int, bytes]]], kind: str, findings: Findings, *, may_be_8_bit: bool
) -> dict[str, list[str]]:
    filled = [label for labels in raw.values() for _, label in labels if label]
    # Programs other than UCINET write labels of one byte a character where UTF-16 must stand.
    is_8_bit = any(len(label) % 2 for label in filled) or all(map(_PLAIN.fullmatch, filled))
    if kind == "utf-16" and filled and may_be_8_bit and is_8_bit:
        findings.note(None, "the labels are no UTF-16, as they should be, and were read one byte a character")
        kind = "bytes"
    if kind != "utf-16":
        return {name: [_text_of(label) for _, label in labels] for name, labels in raw.items()}
    return {name: [_utf16(label, at, name) for at, label in labels] for name, labels in raw.items()}


def _utf16(label: bytes, at: int, name: str) -> str:
    try:
        return label.decode("utf-16-le").strip("\0")
    except UnicodeDecodeError:
        raise _BrokenHeaderError(f"a label of the {name}, at byte {at}, is damaged: it is no UTF-16 text") from None


def _text_of(content: bytes) -> str:
    """Return text of one byte a character: UTF-8 where it is that, otherwise Windows-1252."""
    content = content.replace(b"\0", b"")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def title_bytes(text: str) -> bytes:
    r"""Return a title as UCINET shows it, in Windows-1252, or in UTF-8 where that would not be read as it was.

    Examples
    --------
    >>> title_bytes("Zo\u00eb"), title_bytes("\u0142"), title_bytes("\u00c3\u00ab")
    (b'Zo\xeb', b'\xc5\x82', b'\xc3\x83\xc2\xab')
    """
    try:
        plain = text.encode("cp1252")
    except UnicodeEncodeError:
        return text.encode()
    return plain if _text_of(plain) == text else text.encode()


def header_bytes(header: Header) -> bytes:
    """Return a header of version 6404, with three dimensions that all have labels.

    Parameters
    ----------
    header
        What it is to say; labels of at most 16,383 characters.
    """
    now = datetime.now().astimezone()
    sizes = (header.columns, header.rows, header.levels)
    title = title_bytes(header.title)
    parts = [
        b"\x05V6404",
        struct.pack("<5H", now.year % 100, now.month, now.day, now.isoweekday() % 7 + 1, 3),
        struct.pack("<Bh3i", header.type_code, len(sizes), *sizes),
        bytes([len(title)]),
        title,
        b"\1" * len(sizes),
        *(_written_labels(header.labels[name]) for name in _DIMENSIONS),
    ]
    return b"".join(parts)


def _written_labels(labels: Sequence[str]) -> bytes:
    encoded = [label.encode("utf-16-le") for label in labels]
    return b"".join(struct.pack("<h", len(label)) + label for label in encoded)

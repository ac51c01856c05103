"""What the XML of a sheet says beside its values: formulas never computed, merged cells, hidden rows."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from defusedxml.ElementTree import iterparse

_CHUNK = 1 << 20
_OVERLAP = 64
_ANYTHING = re.compile(rb"<(?:\w+:)?(?:f[\s>/]|mergeCell\s)|<(?:\w+:)?row\s[^>]*hidden=", re.ASCII)
_PADDED = re.compile(rb'formatCode="0{2,}"')


@dataclass(slots=True)
class Scan:
    """Hold what was found.

    Attributes
    ----------
    unsaved
        The cells whose formula has no value in the file: a program wrote it that does not compute.
    merged
        The ranges of merged cells that span several rows.
    hidden_rows
        How many rows with cells are hidden.
    padded
        Whether the workbook may show numbers with zeros before them.
    """

    unsaved: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: int = 0
    padded: bool = False


def scanned(path: Path, member: str) -> Scan:
    """Return what the XML of one sheet says.

    Parameters
    ----------
    path
        The workbook.
    member
        The name of the sheet's file in it.
    """
    found = Scan()
    with zipfile.ZipFile(path) as archive:
        with suppress(KeyError):
            found.padded = bool(_PADDED.search(archive.read("xl/styles.xml")))
        with archive.open(member) as file:
            if not _says_anything(file):
                return found
        with archive.open(member) as file:
            _look_through(file, found)
    return found


def _says_anything(file: IO[bytes]) -> bool:
    """Tell quickly whether there is anything to find; most sheets hold values alone."""
    before = b""
    while chunk := file.read(_CHUNK):
        if _ANYTHING.search(before + chunk):
            return True
        before = chunk[-_OVERLAP:]
    return False


def _look_through(file: IO[bytes], found: Scan) -> None:
    for _, element in iterparse(file):
        tag = element.tag.rpartition("}")[2]
        if tag == "c":
            parts = {part.tag.rpartition("}")[2]: part.text for part in element}
            if "f" in parts and not parts.get("v") and element.get("t") != "str":  # "str": the empty text is its value
                found.unsaved.append(element.get("r", "?"))
        elif tag == "row":
            if element.get("hidden") in {"1", "true"} and len(element):
                found.hidden_rows += 1
            element.clear()
        elif tag == "mergeCell" and _rows(element.get("ref", "")) > 1:
            found.merged.append(element.get("ref", ""))


def _rows(ref: str) -> int:
    """Return how many rows a range spans.

    Examples
    --------
    >>> _rows("A3:A5"), _rows("A1:F1"), _rows("A1")
    (3, 1, 0)
    """
    numbers = [int(digits) for digits in re.findall(r"\d+", ref)]
    return numbers[-1] - numbers[0] + 1 if len(numbers) == 2 else 0

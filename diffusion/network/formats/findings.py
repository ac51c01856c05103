"""What a reader finds in one file: what is wrong with it, what was lost or assumed, and how both are worded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diffusion.network.formats.problems import Problems


@dataclass(frozen=True, slots=True)
class Findings:
    """Collect what is wrong with a file, and what was lost or assumed when it was read.

    Attributes
    ----------
    path
        The file.
    problems
        Where problems go.
    notes
        The notes, a line each.
    """

    path: Path
    problems: Problems
    notes: list[str]

    def problem(self, line: int | None, text: str) -> None:
        """Note what is wrong in a line."""
        self.problems.add(self.path, line, text)

    def note(self, line: int | None, text: str) -> None:
        """Note what was lost or assumed, in a line or in the whole file."""
        self.notes.append(f"{self.path}:{line}: {text}" if line else f"{self.path}: {text}")


def shortened(text: str, *, most: int = 40) -> str:
    """Return the beginning of a text, for a message of one line."""
    return text if len(text) <= most else f"{text[:most]}…"


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> counted(1, "vertex", "vertices"), counted(1200, "vertex", "vertices")
    ('1 vertex', '1,200 vertices')
    """
    return f"{count:,} {one if count == 1 else many}"

"""What is wrong with a set of files, collected so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from diffusion.errors import InputError, nearest_name_hint

SHOWN_PROBLEMS = 50
"""How many problems are printed before the rest is only counted."""

HINT_WORK = 500_000
"""How many names may be compared, in all, to find hints; keeps a hopeless file's errors quick."""


class Problem(NamedTuple):
    """Hold one thing that is wrong with a set of files.

    Attributes
    ----------
    file
        Which file, in the order in which problems came up.
    line
        Where in it, from 1; 0 for the whole file.
    text
        What must hold, what came, and what to do.
    unknown
        A name that is not known, for which a hint is looked for.
    """

    file: int
    line: int
    text: str
    unknown: str | None


@dataclass
class Problems:
    """Collect what is wrong with a set of files, to be raised in one go.

    Attributes
    ----------
    known
        The names among which a hint is looked for, for problems with an
        unknown name.
    found
        What was noted so far.
    """

    known: Sequence[str] = ()
    found: list[Problem] = field(default_factory=list)
    _paths: list[Path] = field(default_factory=list)

    def add(self, path: Path, line: int | None, text: str, *, unknown: str | None = None) -> None:
        """Note one problem.

        Parameters
        ----------
        path, line
            Where; lines count from 1, and ``None`` means the whole file.
        text
            What must hold, what came, and what to do.
        unknown
            A name for which the nearest of :attr:`known` is to be hinted at.
        """
        if path not in self._paths:
            self._paths.append(path)
        self.found.append(Problem(self._paths.index(path), line or 0, text, unknown))

    def error(self) -> InputError:
        """Return the error that tells everything noted, in the order of files and lines."""
        shown = sorted(self.found, key=lambda problem: (problem.file, problem.line))[:SHOWN_PROBLEMS]
        hints = self._hints(problem.unknown for problem in shown)
        lines = [
            f"{self._paths[file]}{f':{line}' if line else ''}: {text}{hints.get(unknown, '')}"
            for file, line, text, unknown in shown
        ]
        if more := len(self.found) - len(shown):
            lines.append(f"… and {more:,} more")
        return InputError(lines)

    def _hints(self, names: Iterable[str | None]) -> Mapping[str | None, str]:
        wanted = list(dict.fromkeys(name for name in names if name))
        affordable = HINT_WORK // max(len(self.known), 1)
        return {name: nearest_name_hint(name, self.known) for name in wanted[:affordable]}

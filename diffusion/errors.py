"""The error tree: everything that the program says when it cannot go on.

An error that a user can mend is an :class:`InputError`. It carries every
problem that was found, one line each, so that a file is mended in one go.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence


class DiffusionError(Exception):
    """Stand at the root of every error that this package raises on purpose."""

    exit_code = 1


class InputError(DiffusionError):
    """Report that a file, an option or a value given by the user is wrong.

    Parameters
    ----------
    problems
        One line a problem: where, what must hold, what came, what to do.
    """

    exit_code = 2

    def __init__(self, problems: str | Sequence[str]) -> None:
        lines = (problems,) if isinstance(problems, str) else problems
        self.problems = tuple(map(printable, lines))
        super().__init__("\n".join(self.problems))


class StoreError(InputError):
    """Report that a database cannot be read, is locked, or is newer than the program."""


class ClusterError(InputError):
    """Report that a cluster cannot be reached, or that its machines have another version of the program."""


class DatabaseError(DiffusionError):
    """Report that a database failed though nothing that the user gave is wrong: the disk is full, for example."""


class MismatchError(DiffusionError):
    """Report that a replayed run differs from the stored one."""


def printable(text: str) -> str:
    r"""Return a text on one line: control characters, which a file may hold, are written as escapes.

    Examples
    --------
    >>> print(printable("a\tb\x1b"))
    a\tb\x1b
    """
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", lambda mark: ascii(mark[0])[1:-1], text)


def nearest_name_hint(name: str, known: Iterable[str]) -> str:
    """Return a hint naming the nearest known name, or an empty text.

    Examples
    --------
    >>> nearest_name_hint("out_degre", ["in_degree", "out_degree"])
    '; did you mean "out_degree"?'
    >>> nearest_name_hint("a01", ["M01", "A01"])
    '; did you mean "A01"?'
    >>> nearest_name_hint("xyz", ["in_degree", "out_degree"])
    ''
    """
    names = list(known)
    alike = [other for other in names if other.casefold() == name.casefold()]
    close = alike or difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""

"""The key file: who stands behind each pseudonym. It is the only record of that, and its owner's alone.

It is a CSV table with the columns ``code``, ``id``, ``name`` and ``role``,
under a first row that holds a secret. A code is a letter, the first of the role
when the person was first met, and a number, such as ``M014``. The number is
drawn by a hash of the id keyed with the secret, so neither the order of codes
nor a code itself says anything of a person, and nobody can find the person of a
code by trying ids. Codes are never changed and never given to anybody else.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import secrets
import shlex
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from diffusion.errors import InputError
from diffusion.network.importing.people import Person
from diffusion.network.network import DEFAULT_ROLE, normalized

_MARK = "key file of diffusion, to be kept secret"
_COLUMNS = ("code", "id", "name", "role")
_CODE = re.compile(r"[A-Z]\d{3,}")
_SECRET = re.compile(r"[0-9a-f]{64}")
_NO_LETTER = "X"


class Entry(NamedTuple):
    """Hold one row of a key file."""

    code: str
    id: str
    name: str
    role: str


@dataclass(slots=True)
class KeyFile:
    """Hold what a key file says, and what is to be added to it.

    Attributes
    ----------
    path
        The file.
    secret
        What codes are drawn with.
    entries
        Its rows.
    content
        Its bytes as they were read; ``None`` where there is no such file yet.
    added
        How many rows are new.
    """

    path: Path
    secret: str
    entries: list[Entry] = field(default_factory=list)
    content: bytes | None = None
    added: int = 0

    def codes(
        self, people: Iterable[Person], *, avoid: Collection[str], folded: Callable[[str], str]
    ) -> dict[str, str]:
        """Return the code of each person by id, having made codes for those who are new.

        Parameters
        ----------
        people
            Who needs a code.
        avoid
            Texts that no code may be, because they are ids or names.
        folded
            How ids are compared.
        """
        exact = {entry.id: entry.code for entry in self.entries}
        alike: dict[str, set[str]] = {}
        for entry in self.entries:
            alike.setdefault(folded(entry.id), set()).add(entry.code)
        taken = {entry.code for entry in self.entries} | {text.upper() for text in avoid}
        found: dict[str, str] = {}
        everybody = sorted(people, key=lambda person: self._hash("order", person.id))
        for person in everybody:
            same = alike.get(folded(person.id), set())
            found[person.id] = exact.get(person.id) or (next(iter(same)) if len(same) == 1 else "")
        new = Counter(letter_of(person.role) for person in everybody if not found[person.id])
        digits = {letter: _digits(sum(code[:1] == letter for code in taken) + count) for letter, count in new.items()}
        for person in everybody:
            if not found[person.id]:
                letter = letter_of(person.role)
                found[person.id] = self._drawn(letter, digits[letter], person.id, taken)
                taken.add(found[person.id])
            if person.id not in exact:
                self.entries.append(Entry(found[person.id], person.id, person.name, person.role))
                self.added += 1
        return found

    def save(self) -> None:
        """Write the file, if there is anything new: at once or not at all, and for its owner only.

        Raises
        ------
        InputError
            If it cannot be written, or somebody else changed it meanwhile.
        """
        if self.content is not None and not self.added:
            return
        text = self._text().encode()
        try:
            if self.content is None:
                _write_new(self.path, text)
            else:
                _replace(self.path, self.content, text)
        except OSError as error:
            raise InputError(f"{self.path}: the key file cannot be written: {error.strerror}") from None
        self.content, self.added = text, 0

    def _drawn(self, letter: str, digits: int, person_id: str, taken: Collection[str]) -> str:
        attempt = 0
        while True:
            number = self._hash(f"number {letter} {attempt}", person_id) % (10**digits - 1) + 1
            if (code := f"{letter}{number:0{digits}}") not in taken:
                return code
            attempt += 1

    def _hash(self, purpose: str, text: str) -> int:
        keyed = hashlib.blake2b(f"{purpose}\0{text}".encode(), key=bytes.fromhex(self.secret), digest_size=16)
        return int.from_bytes(keyed.digest(), "big")

    def _text(self) -> str:
        out = io.StringIO(newline="")
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow([_MARK, "", "", self.secret])
        rows.writerow(_COLUMNS)
        rows.writerows(sorted(self.entries))
        return out.getvalue()


def _digits(count: int) -> int:
    """Return how long numbers must be for at least half of them to stay free, so that a free one is soon found."""
    return max(3, len(str(2 * count)))


def letter_of(role: str) -> str:
    """Return the letter with which the codes of a role begin.

    Roles may share a letter: numbers are unique within a letter.

    Examples
    --------
    >>> letter_of("manager"), letter_of(""), letter_of("\u00e9conomiste"), letter_of("\u533b\u751f")
    ('M', 'A', 'E', 'X')
    """
    plain = unicodedata.normalize("NFKD", role or DEFAULT_ROLE).upper()
    return next((mark for mark in plain if "A" <= mark <= "Z"), _NO_LETTER)


def open_key_file(path: Path) -> KeyFile:
    """Return a key file, or one that is new and not written yet.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        If it is there and damaged, or others may read it. The message never
        quotes it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return KeyFile(path, secrets.token_hex(32))
    except OSError as error:
        raise InputError(f"{path}: the key file cannot be read: {error.strerror}") from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise InputError(f"{path}: must be a key file, and is no file; name another")
    with open(descriptor, "rb") as file:  # noqa: PTH123 - the file that was opened, not another of its name
        if os.name == "posix" and mode & 0o077:
            advice = f"make it yours alone: chmod 600 {shlex.quote(str(path))}"
            raise InputError(f"{path}: others can read the key file, which tells who is who; {advice}")
        content = file.read()
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> KeyFile:
    try:
        text = content.decode("utf-8-sig")
        separator = ";" if f"{_MARK};" in text[:200].replace('"', "") else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise InputError(f"{path}: {_damaged('it is no CSV table in UTF-8')}") from None
    if not rows or len(rows[0]) != 4 or rows[0][0] != _MARK or not _SECRET.fullmatch(rows[0][3]):
        raise InputError(f"{path}:1: this is no key file, or it is damaged; name a file that is not there to begin one")
    if len(rows) < 2 or tuple(rows[1]) != _COLUMNS:
        raise InputError(f"{path}:2: {_damaged('the second row must be code, id, name, role')}")
    entries = []
    for line, row in enumerate(rows[2:], start=3):
        if len(row) != 4 or not _CODE.fullmatch(row[0]) or not normalized(row[1]):
            raise InputError(f"{path}:{line}: {_damaged('the row is no code with its id, name and role')}")
        entries.append(Entry(row[0], normalized(row[1]), normalized(row[2]), normalized(row[3])))
    if len({entry.id for entry in entries}) < len(entries):
        raise InputError(f"{path}: {_damaged('an id is there twice')}")
    return KeyFile(path, rows[0][3], entries, content)


def _damaged(what: str) -> str:
    return f"the key file is damaged: {what}; bring back a copy of it, or codes will change"


def _write_new(path: Path, text: bytes) -> None:
    try:
        with _own_file(path) as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path}: another import made the key file meanwhile; import once more") from None


def _replace(path: Path, content: bytes, text: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    try:
        with _own_file(new) as file:
            file.write(text)
    except FileExistsError:
        advice = "wait until it is done; if none is running, delete that file"
        raise InputError(f"{new}: another import seems to be writing the key file; {advice}") from None
    try:
        if path.read_bytes() != content:
            raise InputError(f"{path}: the key file was changed meanwhile; import once more")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def _own_file(path: Path) -> Iterator[io.BufferedWriter]:
    """Give a file that was not there, that its owner alone may read, and that is gone if writing fails."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    file = open(os.open(path, flags, 0o600), "wb")  # noqa: PTH123, SIM115 - closed below
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise

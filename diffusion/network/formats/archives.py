"""Zip archives that strangers made: looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath

from diffusion.network.formats.noted_files import note_file
from diffusion.network.formats.problems import Problems

MOST_UNPACKED_BYTES = 500_000_000
"""What an archive may hold in all; more is no network survey."""

MOST_MEMBERS = 20_000
LARGEST_RATIO = 200
"""By how much a large member may shrink when packed; text shrinks ten- or twentyfold."""

_SMALL = 10_000_000
_ENCRYPTED = 0x1


def read_archive(path: Path, problems: Problems) -> dict[str, bytes] | None:
    """Return the files in a zip archive by their names, or ``None`` having noted what is wrong.

    Nothing is written to disk. An archive is refused where a name leads out of
    it, where it would unpack to more than :data:`MOST_UNPACKED_BYTES`, or where
    a member is damaged or locked by a password.

    Parameters
    ----------
    path
        The archive.
    problems
        Where problems go.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            note_file(path)
            members = [member for member in archive.infolist() if not member.is_dir()]
            found = len(problems.found)
            check_members(path, members, problems)
            return _contents(archive, members) if len(problems.found) == found else None
    except FileNotFoundError:
        problems.add(path, None, "no such file")
    except OSError as error:
        problems.add(path, None, f"the file cannot be read: {error.strerror or error}")
    except NotImplementedError:
        said = "the archive is packed in a way that is not read here; unpack it and name the folder"
        problems.add(path, None, said)
    except Exception:  # noqa: BLE001 - zipfile raises what its decompressors raise
        problems.add(path, None, "the archive is damaged or no zip archive; export it anew")
    return None


def check_members(path: Path, members: list[zipfile.ZipInfo], problems: Problems) -> None:
    """Note the members of an archive that no honest program writes.

    Parameters
    ----------
    path
        The archive.
    members
        What its directory lists.
    problems
        Where problems go.
    """
    if len(members) > MOST_MEMBERS:
        problems.add(path, None, f"the archive holds {len(members):,} files; at most {MOST_MEMBERS:,} are read")
    total = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if total > MOST_UNPACKED_BYTES or (total > _SMALL and total / packed > LARGEST_RATIO):
        problems.add(
            path, None, f"the archive would unpack to {total:,} bytes; it is refused, for it may be a zip bomb"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        problems.add(path, None, "the archive is locked by a password; unpack it and name the folder")
    names = Counter(member.filename for member in members)
    for repeated in sorted(name for name, count in names.items() if count > 1):
        problems.add(path, None, f'the archive holds "{repeated}" {names[repeated]} times; which one counts?')
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in "".join(name.parts[:1]):
            problems.add(path, None, f'the archive holds a file "{name}" that leads out of it; it is refused')


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """Return the members' contents, none longer than the directory says."""
    contents = {}
    for member in members:
        with archive.open(member) as file:
            content = file.read(member.file_size + 1)
        if len(content) > member.file_size:
            raise zipfile.BadZipFile
        contents[member.filename] = content
    return contents

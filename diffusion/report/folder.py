"""The folder of a report: written whole or not at all, and never over anything that the user put or changed there.

A list of the files with their digests stands in ``report.json``. A file that
still has its digest is the report's own and may be replaced; every other one is
the user's, and stays.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from diffusion.errors import InputError

LIST = "report.json"

_IGNORED = {".DS_Store", "Thumbs.db", "desktop.ini"}
_BY_LATEX = {".aux", ".log", ".out", ".toc", ".lof", ".lot", ".fls", ".fdb_latexmk", ".gz", ".pdf"}
_MOST_NAMED = 3


@dataclass(frozen=True)
class Kept:
    """Say what became of the user's files in a folder.

    Attributes
    ----------
    moved
        Files of an earlier report that the user had changed, each with the name under which it was kept.
    """

    moved: tuple[tuple[str, str], ...]


def check_folder(folder: Path, *, overwrite: bool) -> None:
    """Check that a report may be written into a folder, before anything is made.

    Parameters
    ----------
    folder
        The folder; it need not exist.
    overwrite
        Whether files that are not a report's, or were changed, may stand there.

    Raises
    ------
    InputError
        If it is a file, or holds the user's files and ``overwrite`` was not given.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; name another folder with --output")
    if overwrite or not folder.exists():
        return
    listed = _listed(folder)
    foreign = [name for name in _present(folder) if name not in listed]
    changed = [name for name in listed if _is_changed(folder, name, listed)]
    if foreign:
        raise InputError(
            f"{folder}: holds files that are not a report's ({_some(foreign)}); name another folder with --output, or "
            "give --overwrite to write beside them: they stay as they are"
        )
    if changed:
        raise InputError(
            f"{folder}: files were changed since the report was written ({_some(changed)}); name another folder with "
            "--output, or give --overwrite: each changed file is kept under another name"
        )


def fill_folder(folder: Path, write: Callable[[Path], None]) -> Kept:
    """Write a report into a folder, in place of the one that an earlier command wrote there.

    Parameters
    ----------
    folder
        The folder.
    write
        Writes the files into an empty folder.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _beside(folder) as made:
        new = Path(made, "report")
        new.mkdir()
        write(new)
        listed = _listed(folder)
        written = {name: _digest(new / name) for name in _files(new)}
        moved = _set_aside(folder, listed, written)
        for name in listed.keys() - written.keys():
            if not _is_changed(folder, name, listed):
                (folder / name).unlink(missing_ok=True)
        for name in written:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.move(new / name, folder / name)
    (folder / LIST).write_text(_list_text(written), encoding="utf-8")
    return Kept(tuple(moved))


def _beside(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """Return a new folder beside one; where none can be made, the error names the one that was asked for."""
    try:
        return tempfile.TemporaryDirectory(dir=folder.parent, prefix=".report-")
    except OSError as error:
        error.filename = str(folder)
        raise


def _set_aside(folder: Path, listed: Mapping[str, str], written: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give another name to every file that stands where a new one goes and is not an earlier report's."""
    moved = []
    for name, digest in written.items():
        path = folder / name
        is_ours = name in listed and not _is_changed(folder, name, listed)
        if path.is_file() and not is_ours and _digest(path) != digest:
            kept = _free(path)
            path.rename(kept)
            moved.append((name, kept.relative_to(folder).as_posix()))
    return moved


def _free(path: Path) -> Path:
    number = 1
    while (kept := path.with_name(f"{path.stem} (kept {number}){path.suffix}")).exists():
        number += 1
    return kept


def _list_text(written: Mapping[str, str]) -> str:
    told = {"what": "the files of this report and their digests (BLAKE2b, 16 bytes)", "files": dict(written)}
    return json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _listed(folder: Path) -> dict[str, str]:
    """Return the files of the report that stands in a folder; none where there is no list that can be read."""
    try:
        files = json.loads((folder / LIST).read_text(encoding="utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _present(folder: Path) -> list[str]:
    """Return what stands in a folder, but for the list itself and what other programs leave behind."""
    return [name for name in _files(folder) if name != LIST and not _is_left_behind(Path(name))]


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _is_left_behind(path: Path) -> bool:
    is_by_latex = path.name.startswith("report.") and path.suffix in _BY_LATEX
    return path.name in _IGNORED or path.name.startswith("~$") or is_by_latex


def _is_changed(folder: Path, name: str, listed: Mapping[str, str]) -> bool:
    path = folder / name
    return path.is_file() and _digest(path) != listed[name]


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _some(names: list[str]) -> str:
    told = ", ".join(names[:_MOST_NAMED])
    return f"{told} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else told

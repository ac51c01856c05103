"""The files of a Network Canvas export, in a zip archive, in a folder, or one GraphML file alone."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from diffusion.network.formats.archives import MOST_MEMBERS, MOST_UNPACKED_BYTES, read_archive
from diffusion.network.formats.network_canvas_graphml import is_network_canvas
from diffusion.network.formats.network_canvas_tables import member_of
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.text import read_bytes

GRAPHML = ".graphml"
DEEPEST = 2
"""How many folders deep files are looked for: some tools unpack an archive to a folder of its name."""


@dataclass(slots=True)
class Export:
    """Hold the files of an export.

    Attributes
    ----------
    root
        What their names are relative to.
    csv, graphml
        Their contents, by name.
    others, links
        How many other files, and links that lead elsewhere, were passed over.
    """

    root: Path
    csv: dict[str, bytes] = field(default_factory=dict)
    graphml: dict[str, bytes] = field(default_factory=dict)
    others: int = 0
    links: int = 0

    def add(self, name: str, content: bytes) -> None:
        """Add a file, or count it where it is none of an export."""
        if member_of(name):
            self.csv[name] = content
        elif is_graphml(name) and is_network_canvas(content):
            self.graphml[name] = content
        elif not is_hidden(name):
            self.others += 1


def is_graphml(name: str) -> bool:
    """Tell whether a file is called as GraphML files are."""
    return name.casefold().endswith(GRAPHML)


def is_hidden(name: str) -> bool:
    """Tell whether a file is of the file system's own, which nobody misses."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def holds_an_export(path: Path) -> bool:
    """Tell whether a folder or an archive holds files that are called as Network Canvas calls them."""
    with suppress(Exception):  # what is damaged is told when it is read
        if path.is_dir():
            return any(_is_of_an_export(name, file) for name, file in _files_in(path, Export(path)))
        with zipfile.ZipFile(path) as archive:
            return any(member_of(name) or is_graphml(name) for name in archive.namelist())
    return False


def _is_of_an_export(name: str, file: Path) -> bool:
    if not is_graphml(name):
        return member_of(name) is not None
    with file.open("rb") as opened:
        return is_network_canvas(opened.read(8192))


def export_at(path: Path, problems: Problems) -> Export | None:
    """Return the files of an export, or ``None`` having noted what is wrong with them.

    Parameters
    ----------
    path
        The archive, the folder, or the one file.
    problems
        Where problems go.
    """
    found = len(problems.found)
    export = Export(path)
    if path.is_dir():
        _add_folder(export, problems)
    elif is_graphml(path.name) or member_of(path.name):
        _add_file(export, problems)
    elif (contents := read_archive(path, problems)) is not None:
        for name, content in contents.items():
            export.add(name.replace("\\", "/"), content)
    if len(problems.found) == found and not export.csv and not export.graphml:
        said = "no file in it is called as Network Canvas calls them, such as case1_…_attributeList_person.csv"
        problems.add(path, None, said)
    return export if len(problems.found) == found else None


def _add_folder(export: Export, problems: Problems) -> None:
    """Add the files of a folder, none of which a link leads out of it."""
    total = 0
    try:
        files = list(_files_in(export.root, export))
    except OSError as error:
        problems.add(export.root, None, f"the folder cannot be read: {error.strerror}")
        return
    if len(files) > MOST_MEMBERS:
        problems.add(export.root, None, f"the folder holds {len(files):,} files; at most {MOST_MEMBERS:,} are read")
        return
    for name, file in files:
        if not member_of(name) and not is_graphml(name):
            export.add(name, b"")
            continue
        content = read_bytes(file, problems)
        total += len(content or b"")
        if total > MOST_UNPACKED_BYTES:
            problems.add(export.root, None, f"the export is larger than {MOST_UNPACKED_BYTES:,} bytes; split it")
            return
        if content is not None:
            export.add(name, content)


def _files_in(root: Path, export: Export) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of every file, having counted the links that lead elsewhere."""
    within = root.resolve()
    for folder, subfolders, names in os.walk(root, onerror=_raise):
        place = Path(folder).relative_to(root)
        subfolders.sort()
        export.links += sum((root / place / name).is_symlink() for name in subfolders)
        if len(place.parts) >= DEEPEST:
            subfolders.clear()
        for name in sorted(names):
            file = root / place / name
            if file.is_symlink() and not file.resolve().is_relative_to(within):
                export.links += 1
            else:
                yield (place / name).as_posix(), file


def _raise(error: OSError) -> None:
    raise error


def _add_file(export: Export, problems: Problems) -> None:
    """Add one file that was named itself: a GraphML file, for a CSV file is not all of a session."""
    path = export.root
    if not is_graphml(path.name):
        problems.add(path, None, "this is one of several files of a session; name the folder or archive that holds all")
        return
    content = read_bytes(path, problems)
    export.root = path.parent
    if content is not None and is_network_canvas(content):
        export.graphml[path.name] = content
    elif content is not None:
        problems.add(path, None, "this GraphML file does not come from Network Canvas; leave its format out")

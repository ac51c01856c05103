"""Files that a browser sends: a network of the user's own, or a scenario.

A network's files lie in a folder of their own while the checked readers read
them, and are gone afterwards; a scenario is never a file here at all. Names are
those of the files alone, so none leads out of the folder, and neither kind of
upload makes this machine read a file that was not sent.
"""

from __future__ import annotations

import shlex
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import TypeVar, cast, get_args

from diffusion.errors import InputError, nearest_name_hint, printable
from diffusion.experiment.places import Places
from diffusion.network.formats import read_network
from diffusion.network.formats.archives import MOST_UNPACKED_BYTES
from diffusion.network.formats.tables import Direction, Reading
from diffusion.network.network import Network
from diffusion.network.regions import PACKAGED
from diffusion.scenario import Scenario, read_scenario
from diffusion.server.question import AskedNetwork

MOST_BYTES = 20_000_000
"""How large what is sent may be, all files together."""

MOST_FILES = 500
LARGEST_SCENARIO = 1_000_000
MOST_AGENTS = 10_000
MOST_TIES = 200_000
"""More cannot be drawn in a browser, nor clicked."""

DIRECTIONS: Mapping[str, str] = {
    "": "as the file has them",
    "turn-to": "whom do you turn to? (knowledge flows back to the one who asks)",
    "tell": "whom do you tell? (knowledge flows as written)",
}
"""The questions that ties may answer, as ``--direction`` has them, and how a menu tells them."""

_MENUS = {
    "say --direction turn-to": "choose so in the menu",
    "--strength divide-by-max divides those of each layer by the largest of them": (
        "tick that they are divided by the largest of their layer"
    ),
}
"""What a reader says of the command line's options, and what it means on a page."""

_FOLDER = "uploaded"
_LONGEST_NAME = 120

Read = TypeVar("Read")


def check_sizes(sizes: Mapping[str, int]) -> None:
    """Check how much a browser wants to send.

    Parameters
    ----------
    sizes
        The size of each file, in bytes, by its name.

    Raises
    ------
    InputError
        If it is too much.
    """
    total = sum(sizes.values())
    if len(sizes) > MOST_FILES:
        raise InputError(f"{len(sizes):,} files were chosen; at most {MOST_FILES:,} are read at once")
    if total > MOST_BYTES:
        what = next(iter(sizes)) if len(sizes) == 1 else f"{len(sizes):,} files"
        raise InputError(
            f"{printable(what)}: {total / 1e6:,.1f} MB is more than the {MOST_BYTES / 1e6:,.0f} MB that can be sent; "
            "open the file with: diffusion serve"
        )


def safe_name(name: str) -> str:
    r"""Return the name of a file that was sent, without the folders that it was in.

    Parameters
    ----------
    name
        What the browser calls the file.

    Raises
    ------
    InputError
        If nothing is left that a file could be called.

    Examples
    --------
    >>> safe_name("../../etc/ties.csv"), safe_name("C:\\data\\ties.csv")
    ('ties.csv', 'ties.csv')
    """
    last = PureWindowsPath(PurePosixPath(name).name).name.strip()
    if (
        not last
        or last.startswith(".")
        or not last.isprintable()
        or len(last) > _LONGEST_NAME
        or set(last) & set('<>:"|?*')
    ):
        raise InputError(f'a file cannot be called "{printable(name[:_LONGEST_NAME])}" here; give it a plain name')
    return last


def uploaded_network(
    files: Mapping[str, bytes], *, direction: str = "", divide_strengths: bool = False
) -> AskedNetwork:
    """Return the network that was sent: a file, the files of a folder, or an archive.

    Parameters
    ----------
    files
        Content by name.
    direction
        A key of :data:`DIRECTIONS`.
    divide_strengths
        Whether to divide the strengths of each layer by the largest of them.

    Raises
    ------
    InputError
        If the files are too large, or no network; a line a problem, with file and line.
    """
    check_sizes({name: len(content) for name, content in files.items()})
    named = _named(files)
    reading = Reading(
        cast("Direction", direction) if direction in get_args(Direction) else None,
        "divide-by-max" if divide_strengths else None,
    )
    with TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve() / _FOLDER
        folder.mkdir()
        for name, content in named.items():
            (folder / name).write_bytes(content)
        target = _target(folder, list(named))
        network = _plainly(folder, lambda: read_network(f"./{target}", folder.parent, reading=reading))
    if network.size > MOST_AGENTS or network.tie_count > MOST_TIES:
        raise InputError(
            f"the network has {network.size:,} agents and {network.tie_count:,} ties; "
            f"at most {MOST_AGENTS:,} and {MOST_TIES:,} are drawn on a page"
        )
    notes = tuple(_shortened(note, folder) for note in network.notes)
    return _asked(network, notes, list(named), target, reading)


def uploaded_scenario(name: str, content: bytes, known: Sequence[AskedNetwork]) -> tuple[Scenario, AskedNetwork]:
    """Return the scenario that was sent, and its first network.

    Parameters
    ----------
    name
        The file's name.
    content
        The file.
    known
        The networks that were sent before.

    Raises
    ------
    InputError
        If anything in the scenario is wrong, or it names a network that is
        neither packaged nor was sent: files of this machine are not read.
    """
    path = Path(safe_name(name))
    if len(content) > LARGEST_SCENARIO:
        raise InputError(f"{path}: {len(content) / 1e6:,.1f} MB is too large for a scenario, which is a page of text")
    try:
        scenario = read_scenario(content.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: must be UTF-8 text; save the file as UTF-8") from None
    sent = {PurePosixPath(asked.reference).as_posix(): asked for asked in known}
    found: list[AskedNetwork] = []
    problems = []
    for number, reference in enumerate(scenario.networks):
        if reference in PACKAGED:
            found.append(AskedNetwork(read_network(reference, Path()), reference))
        elif (plain := PurePosixPath(reference.replace("\\", "/")).as_posix()) in sent:
            found.append(sent[plain])
        else:
            problems.append(f"{Places(scenario).of(('networks', number))}: {_not_here(reference, list(sent))}")
    if problems:
        raise InputError(problems)
    return scenario, found[0]


def _not_here(reference: str, sent: Sequence[str]) -> str:
    if not any(mark in reference for mark in "/\\."):
        hint = nearest_name_hint(reference, PACKAGED) or f"; packaged are {', '.join(PACKAGED)}"
        return f'"{reference}" is no packaged network{hint}'
    were = f"; sent were {', '.join(sent)}" if sent else ""
    return (
        f'"{reference}" would be a file of this machine, which a scenario that was sent does not read; '
        f"send the network first, under this name{were}"
    )


def _named(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files by the names that they get, having refused what is no network."""
    if not files:
        raise InputError("no file was chosen")
    named: dict[str, bytes] = {}
    problems = []
    for name, content in files.items():
        plain = safe_name(name)
        if plain.casefold() in map(str.casefold, named):
            problems.append(f"{plain}: two files of this name were chosen; send one of them")
        if plain.casefold().endswith(".toml") and plain != "about.toml":
            problems.append(
                f"{plain}: an import recipe reads further files, so it is not read here; run: diffusion network import"
            )
        elif _unpacks_to(content) > MOST_UNPACKED_BYTES:
            problems.append(f"{plain}: the file would unpack to more than {MOST_UNPACKED_BYTES / 1e6:,.0f} MB")
        named[plain] = content
    if problems:
        raise InputError(problems)
    return named


def _unpacks_to(content: bytes) -> int:
    """Return how large an archive says that it is when unpacked; workbooks are archives, too."""
    if not content.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return 0  # the reader says what is wrong with it


def _target(folder: Path, names: list[str]) -> str:
    """Return what to read: a file that was sent alone, the header of a pair, or the folder."""
    headers = [name for name in names if name.casefold().endswith(".##h")]
    if len(names) == 1:
        return f"{folder.name}/{names[0]}"
    return f"{folder.name}/{headers[0]}" if headers and len(names) == 2 else folder.name


def _plainly(folder: Path, read: Callable[[], Read]) -> Read:
    """Return what is read; problems are told without the folder that only this program knows."""
    try:
        return read()
    except InputError as error:
        raise InputError([_shortened(problem, folder) for problem in error.problems]) from None


def _shortened(text: str, folder: Path) -> str:
    """Return a line without the folder, and with a page's menus for the options of the command line."""
    for option, menu in _MENUS.items():
        text = text.replace(option, menu)
    return text.replace(f"{folder}/", "").replace(f"{folder}", "the files").replace(f"{folder.parent}/", "")


def _asked(network: Network, notes: tuple[str, ...], names: list[str], target: str, reading: Reading) -> AskedNetwork:
    """Return a network that was sent, with how a scenario names it and what to do for that."""
    alone = target.removeprefix(f"{_FOLDER}/") if target != _FOLDER else ""
    first = alone or _FOLDER
    if reading.direction is None and reading.strength is None:
        what = f"{' and '.join(names)} into a folder {_FOLDER}" if not alone else " and ".join(names)
        advice = f"Put {what} beside the saved scenario."
        return AskedNetwork(network, f"./{first}", (advice,), notes)
    words = ["diffusion", "network", "convert", f"./{first}", f"./{Path(first).stem}_read"]
    words += ["--direction", reading.direction] if reading.direction else []
    words += ["--strength", reading.strength] if reading.strength else []
    advice = f"Beside the saved scenario, turn {first} into the network that was asked about: {shlex.join(words)}"
    return AskedNetwork(network, f"./{Path(first).stem}_read", (advice,), notes)

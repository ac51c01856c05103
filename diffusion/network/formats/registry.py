"""The registry of formats: what each is called, which files are of it, and which module reads and writes it.

A format's module has three functions. ``recognises(path, head)`` tells from
the first bytes of a file (none of a folder) whether it is of the format;
``read(path, problems)`` returns its :class:`~diffusion.network.formats.tables.Tables`
or notes problems; ``write(network, path)`` writes a network and returns what
the format could not carry, a line each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, cast

from diffusion.errors import InputError, nearest_name_hint
from diffusion.network.formats.problems import Problems
from diffusion.network.formats.tables import Tables
from diffusion.network.network import Network

HEAD_BYTES = 8192
"""How much of a file is looked at to tell its format."""


class FormatModule(Protocol):
    """Read and write one format."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether a file or folder is of this format."""

    def read(self, path: Path, problems: Problems) -> Tables | None:
        """Return what a file says, or None having noted what is wrong with it."""

    def write(self, network: Network, path: Path) -> list[str]:
        """Write a network, and return what the format cannot carry of it."""


@dataclass(frozen=True, slots=True)
class Format:
    """Describe one format.

    Attributes
    ----------
    name
        What it is called on the command line.
    title
        What it is called in sentences.
    module_name
        The module that reads and writes it.
    suffixes
        What the names of its files end with.
    folder
        Whether it may be a folder.
    writes
        Whether networks can be written in it.
    pair
        The suffixes of the two files of which a network is made, where it is two.
    """

    name: str
    title: str
    module_name: str
    suffixes: tuple[str, ...] = ()
    folder: bool = False
    writes: bool = True
    pair: tuple[str, ...] = ()

    def files(self, path: Path) -> list[Path]:
        """Return what is written when a network is written to a path.

        Examples
        --------
        >>> [path.name for path in FORMATS["ucinet"].files(Path("region.##h"))]
        ['region.##h', 'region.##d']
        """
        return [path.with_suffix(suffix) for suffix in self.pair] or [path]

    @property
    def module(self) -> FormatModule:
        """Return the module, imported when it is first needed."""
        return cast("FormatModule", import_module(f"diffusion.network.{self.module_name}"))


OTHER_SHEETS = (".xls", ".xlsb", ".xlsm", ".ods", ".numbers")
"""The suffixes of spreadsheets that are not read."""

OTHER_DATA = {
    ".sav": "SPSS",
    ".por": "SPSS",
    ".dta": "Stata",
    ".rds": "R",
    ".rda": "R",
    ".rdata": "R",
    ".sas7bdat": "SAS",
}
"""The suffixes of programs for statistics whose files are not read, with the programs."""

SHEETS = (".csv", ".tsv", ".txt", ".xlsx")

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Format("csv", "folder with agents.csv and ties.csv", "formats.csv_folder", folder=True),
            Format("gephi", "Gephi nodes and edges tables", "formats.gephi_csv", (".csv",), folder=True),
            Format("network-canvas", "Network Canvas export", "formats.network_canvas", (".zip",), folder=True),
            Format("egonet", "EgoNet", "formats.egonet", (".csv", ".txt")),
            Format("vna", "VNA (NetDraw)", "formats.vna", (".vna", ".txt")),
            Format("dl", "UCINET DL", "formats.ucinet_dl", (".dl", ".dat", ".txt")),
            Format(
                "ucinet",
                "UCINET dataset (##h and ##d)",
                "formats.ucinet_binary",
                (".##h", ".##d"),
                pair=(".##h", ".##d"),
            ),
            Format("pajek", "Pajek network", "formats.pajek", (".net",)),
            Format("pajek-project", "Pajek project", "formats.pajek_project", (".paj",)),
            Format("gml", "GML", "formats.gml", (".gml",)),
            Format("graphml", "GraphML", "formats.graphml", (".graphml", ".xml")),
            Format("gexf", "GEXF (Gephi)", "formats.gexf", (".gexf",)),
            Format("matrix", "adjacency matrix", "formats.matrix", SHEETS),
            Format("edge-list", "edge list", "formats.edge_list", SHEETS),
            Format("recipe", "import recipe", "importing.recipe_file", (".toml",), writes=False),
        )
    }
)
"""Every format by its name; of several with one suffix the first that recognises a file reads it."""


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises
    ------
    InputError
        If there is none of this name.
    """
    if name in FORMATS:
        return FORMATS[name]
    hint = nearest_name_hint(name, FORMATS) or f"; known are {', '.join(FORMATS)}"
    raise InputError(f'there is no format "{name}"{hint}')


def format_of(path: Path) -> Format:
    """Return the format of a file or folder, told from its name and, where that leaves several, its content.

    Raises
    ------
    InputError
        If nothing is there, or no format fits.
    """
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:
        raise InputError(f"{path}: the folder cannot be read: {error.strerror}") from None
    if is_folder:
        folders = [entry for entry in FORMATS.values() if entry.folder]
        return next((entry for entry in folders if entry.module.recognises(path, b"")), folders[0])
    if not is_there:
        raise InputError(f"{path}: {_nothing_there(path)}")
    named = [entry for entry in FORMATS.values() if _has_suffix(path, entry)]
    if len(named) == 1:
        return named[0]
    head = _head(path)
    found = next((entry for entry in named or FORMATS.values() if entry.module.recognises(path, head)), None)
    if found or named:
        return found or named[-1]
    if path.suffix.casefold() in OTHER_SHEETS:
        raise InputError(f"{path}: sheets are read from .xlsx and CSV; open the file in a spreadsheet and save it so")
    if program := OTHER_DATA.get(path.suffix.casefold()):
        raise InputError(f"{path}: data of {program} are not read; save them there as CSV or Excel (.xlsx)")
    suffixes = ", ".join(dict.fromkeys(suffix for entry in FORMATS.values() for suffix in entry.suffixes))
    raise InputError(f"{path}: this is no network file that can be read; known are folders and {suffixes}")


def format_to_write(path: Path) -> Format:
    """Return the format in which a network is written to a path: told from its suffix, without one a folder.

    Raises
    ------
    InputError
        If the suffix is that of no format.
    """
    preferred = {**dict.fromkeys(SHEETS, "edge-list"), ".txt": "dl"}
    if name := preferred.get(path.suffix.casefold()):
        return FORMATS[name]
    if not path.suffix or path.is_dir():
        return FORMATS["csv"]
    found = next((entry for entry in FORMATS.values() if entry.writes and _has_suffix(path, entry)), None)
    if found is None:
        suffixes = ", ".join(
            dict.fromkeys(suffix for entry in FORMATS.values() if entry.writes for suffix in entry.suffixes)
        )
        raise InputError(f'{path}: "{path.suffix}" is the suffix of no format; known are {suffixes}, none for a folder')
    return found


def _has_suffix(path: Path, entry: Format) -> bool:
    return path.suffix.casefold() in entry.suffixes


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read: {error.strerror}") from None


def _nothing_there(path: Path) -> str:
    try:
        siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError as error:
        return f"the folder cannot be read: {error.strerror}"
    kind = "folder" if not path.suffix else "file"
    needs = "; a network is a folder with agents.csv and ties.csv, or a file" if kind == "folder" else ""
    return f"no such {kind}{needs}{nearest_name_hint(path.name, siblings)}"

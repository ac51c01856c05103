"""The packaged networks, so that the program runs out of the box; all are synthetic."""

from __future__ import annotations

from pathlib import Path

PACKAGED = ("ahsn-a", "ahsn-b", "ahsn-c", "ahsn-d", "ahsn-e")
"""The names of the packaged networks."""


def packaged_folder(name: str) -> Path:
    """Return the folder that holds a packaged network's files.

    Parameters
    ----------
    name
        One of :data:`PACKAGED`.

    Examples
    --------
    >>> sorted(file.name for file in packaged_folder("ahsn-a").iterdir())
    ['about.toml', 'agents.csv', 'targets.toml', 'ties.csv']
    """
    return Path(__file__).parent / name


def packaged_targets(name: str) -> Path:
    """Return the file of targets from which a packaged network was made.

    Parameters
    ----------
    name
        One of :data:`PACKAGED`.
    """
    return packaged_folder(name) / "targets.toml"

"""The lines of a network as UCINET reads them in a DL file, and what they cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from diffusion.network.formats.marks import listed, lost_attributes, lost_survey
from diffusion.network.formats.ucinet_dl_header import KEYWORDS
from diffusion.network.formats.ucinet_dl_words import DIVIDER
from diffusion.network.network import DEFAULT_LAYER, Network, normalized

SYNTHETIC_TITLE = " (synthetic)"
"""What the title of a network that was generated ends with, so that UCINET shows it."""

LONGEST_LABEL = 18
"""Of longer labels UCINET itself keeps so many characters."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[^\s,=:\"!]+")
_RESERVED = {word.strip(":").casefold() for name in KEYWORDS for word in name.split()} | {"col", "embedded"}


def network_lines(network: Network, *, name: str) -> Iterator[str]:
    """Yield the lines of a network.

    Parameters
    ----------
    network
        The network.
    name
        What a reader would call it without a title.
    """
    layers = named_layers(network)
    yield f"DL n={network.size}{f' nm={len(layers)}' if layers else ''}"
    title = safe_title(network)
    if network.synthetic or title != name:
        yield f'title="{title}{SYNTHETIC_TITLE if network.synthetic else ""}"'
    yield "format = edgelist1"
    yield "labels:"
    yield ",".join(map(label, distinct(network.ids)))
    if layers:
        yield "matrix labels:"
        yield ",".join(map(label, distinct(layers)))
    yield "data:"
    for place in range(len(network.layers)):
        if place:
            yield DIVIDER
        rows = np.flatnonzero(network.layer == place)
        ends = (network.source[rows] + 1).tolist(), (network.target[rows] + 1).tolist()
        for source, target, strength in zip(*ends, network.strength[rows].tolist(), strict=True):
            yield f"{source} {target} {repr(strength).removesuffix('.0')}"


def named_layers(network: Network) -> Sequence[str]:
    """Return the names of the layers, none where the only one has no name of its own."""
    return () if network.layers == (DEFAULT_LAYER,) else network.layers


def label(text: str) -> str:
    """Return a label as it is written: in quotation marks where it would not be read as one word.

    Examples
    --------
    >>> label("ann"), label("Ann B"), label("nm")
    ('ann', '"Ann B"', '"nm"')
    """
    return text if _PLAIN.fullmatch(text) and text.casefold() not in _RESERVED else f'"{text}"'


def distinct(names: Sequence[str]) -> list[str]:
    """Return names that differ in more than letter case, without marks that would end a label.

    Examples
    --------
    >>> distinct(["ann", 'the "Trust"', "ANN"])
    ['ann', "the 'Trust'", 'ANN (2)']
    """
    clean = [safe(name) for name in names]
    reserved = {name.casefold() for name in clean}
    taken: set[str] = set()
    chosen = []
    for name in clean:
        free, again = name, 2
        while free.casefold() in taken or (again > 2 and free.casefold() in reserved):
            free, again = f"{name} ({again})", again + 1
        taken.add(free.casefold())
        chosen.append(free)
    return chosen


def safe(text: str) -> str:
    """Return a text on one line, with apostrophes for quotation marks."""
    return normalized(_CONTROL.sub(" ", text).replace('"', "'"))


def safe_title(network: Network) -> str:
    """Return what a network is called in its title, which says of no other than a synthetic one that it is."""
    name = safe(network.name)
    while not network.synthetic and name.casefold().endswith(SYNTHETIC_TITLE):
        name = name[: -len(SYNTHETIC_TITLE)].strip()
    return name


def lost(network: Network) -> list[str]:
    """Return what a DL file cannot hold of a network, or what UCINET changes in it, a line each.

    Parameters
    ----------
    network
        The network.
    """
    told = []
    if attributes := lost_attributes(network):
        told.append(f"what agents are: {', '.join(attributes)}; a folder or a workbook (.xlsx) carries them")
    told += lost_survey(network)
    names = (*network.ids, *named_layers(network))
    written = (*distinct(network.ids), *distinct(named_layers(network)))
    if changed := [name for name in (*names, network.name) if '"' in name or _CONTROL.search(name)]:
        told.append(f"quotation marks inside {listed(changed)}: apostrophes stand for them")
    if renamed := [new for old, new in zip(names, written, strict=True) if new != safe(old)]:
        told.append(
            f"names that differ in letter case alone, which UCINET takes for one: {listed(renamed)} got a number"
        )
    if network.name and safe_title(network) != safe(network.name):
        told.append('"(synthetic)" at the end of the name, for in a title it says that the network is')
    return told + _cut(written)


def _cut(labels: Sequence[str]) -> list[str]:
    """Return the line that says what UCINET itself makes of long labels."""
    long = [name for name in labels if len(name) > LONGEST_LABEL]
    if not long:
        return []
    cut = [name[:LONGEST_LABEL].casefold() for name in labels]
    equal = len(cut) - len(set(cut))
    more = f", which makes {equal:,} of them equal to another" if equal else ""
    return [f"names longer than {LONGEST_LABEL} characters, which UCINET itself cuts{more}: {listed(long)}"]

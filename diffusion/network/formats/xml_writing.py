"""A network's texts as XML 1.0 can hold them (https://www.w3.org/TR/xml/#charsets).

XML has no way to write most control characters, lone surrogates, U+FFFE and
U+FFFF; U+FFFD stands for them, the character that says that one is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diffusion.network.formats.marks import unique
from diffusion.network.network import Network

_NOT_IN_XML = re.compile("[^\\t\\n\\r -\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


@dataclass(frozen=True, slots=True)
class Sayable:
    """Hold the texts of a network, each as XML can hold it.

    Attributes
    ----------
    ids
        The ids of agents by their ids in the network.
    layers
        The names of layers by their names in the network.
    columns
        What is said of agents, by column.
    lost
        What was changed, a line each.
    """

    ids: Mapping[str, str]
    layers: Mapping[str, str]
    columns: Mapping[str, Sequence[str]]
    lost: list[str]


def sayable_texts(network: Network, columns: Mapping[str, Sequence[str]]) -> Sayable:
    """Return the texts of a network as XML can hold them, ids, layers and names of columns still all different.

    Parameters
    ----------
    network
        The network.
    columns
        What to say of its agents.
    """
    ids, layers, headers = (
        dict(zip(names, sayable_names(names), strict=True)) for names in (network.ids, network.layers, columns)
    )
    cells = {headers[name]: [*map(sayable, column)] for name, column in columns.items()}
    changed = sum(old != new for names in (ids, layers, headers) for old, new in names.items())
    changed += sayable(network.name) != network.name
    changed += sum(
        old != new
        for before, after in zip(columns.values(), cells.values(), strict=True)
        for old, new in zip(before, after, strict=True)
    )
    where = "1 text" if changed == 1 else f"{changed:,} texts"
    lost = [f"characters that XML cannot hold: \ufffd stands for them in {where}"] if changed else []
    return Sayable(ids, layers, cells, lost)


def sayable(text: str) -> str:
    r"""Return a text with U+FFFD for every character that XML cannot hold.

    Examples
    --------
    >>> sayable("a\x01b") == "a\ufffdb"
    True
    """
    return _NOT_IN_XML.sub("\ufffd", text)


def sayable_names(names: Iterable[str]) -> list[str]:
    r"""Return different names as XML can hold them, still all different.

    Examples
    --------
    >>> sayable_names(["a\ufffe", "a\uffff", "b"]) == ["a\ufffd", "a\ufffd (2)", "b"]
    True
    """
    every = list(names)
    taken = {name for name in every if sayable(name) == name}
    return [name if sayable(name) == name else unique(sayable(name), taken) for name in every]


def escaped(text: str) -> str:
    r"""Return a text as it is written between tags or inside of quotation marks, line ends kept.

    Examples
    --------
    >>> escaped('<a & "b">\n')
    '&lt;a &amp; &quot;b&quot;&gt;&#10;'
    """
    return text.translate(_ESCAPES)

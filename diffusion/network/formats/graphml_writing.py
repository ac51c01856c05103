"""Networks as GraphML that networkx, igraph and Gephi read as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from diffusion.network.formats.graph_description import description_of
from diffusion.network.formats.marks import NAME_MARK, SYNTHETIC_MARK
from diffusion.network.formats.rows import named_ties
from diffusion.network.formats.survey_text import survey_text
from diffusion.network.formats.xml_writing import Sayable, escaped, sayable, sayable_texts
from diffusion.network.network import Network

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
SURVEY_MARK = "network_survey"


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file, every tie directed and with its layer.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.

    Returns
    -------
    What could not be carried, a line each: only characters that XML cannot hold.
    """
    texts = sayable_texts(network, {"role": network.roles, **network.columns})
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD)
        file.writelines(line + "\n" for line in _lines(network, texts))
    return texts.lost


def _lines(network: Network, texts: Sayable) -> Iterator[str]:
    about = {NAME_MARK: sayable(network.name), SYNTHETIC_MARK: str(network.synthetic).lower()}
    if network.survey:
        about[SURVEY_MARK] = survey_text(network.survey)
    yield from _keys(about, texts)
    yield '  <graph edgedefault="directed">'
    yield f"    <desc>{escaped(sayable(description_of(network)))}</desc>"
    yield from (f"    {_data(key, text)}" for key, text in about.items())
    yield from _nodes(texts)
    yield from _edges(network, texts)
    yield "  </graph>"
    yield "</graphml>"


def _keys(about: Iterable[str], texts: Sayable) -> Iterator[str]:
    """Yield the keys: of the graph, of nodes by number, for no name of a column can be an id, and of edges."""
    for key in about:
        kind = "boolean" if key == SYNTHETIC_MARK else "string"
        yield f'  <key id="{key}" for="graph" attr.name="{key}" attr.type="{kind}"/>'
    for number, name in enumerate(texts.columns):
        yield f'  <key id="d{number}" for="node" attr.name="{escaped(name)}" attr.type="string"/>'
    yield '  <key id="layer" for="edge" attr.name="layer" attr.type="string"/>'
    yield '  <key id="weight" for="edge" attr.name="weight" attr.type="double"/>'


def _nodes(texts: Sayable) -> Iterator[str]:
    for row, text in enumerate(texts.ids.values()):
        data = "".join(_data(f"d{number}", cells[row]) for number, cells in enumerate(texts.columns.values()))
        yield f'    <node id="{escaped(text)}">{data}</node>'


def _edges(network: Network, texts: Sayable) -> Iterator[str]:
    ids = {name: escaped(text) for name, text in texts.ids.items()}
    layers = {name: _data("layer", text) for name, text in texts.layers.items()}
    for number, tie in enumerate(named_ties(network)):
        said = f"{layers[tie.layer]}{_data('weight', repr(tie.strength))}"
        yield f'    <edge id="e{number}" source="{ids[tie.source]}" target="{ids[tie.target]}">{said}</edge>'


def _data(key: str, text: str) -> str:
    return f'<data key="{key}">{escaped(text)}</data>' if text else ""

"""Networks as GEXF 1.3 that Gephi and networkx read as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from diffusion.network.formats.graph_description import description_of
from diffusion.network.formats.marks import NAME_MARK, marked_columns
from diffusion.network.formats.rows import named_ties
from diffusion.network.formats.survey_text import survey_text
from diffusion.network.formats.xml_writing import Sayable, escaped, sayable, sayable_texts
from diffusion.network.network import Network

SURVEY_INSTRUCTION = "diffusion-survey"
"""What the processing instruction is called that says how a network was asked for."""


def write(network: Network, path: Path) -> list[str]:
    """Write a network to a file, every tie directed and with its layer.

    The layer is the kind of an edge, by which Gephi keeps parallel edges apart,
    and its attribute ``layer``, for programs that do not know kinds.

    Parameters
    ----------
    network
        The network.
    path
        The file; what is there is overwritten.

    Returns
    -------
    What could not be carried, a line each: only characters that XML cannot
    hold, and the names of columns that mean something else.
    """
    columns, lost = marked_columns(network)
    columns[NAME_MARK] = [*map(sayable, columns[NAME_MARK])]  # so that a change of it counts once, not for every agent
    texts = sayable_texts(network, columns)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(line + "\n" for line in _lines(network, texts))
    return [*lost, *texts.lost]


def _lines(network: Network, texts: Sayable) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    if network.survey:
        text = survey_text(network.survey).replace("?>", "?\\u003e")
        yield f"<?{SURVEY_INSTRUCTION} {text}?>"
    yield '<gexf xmlns="http://gexf.net/1.3" version="1.3">'
    yield f"  <meta><description>{escaped(sayable(description_of(network)))}</description></meta>"
    yield '  <graph mode="static" defaultedgetype="directed" idtype="string">'
    yield '    <attributes class="node">'
    for number, name in enumerate(texts.columns):
        yield f'      <attribute id="c{number}" title="{escaped(name)}" type="string"/>'
    yield "    </attributes>"
    yield '    <attributes class="edge"><attribute id="layer" title="layer" type="string"/></attributes>'
    yield "    <nodes>"
    yield from _nodes(texts)
    yield "    </nodes>"
    yield "    <edges>"
    yield from _edges(network, texts)
    yield "    </edges>"
    yield "  </graph>"
    yield "</gexf>"


def _nodes(texts: Sayable) -> Iterator[str]:
    for row, text in enumerate(texts.ids.values()):
        cells = ((number, column[row]) for number, column in enumerate(texts.columns.values()))
        said = "".join(f'<attvalue for="c{number}" value="{escaped(cell)}"/>' for number, cell in cells if cell)
        node = f'id="{escaped(text)}" label="{escaped(text)}"'
        yield f"      <node {node}><attvalues>{said}</attvalues></node>"


def _edges(network: Network, texts: Sayable) -> Iterator[str]:
    ids = {name: escaped(text) for name, text in texts.ids.items()}
    layers = {name: escaped(text) for name, text in texts.layers.items()}
    for number, tie in enumerate(named_ties(network)):
        layer = layers[tie.layer]
        ends = f'source="{ids[tie.source]}" target="{ids[tie.target]}"'
        said = f'<attvalues><attvalue for="layer" value="{layer}"/></attvalues>'
        yield f'      <edge id="e{number}" {ends} kind="{layer}" weight="{tie.strength!r}">{said}</edge>'

"""What a GraphML or GEXF file says of nodes and edges, before it is decided who the agents are and what a tie is.

Both formats say the same in other words: a node has an id and any number of
attributes, an edge has two ends and any number of attributes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.formats.marks import Marks
from diffusion.network.survey import Survey


@dataclass(slots=True)
class Node:
    """Hold one node.

    Attributes
    ----------
    id
        Its id in the file.
    line
        Its line.
    values
        What is said of it, by attribute.
    label
        What is written beside it, where that is no attribute.
    parent
        The id of the node that it is part of.
    is_group
        Whether it is nothing but a frame around others.
    """

    id: str
    line: int
    values: dict[str, str]
    label: str = ""
    parent: str = ""
    is_group: bool = False


@dataclass(slots=True)
class Edge:
    """Hold one edge.

    Attributes
    ----------
    source, target
        The ids of the nodes at its ends.
    line
        Its line.
    directed
        Whether it is directed.
    values
        What is said of it, by attribute.
    """

    source: str
    target: str
    line: int
    directed: bool
    values: dict[str, str]


@dataclass(slots=True)
class Graph:
    """Hold what a file says.

    Attributes
    ----------
    path
        The file.
    nodes, edges
        Its nodes and edges, in the order of the file.
    attributes
        The names of the attributes of nodes that it declares.
    name
        What it calls the network.
    marks
        What this program wrote of the whole network, where the format has a place for it.
    survey
        How the network was asked for.
    notes
        What was lost or assumed, a line each.
    """

    path: Path
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    name: str = ""
    marks: Marks | None = None
    survey: Survey | None = None
    notes: list[str] = field(default_factory=list)

    def note(self, said: str) -> None:
        """Note what was lost or assumed."""
        self.notes.append(f"{self.path}: {said}")

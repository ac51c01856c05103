"""What the tests of GraphML share: files as networkx, igraph and yEd write them, and how to make others."""

from __future__ import annotations

from pathlib import Path

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
NETWORKX = f"""{HEAD}<key id="d3" for="edge" attr.name="weight" attr.type="double"/>
<key id="d2" for="edge" attr.name="kind" attr.type="string"/>
<key id="d1" for="node" attr.name="Role" attr.type="string"><default>firm</default></key>
<key id="d0" for="node" attr.name="beds" attr.type="long"/>
<graph edgedefault="directed">
<node id="ann"><data key="d1">manager</data><data key="d0">12</data></node>
<node id="bob"><data key="d0"/></node>
<node id="cem"/>
<edge source="ann" target="bob"><data key="d2">advice</data><data key="d3">0.5</data></edge>
<edge source="bob" target="cem" directed="false"><data key="d2">trust</data></edge>
</graph>
</graphml>
"""
IGRAPH = f"""{HEAD}<key id="g_name" for="graph" attr.name="name" attr.type="string"/>
<key id="g_Citation" for="graph" attr.name="Citation" attr.type="string"/>
<key id="v_name" for="node" attr.name="name" attr.type="string"/>
<graph id="G" edgedefault="undirected">
<data key="g_name">club</data><data key="g_Citation">Zachary 1977</data>
<node id="n0"><data key="v_name">Mr Hi</data></node>
<node id="n1"><data key="v_name">John A</data></node>
<edge source="n0" target="n1"/>
</graph></graphml>
"""
YED = f"""{HEAD.replace("xmlns=", 'xmlns:y="http://www.yworks.com/xml/graphml" xmlns=')}
<key attr.name="Description" attr.type="string" for="graph" id="d0"/>
<key for="port" id="d1" yfiles.type="portgraphics"/>
<key attr.name="url" attr.type="string" for="node" id="d4"/>
<key for="node" id="d6" yfiles.type="nodegraphics"/>
<key for="graphml" id="d7" yfiles.type="resources"/>
<key for="edge" id="d10" yfiles.type="edgegraphics"/>
<graph edgedefault="directed" id="G"><data key="d0"/>
<node id="n0" yfiles.foldertype="group"><data key="d4"/>
<data key="d6"><y:ProxyAutoBoundsNode><y:Realizers><y:GroupNode><y:NodeLabel>The trust</y:NodeLabel></y:GroupNode>
</y:Realizers></y:ProxyAutoBoundsNode></data>
<graph edgedefault="directed" id="n0:">
<node id="n0::n0"><data key="d6"><y:ShapeNode><y:NodeLabel>Ann
Berg</y:NodeLabel></y:ShapeNode></data></node>
</graph></node>
<node id="n1"><data key="d6"><y:ShapeNode><y:NodeLabel>Bob<y:LabelModel/></y:NodeLabel></y:ShapeNode></data></node>
<edge id="e0" source="n0::n0" target="n1"><data key="d10"><y:PolyLineEdge><y:EdgeLabel>tells</y:EdgeLabel>
</y:PolyLineEdge></data></edge>
</graph><data key="d7"><y:Resources/></data></graphml>
"""


def graphml(folder: Path, content: str, name: str = "region.graphml") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def in_graph(inside: str, keys: str = "", default: str = 'edgedefault="directed"') -> str:
    return f"{HEAD}{keys}<graph {default}>\n{inside}</graph></graphml>"

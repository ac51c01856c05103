"""What the tests of Network Canvas exports share: two sessions in CSV, one in GraphML, and archives of them."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha1
from pathlib import Path

from diffusion.network.formats import read_network
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network

ONE, TWO = "case1_1a2b", "case2_3c4d"

EGO = (
    ""
    "networkCanvasEgoUUID,networkCanvasCaseID,networkCanvasSessionID,networkCanvasProtocolName,sessionStart,sessionFinish,sessionExported,APP_VERSION,COMMIT_HASH,ward\r\n"
)
NODES = "nodeID,networkCanvasEgoUUID,networkCanvasUUID,name,age,race_a,race_b,layout_x,layout_y\r\n"
EDGES = (
    "edgeID,from,to,networkCanvasEgoUUID,networkCanvasUUID,networkCanvasSourceUUID,networkCanvasTargetUUID,often\r\n"
)

FIRST = {
    f"{ONE}_ego.csv": EGO + "e1,case 1,1a2b,Health,2025,2025,2025,6.5,abc,north\r\n",
    f"{ONE}_attributeList_person.csv": NODES
    + "1,e1,n1,Ann,34,true,true,0.1,0.2\r\n2,e1,n2,Bob,,false,false,,\r\n3,e1,n3,Ann,5,,,,\r\n",
    f"{ONE}_attributeList_Care home.csv": "nodeID,networkCanvasEgoUUID,networkCanvasUUID,beds\r\n4,e1,n4,12\r\n",
    f"{ONE}_edgeList_friends.csv": EDGES + "5,1,2,e1,x1,n1,n2,daily\r\n6,4,2,e1,x2,n4,n2,\r\n",
}
SECOND = {
    f"{TWO}_attributeList_person.csv": NODES + "1,e2,n1,'=Ann,51,false,true,,\r\n",
    f"{TWO}_edgeList.csv": EDGES,
}

PAIR = {
    f"{ONE}_attributeList_person.csv": "nodeID,networkCanvasEgoUUID,networkCanvasUUID\r\n1,e1,n1\r\n2,e1,n2\r\n",
    f"{ONE}_edgeList_friends.csv": EDGES + "3,1,2,e1,x1,n1,n2,\r\n",
}

MATRIX = {f"{ONE}_adjacencyMatrix_friends.csv": ",n1,n2\r\nn1,0,1\r\nn2,1,0\r\n"}

HASHES = {option: sha1(option.encode()).hexdigest() for option in ("a", "b_c")}

GRAPH = """<graph edgedefault="undirected" nc:caseId="case1" nc:sessionUUID="1a2b" nc:protocolName="Health">
<data key="networkCanvasUUID">e1</data><data key="w1">north</data>
<node id="1"><data key="networkCanvasUUID">n1</data><data key="networkCanvasType">person</data>
<data key="label">Ann</data><data key="v1">Ann</data><data key="v2"/>
<data key="v3_A">true</data><data key="v3_B">true</data></node>
<node id="2"><data key="networkCanvasUUID">n2</data><data key="networkCanvasType">person</data>
<data key="label">Node</data><data key="v2">34</data><data key="v3_A">false</data></node>
<edge id="3" source="1" target="2"><data key="networkCanvasUUID">x1</data>
<data key="networkCanvasType">friends</data><data key="networkCanvasSourceUUID">n1</data>
<data key="networkCanvasTargetUUID">n2</data><data key="u1">0.5</data><data key="u2">daily</data></edge>
</graph>
""".replace("v3_A", f"v3_{HASHES['a']}").replace("v3_B", f"v3_{HASHES['b_c']}")

GRAPHML = f"""<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:nc="http://schema.networkcanvas.com/xmlns">
<key id="label" attr.name="label" attr.type="string" for="all"/>
<key id="w1" attr.name="ward" attr.type="string" for="graph"/>
<key id="v1" attr.name="Name" attr.type="string" for="node"/>
<key id="v2" attr.name="age" attr.type="int" for="node"/>
<key id="v3_{HASHES["a"]}" attr.name="my_race_a" attr.type="boolean" for="node"/>
<key id="v3_{HASHES["b_c"]}" attr.name="my_race_b_c" attr.type="boolean" for="node"/>
<key id="u1" attr.name="strength" attr.type="double" for="edge"/>
<key id="u2" attr.name="often" attr.type="string" for="edge"/>
{GRAPH}</graphml>
"""


def archive_of(files: dict[str, str], *, encrypted: bool = False) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    made = content.getvalue()
    if encrypted:  # the flag of both headers says that a password is needed
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = made.index(mark) + offset
            made = made[:place] + bytes([made[place] | 1]) + made[place + 1 :]
    return made


def export(folder: Path, files: dict[str, str] | bytes) -> Path:
    path = folder / "export.zip"
    path.write_bytes(files if isinstance(files, bytes) else archive_of(files))
    return path


def unpacked(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "export"
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(text.encode())
    return path


def read(folder: Path, files: dict[str, str], **said) -> Network:
    return read_network(str(export(folder, files)), Path(), reading=Reading(format="network-canvas", **said))

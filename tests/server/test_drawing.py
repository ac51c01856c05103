"""What the browser draws of a network."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.server.drawing import drawing


@pytest.fixture(scope="module")
def region() -> Network:
    return read_network("ahsn-a", Path())


def test_a_network_is_drawn_once_and_the_same_for_every_run(region: Network) -> None:
    assert drawing(region) is drawing(read_network("ahsn-a", Path()))


def test_every_agent_stands_inside_the_picture_and_none_on_another(region: Network) -> None:
    made = json.loads(drawing(region))
    points = np.array([(agent["x"], agent["y"]) for agent in made["agents"]])
    assert [agent["id"] for agent in made["agents"]] == list(region.ids)
    assert (points >= 0).all()
    assert (points <= (made["width"], made["height"])).all()
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) + np.eye(len(points)) * 99
    assert apart.min() > made["mark"] * 0.6


def test_roles_differ_in_shape_and_layers_in_line_style(region: Network) -> None:
    made = json.loads(drawing(region))
    assert [role["name"] for role in made["roles"]] == ["academic", "firm", "manager"]
    assert len({role["outline"] for role in made["roles"]}) == 3
    assert all(re.fullmatch(r"[MLQCZ0-9e. -]+", role["outline"]) for role in made["roles"])
    assert [layer["name"] for layer in made["layers"]] == list(region.layers)
    assert len({tuple(layer["dashes"]) for layer in made["layers"]}) == len(region.layers)
    assert sum(layer["count"] for layer in made["layers"]) == region.tie_count


def test_a_drawing_is_plain_json_whatever_agents_are_called() -> None:
    names = ["</script><b>", '"', "\u00eb", "a"]
    network = Network.from_tables(name="<i>", ids=names, source=["a", '"'], target=['"', "\u00eb"])
    made = json.loads(drawing(network))
    assert {agent["id"] for agent in made["agents"]} == set(names)
    assert made["layers"][0]["name"] == "ties"
    assert made["synthetic"] is False


def test_one_agent_without_ties_is_a_picture_too() -> None:
    made = json.loads(drawing(Network.from_tables(name="alone", ids=["a"], source=[], target=[])))
    assert made["layers"] == []
    assert made["width"] >= 500  # or its mark would fill the page
    assert made["agents"][0]["x"] == made["width"] / 2


def test_labels_stand_inside_the_picture_and_on_no_other(region: Network) -> None:
    ids = [f"{place}, a name that is rather long for a label" for place in range(9)]
    long = Network.from_tables(name="long", ids=ids, source=[], target=[])
    for network, least in ((region, 10), (long, 7)):
        made = json.loads(drawing(network))
        assert len(made["labels"]) >= least
        boxes = []
        for label in made["labels"]:
            assert len(label["text"]) <= 30
            assert label["text"].rstrip("…") in network.ids[label["agent"]]
            half = 7.5 * 0.58 * len(label["text"]) / 2
            assert half <= label["x"] <= made["width"] - half
            boxes.append((label["x"] - half, label["x"] + half, label["y"]))
        for place, (left, right, y) in enumerate(boxes):
            assert not any(left < r and s < right and abs(y - other) < 7 for s, r, other in boxes[:place])


def test_wide_letters_are_given_their_room() -> None:
    [wide], [plain] = (
        json.loads(drawing(Network.from_tables(name=name, ids=[name * 3], source=[], target=[])))["labels"]
        for name in ("\u674e\u5c0f\u9f99", "abc")
    )
    assert wide["x"] - 250 > 1.3 * (plain["x"] - 250)

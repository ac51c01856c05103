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
    assert made["width"] > 0

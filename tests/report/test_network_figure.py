"""The picture of a network: what it shows, that labels never overlap, and that its bytes never change."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from generated import networks
from graphs import complete, network_of, path, random_network, star
from hypothesis import given, settings
from hypothesis import strategies as st
from real_networks import dhhs_tobacco_leaders, needs_real_networks

from diffusion.errors import InputError
from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.report.figure_legend import cut, legend, text_size, wrapped
from diffusion.report.figure_page import page_of
from diffusion.report.figure_ties import arrow_heads, tie_lines, without_heads
from diffusion.report.labels import placed_labels
from diffusion.report.marks import dashes, mark
from diffusion.report.network_figure import draw_network

AHSN = read_network("ahsn-a", Path())
SMALL = random_network(20, 40, 3)


def drawn(network, folder, suffix=".svg", **how):
    file = folder / f"figure{suffix}"
    notes = draw_network(network, file, **how)
    return file.read_bytes(), notes


def texts_of(svg):
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_network_makes_the_same_bytes(tmp_path, suffix):
    first = drawn(SMALL, tmp_path, suffix)
    again = replace(SMALL)  # nothing that was computed for the first is kept
    assert drawn(again, tmp_path, suffix) == first


def test_no_file_holds_a_date(tmp_path):
    for suffix in (".svg", ".pdf"):
        assert not re.search(rb"dc:date|CreationDate|ModDate", drawn(path(3), tmp_path, suffix)[0])


def test_a_small_network_has_all_its_labels_and_legends_of_roles_and_layers(tmp_path):
    texts = texts_of(drawn(SMALL, tmp_path)[0])
    assert set(SMALL.ids) <= set(texts)
    assert texts[0] == "random"
    assert {f"{role} ({SMALL.roles.count(role)})" for role in SMALL.role_names} <= set(texts)
    assert any(text.startswith("formal (") for text in texts)
    assert "Arrows show where knowledge flows one way; lines without, both ways." in texts


def test_a_large_network_has_the_labels_of_those_from_whom_most_learn(tmp_path):
    texts = texts_of(drawn(AHSN, tmp_path)[0])
    degrees = AHSN.out_alters.degrees
    shown = [AHSN.index[text] for text in texts if text in AHSN.index]
    assert len(shown) == 10
    assert min(degrees[shown]) >= sorted(degrees.tolist())[-10]


def test_a_synthetic_network_is_called_so_in_its_picture(tmp_path):
    said = "Synthetic network: made from assumptions, not observed"
    assert said in texts_of(drawn(AHSN, tmp_path)[0])
    assert not any("ynthetic" in text for text in texts_of(drawn(SMALL, tmp_path)[0]))
    narrow = texts_of(drawn(AHSN, tmp_path, width_mm=60)[0])
    assert any(text.startswith("Synthetic network") for text in narrow)


def test_an_undirected_network_has_no_arrows(tmp_path):
    assert "Knowledge flows both ways along every line." in texts_of(drawn(star(6), tmp_path)[0])


def test_names_are_drawn_as_they_are_and_long_ones_are_cut_and_told(tmp_path):
    long = "Health Innovation Network of the whole North"
    network = Network.from_tables(
        name="$x$ <&>", ids=["$a_1$ & $b$", "<b>", long], source=["<b>"], target=[long], roles=["r$1$", "x", ""]
    )
    svg, notes = drawn(network, tmp_path)
    texts = texts_of(svg)
    assert {"$x$ &lt;&amp;&gt;", "$a_1$ &amp; $b$", "&lt;b&gt;", "Health Innovation Netwo…", "r$1$ (1)"} <= set(texts)
    assert notes == ["labels are cut after 24 letters; 1 is longer"]


def test_letters_that_the_font_lacks_are_told_and_are_in_the_svg(tmp_path):
    network = Network.from_tables(name="n", ids=["知识", "Zoë"], source=[], target=[])
    svg, notes = drawn(network, tmp_path)
    assert "知识" in texts_of(svg)
    assert notes == ["the font of the figure lacks letters of 1 label; an .svg shows them"]
    drawn(network, tmp_path, ".png")


def test_the_users_own_style_changes_nothing_and_is_kept(tmp_path):
    first = drawn(SMALL, tmp_path)
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "axes.facecolor": "red"}):
        assert drawn(SMALL, tmp_path) == first
        assert mpl.rcParams["font.size"] == 30


@settings(max_examples=20)
@given(networks(), st.sampled_from([60, 84, 174]))
def test_every_network_fits_on_its_page(network, width_mm):
    page = page_of(network, width_mm / 25.4 * 72)
    assert (page.points >= 0).all()
    assert (page.points[:, 0] <= page.width).all()
    assert (page.points[:, 1] <= page.height).all()
    assert page.points[:, 1].min() > page.legend.height


@pytest.mark.parametrize("network", [SMALL, AHSN, complete(30), network_of(40, []), network_of(1, [])])
def test_marks_do_not_lie_on_one_another(network):
    page = page_of(network, 493)
    apart = np.linalg.norm(page.points[:, None] - page.points, axis=2) + 1e9 * np.eye(network.size)
    assert apart.min() > page.mark


def boxes_of(labels, sizes):
    return np.array(
        [(at.x - w / 2, at.y - h / 2, at.x + w / 2, at.y + h / 2) for at, (w, h) in zip(labels, sizes, strict=True)]
    )


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200)), min_size=1, max_size=40, unique=True))
def test_labels_never_overlap_and_stay_on_the_page(places):
    marks = np.array(places, dtype=float)
    sizes = np.tile([30.0, 8.0], (len(marks), 1))
    lines = np.hstack([marks[:-1], marks[1:]])
    order = list(range(len(marks)))
    found = placed_labels(marks, 4, order, sizes, bounds=(300, 200), lines=lines)
    boxes = boxes_of(found, sizes[: len(found)])
    if len(boxes):
        assert boxes.min() >= 0
        assert (boxes[:, 2:] <= (300, 200)).all()
    for place, (left, bottom, right, top) in enumerate(boxes):
        for other in boxes[:place]:
            assert right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= bottom
    assert len(found) >= min(len(marks), 20)


@needs_real_networks
def test_all_leaders_in_tobacco_control_have_their_label(tmp_path):
    for level in (1, 4):
        network = dhhs_tobacco_leaders(level)
        svg, notes = drawn(network, tmp_path)
        assert set(network.ids) <= set(texts_of(svg))
        assert notes == []


def test_a_mutual_tie_is_one_line_and_layers_run_side_by_side():
    network = Network.from_tables(
        name="n", ids=["a", "b"], source=["a", "b", "a"], target=["b", "a", "b"], layer=["x", "x", "y"]
    )
    lines = tie_lines(network, np.array([[0.0, 0.0], [100.0, 0.0]]), 4)
    assert (lines.layer.tolist(), lines.one_way.tolist()) == ([0, 1], [False, True])
    assert lines.ends[:, [0, 2]].tolist() == [[4.4, 95.6], [4.4, 95.6]]
    assert lines.ends[0, 1] == -lines.ends[1, 1] != 0


def test_an_arrow_points_where_knowledge_flows_and_its_line_ends_behind_its_tip():
    network = Network.from_tables(name="n", ids=["a", "b"], source=["b"], target=["a"])
    lines = tie_lines(network, np.array([[0.0, 0.0], [100.0, 0.0]]), 4)
    [[tip, _, _]] = arrow_heads(lines, 3.0)
    assert tip.tolist() == [4.4, 0.0]
    assert without_heads(lines, 3.0)[0, 2] > 4.4 + 2


def test_84_roles_look_different_and_neighbouring_layers_too():
    assert len({mark(role)[:2] for role in range(84)}) == 84
    assert len({dashes(layer, 0.5) for layer in range(6)}) == 6


def test_a_legend_flows_into_rows_and_texts_are_cut_to_the_page():
    made = legend([("role", [f"role number {place}" for place in range(9)]), ("note", ["said"])], 200)
    rows = sorted({entry.below for entry in made.entries})
    assert len(rows) > 3
    assert all(entry.x + text_size(entry.text, 7.5)[0] <= 200 for entry in made.entries)
    assert cut("a" * 100, 50, 7).endswith("…")
    assert " ".join(wrapped("one two three " * 9, 80)) == ("one two three " * 9).strip()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("figure.jpg", "figure.jpg: the name of a figure must end in .png, .svg or .pdf"),
        ("no/figure.svg", "no/figure.svg: there is no folder"),
    ],
)
def test_a_file_that_cannot_be_is_refused(tmp_path, file, message):
    with pytest.raises(InputError) as error:
        draw_network(SMALL, tmp_path / file)
    assert str(error.value).startswith(f"{tmp_path}/{message}")


def test_a_network_too_large_for_a_picture_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"a figure shows at most 3,000 agents, and made has 3,001; draw a part"):
        draw_network(network_of(3001, []), tmp_path / "figure.svg")

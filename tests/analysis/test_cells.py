"""How swept values are told."""

from __future__ import annotations

from diffusion.analysis.cells import cell_phrase


def test_distributions_and_tables_are_read_aloud():
    assert cell_phrase({"adoption.threshold": {"beta": [2.0, 8.0]}}) == "adoption.threshold = beta(2, 8)"
    assert cell_phrase({"ties.layers": {"formal": 1.0, "informal": 0.5}}) == "ties.layers = formal 1 informal 0.5"
    assert cell_phrase({"leaders.roles": ["firm", "manager"]}) == "leaders.roles = firm, manager"
    assert cell_phrase({"adoption": {"rule": "contagion"}}) == "adoption by contagion"
    assert cell_phrase({}) == ""

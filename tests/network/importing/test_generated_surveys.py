"""Whatever network a sheet of any shape was made from, importing the sheet gives it back."""

from __future__ import annotations

import csv
import io

from formats import PLAIN_NAMES, networks, ties_of
from hypothesis import given
from surveys import read_survey, survey_of

NETWORKS = networks(names=PLAIN_NAMES, cells=PLAIN_NAMES, layers=PLAIN_NAMES)
HEAD = 'question = "tell"\n[respondents]\nfile = "people.csv"\nid = "id"\nrole = "role"\n'


def text(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def people(network):
    return text([("id", "role"), *zip(network.ids, network.roles, strict=True)])


def assert_same(imported, network):
    assert (imported.ids, imported.roles) == (network.ids, network.roles)
    assert ties_of(imported) == ties_of(network)
    assert (
        survey_of(imported).repeats == survey_of(imported).self_nominations == survey_of(imported).not_interviewed == 0
    )


@given(NETWORKS)
def test_a_long_sheet(network):
    recipe = (
        HEAD + '[[nominations]]\nfile = "ties.csv"\nshape = "long"\nego = "e"\nalter = "a"\nstrength = "s"\n'
        'layers = { column = "l" }\n'
    )
    rows = [("e", "a", "l", "s"), *ties_of(network)]
    if len(rows) > 1:
        assert_same(read_survey(recipe, people=people(network), ties=text(rows)), network)


@given(NETWORKS)
def test_a_wide_sheet(network):
    """Each respondent has a row, each nomination a column for the name, the layer and the strength."""
    own = {who: [tie[1:] for tie in ties_of(network) if tie[0] == who] for who in network.ids}
    most = max(map(len, own.values()))
    columns = [f"{kind}{number}" for number in range(most) for kind in ("name", "layer", "strength")]
    rows = [("who", *columns)]
    for who, ties in own.items():
        cells = [str(cell) for tie in ties for cell in tie]
        rows.append((who, *cells, *[""] * (3 * most - len(cells))))
    recipe = HEAD + (
        '[[nominations]]\nfile = "wide.csv"\nshape = "wide"\nego = "who"\nalters = "name#"\nstrength = "strength#"\n'
        'layers = { column = "layer#" }\n'
    )
    if most:
        assert_same(read_survey(recipe, people=people(network), wide=text(rows)), network)


@given(networks(names=PLAIN_NAMES, cells=PLAIN_NAMES, layers=PLAIN_NAMES))
def test_a_matrix_a_layer(network):
    sheets, recipe = {}, HEAD
    for place, layer in enumerate(network.layers):
        cells = {(tie[0], tie[1]): tie[3] for tie in ties_of(network) if tie[2] == layer}
        rows = [[who, *(cells.get((who, alter), 0) for alter in network.ids)] for who in network.ids]
        sheets[f"m{place}"] = text([["", *network.ids], *rows])
        recipe += f'[[nominations]]\nfile = "m{place}.csv"\nshape = "matrix"\nlayer = "{layer}"\n'
    if sheets:
        assert_same(read_survey(recipe, people=people(network), **sheets), network)

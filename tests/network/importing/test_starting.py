"""The first recipe that is written by looking at a sheet: it always loads, and is right where a sheet is plain."""

from __future__ import annotations

import pytest
from formats import CELLS
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.formats import read_network
from diffusion.network.importing.recipe import load_recipe
from diffusion.network.importing.starting import first_recipe

NAMES = ["Ann Lee", "Ben Ode", "Cat Fox", "Dan Roe", "Eva Poe", "Fay Low", "Gus Orr", "Hal Ives", "Ida Nye"]


def started(tmp_path, text, name="sheet.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    recipe = tmp_path / "first.toml"
    recipe.write_text(first_recipe(path), encoding="utf-8")
    load_recipe(recipe)
    return recipe.read_text(encoding="utf-8")


def rows(*columns):
    return "".join(",".join(map(str, row)) + "\n" for row in zip(*columns, strict=True))


def test_nominees_written_by_name_are_found_by_the_column_of_names(tmp_path):
    turned = NAMES[1:] + NAMES[:1]
    text = started(
        tmp_path,
        "staff_no,full_name,role,hospital,alter1,freq1,alter2,freq2,email\n"
        + rows(
            range(101, 110), NAMES, ["GP"] * 9, ["T", "U", "T"] * 3, turned, [1, 2, 3] * 3, [""] * 9, [""] * 9, "a" * 9
        ),
    )
    assert '\nid = "staff_no"\nname = "full_name"' in text
    assert '\nrole = "role"\ncolumns = { organisation = "hospital" }' in text
    assert '\nidentifying = "email"' in text
    assert '\nalters = "alter#"    # 2 columns: alter1, alter2' in text
    assert "100% of the nominees are found among the respondents" in text
    assert '\nstrength = "freq#"\nstrengths = "divide-by-max"' in text
    network = read_network(str(tmp_path / "first.toml"), tmp_path)
    assert (network.size, network.tie_count) == (9, 9)


def test_the_share_of_nominees_that_letter_case_and_blanks_hide_is_told(tmp_path):
    turned = [name.upper() for name in NAMES[1:] + NAMES[:1]]
    text = started(tmp_path, "id,name,turn1,turn2\n" + rows(range(9), NAMES, turned, NAMES[:3] + [""] * 6))
    assert "25% of the nominees are found among the respondents" in text
    assert '100% are found with match = "spacing-and-case", below' in text
    plain = started(tmp_path, "id,name,turn1,turn2\n" + rows(range(9), NAMES, NAMES[1:] + NAMES[:1], [""] * 9))
    assert "are found with match" not in plain


@pytest.mark.parametrize("header", ["ego_id,alter1,alter2,closeness", "Respondent,a,b,how close", "egoID,from,to,w"])
def test_ties_between_alters_are_known_and_make_a_stack_of_personal_networks(tmp_path, header):
    text = started(tmp_path, header + "\n1,1,2,3\n1,1,3,1\n2,1,2,2\n")
    assert "like ties between the alters of each respondent" in text
    network = read_network(str(tmp_path / "first.toml"), tmp_path)
    assert network.survey
    assert network.survey.ego_networks
    assert {name: int((network.layer == place).sum()) for place, name in enumerate(network.layers)} == {
        "named": 5,
        "tie": 6,
    }


def test_several_questions_make_several_layers(tmp_path):
    turned = NAMES[1:] + NAMES[:1]
    text = started(tmp_path, "name,advice_1,advice_2,friend_1,friend_2\n" + rows(NAMES, turned, NAMES, turned, turned))
    assert '\nalters = "advice_#"' in text
    assert '\nlayer = "advice"\n' in text
    assert '\nlayer = "friend"\n' in text


def test_a_long_sheet_is_known_by_its_columns(tmp_path):
    text = started(tmp_path, "respondent,nominee,how_often,kind\na,b,1,advice\nb,a,5,advice\na,c,3,friendship\n")
    assert 'shape = "long"\nego = "respondent"\nalter = "nominee"\nstrength = "how_often"' in text
    assert "# strengths = { 1 = 0.2, 3 = 0.6, 5 = 1 }" in text
    assert 'layers = { column = "kind" }' in text


def test_a_matrix_is_known_by_its_names(tmp_path):
    text = started(tmp_path, ",a,b,c\na,0,3,1\nb,1,0,0\nc,0,0,0\n")
    assert 'shape = "matrix"' in text
    assert 'strengths = "divide-by-max"' in text
    assert read_network(str(tmp_path / "first.toml"), tmp_path).tie_count == 3


def test_survey_programs_further_headers_are_seen(tmp_path):
    text = started(
        tmp_path,
        'id,Q5_1,Q5_2\nWho are you?,Name,Name\n"{""ImportId"":""QID1""}",x,y\n' + rows(NAMES, NAMES[::-1], NAMES[::-1]),
    )
    assert "ignore_lines = [2, 3]" in text
    assert '\nalters = "Q5_#"' in text


def test_an_encoding_that_was_guessed_is_told(tmp_path):
    (tmp_path / "s.csv").write_bytes("ego,alter\nZo\xeb,b\nb,Zo\xeb\n".encode("cp1252"))
    assert "# s.csv:2: this is not UTF-8, so the file was read as Windows-1252" in first_recipe(tmp_path / "s.csv")


def test_what_cannot_be_told_is_said(tmp_path):
    text = started(tmp_path, "x\n1\n")
    assert "What the sheet holds could not be told" in text


@pytest.mark.parametrize("text", ["", "a,b\n", 'a\n"b'])
def test_a_sheet_that_cannot_be_read_is_a_problem(tmp_path, text):
    with pytest.raises(InputError, match=r"sheet\.csv"):
        started(tmp_path, text)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=2, max_size=5))
def test_a_first_recipe_loads_whatever_the_sheet_holds(tmp_path_factory, table):
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    lines: tuple[str, ...] = ()
    try:
        started(tmp_path_factory.mktemp("sheet"), text)
    except InputError as error:
        lines = error.problems
    assert all("sheet.csv" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("n.gml", "this is no sheet but GML, which needs no recipe: see network show and convert"),
        ("n.sav", "data of SPSS are not read; save them there as CSV or Excel"),
        ("n.ods", "sheets are read from .xlsx and CSV"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(tmp_path, name, said):
    (tmp_path / name).write_bytes(b"graph [ node [ id 1 ] ]" if name == "n.gml" else b"$FL2 PK")
    with pytest.raises(InputError) as caught:
        first_recipe(tmp_path / name)
    [line] = caught.value.problems
    assert line.startswith(f"{tmp_path / name}: {said}")

"""What is said of recipes and sheets that cannot be used: everything at once, with file, line and key."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from formats import assert_answers, damaged
from hypothesis import given
from hypothesis import strategies as st
from surveys import survey_problems, write_survey

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.tables import Reading
from diffusion.network.network import Network

GOOD = """question = "turn-to"
[respondents]
file = "survey.csv"
id = "id"
[[nominations]]
shape = "wide"
alters = "friend#"
strength = "how#"
strengths = { 1 = 0.5, 2 = 1 }
"""
SHEET = "id,friend1,how1,friend2,how2\nann,ben,1,cat,2\nben,ann,2,,\ncat,,,,\n"


def test_a_question_that_the_recipe_states_is_not_stated_again(tmp_path: Path):
    path = write_survey(tmp_path, GOOD, survey=SHEET)
    with pytest.raises(InputError, match=r"the file states the question that was asked; leave out --direction$"):
        read_network(str(path), Path(), reading=Reading(direction="tell"))


def test_every_key_that_is_wrong_is_told_at_once():
    recipe = """nam = "x"
question = "who"
[respondents]
file = "survey.csv"
id = 5
role = 3
columns = { organisation = 5 }
answered = { colum = "a" }
[[nominations]]
file = "ties.csv"
shape = "pair"
strengths = "divide"
no_tie = 3
header = 0
[names]
match = "x"
"""
    assert survey_problems(recipe) == [
        'recipe.toml:1: nam: unknown key; did you mean "name"?',
        'recipe.toml:2: question: must be one of "turn-to", "tell" or "work-with"; got "who"',
        "recipe.toml:5: respondents.id: must be the name of a column, or a list of such names; got 5",
        'recipe.toml:6: respondents.role: must be the name of a column, or a table such as { column = "…" }; got 3',
        (
            'recipe.toml:7: respondents.columns: must be a table such as { organisation = "agency" }, a list of '
            'columns, or "all"; got { organisation = 5 }'
        ),
        "recipe.toml:8: respondents.answered.column: is missing",
        'recipe.toml:8: respondents.answered.colum: unknown key; did you mean "column"?',
        'recipe.toml:11: nominations[1].shape: must be one of "wide", "long", "pairs" or "matrix"; got "pair"',
        (
            "recipe.toml:12: nominations[1].strengths: must be a table such as { weekly = 0.75, daily = 1 }, "
            '"divide-by-max", or "divide-by-5" with the top of the scale; got "divide"'
        ),
        "recipe.toml:13: nominations[1].no_tie: must be a list of answers as the sheet has them; got 3",
        "recipe.toml:14: nominations[1].header: must be a number at least 1; got 0",
        'recipe.toml:16: names.match: must be one of "exact", "spacing-and-case" or "within-ego"; got "x"',
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("turn-to", ""), 'recipe.toml:1: question: must be one of "turn-to", "tell" or "work-with"; got ""'),
        (
            ('question = "turn-to"', ""),
            (
                'recipe.toml:5: nominations[1]: question is missing: "turn-to", "tell" or "work-with", here or at the '
                "head of the recipe"
            ),
        ),
        (
            ('alters = "friend#"', ""),
            "recipe.toml:5: nominations[1]: alters is missing; a sheet of shape wide needs it",
        ),
        (
            ('"how#"', '"h#"'),
            'recipe.toml:8: nominations[1].strength: no column that matches "h#" goes with the column',
        ),
        (
            ('strength = "how#"', ""),
            "recipe.toml:9: nominations[1].strengths: needs strength, the column of the answers that it speaks of",
        ),
        (
            ("0.5", "5"),
            "recipe.toml:9: nominations[1].strengths: must be a strength of at least 0 and at most 1 for",
        ),
        (
            ('"survey.csv"', '"surveys.csv"'),
            'recipe.toml:3: respondents.file: there is no file "surveys.csv" beside it; ',
        ),
        (('id = "id"', 'id = "ident"'), 'recipe.toml:4: respondents.id: survey.csv has no column "ident"; it has id, '),
        (
            ('id = "id"', 'id = ["id", "how"]'),
            'recipe.toml:4: respondents.id[2]: survey.csv has no column "how"; did you',
        ),
        (
            ('"friend#"', '"net#"'),
            'recipe.toml:7: nominations[1].alters: survey.csv has no columns that match "net#"; ',
        ),
        (('"friend#"', '"*"'), "recipe.toml:7: nominations[1].alters: also matches the respondent's own column"),
        (
            ('shape = "wide"', 'shape = "pairs"'),
            "recipe.toml:7: nominations[1].alters: does not go with shape pairs, only",
        ),
        (
            ('id = "id"', 'id = "id"\nasked = 2'),
            "recipe.toml:5: respondents.asked: must be at least 3, how many answered; ",
        ),
        (
            ('id = "id"', 'id = "id"\nheader = 9'),
            "recipe.toml:5: respondents.header: line 9 of survey.csv is blank or not",
        ),
        (
            ('id = "id"', 'id = "id"\ncolumns = { role = "id" }'),
            'recipe.toml:5: respondents.columns.role: "role" has a ',
        ),
        (
            ("shape", 'within = "id"\nshape'),
            "recipe.toml:6: nominations[1].within: must be all columns of the respondent's",
        ),
        (
            ("strength ", 'layer = "a"\nlayers = {column = "id"}\nstrength '),
            "recipe.toml:9: nominations[1].layers: does not",
        ),
    ],
)
def test_what_is_wrong_with_a_recipe_is_told_with_its_line_and_key(change, problem):
    found = survey_problems(GOOD.replace(*change), survey=SHEET)
    assert any(line.startswith(problem) for line in found), found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("ben,ann", "ann,ben"), 'survey.csv:3: the id "ann" was given in line 2; ids must be unique; if it repeats '),
        (("ben,ann", ",ann"), 'survey.csv:3: the id is blank (column "id"); give everybody one'),
        (("cat,,,,", "cat,,,,,x"), "survey.csv:4: the row has 6 cells, the header 5"),
        (("1,cat", "7,cat"), 'survey.csv:2: the answer "7" has no strength; strengths lists 1, 2'),
        ((SHEET, "id,friend1,how1\n"), "survey.csv:1: there are no rows under the header"),
        ((SHEET, ""), "survey.csv: the file is empty"),
        (
            ("friend2,how2", "friend1,how2"),
            'recipe.toml:7: nominations[1].alters: survey.csv has several columns "friend1"; rename all but one',
        ),
        ((SHEET, 'id,friend1\n"ann,ben\n'), "survey.csv:2: a quotation mark is not closed"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_told_with_its_line(change, problem):
    found = survey_problems(GOOD, survey=SHEET.replace(*change))
    assert any(line.startswith(problem) for line in found), found


def test_a_respondent_on_no_list_is_told_with_the_nearest_name():
    recipe = (
        'question = "tell"\n[respondents]\nfile = "survey.csv"\nid = "id"\n'
        '[[nominations]]\nfile = "ties.csv"\nshape = "long"\nego = "e"\nalter = "a"\n'
    )
    assert survey_problems(recipe, survey="id\nanna\nben\n", ties="e,a\nana,ben\n") == [
        (
            'ties.csv:2: the respondent "ana" is on no list of people; mend the id, or add a row to the list of '
            'people; did you mean "anna"?'
        )
    ]


def test_ids_of_several_cells_that_come_out_alike_are_a_problem():
    recipe = (
        'question = "tell"\n[respondents]\nfile = "s.csv"\nid = ["v", "n"]\n'
        '[[nominations]]\nshape = "wide"\nalters = ["a"]'
    )
    assert survey_problems(recipe, s="v,n,a\n1-1,2,\n1,1-2,\n") == [
        (
            's.csv:3: the id "1-1-2" was given in line 2, of other cells; choose another join in the recipe than '
            '"-"; ids must be unique'
        )
    ]


def test_aliases_that_say_two_things_are_a_problem():
    recipe = GOOD + '[names]\naliases = "aliases.csv"\n'
    assert survey_problems(recipe, survey=SHEET, aliases="written,id\nx,ann\nx,ben\ny\n") == [
        'aliases.csv:3: "x" already stands for "ann"; keep one row',
        "aliases.csv:4: the row must have two cells: a name as it was written, and the id or name it stands for",
    ]


def test_a_role_that_a_scenario_could_not_name_is_a_problem():
    recipe = GOOD.replace('id = "id"', 'id = "id"\nrole = "job"')
    assert survey_problems(recipe, survey="id,job,friend1,how1\nann,beta,,\n") == [
        'survey.csv:2: "beta" is reserved and cannot be a role; rename it'
    ]


def test_a_network_cannot_be_written_as_a_recipe(tmp_path):
    pair = Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"])
    with pytest.raises(InputError, match="networks are not written as import recipe"):
        write_network(pair, tmp_path / "x.toml", format_name="recipe")


@given(damaged(GOOD.encode()))
def test_whatever_a_recipe_holds_the_answer_is_a_network_or_problems(content):
    assert_answers(content, "recipe.toml", "recipe", beside={"survey.csv": SHEET.encode()})


@given(damaged(SHEET.encode()))
def test_whatever_a_sheet_holds_the_answer_is_a_network_or_problems(content):
    assert_answers(GOOD.encode(), "recipe.toml", "recipe", beside={"survey.csv": content})


VALUES = st.recursive(
    st.sampled_from(['""', '"id"', '"friend#"', "0", "1", "-1", "0.5", "nan", "true", "[]", "{}", "1979-05-27", '"*"']),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda parts: f"[{', '.join(parts)}]"),
        inner.map(lambda part: f"{{ column = {part} }}"),
    ),
    max_leaves=3,
)
KEYS = [
    "file",
    "sheet",
    "header",
    "ignore_lines",
    "shape",
    "question",
    "ego",
    "alter",
    "alters",
    "first",
    "second",
    "split",
    "within",
    "nobody",
    "strength",
    "strengths",
    "blank",
    "no_tie",
    "at_least",
    "layer",
    "layers",
    "alter_role",
    "alter_columns",
    "most_names",
    "id",
    "name",
    "role",
    "columns",
    "identifying",
    "asked",
    "answered",
    "time_of_adoption",
]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(KEYS), VALUES), min_size=1, max_size=2))
def test_whatever_a_key_is_given_the_answer_is_a_network_or_problems(lines):
    text = GOOD.splitlines()
    for place, key, value in lines:
        text = [line for line in text if not line.startswith(f"{key} =")]
        text.insert(place, f"{key} = {value}")
    assert_answers("\n".join(text).encode(), "recipe.toml", "recipe", beside={"survey.csv": SHEET.encode()})


def test_the_sheets_of_a_folder_that_is_not_there_are_a_problem():
    with TemporaryDirectory() as folder:
        path = Path(folder, "recipe.toml")
        path.write_text(GOOD.replace("survey.csv", "a\\u0000b/c.csv"))
        with pytest.raises(InputError, match="there is no file"):
            read_network(str(path), Path())

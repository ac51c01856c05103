"""How answers become strengths and layers."""

from __future__ import annotations

import pytest
from formats import ties_of
from surveys import read_survey, survey_problems

LONG = """
question = "tell"
[[nominations]]
file = "ties.csv"
shape = "long"
ego = "ego"
alter = "alter"
strength = "how"
"""


def strengths(network):
    return [strength for *_, strength in ties_of(network)]


def test_a_table_says_what_each_answer_stands_for():
    recipe = LONG + 'strengths = { "once a week" = 0.5, daily = 1, never = 0 }\n'
    network = read_survey(recipe, ties="ego,alter,how\na,b,Once a  week\nb,a,DAILY\na,c,never\n")
    assert strengths(network) == [0.5, 1]
    assert "ties.csv: 1 tie was left out: the answer says that there is no tie" in network.notes


def test_an_answer_that_is_not_in_the_table_is_told_once_with_its_count():
    recipe = LONG + "strengths = { 1 = 0.5, 2 = 1 }\n"
    assert survey_problems(recipe, ties="ego,alter,how\na,b,1\nb,a,3\na,c,3\n") == [
        'ties.csv:3: the answer "3" has no strength; strengths lists 1, 2 (1 more)'
    ]


def test_numbers_are_divided_by_the_largest_answered_or_by_the_top_of_the_scale():
    sheet = "ego,alter,how\na,b,1\nb,a,2\na,c,99\n"
    by_largest = read_survey(LONG + 'strengths = "divide-by-max"\nno_tie = [99]\n', ties=sheet)
    assert strengths(by_largest) == [0.5, 1]
    assert "ties.csv: strengths were divided by 2, the largest answered" in by_largest.notes
    assert strengths(read_survey(LONG + 'strengths = "divide-by-5"\nno_tie = [99]\n', ties=sheet)) == [0.2, 0.4]


def test_a_strength_above_1_is_a_problem_that_says_what_to_do():
    assert survey_problems(LONG, ties="ego,alter,how\na,b,1\nb,a,2\n") == [
        (
            'ties.csv:3: the strength must be at least 0 and at most 1, not 2; strengths = "divide-by-max" divides by '
            "the largest"
        )
    ]


def test_a_blank_answer_is_a_problem_until_the_recipe_says_what_it_stands_for():
    sheet = "ego,alter,how\na,b,\nb,a,4\n"
    recipe = LONG + 'strengths = "divide-by-max"\n'
    assert survey_problems(recipe, ties=sheet) == [
        "ties.csv:2: the strength is blank; say in the recipe what a blank stands for: blank = 0.5"
    ]
    assert strengths(read_survey(recipe + "blank = 0.25\n", ties=sheet)) == [0.25, 1]


def test_what_is_no_number_is_a_problem():
    assert survey_problems(LONG, ties="ego,alter,how\na,b,often\n") == [
        'ties.csv:2: the strength must be a number, not "often"; if it is an answer, list it in strengths'
    ]


def test_decimal_commas_are_understood_where_cells_are_separated_by_semicolons():
    assert strengths(read_survey(LONG, ties="ego;alter;how\na;b;0,5\n")) == [0.5]


def test_weak_ties_may_be_left_out():
    recipe = LONG + 'strengths = "divide-by-4"\nat_least = 3\n'
    network = read_survey(recipe, ties="ego,alter,how\na,b,1\nb,a,3\na,c,4\n")
    assert strengths(network) == [1, 0.75]
    assert network.notes[0] == "ties.csv: 1 tie was left out: the answer was below 3, the least that is kept"


LAYERS = LONG.replace('strength = "how"\n', "")


def test_layers_follow_from_answers():
    recipe = LAYERS + 'layers = { column = "how", answers = { 1 = "informal", 2 = "formal" } }\n'
    network = read_survey(recipe, ties="ego,alter,how\na,b,1\nb,a,2.0\nb,a,\n")
    assert [layer for _, _, layer, _ in ties_of(network)] == ["informal", "formal", "tie"]
    assert network.notes[0] == 'ties.csv: 1 tie without a layer is in the layer "tie"'
    assert survey_problems(recipe, ties="ego,alter,how\na,b,3\n") == [
        'ties.csv:2: the answer "3" has no layer; layers.answers lists 1, 2'
    ]


def test_layers_may_be_called_as_the_column_calls_them():
    recipe = LAYERS + 'layers = { column = "how" }\n'
    assert read_survey(recipe, ties="ego,alter,how\na,b,x\nb,a,y\n").layers == ("x", "y")


def test_the_cells_of_a_matrix_are_answers():
    recipe = 'question = "tell"\n[[nominations]]\nfile = "m.csv"\nshape = "matrix"\n'
    sheet = "who,a,b\na,,2\nb,1,\n"
    network = read_survey(recipe + 'strengths = "divide-by-max"\n', m=sheet)
    assert ties_of(network) == [("a", "b", "tie", 1), ("b", "a", "tie", 0.5)]
    by_layer = read_survey(
        recipe + 'strengths = { 1 = 1, 2 = 1 }\nlayers = { answers = { 1 = "x", 2 = "y" } }\n', m=sheet
    )
    assert ties_of(by_layer) == [("a", "b", "y", 1), ("b", "a", "x", 1)]
    assert survey_problems(recipe, m=sheet)[0].startswith("m.csv:2: the strength must be at least 0 and at most 1")


PEOPLE = """
question = "tell"
[respondents]
file = "survey.csv"
id = "id"
{further}
[[nominations]]
shape = "wide"
alters = ["friend"]
"""


def test_answers_may_stand_for_roles():
    recipe = PEOPLE.format(further='role = { column = "job", answers = { GP = "clinician", nurse = "clinician" } }')
    assert read_survey(recipe, survey="id,job,friend\na,gp,b\nb,Nurse,a\n").roles == ("clinician", "clinician")
    assert survey_problems(recipe, survey="id,job,friend\na,gp,b\nb,cook,a\n") == [
        'survey.csv:3: the answer "cook" stands for no role; add it to answers in the recipe'
    ]


@pytest.mark.parametrize("further", ['role = { value = "manager" }', 'role = "job"'])
def test_a_role_is_a_column_or_one_value_for_all(further):
    sheet = "id,job,friend\na,manager,b\nb,manager,a\n"
    assert read_survey(PEOPLE.format(further=further), survey=sheet).roles == ("manager", "manager")


def test_a_time_of_adoption_is_kept():
    recipe = PEOPLE.format(further='time_of_adoption = { column = "toa", never = [20] }')
    network = read_survey(recipe, survey="id,toa,friend\na,3.0,b\nb,20,a\nc,,\nd,2016-05,\n")
    assert network.columns["time_of_adoption"] == ("3", "never", "", "2016-05")
    assert survey_problems(recipe, survey="id,toa,friend\na,soon,b\n") == [
        (
            'survey.csv:2: the time of adoption must be a number or a date (2016-05-31), not "soon"; or one that is '
            "listed as never"
        )
    ]


def test_further_columns_are_kept_under_other_names_or_all_of_them():
    sheet = "id,Agency,Age,email,friend\na,T,40,a@b,b\nb,U,50,b@b,a\n"
    one = read_survey(PEOPLE.format(further='columns = { organisation = "agency" }'), survey=sheet)
    assert dict(one.columns) == {"organisation": ("T", "U")}
    every = read_survey(PEOPLE.format(further='columns = "all"\nidentifying = "email"'), survey=sheet)
    assert list(every.columns) == ["Agency", "Age", "friend"]

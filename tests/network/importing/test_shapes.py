"""The four shapes of sheets, and how the people whom respondents named are found."""

from __future__ import annotations

import openpyxl
import pytest
from formats import ties_of
from surveys import read_survey, survey_of, survey_problems

from diffusion.network.formats import read_network

WIDE = """
question = "turn-to"
[respondents]
file = "survey.csv"
id = "id"
[[nominations]]
shape = "wide"
alters = "friend#"
"""

LONG = """
question = "turn-to"
[[nominations]]
file = "ties.csv"
shape = "long"
ego = "ego"
alter = "alter"
"""


def arrows(network):
    return [f"{source}>{target}" for source, target, _, _ in ties_of(network)]


def test_knowledge_flows_from_the_one_who_is_turned_to():
    sheet = "id,friend1,friend2\nann,ben,cat\nben,cat,\ncat,,\n"
    assert arrows(read_survey(WIDE, survey=sheet)) == ["ben>ann", "cat>ann", "cat>ben"]


def test_knowledge_flows_to_the_one_who_is_told():
    sheet = "id,friend1,friend2\nann,ben,cat\nben,cat,\ncat,,\n"
    assert arrows(read_survey(WIDE.replace("turn-to", "tell"), survey=sheet)) == ["ann>ben", "ann>cat", "ben>cat"]


def test_knowledge_flows_both_ways_between_those_who_work_together():
    network = read_survey(LONG.replace("turn-to", "work-with"), ties="ego,alter\na,b\nb,a\na,c\nc,\n")
    assert arrows(network) == ["a>b", "a>c", "b>a", "c>a"]
    assert network.notes == (
        (
            "ties.csv: of 2 pairs who work together 1 were reported by one side only; they are ties in both directions "
            "all the same"
        ),
    )


def test_a_matrix_has_a_row_and_a_column_for_each_person():
    recipe = 'question = "tell"\n[[nominations]]\nfile = "m.csv"\nshape = "matrix"\n'
    network = read_survey(recipe, m=",a,b,c\na,0,1,0\nb,1,0,0\nc,0,0.5,0\n")
    assert ties_of(network) == [("a", "b", "tie", 1), ("b", "a", "tie", 1), ("c", "b", "tie", 0.5)]


def test_pairs_are_ties_in_both_directions_whatever_question_is_asked_elsewhere():
    recipe = 'question = "tell"\n[[nominations]]\nfile = "p.csv"\nshape = "pairs"\nfirst = "a"\nsecond = "b"\n'
    network = read_survey(recipe, p="a,b\nx,y\ny,x\n")
    assert arrows(network) == ["x>y", "y>x"]
    assert survey_of(network).respondents is None
    assert survey_of(network).repeats == 1
    assert "interviewed" not in network.columns


def test_nominees_may_be_numbered_within_the_respondents_own_group():
    recipe = WIDE.replace('id = "id"', 'id = ["village", "id"]') + 'within = "village"\n'
    network = read_survey(recipe, survey="village,id,friend1\n1,1,2\n1,2,\n2,1,2\n2,2,1\n")
    assert arrows(network) == ["1-2>1-1", "2-1>2-2", "2-2>2-1"]


def test_an_id_of_a_nominee_may_be_made_of_two_columns():
    recipe = LONG.replace('"ego"', '["v", "n"]').replace('alter = "alter"', 'alter = ["w", "m"]')
    assert arrows(read_survey(recipe, ties="v,n,w,m\n1,1,2,7\n")) == ["2-7>1-1"]


def test_one_cell_may_hold_several_names():
    sheet = 'id,friend1,friend2\nann,"ben; cat",cat\nben,none,\ncat,"",""\n'
    network = read_survey(WIDE + 'split = ";"\nnobody = ["none"]\n', survey=sheet)
    assert arrows(network) == ["ben>ann", "cat>ann"]
    assert survey_of(network).repeats == 1
    assert survey_of(network).caps == {}


def test_workbooks_are_read_sheet_by_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "people"
    for row in (["id", "job"], [1, "manager"], [2, "firm"]):
        book.active.append(row)
    page = book.create_sheet("ties")
    page.append(["Advice"])
    for cells in (["ego", "alter", "days"], [1, 2, 0.5], [2, 1, 1]):
        page.append(list(cells))
    book.save(tmp_path / "book.xlsx")
    (tmp_path / "r.toml").write_text(
        'question = "tell"\n[respondents]\nfile = "book.xlsx"\nsheet = "people"\nid = "id"\nrole = "job"\n'
        '[[nominations]]\nfile = "book.xlsx"\nsheet = "ties"\nheader = 2\nshape = "long"\nego = "ego"\n'
        'alter = "alter"\nstrength = "days"\n'
    )
    network = read_network(str(tmp_path / "r.toml"), tmp_path)
    assert network.roles == ("manager", "firm")
    assert ties_of(network) == [("1", "2", "tie", 0.5), ("2", "1", "tie", 1)]


def test_a_column_of_answers_goes_with_the_column_of_names_that_has_its_number():
    sheet = "id,freq2,freq1,friend1,friend2\nann,1,0.5,ben,cat\nben,,,,\ncat,,,,\n"
    network = read_survey(WIDE + 'strength = "freq#"\n', survey=sheet)
    assert ties_of(network) == [("ben", "ann", "tie", 0.5), ("cat", "ann", "tie", 1)]


def test_a_column_of_answers_that_is_missing_is_told():
    sheet = "id,freq1,friend1,friend2\nann,1,ben,cat\n"
    assert survey_problems(WIDE + 'strength = "freq#"\n', survey=sheet) == [
        'recipe.toml:9: nominations[1].strength: no column that matches "freq#" goes with the column "friend2"'
    ]


def test_survey_programs_further_headers_are_passed_over():
    recipe = WIDE.replace('id = "id"', 'id = "id"\nignore_lines = [2, 3]')
    sheet = 'id,friend1\nWho are you?,Name one\n"{""ImportId"":""QID1""}",x\nann,ben\nben,ann\n'
    assert read_survey(recipe, survey=sheet).ids == ("ann", "ben")


NAMES = """
question = "turn-to"
[respondents]
file = "survey.csv"
id = "id"
name = ["first", "last"]
[[nominations]]
shape = "wide"
alters = "friend#"
"""
PEOPLE = "id,first,last,friend1,friend2\n1,Ann,Lee,Ben Ode,\n2,Ben,Ode,ann  LEE,3.0\n3,Cat,Fox,Anne Lee,\n"


def test_nominees_are_found_by_name_and_a_similar_name_is_only_suggested():
    network = read_survey(NAMES, survey=PEOPLE)
    assert network.ids == ("1", "2", "3", "3.0", "Anne Lee", "ann  LEE")
    assert network.columns["interviewed"] == ("yes", "yes", "yes", "no", "no", "no")
    assert 'survey.csv: "Anne Lee" (line 4) is on no list; did they mean "Ann Lee" (1); if so, ' in network.notes[1]
    assert survey_of(network).not_interviewed == 3


def test_names_are_found_whatever_their_spacing_and_case():
    network = read_survey(NAMES + '[names]\nmatch = "spacing-and-case"\n', survey=PEOPLE)
    assert network.ids == ("1", "2", "3", "Anne Lee")
    assert arrows(network) == ["1>2", "2>1", "3>2", "Anne Lee>3"]


def test_a_table_of_aliases_says_who_is_meant():
    recipe = NAMES + '[names]\nmatch = "spacing-and-case"\naliases = "aliases.csv"\n'
    network = read_survey(recipe, survey=PEOPLE, aliases="written,id\nanne  lee,1\n")
    assert arrows(network) == ["1>2", "1>3", "2>1", "3>2"]
    assert "interviewed" not in network.columns


def test_strangers_are_one_person_however_they_are_spelt_and_the_order_of_rows_does_not_matter():
    recipe = LONG + '[names]\nmatch = "spacing-and-case"\n'
    rows = ["a,Dr  X", "b,Dr X", "c,dr x", "d,Dr X"]
    for order in (rows, rows[::-1]):
        assert read_survey(recipe, ties="\n".join(["ego,alter", *order])).ids == ("Dr X", "a", "b", "c", "d")


def test_a_name_that_two_people_have_is_a_problem():
    sheet = "id,first,last,friend1\n1,Ann,Lee,\n2,Ann,Lee,\n3,Cat,Fox,Ann Lee\n"
    assert survey_problems(NAMES, survey=sheet) == [
        (
            'survey.csv:4: the nominee in column "friend1", "Ann Lee", may be several people: "1" and "2"; write an '
            "id, or say in the table of aliases who is meant"
        )
    ]


@pytest.mark.parametrize(("choice", "ids"), [("keep", ("ann", "ben", "zoe")), ("drop", ("ann", "ben"))])
def test_nominees_who_were_not_interviewed_are_kept_or_dropped_and_counted(choice, ids):
    recipe = WIDE + f'[not_interviewed]\nnominees = "{choice}"\n'
    network = read_survey(recipe, survey="id,friend1,friend2\nann,ben,zoe\nben,zoe,zoe\n")
    assert network.ids == ids
    assert survey_of(network).not_interviewed == 1
    assert survey_of(network).left_out == (0 if choice == "keep" else 3)


def test_nominees_who_were_not_interviewed_may_be_refused_with_the_nearest_name():
    recipe = WIDE + '[not_interviewed]\nnominees = "refuse"\n'
    assert survey_problems(recipe, survey="id,friend1\nann,ben\nben,anne\n") == [
        'survey.csv:3: "anne" was not interviewed; the recipe says nominees = "refuse"; did you mean "ann"?'
    ]


ROSTER = WIDE + '[roster]\nfile = "roster.csv"\nid = "id"\nrole = "job"\n'


def test_a_roster_says_who_was_asked():
    sheets = {"survey": "id,friend1\nann,ben\n", "roster": "id,job\nann,manager\nben,firm\ncat,firm\n"}
    network = read_survey(ROSTER, **sheets)
    assert network.ids == ("ann", "ben", "cat")
    assert network.roles == ("manager", "firm", "firm")
    assert network.columns["interviewed"] == ("yes", "no", "no")
    assert (survey_of(network).asked, survey_of(network).respondents, survey_of(network).not_interviewed) == (3, 1, 1)
    dropped = read_survey(ROSTER + '[not_interviewed]\nnominees = "drop"\n', **sheets)
    assert dropped.ids == ("ann",)
    assert dropped.notes == (
        "survey.csv: 1 nominee was not interviewed: left out, with the 1 tie they had",
        "survey.csv: 1 person who was asked but neither answered nor was named left out",
    )


def test_a_respondent_who_is_not_on_the_roster_is_a_problem():
    assert survey_problems(ROSTER, survey="id,friend1\nanne,ben\n", roster="id,job\nann,x\nben,y\n") == [
        'survey.csv:2: the respondent "anne" is not on the roster; add a row to it, or mend the id'
    ]


def test_a_column_may_say_who_answered():
    recipe = WIDE.replace('id = "id"', 'id = "id"\nanswered = "done"')
    network = read_survey(recipe, survey="id,done,friend1\nann,yes,ben\nben,no,\n")
    assert (survey_of(network).asked, survey_of(network).respondents) == (2, 1)
    assert survey_problems(recipe, survey="id,done,friend1\nann,perhaps,\nben,no,ann\n")[0].startswith(
        'survey.csv:2: who answered must be yes or no, not "perhaps"; or list the values that mean yes in the recipe'
    )
    assert survey_problems(recipe, survey="id,done,friend1\nann,yes,\nben,no,ann\n") == [
        'survey.csv:3: "ben" named somebody, though the list says that they did not answer'
    ]


def test_how_many_names_a_respondent_could_give_is_counted_by_layer():
    recipe = WIDE + 'layer = "friends"\n[[nominations]]\nshape = "wide"\nalters = ["boss"]\nlayer = "work"\n'
    network = read_survey(recipe, survey="id,friend1,friend2,boss\na,b,c,b\nb,a,,\nc,,,a\n")
    assert survey_of(network).caps == {"friends": 2, "work": 1}
    assert survey_of(network).at_cap == {"friends": 1, "work": 2}


EGO = (
    LONG
    + '[[nominations]]\nfile = "pairs.csv"\nshape = "pairs"\nego = "ego"\nfirst = "x"\nsecond = "y"\n'
    + '[names]\nmatch = "within-ego"\n'
)


def test_nominees_who_are_not_matched_make_a_stack_of_personal_networks():
    network = read_survey(EGO, ties="ego,alter\na,1\na,2\nb,1\n", pairs="ego,x,y\na,1,2\n")
    assert network.ids == ("a", "a:1", "a:2", "b", "b:1")
    assert arrows(network) == ["a:1>a", "a:1>a:2", "a:2>a", "a:2>a:1", "b:1>b"]
    assert survey_of(network).ego_networks
    assert "a stack of personal networks and no whole network" in network.notes[-1]


def test_a_pair_in_a_personal_network_must_be_of_people_whom_its_respondent_named():
    assert survey_problems(EGO, ties="ego,alter\na,1\nb,1\n", pairs="ego,x,y\na,1,2\n") == [
        'pairs.csv:2: "2" was not named by the respondent in whose network the pair is'
    ]


def test_what_respondents_say_of_nominees_describes_those_who_did_not_answer():
    recipe = LONG + 'alter_role = "job"\nalter_columns = { organisation = "org" }\n'
    network = read_survey(recipe, ties="ego,alter,job,org\na,x,firm,T\nb,x,firm,U\nc,x,manager,T\na,b,boss,\n")
    assert network.roles == ("agent", "boss", "agent", "firm")
    assert network.columns["organisation"] == ("", "", "", "T")
    assert "ties.csv: respondents describe 2 nominees differently: what most say is kept" in network.notes[0]

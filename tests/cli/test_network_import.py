"""``diffusion network import`` as a user meets it; and that under --pseudonyms no name comes out anywhere."""

from __future__ import annotations

import csv
import json
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest

from diffusion.cli.main import main
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.registry import FORMATS

PEOPLE = """id,first,last,role,employer,notes,email,ally1,ally2
aoife.byrne,Aoife,Byrne,manager,Mater Trust,deputises for Tomasz Zielinski,ab@mater.ie,Tomasz Zielinski,Quirke
tzielinski7,Tomasz,Zielinski,midwife,Byrne & Co,,tz@mater.ie,"byrne, aoife",Siobhan Quirke
xu-li,Xu,Li,manager,Mater Trust,Aoife Byrne's successor,xl@mater.ie,AOIFE  BYRNE,Brigid Unheard
"""
RECIPE = """name = "Aoife Byrne's region"
question = "turn-to"
[respondents]
file = "people.csv"
id = "id"
name = ["first", "last"]
role = "role"
columns = { organisation = "employer", notes = "notes" }
identifying = "email"
[[nominations]]
shape = "wide"
alters = "ally#"
[names]
match = "spacing-and-case"
aliases = "aliases.csv"
"""
ALIASES = 'written,id\n"byrne, aoife",aoife.byrne\n'
SECRETS = (
    "aoife.byrne",
    "Aoife Byrne",
    "tzielinski7",
    "Tomasz Zielinski",
    "xu-li",
    "Xu Li",
    "Quirke",
    "Siobhan Quirke",
    "Brigid Unheard",
    "ab@mater.ie",
    "byrne, aoife",
)


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out a command in a folder with a survey: its code, output and errors."""
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    Path("aliases.csv").write_text(ALIASES, encoding="utf-8")
    Path("region.toml").write_text(RECIPE, encoding="utf-8")

    def called(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


def imports(call, *words):
    return call("network", "import", *words)


def leaks(content: bytes | str) -> list[str]:
    """Return the ids and names that a content holds, in any letter case and in UTF-8 or UTF-16."""
    data = content.encode() if isinstance(content, str) else content
    lower = data.lower()
    forms = {name: (name.casefold().encode(), name.encode("utf-16-le"), name.encode("utf-16-be")) for name in SECRETS}
    return [name for name, (plain, *wide) in forms.items() if plain in lower or any(form in data for form in wide)]


def leaks_of(path: Path) -> list[str]:
    """Return what a file, or every file of a folder or archive, holds of ids and names, its name included."""
    if path.is_dir():
        return [leak for entry in path.rglob("*") if entry.is_file() for leak in leaks_of(entry)]
    found = [*leaks(path.name), *leaks(path.read_bytes())]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            found += [leak for name in archive.namelist() for leak in leaks(archive.read(name))]
    return found


def test_an_import_says_what_came_of_it_and_what_to_type_next(call):
    code, output, errors = imports(call, "region.toml")
    assert (code, errors) == (0, "")
    assert output == (
        "Aoife Byrne's region: 6 agents, 6 ties\n"
        "  layer tie: 6 ties\n"
        "  role agent: 3 agents\n"
        "  role manager: 2 agents\n"
        "  role midwife: 1 agent\n"
        "What was lost or assumed:\n"
        "  people.csv: 3 nominees were not interviewed and are kept; whom they would name is not known\n"
        "Written to region. Next:\n"
        "  diffusion network check ./region\n"
        "  diffusion network show ./region --figure region.png\n"
    )
    survey = read_network("./region", Path()).survey
    assert survey
    assert survey.respondents == 3


def test_an_import_as_json(call):
    code, output, errors = imports(call, "region.toml", "--json")
    assert (code, errors) == (0, "")
    told = json.loads(output)
    assert (told["agents"], told["ties"], told["layers"], told["output"]) == (6, 6, {"tie": 6}, "region")
    assert told["survey"]["caps"] == {"tie": 2}
    assert told["survey"]["at_cap"] == {"tie": 3}
    assert told["pseudonyms"] is False


def test_an_output_that_is_there_is_not_written_over(call):
    imports(call, "region.toml")
    code, _, errors = imports(call, "region.toml")
    assert (code, errors) == (
        2,
        "region: is there already; say --overwrite, or name another output, after the recipe\n",
    )
    assert imports(call, "region.toml", "--overwrite")[0] == 0
    code, output, _ = imports(call, "region.toml", "other.net")
    assert code == 0
    assert "diffusion network check other.net" in output
    assert imports(call, "region.toml", "other.net")[0] == 2


def test_an_output_never_goes_over_what_it_is_made_of_or_among_other_files(call):
    for target in (".", "people.csv", "region.toml"):
        assert imports(call, "region.toml", target, "--overwrite")[0] == 2
    assert Path("people.csv").read_text(encoding="utf-8") == PEOPLE
    assert Path("region.toml").read_text(encoding="utf-8") == RECIPE
    Path("ties.csv").write_text("e,a\nx,y\n")
    Path("t.toml").write_text(
        'question = "tell"\n[[nominations]]\nfile = "ties.csv"\nshape = "long"\nego = "e"\nalter = "a"\n'
    )
    code, _, errors = imports(call, "t.toml", ".", "--overwrite")
    assert (code, errors) == (
        2,
        ".: the network would be written over ties.csv, which it is made of; name another\n",
    )


def test_any_command_that_takes_a_network_takes_the_recipe(call):
    assert call("network", "show", "./region.toml", "--json")[0] == 0
    assert read_network("./region.toml", Path()).size == 6


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "RECIPE is missing; --start FILE writes a first one for a sheet"),
        (("region.toml", "--sheet", "x"), "--sheet goes with --start only"),
        (("region.toml", "--output", "x"), "--output goes with --start only"),
        (("region.toml", "--start", "people.csv"), "--start does not go with RECIPE"),
        (("--start", "people.csv", "--pseudonyms", "k"), "--start does not go with --pseudonyms"),
    ],
)
def test_words_that_do_not_go_together_are_refused(call, words, problem):
    code, _, errors = imports(call, *words)
    assert code == 2
    assert problem in errors
    assert errors.count("\n") == 1


def test_what_is_missing_or_wrong_is_told_in_a_line_each(call):
    code, output, errors = imports(call, "regoin.toml")
    assert (code, output) == (2, "")
    assert errors == 'regoin.toml: there is no such recipe file; did you mean "region.toml"?\n'
    Path("region.toml").write_text(RECIPE.replace('"ally#"', '"pal#"').replace('"role"', '"job"'))
    code, _, errors = imports(call, "region.toml")
    assert code == 2
    assert [line.partition(": ")[0] for line in errors.splitlines()] == ["region.toml:7", "region.toml:12"]


def test_a_first_recipe_is_written_once_and_can_be_imported(call):
    code, output, errors = imports(call, "--start", "people.csv")
    assert (code, errors) == (0, "")
    assert "diffusion network import people.toml" in output
    code, _, errors = imports(call, "--start", "people.csv")
    assert (code, errors) == (
        2,
        "people.toml: is there already; a recipe is never written over; name another with --output\n",
    )
    assert imports(call, "people.toml")[0] == 0
    code, output, _ = imports(call, "--start", "people.csv", "--output", "two.toml", "--json")
    assert json.loads(output) == {"recipe": "two.toml"}
    assert imports(call, "--start", "nobody.csv")[0] == 2


def test_codes_stand_for_people_and_stay_the_same(call):
    code, output, errors = imports(call, "region.toml", "--pseudonyms", "keys.csv")
    assert (code, errors) == (0, "")
    assert "Codes stand for people: 6 new in the key file keys.csv" in output
    first = read_network("./region", Path())
    assert sorted(who[0] for who in first.ids) == ["A", "A", "A", "M", "M", "M"]
    Path("people.csv").write_text(PEOPLE.replace("midwife", "clinician") + "new.one,Noor,New,firm,,,,xu-li,\n")
    code, output, _ = imports(call, "region.toml", "--pseudonyms", "keys.csv", "--overwrite", "--json")
    second = read_network("./region", Path())
    assert json.loads(output)["new_codes"] == 1
    assert set(first.ids) < set(second.ids)
    midwife = first.ids[first.roles.index("midwife")]
    assert second.roles[second.index[midwife]] == "clinician"
    assert second.columns["organisation"][second.index[midwife]] == "Byrne & Co"


def test_names_in_other_columns_become_the_same_codes(call):
    imports(call, "region.toml", "--pseudonyms", "keys.csv")
    made = read_network("./region", Path())
    midwife = made.ids[made.roles.index("midwife")]
    notes = sorted(filter(None, made.columns["notes"]))
    assert f"deputises for {midwife}" in notes
    assert any(note.endswith("'s successor") and note.split("'")[0] in made.ids for note in notes)


def test_the_key_file_must_not_lie_in_the_output(call):
    code, _, errors = imports(call, "region.toml", "out", "--pseudonyms", "out/keys.csv")
    assert code == 2
    assert errors.startswith("out/keys.csv: the key file must not lie in the output")


@pytest.mark.skipif(os.name != "posix", reason="only POSIX systems say who may read a file")
def test_a_key_file_that_others_can_read_stops_the_import(call):
    imports(call, "region.toml", "--pseudonyms", "keys.csv")
    Path("keys.csv").chmod(0o644)
    code, _, errors = imports(call, "region.toml", "other", "--pseudonyms", "keys.csv")
    assert (code, Path("other").exists()) == (2, False)
    assert errors.endswith("make it yours alone: chmod 600 keys.csv\n")


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.writes])
def test_no_name_is_found_in_any_format(call, tmp_path, name):
    imports(call, "region.toml", "--pseudonyms", "keys.csv")
    made = read_network("./region", Path())
    suffixes = [suffix for suffix in FORMATS[name].suffixes if suffix in {".csv", ".xlsx"}] or FORMATS[name].suffixes
    for suffix in suffixes or ("",):
        target = tmp_path / f"out{suffix}"
        lost = write_network(made, target, format_name=name)
        assert leaks("\n".join(lost)) == []
        assert target.exists()
        assert [leak for path in tmp_path.glob("out*") for leak in leaks_of(path)] == []


def test_no_name_is_found_in_what_is_printed_or_drawn(call, tmp_path):
    told = [
        imports(call, "region.toml", "--pseudonyms", "keys.csv"),
        imports(call, "region.toml", "region.xlsx", "--pseudonyms", "keys.csv"),
        call("network", "check", "./region"),
        call("network", "show", "./region", "--figure", "picture.svg"),
        call("network", "positions", "./region"),
    ]
    assert [code for code, _, _ in told] == [0] * 5, told
    assert [leak for _, output, errors in told for leak in leaks(output + errors)] == []
    for name in ("region", "region.xlsx", "picture.svg"):
        assert leaks_of(tmp_path / name) == []
    assert leaks_of(tmp_path / "keys.csv") != []


def test_no_name_is_found_in_json(call):
    code, output, errors = imports(call, "region.toml", "--pseudonyms", "keys.csv", "--json")
    assert (code, leaks(output + errors)) == (0, [])


BROKEN = [
    lambda recipe, people: (recipe.replace('"ally#"', '"friend#"'), people),
    lambda recipe, people: (recipe, people + people.splitlines()[1] + "\n"),
    lambda recipe, people: (recipe, people.replace("id,first,", "aoife.byrne,Aoife,")),
    lambda recipe, people: (recipe, people + ",Xu,Li,manager,,,,,\n"),
    lambda recipe, people: (recipe, people.replace("Xu,Li", "Aoife,Byrne")),
    lambda recipe, people: (recipe, people.replace("Quirke", "Quirke,x")),
    lambda recipe, people: (recipe, people.replace("midwife", "beta")),
    lambda recipe, people: (recipe + '[not_interviewed]\nnominees = "refuse"\n', people),
    lambda recipe, people: (recipe.replace('"ally#"', '"ally#"\nstrength = "employer"'), people),
    lambda recipe, people: (
        recipe.replace('"ally#"', '"ally#"\nlayers = { column = "notes", answers = { x = "y" } }'),
        people,
    ),
    lambda recipe, people: (recipe.replace('id = "id"', 'id = "id"\nanswered = "last"'), people),
    lambda recipe, people: (recipe.replace('id = "id"', 'id = "id"\ntime_of_adoption = { column = "last" }'), people),
    lambda recipe, people: (
        recipe.replace('role = "role"', 'role = { column = "last", answers = { a = "b" } }'),
        people,
    ),
    lambda recipe, people: (recipe, people.replace("xu-li", '"xu-li')),
    lambda recipe, people: (recipe.replace('notes = "notes"', '"Aoife Byrne" = "notes"'), people),
    lambda recipe, people: (recipe, people.replace("midwife", "Xu Li\u0007")),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_no_name_is_found_in_what_is_said_of_broken_input(call, broken):
    imports(call, "region.toml", "--pseudonyms", "keys.csv")
    recipe, people = broken(RECIPE, PEOPLE)
    Path("people.csv").write_text(people, encoding="utf-8")
    Path("region.toml").write_text(recipe, encoding="utf-8")
    for key in ("keys.csv", "new.csv"):
        code, output, errors = imports(call, "region.toml", f"{key}.net", "--pseudonyms", key)
        assert leaks(output + errors) == []
        assert code == 2, output
        assert "Traceback" not in errors


def test_no_name_is_found_in_a_folder_named_after_somebody(call):
    Path("Tomasz Zielinski").mkdir()
    for name in ("people.csv", "aliases.csv", "region.toml"):
        Path(name).rename(Path("Tomasz Zielinski", name))
    Path("Tomasz Zielinski", "region.toml").write_text(RECIPE.replace("name = ", "# name = ", 1))
    code, output, errors = imports(call, "Tomasz Zielinski/region.toml", "out", "--pseudonyms", "keys.csv")
    assert (code, leaks(output + errors)) == (0, [])
    Path("Tomasz Zielinski", "people.csv").write_text(PEOPLE.replace("ally2", "ally1"))
    code, output, errors = imports(call, "Tomasz Zielinski/region.toml", "two", "--pseudonyms", "keys.csv")
    assert (code, leaks(output + errors)) == (2, [])


@pytest.mark.parametrize("sheet", ["", 'sheet = "Tomasz"', 'sheet = "answers"'])
def test_no_name_is_found_where_the_sheets_of_a_workbook_are_called_after_people(call, sheet):
    book = openpyxl.Workbook()
    book.active.title = "Brigid Unheard"
    for line in csv.reader(PEOPLE.splitlines()):
        book.active.append(line)
    book.create_sheet("Tomasz Zielinski")
    book.save("people.xlsx")
    Path("region.toml").write_text(RECIPE.replace('"people.csv"', f'"people.xlsx"\n{sheet}'), encoding="utf-8")
    code, output, errors = imports(call, "region.toml", "--pseudonyms", "keys.csv")
    assert (code, leaks(output + errors)) == (2 if sheet else 0, [])


def test_no_name_is_found_in_a_hint_at_a_file(call):
    imports(call, "region.toml", "--pseudonyms", "keys.csv")
    Path("people.csv").rename("tomasz zielinski.csv")
    Path("region.toml").write_text(RECIPE.replace('"people.csv"', '"tomas zielinsky.csv"'), encoding="utf-8")
    code, output, errors = imports(call, "region.toml", "out", "--pseudonyms", "keys.csv")
    assert (code, leaks(output + errors)) == (2, [])
    Path("region.toml").rename("aoife byrne.toml")
    code, output, errors = imports(call, "aoife_byrn.toml", "out", "--pseudonyms", "keys.csv")
    assert (code, leaks(output + errors)) == (2, [])


def test_no_name_is_found_in_a_study_its_database_and_its_export(call, tmp_path):
    imports(call, "region.toml", "--pseudonyms", "keys.csv")
    Path("study.toml").write_text(
        'title = "Who should lead?"\nnetworks = ["./region"]\nsteps = 3\nreplicates = 8\nseed = 1\n'
        '[adoption]\nrule = "contagion"\ntransmission = 0.5\n[leaders]\ncount = 1\n'
        '[[arms]]\nname = "random"\nleaders.position = "random"\n'
        '[[arms]]\nname = "hub"\nleaders.position = "out_degree"\n'
    )
    told = [call("run", "study.toml"), call("studies", "export", "study", "runs.csv")]
    told.append(
        call("replay", "study", "--network", read_network("./region", Path()).name, "--arm", "hub", "--replicate", "0")
    )
    assert all(code == 0 for code, _, _ in told), told
    assert [leak for _, output, errors in told for leak in leaks(output + errors)] == []
    kept = [
        path for path in tmp_path.iterdir() if path.name not in {"keys.csv", "people.csv", "aliases.csv", "region.toml"}
    ]
    assert {path.name for path in kept} >= {"region", "results", "runs.csv"}
    assert [leak for path in kept for leak in leaks_of(path)] == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (".", ".: this is a folder, not a recipe; name the recipe (.toml)"),
        ("people.csv", "people.csv: this is a sheet, and a recipe (.toml) says how it is read; to have a first one: "),
        ("n.gml", "n.gml: a recipe is a .toml file; network files of other programs go to network convert"),
    ],
)
def test_what_is_no_recipe_is_refused_with_what_to_do(call, path, said):
    Path("n.gml").write_text("graph [ ]", encoding="utf-8")
    code, output, errors = imports(call, path)
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert errors.startswith(said)

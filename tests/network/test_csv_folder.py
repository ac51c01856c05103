"""Folders of two CSV tables: what is read, what is refused, and what comes back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from formats import assert_equal, networks, ties_of
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.model.parameters import DISTRIBUTIONS
from diffusion.network.formats import csv_folder, read_network
from diffusion.network.formats.tables import RESERVED_ROLES, Reading
from diffusion.network.network import Network
from diffusion.network.regions import packaged_folder

AGENTS = "id,role\nM1,manager\nA1,academic\nF1,firm\n"
TIES = "source,target\nM1,A1\n"
DIVIDE = "--strength divide-by-max divides those of each layer by the largest of them"


def folder_with(
    folder: Path, agents: str | bytes | None = AGENTS, ties: str | bytes | None = TIES, about: str | None = None
) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in (("agents.csv", agents), ("ties.csv", ties), ("about.toml", about)):
        if content is not None:
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems_of(
    folder: Path, agents: str | bytes | None = AGENTS, ties: str | bytes | None = TIES, about: str | None = None
) -> list[str]:
    """Return the problems of such a folder, each without the folder's path."""
    with pytest.raises(InputError) as caught:
        read_folder(folder_with(folder / "region", agents, ties, about))
    return [line.removeprefix(f"{folder / 'region'}/") for line in caught.value.problems]


def read_folder(folder: Path) -> Network:
    return read_network(f"{folder}/", Path())


def test_a_folder_is_read_with_its_roles_layers_and_strengths(tmp_path: Path) -> None:
    ties = "source,target,layer,strength\nM1,A1,formal,0.5\nF1,M1,informal,1\n"
    network = read_folder(folder_with(tmp_path / "north", ties=ties))
    assert network.name == "north"
    assert not network.synthetic
    assert dict(zip(network.ids, network.roles, strict=True)) == {"A1": "academic", "F1": "firm", "M1": "manager"}
    assert ties_of(network) == [("F1", "M1", "informal", 1.0), ("M1", "A1", "formal", 0.5)]


def test_blank_cells_and_absent_columns_mean_the_defaults(tmp_path: Path) -> None:
    ties = "source,target,layer,strength,directed\nM1,A1,,,\n"
    network = read_folder(folder_with(tmp_path / "n", agents="id\nM1\nA1\n", ties=ties))
    assert network.roles == ("agent", "agent")
    assert ties_of(network) == [("M1", "A1", "tie", 1.0)]


def test_an_undirected_tie_is_one_in_each_direction(tmp_path: Path) -> None:
    ties = "source,target,directed\nM1,A1,FALSE\nA1,F1,true\nF1,F1,false\nA1,M1,true\n"
    network = read_folder(folder_with(tmp_path / "n", ties=ties))
    assert ties_of(network) == [("A1", "F1", "tie", 1.0), ("A1", "M1", "tie", 1.0), ("M1", "A1", "tie", 1.0)]
    assert (network.self_ties, network.repeats) == (1, 1)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_byte_order_marks_and_outer_blanks_do_not_matter(tmp_path: Path, ending: str, mark: str) -> None:
    agents = mark + " id , role\n M1 ,manager\nZoe\u0308,academic\n\n , \n".replace("\n", ending)
    ties = mark + "source,target\nM1, Zo\u00eb\n".replace("\n", ending)
    network = read_folder(folder_with(tmp_path / "n", agents, ties))
    assert network.ids == ("M1", "Zo\u00eb")
    assert network.tie_count == 1


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_are_recognised_and_allow_decimal_commas(tmp_path: Path, separator: str) -> None:
    agents = AGENTS.replace(",", separator)
    ties = "source,target,strength\nM1,A1,0:25\nA1,M1,0.5\n".replace(",", separator).replace(":", ",")
    network = read_folder(folder_with(tmp_path / "n", agents, ties))
    assert network.strength.tolist() == [0.5, 0.25]


def test_the_first_line_that_excel_writes_says_what_separates_cells(tmp_path: Path) -> None:
    ties = 'sep=|\nsource|target|strength\nM1|A1|0.5\n"M1"| "F1"|0.25\n'
    network = read_folder(folder_with(tmp_path / "region", ties=ties))
    assert ties_of(network) == [("M1", "A1", "tie", 0.5), ("M1", "F1", "tie", 0.25)]
    assert problems_of(tmp_path, ties="sep=;\nsource;target\nM1;B1\n") == [
        'ties.csv:3: target "B1" is no agent of agents.csv'
    ]


def test_quotation_marks_may_follow_a_blank(tmp_path: Path) -> None:
    network = read_folder(folder_with(tmp_path / "region", ties='source, target\n"M1", "A1"\n'))
    assert ties_of(network) == [("M1", "A1", "tie", 1.0)]


def test_the_letter_case_of_known_columns_does_not_matter(tmp_path: Path) -> None:
    network = read_folder(folder_with(tmp_path / "n", "ID,Role,Ward\nM1,manager,7\nA1,,\n", "Source,Target\nM1,A1\n"))
    assert network.roles == ("agent", "manager")
    assert network.columns == {"Ward": ("", "7")}


def test_every_problem_of_both_files_is_reported_at_once_with_file_and_line(tmp_path: Path) -> None:
    agents = "id,role\nM1,manager\nM1,academic\n,firm\nF1,normal\nA1,academic,x\n"
    ties = (
        "source,target,strength,directed\n"
        "M1,M01,1,true\n"
        "X,M1,2,true\n"
        "M1,F1,0,true\n"
        "M1,F1,nan,yes\n"
        "M1,F1,strong,true\n"
        "M1,F1,-1,true\n"
        ",F1,1,true\n"
        "M1,F1,1\n"
    )
    assert problems_of(tmp_path, agents, ties) == [
        'agents.csv:3: the id "M1" was given in line 2; ids must be unique',
        "agents.csv:4: the id is empty; give every agent an id",
        'agents.csv:5: "normal" is reserved and cannot be a role; rename it',
        "agents.csv:6: the row has 3 cells, the header 2; quote a cell that holds a comma",
        'ties.csv:2: target "M01" is no agent of agents.csv; did you mean "M1"?',
        'ties.csv:3: source "X" is no agent of agents.csv',
        f"ties.csv:3: the strength must be at most 1, not 2; {DIVIDE}",
        "ties.csv:4: the strength must be above 0 and at most 1, not 0; leave out a tie that is not there",
        'ties.csv:5: the strength must be a number above 0 and at most 1, not "nan"',
        'ties.csv:5: directed must be true or false, not "yes"',
        'ties.csv:6: the strength must be a number above 0 and at most 1, not "strong"',
        "ties.csv:7: the strength must be above 0 and at most 1, not -1; leave out negative ties",
        "ties.csv:8: the source is empty",
        "ties.csv:9: the row has 3 cells, the header 4; fill it up",
    ]


def test_line_numbers_hold_after_cells_that_span_lines_and_after_blank_ties_of(tmp_path: Path) -> None:
    agents = 'id,role,note\nM1,manager,"two\nlines"\n\nM1,manager,"a\n\nb"\nA1,academic,\n'
    assert problems_of(tmp_path, agents) == ['agents.csv:5: the id "M1" was given in line 2; ids must be unique']


def test_a_mistyped_header_is_answered_with_the_name_it_may_stand_for(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "ids,role\nM1,manager\n", "soruce,target,strenght\nM1,A1,1\n")
    assert found == [
        'agents.csv:1: the column "id" is missing; the header names "ids", "role"; is it "ids"?',
        'ties.csv:1: the column "source" is missing; the header names "soruce", "target", "strenght"; is it "soruce"?',
        (
            'ties.csv:1: the column "strenght" is not known here; known are source, target, layer, strength, directed; '
            'rename or remove it; did you mean "strength"?'
        ),
    ]


def test_a_column_of_agents_that_looks_like_a_known_one_is_a_slip_and_others_are_welcome(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "id,organization\nM1,Trust\nA1,Trust\n")
    assert found == ['agents.csv:1: the column "organization" looks like "organisation" misspelt; rename it']
    network = read_folder(folder_with(tmp_path / "n", "id,size,rule\nM1,3,a\nA1,4,b\n"))
    assert network.columns == {"size": ("4", "3"), "rule": ("b", "a")}


def test_a_column_called_weight_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, ties="source,target,weight\nM1,A1,3\n")
    assert found.startswith('ties.csv:1: the column "weight" is not known here')
    assert found.endswith('did you mean "strength"?')


def test_columns_that_repeat_or_lack_a_name_are_refused(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "id,role,Role,\nM1,manager,firm,x\nA1,,,\n")
    assert found == [
        'agents.csv:1: the column "role" is there 2 times; keep one',
        "agents.csv:1: column 4 has no name; give it one or remove it",
    ]


def test_a_file_in_windows_1252_is_read_as_such_and_the_user_is_told_where_to_check(tmp_path: Path) -> None:
    agents = "id,role\nM1,manager\nZo\u00eb,firm\nA1,academic\n".encode("cp1252")
    network = read_folder(folder_with(tmp_path / "n", agents))
    assert "Zo\u00eb" in network.ids
    (note,) = network.notes
    assert note.startswith(f"{tmp_path}/n/agents.csv:3: this is not UTF-8, so the file was read as Windows-1252")


def test_what_else_is_wrong_with_a_file_in_another_encoding_is_reported_too(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "id\nZo\u00eb\nZo\u00eb\n".encode("cp1252"), "source,target\nZo\u00eb,X\n")
    assert [line.split(": ")[0] for line in found] == ["agents.csv:3", "ties.csv:2"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_its_mark(tmp_path: Path, encoding: str) -> None:
    assert read_folder(folder_with(tmp_path / "n", AGENTS.encode(encoding))).ids == ("A1", "F1", "M1")


def test_a_nul_byte_is_found_with_its_line(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, ties=b"source,target\nM1,A1\nM1,\0F1\n")
    assert found.startswith("ties.csv:3: the file holds a NUL byte")


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff", ",,\n"])
def test_an_empty_file_is_told_what_its_first_line_must_name(tmp_path: Path, content: str) -> None:
    found = problems_of(tmp_path, content, content)
    assert found == [
        "agents.csv: the file is empty; its first line must name the columns, among them id",
        "ties.csv: the file is empty; its first line must name the columns, among them source and target",
    ]


def test_no_agents_is_an_error_and_no_ties_is_none(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "id,role\n", "source,target\n")
    assert found == ["agents.csv: there are no agents under the header; give one a row"]
    network = read_folder(folder_with(tmp_path / "n", ties="source,target\n"))
    assert (network.size, network.tie_count, network.layers) == (3, 0, ())


def test_a_quotation_mark_left_open_is_found_where_it_opens(tmp_path: Path) -> None:
    found = problems_of(tmp_path, 'id,role\nM1,manager\nA1,"academic\nF1,firm\n', 'source,target\nF1,"A"1\n')
    assert [line.split(",")[0] for line in found] == [
        "agents.csv:3: a quotation mark is not closed",
        "ties.csv:2: a quotation mark is not closed",
    ]


def test_after_fifty_problems_the_rest_is_counted(tmp_path: Path) -> None:
    found = problems_of(tmp_path, ties="source,target\n" + "M1,Q\n" * 1_234)
    assert len(found) == 51
    assert found[-1] == "… and 1,184 more"


def test_missing_files_missing_folders_and_files_for_folders_are_told_apart(tmp_path: Path) -> None:
    found = problems_of(tmp_path, agents=None, ties=None)
    assert [line.split(";")[0] for line in found] == ["agents.csv: no such file", "ties.csv: no such file"]
    with pytest.raises(InputError, match=r'regoin: no such folder; .*did you mean "region"\?$'):
        read_folder(tmp_path / "regoin")
    agents = folder_with(tmp_path / "n") / "agents.csv"
    with pytest.raises(InputError, match=r"agents\.csv: this is a file; a network is a folder"):
        read_network(str(agents), Path(), reading=Reading(format="csv"))


def test_about_states_name_and_origin(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "n", about='name = "North"\nsynthetic = true\ndescription = "made up"\n')
    network = read_folder(folder)
    assert (network.name, network.synthetic) == ("North", True)


def test_about_is_checked_like_the_tables(tmp_path: Path) -> None:
    found = problems_of(tmp_path, about='nme = "x"\nsynthetic = "yes"\n')
    assert found == [
        'about.toml: the key "nme" is not known; known are name, synthetic, description, survey; did you mean "name"?',
        "about.toml: \"synthetic\" must be true or false, not 'yes'",
    ]
    (found_syntax,) = problems_of(tmp_path, about="name = \n")
    assert found_syntax.startswith("about.toml: the file must be TOML in UTF-8")
    assert "line 1" in found_syntax


def test_the_reserved_roles_are_the_distributions_and_reach() -> None:
    assert set(RESERVED_ROLES) == {*DISTRIBUTIONS, "reach"}


def test_a_column_name_that_would_be_misread_is_not_written(tmp_path: Path) -> None:
    network = Network.from_tables(name="n", ids=["a"], columns={"ID": ["1"]}, source=[], target=[])
    with pytest.raises(InputError, match="cannot be written"):
        csv_folder.write(network, tmp_path / "n")


@given(network=networks())
def test_reading_what_was_written_gives_the_same_network(
    network: Network, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("written")
    csv_folder.write(network, folder)
    assert_equal(read_folder(folder), network)
    shutil.rmtree(folder)


@given(network=networks())
def test_the_canonical_text_holds_the_whole_network(network: Network) -> None:
    text = csv_folder.canonical_text(network)
    again = csv_folder.from_canonical_text(text, name=network.name, synthetic=network.synthetic)
    assert_equal(again, network)
    assert csv_folder.canonical_text(again) == text


def test_the_canonical_text_does_not_depend_on_the_order_of_rows_and_columns() -> None:
    one = Network.from_tables(
        name="n", ids=["a", "b"], columns={"x": ["1", "2"], "c": ["3", "4"]}, source=["a", "b"], target=["b", "a"]
    )
    other = Network.from_tables(
        name="n", ids=["b", "a"], columns={"c": ["4", "3"], "x": ["2", "1"]}, source=["b", "a"], target=["a", "b"]
    )
    assert csv_folder.canonical_text(one) == csv_folder.canonical_text(other)


def test_a_bare_name_is_a_packaged_network_and_a_path_is_a_folder(tmp_path: Path) -> None:
    assert read_network("ahsn-a", tmp_path).digest == read_folder(packaged_folder("ahsn-a")).digest
    folder_with(tmp_path / "north")
    assert read_network("./north", tmp_path).size == 3
    assert read_network(str(tmp_path / "north"), Path()).size == 3


def test_an_unknown_network_is_answered_in_one_line_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r'^"ahsn-x" is no packaged network; packaged: ahsn-a, .*; .*did you mean "ahsn-[a-e]"\?$'
    ):
        read_network("ahsn-x", tmp_path)
    folder_with(tmp_path / "north")
    with pytest.raises(InputError, match=r'did you mean the folder "\./north"\?$'):
        read_network("north", tmp_path)
    with pytest.raises(InputError, match=r"south: no such folder"):
        read_network("networks/south", tmp_path)
    with pytest.raises(InputError, match=r"^~nobody-here/south: no home folder has this name; write the whole path"):
        read_network("~nobody-here/south", tmp_path)
    with pytest.raises(InputError, match=r": the folder cannot be read: File name too long$"):
        read_network("./" + "s" * 300, tmp_path)


@given(
    agents=st.one_of(st.binary(max_size=60), st.text(st.sampled_from('id,role;\t"\r\n M1\0é0.5'), max_size=60)),
    ties=st.one_of(st.binary(max_size=60), st.text(st.sampled_from('source,target;\t"\r\nM1é0.5'), max_size=60)),
)
def test_whatever_the_files_hold_the_answer_is_a_network_or_a_list_of_problems(
    agents: str | bytes, ties: str | bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = folder_with(
        tmp_path_factory.mktemp("any"),
        agents,
        b"source,target\n" + ties.encode("utf-8") if isinstance(ties, str) else ties,
    )
    problems: tuple[str, ...] = ()
    try:
        network = read_folder(folder)
    except InputError as error:
        problems = error.problems
    else:
        assert network.size > 0
    assert all(str(folder) in line for line in problems)
    shutil.rmtree(folder)

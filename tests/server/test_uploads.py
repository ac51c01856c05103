"""Files that a browser sends: what is read of them, what is refused, and what no file can do."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from canvas_exports import FIRST, SECOND, archive_of
from hypothesis import given
from hypothesis import strategies as st

from diffusion.cli.main import main
from diffusion.errors import InputError
from diffusion.experiment.plan import plan
from diffusion.network.formats import read_network
from diffusion.scenario import load_scenario
from diffusion.server import uploads
from diffusion.server.answered import answer
from diffusion.server.asking import Asking
from diffusion.server.kept_runs import KeptRuns
from diffusion.server.opened import BUILT_IN
from diffusion.server.question_text import scenario_text
from diffusion.server.transfers import Transfers
from diffusion.server.uploads import MOST_BYTES, check_sizes, safe_name, uploaded_network, uploaded_scenario

AGENTS = b"id,role\nann,manager\nbob,firm\ncyd,firm\n"
TIES = b"source,target\nann,bob\nbob,cyd\n"
EDGES = b"source,target\nann,bob\nann,cyd\nbob,cyd\ncyd,dan\ndan,eve\n"
SCENARIO = BUILT_IN.read_bytes()


def problems(files: dict[str, bytes], **said: Any) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        uploaded_network(files, **said)
    return caught.value.problems


def scenario_problems(text: bytes, *known: Any, name: str = "mine.toml") -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        uploaded_scenario(name, text, known)
    return caught.value.problems


def test_one_file_is_read_by_its_own_reader_and_named_beside_the_scenario() -> None:
    found = uploaded_network({"region north.csv": EDGES})
    assert (found.network.name, found.network.size, found.network.tie_count) == ("region north", 5, 5)
    assert found.reference == "./region north.csv"
    assert found.advice == ("Put region north.csv beside the saved scenario.",)
    [note] = found.notes
    assert note.startswith("region north.csv: ties were read as written")
    assert note.endswith("If the first turned to the second, choose so in the menu")


def test_the_files_of_a_folder_are_read_together() -> None:
    found = uploaded_network({"agents.csv": AGENTS, "ties.csv": TIES, "about.toml": b'name = "Town"\n'})
    assert (found.network.name, found.network.ids) == ("Town", ("ann", "bob", "cyd"))
    assert found.reference == "./uploaded"
    assert found.advice == (
        "Put agents.csv and ties.csv and about.toml into a folder uploaded beside the saved scenario.",
    )


def test_an_archive_of_network_canvas_is_read() -> None:
    found = uploaded_network({"export.zip": archive_of(FIRST | SECOND)}, direction="tell")
    assert "case 1: Bob" in found.network.ids
    assert "2 personal networks" in " ".join(found.notes)
    assert not any(tempfile.gettempdir() in note for note in found.notes)
    [said] = problems({"export.zip": b"PK\x03\x04 and no more"})
    assert said == "export.zip: the archive is damaged or no zip archive; export it anew"


@pytest.mark.parametrize("how", [{"direction": "turn-to"}, {"direction": "tell"}, {"divide_strengths": True}])
def test_the_command_that_is_told_makes_the_network_that_was_asked_about(
    how: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = b"source,target,strength\nann,bob,4\nbob,cyd,1\ncyd,ann,2\n" if "divide_strengths" in how else EDGES
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.csv").write_bytes(content)
    found = uploaded_network({"town.csv": content}, **how)
    assert found.reference == "./town_read"
    command = found.advice[0].partition(": diffusion ")[2].split()
    assert main(command) == 0, capsys.readouterr().err
    assert read_network(found.reference, tmp_path).digest == found.network.digest


def test_a_question_about_a_network_that_was_sent_runs_to_the_same_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asking = Asking.of(plan(load_scenario(BUILT_IN)))
    asking = asking.with_network({"town.csv": EDGES}, direction="", divide_strengths=False)
    question = asking.question.toggled("ann")
    found = answer(question, KeptRuns())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.csv").write_bytes(EDGES)
    (tmp_path / question.file_name).write_text(scenario_text(question), encoding="utf-8")
    assert main(["run", question.file_name, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    page = {summary.arm: summary.outcomes["adopted_share"].as_json() for summary in found.result.summaries}
    assert page == {arm["arm"]: arm["outcomes"]["adopted_share"] for arm in told["arms"]}
    assert page["chosen"]["mean"] is not None


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"agents.csv": AGENTS, "ties.csv": TIES + b"bob,zed\n"}, 'ties.csv:4: target "zed" is no agent of agents.csv'),
        (
            {"a.csv": b"source,target,strength\nann,bob,7\n"},
            ("a.csv:2: the strength must be at most 1, not 7; "
            "tick that they are divided by the largest of their layer"),
        ),
        ({"people.csv": AGENTS, "ties.csv": TIES}, "agents.csv: no such file"),
        (
            {"recipe.toml": b"x = 1"},
            ("recipe.toml: an import recipe reads further files, so it is not read here; "
            "run: diffusion network import"),
        ),
        ({"x/ties.csv": TIES, "y/ties.csv": TIES}, "ties.csv: two files of this name were chosen; send one of them"),
        ({}, "no file was chosen"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_line_by_line_and_without_any_path_of_this_machine(
    files: dict[str, bytes], said: str
) -> None:
    found = problems(files)
    assert found[0].partition("; did you mean")[0] == said
    assert not any(tempfile.gettempdir() in line for line in found)


def test_files_that_are_no_network_are_refused_in_one_line() -> None:
    [said] = problems({"photo.png": b"\x89PNG\r\n\x1a\n"})
    assert said.startswith("photo.png: this is no network file that can be read")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/ties.csv", "ties.csv"),
        ("/etc/ties.csv", "ties.csv"),
        (r"..\..\ties.csv", "ties.csv"),
        (r"C:\data\ties.csv", "ties.csv"),
        ("C:ties.csv", "ties.csv"),
    ],
)
def test_a_name_keeps_nothing_of_the_folders_that_it_names(name: str, plain: str) -> None:
    assert safe_name(name) == plain


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../..", "/", "a/..", ".bashrc", "a\x00b", "a\nb", "x" * 200, "ab:c.csv", "c?.csv"]
)
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="cannot be called"):
        safe_name(name)


@given(st.text(max_size=40))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    folder = Path(tempfile.gettempdir()) / "here"
    try:
        plain = safe_name(name)
    except InputError:
        return
    assert (folder / plain).resolve().parent == folder.resolve()


def test_nothing_of_what_was_sent_stays_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    uploaded_network({"agents.csv": AGENTS, "ties.csv": TIES})
    problems({"agents.csv": AGENTS, "ties.csv": b"source\n"})
    assert list(tmp_path.iterdir()) == []


def archive(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("name", ["export.zip", "sheet.xlsx"])
def test_an_archive_that_would_unpack_to_too_much_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED_BYTES", 1_000_000)
    [said] = problems({name: archive({"big": b"0" * 2_000_000})})
    assert said == f"{name}: the file would unpack to more than 1 MB"


def test_an_archive_whose_members_lead_out_of_it_is_refused() -> None:
    said = problems({"export.zip": archive({"../../evil.csv": EDGES})})
    assert 'export.zip: the archive holds a file "../../evil.csv" that leads out of it; it is refused' in said


def test_more_than_can_be_sent_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InputError, match=r"big\.csv: 21\.0 MB is more than the 20 MB that can be sent"):
        check_sizes({"big.csv": 21_000_000})
    with pytest.raises(InputError, match=r"2 files: 20\.0 MB is more"):
        check_sizes({"a": MOST_BYTES, "b": 1})
    with pytest.raises(InputError, match="501 files were chosen"):
        check_sizes({str(place): 0 for place in range(501)})


def test_a_network_too_large_to_draw_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_AGENTS", 4)
    assert problems({"town.csv": EDGES}) == (
        "the network has 5 agents and 5 ties; at most 4 and 200,000 are drawn on a page",
    )


def test_a_scenario_that_was_sent_is_the_question() -> None:
    asking = Asking.of(plan(load_scenario(BUILT_IN)))
    sent = asking.with_scenario("mine.toml", SCENARIO.replace(b"0.015", b"0.025").replace(b"2016", b"7"))
    assert sent.problems == ()
    assert sent.question.seed == 7
    assert sent.question.sections["adoption"]["transmission"] == 0.025
    assert sent.notes == ("mine: read.",)


def test_a_scenario_may_name_a_network_that_was_sent_before() -> None:
    asked = uploaded_network({"town.csv": EDGES})
    scenario, found = uploaded_scenario("mine.toml", SCENARIO.replace(b'"ahsn-a"', b'"town.csv"'), [asked])
    assert found is asked
    assert scenario.networks == ("town.csv",)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../secret.csv", "./town2.csv", "~/town.csv", "C:\\\\town.csv", "town.csv/../x.csv"]
)
def test_a_scenario_that_was_sent_reads_no_file_of_this_machine(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town2.csv").write_bytes(EDGES)
    (tmp_path.parent / "secret.csv").write_bytes(EDGES)
    asked = uploaded_network({"town.csv": EDGES})
    [said] = scenario_problems(SCENARIO.replace(b'"ahsn-a"', f'"{path}"'.encode()), asked)
    assert said.startswith("mine.toml:2: networks: ")
    assert said.endswith(
        "would be a file of this machine, which a scenario that was sent does not read; send the network first, "
        "under this name; sent were town.csv"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SCENARIO.replace(b"0.015", b"1.5"), "mine.toml:11: adoption.transmission: must be a number between 0 and 1"),
        (SCENARIO.replace(b'"ahsn-a"', b'"ahsn-aa"'), 'mine.toml:2: networks: "ahsn-aa" is no packaged network'),
        (SCENARIO.replace(b"0.015", b"\xff"), "mine.toml:11: must be UTF-8 text; save the file as UTF-8"),
        (SCENARIO.replace(b"0.015", b"0,5"), "mine.toml:11: not valid TOML"),
        (b"#" * 1_000_001, "mine.toml: 1.0 MB is too large for a scenario, which is a page of text"),
        (b"", "mine.toml:1: networks: is missing; write it above the first section"),
    ],
    ids=["range", "name", "bytes", "syntax", "size", "empty"],
)  # fmt: skip
def test_what_is_wrong_with_a_scenario_is_told_in_its_readers_words(text: bytes, said: str) -> None:
    assert scenario_problems(text)[0].startswith(said)


def test_a_broken_upload_leaves_the_question_as_it_was() -> None:
    asking = Asking.of(plan(load_scenario(BUILT_IN)))
    for broken in (
        asking.with_scenario("mine.toml", b"nonsense"),
        asking.with_network({"photo.png": b"\x89PNG"}, direction="", divide_strengths=False),
    ):
        assert broken.question is asking.question
        assert broken.problems
    assert asking.asked(asking.question).problems == ()


def test_one_network_read_in_two_ways_is_told_apart_in_the_menu() -> None:
    asking = Asking.of(plan(load_scenario(BUILT_IN)))
    asking = asking.with_network({"town.csv": EDGES}, direction="", divide_strengths=False)
    asking = asking.with_network({"town.csv": EDGES}, direction="turn-to", divide_strengths=False)
    shown = asking.references()
    assert len(set(shown.values())) == len(shown)
    back = asking.on("./town.csv")
    assert back.question.network.digest != asking.question.network.digest


def begun(**sizes: int) -> Transfers:
    made = Transfers()
    made.begin({"transfer": "t", "files": [{"name": name, "size": size} for name, size in sizes.items()]})
    return made


def piece(content: bytes, place: int = 0, transfer: str = "t") -> dict[str, Any]:
    return {"transfer": transfer, "place": place, "content": b64encode(content).decode()}


def test_files_are_put_together_from_their_pieces() -> None:
    made = begun(a=5, b=0)
    for content in (b"he", b"llo"):
        made.piece(piece(content))
    assert made.end({"transfer": "t"}) == {"a": b"hello", "b": b""}
    assert made.end({"transfer": "t"}) is None


def test_a_transfer_that_was_not_agreed_to_is_let_go() -> None:
    made = Transfers()
    with pytest.raises(InputError, match="is more than the 20 MB"):
        made.begin({"transfer": "t", "files": [{"name": "a", "size": MOST_BYTES + 1}]})
    made.piece(piece(b"hello"))
    assert made.end({"transfer": "t"}) is None


def test_a_transfer_may_not_bring_more_than_it_announced() -> None:
    made = begun(a=3)
    with pytest.raises(InputError, match="a: the file is larger than 3 bytes"):
        made.piece(piece(b"hello"))
    made.piece(piece(b"he"))
    assert made.end({"transfer": "t"}) is None


def test_a_transfer_that_is_not_whole_or_was_damaged_says_so() -> None:
    made = begun(a=5)
    made.piece(piece(b"he"))
    with pytest.raises(InputError, match="a: only 2 of 5 bytes arrived"):
        made.end({"transfer": "t"})
    made = begun(a=5)
    with pytest.raises(InputError, match="was damaged on its way"):
        made.piece({"transfer": "t", "place": 0, "content": "%%%"})
    with pytest.raises(InputError, match="two files of one name"):
        made.begin({"transfer": "t", "files": [{"name": "a", "size": 1}] * 2})

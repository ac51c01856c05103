"""``network check``: numbers, then warnings and notes in sentences; never an error for what it finds."""

from __future__ import annotations

import json

import pytest

from diffusion.cli.main import main


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function that carries out ``network check`` in an empty folder: its code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def called(*words):
        code = main(["network", "check", *map(str, words)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


@pytest.fixture
def survey(tmp_path):
    """Return a folder with a network and a roster that leave an examiner something to ask."""
    (tmp_path / "agents.csv").write_text(
        "id,role,interviewed\nAnn,manager,yes\nann,manager,no\nBo,firm,yes\nCy,firm,yes\nDi,firm,no\n", encoding="utf-8"
    )
    (tmp_path / "ties.csv").write_text(
        "source,target,layer\nAnn,Bo,formal\nBo,Ann,formal\nBo,Cy,informal\nAnn,Ann,formal\nann,Cy,informal\n",
        encoding="utf-8",
    )
    (tmp_path / "roster.txt").write_text("Ann\nBo\nCy\nEd\nFlo\n", encoding="utf-8")
    return "./"


def test_numbers_ties_warnings_and_notes_are_printed(call, survey):
    code, output, _ = call(survey, "--roster", "roster.txt")
    assert code == 0
    lines = output.splitlines()
    assert any(line.split() == ["response", "rate", "60.0", "%"] for line in lines)
    assert any(line.split() == ["firm", "firm", "0", "1"] for line in lines)
    warnings = lines[lines.index("Warnings") : lines.index("Notes")]
    assert any('"Ann" and "ann"' in line for line in warnings)
    assert any("3 of 5 people who were asked answered (60 %)" in line for line in warnings)
    assert any("1 nomination of oneself was dropped." in line for line in lines[lines.index("Notes") :])


def test_json_has_the_numbers_and_the_findings(call, survey):
    code, output, _ = call(survey, "--roster", "roster.txt", "--json")
    told = json.loads(output)
    assert (code, told["asked"], told["respondents"], told["response_rate"]) == (0, 5, 3, 0.6)
    assert (told["not_interviewed"], told["self_nominations"], told["missing_from_network"]) == (1, 1, 2)
    assert {"isolates", "reciprocity", "components", "layers", "role_pairs", "repeats"} <= told.keys()
    assert all(finding.keys() == {"key", "level", "sentence", "numbers"} for finding in told["findings"])
    levels = {finding["key"]: finding["level"] for finding in told["findings"]}
    assert (levels["similar_ids"], levels["self_nominations"]) == ("warning", "note")


def test_a_network_without_warnings_says_so(call):
    code, output, errors = call("ahsn-a")
    assert (code, errors) == (0, "")
    assert "No warnings\n" in output
    assert "- This network is synthetic: it was made from assumptions, not observed." in output


def test_a_stack_of_personal_networks_is_no_error_but_the_first_warning(call, tmp_path):
    rows = [f"ego{ego},alter{ego}{alter}" for ego in range(4) for alter in range(5)]
    ids = sorted({cell for row in rows for cell in row.split(",")})
    (tmp_path / "agents.csv").write_text("\n".join(["id", *ids]), encoding="utf-8")
    (tmp_path / "ties.csv").write_text("\n".join(["source,target", *rows]), encoding="utf-8")
    code, output, _ = call("./")
    assert code == 0
    [heading, first] = output.splitlines()[output.splitlines().index("Warnings") :][:2]
    assert (heading, first.startswith("- This looks like personal networks of 4 respondents")) == ("Warnings", True)


def test_many_roles_are_left_to_the_json(call, tmp_path):
    agents = "".join(f"a{place:02},role {place}\n" for place in range(14))
    (tmp_path / "agents.csv").write_text(f"id,role\n{agents}", encoding="utf-8")
    (tmp_path / "ties.csv").write_text("source,target\na00,a01\na01,a02\n", encoding="utf-8")
    assert "The ties of 2 pairs of roles are too many for a screen; --json has them." in call("./")[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ahsn-a", "--roster", "roster.txt"], "roster.txt: "),
        (["./nowhere"], "nowhere: no such folder"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_of_one_line(call, words, message):
    code, output, errors = call(*words)
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert message in errors

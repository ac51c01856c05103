"""A file of targets is read in full, or refused with every problem, its line and its key."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.regions import PACKAGED, packaged_targets
from diffusion.network.synthesis import Targets, read_targets, scaled, synthetic_region, targets_text

GOOD = """\
name = "two towns"
sites = ["north", "south"]
transitivity = 0.3
top_tenth_share = 0.25
same_site = 2

[agents]
nurse = 24
firm = 12

[[organisations]]
sector = "ward"
role = "nurse"
number = 4
people = 24

[[organisations]]
sector = "maker"
role = "firm"
sizes = [5, 4, 3]
site = "north"

[layers.formal]
reciprocity = 1
density = { nurse-nurse = 0.15, firm-nurse = 0.03, firm-firm = 0.2 }

[[layers.formal.levels]]
strength = 1
share = 1
inside = 0.6

[layers.informal]
reciprocity = 0.2
density = { nurse-nurse = 0.1, nurse-firm = 0.05, firm-firm = 0.1 }

[[layers.informal.levels]]
strength = 0.5
share = 1
inside = 0.2

[wealth]
nurse-nurse = 0
firm-nurse = 0.5
firm-firm = 1
"""


def read(text: str, folder: Path) -> Targets:
    path = folder / "t.toml"
    path.write_text(text, encoding="utf-8")
    return read_targets(path)


def problems_of(text: str, folder: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text, folder)
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_short_file_is_read_with_defaults(tmp_path: Path) -> None:
    targets = read(GOOD, tmp_path)
    assert (targets.name, targets.seed, targets.isolates, targets.same_sector) == ("two towns", 0, 0.0, 1.0)
    assert targets.agents == {"firm": 12, "nurse": 24}
    assert targets.organisations[1].sizes == (5, 4, 3)
    assert (targets.organisations[1].number, targets.organisations[1].people) == (3, 12)
    assert dict(targets.layers[1].density) == {"firm-firm": 0.1, "firm-nurse": 0.05, "nurse-nurse": 0.1}
    assert targets.through_brokers is None
    assert synthetic_region(targets).size == 36


@pytest.mark.parametrize("name", PACKAGED)
def test_targets_that_are_written_read_back_the_same(name: str, tmp_path: Path) -> None:
    targets = read_targets(packaged_targets(name))
    assert read(targets_text(targets), tmp_path) == targets
    larger = scaled(targets, 3000)
    assert read(targets_text(larger), tmp_path) == larger


ONE_PROBLEM = {
    "an unknown key": (
        ("transitivity = 0.3", "transitivity = 0.3\ntransitivty = 0.3"),
        't.toml:4: transitivty: unknown key; did you mean "transitivity"?',
    ),
    "a missing key": (("transitivity = 0.3\n", ""), "t.toml:1: transitivity: is missing"),
    "text for a number": (
        ("transitivity = 0.3", 'transitivity = "much"'),
        't.toml:3: transitivity: must be a share between 0 and 1; got "much"',
    ),
    "a share above one": (
        ("transitivity = 0.3", "transitivity = 30"),
        "t.toml:3: transitivity: must be a share between 0 and 1; got 30",
    ),
    "a share that is no number": (
        ("transitivity = 0.3", "transitivity = nan"),
        "t.toml:3: transitivity: must be a share between 0 and 1; got nan",
    ),
    "a comma for a point": (
        ("transitivity = 0.3", "transitivity = 0,3"),
        "the decimal mark is a point: write 0.5, not 0,5",
    ),
    "an unknown role": (
        ('role = "nurse"', 'role = "nurs"'),
        't.toml:13: organisations[1].role: "nurs" is no role of [agents]; did you mean "nurse"?',
    ),
    "an unknown site": (
        ('site = "north"', 'site = "nroth"'),
        't.toml:21: organisations[2].site: "nroth" is none of the sites; did you mean "north"?',
    ),
    "a site named twice": (
        ('"north", "south"', '"north", "north"'),
        't.toml:2: sites[2]: "north" is named a second time; take one out',
    ),
    "a wrong sum": (
        ("nurse = 24", "nurse = 25"),
        "t.toml:8: agents.nurse: must be the sum of the people in the role's organisations, 24; got 25",
    ),
    "more organisations than people": (
        ("number = 4\n", "number = 40\n"),
        "t.toml:11: organisations[1]: 24 people cannot fill 40 organisations; each needs one at least",
    ),
    "neither sizes nor people": (
        ("number = 4\npeople = 24\n", ""),
        "t.toml:11: organisations[1]: needs a number and people, or sizes",
    ),
    "an unknown pair of roles": (
        ("firm-nurse = 0.03", "frim-nurse = 0.03, firm-nurse = 0.03"),
        't.toml:25: layers.formal.density.frim-nurse: is no pair of roles; did you mean "firm-nurse"?',
    ),
    "a pair given in both orders": (
        ("firm-nurse = 0.03", "firm-nurse = 0.03, nurse-firm = 0.03"),
        "t.toml:25: layers.formal.density.nurse-firm: this pair of roles is given a second time; take one out",
    ),
    "a missing pair": (
        ("firm-nurse = 0.03, ", ""),
        "t.toml:25: layers.formal.density: has no firm-nurse; write 0 where nobody is tied",
    ),
    "shares of strengths that do not add up": (
        ("strength = 0.5\nshare = 1\n", "strength = 0.5\nshare = 0.7\n"),
        "t.toml:36: layers.informal.levels: the shares must add up to 1; they add up to 0.7",
    ),
    "a strength of nothing": (
        ("strength = 0.5", "strength = 0"),
        "t.toml:37: layers.informal.levels[1].strength: must be a strength above 0 and at most 1; got 0",
    ),
    "an unknown layer": (
        ("[wealth]", "[layers.social]\nreciprocity = 1\n\n[wealth]"),
        "t.toml:41: layers.social: unknown key; known here are formal, informal",
    ),
    "a share of brokers without a broker": (
        ("same_site = 2", "same_site = 2\nthrough_brokers = 0.9"),
        "t.toml:6: through_brokers: nobody is a broker; write brokers = true for some [[organisations]]",
    ),
    "more ties inside than there is room": (
        ("inside = 0.6", "inside = 1"),
        "t.toml:27: layers.formal.levels: 9 more ties are to be inside organisations (100% of all) than there is room",
    ),
    "more ties than pairs": (
        ("density = { nurse-nurse = 0.15, firm-nurse = 0.03", "density = { nurse-nurse = 0.15, firm-nurse = 0.9"),
        "t.toml:25: layers.formal.density.firm-nurse: 273 ties between organisations are to join 288 pairs of agents;",
    ),
}


@pytest.mark.parametrize("case", ONE_PROBLEM)
def test_a_problem_is_told_in_one_line_with_its_place_and_the_way_out(case: str, tmp_path: Path) -> None:
    (before, after), message = ONE_PROBLEM[case]
    assert GOOD.count(before) == 1
    assert [problem for problem in problems_of(GOOD.replace(before, after), tmp_path) if message in problem]


def test_all_problems_are_told_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    wrong = (
        GOOD.replace("0.3\n", '"0.3"\n', 1).replace("strength = 1\n", "strenth = 1\n").replace("[wealth]", "[welth]")
    )
    assert problems_of(wrong, tmp_path) == [
        "t.toml:1: wealth: is missing",
        't.toml:3: transitivity: must be a share between 0 and 1; got "0.3"',
        "t.toml:27: layers.formal.levels[1].strength: is missing",
        't.toml:28: layers.formal.levels[1].strenth: unknown key; did you mean "strength"?',
        't.toml:41: welth: unknown key; did you mean "wealth"?',
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [("reach", "agents.reach"), ("on-call", "agents.on-call"), ("normal", "agents.normal")],
)
def test_words_kept_for_scenarios_and_hyphens_cannot_be_roles(name: str, message: str, tmp_path: Path) -> None:
    wrong = GOOD.replace("nurse", name)
    assert any(f"{message}: this cannot be the name of a role" in line for line in problems_of(wrong, tmp_path))


def test_a_sector_of_some_brokers_is_refused(tmp_path: Path) -> None:
    other = '[[organisations]]\nsector = "ward"\nrole = "nurse"\nsizes = [6, 6]\n'
    two = GOOD.replace("number = 4\npeople = 24\n", f"number = 2\npeople = 12\nbrokers = true\n\n{other}")
    assert all("must be brokers, or none" in line for line in problems_of(two, tmp_path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "t.toml: is empty; a region needs"),
        (b"name = \xff", "t.toml:1: must be UTF-8 text; got the byte 0xff; save the file as UTF-8"),
        (b"\x00\x01\x02", "t.toml:1: not valid TOML"),
        (GOOD[: len(GOOD) // 2].encode(), "t.toml:25: not valid TOML"),
    ],
)
def test_what_is_no_file_of_targets_is_answered_in_plain_words(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_targets(path)
    assert any(problem.removeprefix(f"{tmp_path}/").startswith(message) for problem in caught.value.problems)


def test_a_file_that_is_not_there_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "north.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InputError, match=r'norht.toml: there is no such region file; did you mean "north.toml"\?'):
        read_targets(tmp_path / "norht.toml")


@given(
    place=st.integers(0, len(GOOD) - 1),
    length=st.integers(0, 12),
    put=st.text(string.printable + "é\u2028", max_size=8),
)
@settings(max_examples=150)
def test_a_damaged_file_is_read_or_refused_and_never_breaks(
    place: int, length: int, put: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.toml"
    path.write_text(GOOD[:place] + put + GOOD[place + length :], encoding="utf-8", newline="")
    problems: tuple[str, ...] = ()
    try:
        assert read_targets(path).size > 0
    except InputError as error:
        problems = error.problems
    assert all(problem.startswith(f"{path}:") and "\n" not in problem for problem in problems)

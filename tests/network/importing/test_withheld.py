"""Finding ids and names in other texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.network.importing.withheld import Codebook


def book(**names):
    made = Codebook()
    for code, name in names.items():
        made.add(name, code)
    return made


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("Ann Smith", "M1"),
        (" ann  SMITH ", "M1"),
        ("Dr Ann Smith (chair)", "Dr M1 (chair)"),
        ("Smith, Ann", "M1"),
        ("ann.smith@trust.org", "M1@trust.org"),
        ("c:/people/ann_smith.docx", "c:/people/M1.docx"),
        ("annsmith", "M1"),
        ("\u00c1nn Smith", "M1"),
        ("Ann Smithson", "Ann Smithson"),
        ("Joann Smith", "Joann Smith"),
        ("Smith & Nephew", "Smith & Nephew"),
    ],
)
def test_a_name_is_found_as_whole_words_however_it_is_written(text, coded):
    assert book(M1="Ann Smith").coded(text) == coded


def test_the_longest_name_is_found_first():
    assert book(M1="Ann Smith", M2="Ann Smith Jones").coded("with Ann Smith Jones") == "with M2"


def test_a_name_of_several_people_is_only_withheld():
    made = book(M1="Ann Smith", M2="Ann Smith")
    assert made.coded("Ann Smith") == "[withheld]"
    assert made.coded("by Ann Smith") == "by [withheld]"


def test_a_short_id_is_found_as_a_cell_and_not_inside_a_text():
    made = book(M1="A", M2="10-1", M3="7")
    assert [made.coded(text) for text in ("a", "10-1", "7", "Team A", "from 10-1 on")] == [
        "M1",
        "M2",
        "7",
        "Team A",
        "from 10-1 on",
    ]


def test_a_long_number_is_found_inside_a_text():
    assert book(M1="4857773456").coded("NHS no. 4857773456") == "NHS no. M1"


@given(st.text(max_size=20), st.text(min_size=1, max_size=8), st.text(max_size=8))
def test_a_name_of_letters_never_comes_through(before, name, after):
    name = f"Zq{name}xv"
    made = book(CODE=name)
    assert name.casefold() not in made.coded(f"{before} {name} {after}").casefold()

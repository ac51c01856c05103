"""The sources of a report: every one that a registry names is known, with its DOI."""

from __future__ import annotations

import re

import pytest

from diffusion.model.rules import RULES
from diffusion.positions import POSITIONS
from diffusion.report.references import RULE_SOURCES, bibliography, position_sources, sources_in


def test_every_rule_says_whose_it_is():
    assert set(RULE_SOURCES) == set(RULES)
    assert bibliography({key for keys in RULE_SOURCES.values() for key in keys})


@pytest.mark.parametrize("name", POSITIONS)
def test_every_doi_of_a_position_is_among_the_sources(name):
    assert len(position_sources(name)) == len(re.findall(r"doi 10\.", POSITIONS[name].source))


def test_every_source_has_author_title_year_and_doi_and_none_stands_twice():
    text = bibliography()
    entries = re.findall(r"@\w+\{(\w+),", text)
    assert len(entries) == len(set(entries)) > 40
    for field in ("author", "title", "year", "doi"):
        assert len(re.findall(rf"\n  {field} = ", text)) == len(entries), field
    assert text.count("{") == text.count("}")
    dois = re.findall(r"\n  doi = \{(.*)\}", text)
    assert len(dois) == len(set(dois))
    assert [sources_in(f"doi {doi}") for doi in dois] == [(key,) for key in entries]

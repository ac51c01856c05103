"""Every example in a docstring of the package, in README.md and in docs/ is run as a test."""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers import markdown, rest

docstrings = Sybil(parsers=[rest.DocTestParser()], path="diffusion", patterns=["*.py"])
pages = Sybil(
    parsers=[markdown.PythonCodeBlockParser(), markdown.SkipParser()],
    filenames=["README.md"],
    patterns=["docs/*.md"],
)

pytest_collect_file = (docstrings + pages).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the examples of a file in their order, whatever the order of the tests: they build on one another."""
    places = [place for place, item in enumerate(items) if isinstance(item, SybilItem)]
    examples = [item for item in items if isinstance(item, SybilItem)]
    examples.sort(key=lambda item: (item.path, item.example.line, item.example.column))
    for place, item in zip(places, examples, strict=True):
        items[place] = item

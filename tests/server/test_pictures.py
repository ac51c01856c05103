"""The pictures in the docs of the server."""

from __future__ import annotations

import re
import runpy
import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


@pytest.mark.parametrize("page", ["README.md", "docs/server.md"])
def test_every_picture_that_is_named_is_there_and_told_in_words(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    pictures = NAMED.findall(text)
    assert pictures
    for name in pictures:
        assert ((ROOT / page).parent / name).is_file(), name
    assert "![](" not in text


def test_the_script_takes_every_picture_of_the_server_and_each_is_small() -> None:
    taken = set(runpy.run_path(str(ROOT / "docs" / "server_pictures.py"))["PICTURES"])
    assert set(NAMED.findall((ROOT / "docs" / "server.md").read_text(encoding="utf-8"))) == taken
    for name in taken:
        content = (ROOT / "docs" / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert struct.unpack(">I", content[16:20]) == (1280,)
        assert len(content) <= 200_000

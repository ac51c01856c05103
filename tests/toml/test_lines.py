"""The line finder against positions that were planted, in texts that tomllib accepts."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.toml.lines import TomlLines

EXAMPLE = '''# a comment with = and [brackets]
title = "a # no comment, \\" no end"   # 2
literal = 'C:\\'                       # 3
long = """
a = 1
[not a table]""""
[ties]                                 # 7
"between roles" . 'a -> b' = 0.5       # 8
layers = { formal = 1.0, "in.formal" = [1, 2] }
[[arms]]                               # 10
name = "x"
leaders.agents = [                     # 12
  "M1", # ]
  "M2",
]
  [arms.adoption]                      # 16
  rule = "cascade"
[[arms]]                               # 18
name = "y"
day = 2020-01-01
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("title",), 2),
        (("literal",), 3),
        (("long",), 4),
        (("ties",), 7),
        (("ties", "between roles", "a -> b"), 8),
        (("ties", "layers", "in.formal", 1), 9),
        (("arms", 0), 10),
        (("arms", 0, "leaders"), 12),
        (("arms", 0, "leaders", "agents", 0), 13),
        (("arms", 0, "leaders", "agents", 1), 14),
        (("arms", 0, "adoption"), 16),
        (("arms", 0, "adoption", "rule"), 17),
        (("arms", 0, "adoption", "absent", "deeper"), 16),
        (("arms", 1, "name"), 19),
        (("arms", 1, "day"), 20),
        (("absent",), 1),
    ],
)
def test_every_key_is_found_on_its_line(path, line):
    tomllib.loads(EXAMPLE)
    assert TomlLines(EXAMPLE).line(path) == line
    assert TomlLines(EXAMPLE.replace("\n", "\r\n")).line(path) == line


KEYS = st.lists(st.sampled_from(["a", "b-c", '"d.e"', "'f # g'", '"h\\"i"']), unique=True, max_size=5)
VALUES = st.sampled_from(
    ['"]"', "1", "[1, [2,\n 3]]", '"""\n" \\""" """', "{ x = 1, y = [ 2 ] }", "'''\n'''", "[ # ]\n ]"]
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6))
def test_keys_after_values_of_every_kind_stand_where_they_were_planted(tables):
    lines: list[str] = []
    planted = {}
    for table, (keys, value) in enumerate(tables):
        lines.append("[[t]]")
        for key in keys:
            parsed = next(iter(tomllib.loads(f"{key} = 0")))
            planted["t", table, parsed] = len("\n".join(lines).split("\n")) + 1
            lines.append(f"{key} = {value}")
    text = "\n".join(lines)
    tomllib.loads(text)
    found = TomlLines(text)
    assert {path: found.line(path) for path in planted} == planted

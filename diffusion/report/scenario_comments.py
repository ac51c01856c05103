"""The comments of a scenario: what its author says of each value, of where it was taken from above all."""

from __future__ import annotations

import re

_SECTION = re.compile(r"^\s*\[{1,2}([^\[\]]+)\]{1,2}")
_KEY = re.compile(r"^\s*([\w.\"\'-]+)\s*=")
_REMARK = re.compile(r"""^(?:[^"'#]|"(?:\\.|[^"\\])*"|'[^']*')*#\s?(.*)$""")


def comments(text: str) -> dict[str, str]:
    r"""Return the comment on each key of a scenario: that behind its value, or else the lines above it.

    Keys of arms are left out, since several have the same.

    Examples
    --------
    >>> comments("steps = 36 # three years\n[adoption]\n# From a survey\n# of 2016.\ntransmission = 0.02\n")
    {'steps': 'three years', 'adoption.transmission': 'From a survey of 2016.'}
    """
    found: dict[str, str] = {}
    section, above = "", list[str]()
    for line in text.splitlines():
        header, key = _SECTION.match(line), _KEY.match(line)
        if line.lstrip().startswith("#"):
            above.append(line.lstrip("# \t").strip())
            continue
        if header:
            section = header[1].strip()
        elif key and section != "arms":
            name = key[1].replace('"', "").replace("'", "")
            remark = _REMARK.match(line)
            said = remark[1].strip() if remark else " ".join(above)
            path = name if section in ("", "sweep") else f"{section}.{name}"
            if said:
                found[path] = said
        above = []
    return found

"""What stands somewhere in nested tables and lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def at(value: Any, path: Any) -> Any:
    """Return what stands at the end of a path through tables and lists."""
    for key in path:
        if isinstance(value, list | tuple):
            value = value[int(key)]
        elif isinstance(value, Mapping):
            value = value[key] if key in value else value[next(one for one in value if str(one) == str(key))]
    return value

"""Where in a scenario's file a key stands, for problems that only a network brings to light."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from diffusion.scenario import Scenario
from diffusion.toml.lines import KeyPath, TomlLines


class Places:
    """Tell file, line and key of what a scenario states.

    Parameters
    ----------
    scenario
        The scenario; its text is looked at only when a place is asked for.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    @cached_property
    def _lines(self) -> TomlLines:
        return TomlLines(unicodedata.normalize("NFC", self.scenario.text))

    def of(self, path: KeyPath, shown: str = "") -> str:
        """Return ``file:line: key`` of a path, or of what encloses it.

        Parameters
        ----------
        path
            Keys of tables and places in arrays, outermost first.
        shown
            What to show as the key; the path by default.
        """
        key = shown or ".".join(str(part) for part in path if isinstance(part, str))
        file = self.scenario.folder / f"{self.scenario.name}.toml"
        return f"{file}:{self._lines.line(path)}: {key}"

    def of_arm(self, number: int, key: tuple[str, ...]) -> str:
        """Return ``file:line: key`` of an arm's key, wherever the arm has it from.

        Parameters
        ----------
        number
            The arm's place in the file.
        key
            Section, key and perhaps entry.
        """
        arm = self.scenario.arms[number]
        if _states(arm.overrides, key):
            return self.of(("arms", number, *key), f"arms.{arm.name}.{'.'.join(key)}")
        paths = {name: tuple(name.split(".")) for name, _ in self.scenario.sweep}
        swept = [name for name, path in paths.items() if key[: len(path)] == path]
        if not swept and key[-1] not in self.scenario.sections.get(key[0], {}):  # stated by swept entries alone
            swept = [name for name, path in paths.items() if path[: len(key)] == key]
        if swept:
            return self.of(("sweep", swept[0]), ".".join(key))
        return self.of(key)


def _states(overrides: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    """Return whether an arm states a key itself; of an intervention it may state some keys only."""
    if key[0] not in overrides or (len(key) > 1 and key[1] not in overrides[key[0]]):
        return False
    own = overrides[key[0]].get(key[1]) if len(key) > 2 and key[0] == "interventions" else None
    return not isinstance(own, Mapping) or key[2] in own or "kind" in own

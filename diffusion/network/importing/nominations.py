"""What one sheet says of who named whom, before names are looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from diffusion.network.importing.recipe import NominationsPart, Question


@dataclass(slots=True)
class Nomination:
    """Hold that one person named another.

    Attributes
    ----------
    ego, alter
        Who named whom, as the sheet has it; of a pair its first and its second.
    line
        The line.
    column
        The column in which the alter stands.
    strength
        The strength in (0, 1]; NaN where none was asked.
    layer
        The layer; often nothing.
    owner
        In whose personal network a pair stands, where pairs say so.
    role, cells
        What the respondent said of the alter.
    """

    ego: str
    alter: str
    line: int
    column: str
    strength: float
    layer: str
    owner: str = ""
    role: str = ""
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Named:
    """Hold what one sheet of nominations says.

    Attributes
    ----------
    part
        What the recipe says of the sheet.
    question
        What was asked.
    path
        The file.
    nominations
        Who named whom, in the order of the sheet.
    egos
        Who answered, each with the line, whether or not they named anybody.
    cap
        How many names a respondent could give; ``None`` where that is not known.
    nobody
        How many cells say in words that there is nobody to name.
    """

    part: NominationsPart
    question: Question
    path: Path
    nominations: list[Nomination] = field(default_factory=list)
    egos: dict[str, int] = field(default_factory=dict)
    cap: int | None = None
    nobody: int = 0

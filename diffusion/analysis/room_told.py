"""Where a stated error of a network cannot be attained, because there are too few pairs for the ties that it adds."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from diffusion.analysis.network_modes import Mode
from diffusion.analysis.phrases import MOST_NAMED, counted, joined, opened, whole

_ADDED: dict[Mode, str] = {
    "imputation": "ties that were missed to be added",
    "robustness": "false ties to be told",
    "redrawn": "ties",
}


@dataclass(frozen=True)
class FullBlock:
    """Hold how many ties were to be added in a layer from one role to another, and how many there was room for.

    Attributes
    ----------
    layer, source, target
        The layer, and the roles.
    wanted, room
        How many, to a whole tie.
    """

    layer: str
    source: str
    target: str
    wanted: int
    room: int


@dataclass(frozen=True)
class NoRoom:
    """Hold how far room ran out for the ties that a stated error adds to a network.

    Attributes
    ----------
    mode
        In what way the network is uncertain.
    worlds, short_in
        How many worlds there are, and in how many of them room ran out.
    wanted, room
        How many ties were to be added, and how many there was room for: means over those worlds.
    blocks
        The same where it ran out, the largest lack first.
    """

    mode: Mode
    worlds: int
    short_in: int
    wanted: int
    room: int
    blocks: tuple[FullBlock, ...]

    def as_json(self) -> dict[str, object]:
        """Return the fields by name."""
        return asdict(self)

    def sentence(self) -> str:
        """Return it in plain English."""
        every = self.short_in == self.worlds
        where = "every world" if every else f"{whole(self.short_in)} of {counted(self.worlds, 'world')}"
        mean = "" if every else "on average there "
        shown = self.blocks if len(self.blocks) <= MOST_NAMED else self.blocks[: MOST_NAMED - 1]
        full = [
            f"in {one.layer} from {one.source} to {one.target} ({whole(one.wanted)} wanted, room for {whole(one.room)})"
            for one in shown
        ]
        if rest := len(self.blocks) - len(shown):
            full.append(f"in {counted(rest, 'other block')} of a layer and two roles")
        return opened(
            f"in {where} room runs out for the stated error: it asks {mean}for {whole(self.wanted)} "
            f"{_ADDED[self.mode]}, and there is room for {whole(self.room)}; pairs without a tie run out "
            f"{joined(full)}, where all are tied then, so that the stated rates are not attained."
        )

"""A file of targets: a TOML file that states what a synthetic region is to be like, checked in full."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from diffusion.errors import nearest_name_hint
from diffusion.network.formats.tables import RESERVED_ROLES
from diffusion.network.network import normalized
from diffusion.network.synthesis.blocks import problems_of
from diffusion.network.synthesis.targets import LAYERS, MOST_AGENTS, Layer, Level, Organisations, Targets, pair_name
from diffusion.toml.documents import TomlDocument, parsed_toml, read_toml
from diffusion.toml.lines import KeyPath


def _share(value: object) -> object:
    return _number(value, low=0, high=1, what="a share between 0 and 1")


def _isolates(value: object) -> object:
    return _number(value, low=0, high=0.9, what="a share between 0 and 0.9")


def _strength(value: object) -> object:
    return _number(value, low=sys.float_info.min, high=1, what="a strength above 0 and at most 1")


def _multiplier(value: object) -> object:
    return _number(value, low=0.001, high=1000, what="a number between 0.001 and 1000")


def _number(value: object, *, low: float, high: float, what: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"must be {what}")
    return value


Name = Annotated[str, Field(min_length=1)]
Share = Annotated[float, BeforeValidator(_share)]
Strength = Annotated[float, BeforeValidator(_strength)]
Multiplier = Annotated[float, BeforeValidator(_multiplier)]
Number = Annotated[int, Field(ge=1, le=MOST_AGENTS)]
Shares = dict[str, Share]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Organisations(_Table):
    sector: Name
    role: Name
    number: Number | None = None
    people: Number | None = None
    sizes: Annotated[list[Number], Field(min_length=1)] | None = None
    prominence: Multiplier = 1.0
    site: str | None = None
    brokers: bool = False


class _Level(_Table):
    strength: Strength
    share: Share
    inside: Share


class _Layer(_Table):
    reciprocity: Share
    density: Shares
    levels: Annotated[list[_Level], Field(min_length=1)]


class _Layers(_Table):
    formal: _Layer
    informal: _Layer


class _File(_Table):
    name: Name
    stands_for: str = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    agents: dict[str, Number]
    sites: Annotated[list[Name], Field(min_length=1)]
    transitivity: Share
    top_tenth_share: Share
    isolates: Annotated[float, BeforeValidator(_isolates)] = 0.0
    same_sector: Multiplier = 1.0
    same_site: Multiplier = 1.0
    through_brokers: Share | None = None
    organisations: Annotated[list[_Organisations], Field(min_length=1)]
    layers: _Layers
    wealth: Shares


def read_targets(path: Path) -> Targets:
    """Read a file of targets.

    Parameters
    ----------
    path
        The file; ``docs/regions.md`` says what it may hold.

    Raises
    ------
    InputError
        If it cannot be read, or holds what it must not: every problem with its
        line and key, targets that cannot be met together among them.
    """
    return _read(read_toml(path, what="region", needs="a name, [agents], [[organisations]], [layers] and [wealth]"))


def targets_from_text(text: str, path: Path = Path("targets.toml")) -> Targets:
    """Return the targets that the text of such a file states.

    Parameters
    ----------
    text
        The text; that of :func:`~diffusion.network.synthesis.targets_text` gives the same targets again.
    path
        What the text is called in messages.

    Raises
    ------
    InputError
        As :func:`read_targets` does.
    """
    return _read(parsed_toml(text, path, what="region"))


def _read(document: TomlDocument) -> Targets:
    file = document.model(_File)
    _check_names(file, document)
    document.check()
    organisations = tuple(_organisations(place, kind, document) for place, kind in enumerate(file.organisations))
    document.check()
    targets = _targets(file, organisations, document)
    document.check()
    for key, words in problems_of(targets):
        document.complain(key, words)
    document.check()
    return targets


def _check_names(file: _File, document: TomlDocument) -> None:
    """Complain of names that are given twice, are not known, or cannot be."""
    _check_organisations(file, document)
    for place, site in enumerate(file.sites):
        if site in file.sites[:place]:
            document.complain(("sites", place), f'"{site}" is named a second time; take one out')
    for role in file.agents:
        if not role or role != normalized(role) or "-" in role or role in RESERVED_ROLES:
            document.complain(
                ("agents", role), "this cannot be the name of a role: it is empty, reserved, or has a hyphen"
            )
    for layer in LAYERS:
        strengths = Counter(level.strength for level in getattr(file.layers, layer).levels)
        for strength, count in strengths.items():
            if count > 1:
                document.complain(("layers", layer, "levels"), f"the strength {strength:g} is given {count} times")


def _check_organisations(file: _File, document: TomlDocument) -> None:
    """Complain of roles and sites of organisations that are not known, and of sectors with some brokers only."""
    for place, kind in enumerate(file.organisations):
        if kind.role not in file.agents:
            known = nearest_name_hint(kind.role, file.agents) or f"; known are {', '.join(file.agents)}"
            document.complain(("organisations", place, "role"), f'"{kind.role}" is no role of [agents]{known}')
        if kind.site is not None and kind.site not in file.sites:
            known = nearest_name_hint(kind.site, file.sites) or f"; known are {', '.join(file.sites)}"
            document.complain(("organisations", place, "site"), f'"{kind.site}" is none of the sites{known}')
        if any(other.brokers != kind.brokers for other in file.organisations if other.sector == kind.sector):
            document.complain(("organisations", place), "all organisations of a sector must be brokers, or none")


def _organisations(place: int, kind: _Organisations, document: TomlDocument) -> Organisations:
    """Return a kind of organisation; number and people follow from sizes where they are left out."""
    key: KeyPath = ("organisations", place)
    sizes = tuple(kind.sizes or ())
    number, people = kind.number or len(sizes), kind.people or sum(sizes)
    if not sizes and (kind.number is None or kind.people is None):
        document.complain(key, "needs a number and people, or sizes")
    elif people < number:
        document.complain(key, f"{people:,} people cannot fill {number:,} organisations; each needs one at least")
    return Organisations(
        sector=kind.sector,
        role=kind.role,
        number=number,
        people=people,
        sizes=sizes,
        prominence=kind.prominence,
        site=kind.site or "",
        brokers=kind.brokers,
    )


def _targets(file: _File, organisations: tuple[Organisations, ...], document: TomlDocument) -> Targets:
    layers = tuple(_layer(name, getattr(file.layers, name), file, document) for name in LAYERS)
    targets = Targets(
        name=normalized(file.name),
        stands_for=" ".join(file.stands_for.split()),
        seed=file.seed,
        sites=tuple(file.sites),
        organisations=organisations,
        layers=layers,
        wealth=_by_pair(file.wealth, ("wealth",), file, document),
        transitivity=file.transitivity,
        top_tenth_share=file.top_tenth_share,
        isolates=file.isolates,
        same_sector=file.same_sector,
        same_site=file.same_site,
        through_brokers=file.through_brokers,
    )
    found = targets.agents
    for role, said in file.agents.items():
        if found.get(role, 0) != said:
            words = f"must be the sum of the people in the role's organisations, {found.get(role, 0):,}; got {said:,}"
            document.complain(("agents", role), words)
    if targets.size > MOST_AGENTS:
        document.complain(("agents",), f"there are {targets.size:,} agents; at most {MOST_AGENTS:,} are possible")
    if targets.through_brokers is not None and not any(kind.brokers for kind in organisations):
        document.complain(("through_brokers",), "nobody is a broker; write brokers = true for some [[organisations]]")
    return targets


def _layer(name: str, said: _Layer, file: _File, document: TomlDocument) -> Layer:
    total = sum(level.share for level in said.levels)
    if abs(total - 1) > 0.005:
        document.complain(("layers", name, "levels"), f"the shares must add up to 1; they add up to {total:.4g}")
    return Layer(
        name=name,
        density=_by_pair(said.density, ("layers", name, "density"), file, document),
        levels=tuple(Level(level.strength, level.share, level.inside) for level in said.levels),
        reciprocity=said.reciprocity,
    )


def _by_pair(
    said: Mapping[str, float], key: KeyPath, file: _File, document: TomlDocument
) -> tuple[tuple[str, float], ...]:
    """Return values by pair of roles, having complained of pairs that are unknown, missing or given twice."""
    roles = sorted(file.agents)
    known = [pair_name(first, second) for place, first in enumerate(roles) for second in roles[place:]]
    found: dict[str, float] = {}
    for written, value in said.items():
        name = "-".join(sorted(written.split("-")))
        if name not in known:
            hint = nearest_name_hint(written, known) or f"; known are {', '.join(known)}"
            document.complain((*key, written), f"is no pair of roles{hint}")
        elif name in found:
            document.complain((*key, written), "this pair of roles is given a second time; take one out")
        found[name] = value
    if missing := [name for name in known if name not in found]:
        document.complain(key, f"has no {', '.join(missing)}; write 0 where nobody is tied")
    return tuple((name, found.get(name, 0.0)) for name in known)

"""Targets as the text of a TOML file, which reads back as the same targets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from diffusion.network.synthesis.targets import Layer, Organisations, Targets
from diffusion.toml.documents import bare

HEAD = "# Targets of a synthetic region, as it was made from them. What comes out is nobody's data.\n"


def targets_text(targets: Targets) -> str:
    """Return the text of a file that states targets.

    Parameters
    ----------
    targets
        The targets.
    """
    return HEAD + "".join(f"{line}\n" for line in _lines(targets))


def _lines(targets: Targets) -> Iterator[str]:
    yield ""
    yield f"name = {_text(targets.name)}"
    yield f"stands_for = {_text(targets.stands_for)}"
    yield f"seed = {targets.seed}"
    yield f"sites = [{', '.join(map(_text, targets.sites))}]"
    for key in ("same_site", "same_sector", "isolates", "transitivity", "top_tenth_share", "through_brokers"):
        if (value := getattr(targets, key)) is not None:
            yield f"{key} = {value!r}"
    yield from _table("agents", list(targets.agents.items()))
    for kind in targets.organisations:
        yield from _organisations(kind)
    for layer in targets.layers:
        yield from _layer(layer)
    yield from _table("wealth", targets.wealth)


def _organisations(kind: Organisations) -> Iterator[str]:
    yield from ("", "[[organisations]]")
    yield f"sector = {_text(kind.sector)}"
    yield f"role = {_text(kind.role)}"
    yield f"number = {kind.number}"
    yield f"people = {kind.people}"
    if kind.sizes:
        yield f"sizes = [{', '.join(map(str, kind.sizes))}]"
    yield f"prominence = {kind.prominence!r}"
    if kind.site:
        yield f"site = {_text(kind.site)}"
    if kind.brokers:
        yield "brokers = true"


def _layer(layer: Layer) -> Iterator[str]:
    yield from _table(f"layers.{layer.name}", [("reciprocity", layer.reciprocity)])
    yield from _table(f"layers.{layer.name}.density", layer.density)
    for level in layer.levels:
        said = [("strength", level.strength), ("share", level.share), ("inside", level.inside)]
        yield from _table(f"[layers.{layer.name}.levels]", said)


def _table(name: str, values: Sequence[tuple[str, float]]) -> Iterator[str]:
    yield from ("", f"[{name}]")
    yield from (f"{bare(key)} = {value!r}" for key, value in values)


def _text(text: str) -> str:
    """Return a text as TOML; a JSON string is a TOML string but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

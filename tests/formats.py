"""What the tests of every format share: networks to write, and damage to do to files."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.formats import read_network, write_network
from diffusion.network.formats.tables import RESERVED_ROLES, Reading
from diffusion.network.network import Network, normalized

CELLS = st.one_of(
    st.sampled_from(
        ["=1+1", ',";', '"', "'", "#", "a b", " x", "Zo\u00eb", "\ufeffx", "e\u0301", "*arcs", "<&>", "0,5", "%", "1"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=6),
)
"""Texts as names may be: in every language, with every mark, without line ends and control characters."""

NAMES = CELLS.map(normalized).filter(bool)
PLAIN_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_\u00eb", min_size=1, max_size=6).map(normalized)
"""Names for formats that carry no more: letters, digits, hyphen and underscore."""


@st.composite
def networks(
    draw: st.DrawFn,
    *,
    names: st.SearchStrategy[str] = NAMES,
    cells: st.SearchStrategy[str] = CELLS,
    column_names: st.SearchStrategy[str] | None = None,
    layers: st.SearchStrategy[str] | None = None,
    unique_by: Callable[[str], str] = str,
) -> Network:
    """Return networks of up to six agents.

    Parameters: what ids are drawn from, what the agents' cells, the names of
    further columns and of layers are drawn from, and what must differ between ids.
    """
    ids = draw(st.lists(names, min_size=1, max_size=6, unique_by=unique_by))
    further = st.one_of(
        st.sampled_from(["organisation", "sector", "site", "ward"]), names if column_names is None else column_names
    )
    columns = draw(st.lists(further.filter(is_column_name), max_size=3, unique_by=str.casefold))
    size, ends = len(ids), st.sampled_from(ids)
    strengths = st.one_of(st.sampled_from([0.25, 0.5, 1.0]), st.floats(0, 1, exclude_min=True))
    ties = draw(st.lists(st.tuples(ends, ends, names if layers is None else layers, strengths), max_size=8))
    source, target, layer, strength = zip(*ties, strict=True) if ties else ((), (), (), ())
    roles = cells.filter(lambda role: normalized(role) not in RESERVED_ROLES)
    return Network.from_tables(
        name=draw(names),
        ids=ids,
        roles=draw(st.lists(roles, min_size=size, max_size=size)),
        columns={name: draw(st.lists(cells, min_size=size, max_size=size)) for name in columns},
        source=source,
        target=target,
        layer=layer,
        strength=np.array(strength, dtype=float),
        synthetic=draw(st.booleans()),
    )


def is_column_name(name: str) -> bool:
    """Tell whether a further column may have this name."""
    return name.casefold() not in {"id", "role", "organisation", "sector", "site"}


def ties_of(network: Network) -> list[tuple[str, str, str, float]]:
    """Return a network's ties as (source, target, layer, strength), in its order."""
    return [
        (network.ids[source], network.ids[target], network.layers[layer], strength)
        for source, target, layer, strength in zip(
            network.source.tolist(),
            network.target.tolist(),
            network.layer.tolist(),
            network.strength.tolist(),
            strict=True,
        )
    ]


def assert_equal(first: Network, second: Network) -> None:
    """Assert that two networks agree in everything that a folder can carry."""
    for attribute in ("name", "ids", "roles", "columns", "layers", "synthetic", "survey"):
        assert getattr(first, attribute) == getattr(second, attribute), attribute
    assert ties_of(first) == ties_of(second)
    assert first.digest == second.digest


def written_and_read(network: Network, file_name: str, format_name: str) -> tuple[Network, list[str]]:
    """Return what comes back of a network that was written in a format, and what the writer said was lost."""
    with TemporaryDirectory() as folder:
        path = Path(folder, file_name)
        lost = write_network(network, path, format_name=format_name)
        return read_network(str(path), Path(), reading=Reading(format=format_name, direction="tell")), lost


def problems_of(path: Path, format_name: str | None = None) -> list[str]:
    """Return the problems of a file that cannot be read, each without the folder's path; fail where it can."""
    try:
        network = read_network(str(path), Path(), reading=Reading(format=format_name))
    except InputError as error:
        return [line.replace(f"{path.parent}/", "") for line in error.problems]
    raise AssertionError(f"{path.name} was read: {network.ids}, {ties_of(network)}")


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Return a content, cut short, with bytes changed, taken out, doubled, or put in."""
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        stop = min(len(content), start + draw(st.integers(0, 12)))
        kind = draw(st.sampled_from(["cut", "remove", "replace", "double"]))
        other = {
            "cut": b"",
            "remove": content[stop:],
            "replace": draw(st.binary(max_size=6)) + content[stop:],
            "double": content[start:stop] * 2 + content[stop:],
        }
        content = content[:start] + other[kind]
    return content


def assert_answers(content: bytes, file_name: str, format_name: str, beside: dict[str, bytes] | None = None) -> None:
    """Assert that whatever a file holds, the answer is a network or problems of one line that name the file."""
    with TemporaryDirectory() as folder:
        for name, other in (beside or {}).items():
            Path(folder, name).write_bytes(other)
        path = Path(folder, file_name)
        path.write_bytes(content)
        lines: tuple[str, ...] = ()
        size = 1
        try:
            size = read_network(str(path), Path(), reading=Reading(format=format_name)).size
        except InputError as error:
            lines = error.problems
        assert size > 0
        for line in lines:
            assert line.startswith((folder, "…")), line
            assert not any(unicodedata.category(mark) == "Cc" for mark in line), line

"""The sources that a report cites: which rule and which position is whose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from diffusion.positions import POSITIONS

RULE_SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cascade": ("goldenberg2001", "kempe2003"),
        "contagion": (),
        "threshold": ("granovetter1978", "valente1996", "watts2002"),
        "hazard": ("bass1969", "vandenbulte2001"),
    }
)
"""Keys of sources by rule."""

_DOI = re.compile(r"doi (10\.\d{4,}/[^;\s]+)")
_FIELD = re.compile(r"doi = \{([^}]*)\}")
_ENTRY = re.compile(r"^@\w+\{([^,]+),.*$", re.MULTILINE)


def sources_in(text: str) -> tuple[str, ...]:
    """Return the keys of the sources whose DOIs a registry's text names, in its order.

    Examples
    --------
    >>> sources_in("Freeman 1977, doi 10.2307/3033543; Burt 1992, Structural Holes")
    ('freeman1977',)
    """
    keys = {_FIELD.findall(entry)[0]: key for key, entry in _entries().items()}
    return tuple(keys[found] for found in (one.rstrip(".,") for one in _DOI.findall(text)) if found in keys)


def position_sources(name: str) -> tuple[str, ...]:
    """Return the keys of the sources of a position, as its registry states them."""
    return sources_in(POSITIONS[name].source)


def bibliography(cited: Iterable[str] | None = None) -> str:
    """Return sources in BibTeX: all that are known, or those of some keys, in the order of keys.

    Raises
    ------
    KeyError
        If a key is not known.
    """
    entries = _entries()
    keys = entries if cited is None else dict.fromkeys(cited)
    return "".join(f"{_laid_out(entries[key])}\n" for key in sorted(keys))


@lru_cache
def _entries() -> Mapping[str, str]:
    text = (resources.files("diffusion.report") / "references.bib").read_text(encoding="utf-8")
    return {found[1]: found[0] for found in _ENTRY.finditer(text)}


def _laid_out(entry: str) -> str:
    """Return an entry with a field a line."""
    return re.sub(r", (\w+ = )", r",\n  \1", entry).removesuffix("}") + ",\n}\n"

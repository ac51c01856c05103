"""The environment of a run: what may change a number, as records keep it and as it is here.

Two machines make the same runs if they have the same model and the same
compiled sources. That other versions of packages, or another processor, make
the same ones too is meant to be so and is tested; where a run yet differs, one
of these is why.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata, util
from types import MappingProxyType
from typing import Any

from diffusion.compiled import SOURCE_DIGEST, processor_compiled_for
from diffusion.model import MODEL_VERSION

PACKAGES = ("ahsn-diffusion", "numpy", "scipy", "numba", "llvmlite", "mesa", "networkx", "rustworkx", "sqlalchemy")
"""The packages whose version may matter to a number."""

ARITHMETIC = ("avx", "avx2", "avx512f", "fma", "fma4", "neon", "sse4.1", "sse4.2", "sve")
"""The abilities of a processor that may change the last digit of ``exp`` or ``erf``, as LLVM calls them."""


def environment() -> dict[str, Any]:
    """Return what of this machine and its programs may matter to a number; nobody's name is in it."""
    return {
        "model_version": MODEL_VERSION,
        "source_digest": SOURCE_DIGEST,
        "versions": {"python": platform.python_version(), **_versions()},
        "svml": util.find_spec("icc_rt") is not None,
        "machine": {
            "system": platform.system(),
            "release": platform.release(),
            "processor": platform.machine(),
            **_compiled_for(),
            "c_library": " ".join(platform.libc_ver()).strip(),
            "byte_order": sys.byteorder,
        },
    }


def _compiled_for() -> dict[str, Any]:
    """Return what matters of the processor that is compiled for."""
    name, abilities = processor_compiled_for()
    return {"processor_model": name, "processor_features": [known for known in ARITHMETIC if known in abilities]}


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed as a package"
    return found


def _version(package: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda said: said.get("versions", {}).get(package)


def _machine(key: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda said: said.get("machine", {}).get(key)


FACTS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = MappingProxyType(
    {
        "version of the model": lambda said: said.get("model_version"),
        "compiled sources": lambda said: said.get("source_digest"),
        "diffusion": _version("ahsn-diffusion"),
        "numba": _version("numba"),
        "llvmlite": _version("llvmlite"),
        "SVML": lambda said: said.get("svml"),
        "numpy": _version("numpy"),
        "scipy": _version("scipy"),
        "Mesa": _version("mesa"),
        "processor": _machine("processor"),
        "processor's model": _machine("processor_model"),
        "processor's features": _machine("processor_features"),
        "byte order": _machine("byte_order"),
        "system": _machine("system"),
        "C library": _machine("c_library"),
        "Python": _version("python"),
        "networkx": _version("networkx"),
        "rustworkx": _version("rustworkx"),
        "SQLAlchemy": _version("sqlalchemy"),
    }
)
"""What records and this machine are compared in, and where a record says it; the likeliest to change a run first."""


@dataclass(frozen=True, slots=True)
class Differing:
    """Say in what this machine differs from the one where runs were made.

    Attributes
    ----------
    what
        In what.
    then
        How it was then; several where several machines had a part.
    here
        How it is here.
    """

    what: str
    then: tuple[str, ...]
    here: str

    def __str__(self) -> str:
        """Return the difference in words."""
        return f"{self.what} {self.here} (then {' and '.join(self.then)})"

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values."""
        return {"what": self.what, "then": list(self.then), "here": self.here}


def differing(records: Sequence[Mapping[str, Any]], here: Mapping[str, Any]) -> tuple[list[Differing], list[str]]:
    """Return in what a machine differs from those of records, the likeliest to change a run first.

    Parameters
    ----------
    records
        What was kept when runs were made.
    here
        What :func:`environment` says of this machine.

    Returns
    -------
    The differences; and what no record tells, so that nobody knows whether it differs.
    """
    found, untold = [], []
    for what, said_by in FACTS.items():
        told = [value for record in records if (value := said_by(record)) is not None]
        now = _text(said_by(here))
        then = dict.fromkeys(map(_text, told))
        if not then:
            untold.append(what)
        elif set(then) != {now}:
            found.append(Differing(what, tuple(then), now))
    return found, untold


def other_model_line(study: str, arm: str, records: Sequence[Mapping[str, Any]]) -> str:
    """Return in one line why a study of another version of the program cannot be continued, and what to do.

    Parameters
    ----------
    study, arm
        The study's name, and its arm that is not found.
    records
        Its provenance.
    """
    here = environment()
    record = records[-1] if records else {}
    maker, model = FACTS["diffusion"](record), record.get("model_version")
    said = f"diffusion {maker or 'of an unknown version'}, version {'unknown' if model is None else model} of the model"
    ours = f"diffusion {FACTS['diffusion'](here)}, version {MODEL_VERSION} of the model"
    same = "" if model != MODEL_VERSION else f'; it names the arm "{arm}" otherwise'
    back = f"install diffusion {maker}" if maker else "install the version that made it"
    return (
        f'the study "{study}" was made by {said}, and this is {ours}{same}: it can neither replay nor continue these '
        f"runs. To use them as they are, {back} (check that version out, then `pip install -e .`); to have them "
        "anew, run the scenario again. `studies show --provenance` tells what made them"
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)

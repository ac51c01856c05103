"""Compiling: the typed decorators, the digest of compiled sources, the notice.

numba's cache sees neither a change in another file nor, in a new process, a
kernel that takes or closes over a compiled function. So a function that is to
be cached is made by a factory that closes over :data:`SOURCE_DIGEST`, the
digest of every file with compiled code: change one rule, and every kernel is
compiled again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import binding
from llvmlite import ir as cir
from numba import types
from numba.core import config, event
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])

COMPILED_SOURCES = (
    "analysis/reduction.py",
    "compiled.py",
    "draws.py",
    "model/block.py",
    "model/crossings.py",
    "model/entries.py",
    "model/exposures.py",
    "model/lanes.py",
    "model/rules.py",
    "model/ties.py",
    "network/communities.py",
    "network/only_ways.py",
    "network/partial_rewiring.py",
    "network/paths.py",
    "network/rewiring.py",
    "network/shortening.py",
    "positions/leaders.py",
    "positions/reach_table.py",
    "positions/reverse_reachable.py",
)
"""Every file with compiled code, relative to the package; a test keeps it complete."""


_LEAN: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def source_digest(package: Path) -> str:
    """Return 16 hexadecimal digits naming the text of all compiled sources.

    Parameters
    ----------
    package
        The folder of the package.
    """
    digest = hashlib.blake2b(digest_size=8)
    for name in COMPILED_SOURCES:
        digest.update((package / name).read_bytes())
    return digest.hexdigest()


SOURCE_DIGEST = source_digest(Path(__file__).parent)


def compiled(function: Function) -> Function:
    """Compile a function that other compiled functions call; never cached on its own."""
    return cast(Function, numba.njit(nogil=True, error_model="numpy")(function))


def lean(function: Function) -> Function:
    """Do the same for a function that reads and writes arrays but makes none.

    Nothing then counts who refers to an array, which would take longer than
    the work itself where many arrays are passed on, and longer to compile.
    """
    return cast(Function, numba.njit(**_LEAN)(function))


def inlined(function: Function) -> Function:
    """Compile a function into the body of its callers, so that their loops run side by side."""
    return cast(Function, numba.njit(nogil=True, error_model="numpy", inline="always")(function))


def cached(function: Function) -> Function:
    """Compile a function that Python calls, and keep it for the next process.

    The function must close over :data:`SOURCE_DIGEST`, or an edit in another
    file would leave the old code in the cache.
    """
    return cast(Function, numba.njit(nogil=True, error_model="numpy", cache=True)(function))


def kernel(function: Function) -> Function:
    """Compile and keep a function that Python calls with all the arrays it needs; see :func:`lean`."""
    return cast(Function, numba.njit(cache=True, **_LEAN)(function))


def integer(value: int) -> int:
    """Return a constant that numba takes for any integer.

    What is passed a plain constant would be compiled once more, for it alone.
    """
    return cast(int, np.int64(value))


def processor_compiled_for() -> tuple[str, frozenset[str]]:
    """Return the name and the abilities of the processor that is compiled for.

    It is this one, unless the user names another in ``NUMBA_CPU_NAME`` and
    ``NUMBA_CPU_FEATURES``. Abilities are called as LLVM calls them.
    """
    name, said = (getattr(config, key, None) for key in ("CPU_NAME", "CPU_FEATURES"))
    if name or said:
        there = {word.removeprefix("+") for word in str(said or "").split(",") if word.startswith("+")}
    else:
        there = {known for known, has in binding.get_host_cpu_features().items() if has}
    return name or binding.get_host_cpu_name(), frozenset(there)


class _FirstCompilation(event.Listener):
    """Call back once, when numba starts to compile something it had not cached."""

    def __init__(self, announce: Callable[[], None]) -> None:
        self.announce = announce
        self.announced = False

    def on_start(self, event: Any) -> None:  # noqa: ARG002 - whatever it is that starts
        if not self.announced:
            self.announced = True
            self.announce()

    def on_end(self, event: Any) -> None:
        pass


@contextmanager
def announced_compilation(announce: Callable[[], None]) -> Iterator[None]:
    """Call ``announce`` once if anything is compiled in the ``with`` block.

    Parameters
    ----------
    announce
        What to do when the first compilation starts.
    """
    listener = _FirstCompilation(announce)
    event.register("numba:compile", listener)
    try:
        yield
    finally:
        event.unregister("numba:compile", listener)


@intrinsic
def _trailing_zeros(typingctx: Any, word: Any) -> Any:

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], cir.Constant(cir.IntType(1), 1))

    return types.uint64(types.uint64), generate


trailing_zeros = cast(Callable[[np.uint64], np.uint64], _trailing_zeros)
"""Compiled: the place of the lowest set bit of a word that is not zero."""

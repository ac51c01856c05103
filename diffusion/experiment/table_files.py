"""Tables of any length in files, written part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from diffusion.experiment.study import digest_of

Part: TypeAlias = Mapping[str, Any]
"""Some rows of a table: columns by name, each an array, or one value for all rows."""


def write_table(file: Path, sources: Sequence[Callable[[], Iterator[Part]]]) -> int:
    """Write a table to a file, and return how many rows it has.

    Every part gets the columns that the whole has, with nothing where it has
    none itself. The file appears when it is whole: whatever goes wrong, one
    that was there stays as it was.

    Parameters
    ----------
    file
        Where it goes: ``.csv`` or ``.parquet``.
    sources
        What gives the rows, in order; the parts of one source have the same columns.
    """
    import pandas as pd

    firsts = [pd.DataFrame(next(source())).head(1) for source in sources]
    alike = pd.concat(firsts, ignore_index=True).dtypes
    short = digest_of({"name": file.name})[:12]  # the file's own name may be as long as a name can be
    unfinished = file.with_name(f".{short}.unfinished")
    rows = 0
    try:
        with _writer(unfinished, file.suffix) as write:
            for source in sources:
                for part in source():
                    frame = pd.DataFrame(part)
                    write(frame.reindex(columns=alike.index).astype(alike))
                    rows += len(frame)
        unfinished.replace(file)
    except OSError as error:
        if error.filename == str(unfinished):
            error.filename = str(file)
        raise
    finally:
        with suppress(OSError):  # where nothing can be written, nothing is there
            unfinished.unlink(missing_ok=True)
    return rows


@contextmanager
def _writer(file: Path, suffix: str) -> Iterator[Callable[[Any], None]]:
    """Give what writes one frame after the other to a file."""
    if suffix == ".csv":
        with file.open("w", encoding="utf-8", newline="") as text:
            yield lambda frame: frame.to_csv(text, index=False, header=text.tell() == 0)
        return
    import pyarrow as pa
    from pyarrow import parquet

    with ExitStack() as stack:
        writers: list[Any] = []

        def write(frame: Any) -> None:
            table = pa.Table.from_pandas(frame, preserve_index=False)
            if not writers:
                writers.append(stack.enter_context(parquet.ParquetWriter(file, table.schema)))
            writers[0].write_table(table.cast(writers[0].schema))

        yield write

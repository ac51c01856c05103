"""The record of a study's runs in words: with what, when and on which kind of machine they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diffusion.cli.output import console, table

if TYPE_CHECKING:
    from rich.console import Console

    from diffusion.experiment.store import StudyEntry


def print_provenance(entry: StudyEntry, records: Sequence[Mapping[str, Any]], out: Console | None = None) -> None:
    """Print the records of a study, one for each time that it was run.

    Parameters
    ----------
    entry
        The study.
    records
        Its records, in order.
    out
        Where to print; standard output by default.
    """
    out = out or console()
    out.print(entry.title, style="bold", soft_wrap=True)
    out.print(f"{entry.name}, study {entry.digest}: {entry.runs:,} runs are stored.", soft_wrap=True)
    for number, record in enumerate(records, start=1):
        made = table(f"run {number} of {len(records)}", "")
        for what, told in _rows(record):
            made.add_row(what, told)
        out.print()
        out.print(made)
        if files := record.get("file_digests"):
            out.print("\nIts files, as sha256sum prints them:", soft_wrap=True)
            for name, digest in files.items():
                out.print(f"{digest}  {name}", soft_wrap=True)


def _rows(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a record tells, as far as it does: those of older versions tell less."""
    yield "command", " ".join(record.get("command", ["not recorded"]))
    yield "began (UTC)", _instant(record["started_at"])
    finished = record["finished_at"]
    yield "ended (UTC)", _instant(finished) if finished else "not to its end: stopped, killed, or still running"
    for what, key in (("seed", "seed"), ("replicates", "replicates"), ("worlds", "worlds")):
        if key in record:
            yield what, f"{record[key]}"
    yield "played by", _players(record)
    if "model_version" in record:
        yield "version of the model", str(record["model_version"])
    if "source_digest" in record:
        yield "compiled sources", record["source_digest"]
    yield "packages", "\n".join(f"{name} {version}" for name, version in record.get("versions", {}).items())
    if "svml" in record:
        yield "SVML", "yes" if record["svml"] else "no"
    yield "machine", "\n".join(_machine(record.get("machine", {})))
    for kind in record.get("cluster_machines", ()):
        packages = [f"{name} {version}" for name, version in kind["versions"].items()]
        yield "of the cluster", "\n".join([*packages, *_machine(kind["machine"])])
    yield from _digests(record)
    if failures := record.get("failures"):
        yield "failures", "\n".join(f"{found['runs']:,} runs of {found['arm']}: {found['error']}" for found in failures)


def _players(record: Mapping[str, Any]) -> str:
    workers = record.get("workers", 1)
    said = f"the {record.get('engine', 'ensemble')} in {workers} {'thread' if workers == 1 else 'threads'}"
    said += " of a Dask cluster" if record.get("cluster") else ""
    return said + (f", shard {record['shard']}" if record.get("shard") else "")


def _machine(said: Mapping[str, Any]) -> Iterator[str]:
    for key, value in said.items():
        told = " ".join(value) if isinstance(value, list) else value
        yield f"{key.replace('_', ' ')} {told}"


def _digests(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "scenario_digest" in record:
        yield "scenario's content", record["scenario_digest"]
    if "scenario_text_digest" in record:
        yield "scenario's text", record["scenario_text_digest"]
    yield "networks' content", "\n".join(f"{digest}  {name}" for name, digest in record["network_digests"].items())


def _instant(text: str) -> str:
    return text.replace("T", " ").removesuffix("+00:00")

"""``diffusion network synthesise``: synthetic regions from declared targets, and how well they fit."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffusion.cli.options import WholeNumber, json_option
from diffusion.cli.output import console, print_json, say, table
from diffusion.errors import InputError, nearest_name_hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diffusion.network.network import Network
    from diffusion.network.synthesis import Fit, Targets
    from diffusion.network.synthesis.pairs import Report

FOLDER_FILES = ("agents.csv", "ties.csv", "about.toml", "targets.toml", "fit.csv")

DRAWS_BY_SIZE = ((2_000, 100), (20_000, 10))
"""Up to how many agents so many other regions are drawn by default; larger regions stand alone."""


@click.command("synthesise")
@click.argument("targets", required=False)
@click.option("--start", metavar="FILE", help="Write the commented targets of ahsn-a to FILE, to begin from.")
@click.option(
    "--agents", type=WholeNumber(1, 1_000_000), metavar="NUMBER", help="How many agents; as TARGETS say by default."
)
@click.option(
    "--seed",
    type=WholeNumber(0, 2**63 - 1),
    metavar="NUMBER",
    help="Which of the regions with these targets; as TARGETS say by default.",
)
@click.option(
    "--output",
    metavar="PATH",
    help="A folder, or a file whose suffix says the format; a folder of the region's name by default.",
)
@click.option(
    "--draws",
    type=WholeNumber(0, 100_000),
    metavar="NUMBER",
    help="How many other regions are drawn for the table of fit: 100 by default, 10 above 2,000 agents, and none above "
    "20,000.",
)
@click.option("--overwrite", is_flag=True, help="Write over an output that is there.")
@json_option
def synthesise(
    *,
    targets: str | None,
    start: str | None,
    agents: int | None,
    seed: int | None,
    output: str | None,
    draws: int | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Make a synthetic region from TARGETS, and tell how well it fits them.

    TARGETS is a TOML file (docs/regions.md), or the name of a packaged region
    (ahsn-a to ahsn-e) for a region like it; --start writes a first file.

    The region, its targets and the table of fit are written to the output. All
    of it is synthetic, and says so: it is nobody's data.
    """
    if start is not None:
        given = {"TARGETS": targets, "--agents": agents, "--seed": seed, "--output": output, "--draws": draws}
        _refuse_with_start({**given, "--overwrite": overwrite or None})
        _start(Path(start), as_json=as_json)
        return
    if targets is None:
        raise click.UsageError(
            "the TARGETS are missing; --start FILE writes some to begin from", click.get_current_context()
        )
    _make(Request(targets, agents, seed, Path(output) if output else None, draws, overwrite), as_json=as_json)


@dataclass(frozen=True, slots=True)
class Request:
    """Hold what the user asks for."""

    targets: str
    agents: int | None
    seed: int | None
    output: Path | None
    draws: int | None
    overwrite: bool


def _refuse_with_start(given: dict[str, object]) -> None:
    for option, value in given.items():
        if value is not None:
            raise click.UsageError(f"--start does not go with {option}", click.get_current_context())


def _start(target: Path, *, as_json: bool) -> None:
    from diffusion.network.regions import packaged_targets

    if target.exists():
        raise InputError(f"{target}: is there already; targets are never written over; name another file")
    try:
        target.write_bytes(packaged_targets("ahsn-a").read_bytes())
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}") from None
    if as_json:
        print_json({"targets": str(target)})
        return
    where = _as_path(target)
    print(f"The targets of ahsn-a were written to {target}, with their sources. Change what differs, and then:")
    print(f"  diffusion network synthesise {where}")


def _make(request: Request, *, as_json: bool) -> None:
    from diffusion.network.formats import write_network
    from diffusion.network.synthesis import goodness_of_fit, region_name, scaled, synthetic_region, write_region

    targets = _targets_of(request.targets)
    if request.agents is not None and request.agents != targets.size:
        targets = scaled(targets, request.agents)
    target = request.output or Path(region_name(targets, request.seed))
    _check_target(target, request)
    draws = _draws(targets, request.draws)
    with _progress() as report:
        network = synthetic_region(targets, request.seed, report)
        fits = goodness_of_fit(targets, draws, network=network, seed=request.seed, report=report)
    if target.suffix and not target.is_dir():
        lost = write_network(network, target)
    else:
        lost = []
        write_region(network, targets, target, request.seed)
    written = _write_beside(target, targets, fits)
    if as_json:
        print_json(told(network, target, fits, draws))
    else:
        _print(network, fits, draws)
    for line in lost:
        say(f"{target}: not carried, or changed: {line}")
    if not as_json:
        _print_written(target, written)


def _targets_of(named: str) -> Targets:
    """Return the targets that a user names: those of a packaged region, or those of a file."""
    from diffusion.network.regions import PACKAGED, packaged_targets
    from diffusion.network.synthesis import read_targets

    if any(mark in named for mark in "/\\."):
        return read_targets(Path(named).expanduser())
    if named in PACKAGED:
        return read_targets(packaged_targets(named))
    hint = f'; did you mean the file "./{named}"?' if Path(named).is_file() else nearest_name_hint(named, PACKAGED)
    raise InputError(
        f'"{named}" is no packaged region; packaged: {", ".join(PACKAGED)}; targets of your own are given as a path '
        f'with a "/" or a "."{hint}'
    )


def _draws(targets: Targets, asked: int | None) -> int:
    if asked is not None:
        return asked
    draws = next((draws for most, draws in DRAWS_BY_SIZE if targets.size <= most), 0)
    if draws < DRAWS_BY_SIZE[0][1]:
        say(
            f"With {targets.size:,} agents, {draws or 'no'} other regions are drawn for the table of fit; "
            "--draws asks for more."
        )
    return draws


def _check_target(target: Path, request: Request) -> None:
    """Refuse to write over what is there.

    Raises
    ------
    InputError
        If the output is there already, holds other files, or is the file of targets.
    """
    from diffusion.network.formats.registry import format_to_write

    format_to_write(target)  # refuses a suffix that is of no format before anything is drawn
    named = Path(request.targets).expanduser()
    written = [target, *(target / name for name in FOLDER_FILES)] if target.is_dir() else [target, *_beside(target)]
    if named.is_file() and any(path.exists() and path.samefile(named) for path in written):
        raise InputError(
            f"{target}: the region would be written over the targets that it is made from; name another output"
        )
    if not target.parent.is_dir():
        raise InputError(f"{target}: there is no folder {target.parent}; make it first")
    if target.is_dir() and any(target.iterdir()) and not any((target / name).exists() for name in FOLDER_FILES[:2]):
        raise InputError(f"{target}: this folder holds other files; name another with --output")
    there = [path for path in written if path.exists() and not (path.is_dir() and not any(path.iterdir()))]
    if there and not request.overwrite:
        raise InputError(f"{there[0]}: is there already; say --overwrite, or name another with --output")


def _beside(target: Path) -> tuple[Path, ...]:
    """Return where targets and fit of a region in one file go."""
    if not target.suffix:
        return ()
    return target.with_name(f"{target.stem}_targets.toml"), target.with_name(f"{target.stem}_fit.csv")


def _write_beside(target: Path, targets: Targets, fits: Sequence[Fit]) -> tuple[Path, ...]:
    """Write targets and fit into the region's folder, or beside its file."""
    from diffusion.network.synthesis import fit_text, targets_text

    paths = tuple(target / name for name in FOLDER_FILES[3:]) if target.is_dir() else _beside(target)
    for path, text in zip(paths, (targets_text(targets), fit_text(fits)), strict=True):
        path.write_bytes(text.encode())
    return paths


def told(network: Network, target: Path, fits: Sequence[Fit], draws: int) -> dict[str, Any]:
    """Return what is told of a region, as JSON has it.

    Parameters
    ----------
    network
        The region.
    target
        Where it was written.
    fits
        How well it fits its targets.
    draws
        How many other regions were drawn.
    """
    return {
        "name": network.name,
        "synthetic": network.synthetic,
        "output": str(target),
        "agents": network.size,
        "ties": network.tie_count,
        "roles": {role: network.roles.count(role) for role in network.role_names},
        "layers": {name: int((network.layer == place).sum()) for place, name in enumerate(network.layers)},
        "draws": draws,
        "fit": [{**asdict(fit), "met": fit.met} for fit in fits],
    }


def _print(network: Network, fits: Sequence[Fit], draws: int) -> None:
    from diffusion.cli.answer import network_line

    out = console()
    out.print(network_line(network), soft_wrap=True)
    out.print()
    out.print(fit_table(fits, draws))
    missed = [fit.target for fit in fits if not fit.met]
    out.print(
        f"\n{len(fits) - len(missed)} of {len(fits)} targets are met within their tolerance."
        + (f" Not met: {'; '.join(missed)}." if missed else ""),
        soft_wrap=True,
    )


def fit_table(fits: Sequence[Fit], draws: int) -> Any:
    """Return the table of fit, as it is printed.

    Parameters
    ----------
    fits
        How well a region fits its targets.
    draws
        How many other regions were drawn.
    """
    many = [f"mean of {draws:,}", "5 to 95 %"] if draws else []
    headings = ["wanted", "this region", *many, "tolerance"]
    made = table("target", *headings, "met", right=headings)
    for fit in fits:
        numbers = [_number(fit.wanted, fit), _number(fit.drawn, fit)]
        if fit.mean is not None and fit.low is not None and fit.high is not None:
            numbers += [_number(fit.mean, fit), f"{_number(fit.low, fit)} to {_number(fit.high, fit)}"]
        made.add_row(fit.target, *numbers, _number(fit.tolerance, fit), "yes" if fit.met else "no")
    return made


def _number(value: float, fit: Fit) -> str:
    return (
        f"{value:,.0f}"
        if not fit.tolerance and value == int(value)
        else f"{value:.3g}"
        if fit.wanted < 0.01
        else f"{value:.3f}"
    )


def _print_written(target: Path, beside: tuple[Path, ...]) -> None:
    where = _as_path(target)
    print(f"\nWritten to {target}, with {beside[0].name} and {beside[1].name}. It is synthetic: nobody's data. Next:")
    print(f"  diffusion network show {where} --figure {shlex.quote(f'{target.stem}.png')}")


def _as_path(target: Path) -> str:
    return shlex.quote(str(target) if {"/", "\\", "."} & set(str(target)) else f"./{target}")


@contextmanager
def _progress() -> Iterator[Report]:
    """Give a report that shows on a terminal what is being made; elsewhere it stays quiet."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    screen = Console(stderr=True, markup=False, highlight=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("targets", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield report

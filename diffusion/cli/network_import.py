"""``diffusion network import``: from the sheets of a survey to a network, by a recipe."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diffusion.cli.options import json_option
from diffusion.cli.output import print_json
from diffusion.errors import InputError

if TYPE_CHECKING:
    from diffusion.network.importing.importing import Import

FOLDER_FILES = ("agents.csv", "ties.csv", "about.toml")


@click.command("import")
@click.argument("recipe", required=False)
@click.argument("output", required=False)
@click.option("--start", metavar="FILE", help="Look at a sheet and write a first recipe for it, with comments.")
@click.option("--sheet", metavar="NAME", help="With --start: which sheet of a workbook; the first by default.")
@click.option(
    "--output",
    "recipe_output",
    metavar="RECIPE",
    help="With --start: where the recipe is written; beside the sheet by default.",
)
@click.option(
    "--pseudonyms",
    metavar="KEYFILE",
    help="Put codes such as M014 in the place of ids and names. Who is who is kept in this file alone; it is made "
    "if it is not there, and used again so that codes stay the same.",
)
@click.option("--overwrite", is_flag=True, help="Write over an output that is there.")
@json_option
def import_network(
    *,
    recipe: str | None,
    output: str | None,
    start: str | None,
    sheet: str | None,
    recipe_output: str | None,
    pseudonyms: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Make a network of a survey's sheets, as RECIPE says, and write it to OUTPUT.

    RECIPE is a TOML file beside the sheets (docs/recipes.md); --start writes a
    first one. OUTPUT is a folder, or a file in any format that can be written,
    by its suffix; by default it is a folder beside the recipe, of its name.
    """
    if start is not None:
        _refuse_with_start({"RECIPE": recipe, "--pseudonyms": pseudonyms, "--overwrite": overwrite or None})
        _start(Path(start), sheet, recipe_output, as_json=as_json)
        return
    for option, given in (("--sheet", sheet), ("--output", recipe_output)):
        if given is not None:
            raise click.UsageError(f"{option} goes with --start only", click.get_current_context())
    if recipe is None:
        raise click.UsageError(
            "a RECIPE is missing; --start FILE writes a first one for a sheet", click.get_current_context()
        )
    _import(Request(Path(recipe), Path(output) if output else None, pseudonyms, overwrite), as_json=as_json)


@dataclass(frozen=True, slots=True)
class Request:
    """Hold what the user asks for."""

    recipe: Path
    output: Path | None
    pseudonyms: str | None
    overwrite: bool


def _refuse_with_start(given: dict[str, object]) -> None:
    for option, value in given.items():
        if value is not None:
            raise click.UsageError(f"--start does not go with {option}", click.get_current_context())


def _start(file: Path, sheet: str | None, output: str | None, *, as_json: bool) -> None:
    from diffusion.network.importing.starting import first_recipe

    target = Path(output) if output else file.with_suffix(".toml")
    if target.exists():
        raise InputError(f"{target}: is there already; a recipe is never written over; name another with --output")
    text = first_recipe(file, sheet=sheet, beside=target.parent)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise InputError(f"{target}: cannot be written: {error.strerror}") from None
    if as_json:
        print_json({"recipe": str(target)})
        return
    print(f"A first recipe was written to {target}. Read it, answer what it asks, and then:")
    print(f"  diffusion network import {shlex.quote(str(target))}")


def _import(request: Request, *, as_json: bool) -> None:
    from diffusion.network.formats import write_network
    from diffusion.network.importing.importing import import_survey

    _check_recipe(request.recipe)
    target = request.output or _beside(request.recipe)
    key_path = Path(request.pseudonyms) if request.pseudonyms is not None else None
    _check_target(target, key_path, overwrite=request.overwrite)
    made = import_survey(request.recipe, key_path)
    _check_inputs(target, made.files)
    if made.key:
        made.key.save()
    lost = write_network(made.network, target)
    if as_json:
        print_json(told(made, target, lost))
    else:
        _print(made, target, lost)


def _check_recipe(path: Path) -> None:
    """Refuse what is no recipe, and say what to do with it.

    Raises
    ------
    InputError
        If the path is that of a folder, or of a file that is not called .toml.
    """
    from diffusion.network.formats.registry import SHEETS

    if path.is_dir():
        raise InputError(f"{path}: this is a folder, not a recipe; name the recipe (.toml)")
    if path.suffix.casefold() in SHEETS:
        start = f"diffusion network import --start {shlex.quote(str(path))}"
        raise InputError(
            f"{path}: this is a sheet, and a recipe (.toml) says how it is read; to have a first one: {start}"
        )
    if path.exists() and path.suffix.casefold() != ".toml":
        raise InputError(f"{path}: a recipe is a .toml file; network files of other programs go to network convert")


def _beside(recipe: Path) -> Path:
    beside = recipe.with_suffix("")
    return beside if beside != recipe else recipe.with_name(f"{recipe.name}_network")


def _check_target(target: Path, key_path: Path | None, *, overwrite: bool) -> None:
    """Refuse to write over what is there, and to put the key file where the network goes.

    Raises
    ------
    InputError
        If the output is there already, or the key file would lie in it.
    """
    is_folder = target.is_dir()
    if key_path is not None and target.resolve() in {key_path.resolve(), *key_path.resolve().parents}:
        raise InputError(f"{key_path}: the key file must not lie in the output, which is passed on; put it elsewhere")
    if not target.exists() or (is_folder and not any(target.iterdir())):
        return
    if is_folder and not any((target / name).exists() for name in FOLDER_FILES[:2]):
        raise InputError(f"{target}: this folder holds other files; name another output, after the recipe")
    if not overwrite:
        raise InputError(f"{target}: is there already; say --overwrite, or name another output, after the recipe")


def _check_inputs(target: Path, files: tuple[Path, ...]) -> None:
    """Refuse to write over a file that the recipe reads.

    Raises
    ------
    InputError
        If the output is one of them.
    """
    written = {target.resolve(), *((target / name).resolve() for name in FOLDER_FILES)}
    for file in files:
        if file.resolve() in written:
            raise InputError(f"{target}: the network would be written over {file}, which it is made of; name another")


def told(made: Import, target: Path, lost: list[str]) -> dict[str, Any]:
    """Return what is told of an import, as JSON has it.

    Parameters
    ----------
    made
        The import.
    target
        Where the network was written.
    lost
        What the format could not carry.
    """
    network = made.network
    survey = network.survey
    return {
        "name": network.name,
        "output": str(target),
        "agents": network.size,
        "ties": network.tie_count,
        "roles": {role: network.roles.count(role) for role in network.role_names},
        "layers": {name: int((network.layer == place).sum()) for place, name in enumerate(network.layers)},
        "synthetic": network.synthetic,
        "survey": {key: dict(value) if key in {"caps", "at_cap"} else value for key, value in asdict(survey).items()}
        if survey
        else None,
        "notes": list(made.notes),
        "lost": lost,
        "pseudonyms": made.key is not None,
        "new_codes": made.new_codes,
    }


def _print(made: Import, target: Path, lost: list[str]) -> None:
    network = made.network
    synthetic = " (synthetic)" if network.synthetic else ""
    print(f"{network.name}{synthetic}: {_count(network.size, 'agent')}, {_count(network.tie_count, 'tie')}")
    for place, layer in enumerate(network.layers):
        print(f"  layer {layer}: {_count(int((network.layer == place).sum()), 'tie')}")
    for role in network.role_names:
        print(f"  role {role}: {_count(network.roles.count(role), 'agent')}")
    if made.notes or lost:
        print("What was lost or assumed:")
        for note in (*made.notes, *(f"{target}: not carried, or changed: {line}" for line in lost)):
            print(f"  {note}")
    if made.key:
        print(f"Codes stand for people: {made.new_codes:,} new in the key file {made.key.path}; keep it to yourself.")
    where = shlex.quote(str(target) if {"/", "\\", "."} & set(str(target)) else f"./{target}")
    print(f"Written to {target}. Next:")
    print(f"  diffusion network check {where}")
    print(f"  diffusion network show {where} --figure {shlex.quote(f'{target.stem}.png')}")


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"

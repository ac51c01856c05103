"""What the tests of survey imports share: sheets and recipes written to a folder, and what comes of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from diffusion.errors import InputError
from diffusion.network.formats import read_network
from diffusion.network.network import Network
from diffusion.network.survey import Survey


def read_survey(recipe: str, **sheets: str) -> Network:
    """Return the network that a recipe makes of sheets, given by their names without .csv; notes lack the folder."""
    with TemporaryDirectory() as folder:
        path = write_survey(Path(folder), recipe, **sheets)
        network = read_network(str(path), Path())
    object.__setattr__(network, "notes", tuple(note.replace(f"{folder}/", "") for note in network.notes))
    return network


def survey_of(network: Network) -> Survey:
    """Return how a network was asked for; fail where nobody knows."""
    assert network.survey is not None
    return network.survey


def survey_problems(recipe: str, **sheets: str) -> list[str]:
    """Return what is wrong with a recipe and its sheets, without the folder; fail where nothing is."""
    with TemporaryDirectory() as folder:
        path = write_survey(Path(folder), recipe, **sheets)
        try:
            network = read_network(str(path), Path())
        except InputError as error:
            return [line.replace(f"{folder}/", "") for line in error.problems]
    raise AssertionError(f"it was read: {network.ids}")


def write_survey(folder: Path, recipe: str, **sheets: str) -> Path:
    """Write sheets and a recipe to a folder, and return the recipe's path."""
    for name, text in sheets.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = folder / "recipe.toml"
    path.write_text(recipe, encoding="utf-8")
    return path

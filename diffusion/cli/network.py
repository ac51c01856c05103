"""``diffusion network``: look at a network before anything is run."""

from __future__ import annotations

import click

from diffusion.cli.network_check import check
from diffusion.cli.network_convert import convert
from diffusion.cli.network_import import import_network
from diffusion.cli.network_model import model_verb
from diffusion.cli.network_positions import positions
from diffusion.cli.network_show import show
from diffusion.cli.network_synthesise import synthesise
from diffusion.cli.usage import Verbs


@click.group(cls=Verbs)
def network() -> None:
    """Bring a network of your own, and look at it before anything is run."""


for verb in (import_network, convert, check, show, positions, synthesise, model_verb):
    network.add_command(verb)

"""``diffusion network model``: a random, small-world or scale-free network, as published designs use them."""

from __future__ import annotations

from pathlib import Path

import click

from diffusion.cli.options import WholeNumber, json_option
from diffusion.cli.output import console, print_json
from diffusion.errors import InputError

MOST_AGENTS = 200_000


@click.command("model")
@click.argument("model", type=click.Choice(["random", "small-world", "scale-free"]))
@click.option("--agents", type=WholeNumber(2, MOST_AGENTS), required=True, metavar="NUMBER", help="How many agents.")
@click.option("--contacts", type=WholeNumber(1), required=True, metavar="NUMBER", help="To how many others each turns.")
@click.option(
    "--rewired", type=float, metavar="SHARE", help="small-world: the chance that a tie is moved; 0.1 by default."
)
@click.option("--seed", type=WholeNumber(0, 2**63 - 1), default=0, metavar="NUMBER", help="Which of these networks.")
@click.option("--output", metavar="FOLDER", help="Where it goes; MODEL-AGENTS by default.")
@json_option
def model_verb(
    *, model: str, agents: int, contacts: int, rewired: float | None, seed: int, output: str | None, as_json: bool
) -> None:
    """Make a synthetic network by MODEL, with no roles, sectors or layers.

    Ties point the way knowledge flows, from whom an agent turns to. The models
    are those of Erdős & Rényi, Watts & Strogatz, and Barabási & Albert, with
    directed ties; docs/networks.md says how each is drawn.
    """
    from diffusion.cli.answer import network_line
    from diffusion.network.synthesis.models import REWIRED, model_description, model_network
    from diffusion.network.synthesis.writing import write_folder

    if rewired is not None and model != "small-world":
        raise click.UsageError(f"--rewired does not go with {model}", click.get_current_context())
    target = Path(output or f"{model}-{agents}")
    _check_target(target)
    chance = REWIRED if rewired is None else rewired
    made = model_network(model, agents=agents, contacts=contacts, seed=seed, rewired=chance, name=target.name)
    said = model_description(model, agents=agents, contacts=contacts, seed=seed, rewired=chance)
    write_folder(made, target, said)
    if as_json:
        print_json({"name": made.name, "output": str(target), "agents": made.size, "ties": made.tie_count})
        return
    console().print(network_line(made), soft_wrap=True)
    print(f"Written to {target}. It is synthetic: nobody's data.")


def _check_target(target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise InputError(f"{target}: there is no folder {target.parent}; make it first")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{target}: is there already; name another folder with --output")

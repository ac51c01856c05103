"""Regions that are drawn anew: their targets, found beside their files and kept with the study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diffusion.errors import InputError
from diffusion.experiment.places import Places
from diffusion.network.network import Network
from diffusion.network.synthesis import targets_text
from diffusion.network.uncertain import redrawn, region_targets
from diffusion.scenario import ArmSetting, Scenario
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK


def with_regions(scenario: Scenario, networks: Sequence[Network]) -> Scenario:
    """Return a scenario with the targets of the regions that it draws anew; as it is where it draws none.

    Parameters
    ----------
    scenario
        A checked scenario.
    networks
        Its networks, in its order.

    Raises
    ------
    InputError
        If a network is no synthetic region, or its agents are not those of its targets.
    """
    if scenario.sections.get(UNCERTAIN_NETWORK, {}).get("mode") != "redrawn":
        return scenario
    places, problems, regions = Places(scenario), [], []
    for number, (reference, network) in enumerate(zip(scenario.networks, networks, strict=True)):
        where = places.of(("networks", number))
        targets = region_targets(reference, scenario.folder)
        if targets is None:
            problems.append(
                f"{where}: {network.name} cannot be drawn anew: it is no synthetic region with a file targets.toml; "
                'name one that is, or take another mode than "redrawn"'
            )
            continue
        try:
            redrawn(network, targets, seed=scenario.seed, world=0)
        except InputError as error:
            problems += [f"{where}: {problem}" for problem in error.problems]
        regions.append((network.name, targets_text(targets)))
    if problems:
        raise InputError(problems)
    return replace(scenario, regions=tuple(regions))


def in_region(setting: ArmSetting, network: Network, scenario: Scenario) -> ArmSetting:
    """Return an arm with the targets of the region on which it is played, where that is drawn anew."""
    targets = dict(scenario.regions).get(network.name)
    if targets is None or setting.network is None:
        return setting
    return replace(setting, network=setting.network.with_targets(targets))

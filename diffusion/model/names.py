"""Whether the roles and layers that parameters name are those of some network of a study."""

from __future__ import annotations

from collections.abc import Iterable

from diffusion.errors import nearest_name_hint
from diffusion.model.parameters import ByRole, Parameters
from diffusion.network.network import Network


def unmatched_names(parameters: Parameters, networks: Iterable[Network]) -> list[str]:
    """Return a message for every role or layer stated that no network has."""
    known = list(networks)
    roles = sorted({role for network in known for role in network.role_names})
    layers = sorted({layer for network in known for layer in network.layers})
    stages = {"adoption": parameters.adoption, "awareness": parameters.awareness}
    stated = [(f"{name}.threshold", stage.threshold) for name, stage in stages.items() if stage is not None]
    stated += [("agents.receptivity", parameters.receptivity), ("agents.influence", parameters.influence)]
    named = [(key, role) for key, value in stated if isinstance(value, ByRole) for role, _ in value.values]
    named += [("ties.between_roles", role) for pair in parameters.between_roles for role in pair]
    problems = [
        f'{key}: no network of the study has the role "{role}"{nearest_name_hint(role, roles)}'
        for key, role in dict.fromkeys(named)
        if role not in roles
    ]
    problems += [
        f'ties.layers: no network of the study has the layer "{layer}"{nearest_name_hint(layer, layers)}'
        for layer in parameters.layers or ()
        if layer not in layers
    ]
    return problems

"""What is said of an intervention that does not fit: a line for every problem, in the same words for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diffusion.errors import nearest_name_hint
from diffusion.network.network import Network, normalized


def period_problems(name: str, from_step: int, until_step: int | None, steps: int) -> Iterator[str]:
    """Yield a line for every step of a period that is none of the study's.

    Parameters
    ----------
    name
        What the intervention is called.
    from_step, until_step
        Its first and last step.
    steps
        T.
    """
    if not 1 <= from_step <= steps:
        yield f"{name}.from: must be a step between 1 and {steps}, the last of the study; got {from_step}"
    elif until_step is not None and not from_step <= until_step <= steps:
        yield f"{name}.until: must be a step between {from_step}, the first, and {steps}, the last; got {until_step}"


def share_problems(name: str, key: str, value: float) -> Iterator[str]:
    """Yield a line if a probability or share does not lie between 0 and 1."""
    if not 0 <= value <= 1:
        yield f"{name}.{key}: must be a number between 0 and 1; got {value:g}"


def role_problems(name: str, key: str, roles: Iterable[str], network: Network) -> Iterator[str]:
    """Yield a line for every role that no agent of a network has."""
    for role in roles:
        if normalized(role) not in network.role_names:
            hint = nearest_name_hint(role, network.role_names)
            yield f'{name}.{key}: no agent of "{network.name}" has the role "{role}"{hint}'


def agent_problems(name: str, key: str, agents: Iterable[str], network: Network) -> Iterator[str]:
    """Yield a line for every agent who is not in a network, or is named twice."""
    seen = set()
    for agent in agents:
        if normalized(agent) not in network.index:
            yield f'{name}.{key}: "{agent}" is no agent of "{network.name}"{nearest_name_hint(agent, network.ids)}'
        elif agent in seen:
            yield f'{name}.{key}: "{agent}" is named twice; name every agent once'
        seen.add(agent)


def layer_problems(name: str, key: str, layers: Iterable[str], network: Network) -> Iterator[str]:
    """Yield a line for every layer in which a network has no tie."""
    for layer in layers:
        if normalized(layer) not in network.layers:
            hint = nearest_name_hint(layer, network.layers)
            yield f'{name}.{key}: no tie of "{network.name}" is in the layer "{layer}"{hint}'


def strength_problems(name: str, strength: float) -> Iterator[str]:
    """Yield a line if a strength does not lie above 0 and up to 1."""
    if not 0 < strength <= 1:
        yield f"{name}.strength: must be a number above 0, up to 1; got {strength:g}"


def repeat_problems(name: str, every: int) -> Iterator[str]:
    """Yield a line if something is to be repeated more often than every step."""
    if every < 1:
        yield f"{name}.every: must be a whole number of steps, at least 1; got {every}"


def one_time_problems(name: str, every: int, until: int | None, what: str) -> Iterator[str]:
    """Yield a line if it is said how often something is repeated that happens once."""
    if every > 1 and until is None:
        yield (
            f"{name}.every: without until there is one {what}, so nothing is repeated; got {every}; "
            f"add until, the last step of a {what}"
        )

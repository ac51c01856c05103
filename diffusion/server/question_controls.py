"""The menus and numbers of a question, each with its unit and meaning from the scenario's own schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import solara

from diffusion.positions import POSITIONS
from diffusion.positions.position import told_of
from diffusion.scenario.meanings import meaning
from diffusion.scenario.registries import exposures, links, rules
from diffusion.server.question import Ask, Question
from diffusion.server.question_text import toml_value, value_of
from diffusion.server.scales import scale

DEFAULTS: dict[str, Any] = {
    "exposure": "share",
    "link": "logit",
    "attributes": {},
    "external": 0.0,
    "abandonment": 0.0,
    "receptivity": 1.0,
    "influence": 1.0,
}
"""What a key that is left out means."""

LARGEST_PLAIN = 1e6
"""Numbers below are shown without an exponent."""


@solara.component_vue("number.vue")
def _Number(
    *, label: str, text: str, scale: list[float], unit: str, sentence: str, event_set: Callable[[str], None]
) -> None:
    """Show a number to slide and to type."""


@solara.component
def StageControls(question: Question, stage: str, ask: Ask) -> None:
    """Show a stage's rule and what the rule needs.

    Parameters
    ----------
    question
        The question.
    stage
        ``"adoption"`` or ``"awareness"``.
    ask
        Called with the change.
    """
    rule = str(question.sections.get(stage, {}).get("rule", ""))
    label = "What makes an agent adopt" if stage == "adoption" else "What makes an agent aware"
    with solara.Column(gap="4px"):
        Choice(label, list(rules()), rule, lambda name: ask(lambda now: now.with_rule(stage, name)))
        if rule in rules():
            Hint(f"{rules()[rule].sentence} ({rules()[rule].literature})")
            for said in rules()[rule].parameters:
                Parameter(question, stage, said.name, ask)
        for key in ("external", "abandonment") if stage == "adoption" else ("external",):
            Parameter(question, stage, key, ask)


@solara.component
def Parameter(question: Question, section: str, key: str, ask: Ask, label: str = "") -> None:
    """Show one key of a section.

    Parameters
    ----------
    question, ask
        The question, and what to call with a change of it.
    section, key
        The key.
    label
        What to call it; the key by default.
    """
    table = question.sections.get(section, {})
    path = f"{section}.{key}"
    said = meaning(path, str(table.get("rule", "")))
    value = table.get(key, DEFAULTS.get(key, ""))
    named = {"exposure": exposures, "link": links}.get(key)
    if named is not None:
        with solara.Column(gap="2px"):
            Choice(
                label or key,
                list(named()),
                str(value),
                lambda name: ask(lambda now: now.with_value(section, key, name)),
            )
            Hint(said.sentence)
        return
    exposure = str(table.get("exposure", "share"))
    NumberField(
        label=label or key,
        value=value,
        stops=scale(path, said, value, exposure=exposure),
        unit=_unit(said.unit, question.unit),
        sentence=said.sentence,
        on_value=lambda new: ask(lambda now: now.with_value(section, key, new)),
    )


@solara.component
def NumberField(
    *, label: str, value: Any, stops: list[float], unit: str, sentence: str, on_value: Callable[[Any], None]
) -> None:
    """Show a number to slide and to type; what is typed may be any value of TOML.

    Parameters
    ----------
    label, unit, sentence
        What it is, what it is measured in, and what it means.
    value
        What is set; ``""`` for nothing.
    stops
        Where the slider stops; empty for no slider.
    on_value
        Called with the new value, ``None`` where nothing is typed.
    """
    _Number(
        label=label.replace("_", " "),
        text="" if value == "" else _shown(value),
        scale=stops,
        unit=unit,
        sentence=sentence,
        event_set=lambda text: on_value(value_of(text.strip()) if text.strip() else None),
    )


@solara.component
def Choice(label: str, values: list[str], value: str, on_value: Callable[[str], None]) -> None:
    """Show a menu of names; one that is set and is not among them is shown, too.

    Parameters
    ----------
    label
        What is chosen.
    values, value
        The names, and the one that is set.
    on_value
        Called with the name that is chosen.
    """
    shown = values if value in values else [*values, value]
    solara.Select(label, values=shown, value=value, on_value=on_value, dense=True)


@solara.component
def Hint(text: str) -> None:
    """Show what something means.

    Parameters
    ----------
    text
        The sentence.
    """
    solara.v.Html(tag="p", class_="d-hint", children=[text])


@solara.component
def TimeControls(question: Question, ask: Ask) -> None:
    """Show how long and how often the question is played, and with which luck.

    Parameters
    ----------
    question, ask
        The question, and what to call with a change of it.
    """
    units = {"steps": f"{question.unit}s"}
    with solara.Column(gap="4px"):
        for key in ("steps", "seed", "replicates"):
            said, value = meaning(key), getattr(question, key)
            NumberField(
                label=key,
                value=value,
                stops=scale(key, said, value) if key == "steps" else [],
                unit=units.get(key, said.unit),
                sentence=_unit(said.sentence, question.unit),
                on_value=lambda new, key=key: ask(lambda now: replace(now, **{key: new})),
            )


@solara.component
def LeaderControls(question: Question, ask: Ask) -> None:
    """Show how many lead, and which positions are compared.

    Parameters
    ----------
    question, ask
        The question, and what to call with a change of it.
    """
    said = meaning("leaders.count")
    with solara.Column(gap="4px"):
        if question.chosen:
            Hint(f"As many lead from every position as you chose: {len(question.chosen):,}.")
        else:
            NumberField(
                label="number of leaders",
                value=question.count,
                stops=scale("leaders.count", said, question.count, most=question.network.size),
                unit=said.unit,
                sentence=said.sentence,
                on_value=lambda new: ask(lambda now: replace(now, count=new)),
            )
        solara.SelectMultiple(
            "Positions to compare",
            values=list(question.positions),
            all_values=[name for name, said in POSITIONS.items() if told_of(said, question.network)],
            on_value=lambda names: ask(lambda now: replace(now, positions=_in_order(names))),
            dense=True,
        )
        Hint(
            "Leaders are, by position: "
            + "; ".join(f"{name}, {POSITIONS[name].sentence}" for name in question.positions)
        )


@solara.component
def LayerControls(question: Question, ask: Ask) -> None:
    """Show how much each layer weighs, where there are several.

    Parameters
    ----------
    question, ask
        The question, and what to call with a change of it.
    """
    layers = question.network.layers
    if len(layers) < 2:
        return
    said = meaning("ties.layers")
    weights = _layer_weights(question)
    with solara.Column(gap="4px"):
        Hint(f"The weight of each layer is a factor: {said.sentence}.")
        for layer in layers:
            NumberField(
                label=f"weight of {layer}",
                value=weights[layer],
                stops=scale("ties.layers", said, weights[layer]),
                unit="",
                sentence="",
                on_value=lambda new, layer=layer: ask(
                    lambda now: now.with_value(
                        "ties", "layers", {**_layer_weights(now), layer: 1.0 if new is None else new}
                    )
                ),
            )


def _layer_weights(question: Question) -> dict[str, Any]:
    return dict.fromkeys(question.network.layers, 1.0) | dict(question.sections.get("ties", {}).get("layers", {}))


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(name for name in POSITIONS if name in wanted)


def _unit(unit: str, step_unit: str) -> str:
    """Return a unit with the study's own name for a step."""
    return unit.replace("step", step_unit)


def _shown(value: Any) -> str:
    """Return a value as it is typed; whole numbers without a point."""
    if isinstance(value, float) and abs(value) < LARGEST_PLAIN and value == int(value):
        return str(int(value))
    return value if isinstance(value, str) else toml_value(value)

"""Who leads, chosen on the network: by a click, by name, or beginning with a position."""

from __future__ import annotations

from dataclasses import replace

import solara

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.positions import POSITIONS, LeaderChoice, leader_choice
from diffusion.positions.position import told_of
from diffusion.server.pictures import NetworkPicture, use_drawing
from diffusion.server.question import Ask, Question
from diffusion.server.question_controls import Hint

NOT_CHOSEN, LEADS = "0", "2"


@solara.component
def LeaderPicture(question: Question, ask: Ask) -> None:
    """Show the network on which leaders are chosen.

    Parameters
    ----------
    question, ask
        The question, and what to call with a change of it.
    """
    network = question.network
    selected = solara.use_reactive(-1)
    drawn = use_drawing(network)
    places = {name: place for place, name in enumerate(network.ids)}
    leaders = [places[name] for name in question.chosen if name in places]

    def toggle(agent: int) -> None:
        selected.set(agent)
        ask(lambda now: now.toggled(network.ids[agent]))

    solara.Text("Click agents to make them leaders, or find them by name.", classes=["d-strong"])
    begun = use_finding(question, ask, selected)
    if drawn is None:
        solara.Text(f"Laying out {network.size:,} agents …")
        return
    NetworkPicture(
        drawing=drawn,
        stages="".join(LEADS if place in leaders else NOT_CHOSEN for place in range(network.size)),
        leaders=[],
        fresh=leaders,
        selected=selected.value,
        near=network.alters.alters(selected.value).tolist() if 0 <= selected.value < network.size else [],
        names=[[int(NOT_CHOSEN), "not chosen"], [int(LEADS), "your leaders"]],
        event_choose=selected.set,
        event_press=toggle,
        click_presses=True,
    )
    # What grows with a click stands below the picture, which would else move away from under the next click.
    _Chosen(question, ask)
    if begun and (missing := tied_places(question, begun)):
        Hint(f"{missing}: nobody is chosen for these.")


@solara.component
def _Chosen(question: Question, ask: Ask) -> None:
    """Show who is chosen, each to be let go."""
    if not question.chosen:
        return
    with solara.Row(classes=["d-wrap"], gap="6px"):
        solara.Text("Your leaders:", classes=["d-strong"])
        for name in question.chosen:
            solara.Button(
                f"{name} ✕",
                on_click=lambda name=name: ask(lambda now: now.without_leader(name)),
                outlined=True,
                small=True,
                attributes={"aria-label": f"{name} leads no more"},
            )
        solara.Button("Clear", on_click=lambda: ask(lambda now: replace(now, chosen=())), text=True, small=True)


def use_finding(question: Question, ask: Ask, selected: solara.Reactive[int]) -> str:
    """Show other ways than a click to choose: by name, or all at once by position.

    Returns
    -------
    The position with which the question was begun, as long as nothing was changed since; "" for none.
    """
    network = question.network
    begun: solara.Reactive[Question | None] = solara.use_reactive(None)
    position: solara.Reactive[str | None] = solara.use_reactive(None)

    def found(place: int | None) -> None:
        selected.set(-1 if place is None else int(place))
        if place is not None:
            ask(lambda now: now.with_leader(network.ids[int(place)]))

    def begin(name: str) -> None:
        def change(now: Question) -> Question:
            begun.set(begun_with(now, name))
            return begun.value or now

        position.set(name)
        ask(change)

    with solara.v.Html(tag="div", class_="d-find"):
        solara.v.Autocomplete(
            label="Find an agent and make it a leader",
            items=[
                {"text": f"{name} ({role})", "value": place}
                for place, (name, role) in enumerate(zip(network.ids, network.roles, strict=True))
            ],
            v_model=selected.value if selected.value >= 0 else None,
            on_v_model=found,
            dense=True,
            hide_details=True,
        )
        is_begun = begun.value is not None and begun.value.chosen == question.chosen
        solara.Select(
            "Begin with a position",
            values=_offered(network),
            value=position.value if is_begun else None,
            on_value=begin,
            dense=True,
        )
    return (position.value or "") if is_begun else ""


def _offered(network: Network) -> list[str]:
    """Return the names of the positions with which a question may begin."""
    return [name for name, said in POSITIONS.items() if said.kind in {"score", "set"} and told_of(said, network)]


def begun_with(question: Question, position: str) -> Question:
    """Return the question with those chosen who lead from a position; of equals at the cut, nobody.

    Parameters
    ----------
    question
        The question.
    position
        The position's name.
    """
    choice = _choice(question, position)
    return (
        replace(question, chosen=tuple(question.network.ids[agent] for agent in choice.fixed)) if choice else question
    )


def tied_places(question: Question, position: str) -> str:
    """Return how many places a position leaves open, because the scores of several agents are equal there.

    Parameters
    ----------
    question
        The question.
    position
        The position's name.
    """
    choice = _choice(question, position)
    return choice.tied if choice else ""


def _choice(question: Question, position: str) -> LeaderChoice | None:
    roles = question.sections.get("leaders", {}).get("roles")
    try:
        return leader_choice(question.network, position=position, count=question.count, roles=roles)
    except InputError:
        return None

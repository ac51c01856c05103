"""The page of questions asked by hand: what is asked, who leads, what comes of it, and one run of it to watch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara

from diffusion.errors import DiffusionError
from diffusion.server.answered import FIRST_OUTCOME, Answer
from diffusion.server.asking import Asking
from diffusion.server.opened import OPENING
from diffusion.server.problems import Problems
from diffusion.server.question import Ask, Question
from diffusion.server.question_answer import AnswerView, use_answer
from diffusion.server.question_controls import (
    Choice,
    Hint,
    LayerControls,
    LeaderControls,
    Parameter,
    StageControls,
    TimeControls,
)
from diffusion.server.question_leaders import LeaderPicture
from diffusion.server.question_text import scenario_text
from diffusion.server.run_view import RunView
from diffusion.server.upload_box import UploadBox
from diffusion.server.uploads import DIRECTIONS, MOST_BYTES

To = Callable[[Callable[[Asking], Asking]], None]
"""Takes a change of what this browser asks; :data:`~diffusion.server.question.Ask` says why not what was changed."""

ASKING: solara.Reactive[Asking | None] = solara.reactive(None)
"""What this browser asks, kept while it looks at other pages: Solara gives every browser a value of its own."""


@solara.component
def QuestionPage() -> None:
    """Show the question of the opened study, to be changed."""
    try:
        study = OPENING.current()
    except DiffusionError as error:
        Problems(str(error).splitlines())
        return
    first = solara.use_memo(lambda: Asking.of(study), [study])

    def to(change: Callable[[Asking], Asking]) -> None:
        ASKING.set(change(ASKING.peek() or first))

    _Question(ASKING.value or first, to)


@solara.component
def _Question(asking: Asking, to: To) -> None:
    question = asking.question
    outcome = solara.use_reactive(FIRST_OUTCOME)
    told, stale = use_answer(question, outcome.value)

    def ask(change: Callable[[Question], Question]) -> None:
        to(lambda now: now.asked(change(now.question)))

    Problems(asking.problems)
    if asking.notes:
        with solara.v.Html(tag="div", attributes={"role": "status"}):
            for note in asking.notes:
                Hint(note)
    with solara.v.Html(tag="div", class_="d-ask"):
        with solara.v.Html(tag="section", class_="d-ask-part", attributes={"aria-label": "The question"}):
            _Controls(asking, to, ask)
        with solara.v.Html(tag="section", class_="d-ask-part", attributes={"aria-label": "Who leads"}):
            LeaderPicture(question, ask).key(question.network.digest)
        with solara.v.Html(tag="section", class_="d-ask-part", attributes={"aria-label": "The answer"}):
            AnswerView(question, outcome.value, told, stale=stale, on_outcome=outcome.set)
            _Save(question, ask)
    if isinstance(told, Answer):
        _Watch(told)


@solara.component
def _Controls(asking: Asking, to: To, ask: Ask) -> None:
    """Show all that a question is made of."""
    question = asking.question
    _Networks(asking, to)
    if question.network.synthetic:
        Hint("A synthetic network, made from assumptions and not observed.")
    for note in question.asked.notes:
        Hint(note)
    if OPENING.uploads:
        with solara.Details("Send a network or a scenario of your own"):
            _Uploads(to)
    StageControls(question, "adoption", ask)
    LeaderControls(question, ask)
    TimeControls(question, ask)
    has_awareness = "awareness" in question.sections
    solara.Checkbox(
        label="Agents become aware first, and only then adopt",
        value=has_awareness,
        on_value=lambda wanted: ask(
            lambda now: now.with_rule("awareness", "contagion") if wanted else now.without("awareness")
        ),
    )
    if has_awareness:
        StageControls(question, "awareness", ask)
    if len(question.network.layers) > 1:
        with solara.Details("Layers of ties"):
            LayerControls(question, ask)
    with solara.Details("Agents: openness, influence, who may lead"):
        Parameter(question, "agents", "receptivity", ask)
        Parameter(question, "agents", "influence", ask)
        Parameter(question, "leaders", "influence", ask, label="influence of leaders")
        if len(question.network.role_names) > 1:
            _Roles(question, ask)


@solara.component
def _Networks(asking: Asking, to: To) -> None:
    shown = asking.references()
    solara.Select(
        "Network",
        values=list(shown.values()),
        value=shown.get(asking.question.asked.reference),
        on_value=lambda name: to(lambda now: now.on(next(key for key, text in shown.items() if text == name))),
        dense=True,
    )


@solara.component
def _Roles(question: Question, ask: Ask) -> None:
    roles = list(question.network.role_names)
    eligible = list(question.sections.get("leaders", {}).get("roles", roles))
    solara.SelectMultiple(
        "Who may lead from a position",
        values=eligible,
        all_values=roles,
        on_value=lambda names: ask(
            lambda now: now.with_value("leaders", "roles", names if 0 < len(names) < len(roles) else None)
        ),
        dense=True,
    )


@solara.component
def _Uploads(to: To) -> None:
    """Show where files of one's own are sent; they are seen by this browser alone."""
    direction = solara.use_reactive("")
    divide = solara.use_reactive(False)
    Hint(
        f"What you send stays in this browser's session, is read by the same readers as on the command line, and is "
        f"gone when you close the page. At most {MOST_BYTES // 1_000_000} MB."
    )
    texts = {text: key for key, text in DIRECTIONS.items()}
    Choice(
        "The question that ties answer",
        list(texts),
        DIRECTIONS[direction.value],
        lambda text: direction.set(texts[text]),
    )
    solara.Checkbox(label="Divide the strengths of each layer by the largest of them", value=divide)

    def trouble(lines: tuple[str, ...]) -> None:
        to(lambda now: replace(now, problems=lines, notes=()))

    UploadBox(
        label="A network",
        hint="One file (edge list, matrix, GraphML, Pajek, a zip of Network Canvas …), or agents.csv and ties.csv.",
        several=True,
        on_files=lambda files: to(
            lambda now: now.with_network(files, direction=direction.value, divide_strengths=divide.value)
        ),
        on_problems=trouble,
    )
    UploadBox(
        label="A scenario",
        hint="A .toml file; its network must be packaged, or sent before.",
        accept=".toml",
        on_files=lambda files: to(lambda now: now.with_scenario(*next(iter(files.items())))),
        on_problems=trouble,
    )


@solara.component
def _Save(question: Question, ask: Ask) -> None:
    """Show how to take the question away."""
    text = scenario_text(question)
    solara.InputText(
        "The question in words, the title of the scenario",
        value=question.title,
        on_value=lambda title: ask(lambda now: replace(now, title=title)),
    )
    with solara.FileDownload(text, filename=question.file_name, mime_type="application/toml"):
        solara.Button("Save as scenario", color="primary", dark=True)
    Hint(f"Run from the command line it gives the very same numbers: diffusion run {question.file_name}")
    for line in question.asked.advice:
        Hint(line)
    with solara.Details("The scenario, as it will be saved"):
        solara.v.Html(tag="pre", class_="d-text", children=[text], attributes={"tabindex": "0"})


@solara.component
def _Watch(told: Answer) -> None:
    """Show one run of the question, of any of its arms, where it is wanted."""
    wanted = solara.use_reactive(False)
    arm, replicate = solara.use_reactive(""), solara.use_reactive(0)
    solara.Checkbox(label="Watch one run of this question", value=wanted)
    if not wanted.value:
        return
    names = list(told.arms)
    shown = arm.value if arm.value in names else names[0]
    most = told.study.scenario.replicates - 1
    number = min(max(replicate.value or 0, 0), most)
    with solara.Row(classes=["d-menus", "d-wrap"]):
        Choice("Arm", names, shown, arm.set)
        solara.InputInt(f"Run (0 to {most:,})", value=number, on_value=replicate.set)
    planned = told.arms[shown]
    key = f"{planned.setting_digest} {planned.arm_digest} {number}"
    RunView(planned, told.study.scenario.seed, number, told.unit_of(shown)).key(key)

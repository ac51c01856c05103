"""The answer to a question on the page: worked out in a thread, the last one greyed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara
from solara.lab import Task, use_task

from diffusion.analysis.outcomes import find_outcome
from diffusion.errors import InputError
from diffusion.server.answered import Answer, answer, outcomes_of
from diffusion.server.kept_runs import KeptRuns, Superseded
from diffusion.server.problems import Problems
from diffusion.server.question import Question
from diffusion.server.question_controls import Hint

KEPT = KeptRuns()
"""The runs that were played lately; what they are called follows from their content, so browsers may share them."""

Told = Answer | tuple[str, ...]
"""An answer, or why there is none."""


@solara.component_vue("answer.vue")
def _AnswerTable(*, table: dict[str, Any], stale: bool) -> None:
    """Draw the ranked arms."""


def use_answer(question: Question, outcome: str) -> tuple[Told | None, bool]:
    """Return the last answer, ``None`` before the first, and whether another is being worked out.

    Parameters
    ----------
    question
        What is asked.
    outcome
        Which outcome to tell.
    """

    def work() -> Told | None:
        try:
            return answer(question, KEPT, outcome=outcome, is_wanted=task.is_current)
        except InputError as error:
            return error.problems
        except Superseded:
            return None

    task: Task[[], Told | None] = use_task(work, dependencies=[question, outcome], prefer_threaded=True)
    return (task.value if task.finished else task.latest), not task.finished


@solara.component
def AnswerView(
    question: Question, outcome: str, told: Told | None, *, stale: bool, on_outcome: Callable[[str], None]
) -> None:
    """Show an answer: the ranked arms, what they show in words, and how many runs that rests on.

    Parameters
    ----------
    question
        What is asked.
    outcome
        Which outcome is told.
    told, stale
        The last answer, and whether another is being worked out.
    on_outcome
        Called with another outcome.
    """
    known = outcomes_of(question)
    shown = outcome if outcome in known else known[0]
    solara.Select("Outcome", values=list(known), value=shown, on_value=on_outcome, dense=True)
    Hint(find_outcome(shown, question.network.role_names).sentence)
    if told is None:
        solara.Text("Working out the first answer …")
        return
    if not isinstance(told, Answer):
        Problems(told)
        return
    _AnswerTable(table=told.table(), stale=stale)
    for sentence in told.sentences:
        solara.v.Html(tag="p", class_="d-told", children=[sentence])
    for line in told.clipping:
        Hint(line)
    if told.question.network.size > 1000:
        Hint(
            f"A network of {told.question.network.size:,} agents: the answer rests on "
            f"{told.question.replicates:,} runs an arm, so that it comes at once."
        )

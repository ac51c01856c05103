"""What the browser sees: the pages and what they share. Solara serves this module."""

from __future__ import annotations

from pathlib import Path

import solara

from diffusion.errors import DiffusionError
from diffusion.server.arms_page import ArmsPage
from diffusion.server.coordinates import study_in
from diffusion.server.opened import OPENING
from diffusion.server.question_page import QuestionPage
from diffusion.server.run_page import RunPage
from diffusion.server.studies_page import StudiesPage

STYLE = Path(__file__).with_name("style.css")


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """Show the head of every page, and the page."""
    route, routes = solara.use_route(peek=True)
    solara.Style(STYLE)
    title, synthetic = _title(study_in(solara.use_router().search))
    solara.Title(f"{title} · diffusion")
    with solara.Column(classes=["d-page"], gap="8px"):
        with solara.v.Html(tag="header", class_="d-head"):
            solara.v.Html(tag="h1", children=[title])
            with solara.v.Html(tag="nav", attributes={"aria-label": "Pages"}):
                for known in routes:
                    here = known is route
                    with solara.Link(known):
                        solara.v.Html(tag="span", class_="d-tab d-here" if here else "d-tab", children=[known.label])
            if synthetic:
                solara.v.Html(tag="p", class_="d-synthetic", children=[synthetic])
        solara.Column(children=children)


def _title(named: str) -> tuple[str, str]:
    """Return the question that is asked, and what to say where its networks were generated."""
    try:
        study = OPENING.stored(named) if named else OPENING.current()
    except DiffusionError:
        return "diffusion", ""
    made = [network.name for network in study.networks if network.synthetic]
    said = f"Synthetic network, made from assumptions and not observed: {', '.join(made)}." if made else ""
    return study.scenario.title, said


routes = [
    solara.Route(path="/", component=RunPage, label="One run", layout=Layout),
    solara.Route(path="arms", component=ArmsPage, label="Two arms"),
    solara.Route(path="ask", component=QuestionPage, label="Ask"),
    solara.Route(path="studies", component=StudiesPage, label="Studies"),
]

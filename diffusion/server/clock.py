"""The clock of a page: play, pause, step, back to any step, reset, speed."""

from __future__ import annotations

from collections.abc import Callable

import solara

SPEEDS = {"slow": 1.2, "normal": 0.6, "fast": 0.25, "fastest": 0.08}
"""How many seconds a step lasts, by what that is called."""

KEYS = {"next": 1, "back": -1}
"""By how many steps a key goes on."""


@solara.component_vue("clock.vue")
def _Pendulum(
    *, playing: bool, tick: int, seconds: float, event_advance: Callable[[int], None], event_key: Callable[[str], None]
) -> None:
    """Ask for step after step while time runs, and listen to the keys of the page: space plays, arrows step.

    It lives in the browser, so that a page that was closed asks for nothing.
    """


@solara.component
def Clock(tick: solara.Reactive[int], playing: solara.Reactive[bool], *, steps: int, unit: str) -> None:
    """Show the controls of a run's time.

    Parameters
    ----------
    tick
        The step that is shown.
    playing
        Whether time runs.
    steps
        T, the last step.
    unit
        What a step is called.
    """
    speed = solara.use_reactive("normal")

    def advance(shown: int) -> None:
        if playing.value and shown == tick.value:
            tick.set(min(tick.value + 1, steps))
            playing.set(tick.value < steps)

    def go(to: int) -> None:
        playing.set(False)
        tick.set(max(0, min(steps, to)))

    def start_or_pause() -> None:
        if not playing.value and tick.value >= steps:
            tick.set(0)
        playing.set(not playing.value)

    def press(key: str) -> None:
        if key == "play":
            start_or_pause()
        elif key in KEYS:
            go(tick.value + KEYS[key])

    _Pendulum(
        playing=playing.value, tick=tick.value, seconds=SPEEDS[speed.value], event_advance=advance, event_key=press
    )
    with solara.Row(classes=["d-clock"], style={"flex-wrap": "wrap", "align-items": "center", "gap": "6px"}):
        solara.Button("Reset", on_click=lambda: go(0), disabled=tick.value == 0, outlined=True)
        solara.Button("Back", on_click=lambda: go(tick.value - 1), disabled=tick.value == 0, outlined=True)
        solara.Button("Pause" if playing.value else "Play", on_click=start_or_pause, color="primary", dark=True)
        solara.Button("Step", on_click=lambda: go(tick.value + 1), disabled=tick.value >= steps, outlined=True)
        solara.Select("Speed", values=list(SPEEDS), value=speed, style={"max-width": "7em"})
    solara.SliderInt(f"{unit.capitalize()} {tick.value} of {steps}", value=tick.value, min=0, max=steps, on_value=go)

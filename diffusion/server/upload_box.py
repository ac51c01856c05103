"""Where files are dropped or chosen, to be sent to the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from diffusion.errors import InputError
from diffusion.server.transfers import Transfers
from diffusion.server.uploads import MOST_BYTES


@solara.component_vue("upload.vue")
def _Upload(
    *,
    label: str,
    hint: str,
    several: bool,
    accept: str,
    most: int,
    event_begin: Callable[[dict[str, Any]], None],
    event_piece: Callable[[dict[str, Any]], None],
    event_end: Callable[[dict[str, Any]], None],
) -> None:
    """Take files in the browser and send them in pieces."""


@solara.component
def UploadBox(
    *,
    label: str,
    hint: str,
    on_files: Callable[[dict[str, bytes]], None],
    on_problems: Callable[[tuple[str, ...]], None],
    several: bool = False,
    accept: str = "",
) -> None:
    """Show a place to drop files on, or to choose them.

    Parameters
    ----------
    label, hint
        What to send, and what else there is to know.
    on_files
        Called with the content of all files by name.
    on_problems
        Called with what is wrong with a transfer.
    several
        Whether several files may be sent at once.
    accept
        What files' names end with, for the browser's own dialogue.
    """
    transfers = solara.use_memo(Transfers, [])

    def telling(act: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        def tried(said: dict[str, Any]) -> None:
            try:
                act(said)
            except InputError as error:
                on_problems(error.problems)

        return tried

    def end(said: dict[str, Any]) -> None:
        files = transfers.end(said)
        if files is not None:
            on_files(files)

    _Upload(
        label=label,
        hint=hint,
        several=several,
        accept=accept,
        most=MOST_BYTES,
        event_begin=telling(transfers.begin),
        event_piece=telling(transfers.piece),
        event_end=telling(end),
    )

"""Draw the picture of the answer that the README shows: the showcase, as a terminal prints it.

Run it after a change of what is printed::

    python docs/answer_picture.py

A test compares the picture with what the program prints.
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from diffusion.cli.answer import print_answer
from diffusion.experiment import runner
from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.provenance import record
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "answer.svg"
SHOWCASE = ROOT / "scenarios" / "leader_positions.toml"
COLUMNS = 112

# Dark ink on white, so that it prints; the eight colours are not used.
THEME = TerminalTheme((255, 255, 255), (38, 38, 38), [(38, 38, 38)] * 8)


def showcase(out: Console) -> None:
    """Play the showcase and print its answer."""
    with tempfile.TemporaryDirectory() as folder:
        study = plan(load_scenario(SHOWCASE))
        store = Store(Database(Path(folder) / "showcase.db", create=True))
        store.save(study, record(study, ["diffusion", "run", SHOWCASE.name], "ensemble", 1))
        runner.run(study, store)
        print_answer(study_result(study, store), out=out)


def picture() -> str:
    """Return the showcase's printed answer as an SVG picture."""
    plain = {"markup": False, "highlight": False, "emoji": False}
    out = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, **plain)
    showcase(out)
    title = f"python run_sim.py run {SHOWCASE.relative_to(ROOT).as_posix()}"
    drawn = out.export_svg(title=title, theme=THEME, unique_id="answer")
    # Pictures in a README may not load fonts from elsewhere.
    return re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL).replace("Fira Code, ", "")


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")

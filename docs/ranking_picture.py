"""Draw the main figure of the showcase's report, as the README shows it.

Run it after a change of what runs give, or of how the figure looks::

    python docs/ranking_picture.py

A test compares what stands in the picture with what the program draws.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from diffusion import Database, Store, load_scenario, load_study, plan, run
from diffusion.report.figures.sheet import save_figure

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "ranking.svg"
SHOWCASE = ROOT / "scenarios" / "leader_positions.toml"


def draw(path: Path) -> None:
    """Play the showcase and draw its ranking into a file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "showcase.db"
        study, store = plan(load_scenario(SHOWCASE)), Store(Database(database, create=True))
        store.save(study, record={})
        run(study, store)
        save_figure(load_study(study.name, database).draw_ranking(), path)


if __name__ == "__main__":
    draw(PICTURE)

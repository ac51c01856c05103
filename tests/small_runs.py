"""Runs on twelve agents, for the tests of what pages say."""

from __future__ import annotations

from pathlib import Path

from diffusion.experiment.plan import plan
from diffusion.scenario import load_scenario
from diffusion.server.played import PlayedRun

AGENTS = "id\n" + "".join(f"a{place:02d}\n" for place in range(12))


def run_on(folder: Path, ties: str, scenario: str) -> PlayedRun:
    """Return a run on twelve agents."""
    (folder / "net").mkdir(exist_ok=True)
    (folder / "net" / "agents.csv").write_text(AGENTS, encoding="utf-8")
    (folder / "net" / "ties.csv").write_text("source,target\n" + ties, encoding="utf-8")
    path = folder / "s.toml"
    head = 'title = "?"\nnetworks = ["./net"]\nsteps = 4\nreplicates = 1\n'
    path.write_text(head + scenario, encoding="utf-8")
    study = plan(load_scenario(path))
    return PlayedRun(study.arms[0], seed=study.scenario.seed, replicate=0)


CERTAIN = '[adoption]\nrule = "contagion"\ntransmission = 1.0\n'
ONE = '[[arms]]\nname = "one"\nleaders.agents = ["a00"]\n'

"""One study in a process of its own: how long its parts take, and how much memory it has at most.

Called by ``scaling.py``; prints one JSON object.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from diffusion.experiment import runner
from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.results import study_result
from diffusion.experiment.store import Store
from diffusion.scenario import load_scenario

SCENARIO = """
title = "How far does it scale?"
networks = ['{network}']
steps = 36
replicates = {replicates}
worlds = {worlds}
seed = 1
adoption = {{ rule = "contagion", transmission = {transmission} }}
{arms}
"""

ARM = """
[[arms]]
name = "{count} leaders"
leaders.position = "{position}"
leaders.count = {count}
"""

STATUS = Path("/proc/self/status")


class Clock:
    """Tell how long every part took, by the clock and on the processors."""

    def __init__(self) -> None:
        self.parts: dict[str, dict[str, float]] = {}
        self._began = time.perf_counter(), time.process_time()

    def end(self, part: str) -> None:
        """Note that a part has ended, and the next begins."""
        now = time.perf_counter(), time.process_time()
        self.parts[part] = {"seconds": now[0] - self._began[0], "computed": now[1] - self._began[1]}
        self._began = now


def peak_gigabytes() -> float:
    """Return the largest amount of memory that this process had, of its own and not of whoever started it."""
    if STATUS.exists():
        [line] = [line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1e6
    unit = 1e9 if sys.platform == "darwin" else 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def scenario(folder: Path, network: str, replicates: int, arms: int, worlds: int) -> Path:
    """Write a scenario whose arms differ in how many lead: of the first at random, of the others by ties.

    In several worlds the transmission is uncertain.
    """
    texts = [ARM.format(count=10 + place, position="out_degree" if place else "random") for place in range(arms)]
    path = folder / "scaling.toml"
    uncertain = {"worlds": worlds, "transmission": "0.02" if worlds == 1 else "{ uniform = [0.01, 0.03] }"}
    text = SCENARIO.format(network=network, replicates=replicates, arms="".join(texts), **uncertain)
    path.write_text(text, encoding="utf-8")
    return path


def measured(network: str, replicates: int, arms: int, workers: int, worlds: int = 1) -> dict[str, object]:
    """Return what a study takes, part by part: reading and planning, storing what is asked, playing, comparing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = scenario(folder, network, replicates, arms, worlds)
        clock = Clock()
        asked = plan(load_scenario(path))
        clock.end("plan")
        store = Store(Database(folder / "runs.db", create=True))
        store.save(asked, {})
        clock.end("save")
        runner.run(asked, store, workers=workers)
        clock.end("play")
        study_result(asked, store)
        clock.end("compare")
    ties = asked.networks[0].tie_count
    return {"agents": asked.networks[0].size, "ties": ties, "parts": clock.parts, "gigabytes": peak_gigabytes()}


if __name__ == "__main__":
    print(json.dumps(measured(**json.loads(sys.argv[1]))))

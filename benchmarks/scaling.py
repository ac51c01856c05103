"""How time and memory of a study grow with agents, ties, replicates, arms and workers.

Every study is played in a process of its own, ``contagion`` over 36 steps on
a random network::

    python benchmarks/scaling.py             # ten minutes
    python benchmarks/scaling.py --largest   # a million agents and ten million ties as well
    python benchmarks/scaling.py --draw      # only the table and the figure, from what was measured

What was measured is kept in ``scaling.json``; the tables in
``docs/performance.md`` and the figure ``docs/scaling.svg`` are made from it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

HERE = Path(__file__).parent
MEASURED = HERE / "scaling.json"
PAGE, PICTURE = HERE.parent / "docs" / "performance.md", HERE.parent / "docs" / "scaling.svg"


@dataclass(frozen=True)
class Case:
    """Describe a study.

    Attributes
    ----------
    along
        What grows, of those that are compared with it.
    agents, ties_each, replicates, arms, workers
        How large it is, and how many play it.
    """

    along: str
    agents: int = 10_000
    ties_each: int = 10
    replicates: int = 64
    arms: int = 2
    workers: int = 2


CASES = (
    *(Case("agents", agents=agents) for agents in (1_000, 10_000, 100_000, 300_000)),
    *(Case("ties", agents=30_000, ties_each=ties) for ties in (5, 10, 20, 40)),
    *(Case("replicates", replicates=replicates) for replicates in (64, 640, 6_400, 25_600)),
    *(Case("arms", arms=arms) for arms in (2, 8, 32, 128)),
    *(Case("workers", replicates=2_560, workers=workers) for workers in (1, 2)),
)
LARGEST = Case("agents", agents=1_000_000)


def measured(case: Case, folder: Path) -> dict[str, Any]:
    """Return what a study takes."""
    ties = case.agents * case.ties_each
    network = folder / f"random-{case.agents}-{ties}"
    if not network.exists():
        command = [HERE / "large_networks.py", str(case.agents), str(ties), str(network)]
        subprocess.run([sys.executable, *command], check=True)
    asked = {"network": str(network), "replicates": case.replicates, "arms": case.arms, "workers": case.workers}
    command = [sys.executable, str(HERE / "one_study.py"), json.dumps(asked)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"case": asdict(case), **json.loads(done.stdout), "load": load}


def beside_peers() -> list[dict[str, Any]]:
    """Return how many replicates a second the ensemble plays beside the fastest other simulators."""
    import peers  # noqa: PLC0415 - nobody needs the others to draw
    from measuring import Patience, speeds  # noqa: PLC0415 - likewise

    wanted = {"CyNetDiff", "epiworld SIR"}
    compared = [one for one in peers.comparisons(peers.LARGE) if one.theirs.name in wanted and one.rule != "threshold"]
    found = []
    for one in compared:
        speed = speeds(one.ours, one.theirs, Patience(7, 1.0, 0, 0))
        found.append({"rule": one.rule, "at": one.at, "beside": one.theirs.name, **asdict(speed)})
    return found


def measure(*, largest: bool) -> None:
    """Measure, and keep what was found; the largest study is kept from before unless it is asked for."""
    before = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {"studies": []}
    kept = [study for study in before["studies"] if study["case"] == asdict(LARGEST)]
    with tempfile.TemporaryDirectory() as folder:
        studies = []
        for case in (*CASES, *([LARGEST] if largest else [])):
            studies.append(measured(case, Path(folder)))
            print(next(rows([studies[-1]])), flush=True)
    content = {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()},
        "studies": studies + ([] if largest else kept),
        "peers": beside_peers(),
    }
    MEASURED.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


HEAD = """\
| grows | agents | ties | arms by replicates | workers | read and plan, s | store what is asked, s | play, s \
| compare, s | all, s on the clock | memory, GB |
|---|---|---|---|---|---|---|---|---|---|---|"""


def rows(studies: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a row of the table for every study."""
    for study in studies:
        case, parts = study["case"], study["parts"]
        computed = " | ".join(f"{parts[part]['computed']:.1f}" for part in ("plan", "save", "play", "compare"))
        clock = sum(part["seconds"] for part in parts.values())
        size = f"{study['agents']:,} | {study['ties']:,} | {case['arms']} by {case['replicates']:,}"
        yield f"| {case['along']} | {size} | {case['workers']} | {computed} | {clock:.0f} | {study['gigabytes']:.2f} |"


def ordered(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the studies with those together along which the same grows."""
    names = list(dict.fromkeys(case.along for case in CASES))
    return sorted(
        content["studies"], key=lambda study: (names.index(study["case"]["along"]), study["agents"], study["ties"])
    )


def tables(content: dict[str, Any]) -> str:
    """Return the tables of the page."""
    beside = [
        f"| `{one['rule']}`, transmission {one['at']:g} | {one['beside']} | {one['ours']:,.0f} | {one['theirs']:,.1f} "
        f"| {one['ratio']:,.1f} |"
        for one in content["peers"]
    ]
    head = "| rule | beside | replicates a second, `diffusion` | the other | ratio |\n|---|---|---|---|---|"
    return "\n".join([HEAD, *rows(ordered(content)), "", head, *beside])


MARKS = "<!-- made by benchmarks/scaling.py -->\n", "<!-- until here -->\n"


def page_with(text: str, content: dict[str, Any]) -> str:
    """Return a page with the tables between its marks."""
    before, _, rest = text.partition(MARKS[0])
    return f"{before}{MARKS[0]}\n{tables(content)}\n\n{MARKS[1]}{rest.partition(MARKS[1])[2]}"


def draw(content: dict[str, Any], path: Path) -> None:
    """Draw how time on the processors and memory grow, on logarithmic axes."""
    axes_of = {"agents": "agents", "ties": "ties", "replicates": "replicates", "arms": "arms"}
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "diffusion", "font.size": 8}):
        figure = Figure(figsize=(8.2, 3.8), layout="constrained")
        panels = figure.subplots(2, len(axes_of), sharey="row")
        for column, (along, name) in enumerate(axes_of.items()):
            studies = [study for study in ordered(content) if study["case"]["along"] == along]
            sizes = [study.get(along) or study["case"][along] for study in studies]
            computed = [sum(part["computed"] for part in study["parts"].values()) for study in studies]
            for row, values in enumerate((computed, [study["gigabytes"] for study in studies])):
                panels[row, column].loglog(sizes, values, "o-", color="#1f4e79", markersize=3, linewidth=1)
                panels[row, column].grid(visible=True, linewidth=0.3)
            panels[1, column].set_xlabel(name)
        panels[0, 0].set_ylabel("seconds on the processors")
        panels[1, 0].set_ylabel("memory, GB")
        figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Measure, or only draw what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", action="store_true", help="a million agents and ten million ties as well")
    parser.add_argument("--draw", action="store_true", help="measure nothing")
    asked = parser.parse_args()
    if not asked.draw:
        measure(largest=asked.largest)
    content = json.loads(MEASURED.read_text(encoding="utf-8"))
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), content), encoding="utf-8")
    draw(content, PICTURE)


if __name__ == "__main__":
    main()

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
    agents, ties_each, replicates, arms, worlds, workers
        How large it is, and how many play it; of several worlds each has the replicates.
    """

    along: str
    agents: int = 10_000
    ties_each: int = 10
    replicates: int = 64
    arms: int = 2
    worlds: int = 1
    workers: int = 2


CASES = (
    *(Case("agents", agents=agents) for agents in (1_000, 10_000, 100_000, 300_000)),
    *(Case("ties", agents=30_000, ties_each=ties) for ties in (5, 10, 20, 40)),
    *(Case("replicates", replicates=replicates) for replicates in (64, 640, 6_400, 25_600)),
    *(Case("arms", arms=arms) for arms in (2, 8, 32, 128, 512)),
    *(Case("worlds", agents=2_000, arms=100, replicates=20, worlds=worlds) for worlds in (1, 10, 50)),
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
    size = {"replicates": case.replicates, "arms": case.arms, "worlds": case.worlds, "workers": case.workers}
    asked = {"network": str(network), **size}
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
    kept = [study for study in before["studies"] if {**asdict(LARGEST), **study["case"]} == asdict(LARGEST)]
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
        worlds = case.get("worlds", 1)
        runs = f"{worlds} worlds of {case['replicates']}" if worlds > 1 else f"{case['replicates']:,}"
        size = f"{study['agents']:,} | {study['ties']:,} | {case['arms']} by {runs}"
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


def short(number: float) -> str:
    """Return a number in few letters.

    Examples
    --------
    >>> short(64), short(9_864), short(599_223), short(1_197_197)
    ('64', '10k', '600k', '1.2M')
    """
    for unit, letter in ((1e6, "M"), (1e3, "k")):
        if number >= unit:
            return f"{float(f'{number / unit:.2g}'):g}{letter}"
    return f"{number:g}"


def draw(content: dict[str, Any], path: Path) -> None:
    """Draw how time on the processors and memory grow, on logarithmic axes."""
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "diffusion", "font.size": 7}):
        figure = Figure(figsize=(8.2, 3.8), layout="constrained")
        panels = figure.subplots(2, 4, sharey="row")
        for column, along in enumerate(("agents", "ties", "replicates", "arms")):
            studies = [study for study in ordered(content) if study["case"]["along"] == along]
            sizes = [study.get(along) or study["case"][along] for study in studies]
            computed = [sum(part["computed"] for part in study["parts"].values()) for study in studies]
            for row, values in enumerate((computed, [study["gigabytes"] for study in studies])):
                panels[row, column].loglog(sizes, values, "o-", color="#1f4e79", markersize=3, linewidth=1)
                panels[row, column].grid(visible=True, linewidth=0.3)
                panels[row, column].set_xticks(sizes, map(short, sizes))
                panels[row, column].minorticks_off()
            panels[1, column].set_xlabel(along)
        panels[0, 0].set_ylabel("seconds on the processors")
        panels[0, 0].set_yticks([1, 10, 100], ["1", "10", "100"])
        panels[1, 0].set_ylabel("memory, GB")
        panels[1, 0].set_yticks([0.25, 0.5, 1, 2, 4], ["¼", "½", "1", "2", "4"])
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

"""Chapters of small studies, for the tests of reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiment_cases import played, town

from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.store import Store
from diffusion.network.formats import csv_folder
from diffusion.network.network import Network
from diffusion.report.chapter import Chapter
from diffusion.report.text import composed, written_sections
from diffusion.scenario import load_scenario

HEAD = (
    'title = "{title}"\nnetworks = {networks}\nsteps = {steps} # half a year\nreplicates = {replicates}\nseed = 5\n'
    'baseline = "{first}"\n'
)
CONTAGION = '[adoption]\nrule = "contagion"\ntransmission = 0.2\n'
ARMS = (("random", "random"), ("hubs", "out_degree"), ("edge", "marginal"))


def store_of(
    folder: Path,
    networks: Mapping[str, Network] | None = None,
    *,
    title: str = "Who should lead?",
    steps: int = 6,
    replicates: int = 64,
    rules: str = CONTAGION,
    arms: Sequence[tuple[str, str]] = ARMS,
    more: str = "",
    count: int = 2,
) -> Store:
    """Return a store with a small study named ``who``, played."""
    known = networks or {"town": town()}
    for name, network in known.items():
        csv_folder.write(network, folder / name)
    listed = "[" + ", ".join(f'"./{name}"' for name in known) + "]"
    text = HEAD.format(title=title, networks=listed, steps=steps, replicates=replicates, first=quoted(arms[0][0]))
    named = "".join(f'[[arms]]\nname = "{quoted(arm)}"\nleaders.position = "{position}"\n' for arm, position in arms)
    path = folder / "who.toml"
    path.write_text(f"{text}{rules}[leaders]\ncount = {count}\n{named}{more}", encoding="utf-8")
    return played(plan(load_scenario(path)), Store(Database(str(folder / "runs.db"), create=True)))


def quoted(name: str) -> str:
    """Return a name as it stands between the quotation marks of TOML."""
    return name.replace("\\", "\\\\").replace('"', '\\"')


def text_of(chapter: Chapter) -> str:
    """Return a report as Markdown, before pandoc."""
    return composed(chapter, written_sections(chapter))


def observed_town() -> Network:
    """Return the town, whose people adopted in the years 2001 to 2006, two of them never."""
    years = ["2001", "2001", "2002", "2002", "2003", "2003", "2003", "2004", "2005", "2006", "never", "never"]
    base = town()
    return Network.from_tables(
        name="town",
        ids=base.ids,
        roles=base.roles,
        columns={**base.columns, "time_of_adoption": years},
        source=[base.ids[place] for place in base.source],
        target=[base.ids[place] for place in base.target],
    )


CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "one arm": {"arms": ARMS[1:2]},
    "one run": {"replicates": 1},
    "two agents": {
        "networks": {"pair": Network.from_tables(name="pair", ids=["a", "b"], source=["a"], target=["b"])},
        "count": 1,
        "steps": 2,
    },
    "nothing spreads": {"rules": '[adoption]\nrule = "contagion"\ntransmission = 0.0\n'},
    "rounds": {"rules": '[adoption]\nrule = "cascade"\ntransmission = 0.3\n'},
    "best found": {"arms": [*ARMS, ("optimal", "optimal")]},
    "best found, no guarantee": {
        "rules": '[adoption]\nrule = "threshold"\nthreshold = 2.0\nexposure = "number"\nexternal = 0.02\n',
        "arms": [*ARMS, ("sought", "optimal")],
        "more": 'leaders.parameters = { outcome = "area", replicates = 64 }\n',
    },
    "thirty arms": {
        "arms": [(f"arm {number}", "random" if number % 2 else "out_degree") for number in range(30)],
    },
    "five networks": {"networks": {f"town{number}": town().renamed(f"town {number}") for number in range(5)}},
    "a sweep of ten cells": {
        "arms": ARMS[:2],
        "more": '[sweep]\n"adoption.transmission" = [0.05, 0.1, 0.2, 0.3, 0.4]\n"leaders.count" = [1, 2]\n',
    },
    "rules": {
        "arms": ARMS[:2],
        "rules": "",
        "more": '[sweep]\nadoption = [{ rule = "cascade", transmission = 0.2 }, '
        '{ rule = "threshold", threshold = { beta = [2, 4] } }, { rule = "hazard", intercept = -4, slope = 3 }]\n',
    },
    "solved": {
        "arms": ARMS[:2],
        "rules": "",
        "more": '[[arms]]\nname = "strong"\nleaders.position = "out_degree"\nleaders.influence = 2.0\n'
        '[[arms]]\nname = "layered"\nleaders.position = "random"\nagents.influence = 0.5\n'
        '[sweep]\nadoption = [{ rule = "cascade" }, '
        '{ rule = "threshold", threshold = { beta = [2, 4] } }, { rule = "hazard", intercept = -4 }]\n'
        '"adoption.reach" = [0.4, 0.55]\n',
    },
    "solved where it stands": {
        "rules": '[adoption]\nrule = "contagion"\ntransmission = { reach = 0.4 }\n',
    },
    "everything": {
        "rules": '[awareness]\nrule = "cascade"\ntransmission = 0.5\n[adoption]\nrule = "hazard"\nlink = "logit"\n'
        "intercept = -4\nslope = 3\nexternal = 0.01\nabandonment = 0.02\nattributes = { receptivity = 0.5 }\n"
        "[agents]\nreceptivity = { manager = { beta = [2, 3] }, firm = 0.6 }\ninfluence = { uniform = [0.5, 2] }\n"
        '[ties]\nlayers = { tie = 0.5 }\nbetween_roles = { "manager -> firm" = 0.5 }\n',
        "more": '[[arms]]\nname = "named"\nleaders.agents = ["p01", "p02", "p05"]\n',
    },
    "observed": {"networks": {"town": observed_town()}, "arms": ARMS[:2]},
    "interventions": {
        "arms": ARMS[:2],
        "more": '[[arms]]\nname = "unsure"\nleaders.position = "random"\nleaders.recruitment = 0.5\n'
        "leaders.leaving = 0.25\ninterventions.roadshow = false\n"
        '[[arms]]\nname = "louder 2"\nleaders.position = "random"\ninterventions.roadshow.probability = 0.35\n'
        '[interventions.roadshow]\nkind = "broadcast"\nprobability = 0.15 # of 12 surveyed\nfrom = 2\nuntil = 3\n'
        "[costs]\nleader = 7\nbroadcast_step = 1.5\nbudget = 15.5\n",
    },
    "nulls": {
        "arms": ARMS[:2],
        "more": '[[arms]]\nname = "named"\nleaders.agents = ["p00", "p03"]\n'
        "[nulls]\nmatched = true\nstructure = { rewirings = 200, replicates = 64 }\n"
        "[credit]\ncounterfactual = true\nshapley = true\n",
    },
}
"""Studies that a report must be able to tell, as arguments of :func:`store_of`."""

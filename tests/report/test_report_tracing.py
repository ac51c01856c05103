"""Every number in a report has a name in the register, and is what one finds when it is computed again."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from best_cases import BEST, settled
from experiment_cases import make_store, make_study, played, scenario_file
from real_networks import dhhs_tobacco_leaders, needs_real_networks
from report_cases import CASES, store_of, text_of
from report_recomputed import Recomputed

from diffusion.experiment.database import Database
from diffusion.experiment.plan import plan
from diffusion.experiment.store import Store
from diffusion.report.numbers import TOKEN, UNTRACED, bare
from diffusion.report.writing import read_chapter
from diffusion.scenario import load_scenario

__all__ = ["make_store", "make_study", "scenario_file"]

SCENARIOS = Path(__file__).parents[2] / "scenarios"

_SPAN = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\{n=\"((?:\\.|[^\"\\])*)\"\}")
_NOT_NUMBERS = (
    r"(?s)```.*?```",  # commands
    r"`+[^`\n]*`+",  # names as the scenario writes them, digests, versions
    r"\$[^$]*\$",  # equations
    r"\[@[^\]]*\]",  # citations
    r"\{[#.][^}]*\}",  # labels of headings, figures and tables
    r"\[\]\(#[^)]*\)",  # references to them
    r"\]\([^)]*\)",  # links
)


def bare_text(text: str, names: list[str]) -> str:
    """Return a report's source without named numbers, equations, labels and names."""
    text = _SPAN.sub(" ", text)
    for pattern in _NOT_NUMBERS:
        text = re.sub(pattern, " ", text)
    text = re.sub(r"\\(.)", r"\1", text)
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def names_of(chapter) -> list[str]:
    told = [chapter.study.scenario.title, *(arm.name for arm in chapter.study.arms)]
    for network in chapter.networks:
        told += [network.name, *network.ids, *network.role_names, *network.layers, *network.organisation_names]
        told += network.columns.get("time_of_adoption", ())
    return [name for name in told if any(mark.isdigit() for mark in name)]


@pytest.mark.parametrize("case", CASES)
def test_every_number_has_a_name_and_is_found_again_in_the_store(tmp_path, case):
    assert_traced(store_of(tmp_path, **CASES[case]), "who")


def test_every_number_of_the_showcase_is_found_again_in_the_store(tmp_path):
    scenario = load_scenario(SCENARIOS / "leader_positions.toml").with_(replicates=300)
    store = played(plan(scenario), Store(Database(str(tmp_path / "runs.db"), create=True)))
    assert_traced(store, "leader_positions")


@pytest.mark.parametrize("steps", [6, 2])
def test_every_number_is_found_again_where_arms_were_stopped_early_or_times_are_censored(make_study, make_store, steps):
    store = make_store()
    by_times = BEST.replace("best_within = 0.02", 'outcome = "time_to_half", best_within = 0.2')
    settled(make_study(text=BEST if steps == 6 else by_times, steps=steps), store)
    assert_traced(store, "who")


@needs_real_networks
def test_every_number_about_leaders_in_tobacco_control_is_found_again_in_the_store(tmp_path):
    store = store_of(
        tmp_path,
        {"dhhs": dhhs_tobacco_leaders()},
        rules='[adoption]\nrule = "cascade"\ntransmission = 0.1\n',
        arms=[(name, name) for name in ("random", "out_degree", "betweenness", "coreness", "constraint", "marginal")],
        count=3,
        steps=53,
        replicates=300,
        more="[nulls]\nmatched = true\nstructure = { rewirings = 200, replicates = 20 }\n"
        "[credit]\ncounterfactual = true\nshapley = true\n",
    )
    assert_traced(store, "who")


def assert_traced(store: Store, study: str) -> None:
    chapter = read_chapter(store, store.find(study))
    text = text_of(chapter)
    assert len(_SPAN.findall(text)) > 40
    left = bare_text(text, names_of(chapter))
    assert [left[max(0, one.start() - 40) : one.end() + 20] for one in TOKEN.finditer(left)] == []
    assert [number.source["text"] for name, number in chapter.numbers.quoted.items() if name.startswith(UNTRACED)] == []
    recomputed = Recomputed(store, study)
    checked = 0
    for name, number in chapter.numbers.quoted.items():
        value = recomputed(number.source)
        if value is not None:
            checked += 1
            assert math.isclose(value, number.value, rel_tol=1e-9, abs_tol=1e-9), (name, value, number)
        for text in chapter.numbers.shown[name]:
            assert bare(text) in number.looks(), (name, text, number)
    assert checked > 0.7 * len(chapter.numbers.quoted)

"""Figures in print: nothing too small, outside the page or on top of another, and the same bytes every time."""

from __future__ import annotations

import re

import matplotlib as mpl
import numpy as np
import pytest
from experiment_cases import town
from graphs import random_network
from printing import check_print

from diffusion.errors import InputError
from diffusion.network.network import Network
from diffusion.report.figures import arm_ranking, heat_map, reach
from diffusion.report.figures.arm_lines import MOST_LINES, line_looks
from diffusion.report.figures.sheet import SUFFIXES, save_figure, shortened
from diffusion.report.figures.wording import time_label

POSITIONS = ["random", "out_degree", "betweenness", "closeness", "eigenvector", "coreness", "constraint", "marginal"]
ARMS = [(name, name) for name in POSITIONS[:4]]
LONG = "Leaders whom the steering committee of the Academic Health Science Network chose in the year"
SWEEP = '\n[sweep]\n"adoption.transmission" = [0.1, 0.2]\n"leaders.count" = [1, 2]\n'


def pair() -> Network:
    columns = {"organisation": ["left", "right"]}
    return Network.from_tables(name="pair", ids=["a", "b"], columns=columns, source=["a"], target=["b"])


def many_organisations() -> Network:
    network = random_network(90, 260, 3)
    ids = list(network.ids)
    organisations = [f"The {place:02d}th {'very ' * (place % 5)}long name of an organisation" for place in range(90)]
    pairs = [(ids[a], ids[b]) for a, b in zip(network.source.tolist(), network.target.tolist(), strict=True)]
    return Network.from_tables(
        name="$many$ organisations",
        ids=ids,
        roles=[f"role number {place % 14}" for place in range(90)],
        columns={"organisation": organisations},
        source=[source for source, _ in pairs],
        target=[target for _, target in pairs],
        synthetic=True,
    )


ALL = (
    "ranking",
    "best_shares",
    "heat_map",
    "curves",
    "times",
    "map",
    "reach_by_role",
    "reach_by_organisation",
    "credit",
)
PRICES = "[costs]\nleader = 3\nbudget = 5\n"
CASES = {
    "long names": (
        ALL,
        lambda load: load([town()], [(f"{LONG} {2000 + n}", name) for n, name in enumerate(POSITIONS)]),
    ),
    "thirty arms": (
        ("ranking", "curves", "times", "reach_by_organisation"),
        lambda load: load([town()], [(f"{name} {n}", name) for n in range(4) for name in POSITIONS][:30], replicates=9),
    ),
    "one arm": (ALL[:4], lambda load: load([town()], ARMS[:1])),
    "five networks": (ALL[:5], lambda load: load([town().renamed(f"town {number}") for number in range(5)], ARMS)),
    "cells": (ALL[:5], lambda load: load([town()], ARMS, more=SWEEP)),
    "two agents": (ALL, lambda load: load([pair()], ARMS[:2], count=1, steps=1)),
    "nothing spread": (ALL, lambda load: load([town()], ARMS, transmission=0)),
    "all equal": (ALL[:4], lambda load: load([town()], [(name, "out_degree") for name in ("x", "y", "$z_1$")])),
    "rounds": (("ranking", "curves", "times"), lambda load: load([town()], ARMS[:2], rule="cascade")),
    "one run": (ALL[:5], lambda load: load([town()], ARMS[:2], replicates=1)),
    "costs": (
        ("costs",),
        lambda load: load(
            [town()],
            [(f"{LONG} {n}" if n % 2 else f"{name} {n}", name) for n in range(3) for name in POSITIONS][:8],
            more=PRICES,
        ),
    ),
    "costs of one arm": (("costs",), lambda load: load([town()], ARMS[:1], more=PRICES)),
    "costs where nothing spread": (("costs",), lambda load: load([town()], ARMS[:2], transmission=0, more=PRICES)),
    "organisations": (ALL[5:8], lambda load: load([many_organisations()], ARMS)),
}


@pytest.mark.parametrize("case", CASES)
def test_every_study_gives_figures_that_can_be_printed(loaded_study, case):
    kinds, make = CASES[case]
    study = make(loaded_study)
    for kind, width_mm in [*((kind, 84) for kind in kinds), (kinds[0], 174)]:
        check_print(getattr(study, f"draw_{kind}")(width_mm=width_mm), width_mm)


@pytest.mark.parametrize(("kind", "suffix"), [*(("ranking", suffix) for suffix in SUFFIXES), ("map", ".svg")])
def test_the_same_study_makes_the_same_bytes_whatever_the_users_style(loaded_study, tmp_path, suffix, kind):
    study, made = loaded_study([town()], ARMS), []
    for size in (6, 30):
        with mpl.rc_context(
            {"font.size": size, "axes.facecolor": "red", "lines.linewidth": size, "text.color": "blue"}
        ):
            save_figure(getattr(study, f"draw_{kind}")(), tmp_path / f"{size}{suffix}")
            assert mpl.rcParams["font.size"] == size
        made.append((tmp_path / f"{size}{suffix}").read_bytes())
    assert made[0] == made[1]
    assert not re.search(rb"dc:date|CreationDate|ModDate|Software", made[0])


def test_a_figure_is_saved_into_formats_of_print_only(loaded_study, tmp_path):
    figure = loaded_study([town()], ARMS[:2]).draw_ranking()
    for file, message in [("a.jpg", "must end in .png, .svg or .pdf"), ("no/a.svg", "there is no folder")]:
        with pytest.raises(InputError, match=message):
            save_figure(figure, tmp_path / file)


def test_names_that_begin_alike_are_cut_in_their_middle():
    names = [f"{LONG} {year}" for year in (2013, 2014)]
    cut = shortened(names, 100)
    assert [text[-4:] for text in cut] == ["2013", "2014"]
    assert all("…" in text and text.startswith("Leaders") for text in cut)
    assert shortened(["short", LONG], 100)[0] == "short"


def test_the_baseline_has_a_line_of_its_own_however_many_arms_do_better():
    looks = line_looks([f"arm {place}" for place in range(30)], ["arm 29"])
    assert len(looks) == MOST_LINES
    assert "arm 29" in looks
    assert len({look.dashes for look in looks.values()}) == len({look.mark for look in looks.values()}) == MOST_LINES


def test_shades_are_darker_the_more_there_is_also_in_grey():
    red, green, blue, _ = heat_map.SHADES(np.linspace(0, 1, 50)).T
    assert (np.diff(0.299 * red + 0.587 * green + 0.114 * blue) < 0).all()


def test_time_is_called_round_under_cascade(loaded_study):
    study = loaded_study([town()], ARMS[:2], rule="cascade")
    assert time_label(study.curves) == "Round"
    figure = study.draw_curves()
    assert "Round" in [text.get_text() for text in figure.texts]
    mixed = loaded_study([town()], ARMS[:2], more='adoption.rule = "cascade"\n')
    assert time_label(mixed.curves) == "Step (steps; rounds in arms under cascade)"


def test_many_organisations_are_told_by_the_most_and_the_least_reached(loaded_study):
    study = loaded_study([many_organisations()], ARMS)
    [axes] = (found for found in reach.reach_by_organisation(study.groups).axes if found.get_yticklabels())
    assert len(axes.get_yticklabels()) == reach.MOST_ORGANISATIONS
    assert "Shown are the 22 most and the 22 least reached of 90 organisations." in reach.organisation_caption(
        study.groups
    )


def test_a_network_without_organisations_has_no_figure_of_them(loaded_study):
    bare = Network.from_tables(name="bare", ids=["a", "b"], source=["a"], target=["b"])
    study = loaded_study([bare], ARMS[:2], count=1)
    with pytest.raises(ValueError, match="no organisations"):
        study.draw_reach_by_organisation()


def test_the_ranking_of_one_arm_shows_its_mean_and_no_differences(loaded_study):
    study = loaded_study([town()], ARMS[:1])
    assert len(study.draw_ranking().axes) == 1
    told = arm_ranking.caption(study.arms, study.comparisons)
    assert "paired" not in told
    assert told.startswith(
        "Share of the agents in stage adopted at the end: means over runs with their 95 % intervals."
    )

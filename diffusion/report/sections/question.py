"""The question: what was asked, and by what it is answered."""

from __future__ import annotations

from diffusion.analysis.outcomes import find_outcome
from diffusion.analysis.phrases import decimals_for
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.report.arm_numbers import place_name
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code, escaped, heading, joined, paragraphs
from diffusion.report.numbers import Number
from diffusion.report.parameter_table import head_stated

PROVENANCE_OF_AHSN = (
    "Its ties and people were generated from declared assumptions; it is not data of any study, and no result on it "
    "describes a real region."
)


def section(chapter: Chapter) -> str:
    """Return the section."""
    scenario = chapter.study.scenario
    return paragraphs(
        heading("The question", label="question"),
        f"The study asks: *{escaped(scenario.title)}*",
        _asked(chapter),
        _answered_by(chapter),
        synthetic_line(chapter),
    )


def synthetic_line(chapter: Chapter) -> str:
    """Return which networks are synthetic, and what that means."""
    made = [escaped(network.name) for network in chapter.networks if network.synthetic]
    if not made:
        return ""
    be, kind = ("is a", "network") if len(made) == 1 else ("are", "networks")
    return f"**{joined(made)} {be} synthetic {kind}.** {PROVENANCE_OF_AHSN}"


def _asked(chapter: Chapter) -> str:
    [*arms] = chapter.study.scenario.arms
    baseline = chapter.study.scenario.baseline
    if len(arms) == 1:
        return (
            f"One choice of leaders, called *{escaped(arms[0].name)}*, is played; there is no other to compare it with."
        )
    count = chapter.count("scenario.arms", len(arms), **{"from": "scenario", "key": "arms"})
    return (
        f"It compares {count} choices of leaders, called *arms*, by what they change. Each is compared with the arm "
        f"*{escaped(baseline)}*, the baseline, in the very same histories: the same tie would carry at the same time, "
        f"and the same agent would be as easily persuaded, whoever leads.{_shown(chapter)}"
    )


def _shown(chapter: Chapter) -> str:
    """Return which of very many arms the report shows."""
    group = chapter.result.groups[0]
    if group.whole is None:
        return ""
    count = chapter.count("report.arms", len({one.arm for one in group.summaries} - {NO_LEADERS}), **{"from": "report"})
    return (
        f" This report shows {count} of them: the best and the worst by their means, those of the best mean "
        "somewhere, and the baseline. Their places, how often they are best, which of them differ, and the intervals "
        "that hold for all arms at once are told among all of them; sizes of effects, regret, times, and how evenly "
        "groups are reached are told among those shown. What is not shown is kept: `diffusion compare` with `--json` "
        "gives every number of every arm, and `diffusion studies export` every run."
    )


def _answered_by(chapter: Chapter) -> str:
    names = {group.ranking_outcome: None for group in chapter.result.groups}
    told = []
    for name in names:
        group = next(group for group in chapter.result.groups if group.ranking_outcome == name)
        outcome = find_outcome(name, group.group.network.role_names)
        told.append(f"{code(name)} ({escaped(outcome.sentence.rstrip('.').lower())})")
    why = (
        " This outcome leaves leaders out, because arms have different numbers of them."
        if names == {"spread": None}
        else ""
    )
    smallest = chapter.study.scenario.smallest_difference
    source = {"from": "scenario", "key": "smallest_difference"}
    number = Number("scenario.smallest_difference", smallest, "share of agents", source)
    shown = chapter.numbers.show(number, f"{100 * smallest:g}")
    groups = chapter.result.groups
    agents = ""
    if len({group.group.network.size for group in groups}) == 1:
        place = place_name(chapter.study, groups[0].group)
        size = groups[0].group.network.size
        value = Number(f"{place}.smallest_difference.agents", smallest * size, "agent", {**source, "times": size})
        decimals = decimals_for(smallest * size)
        agents = f" (here {chapter.numbers.show(value, f'{smallest * size:.{decimals}f}')} agents)"
    if len(chapter.study.scenario.arms) == 1:
        return f"What it reaches is told by the mean of {joined(told)}."
    stated = "as the scenario states" if "smallest_difference" in head_stated(chapter) else "the program's default"
    return (
        f"Arms are ranked by the mean of {joined(told)}.{why} A difference counts only if it is larger than the "
        f"smallest one that matters, {shown} % of the agents{agents}, {stated}: with enough runs any difference can be "
        "told from none, so size decides, not significance."
    )

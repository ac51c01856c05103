"""What the methods section says of statistics beyond the paired differences, and of runs beside the arms."""

from __future__ import annotations

from diffusion.report.chapter import Chapter


def extra_methods(chapter: Chapter) -> list[str]:
    """Return paragraphs on further statistics, and on the nulls and the credit that the scenario asks for."""
    asked = chapter.study.scenario.nulls, chapter.study.scenario.credit
    return [
        _statistics(chapter),
        _matched() if asked[0].matched else "",
        _rewired(chapter) if asked[0].rewirings else "",
        _credit(chapter) if asked[1].counterfactual or asked[1].shapley else "",
    ]


def _statistics(chapter: Chapter) -> str:
    return (
        "*Further statistics.* Times are restricted: a run that does not get there within the study counts as one step "
        "more than it lasts; the share of runs that have got there by a step is one minus the estimate of Kaplan and "
        f"Meier {chapter.cite('kaplan1958')}, with runs that never get there censored at the end. Standardised "
        "differences "
        "are divided by the standard deviation of the baseline's runs, never by that of paired differences. The regret "
        "of an arm is the expectation of the best arm less its own. The gap of reach is the mean distance of the "
        "expected share of a group from that of all agents, weighted by the size of the groups; leaders are left out, "
        "groups of fewer than five agents are pooled, and its interval is from a bootstrap of the runs."
    )


def _matched() -> str:
    return (
        "*Matched leaders.* Arms whose leaders hold a position were also played with other leaders, in the same "
        "replicates: each leader is replaced, anew in every replicate, by an agent of the same role that leads in no "
        "replicate of the arm and whose out-degree differs by at most a tenth, or by one. Where fewer than two agents "
        "qualify, or too few for all leaders, there is no match and the arm has no such null. An arm and its null are "
        "compared pair by pair; each interval is for one arm."
    )


def _rewired(chapter: Chapter) -> str:
    return (
        "*Rewired networks.* Arms were also played on networks rewired by exchanging the targets of pairs of ties, in "
        "two ways: every agent keeps its ties in each direction and layer; or, besides, every ordered pair of roles "
        "keeps its ties. Leaders are the same as on the network itself or, where a position chose them, those who hold "
        "it anew. Mean and mean difference from the baseline are placed among those of the rewired networks, over the "
        "same first replicates; p-values are two-sided, count the network itself among the rewired ones "
        f"{chapter.cite('davison1997')}, and are for one comparison each, not corrected for how many there are. "
        "[](#tbl:parameters) says on how many networks, and over how many runs of each."
    )


def _credit(chapter: Chapter) -> str:
    asked = chapter.study.scenario.credit
    ways, meanings = [], []
    if asked.counterfactual:
        ways.append("without one leader each")
        meanings.append("The adopters lost are what that leader alone brought, given the others.")
    if asked.shapley:
        ways.append("with every part of their leaders")
        meanings.append(
            f"Shapley values {chapter.cite('shapley1953')} are the mean over all orders of recruiting leaders of what "
            "each adds to those before."
        )
    return (
        f"*Credit of leaders.* Arms in which the same agents always lead were also played {' and '.join(ways)}, in the "
        f"same replicates. {' '.join(meanings)}"
    )

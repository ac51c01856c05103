"""What the methods section says of statistics beyond the paired differences, and of runs beside the arms."""

from __future__ import annotations

from diffusion.experiment.survived import mode_of
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import code
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK


def extra_methods(chapter: Chapter) -> list[str]:
    """Return paragraphs on further statistics, and on the nulls and the credit that the scenario asks for."""
    asked = chapter.study.scenario.nulls, chapter.study.scenario.credit
    return [
        _statistics(chapter),
        _uncertain_network(chapter),
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


def _uncertain_network(chapter: Chapter) -> str:
    """Return how the network differs between worlds, and how what survives is told; nothing where it does not."""
    mode = mode_of(chapter.study.scenario)
    if mode is None:
        return ""
    drawn = {"robustness": _robustness, "imputation": _imputation, "redrawn": _redrawn}[mode](chapter)
    return (
        f"*Uncertain network (mode {code(mode)}).* {drawn} Every arm was also played on the given network in the same "
        "worlds and replicates. An arm is *behind* the one of the best mean there where the interval of their paired "
        "difference there, simultaneous over all pairs of arms, does not hold 0. The ranking holds where the best is "
        "shown to stay better than all of these over all worlds, and turns over where one of them is shown to be "
        "better than it; where none is behind, there is nothing to turn over. In a world an arm leads where its lead "
        f"exceeds twice its Monte Carlo error; shares of worlds have exact intervals {chapter.cite('clopper1934')}. "
        "The orders of means in a world, on the given network and with it uncertain, are compared by Kendall's tau-b "
        f"{chapter.cite('kendall1945')}. Along a sweep every value is looked at by itself."
    )


def _robustness(chapter: Chapter) -> str:
    return (
        "The given network is taken as true. In every world an observed version of it is drawn: people do not answer "
        "(at random, by role, or the likelier the more ties they have), and what they would have told is lost; ties "
        "are not told, by layer and pair of roles; ties are told that are not there; who has more names to give than "
        "there is room for gives the strongest; people are taken for one another, or listed twice: as far as "
        f"[](#tbl:parameters) states it, with its numbers. What such errors do to measures of position has been "
        f"studied {chapter.cite('kossinets2006', 'costenbader2003', 'smith2013')}. Leaders are chosen on the observed "
        "version, and runs are played over the ties of the given network. The same lots are drawn at every rate, so "
        "that a higher rate loses the same people and ties and more."
    )


def _imputation(chapter: Chapter) -> str:
    given = chapter.study.scenario.sections.get(UNCERTAIN_NETWORK, {}).get("leaders_from") == "given"
    on, ties = ("the given network", "the ties of the one drawn") if given else ("that network", "its ties")
    return (
        "The given network is taken as what was observed. In every world a plausible true one is drawn: each observed "
        "tie is taken away with the probability that it is false, and ties are added between pairs without one, so "
        "many as the stated rates of missing and false ties imply for its layer and pair of roles, the stated share of "
        "them between people who share a contact ([](#tbl:parameters)). Such rates are those of an error "
        f"model of networks {chapter.cite('butts2003')}; here they are stated, not estimated from the data. "
        f"Leaders are chosen on {on}, and runs are played over {ties}."
    )


def _redrawn(_: Chapter) -> str:
    return (
        "In every world the region is drawn anew from the targets from which it was made: its people, roles and "
        "organisations stay, who is prominent and all ties are drawn again. Leaders are chosen on that region, and "
        "runs are played over its ties."
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

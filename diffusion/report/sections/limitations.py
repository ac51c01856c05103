"""Limitations: what the study assumes and cannot tell."""

from __future__ import annotations

from diffusion.analysis.network_modes import Mode
from diffusion.experiment.survived import mode_of
from diffusion.model.rules import RULES
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import bullets, code, heading, joined, paragraphs
from diffusion.scenario.uncertain_network import UNCERTAIN_NETWORK


def section(chapter: Chapter) -> str:
    """Return the section."""
    return paragraphs(heading("Limitations", label="limitations"), bullets(_limits(chapter)))


_NETWORK: dict[Mode | None, str] = {
    None: (
        "**The network is taken as known.** Ties that a survey missed, or that come and go, are not in the intervals."
    ),
    "robustness": (
        "**The given network is taken as true, and the error of the survey is assumed.** It is not estimated from the "
        "data; a survey that errs otherwise, or a network that is itself incomplete, may rank positions otherwise."
    ),
    "imputation": (
        "**The rates at which ties were missed or wrongly told are assumed.** Within roles and layers the ties added "
        "and taken away are drawn at random, but for the share that closes triangles; people whom nobody named stay "
        "unknown; a network that differs from what was observed in other ways may rank positions otherwise."
    ),
    "redrawn": (
        "**The region is drawn from its targets**, so worlds differ as much as these let regions differ, and no more; "
        "what no target states may be otherwise in every real region."
    ),
}


def _network(chapter: Chapter) -> str:
    """Return how far the network is known."""
    known = _NETWORK[mode_of(chapter.study.scenario)]
    if all(group.survived.no_room is None for group in chapter.result.groups):
        return known
    return (
        f"{known} Nor are the stated rates attained everywhere: in some layers, from one role to another, too few "
        "pairs have no tie for as many as they add."
    )


def _parameters(chapter: Chapter) -> str:
    """Return how far the parameters are known."""
    drawn = [code(path) for path in chapter.study.scenario.uncertain_paths() if path != UNCERTAIN_NETWORK]
    if drawn:
        return (
            f"**Some parameters are known up to a distribution only**: {joined(drawn)}. Intervals average over the "
            "worlds that these distributions, taken as independent, allow; other distributions may rank positions "
            "otherwise. All other parameters are taken as known."
        )
    return (
        "**The parameters are taken as known.** Intervals hold for the values stated; another transmission, "
        "threshold or "
        "hazard may rank positions otherwise." + ("" if chapter.is_swept else " This study does not vary them.")
    )


def _limits(chapter: Chapter) -> list[str]:
    stages = [
        stage
        for arm in chapter.whole_study.arms
        for stage in (arm.setting.parameters.adoption, arm.setting.parameters.awareness)
        if stage is not None
    ]
    rules = {stage.rule for stage in stages}
    return [
        _network(chapter),
        _parameters(chapter),
        "**One rule of adoption is assumed.** Another may rank positions otherwise; contagion is an assumption "
        "here, not a "
        f"finding {chapter.cite('burt1987', 'vandenbulte2001')}."
        if len(rules) == 1
        else "",
        "**No influence from outside the network** (policy, funding, marketing) is modelled: every adoption goes "
        "back to a "
        "leader."
        if all(stage.external == 0 for stage in stages) and rules <= {"cascade", "contagion", "threshold"}
        else "",
        "**Adopters stay adopters**; nobody abandons the innovation."
        if all(arm.setting.parameters.adoption.abandonment == 0 for arm in chapter.whole_study.arms)
        else "",
        "**A step is a round**, not calendar time, under `cascade`: no time in this report can be compared with a date."
        if any(RULES[rule].tried_once for rule in rules)
        else "",
        (
            "**Many outcomes were computed.** Intervals are simultaneous over the arms, not over outcomes, "
            "networks or cells; "
            "conclusions rest on the outcome that arms are ranked by."
        ),
        "**Adoption by a person is not use**, and adoption by an organisation is not adoption by its people.",
    ]

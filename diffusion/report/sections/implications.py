"""What follows for the discussion, and what does not."""

from __future__ import annotations

from diffusion.analysis.contenders import Contenders
from diffusion.analysis.phrases import MOST_NAMED, opened
from diffusion.analysis.reserved import NO_LEADERS
from diffusion.experiment.survived import mode_of
from diffusion.report.arm_numbers import ArmNumbers
from diffusion.report.chapter import Chapter
from diffusion.report.markdown import bullets, escaped, heading, joined, paragraphs


def section(chapter: Chapter) -> str:
    """Return the section."""
    follows = [text for arms in chapter.arms[:1] for text in _follows(arms)] if not chapter.is_swept else []
    if chapter.is_swept:
        follows = _across(chapter)
    return paragraphs(
        heading("What follows for the discussion, and what does not", label="implications"),
        f"Under the assumptions stated, and for {_as_given(chapter)}:" if follows else "",
        bullets(follows),
        "It does not follow:",
        bullets(_does_not(chapter)),
    )


def _as_given(chapter: Chapter) -> str:
    """Return of which networks it holds: where these are uncertain, not of the given ones alone."""
    one = len(chapter.networks) == 1
    mode = mode_of(chapter.study.scenario)
    if mode == "imputation":
        return f"networks of which {'this one' if one else 'these'} could have been observed with the stated error"
    if mode == "redrawn":
        return f"regions drawn anew from the targets of {'this one' if one else 'these'}"
    given = "this network as it is given" if one else "these networks as they are given"
    return f"{given}, with leaders chosen on what a survey with the stated error shows" if mode else given


def _phrases(arms: ArmNumbers, names: list[str]) -> str:
    """Return arms as sentences call them; of many, the first, for no number stands here."""
    phrases = [escaped(arms.result.setting.phrase(name)) for name in names[: MOST_NAMED - (len(names) > MOST_NAMED)]]
    return joined([*phrases, "other arms"] if len(names) > MOST_NAMED else phrases)


def _follows(arms: ArmNumbers) -> list[str]:
    """Return what one network and cell show, in words without numbers."""
    result = arms.result
    outcome = result.ranking_outcome
    rows = [row for row in result.ranking(outcome) if row.arm != NO_LEADERS]
    found = {
        verdict: [row.arm for row in rows if row.verdict == verdict] for verdict in ("better", "worse", "undecided")
    }
    equal = [row.arm for row in rows if row.verdict == "practically equal"]
    baseline = escaped(result.setting.phrase(result.baseline))
    told = []
    if len(rows) < 2:
        told.append("one arm alone shows how far the innovation spreads, not what its leaders changed.")
    if found["better"]:
        told.append(
            f"more agents adopt with {_phrases(arms, found['better'])} than with {baseline}, by more than matters;"
        )
    if found["worse"]:
        told.append(
            f"fewer agents adopt with {_phrases(arms, found['worse'])} than with {baseline}, by more than matters;"
        )
    if equal:
        told.append(f"it makes no difference that matters whether leaders are {_phrases(arms, equal)} or {baseline};")
    if found["undecided"]:
        told.append(f"whether {_phrases(arms, found['undecided'])} differ from {baseline} is open;")
    told += _rivals(arms, result.contenders.get(outcome))
    return [opened(f"{text[:-1]}." if text.endswith(";") else text) for text in told]


def _rivals(arms: ArmNumbers, contention: Contenders | None) -> list[str]:
    """Return what the discussion may say of the best mean and of those that come near it."""
    if contention is None:
        return []
    best = _phrases(arms, [contention.best])
    told = []
    if contention.same:
        told.append(
            f"{_phrases(arms, list(contention.same))}: the very same people as {best}, so that this network cannot "
            "tell these positions apart."
        )
    rivals = [*contention.equal, *contention.undecided]
    if rivals:
        told.append(
            f"{best} had the best mean, but {_phrases(arms, rivals)} cannot be told from it by a difference that "
            "matters: the discussion should speak of them together."
        )
    elif len(arms.result.lasting) < len(arms.result.summaries):
        told.append(f"{best} did best, and choices of people that were stopped early are worse.")
    else:
        told.append(f"{best} did best, beyond every other choice of people by more than matters.")
    return told


def _across(chapter: Chapter) -> list[str]:
    """Return in which networks and cells which verdict holds, in words without numbers."""
    baseline = chapter.result.groups[0].baseline
    phrase = chapter.result.groups[0].setting.phrase
    names = [summary.arm for summary in chapter.result.groups[0].summaries if summary.arm not in (baseline, NO_LEADERS)]
    told = []
    for name in names:
        verdicts = {
            row.verdict
            for group in chapter.result.groups
            for row in group.ranking(group.ranking_outcome)
            if row.arm == name and row.verdict
        }
        if len(verdicts) == 1:
            [verdict] = verdicts
            where = "in every network and cell"
            shown = {"undecided": "not shown to differ from", "practically equal": "practically equal to"}
            words = shown.get(verdict, f"{verdict} than")
            told.append(f"{opened(escaped(phrase(name)))}: {words} {escaped(phrase(baseline))} {where}.")
        elif verdicts:
            listed = joined(sorted(verdicts))
            told.append(f"{opened(escaped(phrase(name)))}: depends on the network or the assumption ({listed}).")
    return told


def _position_itself(chapter: Chapter) -> str:
    """Return of which arms nothing tells the position from how many ties its holders have."""
    placed = {arm.name for arm in chapter.study.arms if arm.setting.leaders.position not in (None, "random")}
    if not placed:
        return ""
    told = "that the position itself is what matters, rather than how many ties its holders have"
    if not chapter.study.scenario.nulls.matched:
        return f"{told}: leaders matched by role and ties were not played;"
    groups = chapter.result.groups
    matched = [{found.arm for found in group.explained.matched} for group in groups]
    missing = [
        arm.name
        for arm in groups[0].group.arms
        if arm.name in placed and not all(arm.name in names for names in matched)
    ]
    if not missing:
        return ""
    if len(missing) == len(placed):
        return f"{told}: there are no other agents of the same roles with as many ties to play in their place;"
    return f"{told}, with {_phrases(chapter.arms[0], missing)}: for their leaders there is no match everywhere;"


def _does_not(chapter: Chapter) -> list[str]:
    return [
        (
            "that this is what happened, or will happen, in a real region: the model assumes how knowledge "
            "becomes adoption, "
            "and plays what would follow;"
        ),
        "that any result on a synthetic network describes the region that it is modelled on;"
        if chapter.is_synthetic
        else "",
        "that the people named here would be good leaders: the model knows where they stand, not who they are;",
        _position_itself(chapter),
        (
            "that adopters learnt from one another in the data that the network came from: in observed data, "
            "adoption that is "
            "associated with ties may as well come from likeness (homophily) or from a common outside influence;"
        ),
        "that a share of histories is the probability that one choice of leaders is better than another.",
    ]

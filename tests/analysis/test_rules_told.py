"""Whether it depends on the rule who does best, in words that claim no more than the intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diffusion.analysis.contenders import Contenders
from diffusion.analysis.outcomes import OUTCOMES
from diffusion.analysis.rules_told import UnderRule, rule_sentences
from diffusion.analysis.sentences import Setting

SETTING = Setting(
    network="town",
    synthetic=False,
    steps=4,
    agents=100,
    smallest_difference=0.01,
    phrases={name: f"leaders by {name}" for name in ("a", "b", "c")},
)


def under(
    cell: Mapping[str, object], leading: Sequence[str], *, equal: Sequence[str] = (), behind: Sequence[str] = ()
) -> UnderRule:
    found = Contenders(
        OUTCOMES["adopted_share"], leading[0], tuple(leading), tuple(leading[1:]), tuple(equal), (), tuple(behind), 9
    )
    return UnderRule("town", cell, found)


def rule(name: str, **more: object) -> dict[str, object]:
    return {"adoption": {"rule": name, **more}}


def test_one_best_mean_under_all_rules_shows_no_dependence() -> None:
    found = [under(rule("cascade"), ["a"], behind=["b"]), under(rule("threshold"), ["a"], behind=["b"])]
    assert rule_sentences(found, SETTING) == (
        "The best mean is that of leaders by a under cascade and threshold: nothing shows that it depends on the rule.",
    )


def test_where_every_arm_is_shown_to_fall_behind_somewhere_it_depends_on_the_rule() -> None:
    found = [under(rule("cascade"), ["a"], behind=["b"]), under(rule("threshold"), ["b"], behind=["a"])]
    [told] = rule_sentences(found, SETTING)
    assert told == (
        "Which leaders do best depends on the rule: the best mean is that of leaders by a under cascade and that of "
        "leaders by b under threshold, and under one rule or another every arm falls behind it by more than 1.0 points."
    )


def test_an_arm_that_is_nowhere_shown_behind_makes_the_choice_independent_of_the_rule() -> None:
    found = [under(rule("cascade"), ["a"], equal=["b"]), under(rule("threshold"), ["b"], behind=["a"])]
    [told] = rule_sentences(found, SETTING)
    assert told.endswith(
        "; but leaders by b are under none of them shown to fall more than 1.0 points behind, so the choice need not "
        "depend on the rule."
    )


def test_rules_are_compared_within_what_else_is_swept() -> None:
    found = [
        under({**rule(name), "adoption.reach": share}, ["a" if share < 0.2 else best], behind=[other])
        for share in (0.1, 0.3)
        for name, best, other in (("cascade", "c", "b"), ("bass", "b", "c"))
    ]
    first, second = rule_sentences(found, SETTING)
    assert first.startswith("With adoption.reach = 0.1, the best mean is that of leaders by a under cascade and bass")
    assert second.startswith("With adoption.reach = 0.3, which leaders do best depends on the rule")


def test_rules_of_one_name_are_told_apart_by_what_differs() -> None:
    found = [
        under(rule("threshold", exposure="share", threshold={"beta": [3.0, 7.0]}), ["a"]),
        under(rule("threshold", exposure="number", threshold=2.0), ["a"]),
        under(rule("hazard", intercept=-4.0), ["a"]),
        under(rule("hazard", intercept=-4.0, external=0.1), ["a"]),
        under({"adoption.rule": "cascade"}, ["a"]),
    ]
    [told] = rule_sentences(found, SETTING)
    assert (
        "under threshold (exposure share), threshold (exposure number), hazard without external, "
        "hazard (external 0.1) and cascade:"
    ) in told


def test_cells_of_one_rule_say_nothing_of_rules() -> None:
    found = [under(rule("threshold", threshold=share), ["a"]) for share in (0.1, 0.3)]
    assert rule_sentences(found, SETTING) == ()
    assert rule_sentences([under({"leaders.count": count}, ["a"]) for count in (1, 2)], SETTING) == ()

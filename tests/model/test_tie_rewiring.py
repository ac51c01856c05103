"""Rewiring: what stays, what goes where, and that nothing is favoured."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from generated import networks
from hypothesis import given
from hypothesis import strategies as st
from played import ALARM, EVERY, added_in, adopted, bit, changes_of, problems_of, removed_in, shortly
from scipy import stats

from diffusion.draws import LANES, Purpose, entity_keys, numbers, stream_key
from diffusion.model.interventions.changes import AddedTies, Change, RemovedTies
from diffusion.model.interventions.intervention import Intervention
from diffusion.model.interventions.tie_rewiring import TieRewiring
from diffusion.network import partial_rewiring
from diffusion.network.network import Network

RING = Network.from_tables(
    name="ring",
    ids="abcdefgh",
    roles=["x", "y"] * 4,
    source=[*"abcdefgh", *"bcdefgha"],
    target=[*"bcdefgha", *"abcdefgh"],
    strength=[0.5, 0.9, 0.5, 0.9, 1.0, 1.0, 1.0, 1.0] * 2,
)
FAN = Network.from_tables(name="fan", ids="abcxyz", roles=list("sssttt"), source="abc", target="xyz")
Tie = tuple[str, str, str, float]


def rewire(**keys: object) -> TieRewiring:
    return TieRewiring(name="r", **{"share": 1.0, **keys})  # type: ignore[arg-type]


def ties_of(network: Network) -> list[Tie]:
    layers = [network.layers[layer] for layer in network.layer]
    ends = [[network.ids[end] for end in side] for side in (network.source, network.target)]
    return list(zip(*ends, layers, network.strength.tolist(), strict=True))


def ties_in(network: Network, changes: list[Change], lane: int) -> list[Tie]:
    """The ties that are there in one lane after some went elsewhere."""
    gone = {
        int(row)
        for change in changes
        if isinstance(change, RemovedTies)
        for row, word in zip(change.rows, change.lanes, strict=True)
        if bit(word, lane)
    }
    come = [
        (network.ids[source], network.ids[target], change.layer, float(strength))
        for change in changes
        if isinstance(change, AddedTies)
        for source, target, strength, word in zip(
            change.source, change.target, change.strength, change.lanes, strict=True
        )
        if bit(word, lane)
    ]
    return [tie for row, tie in enumerate(ties_of(network)) if row not in gone] + come


def counted(ties: list[Tie], side: int) -> Counter[tuple[str, str]]:
    return Counter((str(tie[side]), tie[2]) for tie in ties)


@given(
    networks(largest=9).filter(lambda network: network.tie_count > 0),
    st.sampled_from([0.2, 0.5, 1.0]),
    st.sampled_from(["degrees", "sources"]),
    st.sampled_from([None, ("firm -> manager", "nurse -> nurse"), ("academic -> nurse",)]),
)
def test_what_is_kept_is_kept_in_every_lane(
    network: Network, share: float, keep: str, between: tuple[str, ...] | None
) -> None:
    named = {role for pair in between or () for role in pair.split(" -> ")}
    between = between if named <= set(network.roles) else None
    changes = changes_of(network, rewire(share=share, keep=keep, between_roles=between))
    before = ties_of(network)
    role = dict(zip(network.ids, network.roles, strict=True))
    for lane in (0, 17, 63):
        after = ties_in(network, changes, lane)
        assert len({tie[:3] for tie in after}) == len(after) == len(before)
        assert all(source != target for source, target, _, _ in after)
        assert Counter(tie[2:] for tie in after) == Counter(tie[2:] for tie in before)
        if keep == "degrees":
            assert counted(after, 0) == counted(before, 0)
            assert counted(after, 1) == counted(before, 1)
        mutual = [layer for layer in network.layers if is_mutual(before, layer)]
        assert all(is_mutual(after, layer) for layer in mutual)
        if keep == "sources":
            directed = {key: count for key, count in counted(before, 0).items() if key[1] not in mutual}
            assert all(counted(after, 0)[key] == count for key, count in directed.items())
        if between:
            moved = set(after) - set(before)
            assert all(
                f"{role[source]} -> {role[target]}" in between or f"{role[target]} -> {role[source]}" in between
                for source, target, _, _ in moved
            )


def is_mutual(ties: list[Tie], layer: str) -> bool:
    here = {tie for tie in ties if tie[2] == layer}
    return bool(here) and all((target, source, *rest) in here for source, target, *rest in here)


def test_as_many_ties_take_part_as_are_stated() -> None:
    moved = Counter(len(removed_in(RING, changes_of(RING, rewire(share=0.25, keep="sources")), lane)) for lane in EVERY)
    assert moved == {4: LANES}  # two undirected ties of eight, each of which always finds a free target here
    assert changes_of(RING, rewire(share=0.0)) == []
    assert not rewire(share=0.0).varies


def test_ties_exchange_targets_as_often_in_every_way() -> None:
    found: Counter[frozenset[tuple[str, str]]] = Counter()
    for block in range(40):
        changes = changes_of(FAN, rewire(), block=block)
        for lane in EVERY:
            found[frozenset(tie[:2] for tie in ties_in(FAN, changes, lane))] += 1
    assert set(found) == {frozenset(zip("abc", order, strict=True)) for order in permutations("xyz")}
    assert stats.chisquare(list(found.values())).pvalue > ALARM


def test_undirected_ties_are_matched_as_often_in_every_way() -> None:
    pairs = Network.from_tables(name="pairs", ids="abcd", source="acbd", target="bdac")
    found: Counter[frozenset[tuple[str, str]]] = Counter()
    for block in range(40):
        changes = changes_of(pairs, rewire(), block=block)
        for lane in EVERY:
            found[frozenset(tie[:2] for tie in ties_in(pairs, changes, lane))] += 1
    assert len(found) == 3
    assert stats.chisquare(list(found.values())).pvalue > ALARM


def test_new_targets_are_drawn_equally_often_among_those_without_a_tie() -> None:
    single = Network.from_tables(name="single", ids="abcdef", source="a", target="b")
    found: Counter[tuple[str, str]] = Counter()
    for block in range(40):
        changes = changes_of(single, rewire(keep="sources"), block=block)
        found.update(tie for lane in EVERY for tie in added_in(single, changes, lane))
    assert set(found) == {("a", other) for other in "cdef"}
    assert sum(found.values()) == 40 * LANES
    assert stats.chisquare(list(found.values())).pvalue > ALARM


def test_ties_between_named_roles_stay_between_them() -> None:
    changes = changes_of(FAN, rewire(keep="sources", between_roles=("s -> t",)))
    assert {target for lane in EVERY for _, target in added_in(FAN, changes, lane)} <= set("xyz")
    changes = changes_of(RING, rewire(between_roles=("x -> y",)))
    role = dict(zip(RING.ids, RING.roles, strict=True))
    assert all(role[a] != role[b] for lane in EVERY for a, b, *_ in ties_in(RING, changes, lane))


def test_ties_are_back_after_the_last_step() -> None:
    pair = Network.from_tables(name="pair", ids="abc", source="a", target="b")
    elsewhere = rewire(keep="sources", from_step=1, until_step=2)
    assert adopted(pair, elsewhere, "a") == [0, 3, 1]


def test_only_layers_that_are_named_are_rewired() -> None:
    layered = Network.from_tables(
        name="layered", ids="abcdef", source="abcdef", target="bcdefa", layer=[*"ppp", *"qqq"]
    )
    changes = changes_of(layered, rewire(layers=("q",)))
    assert {change.layer for change in changes if isinstance(change, AddedTies)} == {"q"}
    assert all(set(ties_of(layered)[:3]) <= set(ties_in(layered, changes, lane)) for lane in EVERY)


def test_who_moves_depends_on_nobody_without_ties() -> None:
    more = Network.from_tables(name="more", ids="abcxyz0", source="abc", target="xyz")
    few, many = (changes_of(network, rewire(share=0.67)) for network in (FAN, more))
    assert all(added_in(FAN, few, lane) == added_in(more, many, lane) for lane in EVERY)


def test_numbers_are_those_that_everything_else_draws() -> None:
    keys = entity_keys(["one", "two"])
    at = partial_rewiring.Coordinates(*stream_key(5, 2, Purpose.ALTERATION), np.uint64(3), np.uint64(7))
    expected = numbers(5, 2, Purpose.ALTERATION, keys, 3, 7)
    found = [[int(partial_rewiring._number(at, key, lane)) for lane in EVERY] for key in keys]  # noqa: SLF001
    assert found == expected.tolist()


@pytest.mark.parametrize(
    ("network", "intervention", "line"),
    [
        (FAN, rewire(share=2.0), "r.share: must be a number between 0 and 1; got 2"),
        (FAN, rewire(keep="degree"), 'r.keep: must be one of degrees, sources; got "degree"; did you mean "degrees"?'),
        (FAN, rewire(layers=("ties",)), 'r.layers: no tie of "fan" is in the layer "ties"; did you mean "tie"?'),
        (FAN, rewire(between_roles=("t -> s",)), 'r.share: no tie of "fan" can move; narrow the choice less'),
        (FAN, rewire(between_roles=("s -> u",)), 'r.between_roles: no agent of "fan" has the role "u"'),
        (FAN, rewire(between_roles=()), "r.between_roles: names no roles; leave it out for ties between all"),
        (
            FAN,
            rewire(from_step=3, until_step=2),
            "r.until: must be a step between 3, the first, and 6, the last; got 2",
        ),
    ],
    ids=shortly,
)
def test_what_does_not_fit_is_said_in_one_line(network: Network, intervention: Intervention, line: str) -> None:
    assert problems_of(network, intervention) == (f"interventions.{line}",)

"""The network itself: its order, its merging, its neighbours and its digest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diffusion.errors import InputError
from diffusion.network.network import Network


def star(**changes: object) -> Network:
    tables: dict[str, object] = {
        "name": "star",
        "ids": ["hub", "a", "b", "c"],
        "roles": ["manager", "firm", "", "firm"],
        "columns": {"organisation": ["T", "T", "", "S"]},
        "source": ["hub", "hub", "hub", "a"],
        "target": ["a", "b", "c", "hub"],
        "layer": ["formal", "informal", "formal", "informal"],
        "strength": [0.5, 1.0, 0.25, 1.0],
    }
    return Network.from_tables(**(tables | changes))  # type: ignore[arg-type]


def test_agents_are_in_the_order_of_their_ids_and_ties_in_that_of_their_ends() -> None:
    network = star()
    assert network.ids == ("a", "b", "c", "hub")
    assert network.roles == ("firm", "agent", "firm", "manager")
    assert network.columns["organisation"] == ("T", "", "S", "T")
    assert list(zip(network.source.tolist(), network.target.tolist(), strict=True)) == [(0, 3), (3, 0), (3, 1), (3, 2)]
    assert [network.layers[place] for place in network.layer] == ["informal", "formal", "informal", "formal"]
    assert network.strength.tolist() == [1.0, 0.5, 1.0, 0.25]


@given(order=st.permutations(range(4)), rows=st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(order: list[int], rows: list[int]) -> None:
    plain = star()
    shuffled = star(
        ids=[["hub", "a", "b", "c"][place] for place in order],
        roles=[["manager", "firm", "", "firm"][place] for place in order],
        columns={"organisation": [["T", "T", "", "S"][place] for place in order]},
        source=[["hub", "hub", "hub", "a"][place] for place in rows],
        target=[["a", "b", "c", "hub"][place] for place in rows],
        layer=[["formal", "informal", "formal", "informal"][place] for place in rows],
        strength=[[0.5, 1.0, 0.25, 1.0][place] for place in rows],
    )
    assert shuffled.digest == plain.digest


def test_self_ties_are_dropped_and_repeats_keep_the_largest_strength_and_both_are_counted() -> None:
    network = Network.from_tables(
        name="n",
        ids=["a", "b"],
        source=["a", "a", "a", "b", "a"],
        target=["b", "b", "b", "b", "b"],
        layer=["x", "x", "y", "z", "x"],
        strength=[0.2, 0.9, 0.3, 1.0, 0.5],
    )
    assert (network.self_ties, network.repeats) == (1, 2)
    assert network.layers == ("x", "y")
    assert network.strength.tolist() == [0.9, 0.3]


def test_alters_are_distinct_over_layers_and_follow_the_direction() -> None:
    network = star(
        source=["hub", "hub", "hub", "a"],
        target=["a", "a", "b", "hub"],
        layer=["formal", "informal", "formal", "formal"],
    )
    hub, leaf = network.index["hub"], network.index["a"]
    assert network.out_alters.alters(hub).tolist() == [0, 1]
    assert network.in_alters.alters(hub).tolist() == [leaf]
    assert network.alters.alters(hub).tolist() == [0, 1]
    assert network.out_alters.degrees.tolist() == [1, 0, 0, 2]
    assert network.in_alters.degrees.tolist() == [1, 1, 0, 1]
    assert network.alters.degrees.tolist() == [1, 1, 0, 2]


@given(data=st.data(), size=st.integers(1, 7))
def test_alters_agree_with_sets(data: st.DataObject, size: int) -> None:
    ids = [f"p{place}" for place in range(size)]
    ends = st.sampled_from(range(size))
    ties = data.draw(st.lists(st.tuples(ends, ends), max_size=20))
    network = Network.from_tables(
        name="n", ids=ids, source=[ids[source] for source, _ in ties], target=[ids[target] for _, target in ties]
    )
    for agent in range(size):
        told = {target for source, target in ties if source == agent != target}
        heard = {source for source, target in ties if target == agent != source}
        assert network.out_alters.alters(agent).tolist() == sorted(told)
        assert network.in_alters.alters(agent).tolist() == sorted(heard)
        assert network.alters.alters(agent).tolist() == sorted(told | heard)


def test_roles_and_organisations_are_numbered_in_the_order_of_their_names() -> None:
    network = star()
    assert network.role_names == ("agent", "firm", "manager")
    assert network.role_index.tolist() == [1, 0, 1, 2]
    assert network.organisation_names == ("S", "T")
    assert network.organisation_index.tolist() == [1, -1, 0, 1]
    without = star(columns=None)
    assert without.organisation_names == ()
    assert without.organisation_index.tolist() == [-1] * 4


def test_columns_of_unequal_length_are_refused_with_their_lengths() -> None:
    with pytest.raises(InputError) as caught:
        Network.from_tables(
            name="n", ids=["a", "b"], roles=["x"], columns={"site": ["y", "z", "y"]}, source=["a"], target=["b", "a"]
        )
    assert caught.value.problems == (
        'n: the columns of the agent table must be equally long; they hold ids 2, roles 1, "site" 3',
        "n: the columns of the tie table must be equally long; they hold source 1, target 2",
    )


def test_ids_are_equal_when_they_look_equal() -> None:
    network = Network.from_tables(name="n", ids=["Zoe\u0308 ", "b"], source=[" Zo\u00eb"], target=["b"])
    assert network.ids == ("Zo\u00eb", "b")
    assert network.tie_count == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ids": ["hub", "a", "b", "b "]}, 'agent id "b" is given more than once'),
        ({"ids": ["hub", "a", "b", " "]}, "an agent has an empty id"),
        ({"target": ["a", "b", "x", "hub"]}, 'a tie has the target "x"'),
        ({"source": ["y", "hub", "hub", "a"]}, 'a tie has the source "y"'),
        ({"strength": [0.5, 0.0, 1.0, 1.0]}, "strengths must lie above 0 and at most at 1; 1 do not"),
        ({"strength": [0.5, 2.0, 3.0, 1.0]}, "2 do not, the first is 2; divide them by the largest first"),
        ({"strength": [0.5, np.nan, 1.0, 1.0]}, "1 do not, the first is nan"),
    ],
)
def test_tables_that_make_no_network_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        star(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"ids": ["hub", "a", "b", "d"], "target": ["a", "b", "d", "hub"]},
        {"roles": ["manager", "firm", "firm", "firm"]},
        {"columns": {"organisation": ["T", "T", "", "T"]}},
        {"columns": {"site": ["T", "T", "", "S"]}},
        {"target": ["a", "b", "b", "hub"]},
        {"layer": ["formal", "informal", "formal", "formal"]},
        {"layer": ["formal", "other", "formal", "other"]},
        {"strength": [0.5, 1.0, 0.25, 0.999]},
    ],
)
def test_the_digest_tells_any_change_of_content(changes: dict[str, object]) -> None:
    assert star(**changes).digest != star().digest


def test_the_digest_is_blind_to_the_name() -> None:
    assert star().renamed("other").digest == star().digest
    assert star().renamed("other").name == "other"


def test_arrays_and_columns_cannot_be_changed_by_accident() -> None:
    network = star()
    for values in (network.source, network.target, network.layer, network.strength, network.role_index):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1
    with pytest.raises(TypeError):
        network.columns["site"] = ()  # type: ignore[index]


def test_a_network_without_ties_has_empty_rows_for_everybody() -> None:
    network = Network.from_tables(name="n", ids=["a", "b"], source=[], target=[])
    assert (network.size, network.tie_count, network.layers) == (2, 0, ())
    assert network.alters.degrees.tolist() == [0, 0]

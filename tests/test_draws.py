"""The random numbers: published answers, the layout of keys and counters, frequencies, independence.

Every statistical test reads fixed seeds, so it fails always or never. Before the
seeds were fixed, each comparison raised a false alarm with a probability of at
most 1e-7, and all of them together with less than 1e-5.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_model import agent_key, coin, key_of, layer_key, number, pair_key
from numpy.typing import NDArray
from scipy import stats

from diffusion import draws
from diffusion.compiled import compiled
from diffusion.draws import ALWAYS, LANES, Purpose, philox
from diffusion.model.lanes import HEADS, Throws, queue_throw, throw

FALSE_ALARM = 1e-7

Words = NDArray[np.uint64]

ENTITIES = draws.entity_keys([f"agent {place}" for place in range(2000)])


# Philox and the layout of its key and counter.


@compiled
def philox_of(key: Words, counter: Words) -> Words:
    """Compiled code calls compiled code: Python would hand over integers of another kind."""
    words = np.empty(4, dtype=np.uint64)
    words[0], words[1], words[2], words[3] = philox(key[0], key[1], counter[0], counter[1], counter[2], counter[3])
    return words


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
    ids=["zeros", "ones", "digits of pi"],
)
def test_philox_gives_the_published_known_answers(counter: str, key: str, answer: str) -> None:
    """From kat_vectors of Random123 1.14 (Salmon et al. 2011), philox4x32 with 10 rounds."""
    words = philox_of(_words(key), _words(counter))
    assert [f"{word:08x}" for word in words] == answer.split()


def _words(text: str) -> Words:
    return np.array([int(word, 16) for word in text.split()], dtype=np.uint64)


SEEDS = st.integers(0, 2**63)
PURPOSES = st.sampled_from(list(Purpose))
STEPS = st.sampled_from([0, 1, 36, 1000, 2**15])
IDS = st.text(min_size=1, max_size=8)


@given(SEEDS, st.integers(0, 99), PURPOSES, IDS, st.integers(0, 2**30), STEPS)
def test_coins_and_numbers_have_the_stated_layout(
    seed: int, world: int, purpose: Purpose, agent: str, replicate: int, step: int
) -> None:
    keys = draws.entity_keys([agent])
    key, (block, lane) = key_of(seed, world, purpose), divmod(replicate, LANES)
    assert draws.coins(seed, world, purpose, keys, replicate, step)[0] == coin(key, agent_key(agent), replicate, step)
    numbers = draws.numbers(seed, world, purpose, keys, block, step)
    assert numbers[0, lane] == number(key, agent_key(agent), replicate, step)


@given(IDS, st.integers(0, 5))
def test_an_agents_key_is_made_from_its_id_and_spell(agent: str, spell: int) -> None:
    assert draws.entity_keys([agent], spell)[0] == agent_key(agent, spell)


@given(IDS, IDS, IDS)
def test_a_pairs_key_is_mixed_from_both_ids_and_the_layer(first: str, second: str, layer: str) -> None:
    ends = draws.entity_keys([first]), draws.entity_keys([second])
    layers = draws.layer_keys([layer])
    assert layers[0] == layer_key(layer)
    assert draws.pair_keys(*ends, layers)[0] == pair_key(agent_key(first), agent_key(second), layer)
    assert draws.pair_keys(*ends[::-1], layers)[0] == pair_key(agent_key(first), agent_key(second), layer)


def test_pairs_and_layers_have_keys_of_their_own() -> None:
    first, second = np.triu_indices(300, k=1)
    keys = [draws.pair_keys(ENTITIES[first], ENTITIES[second], layer) for layer in draws.layer_keys(["tie", "other"])]
    assert len(np.unique(np.concatenate([*keys, ENTITIES]))) == 2 * len(first) + len(ENTITIES)


def test_ids_that_look_equal_have_one_key() -> None:
    composed, decomposed = draws.entity_keys(["Zo\u00eb", "Zoe\u0308"])
    assert composed == decomposed
    composed, decomposed = draws.layer_keys(["Zo\u00eb", "Zoe\u0308"])
    assert composed == decomposed


def test_every_purpose_has_a_number_of_its_own() -> None:
    assert list(Purpose.__members__) == [purpose.name for purpose in Purpose]


def test_a_uniform_number_lies_strictly_between_0_and_1(monkeypatch: pytest.MonkeyPatch) -> None:
    extremes = np.array([[0, 2**32 - 1]], dtype=np.uint32)
    monkeypatch.setattr(draws, "numbers", lambda *_: extremes)
    low, high = draws.uniforms(0, 0, Purpose.RECEPTIVITY, ENTITIES[:1], 0)[0]
    assert 0 < low < 2.0**-32
    assert 1 - 2.0**-32 < high < 1


def test_generators_are_keyed_by_purpose_and_coordinates() -> None:
    def first(*coordinates: int | str, purpose: Purpose = Purpose.SYNTHESIS) -> int:
        return int(draws.generator(purpose, *coordinates).integers(2**63))

    assert first(1, "a") == first(1, "a")
    drawn = [first(), first(1), first("1"), first(1, 2), first(2, 1), first("1", "2"), first("12")]
    drawn.append(first(1, purpose=Purpose.SIMULTANEOUS))
    assert len(set(drawn)) == len(drawn)


def test_mesas_seed_is_an_integer_below_two_to_63_and_a_replicates_own() -> None:
    seeds = [draws.model_seed(seed, world, replicate) for seed in (0, 1) for world in (0, 1) for replicate in (0, 1)]
    assert len(set(seeds)) == len(seeds)
    assert all(type(seed) is int and 0 <= seed < 2**63 for seed in seeds)


# Coins: 64 lanes at once, digit by digit, are the coins of single replicates.


@compiled
def heads_of(
    lanes: np.uint64,
    probabilities: Words,
    key: tuple[np.uint64, np.uint64],
    entity: np.uint64,
    block: np.uint64,
    step: np.uint64,
) -> Words:
    size = len(probabilities)
    throws = Throws(
        np.empty(size, dtype=np.uint32), np.empty(size, dtype=np.uint32), np.empty((5, size), dtype=np.uint64)
    )
    count = 0
    for place in range(size):
        count = queue_throw(count, np.uint32(place), entity, probabilities[place], lanes, throws)
    throw(count, key[0], key[1], block, step, throws)
    won: Words = throws.words[HEADS]
    return won


@given(SEEDS, st.integers(0, 2**24), STEPS, st.integers(0, 2**64 - 1), st.lists(st.integers(0, ALWAYS), max_size=5))
def test_the_lanes_that_fall_heads_are_those_whose_number_is_below_the_probability(
    seed: int, block: int, step: int, lanes: int, drawn: list[int]
) -> None:
    purpose = Purpose.ADOPTION_TIE
    numbers = [int(draws.coins(seed, 0, purpose, ENTITIES[:1], LANES * block + lane, step)[0]) for lane in range(LANES)]
    close = [candidate for value in numbers[:8] for candidate in (value, value + 1)]
    probabilities = np.array([0, 1, 2**31, ALWAYS - 1, ALWAYS, *close, *drawn], dtype=np.uint64)
    won = heads_of(
        np.uint64(lanes),
        probabilities,
        draws.stream_key(seed, 0, purpose),
        ENTITIES[0],
        np.uint64(block),
        np.uint64(step),
    )
    for probability, word in zip(probabilities.tolist(), won.tolist(), strict=True):
        expected = sum(1 << lane for lane in range(LANES) if numbers[lane] < probability)
        assert word == expected & lanes


# Frequencies.


def coins_of(entities: int = 2000, replicates: int = 100, step: int = 0) -> Words:
    """200,000 coins; shape (replicates, entities)."""
    return np.stack(
        [
            draws.coins(1, 0, Purpose.ADOPTION_TIE, ENTITIES[:entities], replicate, step)
            for replicate in range(replicates)
        ]
    )


@pytest.mark.parametrize("probability", [0.5, 0.02, 0.3, 2.0**-10, 0.999, 1 / 3])
def test_a_coin_falls_heads_as_often_as_its_probability_says(probability: float) -> None:
    thrown = coins_of()
    count = int((thrown < round(probability * ALWAYS)).sum())
    assert stats.binomtest(count, thrown.size, probability).pvalue > FALSE_ALARM


@pytest.mark.parametrize("shift", [0, 8, 16, 24])
def test_every_byte_of_coins_and_numbers_is_uniform(shift: int) -> None:
    numbers = draws.numbers(1, 0, Purpose.ADOPTION_ENTRY, ENTITIES, block=0, step=3)
    for drawn in (coins_of(), numbers.astype(np.uint64)):
        values = (drawn >> np.uint64(shift)).astype(np.uint8)
        assert stats.chisquare(np.bincount(values.ravel(), minlength=256)).pvalue > FALSE_ALARM


@pytest.mark.parametrize("probability", [0.5, 0.02, 0.3, 0.999])
def test_a_number_is_below_a_probability_as_often_as_it_says(probability: float) -> None:
    drawn = np.stack([draws.numbers(2, 0, Purpose.ABANDONMENT, ENTITIES, block, step=1) for block in range(2)])
    below = int((drawn < round(probability * ALWAYS)).sum())
    assert stats.binomtest(below, drawn.size, probability).pvalue > FALSE_ALARM


# Independence.


MANY = draws.pair_keys(ENTITIES[:200, None], ENTITIES[None, 200:700], draws.layer_keys(["tie"])[0]).ravel()
"""100,000 pairs: their keys are mixed arithmetically, not by a cryptographic hash."""


def coin_row(seed: int, world: int, purpose: Purpose, replicate: int, step: int) -> Words:
    return draws.coins(seed, world, purpose, MANY, replicate, step)


def number_row(seed: int, world: int, purpose: Purpose, replicate: int, step: int) -> Words:
    block, lane = divmod(replicate, LANES)
    return draws.numbers(seed, world, purpose, MANY, block, step)[:, lane].astype(np.uint64)


@pytest.mark.parametrize("draw", [coin_row, number_row])
def test_draws_that_differ_in_one_coordinate_are_independent(
    draw: Callable[[int, int, Purpose, int, int], Words],
) -> None:
    """Chi-square on 16 x 16 tables of the first four binary digits, and of the last four."""
    rows = {
        "a draw": draw(1, 0, Purpose.ADOPTION_TIE, 5, 1),
        "another seed": draw(2, 0, Purpose.ADOPTION_TIE, 5, 1),
        "another world": draw(1, 1, Purpose.ADOPTION_TIE, 5, 1),
        "another purpose": draw(1, 0, Purpose.AWARENESS_TIE, 5, 1),
        "the next replicate": draw(1, 0, Purpose.ADOPTION_TIE, 6, 1),
        "the next block": draw(1, 0, Purpose.ADOPTION_TIE, 5 + LANES, 1),
        "the next step": draw(1, 0, Purpose.ADOPTION_TIE, 5, 2),
        "the next pair": np.roll(draw(1, 0, Purpose.ADOPTION_TIE, 5, 1), 1),
    }
    for (one, first), (other, second) in combinations(rows.items(), 2):
        for shift in (np.uint64(28), np.uint64(0)):
            table = _table(first >> shift & np.uint64(15), second >> shift & np.uint64(15))
            assert stats.chi2_contingency(table).pvalue > FALSE_ALARM / 100, (one, other)


def _table(rows: Words, columns: Words) -> NDArray[np.int64]:
    return np.bincount((rows * np.uint64(16) + columns).astype(np.int64), minlength=256).reshape(16, 16)


def test_the_lanes_of_a_block_are_independent() -> None:
    """Correlations of all pairs of lanes; the largest of 2016 is judged."""
    numbers = draws.numbers(3, 0, Purpose.LEADERS, MANY[:20000], block=0)
    coins = np.stack([draws.coins(3, 0, Purpose.LEADERS, MANY[:20000], lane, 0) for lane in range(LANES)], axis=1)
    for drawn in (numbers, coins):
        correlations = np.asarray(np.corrcoef(drawn.astype(np.float64), rowvar=False))[np.triu_indices(LANES, k=1)]
        largest = np.abs(correlations).max() * np.sqrt(len(drawn))
        assert 2 * len(correlations) * stats.norm.sf(largest) > FALSE_ALARM

"""Every random number of the program, as a pure function of its coordinates.

A draw depends on (seed, world, replicate, purpose, entity, step) and on nothing
else, so neither the order of execution nor the number of workers, the batch,
the arms or the rows of a file can change it. The arm is never among the
coordinates: all arms live through the same replicates.

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, doi
10.1145/2063384.2063405). Its key names seed, world and purpose; its counter
holds the entity's two halves, replicate // 64, and step * 256 + block.

Two readings of the 128 bits of a call are used:

*Coins* take 64 replicates at once. Word ``k`` of a coin holds binary digit
``k`` (the most significant first) of 64 uniform 32-bit numbers, one a
replicate; call ``b`` gives words ``2b`` and ``2b + 1``. A coin of probability
q / 2³² falls heads where the number is below q, and most coins are decided
after a few digits.

*Numbers* take four replicates a call: call ``b`` gives the 32-bit numbers of
replicates ``4b`` to ``4b + 3`` of the 64.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from diffusion.compiled import SOURCE_DIGEST, cached, compiled, inlined

LANES = 64
"""How many replicates share a word: replicates 64 b … 64 b + 63 are block b."""

ALWAYS = 2**32
"""The integer probability that means *always*; probabilities are in units of 2⁻³²."""


class Purpose(IntEnum):
    """Name what a draw decides, and for which stage; part of every key."""

    AWARENESS_TIE = 1
    AWARENESS_ENTRY = 2
    AWARENESS_EXTERNAL = 3
    AWARENESS_THRESHOLD = 4
    ADOPTION_TIE = 11
    ADOPTION_ENTRY = 12
    ADOPTION_EXTERNAL = 13
    ADOPTION_THRESHOLD = 14
    ABANDONMENT = 15
    LEAVING = 16
    TURNOVER = 17
    RECEPTIVITY = 21
    INFLUENCE = 22
    LEADERS = 31
    TIE_BREAK = 32
    MATCHED = 33
    NOMINATION = 34
    POSITION_SEARCH = 35
    COMMUNITY = 36
    RECRUITMENT = 37
    ATTENDANCE = 38
    CONTACTS = 39
    MATCHING = 40
    SYNTHESIS = 41
    SIMULTANEOUS = 42
    MODEL = 43
    REWIRING = 51
    ALTERATION = 52
    REACH = 55
    OBSERVED = 61
    BOOTSTRAP = 71
    WORLD = 81
    DESIGN = 82
    SURVEY = 83
    IMPUTATION = 84
    REGION = 85


_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_BUMP_0 = np.uint64(0x9E3779B9)
_BUMP_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


@inlined
def philox(
    key_0: np.uint64, key_1: np.uint64, count_0: np.uint64, count_1: np.uint64, count_2: np.uint64, count_3: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four 32-bit words of Philox4x32-10 for one key and counter.

    Every argument and result is a 32-bit number held in 64 bits; between rounds
    the upper halves hold rubbish, which is cut off only where it matters.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * (count_0 & _LOW)
        product_1 = _MULTIPLIER_1 * (count_2 & _LOW)
        count_0 = (product_1 >> _32) ^ count_1 ^ key_0
        count_1 = product_1
        count_2 = (product_0 >> _32) ^ count_3 ^ key_1
        count_3 = product_0
        key_0 = (key_0 + _BUMP_0) & _LOW
        key_1 = (key_1 + _BUMP_1) & _LOW
    return count_0 & _LOW, count_1 & _LOW, count_2 & _LOW, count_3 & _LOW


@compiled
def fill_words(
    words: NDArray[np.uint64],
    key_0: np.uint64,
    key_1: np.uint64,
    entity: np.uint64,
    block: np.uint64,
    step: np.uint64,
    first_call: np.uint64,
) -> None:
    """Fill ``words`` with consecutive calls, two words a call, from call ``first_call`` on.

    The number of calls is read from the array, not written as a constant,
    because only then does the compiler run eight calls side by side.
    """
    low = entity & _LOW
    high = entity >> _32
    counter = (step << np.uint64(8)) + first_call
    for call in range(len(words) // 2):
        word_0, word_1, word_2, word_3 = philox(key_0, key_1, low, high, block, counter + np.uint64(call))
        words[2 * call] = word_0 | (word_1 << _32)
        words[2 * call + 1] = word_2 | (word_3 << _32)


def _make_coin_numbers(digest: str):  # type: ignore[no-untyped-def]
    @cached
    def coin_numbers(key_0, key_1, entities, replicate, step):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        words = np.empty(32, dtype=np.uint64)
        numbers = np.empty(len(entities), dtype=np.uint64)
        block, lane = replicate >> np.uint64(6), replicate & np.uint64(63)
        for place in range(len(entities)):
            fill_words(words, key_0, key_1, entities[place], block, step, np.uint64(0))
            number = np.uint64(0)
            for digit in range(32):
                number = (number << np.uint64(1)) | ((words[digit] >> lane) & np.uint64(1))
            numbers[place] = number
        return numbers

    return coin_numbers


def _make_number_rows(digest: str):  # type: ignore[no-untyped-def]
    @cached
    def number_rows(key_0, key_1, entities, block, step):  # type: ignore[no-untyped-def]
        digest  # noqa: B018 - the cache key
        words = np.empty(LANES // 2, dtype=np.uint64)
        rows = np.empty((len(entities), LANES), dtype=np.uint32)
        for place in range(len(entities)):
            fill_words(words, key_0, key_1, entities[place], block, step, np.uint64(0))
            for half in range(LANES // 2):
                rows[place, 2 * half] = np.uint32(words[half] & _LOW)
                rows[place, 2 * half + 1] = np.uint32(words[half] >> _32)
        return rows

    return number_rows


_coin_numbers = _make_coin_numbers(SOURCE_DIGEST)
_number_rows = _make_number_rows(SOURCE_DIGEST)


@lru_cache(maxsize=4096)
def stream_key(seed: int, world: int, purpose: Purpose) -> tuple[np.uint64, np.uint64]:
    """Return the two halves of the Philox key of a seed, a world and a purpose.

    Examples
    --------
    >>> stream_key(1, 0, Purpose.LEADERS) == stream_key(1, 0, Purpose.LEADERS)
    True
    >>> stream_key(1, 0, Purpose.LEADERS) == stream_key(1, 0, Purpose.TIE_BREAK)
    False
    """
    text = f"{int(seed)},{int(world)},{int(purpose)}"
    first = int.from_bytes(hashlib.blake2b(text.encode("ascii")).digest()[:8], "little")
    return np.uint64(first & 0xFFFFFFFF), np.uint64(first >> 32)


def _text_key(text: str, suffix: bytes) -> int:
    composed = unicodedata.normalize("NFC", text).encode()
    return int.from_bytes(hashlib.blake2b(composed + suffix, digest_size=8).digest(), "little")


def entity_keys(ids: Sequence[str], spell: int = 0) -> NDArray[np.uint64]:
    """Return the 64-bit key of each agent; shape (agents,).

    Parameters
    ----------
    ids
        The agents' ids.
    spell
        Which holder of the post: 0 for the first.
    """
    suffix = b"\0" + int(spell).to_bytes(4, "little")
    return np.array([_text_key(text, suffix) for text in ids], dtype=np.uint64)


def layer_keys(layers: Sequence[str]) -> NDArray[np.uint64]:
    """Return the 64-bit key of each layer's name; shape (layers,)."""
    return np.array([_text_key(text, b"\1") for text in layers], dtype=np.uint64)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each 64-bit number well mixed (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def pair_keys(first: NDArray[np.uint64], second: NDArray[np.uint64], layer: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the key of each unordered pair of agents in a layer; shape (pairs,).

    Both directions of a pair share their coins: at most one of them can
    matter at a time, and sharing makes arms more alike.

    Examples
    --------
    >>> a, b = entity_keys(["a"]), entity_keys(["b"])
    >>> bool(pair_keys(a, b, layer_keys(["tie"])) == pair_keys(b, a, layer_keys(["tie"])))
    True
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        mixed = _mixed(np.minimum(first, second) + golden)
        mixed = _mixed((mixed ^ np.maximum(first, second)) + golden)
        return _mixed((mixed ^ layer) + golden)


def numbers(
    seed: int, world: int, purpose: Purpose, entities: NDArray[np.uint64], block: int, step: int = 0
) -> NDArray[np.uint32]:
    """Return each entity's number in each replicate of a block.

    Parameters
    ----------
    seed, world, purpose
        The coordinates that make the key.
    entities
        Keys from :func:`entity_keys`; shape (entities,).
    block
        Which 64 replicates: 64 * block … 64 * block + 63.
    step
        The step, 0 for what is drawn once.

    Returns
    -------
    Numbers from 0 to 2³² - 1; shape (entities, 64).
    """
    rows: NDArray[np.uint32] = _number_rows(
        *stream_key(seed, world, purpose),
        np.ascontiguousarray(entities, dtype=np.uint64),
        np.uint64(block),
        np.uint64(step),
    )
    return rows


def coin_words(
    seed: int,
    world: int,
    purpose: Purpose,
    entities: NDArray[np.uint64],
    probability: NDArray[np.float64],
    block: int,
    step: int = 0,
) -> NDArray[np.uint64]:
    """Return in which replicates of a block each entity's number lies below its probability, a bit a replicate.

    Parameters
    ----------
    seed, world, purpose
        The coordinates that make the key.
    entities
        Keys from :func:`entity_keys`; shape (entities,).
    probability
        Of each entity, in [0, 1]; rounded once to 2⁻³².
    block
        Which 64 replicates: 64 * block … 64 * block + 63.
    step
        The step, 0 for what is drawn once.
    """
    below = numbers(seed, world, purpose, entities, block, step) < np.rint(probability * ALWAYS)[:, np.newaxis]
    return lane_words(below)


def lane_words(lanes: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return rows of 64 truths as words, the first the lowest bit; shape (rows,)."""
    octets = np.packbits(lanes, axis=1, bitorder="little")
    return np.ascontiguousarray(octets).view("<u8").ravel().astype(np.uint64)


def uniforms(seed: int, world: int, purpose: Purpose, entities: NDArray[np.uint64], block: int) -> NDArray[np.float64]:
    """Return each entity's uniform number, strictly between 0 and 1; shape (entities, 64)."""
    drawn = numbers(seed, world, purpose, entities, block).astype(np.float64)
    drawn += 0.5
    drawn *= 2.0**-32
    return drawn


def coins(
    seed: int, world: int, purpose: Purpose, entities: NDArray[np.uint64], replicate: int, step: int
) -> NDArray[np.uint64]:
    """Return the 32-bit number of each entity's coin in one replicate.

    A coin of integer probability q falls heads where its number is below q.
    These are the very digits that the ensemble reads 64 replicates at a time.

    Returns
    -------
    Numbers from 0 to 2³² - 1; shape (entities,).
    """
    drawn: NDArray[np.uint64] = _coin_numbers(
        *stream_key(seed, world, purpose),
        np.ascontiguousarray(entities, dtype=np.uint64),
        np.uint64(replicate),
        np.uint64(step),
    )
    return drawn


def generator(purpose: Purpose, *coordinates: int | str) -> np.random.Generator:
    """Return a numpy generator keyed by a purpose and any further coordinates.

    For synthesis, simulation of intervals and designs; never for the model.
    """
    text = "\0".join([str(int(purpose)), *(f"{type(part).__name__}:{part}" for part in coordinates)])
    key = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")
    return np.random.Generator(np.random.Philox(key=key))


def model_seed(seed: int, world: int, replicate: int) -> int:
    """Return the integer that Mesa's own generators are seeded with, below 2⁶³."""
    text = f"{int(seed)},{int(world)},{int(replicate)},{int(Purpose.MODEL)}"
    return int.from_bytes(hashlib.blake2b(text.encode("ascii"), digest_size=8).digest(), "little") >> 1

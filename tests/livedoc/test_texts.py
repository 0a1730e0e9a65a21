"""Offsets and differences, fuzzed with letters of every width."""

import random
from functools import partial

from livedoc import state_vector
from livedoc.difference import splices
from livedoc.offsets import utf8_offset
from livedoc.refusals import Refused
from livedoc.replica import Replica
from tests.stopwatch import assert_takes

LETTERS = "ab c\né日😀\n\n-"


def words(rng: random.Random, most: int) -> str:
    return "".join(rng.choices(LETTERS, k=rng.randrange(most)))


def test_offsets_land_on_characters() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(300):
        text = words(rng, 40)
        index = rng.randrange(len(text) + 1)
        assert text.encode()[utf8_offset(text, index) :].decode() == text[index:]


def test_splices_turn_one_text_into_the_other_in_python_and_in_the_crdt() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(300):
        before = words(rng, 60)
        at = rng.randrange(len(before) + 1)
        after = before[:at] + words(rng, 12) + before[at + rng.randrange(6) :]
        if rng.random() < 0.3:
            after = words(rng, 60)
        made = splices(before, after)
        result = before
        for splice in reversed(made):
            result = result[: splice.at] + splice.inserted + result[splice.at + splice.removed :]
        assert result == after
        replica = Replica(client_id=5)
        replica.splice(splices("", before), "")
        replica.splice(made, before)
        assert replica.text() == after


def test_unchanged_words_stay_their_authors() -> None:
    made = splices("One two three.\nFour five.\nSix.\n", "One 2 three.\nFour five.\nSix and seven.\n")
    assert [(splice.removed, splice.inserted) for splice in made] == [(3, "2"), (0, " and seven")]


def test_the_worst_difference_is_quick() -> None:
    rng = random.Random(1)
    before = "".join(rng.choices(" a\n", k=200_000))
    after = "".join(rng.choices(" a\n", k=200_000))
    for one, other in ((before, after), (before[:4000], after[:4000]), ("a " * 390, " a" * 390)):
        assert_takes(0.5, partial(splices, one, other))


def test_state_vectors_are_bounded_and_exact() -> None:
    clocks = {1: 5, 2**32 - 1: 2**31 - 1, 2**53 - 1: 0}
    assert state_vector.decode(state_vector.encode(clocks)) == clocks
    replica = Replica(client_id=77)
    replica.splice(splices("", "words"), "")
    assert replica.clocks() == {77: 5}
    for broken in (b"", b"\xff\xff\xff\x0f", b"\x02\x01\x01", b"\x01\x01\x01\x00", b"\x01\x01\xff\xff\xff\xff\x7f"):
        try:
            state_vector.decode(broken)
        except Refused:
            continue
        raise AssertionError(broken)

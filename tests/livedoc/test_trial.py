"""What may enter a document, and that every refusal has its name and changes nothing."""

import random

import pytest
from pycrdt import Array, Doc, Map, Text

from livedoc import trial
from livedoc.document import LiveDocument
from livedoc.records import History
from livedoc.refusals import Code, Refused
from livedoc.replica import Replica
from livedoc.submission import Submission
from tests.livedoc.updates import COLLECTED, DELETED, SKIP, Writer, block, item, run, text, update
from tests.stopwatch import assert_takes

DANA, LENA = 1, 2
DANA_ID, LENA_ID = 1001, 2002


def live(*words: str) -> LiveDocument:
    """A document that Dana began with words, one edit each."""
    document = LiveDocument(7)
    writer = Writer(DANA_ID)
    made = [writer.insert(len(str(writer.body)), each) for each in words]
    document.load(History(1, len(made), len(made), 0, made, b"", {DANA_ID: DANA, LENA_ID: LENA}, {}))
    return document


def attempt(document: LiveDocument, data: bytes, user: int = DANA, declared: int = DANA_ID) -> Submission:
    submission = Submission(data, user, None, {declared})
    document.attempt(submission)
    if not submission.duplicate:
        document.waiting.append(submission)
        document.accept([submission], b"")
    return submission


def mine(*structs: bytes, clock: int = 5, client: int = DANA_ID, deleted=None) -> bytes:  # type: ignore[no-untyped-def]
    return update((client, clock, structs), deleted=deleted)


END = {"origin": (DANA_ID, 4)}

HOSTILE = {
    "nothing": b"",
    "noise": b"\xff" * 40,
    "half an update": mine(text("x", **END))[:-3],
    "bytes after the end": mine(text("x", **END)) + b"\0",
    "an endless integer": b"\x80" * 30,
    "another root": mine(text("x", root="other")),
    "a nested type as parent": mine(text("x", parent=(DANA_ID, 0))),
    "an attribute": mine(text("x", key="bold")),
    "an embed": mine(item(block(b'{"a":1}'), 5, **END)),
    "a format": mine(item(block(b"bold") + block(b"true"), 6, **END)),
    "binary content": mine(item(block(b"\1\2"), 3, **END)),
    "any content": mine(item(b"\1\x7f", 8, **END)),
    "an array": mine(item(b"\0", 7, **END)),
    "a map": mine(item(b"\1", 7, **END)),
    "a subdocument": mine(item(block(b"guid") + b"\x76\0", 9, **END)),
    "an odd info byte": mine(bytes([0x80, *b"\xe9\x07\4"]) + block(b"x")),
    "a null character": mine(text("a\0b", **END)),
    "a carriage return": mine(text("a\r\nb", **END)),
    "no UTF-8": mine(item(block(b"\xff\xfe"), 4, **END)),
    "an empty string": mine(text("", **END)),
    "an empty run": mine(run(0, DELETED)),
    "a clock ahead": mine(text("x", **END), clock=9),
    "a gap skipped": mine(run(3, SKIP), text("x", **END)),
    "an unknown left neighbour": mine(text("x", origin=(DANA_ID, 50))),
    "an unknown right neighbour": mine(text("x", right=(9999, 0))),
    "itself as neighbour": mine(text("x", origin=(DANA_ID, 5))),
    "a deletion ahead": mine(text("x", **END), deleted={DANA_ID: [(6, 1)]}),
    "a deletion of a stranger": update(deleted={9999: [(0, 1)]}),
    "an endless deletion": update(deleted={DANA_ID: [(0, 2**40)]}),
    "an endless run": mine(run(2**50, DELETED)),
    "a collected run": mine(run(1, COLLECTED)),
    "a client with nothing": update((DANA_ID, 0, []), deleted={DANA_ID: [(0, 1)]}),
    "another client with nothing": update((DANA_ID, 5, [text("x", **END)]), (LENA_ID, 0, [])),
    "one client twice": update((DANA_ID, 5, [text("x", **END)]), (DANA_ID, 6, [text("y", origin=(DANA_ID, 5))])),
    "more structs than there are": b"\xff\xff\xff\xff\x07",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_updates_are_malformed_and_change_nothing(name: str) -> None:
    document = live("Hello")
    with pytest.raises(Refused) as refused:
        attempt(document, HOSTILE[name])
    assert refused.value.code is Code.MALFORMED, name
    assert document.text() == "Hello"
    assert attempt(document, mine(text("!", **END))).duplicate is False
    assert document.text() == "Hello!"


def test_content_the_crdt_makes_itself_is_refused_too() -> None:
    makers = {
        "embed": lambda doc: doc["body"].insert_embed(0, {"a": 1}),
        "format": lambda doc: doc["body"].format(0, 2, {"bold": True}),
        "array in the text": lambda doc: doc["body"].insert_embed(0, Array([1])),
        "map beside it": lambda doc: doc.__setitem__("other", Map({"a": 1})),
        "text beside it": lambda doc: doc.__setitem__("other", Text("words")),
    }
    for name, make in makers.items():
        document = live("Hello")
        doc: Doc = Doc(client_id=LENA_ID)
        doc.get("body", type=Text)
        doc.apply_update(document.update())
        made: list[bytes] = []
        watch = doc.observe(lambda event, made=made: made.append(event.update))
        make(doc)
        doc.unobserve(watch)
        with pytest.raises(Refused) as refused:
            attempt(document, made[-1], LENA, LENA_ID)
        assert refused.value.code is Code.MALFORMED, name
        assert document.text() == "Hello"


def test_structs_that_lean_on_each_other_in_a_circle_are_malformed() -> None:
    document = live("Hello")
    circle = update((DANA_ID, 5, [text("a", origin=(LENA_ID, 0))]), (LENA_ID, 0, [text("b", origin=(DANA_ID, 5))]))
    submission = Submission(circle, DANA, None, {DANA_ID, LENA_ID})
    document.authors[LENA_ID] = DANA
    with pytest.raises(Refused) as refused:
        document.attempt(submission)
    assert refused.value.code is Code.MALFORMED
    assert attempt(document, mine(text("!", **END))).client_ids == [DANA_ID]


@pytest.mark.parametrize(
    ("client", "declared"),
    [(LENA_ID, DANA_ID), (LENA_ID, LENA_ID), (3003, DANA_ID), (2**32 + 5, 2**32 + 5)],
    ids=["another's", "another's, though declared", "undeclared", "the server's"],
)
def test_an_id_that_is_not_ones_own_is_a_foreign_author(client: int, declared: int) -> None:
    document = live("Hello")
    with pytest.raises(Refused) as refused:
        attempt(document, mine(text("x", **END), client=client, clock=0), DANA, declared)
    assert refused.value.code is Code.FOREIGN_AUTHOR
    assert document.text() == "Hello"


def test_a_new_id_becomes_a_persons_with_its_first_edit() -> None:
    document = live("Hello")
    first = attempt(document, mine(text("x", **END), client=3003, clock=0), DANA, 3003)
    assert first.newcomers == [3003]
    with pytest.raises(Refused) as refused:
        attempt(document, mine(text("y", **END), client=3003, clock=1), LENA, 3003)
    assert refused.value.code is Code.FOREIGN_AUTHOR


def test_an_id_is_bound_while_its_first_edit_still_waits() -> None:
    document = live("Hello")
    submission = Submission(mine(text("x", **END), client=3003, clock=0), DANA, None, {3003})
    document.attempt(submission)
    document.waiting.append(submission)
    with pytest.raises(Refused) as refused:
        document.attempt(Submission(mine(text("y", **END), client=3003, clock=1), LENA, None, {3003}))
    assert refused.value.code is Code.FOREIGN_AUTHOR


def test_too_large_updates_and_texts() -> None:
    document = live("Hello")
    with pytest.raises(Refused) as refused:
        attempt(document, mine(text("x" * 300_000, **END)))
    assert refused.value.code is Code.TOO_LARGE
    clock = 5
    for _ in range(3):
        attempt(document, mine(text("x" * 60_000, origin=(DANA_ID, clock - 1)), clock=clock))
        clock += 60_000
    with pytest.raises(Refused) as refused:
        attempt(document, mine(text("x" * 60_000, origin=(DANA_ID, clock - 1)), clock=clock))
    assert refused.value.code is Code.TOO_LARGE
    assert document.size() == 180_005
    attempt(document, mine(text("ok", origin=(DANA_ID, clock - 1)), clock=clock))


def test_duplicates_are_seen_whether_they_insert_or_delete() -> None:
    document = live("Hello")
    insertion = mine(text("!", **END))
    assert not attempt(document, insertion).duplicate
    assert attempt(document, insertion).duplicate
    deletion = update(deleted={DANA_ID: [(0, 2)]})
    assert not attempt(document, deletion).duplicate
    assert attempt(document, deletion).duplicate
    assert attempt(document, update()).duplicate
    assert document.text() == "llo!"
    assert document.seq == 3


def test_a_resync_difference_with_collected_runs_and_known_parts_enters() -> None:
    document, writer = live(), Writer(LENA_ID)
    for words in ("one ", "two ", "three "):
        attempt(document, writer.insert(len(str(writer.body)), words), LENA, LENA_ID)
    offline = [writer.delete(0, 4), writer.insert(0, "zero "), writer.insert(5, "gone"), writer.delete(5, 9)]
    assert offline
    attempt(document, writer.doc.get_update(), LENA, LENA_ID)
    assert document.text() == str(writer.body)


def test_lengths_count_as_browsers_count() -> None:
    document, writer = live(), Writer(LENA_ID)
    for words in ("naïve ", "😀😀", "日本", "a"):
        data = writer.insert(len(str(writer.body)) // 2, words)
        assert attempt(document, data, LENA, LENA_ID).client_ids == [LENA_ID]
    assert document.text() == str(writer.body)
    assert document.clocks() == document.known


def test_no_edit_comes_between_the_halves_of_a_character() -> None:
    for document in (live("Hi😀!"), live()):
        if not document.seq:
            attempt(document, mine(text("Hi😀!"), clock=0))
        for cut in (
            mine(text("x", origin=(DANA_ID, 2)), clock=5),
            mine(text("x", right=(DANA_ID, 3)), clock=5),
            update(deleted={DANA_ID: [(2, 1)]}),
            update(deleted={DANA_ID: [(3, 2)]}),
            update((DANA_ID, 5, [text("a😀", **END), text("b", origin=(DANA_ID, 6))])),
        ):
            with pytest.raises(Refused) as refused:
                attempt(document, cut)
            assert refused.value.code is Code.MALFORMED
        attempt(document, mine(text("x", origin=(DANA_ID, 3)), clock=5))
        attempt(document, update(deleted={DANA_ID: [(2, 2)]}))
        assert document.text() == "Hix!"


def test_what_honest_replicas_make_always_passes_and_mutations_never_diverge() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    document, writer = live(), Writer(LENA_ID)
    replica = Replica()
    letters = "ab é日😀\n*"
    for _ in range(400):
        length = len(str(writer.body))
        if length > 5 and rng.random() < 0.35:
            start = rng.randrange(length - 2)
            data = writer.delete(start, start + rng.randrange(1, 3))
        else:
            data = writer.insert(rng.randrange(length + 1), "".join(rng.choices(letters, k=rng.randrange(1, 6))))
        broken = bytearray(data)
        for _ in range(rng.randrange(1, 4)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        if bytes(broken) != data:
            _try_mutation(document, bytes(broken))
        submission = attempt(document, data, LENA, LENA_ID)
        assert not submission.duplicate
        replica.apply(data)
        assert document.known == document.clocks()
        assert document.text() == replica.text() == str(writer.body)


def _try_mutation(document: LiveDocument, data: bytes) -> None:
    """A broken update is refused, or would have entered whole: the shadow knows all it names."""
    submission = Submission(data, 99, None, {LENA_ID})
    document.authors[LENA_ID] = LENA
    before = document.text()
    try:
        document.attempt(submission)
    except Refused:
        assert document.known == document.clocks()
    else:
        document.rebuild_shadow()
    assert document.text() == before


def test_reading_a_keystroke_costs_a_few_microseconds() -> None:
    data = mine(text("x", origin=(DANA_ID, 4), right=(LENA_ID, 17)))
    known = {DANA_ID: 5, LENA_ID: 40}
    rounds = 5000

    def read() -> None:
        for _ in range(rounds):
            trial.read(data, known)

    spent = assert_takes(60e-6 * rounds, read)
    print(f"{spent / rounds * 1e6:.1f} µs")

"""What an edit may claim, how much it may hold, and how long it may take."""

import time

import pytest
from pycrdt import merge_updates

from livedoc import trial
from livedoc.document import LiveDocument
from livedoc.records import History
from livedoc.refusals import Code, Refused
from livedoc.replica import Replica
from livedoc.submission import Submission
from tests.livedoc.updates import Writer, text, update
from tests.stopwatch import assert_takes

DANA, LENA = 1, 2
DANA_ID, LENA_ID = 1001, 2002
HELLO = update((DANA_ID, 0, [text("Hello")]))


def live(*updates: bytes) -> LiveDocument:
    document = LiveDocument(7)
    authors = {DANA_ID: DANA, LENA_ID: LENA}
    document.load(History(1, len(updates), len(updates), 0, list(updates), b"", authors, {}))
    return document


def enter(document: LiveDocument, data: bytes, user: int = DANA, *declared: int) -> Submission:
    submission = Submission(data, user, None, declared or (DANA_ID,))
    document.attempt(submission)
    if not submission.duplicate:
        document.waiting.append(submission)
        document.accept([submission], b"")
    return submission


def refusal(document: LiveDocument, data: bytes, user: int = DANA, *declared: int) -> Code:
    before = document.text()
    with pytest.raises(Refused) as refused:
        enter(document, data, user, *declared)
    assert document.text() == before
    assert document.known == document.clocks()
    return refused.value.code


def test_other_words_for_what_is_known_are_left_out() -> None:
    forged = {
        "a known struct beside a new one": update(
            (DANA_ID, 0, [text("FORGE"), text("!", origin=(DANA_ID, 4))]),
        ),
        "a struct that goes on from known words": update((DANA_ID, 0, [text("FORGE!")])),
        "somebody else's words beside one's own": update(
            (LENA_ID, 0, [text("FORGE")]), (DANA_ID, 5, [text("!", origin=(DANA_ID, 4))])
        ),
        "known words and new ones in one struct": update((DANA_ID, 0, [text("Hell"), text("o!", origin=(DANA_ID, 3))])),
    }
    for name, data in forged.items():
        hers = update((LENA_ID, 0, [text("quiet", origin=(DANA_ID, 4))]))
        document = live(HELLO, hers)
        submission = enter(document, data)
        assert document.text() == Replica([HELLO, hers, submission.update]).text()
        assert "FORGE" not in document.text()
        assert document.text().replace("quiet", "") == "Hello!", name
        for order in ([submission.update, HELLO, hers], [hers, submission.update, HELLO]):
            peer = Replica([merge_updates(*order)])  # whoever gets all of it in one message
            assert peer.text() == document.text(), name


def test_what_goes_on_from_known_words_is_cut_where_they_end() -> None:
    document = live(HELLO)
    assert enter(document, update((DANA_ID, 2, [text("llo, wörld", origin=(DANA_ID, 1))]))).client_ids == [DANA_ID]
    assert document.text() == "Hello, wörld"
    assert document.clocks() == {DANA_ID: 12}
    enter(document, update((DANA_ID, 10, [text("ld😀", origin=(DANA_ID, 9))])))
    assert document.text() == "Hello, wörld😀"
    half = update((DANA_ID, 13, [text("😀x", origin=(DANA_ID, 12))]))
    assert refusal(document, half) is Code.MALFORMED
    repeated = enter(document, update((DANA_ID, 3, [text("lo", origin=(DANA_ID, 2))]), deleted={DANA_ID: [(0, 1)]}))
    assert repeated.update == update(deleted={DANA_ID: [(0, 1)]})
    assert document.text() == "ello, wörld😀"


def test_structs_of_several_clients_enter_in_an_order_that_fits() -> None:
    document = live(HELLO)
    document.authors[LENA_ID] = DANA
    zigzag = update(
        (DANA_ID, 5, [text("b", origin=(LENA_ID, 0)), text("d", origin=(LENA_ID, 1))]),
        (LENA_ID, 0, [text("a", origin=(DANA_ID, 4)), text("c", origin=(DANA_ID, 5))]),
    )
    enter(document, zigzag, DANA, DANA_ID, LENA_ID)
    assert document.text() == "Helloabcd"
    assert document.clocks() == document.known


@pytest.mark.parametrize(
    "ranges",
    [[(3, 1), (0, 1)], [(0, 3), (2, 2)], [(1, 1), (1, 1)]],
    ids=["backwards", "overlapping", "twice"],
)
def test_deletions_come_in_order_and_once(ranges: list[tuple[int, int]]) -> None:
    assert refusal(live(HELLO), update(deleted={DANA_ID: ranges})) is Code.MALFORMED
    twice = update(deleted={DANA_ID: [(0, 1)]})[:-4] + b"\2" + update(deleted={DANA_ID: [(0, 1)]})[2:] * 2
    assert refusal(live(HELLO), twice) is Code.MALFORMED


def test_too_many_parts_are_too_large() -> None:
    long = live(update((DANA_ID, 0, [text("x" * 20_000)])))
    letters = update(
        (LENA_ID, 0, [text("y", origin=(DANA_ID, 2 * n), right=(DANA_ID, 2 * n + 1)) for n in range(4001)])
    )
    assert refusal(long, letters, LENA, LENA_ID) is Code.TOO_LARGE
    assert refusal(long, update(deleted={DANA_ID: [(2 * n, 1) for n in range(4001)]})) is Code.TOO_LARGE
    crowd = update(*((3000 + n, 0, [text("x")]) for n in range(17)))
    assert refusal(long, crowd, DANA, *range(3000, 3017)) is Code.TOO_LARGE
    most = [text("y", origin=(DANA_ID, 2 * n), right=(DANA_ID, 2 * n + 1)) for n in range(3990)]
    began = time.thread_time()
    submission = enter(long, update((LENA_ID, 0, most)), LENA, LENA_ID)
    print(f"{submission.cost * 1000:.0f} of {(time.thread_time() - began) * 1000:.0f} ms")
    assert long.text().count("y") == 3990


def test_what_would_take_long_is_too_large() -> None:
    """Letters whose neighbours stand far apart make the CRDT look at all between them."""
    document = live(update((DANA_ID, 0, [text("x" * 20_000)])))
    for clock in range(0, 20_000, 1000):
        enter(document, update(deleted={DANA_ID: [(at, 1) for at in range(clock, clock + 1000, 2)]}))
    wide = update((LENA_ID, 0, [text("y") for _ in range(3000)]))
    assert refusal(document, wide, LENA, LENA_ID) is Code.TOO_LARGE
    spent = assert_takes(0.25, lambda: refusal(document, wide, LENA, LENA_ID))  # 12 s when nothing looks at the time
    print(f"{spent * 1000:.0f} ms")
    assert enter(document, update((DANA_ID, 20_000, [text("!", origin=(DANA_ID, 19_999))]))).cost < 0.25


def test_a_document_opens_however_many_clients_wrote_in_it() -> None:
    document = live()
    for first in range(5000, 26_000, 16):
        ids = range(first, first + 16)
        letters = [(client, 0, [text("x", origin=(client - 1, 0) if client > 5000 else None)]) for client in ids]
        enter(document, update(*letters), DANA, *ids)
    again = live(document.update())
    assert len(again.known) == len(document.known) > 20_000
    assert again.text() == document.text()
    assert refusal(again, update((LENA_ID, 0, [text("x", origin=(9, 9))])), LENA, LENA_ID) is Code.MALFORMED


def test_pairs_are_remembered_as_long_as_they_are_text() -> None:
    document = live()
    enter(document, update((DANA_ID, 0, [text("a😀b😀")])))
    assert document.halves == {DANA_ID: {2, 5}}
    enter(document, update(deleted={DANA_ID: [(1, 2)]}))
    assert document.halves == {DANA_ID: {5}}
    claimed = update((DANA_ID, 0, [text("😀😀😀"), text("!", origin=(DANA_ID, 5))]))
    enter(document, claimed)
    assert document.halves == {DANA_ID: {5}}
    enter(document, update((LENA_ID, 0, [text("|", origin=(DANA_ID, 0), right=(DANA_ID, 3))])), LENA, LENA_ID)
    assert document.text() == "a|b😀!"
    assert trial.halves_of(document.update()) == {DANA_ID: {5}}


def test_a_writer_of_everything_at_once_stays_within_the_bounds() -> None:
    """A long offline stretch of typing, merged: 3,000 keys."""
    document, writer = live(), Writer(LENA_ID)
    made = [writer.insert(n, "x") for n in range(3000)]
    submission = enter(document, merge_updates(*made), LENA, LENA_ID)
    print(f"{submission.cost * 1000:.1f} ms")
    assert document.text() == "x" * 3000

"""What takes the processor for long is refused for its own time alone."""

import gc
import time

import pytest

from livedoc import slices
from livedoc.document import LiveDocument
from livedoc.refusals import Refused
from livedoc.submission import Submission
from livedoc.trial import read
from tests.livedoc.updates import Writer

OWN = 77


def test_nothing_is_collected_while_an_edit_is_measured() -> None:
    edit = read(Writer(OWN).insert(0, "x"), {}, {})
    seen: list[bool] = []
    slices.apply(edit, lambda _update: seen.append(gc.isenabled()))
    assert seen == [False]
    assert gc.isenabled()


def test_one_slow_part_may_be_the_machine_and_a_spent_budget_is_not() -> None:
    def burn(seconds: float) -> None:
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass

    one = read(Writer(OWN).insert(0, "x"), {}, {})
    with pytest.raises(slices.TooLong) as slow:
        slices.apply(one, lambda _update: burn(slices.EACH * 3))
    assert not slow.value.is_sure
    writer = Writer(OWN)
    writer.insert(0, "some words to come between")
    with writer:
        for at in (3, 8, 13, 18, 22):
            writer.body.insert(at, "x")
    many = read(writer.doc.get_update(), {}, {})
    assert len(many.structs) > slices.WHOLE
    with pytest.raises(slices.TooLong) as spent:
        slices.apply(many, lambda _update: burn(slices.BUDGET * 1.2))
    assert spent.value.is_sure


def test_after_a_trial_that_failed_the_document_takes_the_next_edit() -> None:
    document, writer = LiveDocument(1), Writer(OWN)
    document.attempt(Submission(writer.insert(0, "Hello"), 1, None, {OWN}))
    with pytest.raises(Refused):
        document.attempt(Submission(b"\x01\x01", 1, None, {OWN}))
    document.attempt(Submission(writer.insert(5, " there"), 1, None, {OWN}))
    assert document.known == {OWN: 11}

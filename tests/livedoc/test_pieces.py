"""What a browser changes in one go, all over a long text, comes in pieces that each enter in time."""

import base64
import json
import subprocess
from pathlib import Path

import pytest

from livedoc.document import LiveDocument
from livedoc.records import History
from livedoc.refusals import Code, Refused
from livedoc.submission import Submission
from tests.livedoc.replicas import node


def enter(document: LiveDocument, data: bytes) -> Submission:
    submission = Submission(data, 1, None, {7})
    document.attempt(submission)
    document.waiting.append(submission)
    document.accept([submission], b"")
    return submission


def test_a_replacement_all_over_a_text_enters_in_pieces() -> None:
    program = Path(__file__).with_name("pieces_of.mjs")
    ran = subprocess.run([node(), str(program), "ab" * 4000, "7"], capture_output=True, text=True, check=True)
    answer = json.loads(ran.stdout)
    updates = [base64.b64decode(each) for each in answer["updates"]]
    document = LiveDocument(1)
    document.load(History(1, 0, 0, 0, [], b"", {}, {}))
    costs = [enter(document, each).cost for each in updates]
    print(f"{len(updates)} pieces, {max(costs) * 1000:.1f} ms at most")
    assert document.text() == answer["text"]
    assert len(updates) == 1 + 8 + 8
    with pytest.raises(Refused) as refused:
        enter(document, base64.b64decode(answer["whole"]))
    assert refused.value.code is Code.TOO_LARGE

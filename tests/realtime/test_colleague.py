"""A program that knows only the pages and the protocol takes part: what the demo's colleague does."""

import random
from collections.abc import Callable

from tests.personas import DANA, RAVI
from tests.realtime.people import Person, Place, eventually
from wire.typist import Typist, end_of_paragraph


def test_a_colleague_types_with_a_caret_others_see(person: Callable[..., Person], place: Place) -> None:
    dana, ravi = person(DANA), person(RAVI)
    document = place.document("understanding")
    hers, his = dana.open(document), ravi.open(document)
    words = "Sleep better since the dose was halved 😀, naïve as it sounds."
    typist = Typist(his, random.Random(1), sleep=lambda _seconds: None)
    assert typist.type(words[:20], end_of_paragraph) == 20
    hers.insert(0, "Über allem: 😀\n")
    hers.flush()
    eventually(lambda: his.text.startswith("Über"))
    for letter in words[20:]:
        his.type(letter)
    his.flush()
    eventually(lambda: words in hers.text)
    assert hers.text == his.text == "Über allem: 😀\n" + words
    shown = dana.waits_for("doc.cursor", lambda payload: bool(payload["head"] and payload["head"].get("item")))
    assert shown["head"]["assoc"] == -1
    assert typist.type("more", 0, stop=lambda: True) == 0

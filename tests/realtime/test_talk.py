"""What open boards hear of discussions: of a reply the thread alone, of a new one the list, heads and marks."""

from collections.abc import Callable

from tests.personas import AINO, DANA
from tests.realtime.people import Person, Place

Come = Callable[..., Person]


def test_others_hear_what_to_refresh_and_the_list_stays_for_a_reply(person: Come, place: Place) -> None:
    dana, aino = person(DANA), person(AINO)
    document = place.document("physiotherapy")
    threads = f"/patients/{place.patient}/plan/threads"
    fields = {"kind": "conflict", "document": document, "quote": "Plan", "other_section": "nutrition", "body": "Both?"}
    assert aino.post(threads, **fields) == 303
    told = dana.waits_for("board.changed", lambda payload: "threads" in payload["fragments"])
    thread = place.rows("SELECT max(id) FROM threads")[0][0]
    assert set(told["fragments"]) == {
        f"thread-{thread}",
        "threads",
        "threads-count",
        f"marks-{document}",
        "head-physiotherapy",
        "head-nutrition",
    }
    ((thread,),) = place.rows("SELECT id FROM threads")
    dana.heard["board.changed"].clear()
    aino.post(f"{threads}/{thread}/comments", body="Still so?")
    told = dana.waits_for("board.changed")
    assert told["fragments"] == [f"thread-{thread}"]
    aino.heard["board.changed"].clear()
    dana.post(f"{threads}/{thread}/resolution")
    told = aino.waits_for("board.changed")
    assert {"threads", "threads-count", "head-nutrition"} <= set(told["fragments"])

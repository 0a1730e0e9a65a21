"""Every attack we know, over real sockets, while honest people write: refused by name, and nothing of it stays."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from pycrdt import Array, Doc, Map, Text

from tests.databases.kinds import both
from tests.livedoc.updates import COLLECTED, DELETED, SKIP, Id, block, item, run, text, update
from tests.realtime.mallory import Mallory, Scene
from tests.realtime.people import eventually
from tests.realtime.server_process import ServerProcess
from tests.realtime.yjs_replica import YjsReplica

pytestmark = both

MALFORMED, FOREIGN, LARGE = "malformed", "foreign_author", "too_large"


@pytest.fixture
def scene(server: ServerProcess, instance: Path) -> Iterator[Scene]:
    found = Scene(server, instance)
    yield found
    found.leave()


def attacks(own: int, other: int, last: Id) -> dict[str, tuple[bytes | str, str]]:
    """Name → update and the error it must have. `own` is fresh; `last` is the last letter of `other`'s eight."""
    end = {"origin": last}

    def mine(*structs: bytes, clock: int = 0, deleted: dict[int, list[tuple[int, int]]] | None = None) -> bytes:
        return update((own, clock, structs), deleted=deleted)

    def forged(*structs: bytes, clock: int = 8) -> bytes:
        return update((other, clock, structs))

    tiny = [text("x", origin=last if n == 0 else (own, n - 1)) for n in range(22_000)]
    crowd = [(own + n, 0, [text("x", **end)]) for n in range(40)]
    return {
        "random bytes": (secrets.token_bytes(300), MALFORMED),
        "no base64": ("ä not base64", MALFORMED),
        "a second root": (mine(text("x", root="other")), MALFORMED),
        "an embed": (mine(item(block(b'{"a":1}'), 5, **end)), MALFORMED),
        "a format": (mine(item(block(b"bold") + block(b"true"), 6, **end)), MALFORMED),
        "an array inside the text": (mine(item(b"\0", 7, **end)), MALFORMED),
        "a map beside the text": (mine(item(b"\1", 7, root="other")), MALFORMED),
        "an attribute": (mine(text("x", key="bold")), MALFORMED),
        "a collected run": (mine(run(3, COLLECTED)), MALFORMED),
        "its own gap": (mine(text("x", **end), clock=4), MALFORMED),
        "a gap that is skipped": (mine(run(4, SKIP), text("x", **end)), MALFORMED),
        "a neighbour nobody has": (mine(text("x", origin=(own + 1, 3))), MALFORMED),
        "a neighbour still to come": (mine(text("x", origin=(own, 7))), MALFORMED),
        "deletions ahead of their text": (mine(text("x", **end), deleted={own: [(1, 4)]}), MALFORMED),
        "deletions of nobody's": (update(deleted={own + 5: [(0, 4)]}), MALFORMED),
        "under another's id": (forged(text("x", **end)), FOREIGN),
        "under another's id, with a gap and a known neighbour": (forged(text("x", **end), clock=40), MALFORMED),
        "under another's id, mixed with one's own": (
            update((own, 0, [text("x", **end)]), (other, 8, [text("x", **end)])),
            FOREIGN,
        ),
        "under an id nobody declared": (update((own + 9, 0, [text("x", **end)])), FOREIGN),
        "under an id of the server's": (update((2**32 + 7, 0, [text("x", **end)])), FOREIGN),
        "under an id past all numbers": (update((2**60, 0, [text("x", **end)])), MALFORMED),
        "a pair split behind its first half": (mine(text("x", origin=(last[0], last[1] - 1))), MALFORMED),
        "a pair split before its second half": (mine(text("x", right=last)), MALFORMED),
        "half a pair deleted": (update(deleted={other: [(last[1], 1)]}), MALFORMED),
        "a letter that is none": (mine(item(block(b"\xed\xa0\x80"), 4, **end)), MALFORMED),
        "U+0000": (mine(text("a\0b", **end)), MALFORMED),
        "a carriage return": (mine(text("a\r\nb", **end)), MALFORMED),
        "an enormous clock": (mine(text("x", **end), clock=2**31), MALFORMED),
        "an enormous run": (mine(run(2**33, DELETED)), MALFORMED),
        "an enormous deletion": (update(deleted={other: [(0, 2**40)]}), MALFORMED),
        "a hundred thousand deletions": (update(deleted={other: [(0, 1)] * 100_000}), LARGE),
        "four thousand deletions of one letter": (update(deleted={other: [(0, 1)] * 3900}), MALFORMED),
        "deletions backwards": (update(deleted={other: [(3, 1), (1, 1)]}), MALFORMED),
        "22,000 tiny structs": (mine(*tiny), LARGE),
        "forty clients at once": (update(*crowd), LARGE),
        "a text past all bounds": (mine(text("x" * 230_000, **end)), LARGE),
        "300 kB": (mine(text("x" * 300_000, **end)), LARGE),
        "a client twice": (update((own, 0, [text("x", **end)]), (own, 1, [text("y", origin=(own, 0))])), MALFORMED),
        "parts in a circle": (
            update((own, 0, [text("a", origin=(own + 1, 0))]), (own + 1, 0, [text("b", origin=(own, 0))])),
            MALFORMED,
        ),
    }


def test_attacks_change_nothing_and_harm_nobody(scene: Scene) -> None:
    _edits_are_refused_by_name(scene)
    _other_messages_are_refused(scene)
    _edits_of_nothing_change_nothing(scene)
    _neighbours_that_never_stood_side_by_side_are_healed(scene)


def _edits_are_refused_by_name(scene: Scene) -> None:
    mallory, before = scene.mallory, scene.hers.text
    for name, (data, error) in attacks(mallory.id, scene.hers.client_id, scene.last).items():
        assert mallory.edit(data) == error, name
        assert scene.hers.text == before, name
    assert mallory.hung_up >= 1
    for made in _what_the_crdt_makes(scene, mallory.id):
        assert mallory.edit(made) == MALFORMED
    scene.in_step()
    assert mallory.edit(update((mallory.id, 0, [text("Now honest. ", right=(scene.hers.client_id, 0))]))) == ""
    eventually(lambda: "Now honest. " in scene.hers.text)
    scene.in_step()


def _what_the_crdt_makes(scene: Scene, client: int) -> Iterator[bytes]:
    """Edits that a replica of the library makes itself, but no text editor."""
    makers: Sequence[Callable[[Doc], object]] = (
        lambda doc: doc["body"].insert_embed(0, {"a": 1}),
        lambda doc: doc["body"].format(0, 2, {"bold": True}),
        lambda doc: doc["body"].insert_embed(0, Array([1])),
        lambda doc: doc.__setitem__("other", Map({"a": 1})),
        lambda doc: doc.__setitem__("other", Text("words")),
    )
    state = base64.b64decode(scene.dana.call("doc.open", doc=scene.document, client_ids=[])["update"])
    scene.hers.open()
    for make in makers:
        doc: Doc = Doc(client_id=client)
        doc.get("body", type=Text)
        doc.apply_update(state)
        made: list[bytes] = []
        watch = doc.observe(lambda event, made=made: made.append(event.update))
        make(doc)
        doc.unobserve(watch)
        yield made[-1]


def _other_messages_are_refused(scene: Scene) -> None:
    mallory, document = scene.mallory, scene.document
    vector = base64.b64encode(b"\xff\xff\xff\x0f").decode()
    for more in (
        {"client_ids": [], "state_vector": vector},
        {"client_ids": [], "state_vector": base64.b64encode(b"\x01\x01" + b"\xff" * 9).decode()},
        {"client_ids": [scene.hers.client_id]},
        {"client_ids": [2**32]},
        {"client_ids": [2**53]},
        {"client_ids": [[]]},
        {"client_ids": {}, "epoch": None},
        {"client_ids": [1], "epoch": -1},
    ):
        assert mallory.say("doc.open", doc=document, **more) in (MALFORMED, FOREIGN), more
    for event in ("doc.erase", "connect", "disconnect", "__proto__", ""):
        assert mallory.say(event, doc=document) == MALFORMED, event
    for value in (None, 7, [document], {"doc": document}, True):
        assert mallory.say("doc.edit", doc=value, epoch=1, update="AAA=") == MALFORMED
    for epoch, error in ((2**40, "stale_epoch"), ("1", MALFORMED), (True, MALFORMED), (None, MALFORMED)):
        assert mallory.say("doc.edit", doc=document, epoch=epoch, update="AAA=") == error
    for frame in (
        '421["doc.edit",' + "[" * 200_000 + "]" * 200_000 + "]",
        '421["doc.edit",' + '{"a":' * 60_000 + "1" + "}" * 60_000 + "]",
        '421["doc.edit",{"doc":' + "9" * 400_000 + "}]",
        "42" + json.dumps(["doc.edit", {"update": "A" * 13_000_000}]),
        "421[",
        "4",
        "\0" * 1000,
    ):
        mallory.raw(frame)
    for _ in range(30):
        assert mallory.say("doc.close", doc=document) in ("", MALFORMED)
        assert mallory.say("doc.open", doc=document, client_ids=[mallory.id]) == ""
    scene.in_step()


def _edits_of_nothing_change_nothing(scene: Scene) -> None:
    seq = scene.his.seq
    for _ in range(150):
        assert scene.mallory.edit(b"\0\0") == ""
        assert scene.mallory.edit(update(deleted={})) == ""
    assert scene.place.rows("SELECT seq FROM documents WHERE id = ?", int(scene.document)) == [(seq,)]
    scene.in_step()


def _neighbours_that_never_stood_side_by_side_are_healed(scene: Scene) -> None:
    """No trial sees this in time. Swapped, Yjs puts the words elsewhere than the server; far apart, whoever opens anew
    has them elsewhere than who was there. A check that differs has the one begin anew, and a second one everybody."""
    document = scene.place.document("flare-up", "plain")
    hers = scene.dana.open(document)
    hers.insert(0, "Hello world")
    hers.flush()
    his = YjsReplica(scene.ravi, document)
    of, low, high = hers.client_id, 2**32 - 2, 2**32 - 1
    mallory = Mallory(scene.dana.url, scene.place, document, low, high)
    for crooked in (
        update((high, 0, [text("a", origin=(of, 5), right=(of, 9))])),
        update((low, 0, [text("f", origin=(of, 6), right=(of, 3))])),
        update((low, 1, [text("1", right=(of, 1))])),
        update((high, 1, [text("2", origin=(of, 0), right=(of, 2))])),
    ):
        assert mallory.edit(crooked) == ""
    eventually(lambda: his.seq == 5 and len(hers.text) == 15)
    assert his.text != hers.text
    rounds = 0
    while his.check():
        rounds += 1
        assert rounds < 5
        his.begin_anew()
    assert his.epoch == 2
    assert scene.dana.waits_for("doc.reset", lambda told: told["doc"] == document)["epoch"] == 2
    anew = scene.dana.open(document)
    his.insert(0, "Well: ")
    his.flush()
    eventually(lambda: anew.text == his.text)
    assert sorted(anew.text) == sorted("Well: Hello worldaf12")
    his.close()
    mallory.leave()

"""What a board fetches after somebody else's comment, with five hundred threads on the plan: what changed."""

import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from app import create_app
from bench.threads import THREADS, fill
from tests.conftest import MovableClock, close, settings_in
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place


@pytest.fixture
def newest(instance: Path) -> int:
    """The id of the last of the threads, made before the server starts."""
    app = create_app(settings_in(instance), clock=MovableClock())
    with app.app_context():
        found = fill("Maria Kovač")
    close(app)
    return found


def fetch(person: Person, path: str) -> str:
    request = urllib.request.Request(person.url + path, headers={"Cookie": person.cookie})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def test_a_comment_brings_what_changed_and_no_more(
    newest: int, person: Callable[..., Person], place: Place, instance: Path
) -> None:
    dana, lena = person(DANA), person(LENA)
    plan = f"/patients/{place.patient}/plan"
    board = fetch(lena, plan)
    listed = re.findall(r'<article [^>]*data-thread="(\d+)"', board)
    assert board.count("<li data-thread=") == THREADS

    def brought(know: str = "") -> dict[str, str]:
        told = lena.waits_for("board.changed", lambda heard: heard["revision"] > revision)
        return {name: fetch(lena, f"{plan}/fragments/{name}{know}") for name in told["fragments"]}

    ((revision,),) = place.rows("SELECT revision FROM plans WHERE id = ?", place.plan)
    assert dana.post(f"{plan}/threads/{newest}/comments", body="Zephyrquartz") == 303
    reply = brought()
    assert list(reply) == [f"thread-{newest}"]
    assert "Zephyrquartz" in reply[f"thread-{newest}"]
    assert _size(reply) < _size({"board": board}) / 50

    ((revision,),) = place.rows("SELECT revision FROM plans WHERE id = ?", place.plan)
    document = place.document("physiotherapy")
    assert dana.post(f"{plan}/threads", kind="discussion", body="Another", document=document, quote="Walks") == 303
    opened = brought(f"?known={'.'.join(listed)}")
    assert set(opened) == {
        "threads",
        "threads-count",
        f"thread-{newest + 1}",
        f"marks-{document}",
        "head-physiotherapy",
    }
    assert len(re.findall(r'<article [^>]*data-thread="', opened["threads"])) == 1
    assert (
        opened["threads"].count("data-known></article>") == len(listed) - 1
    )  # the list shows so many, the oldest left
    assert "Another" in opened["threads"]
    assert _size(opened) < _size({"board": board}) / 10


def _size(parts: dict[str, str]) -> int:
    """Bytes."""
    return sum(len(part.encode()) for part in parts.values())

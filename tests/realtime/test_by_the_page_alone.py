"""The pages say all that a program needs: which plan, which documents, and what one may write."""

import urllib.error
from collections.abc import Callable

import pytest

from tests.databases.kinds import both
from tests.personas import CORA, DANA, OTTO
from tests.realtime.people import Person, Place, eventually
from wire import board
from wire.connection import Connection
from wire.replica import Replica


@both
def test_a_program_finds_its_way_by_the_page(person: Callable[..., Person], place: Place) -> None:
    cora, dana = person(CORA), person(DANA, joined=False)
    page = board.read(dana.url, dana.cookie, place.patient)
    assert page.plan == place.plan
    assert len(page.documents) == 12
    own = page.document("physiotherapy", "clinical")
    assert own.can_edit
    assert not page.document("psychology", "clinical").can_edit
    watching = cora.open(own.id)
    connection = Connection(dana.url, dana.cookie, page.plan)
    assert connection.call("board.join", {"plan": page.plan})["revision"] >= page.revision
    replica = Replica(connection, own.id)
    replica.open()
    replica.insert(0, "by the page alone ")
    replica.flush()
    eventually(lambda: watching.text.startswith("by the page alone "))
    connection.close()


def test_an_outsider_finds_nothing(person: Callable[..., Person], place: Place) -> None:
    otto = person(OTTO, joined=False)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        board.read(otto.url, otto.cookie, place.patient)

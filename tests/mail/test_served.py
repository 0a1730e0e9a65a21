"""The served process mails by itself: what is asked for on a page is on its way within seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.server import MailServer
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess


@pytest.fixture(params=["gevent", "threading"])
def server(instance: Path, mail_server: MailServer, request: pytest.FixtureRequest) -> Iterator[ServerProcess]:
    process = ServerProcess(instance, request.param, SMTP_URL=mail_server.url).start()
    yield process
    process.kill()


def test_a_letter_and_a_mention_are_mailed_without_anybody_asking_again(
    server: ServerProcess, instance: Path, mail_server: MailServer
) -> None:
    place = Place(instance)
    dana = Person(server.url, DANA, place)
    assert dana.post(f"/patients/{place.patient}/plan/threads", kind="discussion", body="@Lena ?") == 303
    assert dana.post("/forgot", email=LENA.email) == 200
    eventually(lambda: len(mail_server.mails) == 1)
    assert "new password" in mail_server.mails[0].subject
    ((due, at),) = place.rows("SELECT mail_after, at FROM notifications")
    assert due > at
    dana.socket.close()
    server.stop()
    assert '"level": "error"' not in server.log, server.log[-3000:]

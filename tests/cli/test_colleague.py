"""The invited colleague comes, types, tidies up and leaves, like anybody who knows the protocol."""

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.demo.colleague import visit
from cli.demo.guest import choose
from tests.cli.conftest import DEMO_PASSWORD
from tests.conftest import settings_in
from tests.realtime.people import Place, eventually
from tests.realtime.server_process import ServerProcess


def quickly(seconds: float) -> None:
    """Faster than a person, within the bounds of the protocol."""
    time.sleep(min(seconds, 0.045))


@pytest.fixture
def server(demo_instance: Path, tmp_path: Path) -> Iterator[ServerProcess]:
    for file in demo_instance.glob("consilium.db*"):
        shutil.copy(file, tmp_path)
    process = ServerProcess(tmp_path, DEMO="1", DEMO_PASSWORD=DEMO_PASSWORD).start()
    yield process
    process.kill()


def text_and_author(place: Place, document: str) -> tuple[str, str]:
    ((text, author),) = place.rows(
        "SELECT text, users.name FROM documents JOIN users ON users.id = changed_by_id WHERE documents.id = ?", document
    )
    return str(text), str(author)


def test_a_colleague_leaves_one_sentence_in_their_own_section(server: ServerProcess) -> None:
    place = Place(server.instance)
    ((dana,),) = place.rows("SELECT id FROM users WHERE email = 'dana@demo.example'")
    settings = settings_in(server.instance, DEMO="1", DEMO_PASSWORD=DEMO_PASSWORD)
    sections = ("psychology", "pain-management", "nutrition")
    before = {key: text_and_author(place, place.document(key))[0] for key in (*sections, "understanding")}
    name = visit(server.url, int(place.plan), dana, settings, sleep=quickly)
    assert name
    assert name != "Dana Osei"
    eventually(lambda: place.rows("SELECT count(*) FROM documents WHERE text_seq < seq") == [(0,)])
    after = {key: text_and_author(place, place.document(key)) for key in (*sections, "understanding")}
    changed = [key for key in sections if after[key][0] != before[key]]
    assert len(changed) == 1
    text, author = after[changed[0]]
    assert author == name
    assert text.rstrip().startswith(before[changed[0]].rstrip())
    added = text.rstrip()[len(before[changed[0]].rstrip()) :]
    assert added.startswith("\n- ")
    assert added.endswith(".")
    assert after["understanding"] == (before["understanding"], name)
    ((ended,),) = place.rows("SELECT ended_reason FROM login_sessions ORDER BY id DESC LIMIT 1")
    assert ended == "signed_out"


def test_the_guest_is_of_the_care_team_and_of_another_discipline(demo_instance: Path) -> None:
    url = f"sqlite:///{demo_instance / 'consilium.db'}"
    connection = sqlite3.connect(demo_instance / "consilium.db")
    (dana,) = connection.execute("SELECT id FROM users WHERE email = 'dana@demo.example'").fetchone()
    plans = connection.execute("SELECT plans.id, patients.team_id FROM plans JOIN patients ON patients.id = patient_id")
    for plan, team in plans.fetchall():
        guest = choose(url, plan, dana, random.Random(plan))
        assert guest is not None
        assert guest.discipline != "physiotherapy"
        members = connection.execute(
            "SELECT email FROM memberships JOIN users ON users.id = user_id WHERE team_id = ?", (team,)
        )
        assert guest.email in {email for (email,) in members}
    assert choose(url, 10**6, dana, random.Random(1)) is None
    connection.close()

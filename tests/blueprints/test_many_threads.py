"""Five hundred threads on one plan: as many statements as for one, and a page that shows the newest."""

from flask import Flask

from bench.threads import THREADS, fill
from rendering.thread_rows import SHOWN
from tests.blueprints.talking import maria
from tests.databases.kinds import both
from tests.personas import LENA
from tests.statements import counted

pytestmark = both


def test_a_board_with_five_hundred_threads_takes_twenty_statements(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk = maria(app)
    with app.app_context():
        newest = fill("Maria Kovač")
    lena = browser(LENA)
    with counted(app) as first:
        lena.get(talk.plan)
    assert len(first) <= 26, first  # the first view of a session is noted, in a transaction of its own
    with counted(app) as statements:
        page = lena.get(talk.plan).get_data(as_text=True)
    assert len(statements) <= 20, statements
    assert page.count("<article ") == SHOWN
    assert page.count("<li data-thread=") == THREADS
    for name, most in (("threads", 9), (f"thread-{newest}", 8), ("head-physiotherapy", 9), (f"marks-{1}", 6)):
        with counted(app) as statements:
            talk.fragment(lena, name)
        assert len(statements) <= most, (name, statements)
    listed = talk.listed(lena)
    assert listed == list(range(newest, newest - SHOWN, -1))
    assert f"shown={2 * SHOWN}" in talk.fragment(lena, "threads")
    assert talk.listed(lena, f"?shown={2 * SHOWN}") == list(range(newest, newest - 2 * SHOWN, -1))
    oldest = newest - THREADS + 1
    assert talk.listed(lena, f"?thread={oldest}") == [oldest, *listed]


def test_a_long_thread_shows_its_first_and_last_comments(browser, app: Flask) -> None:  # type: ignore[no-untyped-def]
    talk = maria(app)
    lena = browser(LENA)
    ids = talk.opened(lena, body="number 0")
    for number in range(1, 30):
        talk.send(lena, f"{talk.thread(ids)}/comments", {"body": f"number {number}."})
    shown = talk.fragment(lena, f"thread-{ids['thread']}")
    assert "24 earlier comments" in shown
    assert "number 0<" in shown
    assert "number 24." not in shown
    assert "number 25." in shown
    whole = lena.get(talk.thread(ids)).get_data(as_text=True)
    assert all(f"number {number}" in whole for number in range(30))

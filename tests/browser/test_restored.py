"""A board that was open while the clinic's database was put back from a backup."""

from collections.abc import Callable
from pathlib import Path

from tests.browser.conftest import Visitor
from tests.browser.test_access import sign_in
from tests.cli.command_line import elsewhere, only_backup
from tests.personas import DANA, RAVI
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess


def test_words_of_the_replaced_history_become_a_draft(
    visitor: Callable[..., Visitor], place: Place, server: ServerProcess, clinic: Path
) -> None:
    dana = visitor(DANA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "Before the backup. ")
    dana.saved()
    assert elsewhere(clinic, "backup").returncode == 0
    dana.write("understanding", "After the backup. ")
    dana.saved()
    server.kill()
    dana.page.wait_for_selector("save-status[data-state=offline]")
    dana.write("understanding", "Never sent. ")
    restored = elsewhere(clinic, "restore", str(only_backup(clinic / "backups")), "--replace")
    assert restored.returncode == 0, restored.stderr
    server.start()
    dana.page.wait_for_selector("#ended:not([hidden])", timeout=20_000)
    with dana.context.expect_page() as opened:
        dana.page.get_by_role("link", name="Sign in again").click()
    sign_in(opened.value, DANA.email)
    opened.value.close()
    dana.page.evaluate("dispatchEvent(new Event('focus'))")
    dana.saved()
    note = dana.page.locator("[data-card=understanding] .draft")
    note.wait_for(timeout=30_000)
    assert note.locator("textarea").input_value() == "Before the backup. After the backup. Never sent. "
    assert dana.text_of("understanding") == "Before the backup. "
    ravi = visitor(RAVI).board(place)
    dana.write("understanding", "And on. ")
    dana.saved()
    ravi.waits_for_text("understanding", "Before the backup. And on. ")
    note.get_by_role("button", name="Let it go").click()

"""A text whose log was damaged on disk, as people at the board see it, until it is repaired."""

from collections.abc import Callable
from pathlib import Path

from tests.browser.conftest import Visitor
from tests.cli.command_line import elsewhere
from tests.databases import address
from tests.personas import DANA
from tests.realtime.people import Place
from tests.realtime.server_process import ServerProcess


def test_a_damaged_text_says_so_and_takes_no_words_until_it_is_repaired(
    visitor: Callable[..., Visitor], place: Place, server: ServerProcess, clinic: Path
) -> None:
    document = place.document("understanding")
    dana = visitor(DANA).board(place)
    dana.clear("understanding")
    for words in ("Before. ", "After. "):
        dana.write("understanding", words)
        dana.saved()
    dana.page.close()
    server.kill()
    address.execute(
        clinic, "UPDATE document_updates SET user_id = user_id + 1 WHERE document_id = ? AND seq = 3", int(document)
    )
    server.start()
    dana = visitor(DANA).board(place)
    note = dana.page.locator("[data-card=understanding] [data-damaged]")
    note.wait_for()
    assert note.count() == 1
    assert dana.page.locator("[data-damaged]").count() == 1, "the other texts are sound"
    editor = dana.page.locator(f"section-editor[data-doc='{document}']")
    assert "is-readonly" in (editor.get_attribute("class") or "")
    dana.page.close()
    server.kill()
    assert elsewhere(clinic, "documents", "repair", document).returncode == 0
    server.start()
    dana = visitor(DANA).board(place)
    dana.write("understanding", "On we go. ")
    dana.saved()
    assert dana.page.locator("[data-damaged]").count() == 0

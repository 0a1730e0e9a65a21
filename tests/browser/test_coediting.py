"""Two people write one plan; a third, without membership, sees and hears nothing of it."""

import os
import re
import signal
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.personas import DANA, LENA, OTTO, RAVI
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess

Visitors = Callable[..., Visitor]
OFFLINE_SECONDS = 15 * 60 if os.environ.get("LONG") else 10
"""By then several attempts to come back have failed, each at most four seconds after the one before."""


def test_two_people_in_one_section_and_then_in_two(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "Pain since the lift. ")
    lena.waits_for_text("understanding", "Pain since the lift.")
    lena.write("understanding", "Fear keeps it going. ")
    dana.waits_for_text("understanding", "Fear keeps it going.")

    caret = dana.page.locator("section-editor[data-section=understanding] .caret.psychology .caret-name")
    expect(caret).to_have_text("Lena")
    button = dana.page.locator("presence-list button")
    expect(button).to_have_attribute("title", "Lena Moreau, in Shared understanding. Go there")
    expect(dana.page.locator("[data-card=understanding] [data-here] .avatar")).to_have_text("LM")

    dana.write("physiotherapy", "Squats. ", at="Control+Home")
    lena.write("psychology", "Sleep. ", at="Control+Home")
    lena.waits_for_text("physiotherapy", "Squats. ")
    dana.waits_for_text("psychology", "Sleep. ")
    for each in (dana, lena):
        each.saved()
    for section in ("understanding", "physiotherapy", "psychology"):
        assert dana.text_of(section) == lena.text_of(section)


def test_typing_shows_to_the_other_at_once_and_both_carets_stay_where_they_write(
    visitor: Visitors, place: Place
) -> None:
    dana, ravi = visitor(DANA).board(place), visitor(RAVI).board(place)
    dana.clear("review")
    dana.write("review", "one two three")
    ravi.waits_for_text("review", "one two three")
    ravi.write("review", "START ", at="Control+Home")
    dana.waits_for_text("review", "START ")
    dana.page.keyboard.type(" four")
    ravi.page.keyboard.type("HERE ")
    dana.waits_for_text("review", "HERE ")
    ravi.waits_for_text("review", "four")
    assert dana.text_of("review") == "START HERE one two three four"


def test_a_click_on_somebody_goes_to_their_caret(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    lena.write("flare-up", "Keep moving. ", kind="plain")
    dana.page.set_viewport_size({"width": 1000, "height": 500})
    dana.page.locator("presence-list button[title*='flares up']").click()
    card = dana.page.locator("#section-flare-up")
    dana.page.wait_for_function(
        "() => document.querySelector('#section-flare-up').getBoundingClientRect().top < innerHeight"
    )
    assert card.is_visible()


def test_an_outsider_gets_404_and_no_event(visitor: Visitors, place: Place, server: ServerProcess) -> None:
    otto = visitor(OTTO)
    answer = otto.page.goto(f"{server.url}/patients/{place.patient}/plan")
    assert answer is not None
    assert answer.status == 404
    assert "Maria" not in otto.page.content()
    wire = Person(server.url, OTTO, place)
    assert wire.join()["error"] == "hidden"
    dana = visitor(DANA).board(place)
    dana.write("understanding", "Not for Otto. ")
    dana.saved()
    assert not any(wire.heard.values())
    wire.socket.close()


def test_a_cut_network_loses_nothing(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "Begin. ")
    lena.waits_for_text("understanding", "Begin.")
    dana.context.set_offline(True)
    dana.page.wait_for_selector("save-status[data-state=offline]", timeout=20_000)
    dana.write("understanding", "Written in the tunnel. ")
    lena.write("understanding", "Written at the desk. ")
    dana.page.wait_for_timeout(OFFLINE_SECONDS * 1000)
    expect(dana.page.locator("save-status .chip")).to_have_text(re.compile(r"^Offline, \d+ changes kept$"))
    dana.context.set_offline(False)
    dana.waits_for_text("understanding", "Written at the desk.")
    lena.waits_for_text("understanding", "Written in the tunnel.")
    dana.saved()
    lena.saved()
    assert dana.text_of("understanding") == lena.text_of("understanding")
    for words in ("Begin.", "Written in the tunnel.", "Written at the desk."):
        assert dana.text_of("understanding").count(words) == 1


def test_a_reload_while_typing_loses_nothing_that_was_saved(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    dana.clear("understanding")
    dana.page.on("dialog", lambda dialog: dialog.accept())
    for number in range(5):
        dana.write("understanding", f"sentence {number}. ")
        dana.saved()
        dana.page.keyboard.type("half a wo")
        dana.page.reload()
        dana.saved()
        dana.waits_for_text("understanding", f"sentence {number}. ")
    for number in range(5):
        assert dana.text_of("understanding").count(f"sentence {number}. ") == 1


def test_a_restart_of_the_server_is_a_short_pause(visitor: Visitors, place: Place, server: ServerProcess) -> None:
    dana = visitor(DANA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "Before. ")
    dana.saved()
    assert server.stop() == 0
    dana.page.wait_for_selector("save-status[data-state=offline]")
    dana.write("understanding", "Meanwhile. ")
    server.start()
    dana.page.wait_for_selector("save-status[data-state=saved]", timeout=20_000)
    dana.page.reload()
    dana.saved()
    dana.waits_for_text("understanding", "Before. Meanwhile. ")


def test_a_machine_that_slept_finds_out_that_its_connection_is_dead(
    visitor: Visitors, place: Place, server: ServerProcess
) -> None:
    dana = visitor(DANA).board(place)
    dana.clear("understanding")
    os.killpg(server.pid, signal.SIGSTOP)
    try:
        dana.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        dana.write("understanding", "After the nap.")
        dana.page.wait_for_selector("save-status[data-state=offline]", timeout=30_000)
    finally:
        os.killpg(server.pid, signal.SIGCONT)
    dana.page.wait_for_selector("save-status[data-state=saved]", timeout=30_000)
    assert dana.text_of("understanding") == "After the nap."


def test_a_proxy_that_starves_sockets_is_passed_by_polling(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA), visitor(LENA).board(place)
    dana.page.route_web_socket("**/*", lambda socket: None)
    dana.page.goto(f"{dana.url}/patients/{place.patient}/plan")
    dana.page.wait_for_selector("save-status[data-state=saved]", timeout=40_000)
    dana.clear("understanding")
    dana.write("understanding", "Through the proxy.")
    lena.waits_for_text("understanding", "Through the proxy.")
    lena.write("understanding", " Heard.")
    dana.waits_for_text("understanding", "Heard.")


def test_refused_words_become_a_draft_and_writing_goes_on(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "Good. ")
    dana.saved()
    dana.page.evaluate(
        """() => {
          const editor = document.querySelector("section-editor[data-section=understanding][data-kind=clinical]");
          const end = editor.view.state.doc.length;
          editor.view.dispatch({ changes: { from: end, insert: "Refused. " }, selection: { anchor: end + 9 } });
          editor.live.doc.getMap("foreign").set("a", 1);
        }"""
    )
    note = dana.page.locator("[data-card=understanding] .draft")
    note.wait_for()
    dana.saved()
    written = note.locator("textarea").input_value() + dana.text_of("understanding")
    assert "Good. " in written
    assert "Refused. " in written
    dana.page.wait_for_selector("section-editor[data-section=understanding] .cm-focused")
    dana.page.keyboard.type("Going on.")
    dana.saved()
    lena.waits_for_text("understanding", "Going on.")
    assert lena.text_of("understanding") == dana.text_of("understanding")
    note.get_by_role("button", name="Let it go").click()


def test_carets_of_those_who_left_go(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    lena.editor("understanding").click()
    caret = dana.page.locator("section-editor[data-section=understanding] .caret.psychology")
    caret.wait_for()
    dana.context.set_offline(True)
    caret.wait_for(state="detached")
    dana.context.set_offline(False)
    caret.wait_for()
    expect(dana.page.locator("presence-list button[title^='Lena']")).to_have_count(1)
    lena.context.close()
    caret.wait_for(state="detached")
    dana.page.locator("presence-list button[title^='Lena']").wait_for(state="detached")


def test_an_input_method_and_a_remote_edit_in_one_line_do_not_disturb_each_other(
    visitor: Visitors, place: Place
) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "start  end")
    lena.waits_for_text("understanding", "start  end")
    dana.editor("understanding").click()
    dana.page.keyboard.press("Control+Home")
    for _ in range(6):
        dana.page.keyboard.press("ArrowRight")
    cdp = dana.context.new_cdp_session(dana.page)
    cdp.send("Input.imeSetComposition", {"text": "に", "selectionStart": 1, "selectionEnd": 1})
    cdp.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    lena.write("understanding", " LENA")
    dana.waits_for_text("understanding", "LENA")
    lena.write("understanding", "LENA ", at="Control+Home")
    dana.waits_for_text("understanding", "LENA start")
    cdp.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    cdp.send("Input.insertText", {"text": "日本"})
    lena.waits_for_text("understanding", "日本")
    dana.saved()
    assert dana.text_of("understanding") == lena.text_of("understanding") == "LENA start 日本 end LENA"

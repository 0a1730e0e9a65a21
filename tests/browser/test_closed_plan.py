"""A plan is closed while somebody writes: their editor becomes read-only, and what was not saved is kept for them."""

from collections.abc import Callable

from tests.browser.conftest import Visitor
from tests.personas import DANA, LENA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]


def test_an_open_board_becomes_read_only_keeps_the_words_and_goes_on_after_it(visitor: Visitors, place: Place) -> None:
    lena, dana = visitor(LENA).board(place), visitor(DANA)
    lena.write("psychology", "Saved before. ", at="Control+Home")
    lena.saved()
    lena.context.set_offline(True)
    lena.page.wait_for_selector("save-status[data-state=offline]")
    lena.write("psychology", "Typed on the train. ", at="Control+Home")
    close(dana, place)
    lena.context.set_offline(False)
    note = lena.page.locator("[data-card=psychology] .draft")
    note.wait_for(timeout=30_000)
    assert "Typed on the train." in note.locator("textarea").input_value()
    lena.page.locator("[data-plan-state=discharged]").wait_for(timeout=30_000)
    lena.page.wait_for_selector("[data-card=psychology] .cm-content[aria-readonly=true]", timeout=30_000)
    assert lena.page.locator("[data-card=psychology] section-tools").is_hidden()
    text = lena.text_of("psychology")
    assert "Saved before." in text
    assert "Typed on the train." not in text
    note.get_by_role("button", name="Let it go").click()
    dana.page.get_by_label("Why?").fill("The pain came back.")
    dana.page.get_by_role("button", name="Reopen").click()
    lena.page.wait_for_selector("[data-card=psychology] .cm-content[contenteditable=true]", timeout=30_000)
    lena.write("psychology", "And on. ", at="Control+Home")
    lena.saved()
    assert lena.page.locator("[data-plan-state]").count() == 0


def close(dana: Visitor, place: Place) -> None:
    """By its page, with the keyboard alone."""
    page = dana.page
    page.goto(f"{dana.url}/patients/{place.patient}/state")
    page.get_by_label("Discharged: the treatment here is complete").focus()
    page.keyboard.press("Space")
    for label, words in (
        ("How things stand, for the team", "Walks an hour."),
        ("The same in plain words", "You can do this by yourself now."),
        ("Whom to call from now on", "Dr. Weber, 01 555 0144"),
    ):
        page.get_by_label(label).focus()
        page.keyboard.insert_text(words)
    page.get_by_label("I have read what closing does").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Close the plan").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Closed: discharged").wait_for(timeout=30_000)

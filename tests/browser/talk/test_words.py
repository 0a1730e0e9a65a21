"""Words of a plan that are talked about: marked, moved along with the text, found again, suggested otherwise."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.talk.conftest import (
    SECTION,
    WORDS,
    article,
    caret,
    change,
    comment,
    marked,
    select,
    type_in,
    waits_for_mark,
)


def test_marks_move_with_their_words_and_a_thread_outlives_them(dana: Visitor, ravi: Visitor) -> None:
    thread = comment(ravi, WORDS, "Too much?")
    waits_for_mark(dana, thread, WORDS)
    dana.write(SECTION, "First of all.\n", at="Control+Home")
    waits_for_mark(ravi, thread, WORDS)
    assert marked(dana, thread) == WORDS
    change(dana, "add 1 kg weekly", "add half a kg weekly")
    for each in (dana, ravi):
        waits_for_mark(each, thread, "empty crate ×8, add half a kg weekly")
    change(dana, ", stop rules", "! And stop rules")
    waits_for_mark(ravi, thread, "empty crate ×8, add half a kg weekly")
    ravi.page.wait_for_timeout(1000)  # a wording counts as seen when typing rested
    change(dana, "Graded exposure: empty crate ×8, add half a kg weekly", "Nothing")
    for each in (dana, ravi):
        note = article(each, thread).locator(".deleted-note")
        note.wait_for()
        assert article(each, thread).locator("blockquote").inner_text() == WORDS
    dana.page.locator("[data-card=physiotherapy] section-tools [data-tool=undo]").click()
    waits_for_mark(ravi, thread, "empty crate ×8, add half a kg weekly")
    article(ravi, thread).locator(".deleted-note").wait_for(state="hidden")


def test_words_are_found_by_their_quote_when_their_history_was_replaced(dana: Visitor, ravi: Visitor) -> None:
    thread = comment(ravi, "Hydrotherapy twice", "Until when?")
    waits_for_mark(dana, thread, "Hydrotherapy twice")
    dana.page.evaluate(
        """thread => {
          const line = document.querySelector(`[data-fragment^=marks-] [data-thread="${thread}"]`);
          line.dataset.anchor = line.dataset.anchor.replace(/"epoch":\\d+/, '"epoch":99');
          document.dispatchEvent(new CustomEvent("fragments-refreshed"));
        }""",
        thread,
    )
    dana.write(SECTION, "Above. ", at="Control+Home")
    waits_for_mark(dana, thread, "Hydrotherapy twice")


def test_clicks_go_from_words_to_thread_and_back(dana: Visitor, ravi: Visitor) -> None:
    first = comment(ravi, WORDS, "One.")
    second = comment(ravi, "Flexion 40°", "Two.")
    waits_for_mark(dana, first, WORDS)
    dana.page.locator(f".talk[data-thread='{second}']").click()
    dana.page.wait_for_selector(f"#thread-{second}[data-current]")
    article(dana, first).locator("[data-go]").click()
    dana.page.wait_for_selector(f".talk-now[data-thread='{first}']")
    assert dana.page.evaluate("document.activeElement.className").startswith("cm-content")
    assert dana.text_of(SECTION)[caret(dana) :].startswith(WORDS)


def test_a_suggestion_is_accepted_where_the_words_stand(dana: Visitor, ravi: Visitor) -> None:
    select(ravi, "twice weekly")
    ravi.page.locator(".selection-tools [data-kind=suggestion]").click()
    expect(ravi.page.locator("#composer-replacement")).to_have_value("twice weekly")
    ravi.page.keyboard.press("Control+a")
    type_in(ravi, "#composer-replacement", "once a week")
    ravi.page.locator("[data-send-label]").click()
    proposal = dana.page.locator(f"[data-card={SECTION}] .proposal")
    proposal.wait_for()
    assert "once a week" in proposal.inner_text()
    assert dana.page.locator(f"[data-card={SECTION}] .talk-old").inner_text() == "twice weekly"
    assert ravi.page.locator(".proposal").count() == 0
    dana.write(SECTION, "Typed before it. ", at="Control+Home")
    proposal.locator("[data-answer=accept]").click()
    ravi.waits_for_text(SECTION, "Hydrotherapy once a week.")
    proposal.wait_for(state="detached")
    assert dana.text_of(SECTION).startswith("Typed before it. ## Assessment")


def test_a_suggestion_for_words_that_changed_stays_and_shows_them_as_they_are(dana: Visitor, ravi: Visitor) -> None:
    select(ravi, "Hydrotherapy twice weekly")
    ravi.page.locator(".selection-tools [data-kind=suggestion]").click()
    expect(ravi.page.locator("#composer-replacement")).to_have_value("Hydrotherapy twice weekly")
    ravi.page.keyboard.press("Control+a")
    type_in(ravi, "#composer-replacement", "Swimming")
    ravi.page.locator("[data-send-label]").click()
    proposal = dana.page.locator(f"[data-card={SECTION}] .proposal")
    proposal.wait_for()
    change(dana, "twice weekly", "three times weekly")
    proposal.locator("[data-answer=accept]").click()
    wrong = dana.page.locator("[data-thread][data-kind=suggestion] [data-wrong]")
    wrong.wait_for()
    expect(wrong).to_contain_text("Hydrotherapy three times weekly")
    assert proposal.is_visible()
    proposal.locator("[data-answer=decline]").click()
    type_in(dana, "[data-decline] textarea", "She likes it.")
    dana.page.keyboard.press("Control+Enter")
    proposal.wait_for(state="detached")
    assert "Hydrotherapy three times weekly" in dana.text_of(SECTION)

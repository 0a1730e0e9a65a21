"""The editor as it looks: Markdown that shows its marks only where one writes, and nothing that jumps."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.editor.conftest import SECTION, press


def test_marks_hide_on_lines_one_is_not_editing(dana: Visitor) -> None:
    dana.write(SECTION, "## Heading\n**bold** and *leaning*\nlast")
    lines = dana.editor(SECTION).locator(".cm-line")
    assert lines.nth(0).inner_text() == "Heading"
    assert lines.nth(1).inner_text() == "bold and leaning"
    press(dana, "ArrowUp")
    assert lines.nth(1).inner_text() == "**bold** and *leaning*"
    assert lines.nth(1).locator(".md-strong").count() == 1


def test_a_click_puts_the_caret_there_and_moves_nothing(dana: Visitor) -> None:
    dana.fill(SECTION, "## Plan\n\n- **lift** the crate\n- walk [far](https://clinic.example)\n\n1. one\n2. two words")
    dana.page.locator("h1").click()
    lines = dana.editor(SECTION).locator(".cm-line")
    for index, part in ((0, "Plan"), (2, "crate"), (3, "walk"), (6, "words")):
        dana.page.locator("h1").click()
        before = lines.nth(index).bounding_box()
        assert before is not None
        box = dana.page.evaluate(WORD_AT, [SECTION, index, part])
        dana.page.mouse.move(box["x"], box["y"])
        dana.page.mouse.down()
        dana.page.wait_for_timeout(60)
        assert lines.nth(index).bounding_box() == before
        dana.page.mouse.move(box["x"] + 1, box["y"])
        dana.page.mouse.up()
        dana.page.wait_for_timeout(60)
        anchor, head, words = dana.page.evaluate(SELECTION, SECTION)
        assert anchor == head, (part, words)
        after = lines.nth(index).bounding_box()
        assert after is not None
        assert after["y"] == before["y"]


WORD_AT = """([section, index, part]) => {
  const line = document.querySelectorAll(`[data-section=${section}][data-kind=clinical] .cm-line`)[index];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(part);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at + 1);
    range.setEnd(walker.currentNode, at + 2);
    const { x, y, height } = range.getBoundingClientRect();
    return { x: x + 1, y: y + height / 2 };
  }
}"""


SELECTION = """(section) => {
  const { state } = document.querySelector(`section-editor[data-section=${section}][data-kind=clinical]`).view;
  const { anchor, head, from, to } = state.selection.main;
  return [anchor, head, state.sliceDoc(from, to)];
}"""


def test_the_text_does_not_jump_when_its_editor_comes(dana: Visitor) -> None:
    dana.fill(SECTION, "## Plan\n- **lift** the crate\n- walk\n\nA paragraph.\n\n## Next\n\nAnother.")
    dana.saved()
    address = dana.page.url
    dana.page.goto(f"{dana.url}/patients")
    dana.page.route("**/js/board.js", lambda route: route.abort())
    dana.page.goto(address)
    text = dana.page.locator(f"section-editor[data-section={SECTION}][data-kind=clinical]")
    before = text.bounding_box()
    dana.page.unroute("**/js/board.js")
    dana.page.goto(address)
    dana.saved()
    after = text.bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] == pytest.approx(after["y"], abs=1)
    assert before["height"] == pytest.approx(after["height"], abs=12)


def test_tab_leaves_the_editor(dana: Visitor) -> None:
    dana.write(SECTION, "words")
    press(dana, "Tab")
    assert not dana.page.evaluate("document.activeElement.closest('[data-card=physiotherapy] .cm-content')")
    assert dana.text_of(SECTION) == "words"


def test_the_browser_checks_the_spelling_and_hears_a_name(dana: Visitor) -> None:
    editor = dana.editor(SECTION)
    assert editor.get_attribute("spellcheck") == "true"
    assert editor.get_attribute("aria-label") == "Physiotherapy, team's text"
    assert editor.get_attribute("aria-multiline") == "true"


def test_find_looks_through_all_cards_and_gives_the_focus_back(dana: Visitor) -> None:
    dana.write(SECTION, "pelican here")
    dana.editor("flare-up", "plain").click()
    press(dana, "Control+End")
    dana.page.keyboard.type("and a pelican there")
    press(dana, "Control+f")
    dana.page.keyboard.type("PELICAN")
    count = dana.page.locator("find-bar [data-count]")
    expect(count).to_have_text("1 of 2")
    press(dana, "Enter")
    expect(count).to_have_text("2 of 2")
    expect(dana.page.locator(".found-now")).to_have_count(1)
    press(dana, "Escape")
    assert dana.page.locator("find-bar").is_hidden()
    assert dana.page.locator(".found").count() == 0
    assert dana.page.evaluate("document.activeElement.closest('[data-card=flare-up] .cm-content') !== null")


def test_both_texts_of_a_section_are_switched_in_its_head(dana: Visitor) -> None:
    card = dana.page.locator(f"[data-card={SECTION}]")
    card.locator("[data-show=plain]").click()
    assert dana.editor(SECTION, "plain").is_visible()
    assert dana.editor(SECTION).is_hidden()
    dana.write(SECTION, "You can lift light things.", kind="plain")
    dana.saved()
    card.get_by_role("button", name="Team", exact=True).click()
    assert dana.editor(SECTION).is_visible()
    assert dana.text_of(SECTION, "plain") == "You can lift light things."
    dana.clear(SECTION)

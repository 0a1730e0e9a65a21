"""A line of a text becomes a task, by keyboard and by pointer, without leaving the plan."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.personas import DANA, LENA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]


def test_a_checklist_item_becomes_a_task_with_two_keys(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    page = dana.page
    dana.fill("physiotherapy", "## Next\n- [ ] Send **pool times** to [Maria](https://pool.example)\n- walks")
    dana.editor("physiotherapy").click()
    page.keyboard.press("Control+End")
    item = page.locator("[data-card=physiotherapy] [data-tool=task]")
    expect(item).to_be_hidden()
    page.keyboard.press("ArrowUp")
    expect(item).to_be_visible()
    page.keyboard.press("Control+Alt+k")
    title = page.locator("#quick-title")
    expect(title).to_be_focused()
    expect(title).to_have_value("Send pool times to Maria")
    expect(page.locator("[data-origin]")).to_contain_text("Physiotherapy")
    assert "section=physiotherapy" in (page.locator("[data-long]").get_attribute("href") or "")
    page.keyboard.press("Enter")
    task = page.locator(".due-next [data-task]", has_text="Send pool times to Maria")
    expect(task).to_contain_text("from the plan")
    expect(dana.editor("physiotherapy")).to_be_focused()
    expect(page.locator("[data-origin]")).to_be_hidden()
    assert not dana.complaints


def test_the_button_of_the_item_begins_the_task_and_escape_lets_it_go(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    page = dana.page
    dana.fill("physiotherapy", "- [ ] Film the **lift**")
    dana.editor("physiotherapy").click()
    page.locator("[data-card=physiotherapy] [data-tool=task]").click()
    title = page.locator("#quick-title")
    expect(title).to_have_value("Film the lift")
    page.keyboard.press("Escape")
    expect(title).to_have_value("")
    expect(page.locator("[data-origin]")).to_be_hidden()
    expect(dana.editor("physiotherapy")).to_be_focused()


def test_selected_words_of_another_discipline_become_a_task(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    dana.fill("physiotherapy", "- Ask the head teacher")
    lena = visitor(LENA).board(place)
    words = lena.editor("physiotherapy").locator(".cm-line", has_text="Ask the head teacher")
    words.click(click_count=3)
    lena.page.locator(".selection-tools").get_by_role("button", name="Make task").click()
    expect(lena.page.locator("#quick-title")).to_have_value("Ask the head teacher")
    lena.page.keyboard.press("Enter")
    expect(lena.page.locator(".due-next [data-task]", has_text="Ask the head teacher")).to_contain_text("from the plan")

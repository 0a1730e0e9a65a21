"""The clicks that everyday work costs (ui/rules.md, 4), counted by the page itself; and what a new comment costs."""

from playwright.sync_api import Request, expect

from tests.browser.conftest import Visitor
from tests.browser.talk.conftest import SECTION, WORDS, Visitors, article, comment, select, type_in
from tests.personas import DANA
from tests.realtime.people import Place

COUNT = "addEventListener('click', (event) => event.detail && sessionStorage.setItem('clicks', clicks() + 1), true);"
CLICKS = "const clicks = () => Number(sessionStorage.getItem('clicks'));"
"""Keys and scripts click too, without a `detail`."""


def counts(visitor: Visitor) -> None:
    """From here on, over all pages of this window."""
    visitor.context.add_init_script(CLICKS + COUNT)


def clicks(visitor: Visitor) -> int:
    return int(visitor.page.evaluate("Number(sessionStorage.getItem('clicks'))"))


def from_home_to_the_plan(visitor: Visitor, place: Place) -> None:
    counts(visitor)
    visitor.page.goto(f"{visitor.url}/")
    visitor.page.locator(f"main a[href*='/patients/{place.patient}/plan']").first.click()
    visitor.saved()
    assert clicks(visitor) == 1


def test_writing_in_ones_section_takes_two_clicks_from_home(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    from_home_to_the_plan(dana, place)
    dana.editor(SECTION).click()
    dana.page.keyboard.type("Seen today. ")
    dana.waits_for_text(SECTION, "Seen today. ")
    assert clicks(dana) == 2


def test_a_task_is_assigned_with_three_clicks_from_home(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    from_home_to_the_plan(dana, place)
    dana.page.get_by_role("tab", name="Tasks").click()
    dana.page.keyboard.press("Tab")
    type_in(dana, "#quick-title", "Order the crates")
    dana.page.select_option("#quick-for", label="Ravi Thakur")
    dana.page.locator(".quick-task button").click()
    expect(dana.page.locator(".due-next [data-task]", has_text="Order the crates")).to_contain_text("Ravi Thakur")
    assert clicks(dana) == 3


def test_a_comment_and_a_suggestion_take_two_clicks_each(ravi: Visitor) -> None:
    counts(ravi)
    ravi.page.reload()
    ravi.saved()
    for kind, field in (("discussion", "#composer-body"), ("suggestion", "#composer-replacement")):
        select(ravi, "Hydrotherapy")
        before = clicks(ravi)  # selecting by the pointer is none of them, whatever the browser calls it
        ravi.page.locator(f".selection-tools [data-kind={kind}]").click()
        type_in(ravi, field, f"A {kind}")
        ravi.page.locator("[data-send-label]").click()
        expect(ravi.page.locator("article[data-current]")).to_contain_text(f"A {kind}")
        assert clicks(ravi) - before == 2


def test_a_new_comment_is_put_into_the_list_that_stands(dana: Visitor, ravi: Visitor) -> None:
    """Of the threads beside it nothing is fetched again."""
    first = comment(ravi, WORDS, "The first of them")
    expect(article(dana, first)).to_be_visible()
    dana.page.evaluate("id => { document.getElementById(`thread-${id}`).keptAsItIs = true; }", first)
    asked: list[Request] = []
    dana.page.on("request", lambda request: asked.append(request) if "/fragments/threads?" in request.url else None)
    second = comment(ravi, "Flexion 40°", "The second of them")
    expect(article(dana, second)).to_contain_text("The second of them")
    expect(article(dana, first)).to_contain_text("The first of them")
    assert dana.page.evaluate("id => document.getElementById(`thread-${id}`).keptAsItIs", first)
    (request,) = asked
    assert first in request.url.partition("known=")[2].split(".")
    answer = request.response()
    assert answer is not None
    assert "The first of them" not in answer.text()
    article(ravi, first).locator("[data-act=resolution] button").click()
    expect(article(dana, first)).to_have_count(0)
    expect(article(dana, second)).to_be_visible()

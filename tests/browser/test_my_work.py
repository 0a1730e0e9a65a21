"""My work in a real browser: a task ticked by the keyboard and taken back, and news that come by themselves."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.reach import grave
from tests.browser.test_tasks import assign
from tests.personas import CORA, DANA, LENA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]


def test_a_task_is_ticked_by_the_keyboard_and_taken_back(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    number = assign(dana, place, "Call the insurer")
    page = dana.page
    page.get_by_role("link", name="My work").click()
    row = page.locator(f"[data-task='{number}']")
    row.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(row).to_have_count(0)
    expect(page.locator("[role=status] .toast")).to_contain_text("Moved to Done.")
    page.keyboard.press("Control+z")
    expect(row).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Taken back.")


def test_what_one_is_told_of_comes_by_itself_and_takes_nothing_from_under_the_hands(
    visitor: Visitors, place: Place
) -> None:
    lena = visitor(LENA)
    page = lena.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lena")
    own = assign(lena, place, "Ask about sleep", "Lena Moreau")
    page.goto(f"{lena.url}/work")
    page.locator(f"[data-task='{own}'] summary").click()
    reason = page.locator(f"#reason-{own}")
    reason.fill("She is aw")
    number = assign(visitor(DANA), place, "Phone her on Friday", "Lena Moreau")
    expect(page.locator(f"[data-task='{number}']")).to_be_visible(timeout=30_000)
    expect(reason).to_have_value("She is aw")
    expect(reason).to_be_focused()


def test_a_coordinators_page_with_everything_on_it_is_for_all_eyes(visitor: Visitors, place: Place) -> None:
    dana, cora = visitor(DANA), visitor(CORA, bypass_csp=True)
    assign(dana, place, "Ring the school", "Cora Lindt")
    page = cora.page
    page.goto(f"{cora.url}/work")
    expect(page.get_by_role("heading", name="Missing input")).to_be_visible()
    assert grave(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320

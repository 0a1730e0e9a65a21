"""Search and jump in a real browser: by keyboard, while typing, and from inside an editor."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.browser.reach import grave
from tests.personas import CORA, DANA
from tests.realtime.people import Place

Come = Callable[..., Visitor]


def opened(page: Page) -> None:
    page.wait_for_function("() => document.activeElement?.matches('#jump input')")
    page.wait_for_selector("#jump [role=option]")


def chosen(page: Page) -> str:
    """What assistive technology is told is chosen."""
    field = page.locator("#jump input")
    return str(page.locator(f"#{field.get_attribute('aria-activedescendant')}").text_content())


def test_from_any_page_to_a_patient_by_the_keyboard_alone(visitor: Come, place: Place) -> None:
    dana = visitor(DANA)
    dana.page.goto(f"{dana.url}/account")
    dana.page.keyboard.press("Control+k")
    opened(dana.page)
    assert "Maria Kovač" in chosen(dana.page)
    dana.page.keyboard.type("password")
    dana.page.wait_for_function("() => document.querySelectorAll('#jump [role=option]').length === 1")
    assert "Password and sessions" in chosen(dana.page)
    dana.page.wait_for_function("() => document.querySelector('#jump [role=status]').textContent === 'One result'")
    dana.page.keyboard.press("Escape")
    assert dana.page.evaluate("document.getElementById('jump').open") is False
    dana.page.keyboard.press("Control+k")
    dana.page.wait_for_function("() => document.activeElement?.matches('#jump input')")
    dana.page.keyboard.type("kovac")
    dana.page.keyboard.press("Enter")  # before the answer is there: it waits for it
    dana.page.wait_for_url(f"**/patients/{place.patient}/plan")


def test_words_of_a_plan_lead_to_their_section(visitor: Come, place: Place) -> None:
    dana = visitor(DANA).board(place)
    dana.clear("physiotherapy")
    dana.write("physiotherapy", "Hydrotherapy twice weekly")
    dana.saved()
    dana.page.goto(f"{dana.url}/account")
    for _try in range(20):
        dana.page.keyboard.press("Control+k")
        dana.page.wait_for_function("() => document.activeElement?.matches('#jump input')")
        dana.page.keyboard.type("hydroth")
        dana.page.wait_for_function("() => document.querySelector('#jump .jump-note:not([hidden]), #jump mark')")
        if dana.page.query_selector("#jump mark"):
            break
        dana.page.keyboard.press("Escape")
        dana.page.wait_for_timeout(500)
    assert dana.page.inner_text("#jump mark") == "Hydrotherapy"
    assert "Maria Kovač" in chosen(dana.page)
    dana.page.keyboard.press("Enter")
    dana.page.wait_for_url(f"**/patients/{place.patient}/plan#section-physiotherapy")


def test_arrows_choose_and_the_mouse_does_too(visitor: Come) -> None:
    dana = visitor(DANA)
    dana.page.goto(f"{dana.url}/patients")
    dana.page.click("[data-jump]")
    opened(dana.page)
    first = chosen(dana.page)
    dana.page.keyboard.press("ArrowDown")
    second = chosen(dana.page)
    dana.page.keyboard.press("ArrowUp")
    assert chosen(dana.page) == first != second
    dana.page.keyboard.press("ArrowUp")
    assert chosen(dana.page) == dana.page.locator("#jump [role=option]").last.text_content()
    assert dana.page.locator("#jump [aria-selected=true]").count() == 1
    dana.page.get_by_role("option", name="Password and sessions").click()
    dana.page.wait_for_url("**/account")


def test_in_an_editor_the_key_makes_a_link_of_selected_words_and_jumps_without(visitor: Come, place: Place) -> None:
    dana = visitor(DANA).board(place)
    dana.fill("physiotherapy", "empty crate")
    dana.page.keyboard.press("Control+k")
    opened(dana.page)
    dana.page.keyboard.type("x")
    dana.page.keyboard.press("Escape")
    dana.page.wait_for_function("() => document.activeElement?.matches('[data-section=physiotherapy] .cm-content')")
    dana.page.keyboard.press("Shift+Home")
    dana.page.keyboard.press("Control+k")
    dana.page.wait_for_selector("#link-dialog[open]")
    assert dana.page.evaluate("document.getElementById('jump').open") is False
    assert dana.text_of("physiotherapy") == "empty crate"


def test_both_pass_axe_and_fit_320_pixels(visitor: Come) -> None:
    cora = visitor(CORA, bypass_csp=True, viewport={"width": 320, "height": 640})
    for query in ("mari", "qqqq"):
        cora.page.goto(f"{cora.url}/search?q={query}")
        assert grave(cora.page) == []
        assert cora.page.evaluate("document.documentElement.scrollWidth") <= 320
        cora.page.keyboard.press("Control+k")
        opened(cora.page)
        cora.page.fill("#jump input", query)
        cora.page.wait_for_selector("#jump .jump-note:not([hidden])" if query == "qqqq" else "#jump mark")
        assert grave(cora.page) == []
        assert cora.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_the_button_leads_to_the_page(visitor: Come, place: Place) -> None:
    dana = visitor(DANA)
    plain = visitor(None, java_script_enabled=False)
    plain.context.add_cookies(dana.context.cookies())
    plain.page.goto(f"{plain.url}/account")
    plain.page.click("[data-jump]")
    plain.page.fill("#q", "kovac")
    plain.page.keyboard.press("Enter")
    plain.page.click(".results a")
    plain.page.wait_for_url(f"**/patients/{place.patient}/plan")

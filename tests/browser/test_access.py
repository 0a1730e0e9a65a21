"""Rights on an open board, refreshed parts of it, and the page without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.personas import ADAM, AINO, CORA, DANA, LENA, PASSWORD, RAVI
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]


def test_another_disciplines_section_reads_and_does_not_write(visitor: Visitors, place: Place) -> None:
    lena = visitor(LENA).board(place)
    editor = lena.editor("physiotherapy")
    before = lena.text_of("physiotherapy")
    assert editor.get_attribute("aria-readonly") == "true"
    editor.focus()
    lena.page.keyboard.type("not mine")
    assert lena.text_of("physiotherapy") == before
    assert lena.page.locator("[data-card=physiotherapy] section-tools").count() == 0
    cora = visitor(CORA).board(place)
    assert cora.page.locator(".cm-content[aria-readonly=true]").count() == cora.page.locator(".cm-content").count()


def test_whoever_is_removed_loses_the_board_within_five_seconds_and_can_copy(visitor: Visitors, place: Place) -> None:
    cora, aino = visitor(CORA), visitor(AINO).board(place)
    aino.write("nutrition", "fibre ", at="Control+Home")
    aino.saved()
    cora.page.goto(f"{cora.url}/patients/{place.patient}/care-team")
    cora.page.locator("li", has_text="Aino Salo").get_by_role("button", name="Remove").click()
    aino.page.wait_for_selector("#ended:not([hidden])", timeout=30_000)
    assert "no longer in the care team" in aino.page.locator("#ended").inner_text()
    assert aino.page.locator(".cm-content[aria-readonly=true]").count() == aino.page.locator(".cm-content").count()
    assert "fibre" in aino.text_of("nutrition")


def test_losing_the_right_to_write_reads_on_and_offers_the_text(visitor: Visitors, place: Place) -> None:
    adam, ravi = visitor(ADAM), visitor(RAVI).board(place)
    ravi.write("pain-management", "Taper slowly. ", at="Control+Home")
    ravi.saved()
    ((account,),) = place.rows("SELECT id FROM users WHERE email = ?", RAVI.email)
    adam.page.goto(f"{adam.url}/admin/accounts/{account}")
    become(adam, "Nutrition")
    note = ravi.page.locator("[data-card=pain-management] .draft")
    note.wait_for(timeout=30_000)
    assert "no longer write here" in note.inner_text()
    assert "Taper slowly." in note.locator("textarea").input_value()
    assert note.get_by_role("button", name="Copy my text").is_visible()
    assert ravi.editor("pain-management").get_attribute("aria-readonly") == "true"
    become(adam, "Pain management")
    ravi.page.wait_for_selector("[data-card=pain-management] .cm-content[contenteditable=true]", timeout=30_000)
    note.get_by_role("button", name="Let it go").click()


def become(adam: Visitor, discipline: str) -> None:
    adam.page.select_option("select[name=discipline]", label=discipline)
    with adam.page.expect_navigation():
        adam.page.get_by_role("button", name="Save").first.click()


def test_a_session_that_vanished_leads_back_in_and_loses_nothing(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    dana.clear("understanding")
    dana.context.set_offline(True)
    dana.page.wait_for_selector("save-status[data-state=offline]")
    dana.write("understanding", "Typed without a session.")
    dana.context.clear_cookies()
    dana.context.set_offline(False)
    dana.page.wait_for_selector("#ended:not([hidden])", timeout=20_000)
    note = dana.page.locator("[data-card=understanding] .draft")
    assert note.locator("textarea").input_value() == "Typed without a session."
    with dana.context.expect_page() as opened:
        dana.page.get_by_role("link", name="Sign in again").click()
    # Somebody else at this machine does not write under Dana's name.
    sign_in(opened.value, LENA.email)
    dana.page.evaluate("dispatchEvent(new Event('focus'))")
    dana.page.wait_for_timeout(1_500)
    assert dana.page.locator("#ended").is_visible()
    opened.value.context.clear_cookies()
    opened.value.goto(f"{dana.url}/login")
    sign_in(opened.value, DANA.email)
    dana.page.evaluate("dispatchEvent(new Event('focus'))")
    dana.saved()
    assert dana.page.locator("#ended").is_hidden()
    assert note.count() == 0
    opened.value.close()
    ravi = visitor(RAVI).board(place)
    assert ravi.text_of("understanding") == "Typed without a session."


def sign_in(page: Page, email: str) -> None:
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)


def test_a_handover_shows_in_the_banner_of_an_open_board(visitor: Visitors, place: Place) -> None:
    lena, cora = visitor(LENA).board(place), visitor(CORA)
    before = lena.page.locator("#fragment-banner").inner_text()
    heir = "Ravi Thakur" if "Ravi Thakur" not in before else "Dana Osei"
    cora.page.goto(f"{cora.url}/patients/{place.patient}/care-team")
    choice = cora.page.locator("#hand-over option", has_text=heir).get_attribute("value")
    cora.page.select_option("#hand-over", choice)
    cora.page.get_by_role("button", name="Hand over").click()
    lena.page.wait_for_selector(f"#fragment-banner >> text=Responsible: {heir}", timeout=30_000)
    assert lena.page.locator("h1").count() == 1


def test_signing_out_in_one_window_closes_the_board_in_the_other(visitor: Visitors, place: Place) -> None:
    ravi = visitor(RAVI).board(place)
    second = ravi.context.new_page()
    second.goto(f"{ravi.url}/account")
    second.locator(".menu summary").click()
    second.get_by_role("button", name="Sign out", exact=True).first.click()
    ravi.page.wait_for_selector("#ended:not([hidden])", timeout=30_000)
    assert ravi.page.get_by_role("link", name="Sign in again").is_visible()


def test_a_recorded_statement_appears_on_another_board_and_leaves_caret_and_focus(
    visitor: Visitors, place: Place
) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA)
    dana.clear("understanding")
    dana.write("understanding", "before ")
    lena.page.goto(f"{lena.url}/patients/{place.patient}/statements/new")
    lena.page.fill("#text", "To sleep through one night.")
    lena.page.get_by_role("button", name="Record").click()
    dana.page.wait_for_selector("#fragment-what-matters >> text=To sleep through one night.", timeout=30_000)
    dana.page.keyboard.type("after")
    assert dana.text_of("understanding") == "before after"


def test_a_card_keeps_the_shown_text_when_its_head_is_refreshed(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    lena.page.locator("[data-card=physiotherapy]").get_by_role("button", name="Maria", exact=True).click()
    dana.write("physiotherapy", "x", at="Control+Home")
    lena.page.wait_for_selector("[data-card=physiotherapy] .card-meta >> text=Dana Osei", timeout=30_000)
    assert lena.editor("physiotherapy", "plain").is_visible()
    pressed = lena.page.locator("[data-card=physiotherapy] [data-show=plain]").get_attribute("aria-pressed")
    assert pressed == "true"


@pytest.fixture
def plain(visitor: Visitors) -> Page:
    """Dana's browser with scripts off."""
    return visitor(DANA, java_script_enabled=False).page


def test_without_scripts_the_plan_reads_and_a_plain_form_writes(plain: Page, visitor: Visitors, place: Place) -> None:
    lena = visitor(LENA).board(place)
    lena.clear("understanding")
    lena.write("understanding", "first line")
    lena.saved()
    plain.goto(f"{lena.url}/patients/{place.patient}/plan")
    plain.click("#section-understanding >> text=Edit Shared understanding, team's text")
    lena.write("understanding", "Lena meanwhile. ", at="Control+Home")
    lena.saved()
    plain.fill("#text", "first line\nsecond line")
    plain.click("text=Save")
    assert "second line" in plain.inner_text("#section-understanding")
    assert "Lena meanwhile." in plain.inner_text("#section-understanding")
    lena.waits_for_text("understanding", "second line")
    assert lena.text_of("understanding") == "Lena meanwhile. first line\nsecond line"


def test_hostile_markdown_is_harmless_in_the_browser(plain: Page, visitor: Visitors, place: Place) -> None:
    hostile = (Path(__file__).parent / "hostile.md").read_text()
    dana = visitor(DANA)
    dana.page.goto(f"{dana.url}/patients/{place.patient}/plan")
    address = dana.page.locator("#section-review section-editor").get_attribute("data-doc")
    dana.page.goto(f"{dana.url}/patients/{place.patient}/plan/documents/{address}/text")
    dana.page.fill("#text", hostile)
    dana.page.get_by_role("button", name="Save").click()
    dana.saved()
    plain.goto(f"{dana.url}/patients/{place.patient}/plan")
    for page in (dana.page, plain):
        card = page.locator("#section-review")
        assert card.locator("script, img:not(.cm-widgetBuffer), svg[onload], iframe, style, math, object").count() == 0
        assert card.locator("a[href^='javascript' i], [onerror], [onload], [onclick]").count() == 0
    assert dana.page.evaluate("window.hacked") is None
    assert plain.locator("#section-review").inner_text().count("still standing") == 1

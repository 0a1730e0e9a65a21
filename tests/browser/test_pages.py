"""Pages beside the board, in a real browser: what scripts add, and that nothing needs them."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.reach import grave
from tests.personas import ADAM, CORA, DANA, PASSWORD
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]


def test_a_search_shows_what_it_finds_while_one_types(visitor: Visitors) -> None:
    cora = visitor(CORA)
    page = cora.page
    page.goto(f"{cora.url}/patients")
    names = page.locator("a.row-link")
    expect(names).to_have_count(2)
    page.locator("#q").press_sequentially("kov")
    expect(names).to_have_text(["Maria Kovač"])
    expect(page.locator("[data-live-count]")).to_have_text("One patient")
    expect(page.locator("#q")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/patients\?q=kov$"))
    page.get_by_role("link", name="Name", exact=True).click()
    page.wait_for_url("**/patients?q=kov&order=name")
    page.locator("#q").fill("nobody")
    expect(page.locator(".empty")).to_contain_text("Nobody matches “nobody”")


def test_an_idle_hour_is_warned_of_and_extended_in_place(visitor: Visitors, place: Place) -> None:
    dana = visitor()
    page = dana.page
    page.clock.install()
    dana.sign_in(DANA)
    page.goto(f"{dana.url}/patients/{place.patient}/statements/new")
    page.fill("#text", "To sleep through one night.")
    warning = page.get_by_role("dialog", name="Still there?")
    page.clock.fast_forward("57:00")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("01:20")
    expect(warning).to_be_visible()
    with page.expect_response("**/account/presence") as told:
        warning.get_by_role("button", name="Stay signed in").click()
    assert told.value.status == 204
    expect(warning).to_be_hidden()
    expect(page.locator("#text")).to_have_value("To sleep through one night.")
    page.clock.fast_forward("57:00")
    expect(warning).to_be_hidden()


def test_whoever_was_signed_out_comes_back_to_what_they_typed(visitor: Visitors, place: Place) -> None:
    dana = visitor()
    page = dana.page
    page.clock.install()
    dana.sign_in(DANA)
    page.goto(f"{dana.url}/patients/{place.patient}/statements/new")
    page.fill("#text", "To walk to the market.")
    other = dana.context.new_page()
    other.goto(f"{dana.url}/account")
    other.locator(".menu summary").click()
    other.get_by_role("button", name="Sign out", exact=True).click()
    page.clock.fast_forward("58:30")
    page.get_by_role("button", name="Stay signed in").click()
    ended = page.get_by_role("dialog", name="You were signed out")
    expect(ended).to_be_visible()
    ended.get_by_role("button", name="I am signed in again").click()
    expect(ended).to_contain_text("Not yet")
    other.fill("#email", DANA.email)
    other.fill("#password", PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(lambda address: "/login" not in address)
    ended.get_by_role("button", name="I am signed in again").click()
    expect(ended).to_be_hidden()
    page.get_by_role("button", name="Record").click()
    page.wait_for_url("**/plan")
    expect(page.locator("#section-what-matters blockquote")).to_have_text("To walk to the market.")


def test_a_password_can_be_looked_at(visitor: Visitors) -> None:
    someone = visitor()
    page = someone.page
    page.goto(f"{someone.url}/login")
    page.fill("#password", "a sentence of mine")
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show the password").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")


def test_a_one_time_link_is_copied_with_one_click(visitor: Visitors) -> None:
    adam = visitor(ADAM, permissions=["clipboard-read", "clipboard-write"])
    page = adam.page
    page.goto(f"{adam.url}/admin/accounts/new")
    page.fill("#name", "Nils Berg")
    page.fill("#email", "nils@clinic.example")
    page.get_by_label("Coordinator").check()
    page.get_by_role("button", name="Make the account").click()
    link = page.locator("#link").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.reload()
    expect(page.locator("#link")).to_have_count(0)
    nils = visitor()
    nils.page.goto(link)
    nils.page.fill("#password", "a sentence of mine")
    nils.page.keyboard.press("Enter")
    expect(nils.page.get_by_role("heading", name="Nils")).to_be_visible()


def test_every_form_works_with_scripts_off(visitor: Visitors) -> None:
    dana = visitor(DANA, java_script_enabled=False)
    page = dana.page
    page.goto(f"{dana.url}/patients")
    assert page.locator(".scripts-only").evaluate_all("all => all.every(one => !one.checkVisibility())")
    page.get_by_role("link", name="Add a patient").click()
    page.fill("#name", "Maria Kovac")
    page.fill("#birth_date", "1 Feb 1990")
    page.fill("#number", "C-77001")
    page.get_by_role("button", name="Add the patient").click()
    expect(page.get_by_role("alert")).to_contain_text("born 12 Mar 1980, ID C-10482")
    page.get_by_role("button", name="add anyway").click()
    expect(page.locator(".banner")).to_contain_text("C-77001")
    page.get_by_role("link", name="Care team").click()
    page.select_option("#hand-over", label="Lena Moreau, Psychology")
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator(".banner")).to_contain_text("Responsible: Lena Moreau")
    page.goto(f"{dana.url}/patients")
    page.fill("#q", "77001")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/patients\?q=77001$"))
    expect(page.locator("a.row-link")).to_have_text(["Maria Kovac"])
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")


def test_the_menu_is_used_by_the_keyboard(visitor: Visitors) -> None:
    dana = visitor(DANA)
    page = dana.page
    page.goto(f"{dana.url}/account")
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Password and sessions")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Password and sessions")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()


def test_what_pages_become_in_use_has_no_serious_axe_violation(visitor: Visitors, place: Place) -> None:
    dana, adam = visitor(bypass_csp=True), visitor(ADAM, bypass_csp=True)
    page = dana.page
    page.goto(f"{dana.url}/login")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".error").first).to_be_visible()
    assert grave(page) == []
    page.clock.install()
    dana.sign_in(DANA)
    page.locator(".menu summary").click()
    assert grave(page) == []
    page.goto(f"{dana.url}/patients/new")
    page.fill("#name", "Maria Kovac")
    page.fill("#birth_date", "soon")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing is saved yet")
    assert grave(page) == []
    page.fill("#birth_date", "12.3.1980")
    page.fill("#number", "C-77002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("same birth date")
    assert grave(page) == []
    page.clock.fast_forward("58:30")
    expect(page.get_by_role("dialog", name="Still there?")).to_be_visible()
    assert grave(page) == []
    adam.page.goto(f"{adam.url}/admin/accounts")
    adam.page.get_by_role("link", name="Lena Moreau").click()
    adam.page.get_by_role("button", name="New link").click()
    expect(adam.page.locator("#link")).to_be_visible()
    assert grave(adam.page) == []

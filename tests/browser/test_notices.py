"""Notices in a real browser: the bell is live on every page, list and settings are used by the keyboard alone."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.reach import grave, too_wide
from tests.browser.test_reach import tab_until
from tests.personas import AINO, DANA, LENA, RAVI, Persona
from tests.realtime.people import Person, Place
from tests.realtime.server_process import ServerProcess, free_port

Come = Callable[..., Visitor]
PAGES = ("/notices", "/account/notifications")


@pytest.fixture(scope="module")
def server(clinic: Path) -> Iterator[ServerProcess]:
    """Instead of the usual one: with a mail server, which happens to be away."""
    process = ServerProcess(clinic, SMTP_URL=f"smtp://127.0.0.1:{free_port()}").start()
    yield process
    process.kill()


@pytest.fixture
def mention(server: ServerProcess, place: Place) -> Iterator[Callable[[Persona], None]]:
    """`mention(LENA)`: Dana does so, from a browser of her own."""
    dana = Person(server.url, DANA, place)

    def begin(whom: Persona) -> None:
        body = f"@{whom.name.split()[0]} a moment?"
        assert dana.post(f"/patients/{place.patient}/plan/threads", kind="discussion", body=body) == 303

    yield begin
    dana.socket.close()


def test_the_bell_rings_on_a_page_without_a_board(visitor: Come, mention: Callable[[Persona], None]) -> None:
    lena = visitor(LENA)
    lena.page.goto(f"{lena.url}/account")
    bell = lena.page.locator("[data-bell]")
    expect(bell).to_have_accessible_name("Notices")
    mention(LENA)
    expect(bell).to_have_accessible_name("Notices, one new", timeout=30_000)  # by now the page has its socket
    expect(bell.locator(".count")).to_have_text("1")
    expect(lena.page.locator("[data-bell-said]")).to_have_text("Notices, one new")
    mention(LENA)
    told = time.monotonic()
    expect(bell).to_have_accessible_name("Notices, 2 new", timeout=30_000)
    print(f"the bell rang {1000 * (time.monotonic() - told):.0f} ms after the mention was answered")


def test_from_the_bell_to_the_thread_by_the_keyboard_alone(visitor: Come, mention: Callable[[Persona], None]) -> None:
    mention(RAVI)
    ravi = visitor(RAVI)
    ravi.page.goto(f"{ravi.url}/account")
    tab_until(ravi, "[data-bell]")
    ravi.page.keyboard.press("Enter")
    ravi.page.wait_for_url("**/notices")
    tab_until(ravi, ".told a")
    ravi.page.keyboard.press("Enter")
    ravi.page.wait_for_url("**/plan?thread=*")
    ravi.saved()
    expect(ravi.page.locator("[data-bell]")).to_have_accessible_name("Notices")
    expect(ravi.page.get_by_text("a moment?").first).to_be_visible()


def test_settings_are_made_by_the_keyboard_and_a_mistake_is_led_to(visitor: Come) -> None:
    aino = visitor(AINO)
    page = aino.page
    page.goto(f"{aino.url}/notices")
    tab_until(aino, "a[href='/account/notifications']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/notifications")
    tab_until(aino, "#quiet_from")
    page.keyboard.press("Control+a")
    page.keyboard.type("half past 6")
    page.keyboard.press("Enter")
    quiet = page.locator("#quiet_from")
    expect(quiet).to_be_focused()
    expect(quiet).to_have_value("half past 6")
    page.keyboard.press("Control+a")
    page.keyboard.type("18.30")
    tab_until(aino, "#timezone")
    page.keyboard.press("Control+a")
    page.keyboard.type("Europe/Atlantis")
    page.keyboard.press("Enter")
    zone = page.locator("#timezone")
    expect(zone).to_be_focused()
    expect(zone).to_have_value("Europe/Atlantis")
    expect(zone).to_have_accessible_description(
        "Such as Europe/Vienna. There is no such time zone. Choose one like Europe/Vienna."
    )
    page.keyboard.press("Control+a")
    page.keyboard.type("europe/lisbon")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(zone).to_have_value("Europe/Lisbon")
    expect(quiet).to_have_value("18:30")


def test_a_time_zone_that_is_none_is_told_to_everybody(visitor: Come) -> None:
    lena = visitor(LENA, bypass_csp=True)
    page = lena.page
    page.goto(f"{lena.url}/account/notifications")
    page.fill("#timezone", "Atlantis")
    page.locator("form.fields button").click()
    page.wait_for_selector("#timezone-error")
    assert grave(page) + too_wide(page, "wishes") == []

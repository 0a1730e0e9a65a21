"""Maria ticks at home, on a narrow phone without scripts and in place with them, and the team sees it live."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app import create_app
from models.task import Rhythm
from tests.browser.conftest import Visitor
from tests.conftest import close, settings_in
from tests.personas import DANA, MARIA
from tests.publishing import ask_of_maria, publish, settle_clinic, write
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
PHONE = {"width": 320, "height": 640}
PLAIN = dict.fromkeys(("physiotherapy", "psychology", "pain-management", "nutrition", "flare-up"), "Slowly.")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, template_database: Path) -> Path:
    """Maria reads that she is to walk every day."""
    folder = tmp_path_factory.mktemp("ticking")
    shutil.copy(template_database, folder / "consilium.db")
    app = create_app(settings_in(folder))
    settle_clinic(app)
    write(app, PLAIN)
    ask_of_maria(app, "Walk ten minutes", title="Walk", rhythm=Rhythm.DAILY)
    publish(app, "The first plan.")
    close(app)
    return folder


def test_what_she_ticks_and_writes_at_home_is_seen_at_once(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    dana.page.goto(f"{dana.url}/patients/{place.patient}/tasks")
    row = dana.page.locator(".task", has_text="Walk")
    expect(row).to_contain_text("every day · 0 of 7 this week")
    board = visitor(DANA).board(place).page
    phone = visitor(MARIA, viewport=PHONE, java_script_enabled=False)
    page = phone.page
    page.goto(f"{phone.url}/my/{place.patient}")
    today = page.get_by_role("checkbox", name="Done today: Walk ten minutes")
    today.click()
    expect(today).to_be_checked()
    expect(row).to_contain_text("1 of 7 this week")
    today.click()
    expect(today).not_to_be_checked()
    expect(row).to_contain_text("0 of 7 this week")
    page.get_by_text("Not done?").click()
    page.get_by_role("button", name="Not sure how").click()
    expect(page.locator("#week")).to_contain_text("not done, not sure how.")
    expect(row).to_contain_text("Not sure how")
    page.get_by_role("link", name="Write it anew, or read earlier words").click()
    page.get_by_label("In my own words").fill("To dance at the wedding.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Saved. The team sees it now.")
    expect(board.locator("#section-what-matters")).to_contain_text("To dance at the wedding.")
    expect(board.locator("#section-what-matters")).to_contain_text("Written by Maria Kovač")


def test_a_tick_in_place_keeps_the_page_and_the_focus(visitor: Visitors, place: Place) -> None:
    maria = visitor(MARIA)
    page = maria.page
    page.goto(f"{maria.url}/my/{place.patient}")
    page.evaluate("window.stays = true")
    today = page.get_by_role("checkbox", name="Done today: Walk ten minutes")
    today.focus()
    page.keyboard.press("Space")
    expect(today).to_be_checked()
    expect(today).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("Noted. The team sees it.")
    page.context.set_offline(True)
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_contain_text("That could not be sent.")
    expect(today).to_be_checked()
    page.context.set_offline(False)
    page.keyboard.press("Space")
    expect(today).not_to_be_checked()
    assert page.evaluate("window.stays") is True

"""A text's life with a slider: by the keyboard, playing, a link to a moment, without scripts, and one brought back."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app import create_app
from tests.blueprints.talking import maria
from tests.blueprints.test_suggestions import write
from tests.browser.conftest import Visitor
from tests.conftest import MovableClock, close, settings_in
from tests.personas import DANA, LENA, RAVI
from tests.realtime.people import Place

WORDS = (
    (DANA, "Walks ten minutes.\n"),
    (RAVI, "Walks ten minutes.\nSwims on Mondays.\n"),
    (LENA, "Walks ten minutes.\nSwims on Mondays.\nSleeps better.\n"),
    (DANA, "Walks twenty minutes.\nSwims on Mondays.\nSleeps better.\n"),
)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, template_database: Path) -> Path:
    """Four people's work in a text, an hour after each other."""
    folder, clock = tmp_path_factory.mktemp("clinic"), MovableClock()
    shutil.copy(template_database, folder / "consilium.db")
    app = create_app(settings_in(folder), clock=clock)
    talk = maria(app)
    for who, text in WORDS:
        clock.advance(hours=-30 if who is DANA and "ten" in text else 1)
        write(talk, talk.document("understanding"), text, who)
    close(app)
    return folder


def test_a_slider_replays_a_text(visitor: Callable[..., Visitor], place: Place) -> None:
    dana = visitor(DANA)
    page = dana.page
    page.goto(f"{dana.url}/patients/{place.patient}/history/replay/{place.document('understanding')}")
    moment, slider = page.locator("#moment"), page.get_by_role("slider", name="Moment")
    expect(moment).to_contain_text("twenty")
    slider.focus()
    page.keyboard.press("Home")
    expect(moment.locator("ins")).to_have_text("Walks ten minutes.")
    page.keyboard.press("ArrowRight")
    expect(moment.locator("ins")).to_have_text("Swims on Mondays.")
    expect(moment.get_by_role("heading")).to_have_text("Ravi Thakur")
    expect(page.locator("[aria-current=true]")).to_contain_text("Ravi Thakur")
    assert "Ravi" in (slider.get_attribute("aria-valuetext") or "")
    shared = page.url
    page.get_by_role("button", name="Play").click()
    expect(moment).to_contain_text("twenty")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("link", name="Earlier").click()
    expect(moment.locator("ins")).to_have_text("Sleeps better.")
    page.goto(shared)
    expect(moment.locator("ins")).to_have_text("Swims on Mondays.")
    page.get_by_text("Restore this moment").click()
    page.get_by_label("Why, in one line").fill("As she asked")
    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("This moment is back.")).to_be_visible()
    expect(moment.locator("del").first).to_be_visible()
    expect(moment).to_contain_text("As she asked")


def test_moments_are_links_without_scripts(visitor: Callable[..., Visitor], place: Place) -> None:
    lena = visitor(LENA, java_script_enabled=False)
    page = lena.page
    page.goto(f"{lena.url}/patients/{place.patient}/history/replay/{place.document('understanding')}")
    page.get_by_role("navigation", name="Moments").get_by_role("link", name="Ravi Thakur").click()
    expect(page.locator("#moment ins")).to_have_text("Swims on Mondays.")
    page.get_by_role("link", name="Later").click()
    expect(page.locator("#moment ins")).to_have_text("Sleeps better.")
    expect(page.get_by_role("slider")).to_have_count(0)

"""Writing for the patient: what is hard is marked while one types, beside the team's text, by keyboard too."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.reach import grave
from tests.personas import DANA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]


def test_a_hard_word_is_marked_and_exchanged_beside_the_teams_text(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA, bypass_csp=True).board(place)
    page, card = dana.page, dana.page.locator("[data-card=physiotherapy]")
    card.get_by_role("button", name="Both texts side by side").focus()
    page.keyboard.press("Enter")
    plain, team = dana.editor("physiotherapy", "plain"), dana.editor("physiotherapy")
    expect(plain).to_be_visible()
    expect(team).to_be_visible()
    left, right = team.bounding_box(), plain.bounding_box()
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]

    team.focus()
    expect(team).to_be_focused()
    page.keyboard.press("Tab")
    expect(plain).to_be_focused()
    page.keyboard.type("Hydrotherapy is safe for you.")
    expect(plain.locator(".plainer-jargon")).to_have_text("Hydrotherapy")
    check = card.locator(".check")
    expect(check.locator("summary")).to_contain_text("One place to make plainer")
    page.keyboard.press("Tab")
    expect(check.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    assert grave(page, within="'[data-card=physiotherapy]'") == []
    check.get_by_role("button", name="Use these words").focus()
    page.keyboard.press("Enter")
    expect(plain).to_have_text("Exercises in warm water is safe for you.")
    expect(plain).to_be_focused()
    expect(check).to_contain_text("Plainly written")
    expect(plain.locator(".plainer")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(plain).to_have_text("Hydrotherapy is safe for you.")
    dana.saved()


def test_the_head_says_that_the_text_is_behind_and_forgets_it_with_one_click(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    card = dana.page.locator("[data-card=understanding]")
    dana.write("understanding", "Fear keeps the pain going.")
    dana.saved()
    card.locator("[data-show=plain]").click()
    dana.write("understanding", "Your back is on guard.", kind="plain")
    dana.saved()
    expect(card.locator("[data-show=plain]")).to_contain_text("up to date")
    card.locator("[data-show=clinical]").click()
    dana.write("understanding", " Short nights, too.")
    expect(card.locator("[data-show=plain]")).to_contain_text("behind")
    card.get_by_role("button", name="Still right").click()
    expect(card.locator(".behind")).to_have_count(0)
    expect(card.locator(".card-meta")).to_contain_text("still right: Dana Osei")
    expect(card.locator("[data-show=plain]")).to_be_focused()

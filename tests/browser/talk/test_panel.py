"""The panel of discussions: links into it, filters, both sides of a conflict, small screens, axe."""

from tests.browser.conftest import Visitor
from tests.browser.reach import grave
from tests.browser.talk.conftest import SECTION, WORDS, Visitors, article, comment, select, type_in, waits_for_mark
from tests.personas import DANA, LENA
from tests.realtime.people import Place


def test_a_link_leads_to_its_thread_resolved_or_not_and_filters_need_no_reload(
    dana: Visitor, ravi: Visitor, place: Place
) -> None:
    thread = comment(ravi, WORDS, "Done soon.")
    article(ravi, thread).locator("[data-act=resolution] button").click()
    waits_for_mark(dana, thread, "")
    dana.page.goto(f"{dana.url}/patients/{place.patient}/plan?thread={thread}#thread-{thread}")
    dana.page.wait_for_function("thread => document.activeElement.id === `thread-${thread}`", arg=thread)
    assert article(dana, thread).get_attribute("data-state") == "resolved"
    dana.page.evaluate("window.stays = true")
    dana.page.locator(".thread-filters [data-filter]", has_text="Open").click()
    article(dana, thread).wait_for(state="detached")
    dana.page.locator(".thread-filters [data-filter]", has_text="Resolved").click()
    article(dana, thread).wait_for()
    assert dana.page.evaluate("window.stays")
    assert "threads=resolved" in dana.page.url
    article(dana, thread).locator("[data-act=reopening] button").click()
    waits_for_mark(ravi, thread, WORDS)


def test_a_question_and_a_conflict_stand_on_both_cards_and_lead_to_their_thread(
    dana: Visitor, ravi: Visitor, visitor: Visitors, place: Place
) -> None:
    select(ravi, WORDS)
    ravi.page.locator(".selection-tools [data-kind=discussion]").click()
    ravi.page.locator(".kinds label", has_text="Conflict").click()
    ravi.page.select_option("#composer-other", "pain-management")
    ravi.page.fill("#composer-body", "Not in the week the dose drops.")
    ravi.page.locator("[data-send-label]").click()
    for section in (SECTION, "pain-management"):
        dana.page.locator(f"[data-card={section}] .card-marks [data-open-thread]").wait_for()
    lena = visitor(LENA).board(place)
    lena.page.locator("[data-card=pain-management] .card-marks [data-open-thread]").first.click()
    lena.page.wait_for_function("() => document.activeElement.matches('[data-kind=conflict]')")
    lena.page.wait_for_selector(".talk-now.talk-conflict")


def test_panel_composer_and_suggestion_have_no_serious_axe_violation(
    visitor: Visitors, place: Place, dana: Visitor, ravi: Visitor
) -> None:
    comment(ravi, WORDS, "**Too** much? @Dana Osei")
    select(ravi, "twice weekly")
    ravi.page.locator(".selection-tools [data-kind=suggestion]").click()
    ravi.page.fill("#composer-replacement", "once a week")
    ravi.page.locator("[data-send-label]").click()
    look = visitor(DANA, bypass_csp=True).board(place)
    look.page.locator(".proposal").first.wait_for()
    select(look, "guarded")
    look.page.locator(".selection-tools [data-kind=discussion]").click()
    type_in(look, "#composer-body", "@ra")
    look.page.locator("[role=option]").wait_for()
    look.page.locator("[data-reply] summary").first.click()
    assert grave(look.page) == []


def test_at_320_pixels_the_talk_is_a_sheet_below(visitor: Visitors, place: Place, ravi: Visitor) -> None:
    thread = comment(ravi, WORDS, "Too much?")
    small = visitor(DANA, viewport={"width": 320, "height": 640}).board(place)
    toggle = small.page.locator("[data-open-panel]")
    assert int(toggle.locator("[data-thread-count]").inner_text()) >= 1
    assert small.page.locator("#beside").is_hidden()
    toggle.click()
    article(small, thread).wait_for()
    small.page.keyboard.press("Escape")
    small.page.locator("#beside").wait_for(state="hidden")
    small.page.locator(f".talk[data-thread='{thread}']").first.click()
    article(small, thread).wait_for()
    article(small, thread).locator("[data-go]").click()
    small.page.locator("#beside").wait_for(state="hidden")
    thread = comment(small, "guarded", "On a small screen.")
    assert small.page.evaluate("document.documentElement.scrollWidth") <= 320
    waits_for_mark(ravi, thread, "guarded")

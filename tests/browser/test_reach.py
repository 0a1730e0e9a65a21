"""Everyone reaches everything: no serious axe violation, no sideways scrolling, the keyboard alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession

from tests.browser.conftest import Visitor
from tests.personas import ADAM, DANA, Persona
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def pages(place: Place) -> list[tuple[Persona | None, str]]:
    patient = f"/patients/{place.patient}"
    document = place.document("physiotherapy")
    ((team,),) = place.rows("SELECT min(id) FROM teams")
    ((dana,),) = place.rows("SELECT id FROM users WHERE email = ?", DANA.email)
    ((membership,),) = place.rows("SELECT id FROM memberships WHERE user_id = ? AND until IS NULL", dana)
    return [
        (None, "/login"),
        (None, "/welcome/unknown"),
        (DANA, "/work"),
        (ADAM, "/work"),
        (DANA, "/patients"),
        (DANA, "/patients?q=nobody-of-this-name"),
        (DANA, "/patients/new"),
        (DANA, f"{patient}/plan"),
        (DANA, f"{patient}/plan/documents/{document}/text"),
        (DANA, f"{patient}/history/who-wrote-what/{document}"),
        (DANA, f"{patient}/sign-off"),
        (DANA, f"{patient}/plan/documents/{place.document('physiotherapy', 'plain')}/confirmation"),
        (DANA, f"{patient}/plan/documents/{place.document('physiotherapy', 'plain')}/text"),
        (DANA, f"{patient}/history"),
        (DANA, f"{patient}/history?since=beginning&view=beside"),
        (DANA, f"{patient}/about"),
        (DANA, f"{patient}/about/edit"),
        (DANA, f"{patient}/identity"),
        (DANA, f"{patient}/care-team"),
        (DANA, f"{patient}/statements/new"),
        (DANA, f"{patient}/access/new"),
        (DANA, f"{patient}/consents/new"),
        (DANA, "/account"),
        (DANA, "/patients/987654"),
        (ADAM, "/admin/accounts"),
        (ADAM, "/admin/accounts/new"),
        (ADAM, f"/admin/accounts/{dana}"),
        (ADAM, f"/admin/accounts/{dana}/disablement"),
        (ADAM, "/admin/clinic"),
        (ADAM, "/admin/glossary"),
        (ADAM, "/admin/teams"),
        (ADAM, f"/admin/teams/{team}"),
        (ADAM, f"/admin/teams/{team}/members/{membership}/end"),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_axe_violation(visitor: Visitors, place: Place, scheme: str) -> None:
    people = {persona: visitor(persona, color_scheme=scheme, bypass_csp=True) for persona in (None, DANA, ADAM)}
    found: list[str] = []
    for persona, path in pages(place):
        page = people[persona].page
        page.goto(people[persona].url + path)
        if path.endswith("/plan"):
            people[persona].saved()
            people[persona].editor("physiotherapy").click()
        if path.endswith("/sign-off"):
            page.fill("#why-reason", "Agreed on Tuesday.")
            page.get_by_role("button", name="Ask for signatures").click()
            page.locator(".hands").first.wait_for()
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        found += [
            f"{path} ({scheme}): {violation['id']} at {[node['target'] for node in violation['nodes']][:3]}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
    assert not found, "\n".join(found)


def test_no_page_scrolls_sideways_at_320_pixels(visitor: Visitors, place: Place) -> None:
    people = {persona: visitor(persona, viewport={"width": 320, "height": 640}) for persona in (None, DANA, ADAM)}
    wide: list[str] = []
    for persona, path in pages(place):
        page = people[persona].page
        page.goto(people[persona].url + path)
        if path.endswith("/plan"):
            people[persona].saved()
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide.append(f"{path}: {width}")
    assert not wide, "\n".join(wide)


def test_targets_are_large_enough_to_hit(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    dana.editor("physiotherapy").click()
    small = dana.page.evaluate(
        """() => [...document.querySelectorAll("button, a.button, select, input:not([type=hidden])")]
          .map((element) => [element.outerHTML.slice(0, 90), element.getBoundingClientRect()])
          .filter(([, box]) => box.width && box.height && (box.width < 24 || box.height < 24))
          .map(([html]) => html)"""
    )
    assert [html for html in small if "md-box" not in html] == []


def test_a_plan_is_opened_and_written_by_the_keyboard_alone(visitor: Visitors, place: Place) -> None:
    dana = visitor()
    page = dana.page
    page.goto(f"{dana.url}/login")
    page.keyboard.type(DANA.email)
    page.keyboard.press("Tab")
    page.keyboard.type("correct staple for tests")
    page.keyboard.press("Enter")
    page.wait_for_url("**/work")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_until(dana, ".recent a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan")
    dana.saved()
    tab_until(dana, "[data-card=physiotherapy] section-editor[data-kind=clinical] .cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type("by keyboard ")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('section-tools') !== null")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.tool") == "bold"
    dana.saved()
    assert dana.text_of("physiotherapy").startswith("by keyboard ")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#shortcuts").is_hidden()


def tab_until(dana: Visitor, selector: str) -> None:
    for _ in range(60):
        dana.page.keyboard.press("Tab")
        if dana.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} was not reached by Tab")


def test_the_page_is_usable_within_two_seconds_on_a_slow_machine(visitor: Visitors, place: Place) -> None:
    """A page computes for less than half a second until it can be written in: two on a machine four times as slow.

    The processor's own clock is read, which runs for this page alone, whatever else the machine has to do.
    """
    dana = visitor(DANA)
    cdp = dana.context.new_cdp_session(dana.page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    dana.board(place)
    spent: list[float] = []
    while len(spent) < 6 and min(spent, default=2) >= 2:
        dana.page.goto("about:blank")
        before = computed(cdp)
        dana.page.goto(f"{dana.url}/patients/{place.patient}/plan", wait_until="commit")
        dana.page.wait_for_selector("[data-card=physiotherapy] .cm-content")
        spent.append((computed(cdp) - before) * 4)
    print(f"usable after {[round(each, 2) for each in spent]} s with the processor slowed four times")
    assert min(spent) < 2


def computed(cdp: CDPSession) -> float:
    """Seconds that the page's main thread has computed."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))


def test_colours_follow_the_system_until_somebody_chooses(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA, color_scheme="dark")
    dana.page.goto(f"{dana.url}/patients")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert dana.page.evaluate(paper) == "rgb(17, 24, 30)"
    dana.page.locator(".menu summary").click()
    dana.page.get_by_role("button", name="Light").click()
    assert dana.page.evaluate(paper) == "rgb(246, 244, 239)"
    dana.page.reload()
    assert dana.page.evaluate(paper) == "rgb(246, 244, 239)"

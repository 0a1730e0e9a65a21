"""From the code of the desk to the first page of a patient, on a narrow phone without scripts; and what all see."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_reach import AXE
from tests.personas import DANA, MARIA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
PHONE = {"width": 320, "height": 640}


def test_from_the_desk_to_the_plan_on_a_phone_without_scripts(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    dana.page.goto(f"{dana.url}/patients/{place.patient}/about")
    dana.page.get_by_role("link", name="Invite").click()
    dana.page.get_by_label("A guardian: reads and answers for the patient").check()
    dana.page.get_by_label("Name", exact=True).fill("Aino Salo")
    dana.page.get_by_label("Who that is").fill("her mother")
    dana.page.get_by_role("button", name="Invite").click()
    letters = dana.page.locator(".desk-code").inner_text()
    phone = visitor(viewport=PHONE, java_script_enabled=False)
    page = phone.page
    page.goto(f"{phone.url}/login")
    page.get_by_role("link", name="I have a code from the clinic").click()
    page.get_by_label("Your code").fill(letters.lower())
    page.get_by_label("Birth date of the patient").fill("12.3.1979")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.get_by_label("Birth date of the patient").fill("12.3.1980")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("main")).to_contain_text("Your code is right, Aino Salo. It opens the plan of Maria Kovač.")
    name = page.get_by_label("Name or email to sign in with")
    assert name.input_value().startswith("aino")
    page.get_by_label("New password").fill("walks to the market")
    page.get_by_label("Keep me signed in on this device for 30 days").check()
    page.get_by_role("button", name="Go to the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The plan of Maria is not ready yet.")
    expect(page.get_by_role("complementary", name="Flare-up or emergency?")).to_be_visible()
    page.get_by_role("link", name="My team").click()
    expect(page.locator("main")).to_contain_text("Dana Osei")
    page.get_by_role("link", name="Password and devices").click()
    expect(page.locator(".devices")).to_contain_text("stays signed in until")
    dana.page.get_by_role("link", name="Done").click()
    line = dana.page.locator("li", has_text="her mother")
    line.get_by_role("button", name="End access").click()
    expect(dana.page.locator(".notice")).to_contain_text("Aino Salo can no longer read this plan.")
    page.reload()
    expect(page).to_have_url(f"{phone.url}/login?next=/account")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_patients_pages_reach_everybody(visitor: Visitors, place: Place, scheme: str) -> None:
    """No serious axe violation, no sideways scrolling at 320 px, letters of 18 px and targets of 44 px or more."""
    maria = visitor(MARIA, color_scheme=scheme, bypass_csp=True, viewport=PHONE)
    stranger = visitor(color_scheme=scheme, bypass_csp=True, viewport=PHONE)
    mine = f"/my/{place.patient}"
    found: list[str] = []
    for who, path in [
        (maria, mine),
        (maria, f"{mine}/team"),
        (maria, "/account"),
        (maria, "/my/987654"),
        (stranger, "/code"),
    ]:
        page = who.page
        page.goto(who.url + path)
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        found += [
            f"{path}: {violation['id']} at {[node['target'] for node in violation['nodes']][:3]}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        found += [f"{path}: {each}" for each in page.evaluate(SMALL)]
    assert not found, "\n".join(found)


SMALL = (Path(__file__).parent / "small.js").read_text()
"""A script that names what is too wide, written too small, or too small to be touched."""

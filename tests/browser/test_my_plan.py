"""From the code of the desk to the first page of a patient, on a narrow phone without scripts."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.reach import NARROW, SMALL, grave
from tests.personas import DANA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
PHONE = NARROW


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
    seen = visitor(viewport=PHONE, bypass_csp=True)
    seen.context.add_cookies(phone.context.cookies())
    seen.page.goto(page.url)
    expect(seen.page.get_by_role("button", name="Go to the plan")).to_be_visible()
    assert grave(seen.page) + seen.page.evaluate(SMALL) == []
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

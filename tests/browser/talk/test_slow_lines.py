"""Talk while answers are slow to come: nothing typed early is lost, and the newest words stand in the end."""

import re

from playwright.sync_api import APIResponse, Route, expect

from tests.browser.conftest import Visitor
from tests.browser.talk.conftest import SECTION, WORDS, article, comment, type_in, waits_for_mark


def compose_with_nothing_loaded(person: Visitor) -> list[Route]:
    """The last word of the first line is selected and the composer opened; its script is asked for and held."""
    held: list[Route] = []
    keyboard = person.page.keyboard
    person.page.route("**/thread-composer*.js*", lambda route: held.append(route))
    person.editor(SECTION).focus()
    for key in ("Control+Home", "ArrowDown", "End", "Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft"):
        keyboard.press(key)
    keyboard.press("Control+Alt+m")
    return held


def let_go(person: Visitor, held: list[Route]) -> None:
    """Let the script come, which may not have been asked for yet."""
    for route in held:
        route.continue_()
    person.page.unroute_all()


def test_a_name_begun_before_the_script_was_there_is_completed(dana: Visitor, ravi: Visitor) -> None:
    held = compose_with_nothing_loaded(ravi)
    type_in(ravi, "#composer-body", "How guarded? @da")
    let_go(ravi, held)
    expect(ravi.page.locator("[role=option][aria-selected=true]")).to_contain_text("Dana Osei")
    ravi.page.keyboard.press("Enter")
    expect(ravi.page.locator("#composer-body")).to_have_value("How guarded? @Dana Osei ")


def test_a_comment_sent_before_the_script_was_there_is_on_its_words(dana: Visitor, ravi: Visitor) -> None:
    held = compose_with_nothing_loaded(ravi)
    type_in(ravi, "#composer-body", "How guarded?")
    ravi.page.keyboard.press("Control+Enter")
    let_go(ravi, held)
    thread = ravi.page.locator("[data-thread][data-current]").get_attribute("data-thread")
    waits_for_mark(dana, str(thread), "guarded.")
    assert ravi.page.url.endswith("/plan")


def test_an_old_answer_never_replaces_a_newer_one(dana: Visitor, ravi: Visitor) -> None:
    """The list of threads as it was before an edit arrives after the edit was told."""
    late: list[tuple[Route, APIResponse]] = []
    dana.page.evaluate(
        """() => {
          window.heard = [];
          const { connection } = document.querySelector("plan-board");
          connection.addEventListener("board.changed", ({ detail }) => heard.push(...detail.fragments));
        }"""
    )
    dana.page.route(re.compile(r"/fragments/threads(\?|$)"), lambda route: late.append((route, route.fetch())), times=1)
    thread = comment(ravi, WORDS, "Frist.")
    mine = article(ravi, thread).locator(".comment").first
    mine.locator("[data-edit] summary").click()
    ravi.page.keyboard.press("Control+a")
    type_in(ravi, "[data-edit] textarea", "First.")
    ravi.page.keyboard.press("Control+Enter")
    expect(mine.locator(".rendered")).to_have_text("First.")
    dana.page.wait_for_function("name => heard.includes(name)", arg=f"thread-{thread}")
    for _look in range(200):
        if late:
            break
        dana.page.wait_for_timeout(100)  # the server's old answer is still on its way to us
    route, answer = late[0]
    route.fulfill(response=answer)
    expect(article(dana, thread).locator(".comment .rendered")).to_have_text("First.")


def test_names_to_choose_from_stay_while_others_write(dana: Visitor, ravi: Visitor) -> None:
    thread = comment(ravi, WORDS, "One.")
    article(dana, thread).locator("[data-reply] summary").click()
    type_in(dana, "[data-reply] textarea", "Ask @rav")
    option = dana.page.locator("[role=option][aria-selected=true]")
    option.wait_for()
    article(ravi, thread).locator("[data-reply] summary").click()
    type_in(ravi, "[data-reply] textarea", "Two.")
    ravi.page.keyboard.press("Control+Enter")
    expect(article(dana, thread).locator(".comment")).to_have_count(2)
    expect(option).to_contain_text("Ravi Thakur")
    dana.page.keyboard.press("Enter")
    expect(article(dana, thread).locator("[data-reply] textarea")).to_have_value("Ask @Ravi Thakur ")

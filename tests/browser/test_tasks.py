"""Tasks in real browsers: by keyboard, by dragging, taken back, and live on the other's board."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.reach import grave
from tests.personas import DANA, LENA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
SOON = 3_000
"""Milliseconds within which others see a change; a second on a machine that does nothing else."""


def assign(visitor: Visitor, place: Place, title: str, to: str = "Dana Osei") -> str:
    """Assign a task by the long form; answers its id."""
    page = visitor.page
    page.goto(f"{visitor.url}/patients/{place.patient}/tasks/new")
    page.fill("#title", title)
    page.select_option("#assignee", label=next(each for each in options(page) if each.startswith(to)))
    page.get_by_role("button", name="Assign the task").click()
    page.wait_for_url("**/tasks")
    number = page.locator("[data-task]", has_text=title).get_attribute("data-task")
    assert number is not None
    return number


def options(page: Page) -> list[str]:
    return page.locator("#assignee option").all_inner_texts()


def columns(visitor: Visitor, place: Place) -> Page:
    visitor.page.goto(f"{visitor.url}/patients/{place.patient}/tasks?view=board")
    return visitor.page


def in_column(page: Page, state: str, title: str) -> Locator:
    return page.locator(f"[data-column={state}] [data-task]", has_text=title)


def test_a_task_is_moved_and_taken_back_by_the_keyboard_alone(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    number = assign(dana, place, "Call the insurer")
    page = columns(dana, place)
    page.locator(f"[data-task='{number}'] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Doing")).to_be_focused()
    page.keyboard.press("Enter")
    expect(in_column(page, "doing", "Call the insurer")).to_be_visible()
    expect(page.locator(f"[data-task='{number}'] summary")).to_be_focused()
    expect(page.locator("[role=status] .toast")).to_contain_text("Moved to Doing.")
    page.keyboard.press("Control+z")
    expect(in_column(page, "open", "Call the insurer")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("Taken back.")
    page.locator(f"[data-task='{number}'] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-task='{number}'] .sheet")).to_be_hidden()
    expect(page.locator(f"[data-task='{number}'] summary")).to_be_focused()


def test_a_task_is_dragged_and_the_other_sees_it(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA), visitor(LENA)
    number = assign(dana, place, "Send pool times")
    lena.board(place).page.get_by_role("tab", name="Tasks").click()
    hers = lena.page.locator(f".due-next [data-task='{number}']")
    expect(hers).to_be_visible()
    lena.editor("psychology").click()
    lena.page.keyboard.type("Sleeps better ")
    page = columns(dana, place)
    page.drag_and_drop(f"[data-task='{number}'] .what", "[data-column=doing] h2")
    expect(in_column(page, "doing", "Send pool times")).to_be_visible()
    expect(hers).to_have_attribute("data-state", "doing", timeout=SOON)
    lena.page.keyboard.type("now")
    page.drag_and_drop(f"[data-task='{number}'] .what", "[data-column=not_done] h2")
    reason = page.locator(f"#reason-{number}")
    expect(reason).to_be_focused()
    page.keyboard.type("The pool is closed")
    page.keyboard.press("Enter")
    expect(in_column(page, "not_done", "The pool is closed")).to_be_visible()
    expect(hers).to_have_count(0, timeout=SOON)
    assert "Sleeps better now" in lena.text_of("psychology"), "the caret stayed where it was"


def test_who_moves_later_sees_what_is(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA), visitor(LENA)
    number = assign(dana, place, "Ask about sleep")
    page = columns(dana, place)
    expect(page.locator(f"[data-task='{number}']")).to_be_visible()
    page.route("**/plan/fragments/**", lambda route: route.abort())
    theirs = columns(lena, place)
    theirs.locator(f"[data-task='{number}'] .tick").click()
    expect(in_column(theirs, "done", "Ask about sleep")).to_be_visible()
    page.locator(f"[data-task='{number}'] summary").click()
    page.get_by_role("button", name="Doing").click()
    expect(page.locator(".toast")).to_contain_text("Meanwhile somebody moved the task to Done; nothing was changed.")
    expect(in_column(theirs, "done", "Ask about sleep")).to_be_visible()


def test_a_task_is_assigned_from_the_board_in_three_clicks(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA).board(place)
    page = dana.page
    page.get_by_role("tab", name="Tasks").click()
    page.keyboard.press("Tab")
    expect(page.locator("#quick-title")).to_be_focused()
    page.keyboard.type("Write taper letter")
    page.select_option("#quick-for", label="Ravi Thakur")
    page.fill("#quick-due", "1.1.2020")
    page.locator(".quick-task button").click()
    expect(page.locator(".quick-task [data-error]")).to_have_text("This day has passed. Choose today or a later day.")
    expect(page.locator("#quick-title")).to_have_value("Write taper letter")
    page.fill("#quick-due", "")
    page.locator(".quick-task button").click()
    task = page.locator(".due-next [data-task]", has_text="Write taper letter")
    expect(task).to_contain_text("Ravi Thakur")
    expect(page.locator("#quick-title")).to_have_value("")
    page.reload()
    expect(page.get_by_role("tab", name="Tasks")).to_have_attribute("aria-selected", "true")


def test_the_offer_to_undo_goes_after_ten_seconds_but_not_from_under_the_focus(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    number = assign(dana, place, "Print the exercises")
    page = dana.page
    page.clock.install()
    page.reload()
    page.locator(f"[data-task='{number}'] .tick").click()
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    undo.focus()
    page.clock.fast_forward("00:25")
    expect(undo).to_be_visible()
    page.locator("main").focus()
    page.clock.fast_forward("00:11")
    expect(page.locator(".toast")).to_have_count(0)


def test_the_patients_words_are_asked_for_when_the_patient_is_chosen(visitor: Visitors, place: Place) -> None:
    dana = visitor(DANA)
    page = dana.page
    page.goto(f"{dana.url}/patients/{place.patient}/tasks/new")
    words = page.locator("#plain_text")
    expect(words).to_be_hidden()
    page.select_option("#assignee", "patient")
    expect(words).to_be_visible()


def test_pages_of_tasks_are_for_everyone(visitor: Visitors, place: Place) -> None:
    """No serious axe violation, and at 320 pixels no sideways scrolling and no target too small."""
    dana = visitor(DANA, bypass_csp=True)
    number = assign(dana, place, "Read the letter of the GP", "Anyone of Physiotherapy")
    tasks = f"/patients/{place.patient}/tasks"
    found: list[str] = []
    for path in (tasks, f"{tasks}?view=board", f"{tasks}/new", f"{tasks}/{number}", f"{tasks}/{number}/edit"):
        found += faults(dana, path)
    for path in ("/tasks?whose=all", "/tasks?whose=all&choose=1", f"/patients/{place.patient}/plan"):
        found += faults(dana, path)
    assert not found, "\n".join(found)


def faults(visitor: Visitor, path: str) -> list[str]:
    page = visitor.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(visitor.url + path)
    if path.endswith("/plan"):
        visitor.saved()
        page.get_by_role("tab", name="Tasks").click()
    for menu in page.locator("details[data-menu] > summary").all()[:1]:
        menu.click()
    found = grave(page, path)
    page.set_viewport_size({"width": 320, "height": 640})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > 320:
        found.append(f"{path}: {width} pixels wide")
    small = page.evaluate(
        """() => ["button", "a.button", "summary", "select", "input:not([type=hidden])"]
          .flatMap((kind) => [...document.querySelectorAll(`main ${kind}`)])
          .filter((each) => !each.closest(".check"))
          .map((each) => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
          .filter(([, box]) => box.width && box.height && (box.width < 24 || box.height < 24))
          .map(([html]) => html)"""
    )
    return found + [f"{path}: small target {html}" for html in small if "md-box" not in html]

"""Two people at the words of one plan: Dana writes them, Ravi reads and talks about them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Visitor
from tests.personas import DANA, RAVI
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
TEXT = (
    "## Assessment\n- Flexion 40°, guarded.\n\n## Plan\n"
    "- Graded exposure: empty crate ×8, add 1 kg weekly, stop rules agreed.\n- Hydrotherapy twice weekly.\n"
)
SECTION = "physiotherapy"
WORDS = "empty crate ×8, add 1 kg weekly"


@pytest.fixture
def dana(visitor: Visitors, place: Place) -> Visitor:
    """Writes Physiotherapy, with the caret at the end of its text."""
    found = visitor(DANA).board(place)
    found.fill(SECTION, TEXT)
    found.saved()
    return found


@pytest.fixture
def ravi(visitor: Visitors, place: Place, dana: Visitor) -> Visitor:
    """Reads Physiotherapy, and may not write it."""
    found = visitor(RAVI).board(place)
    found.waits_for_text(SECTION, "Hydrotherapy twice weekly")
    return found


def select(person: Visitor, words: str, section: str = SECTION) -> None:
    """As a pointer does it: press at the first letter, release after the last."""
    person.page.locator(f"#section-{section}").scroll_into_view_if_needed()
    ends = person.page.evaluate(
        """([section, words]) => {
          const { view } = document.querySelector(`section-editor[data-section=${section}][data-kind=clinical]`);
          const at = view.state.doc.toString().indexOf(words);
          view.dispatch({ selection: { anchor: 0 } });
          const ends = [view.coordsAtPos(at, 1), view.coordsAtPos(at + words.length, -1)];
          return ends.map(({ left, top }) => [left, top + 8]);
        }""",
        [section, words],
    )
    mouse = person.page.mouse
    mouse.move(*ends[0])
    mouse.down()
    mouse.move(*ends[1], steps=4)
    mouse.up()
    person.page.locator(".selection-tools").wait_for()


def type_in(person: Visitor, field: str, words: str) -> None:
    """Type where the page put the focus, once it is there."""
    person.page.wait_for_selector(f"{field}:focus")
    person.page.keyboard.type(words)


def comment(person: Visitor, words: str, body: str, kind: str = "discussion") -> str:
    """Two clicks; answers the thread's id."""
    select(person, words)
    person.page.locator(f".selection-tools [data-kind={kind}]").click()
    type_in(person, "#composer-body", body)
    person.page.locator("[data-send-label]").click()
    person.page.wait_for_function(
        "words => document.querySelector('[data-current] :is(.thread-quote, del)')?.textContent.trim() === words",
        arg=words,
    )
    return str(person.page.locator("[data-thread][data-current]").get_attribute("data-thread"))


def marked(person: Visitor, thread: str) -> str:
    """The words that are marked as this thread's."""
    found = person.page.locator(f"section-editor .talk[data-thread='{thread}']").all_text_contents()
    return "".join(found)


def waits_for_mark(person: Visitor, thread: str, words: str, seconds: float = 30) -> None:
    person.page.wait_for_function(
        """([thread, words]) => [...document.querySelectorAll(`section-editor .talk[data-thread="${thread}"]`)]
          .map((each) => each.textContent).join("") === words""",
        arg=[thread, words],
        timeout=seconds * 1000,
    )


def article(person: Visitor, thread: str) -> Any:
    return person.page.locator(f"#thread-{thread}")


def caret(person: Visitor) -> int:
    selector = f"section-editor[data-section={SECTION}][data-kind=clinical]"
    return int(person.page.evaluate(f"document.querySelector('{selector}').view.state.selection.main.head"))


def change(person: Visitor, old: str, new: str) -> None:
    """Only what differs is typed over, as people do it."""
    person.page.evaluate(
        """([section, old, fresh]) => {
          const { view, undo } = document.querySelector(`section-editor[data-section=${section}][data-kind=clinical]`);
          const at = view.state.doc.toString().indexOf(old);
          let [begin, end] = [0, 0];
          while (old[begin] === fresh[begin] && begin < old.length) begin += 1;
          while (old.at(-1 - end) === fresh.at(-1 - end) && end < Math.min(old.length, fresh.length) - begin) end += 1;
          undo.stopCapturing();
          view.focus();
          const [from, to] = [at + begin, at + old.length - end];
          view.dispatch({ changes: { from, to, insert: fresh.slice(begin, fresh.length - end) } });
        }""",
        [SECTION, old, new],
    )
    person.saved()

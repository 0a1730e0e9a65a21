"""The editor: Markdown that shows its marks only where one writes, for those who know it and those who do not."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visitor
from tests.personas import DANA, LENA
from tests.realtime.people import Place

Visitors = Callable[..., Visitor]
SECTION = "physiotherapy"


@pytest.fixture
def dana(visitor: Visitors, place: Place) -> Visitor:
    found = visitor(DANA).board(place)
    found.clear(SECTION)
    return found


def press(dana: Visitor, *keys: str) -> None:
    for key in keys:
        dana.page.keyboard.press(key)


def tool(dana: Visitor, name: str) -> None:
    dana.page.click(f"[data-card={SECTION}] section-tools [data-tool={name}]")


def paste(dana: Visitor, html: str, plain: str = "") -> None:
    dana.page.evaluate(
        """([html, plain]) => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          data.setData("text/plain", plain);
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        [html, plain],
    )


def test_marks_hide_on_lines_one_is_not_editing(dana: Visitor) -> None:
    dana.write(SECTION, "## Heading\n**bold** and *leaning*\nlast")
    lines = dana.editor(SECTION).locator(".cm-line")
    assert lines.nth(0).inner_text() == "Heading"
    assert lines.nth(1).inner_text() == "bold and leaning"
    press(dana, "ArrowUp")
    assert lines.nth(1).inner_text() == "**bold** and *leaning*"
    assert lines.nth(1).locator(".md-strong").count() == 1


def test_a_click_puts_the_caret_there_and_moves_nothing(dana: Visitor) -> None:
    dana.fill(SECTION, "## Plan\n\n- **lift** the crate\n- walk [far](https://clinic.example)\n\n1. one\n2. two words")
    dana.page.locator("h1").click()
    lines = dana.editor(SECTION).locator(".cm-line")
    for index, part in ((0, "Plan"), (2, "crate"), (3, "walk"), (6, "words")):
        dana.page.locator("h1").click()
        before = lines.nth(index).bounding_box()
        assert before is not None
        box = dana.page.evaluate(WORD_AT, [SECTION, index, part])
        dana.page.mouse.move(box["x"], box["y"])
        dana.page.mouse.down()
        dana.page.wait_for_timeout(60)
        assert lines.nth(index).bounding_box() == before
        dana.page.mouse.move(box["x"] + 1, box["y"])
        dana.page.mouse.up()
        dana.page.wait_for_timeout(60)
        anchor, head, words = dana.page.evaluate(SELECTION, SECTION)
        assert anchor == head, (part, words)
        after = lines.nth(index).bounding_box()
        assert after is not None
        assert after["y"] == before["y"]


WORD_AT = """([section, index, part]) => {
  const line = document.querySelectorAll(`[data-section=${section}][data-kind=clinical] .cm-line`)[index];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(part);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at + 1);
    range.setEnd(walker.currentNode, at + 2);
    const { x, y, height } = range.getBoundingClientRect();
    return { x: x + 1, y: y + height / 2 };
  }
}"""

SELECTION = """(section) => {
  const { state } = document.querySelector(`section-editor[data-section=${section}][data-kind=clinical]`).view;
  const { anchor, head, from, to } = state.selection.main;
  return [anchor, head, state.sliceDoc(from, to)];
}"""


def test_the_text_does_not_jump_when_its_editor_comes(dana: Visitor) -> None:
    dana.fill(SECTION, "## Plan\n- **lift** the crate\n- walk\n\nA paragraph.\n\n## Next\n\nAnother.")
    dana.saved()
    address = dana.page.url
    dana.page.goto(f"{dana.url}/patients")
    dana.page.route("**/js/board.js", lambda route: route.abort())
    dana.page.goto(address)
    text = dana.page.locator(f"section-editor[data-section={SECTION}][data-kind=clinical]")
    before = text.bounding_box()
    dana.page.unroute("**/js/board.js")
    dana.page.goto(address)
    dana.saved()
    after = text.bounding_box()
    assert before is not None
    assert after is not None
    assert before["y"] == pytest.approx(after["y"], abs=1)
    assert before["height"] == pytest.approx(after["height"], abs=12)


def test_a_space_stays_a_space(dana: Visitor) -> None:
    dana.write(SECTION, "two words  here ")
    assert dana.text_of(SECTION) == "two words  here "


def test_the_toolbar_formats_for_those_who_know_no_markdown(dana: Visitor) -> None:
    dana.write(SECTION, "walk")
    press(dana, "Shift+Home")
    tool(dana, "bold")
    assert dana.text_of(SECTION) == "**walk**"
    tool(dana, "bold")
    assert dana.text_of(SECTION) == "walk"
    tool(dana, "italic")
    assert dana.text_of(SECTION) == "*walk*"
    tool(dana, "italic")
    for name, expected in (
        ("heading", "## walk"),
        ("bullets", "- walk"),
        ("numbers", "1. walk"),
        ("checklist", "- [ ] walk"),
        ("quote", "> walk"),
    ):
        tool(dana, name)
        assert dana.text_of(SECTION) == expected
    tool(dana, "quote")
    assert dana.text_of(SECTION) == "walk"
    tool(dana, "undo")
    assert dana.text_of(SECTION) != "walk"


def test_bold_hugs_the_words_of_every_line_and_goes_off_again(dana: Visitor) -> None:
    dana.fill(SECTION, "one two \n- three\n\nfour")
    press(dana, "Control+a", "Control+b")
    assert dana.text_of(SECTION) == "**one two** \n- **three**\n\n**four**"
    press(dana, "Control+b")
    assert dana.text_of(SECTION) == "one two \n- three\n\nfour"
    press(dana, "Control+Home", "Control+b", "Control+i")
    assert dana.text_of(SECTION).startswith("***one*** two")
    assert pressed(dana) == {"bold", "italic"}
    press(dana, "Control+i")
    assert dana.text_of(SECTION).startswith("**one** two")
    press(dana, "Home", "Shift+End", "Control+b")
    assert dana.text_of(SECTION).startswith("**one two** \n")
    press(dana, "Control+End", "Enter", "Control+b")
    dana.page.keyboard.type("new")
    assert dana.text_of(SECTION).endswith("four\n**new**")


def pressed(dana: Visitor) -> set[str]:
    tools = dana.page.locator(f"[data-card={SECTION}] section-tools [aria-pressed=true]")
    return {each.get_attribute("data-tool") for each in tools.all()} - {None}  # type: ignore[return-value]


def test_a_list_counts_on_goes_out_a_level_and_is_ticked_by_the_keyboard(dana: Visitor) -> None:
    dana.editor(SECTION).click()
    paste(dana, "<ol><li>one</li><li>two</li><li>three</li></ol>")
    press(dana, "Control+Home", "End", "Enter")
    dana.page.keyboard.type("between")
    assert dana.text_of(SECTION) == "1. one\n2. between\n3. two\n4. three"
    dana.clear(SECTION)
    dana.write(SECTION, "- outer")
    press(dana, "Enter")
    dana.page.keyboard.type("inner")
    press(dana, "Control+]", "Enter", "Enter")
    dana.page.keyboard.type("again")
    assert dana.text_of(SECTION) == "- outer\n  - inner\n- again"
    dana.clear(SECTION)
    dana.write(SECTION, "- [ ] belt")
    press(dana, "Control+Enter")
    assert dana.text_of(SECTION) == "- [x] belt"
    press(dana, "Control+Enter")
    assert dana.text_of(SECTION) == "- [ ] belt"


def test_keys_format_and_enter_goes_on_with_a_list(dana: Visitor) -> None:
    dana.write(SECTION, "- first")
    press(dana, "Enter")
    dana.page.keyboard.type("second")
    press(dana, "Enter", "Enter")
    dana.page.keyboard.type("after")
    assert dana.text_of(SECTION) == "- first\n- second\nafter"
    press(dana, "Enter")
    dana.page.keyboard.type("1. one")
    press(dana, "Enter")
    dana.page.keyboard.type("two")
    press(dana, "Control+Shift+ArrowLeft", "Control+b")
    assert dana.text_of(SECTION).endswith("1. one\n2. **two**")


def test_a_link_is_made_by_its_dialog_and_opens_on_a_click(dana: Visitor) -> None:
    dana.write(SECTION, "our page\nend")
    press(dana, "ArrowUp", "Home", "Shift+End", "Control+k")
    dana.page.keyboard.type("javascript:alert(1)")
    press(dana, "Enter")
    assert dana.page.locator("#link-dialog").is_visible()
    dana.page.fill("#link-address", "clinic.example/pool")
    press(dana, "Enter")
    assert dana.text_of(SECTION) == "[our page](https://clinic.example/pool)\nend"
    press(dana, "Control+Home", "ArrowRight", "ArrowRight", "Control+k")
    assert dana.page.input_value("#link-address") == "https://clinic.example/pool"
    dana.page.fill("#link-address", "clinic.example/pool(2)")
    press(dana, "Enter")
    assert dana.text_of(SECTION) == "[our page](https://clinic.example/pool%282%29)\nend"
    press(dana, "Control+End", "Shift+Home")
    paste(dana, "", "https://clinic.example/end")
    assert dana.text_of(SECTION).endswith("\n[end](https://clinic.example/end)")
    press(dana, "Enter")
    with dana.context.expect_page() as opened:
        dana.editor(SECTION).locator(".md-link").first.click()
    assert opened.value.url.startswith(("https://clinic.example/pool", "chrome-error:", "about:blank"))


def test_a_box_is_ticked_by_a_click_and_the_other_sees_it(dana: Visitor, visitor: Visitors, place: Place) -> None:
    dana.write(SECTION, "- [ ] order the belt\n\nend")
    dana.editor(SECTION).locator("input.md-box").click()
    assert dana.text_of(SECTION) == "- [x] order the belt\nend"
    lena = visitor(LENA).board(place)
    box = lena.editor(SECTION).locator("input.md-box")
    box.wait_for()
    assert box.is_checked()
    assert box.is_disabled()


def test_a_word_processors_text_arrives_as_markdown(dana: Visitor) -> None:
    dana.editor(SECTION).click()
    paste(
        dana,
        """<html><head><style>p{color:red}</style></head><body><h1 onclick="alert(1)">Plan</h1>
        <p class=MsoNormal>Twice&nbsp;a <b>week</b>, <span style="font-style: italic">slowly</span>, see <a href="https://clinic.example/x">page</a>
        and <a href="javascript:alert(1)">this</a>.</p><ul><li>squat<ul><li>deep</li></ul></li><li>lift</li></ul>
        <ol><li>one</li><li>two</li></ol><script>alert(1)</script>
        <p class="MsoListParagraph">· from Word</p><table><tr><td>a</td><td>b</td></tr></table></body></html>""",
    )
    # The policy keeps the pasted page's styles and handlers from working, and says so.
    dana.complaints[:] = [complaint for complaint in dana.complaints if "inline" not in complaint]
    text = dana.text_of(SECTION)
    assert text.startswith("## Plan\n\nTwice a **week**, *slowly*, see [page](https://clinic.example/x)")
    assert "- squat\n  - deep\n- lift" in text
    assert "1. one\n2. two" in text
    assert "- from Word" in text
    assert "- a · b" in text
    assert "javascript" not in text
    assert "alert" not in text


def test_undo_takes_back_only_ones_own_words(visitor: Visitors, place: Place) -> None:
    dana, lena = visitor(DANA).board(place), visitor(LENA).board(place)
    dana.clear("understanding")
    dana.write("understanding", "Dana wrote. ")
    lena.waits_for_text("understanding", "Dana wrote.")
    lena.write("understanding", "Lena wrote. ")
    dana.waits_for_text("understanding", "Lena wrote.")
    dana.editor("understanding").click()
    press(dana, "Control+z")
    dana.page.wait_for_timeout(200)
    assert "Dana wrote" not in dana.text_of("understanding")
    assert "Lena wrote. " in dana.text_of("understanding")
    press(dana, "Control+y")
    assert "Dana wrote. " in dana.text_of("understanding")


def test_a_full_section_says_so_and_keeps_what_is_there(dana: Visitor) -> None:
    dana.editor(SECTION).click()
    dana.page.evaluate("text => navigator.clipboard === undefined || text", "")
    paste(dana, f"<p><b>x</b></p><p>{'word ' * 19_000}</p>")
    dana.saved()
    before = dana.text_of(SECTION)
    paste(dana, f"<p><b>y</b></p><p>{'more ' * 4_000}</p>")
    notice = dana.page.locator(".notices .notice")
    notice.wait_for()
    assert "is full" in notice.inner_text()
    assert dana.text_of(SECTION) == before


def test_null_characters_and_foreign_line_ends_do_not_enter(dana: Visitor) -> None:
    dana.editor(SECTION).click()
    dana.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "a\\u0000b\\r\\nc\\rd");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    assert dana.text_of(SECTION) == "ab\nc\nd"
    dana.saved()


def test_tab_leaves_the_editor(dana: Visitor) -> None:
    dana.write(SECTION, "words")
    press(dana, "Tab")
    assert not dana.page.evaluate("document.activeElement.closest('[data-card=physiotherapy] .cm-content')")
    assert dana.text_of(SECTION) == "words"


def test_the_browser_checks_the_spelling_and_hears_a_name(dana: Visitor) -> None:
    editor = dana.editor(SECTION)
    assert editor.get_attribute("spellcheck") == "true"
    assert editor.get_attribute("aria-label") == "Physiotherapy, team's text"
    assert editor.get_attribute("aria-multiline") == "true"


def test_find_looks_through_all_cards_and_gives_the_focus_back(dana: Visitor) -> None:
    dana.write(SECTION, "pelican here")
    dana.editor("flare-up", "plain").click()
    press(dana, "Control+End")
    dana.page.keyboard.type("and a pelican there")
    press(dana, "Control+f")
    dana.page.keyboard.type("PELICAN")
    count = dana.page.locator("find-bar [data-count]")
    assert count.inner_text() == "1 of 2"
    press(dana, "Enter")
    assert count.inner_text() == "2 of 2"
    assert dana.page.locator(".found-now").count() == 1
    press(dana, "Escape")
    assert dana.page.locator("find-bar").is_hidden()
    assert dana.page.locator(".found").count() == 0
    assert dana.page.evaluate("document.activeElement.closest('[data-card=flare-up] .cm-content') !== null")


def test_both_texts_of_a_section_are_switched_in_its_head(dana: Visitor) -> None:
    card = dana.page.locator(f"[data-card={SECTION}]")
    card.get_by_role("button", name="Maria", exact=True).click()
    assert dana.editor(SECTION, "plain").is_visible()
    assert dana.editor(SECTION).is_hidden()
    dana.write(SECTION, "You can lift light things.", kind="plain")
    dana.saved()
    card.get_by_role("button", name="Team", exact=True).click()
    assert dana.editor(SECTION).is_visible()
    assert dana.text_of(SECTION, "plain") == "You can lift light things."
    dana.clear(SECTION)

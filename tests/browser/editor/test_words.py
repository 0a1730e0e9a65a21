"""What enters a text, and what does not: spaces, pastes, foreign letters, too much; and what undo takes back."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.editor.conftest import SECTION, Visitors, paste, press
from tests.personas import DANA, LENA
from tests.realtime.people import Place


def test_a_space_stays_a_space(dana: Visitor) -> None:
    dana.write(SECTION, "two words  here ")
    assert dana.text_of(SECTION) == "two words  here "


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
    # Words typed with half a second between them are taken back one after the other.
    steps = 0
    while "Dana wrote" in dana.text_of("understanding") and steps < 6:
        press(dana, "Control+z")
        steps += 1
    assert dana.text_of("understanding").count("Lena wrote. ") == 1
    assert "Dana wrote" not in dana.text_of("understanding")
    press(dana, *["Control+y"] * steps)
    assert "Dana wrote. " in dana.text_of("understanding")


def test_a_full_section_says_so_and_keeps_what_is_there(dana: Visitor) -> None:
    dana.editor(SECTION).click()
    paste(dana, f"<p><b>x</b></p><p>{'word ' * 19_000}</p>")
    dana.saved()
    before = dana.text_of(SECTION)
    paste(dana, f"<p><b>y</b></p><p>{'more ' * 4_000}</p>")
    notice = dana.page.locator(".notices .notice")
    expect(notice).to_contain_text("is full")
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

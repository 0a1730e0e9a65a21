"""Formatting by buttons, keys and Markdown, for those who know it and those who do not."""

from tests.browser.conftest import Visitor
from tests.browser.editor.conftest import SECTION, Visitors, paste, press
from tests.personas import LENA
from tests.realtime.people import Place


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


def tool(dana: Visitor, name: str) -> None:
    dana.page.click(f"[data-card={SECTION}] section-tools [data-tool={name}]")


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

"""What people type reads well; what attackers type is harmless and quick."""

from html.parser import HTMLParser

import pytest

from richtext import render
from richtext.render import to_html
from richtext.sanitize import ATTRIBUTES, TAGS
from tests.stopwatch import assert_takes


class Tree(HTMLParser):
    """Every element and attribute a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in Tree(html).elements:
        assert tag in TAGS, tag
        for name, value in attributes.items():
            assert name in ATTRIBUTES.get(tag, []), (tag, name)
            if name == "href":
                assert (value or "").split(":")[0].lower() in ("http", "https", "mailto", "tel") or ":" not in (
                    value or ""
                )


def test_what_people_type() -> None:
    html = to_html("## Assessment\nFlexion **40°**, _guarded_\nsecond line\n- one\n  - two\n\n1. first\n\n> said")
    assert "<h3>Assessment</h3>" in html
    assert "<strong>40°</strong>" in html
    assert "<em>guarded</em><br>" in html
    assert html.count("<ul>") == 2
    assert "<ol>" in html
    assert "<blockquote>" in html


def test_checklists_keep_their_boxes() -> None:
    html = to_html("- [ ] open\n- [x] done")
    assert html.count('type="checkbox"') == 2
    assert html.count("checked") == 1
    assert html.count("disabled") == 2
    assert html.count("</label>") == 2
    nested = to_html("- [ ] **open**\n  - [x] [within](https://a.example)\n- none")
    assert '<label><input type="checkbox" disabled> <strong>open</strong>' in nested
    assert nested.count("<label>") == nested.count("</label>") == 2


def test_links_open_only_what_is_safe() -> None:
    assert 'href="https://clinic.example"' in to_html("[us](https://clinic.example)")
    assert 'href="tel:+431"' in to_html("[call](tel:+431)")
    for scheme in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "java\tscript:alert(1)",
    ):
        assert "href" not in to_html(f"[x]({scheme})"), scheme


def test_blocks_need_no_empty_line_around_them() -> None:
    html = to_html("- a\n## Next\n1) b\n---\nend")
    assert "<li>a</li>\n</ul>\n<h3>Next</h3>\n<ol>\n<li>b</li>\n</ol>\n<hr>\n<p>end</p>" in html


def test_text_over_dashes_is_no_heading() -> None:
    assert "<h" not in to_html("a sentence\n---").replace("<hr", "")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<math><mi xlink:href=javascript:alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript&#58;alert(1))",
        "[x](  javascript:alert(1))",
        "[x](\u0001javascript:alert(1))",
        '[x](https://a.example" onmouseover="alert(1))',
        "![x](https://a.example/p.png)",
        "<style>*{display:none}</style>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<b><i><u>never closed",
        "</main></body></html><h1>out",
        "<!-- comment",
        "<![CDATA[<script>alert(1)</script>]]>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "`<script>alert(1)</script>`",
        "> <script>alert(1)</script>",
        "[ref]: javascript:alert(1)\n\n[ref]",
        "<https://a.example><javascript:alert(1)>",
    ],
)
def test_hostile_markup_is_harmless(hostile: str) -> None:
    assert_harmless(to_html(hostile))


LINES = render.MAX_LINES - 1
MANY = render.MAX_MARKS_IN_ALL // 140
"""Paragraphs of 140 marks that are taken for written by a person."""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 20_000, id="brackets"),
        pytest.param("[\n" * 10_000, id="brackets in lines"),
        pytest.param("![](" * 5_000, id="images"),
        pytest.param("<![CDATA[" * 3_000, id="cdata"),
        pytest.param(">" * 10_000, id="quotes"),
        pytest.param("> " * 10_000, id="spaced quotes"),
        pytest.param("*" * 20_000, id="stars"),
        pytest.param("*a **b " * 5_000, id="open stars"),
        pytest.param("_a " * 20_000, id="underscores"),
        pytest.param("`" * 20_000, id="backticks"),
        pytest.param("[a](" * 10_000, id="links"),
        pytest.param(("*_`[" * 99 + "\n") * 200, id="mixed"),
        pytest.param("\n\n".join(["*[" * 70] * MANY), id="many hostile paragraphs"),
        pytest.param("\n".join("- " + "[]()" * 35 for _ in range(MANY)), id="many hostile items"),
        pytest.param("".join("  " * depth + "- a\n" for depth in range(1_000)), id="deep list"),
        pytest.param("---\n" * 49_000, id="rules"),
        pytest.param("---\n" * LINES, id="fewer rules"),
        pytest.param("a\n" * 99_000, id="short lines"),
        pytest.param("a\n" * LINES, id="fewer short lines"),
        pytest.param("> a\n" * 49_000, id="quoted lines"),
        pytest.param("# a\n" * LINES, id="headings"),
        pytest.param("- a\n---\n" * (LINES // 2), id="items and rules"),
        pytest.param("- [ ] a\n" * LINES, id="boxes"),
        pytest.param("- " * 9_999, id="items in one line"),
        pytest.param("> - " * 4_900, id="quotes and items in one line"),
        pytest.param("> - " * (render.MAX_DEPTH // 2) + "a", id="fewer quotes and items in one line"),
        pytest.param("[a](" + "(" * 19_000, id="round brackets"),
        pytest.param("\x02\x03klzzwxh:0001" * 3_000, id="the library's own marks"),
        pytest.param("x" * 200_001, id="long"),
        pytest.param(("word " * 26 + "\n") * LINES, id="a very long ordinary text"),
    ],
)
def test_the_worst_texts_take_less_than_a_second(text: str) -> None:
    assert_takes(1.0, lambda: to_html.__wrapped__(text))  # not what it remembers
    html = to_html(text)
    assert_harmless(html)
    assert html


def test_a_refused_text_is_shown_as_it_is() -> None:
    assert to_html("[" * 20_000).count("[") == 20_000


def test_empty_is_empty_and_letters_of_all_scripts_survive() -> None:
    assert to_html(" \n") == ""
    assert "Kovač 日本 👩‍👩‍👧" in to_html("Kovač 日本 👩‍👩‍👧")

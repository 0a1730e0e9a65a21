"""The words around a hit: marked, escaped, in whole words, and without the signs of Markdown."""

import pytest

from access.search import terms_of
from rendering.snippets import marked, snippet

LONG = "Rest and walk. " * 40 + "Swims **twice** a week, never alone. " + "Rest and walk. " * 40


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("## Plan\n\n- [ ] Empty crate ×8", "crate", "Plan · Empty <mark>crate</mark> ×8"),
        ("Müller's knee", "muller", "<mark>Müller</mark>&#39;s knee"),
        ("Mu\u0308ller", "müll", "<mark>Müller</mark>"),
        ("Take the STRASSE or Straße", "straße", "Take the <mark>STRASSE</mark> or <mark>Straße</mark>"),
        ("<script>alert(1)</script>", "script", "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"),
        ("[the pool](https://pool.example/crate) at 8", "pool", "the <mark>pool</mark> at 8"),
        ("8 or 18 or 80", "at 8", "<mark>8</mark> or 18 or 80"),
        ("concrete crates", "crate", "concrete <mark>crates</mark>"),
        ("snake_case and __bold__ words", "bold case", "snake_<mark>case</mark> and <mark>bold</mark> words"),
        ("nothing of it", "gone", "nothing of it"),
        ("", "gone", ""),
    ],
)
def test_a_hit_is_marked(text: str, query: str, expected: str) -> None:
    assert snippet([text], terms_of(query)) == expected


def test_a_long_text_is_cut_at_whole_words() -> None:
    said = str(snippet([LONG], terms_of("swim")))
    assert "<mark>Swims</mark> twice a week, never alone." in said
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) < 260
    assert set(said.replace("…", "").split()) <= set(LONG.replace("*", "").split()) | {"<mark>Swims</mark>"}


def test_the_first_text_with_a_hit_is_shown() -> None:
    assert snippet(["One", "Two", "Twofold"], terms_of("two")) == "<mark>Two</mark>"


def test_a_long_text_costs_milliseconds() -> None:
    text = "Ä" + "wort " * 40_000 + "Ünter"
    assert "<mark>Ünter</mark>" in snippet([text], terms_of("unter"))


def test_letters_that_no_word_has_mark_nothing() -> None:
    assert marked("a & b", terms_of("&")) == "a &amp; b"

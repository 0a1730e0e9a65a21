"""The checker of patients' texts, on texts of our own."""

import pytest

from richtext.checker import HIGHEST_AGE, Finding, Kind, check
from richtext.jargon import BUILT_IN, SMALL
from richtext.readability import grade, reading_age, syllables
from tests.stopwatch import assert_takes

PLAIN = """## Moving
You practise lifting a crate. It starts empty. You lift it 8 times, every other day.

- Walk for ten minutes after each late shift.
- [ ] Stop for the day if the pain stays up overnight.

Each week you add one kilo. **Dana** shows you how. It may pull a little. That is fine.
"""
HARD = """The multidisciplinary rehabilitation intervention necessitates continuous participation in progressively
intensified functional restoration, notwithstanding intermittent exacerbation of symptomatology attributable
to deconditioning.
Pharmacological optimisation will additionally be individualised considering contraindications and comorbidities."""


def found(text: str, kind: Kind, glossary: dict[str, str] | None = None) -> list[tuple[str, str]]:
    report = check(text, glossary or {})
    for each in report.findings:
        assert text[each.start : each.end] == each.words
    return [(each.words, each.suggestion) for each in report.findings if each.kind is kind]


def test_a_plain_text_has_nothing_to_say_against_it() -> None:
    report = check(PLAIN)
    assert report.findings == ()
    assert report.reading_age is not None
    assert report.reading_age <= 8
    assert report.is_well


def test_a_hard_text_reads_above_the_age_we_write_for() -> None:
    report = check(HARD)
    assert report.is_hard
    assert report.reading_age is not None
    assert report.reading_age > HIGHEST_AGE + 5
    assert not report.is_well


def test_the_formula_is_the_published_one() -> None:
    assert grade(100, 10, 150) == pytest.approx(0.39 * 10 + 11.8 * 1.5 - 15.59)
    assert reading_age(["cat"] * 29, 5) is None
    assert reading_age(["cat"] * 30, 5) == 5  # nobody reads before


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("back", 1),
        ("walked", 1),
        ("wanted", 2),
        ("muscles", 2),
        ("little", 2),
        ("exercise", 3),
        ("every", 2),
        ("people", 2),
        ("carefully", 3),
        ("patient", 2),
        ("medicine", 3),
        ("physiotherapy", 6),
        ("rehabilitation", 6),
        ("diary", 3),
        ("idea", 3),
    ],
)
def test_syllables_are_counted_as_they_are_said(word: str, count: int) -> None:
    assert syllables(word) == syllables(word.upper()) == count


def test_a_sentence_of_more_than_twenty_words_is_long() -> None:
    twenty = "You walk " + "on and on " * 6
    assert found(twenty.strip() + ".", Kind.LONG_SENTENCE) == []
    long = twenty + "today."
    assert found(f"You rest. {long} You rest.", Kind.LONG_SENTENCE) == [(long, "")]
    assert check(long).findings[0].count == 21


def test_lines_items_and_short_forms_end_sentences_as_readers_see_them() -> None:
    listed = "\n".join(f"- walk for ten minutes with number {number}" for number in range(9))
    assert found(listed, Kind.LONG_SENTENCE) == []
    dotted = "You see Dr. Sander at 3 p.m. for about 1.5 hours, e.g. " + "on the next Tuesday of the week " * 2
    (words, _none), *rest = found(dotted, Kind.LONG_SENTENCE)
    assert not rest
    assert words.startswith("You see Dr.")


@pytest.mark.parametrize(
    "text",
    [
        "DO NOT LIFT anything today.",
        "It is OK to watch TV.",
        "You have an MRI (pictures of your back). The MRI takes an hour.",
        "We take pictures of your back (MRI). The MRI takes an hour.",
        "Part II begins.",
        "I walk. A walk.",
        "We use TENS, which means weak current on the skin.",
    ],
)
def test_short_forms_that_everybody_knows_or_that_are_explained_are_fine(text: str) -> None:
    assert found(text, Kind.SHORT_FORM) == []


def test_other_short_forms_are_named_where_they_stand() -> None:
    text = "Your PSFS and PHQ-9 at L4/L5, e.g. **ROM**, approx. 3 wks."
    assert found(text, Kind.SHORT_FORM) == [
        ("PSFS", ""),
        ("PHQ-9", ""),
        ("L4/L5", "your lower back"),
        ("e.g.", "for example"),
        ("ROM", ""),
        ("approx.", "about"),
        ("wks", "weeks"),
    ]
    assert [each.words for each in check(text).findings if each.fits] == ["e.g.", "approx.", "wks"]


def test_words_of_the_trade_get_plain_words_and_the_clinics_go_first() -> None:
    text = "Hydrotherapy and graded\nexposure. Our cues help."
    assert found(text, Kind.JARGON) == [
        ("Hydrotherapy", "exercises in warm water"),
        ("graded\nexposure", "practising feared moves in small steps"),
    ]
    own = {"hydrotherapy": "the pool on Mondays", "Cue": "sign"}
    assert found(text, Kind.JARGON, own) == [
        ("Hydrotherapy", "the pool on Mondays"),
        ("graded\nexposure", "practising feared moves in small steps"),
        ("cues", "sign"),
    ]


def test_what_is_explained_at_once_is_explained_from_then_on() -> None:
    assert found("Pacing (sharing out your strength) helps. Try pacing.", Kind.JARGON) == []
    assert found("Try pacing. Pacing (sharing out your strength) helps.", Kind.JARGON) != []


def test_marks_of_format_and_addresses_are_not_read() -> None:
    text = "See [our **pool**](https://clinic.example/HYDROTHERAPY-PSFS) or write to MRI@clinic.example."
    assert check(text).findings == ()


def test_places_hold_behind_letters_outside_the_plane() -> None:
    text = "😀😀 Hydrotherapy 😀"
    assert check(text).findings == (Finding(Kind.JARGON, 3, 15, "Hydrotherapy", "exercises in warm water", True),)


def test_our_glossary_is_plain_itself() -> None:
    assert 100 <= len(BUILT_IN) <= 200
    for term, words in [*BUILT_IN.items(), *SMALL.items()]:
        assert term == term.lower()
        assert not check(words).findings, (term, words)


@pytest.mark.parametrize("text", ["", " \n", "*" * 5_000, "(" * 5_000, "a." * 5_000, "A " * 5_000, "[" * 5_000])
def test_nothing_odd_takes_long(text: str) -> None:
    assert_takes(1.0, lambda: check(text), of=text[:20])

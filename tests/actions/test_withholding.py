"""What is withheld stands nowhere, in any case, with any accents, between any punctuation; and what is not, stays."""

from datetime import UTC, datetime

import pytest

from actions.exports.withholding import Ground, Withholding, is_enough

OTHERS, HARM = Ground.OTHERS, Ground.HARM


def given(text: str, *words: str) -> str:
    return str(Withholding([(each, OTHERS) for each in words], {}).entry({"id": "documents:1", "text": text})["text"])


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("Her brother Péter drinks.", "peter", "Her brother [] drinks."),
        ("Her brother **Pe\u0301ter** drinks.", "Péter drinks", "Her brother **[]."),
        ("Peter's car, PETERS car, ex-Peter", "Peter", "[]'s car, [] car, ex-[]"),
        ("brother\n\n- _Peter_, drinks", "brother peter", "[]_, drinks"),
        ("Pe**ter** came", "Peter", "[]** came"),
        ("Pe\u00adter and Pe\u200bter", "Peter", "[] and []"),
        ("Ann, Anna and Annie planned a manner", "Ann", "[], [] and [] planned a manner"),
        ("the stepbrother", "brother", "the []"),
        ('says "I hit him"', "i hit him", 'says "[]"'),
        ("Straße 7, STRASSE 7", "Strasse 7", "[], []"),
        ("Müller 😀 Müller", "muller", "[] 😀 []"),
        ("Đorđe, Łukasz, Søren", "Dorde", "[], Łukasz, Søren"),
        ("Đorđe, Łukasz, Søren", "LUKASZ", "Đorđe, [], Søren"),
        ("Đorđe, Łukasz, Søren", "soren", "Đorđe, Łukasz, []"),
        ("her [brother](https://aa.example/help) drinks", "her brother drinks", "[]"),
        ("her brother&nbsp;drinks", "brother drinks", "her []"),
        ("peter:5550100", "Peter", "[]:5550100"),
        ("tasks:0555", "0555", "tasks:[]"),
        ("Nothing here", "Peter", "Nothing here"),
        ("a.b*c", "a.b*c", "[]"),
        ("Peter drinks and Peter sleeps", "Peter drinks", "[] and Peter sleeps"),
    ],
)
def test_words_are_found_however_they_are_written(text: str, words: str, said: str) -> None:
    assert given(text, words) == said.replace("[]", OTHERS.mark)


def test_words_that_look_like_an_id_are_withheld_with_their_entry() -> None:
    withheld = Withholding([], {"comments:1": HARM})
    assert withheld.entry({"id": "comments:1", "thread": "threads:2", "body": "hiv:1"})["body"] == HARM.mark


def test_words_within_others_and_side_by_side() -> None:
    assert given("Peter Nagy drinks", "Nagy drinks", "Peter Nagy") == f"{OTHERS.mark}"
    assert given("PeterNagy", "Peter", "Nagy") == OTHERS.mark


def test_all_values_are_looked_through_and_those_of_the_house_stay() -> None:
    withheld = Withholding([("Peter", HARM)], {})
    now = datetime(2026, 11, 24, tzinfo=UTC)
    entry = {
        "id": "task_changes:1",
        "task": "tasks:1",
        "at": now,
        "before": {"title": "Call Peter", "tags": ["peter", 3, None]},
        "by": {"person": 1, "name": "Peter Nagy"},
        "sha256": "ab",
    }
    told = withheld.entry(entry)
    assert told["before"] == {"title": f"Call {HARM.mark}", "tags": [HARM.mark, 3, None]}
    assert (told["id"], told["task"], told["at"]) == ("task_changes:1", "tasks:1", now)
    assert told["by"]["name"] == f"{HARM.mark} Nagy"
    assert told["sha256"] is None, "a hash would let the words be guessed"
    assert withheld.places["Peter"] == 3
    assert Withholding([], {}).entry(entry) == entry


def test_an_entry_goes_with_what_hangs_on_it_and_its_words_everywhere() -> None:
    rows = [
        {"id": "version_texts:1/2", "version": "versions:1", "document": "documents:2", "text": "x", "title": "Eating"},
        {"id": "threads:7", "document": "documents:1", "quote": "walks", "kind": "discussion"},
        {"id": "comments:5", "thread": "threads:7", "body": "Her brother drinks a lot. Ask."},
        {"id": "comments:6", "thread": "threads:7", "body": "I will."},
        {"id": "comment_edits:1", "comment": "comments:5", "body": "Her brother drinks."},
        {"id": "tasks:1", "title": "her brother DRINKS a lot", "details": "Ask."},
    ]
    withheld = Withholding([], {"comments:5": OTHERS, "documents:2": HARM})
    for row in rows:
        withheld.learn(row)
    told = {row["id"]: withheld.entry(row) for row in rows}
    assert told["comments:5"]["body"] == told["comment_edits:1"]["body"] == OTHERS.mark
    assert told["tasks:1"] == {"id": "tasks:1", "title": OTHERS.mark, "details": "Ask."}
    assert told["comments:6"] == rows[3]
    assert told["threads:7"] == rows[1]
    assert told["version_texts:1/2"]["text"] == HARM.mark


def test_too_few_letters_are_refused() -> None:
    assert not is_enough("a.")
    assert not is_enough("  ... ")
    assert is_enough("Ann")

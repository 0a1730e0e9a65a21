"""Bad words in discussions and tasks: a message beside the field and what was typed, with and without scripts."""

import re

import pytest
from flask import Flask

from tests.blueprints.talking import FETCH, Talk, errors, maria
from tests.personas import DANA, OTTO, RAVI

LONG = "long  words\r\n" * 1_800
"""Over 20 kB."""
TOO_LONG = "At most 20 kB."
EMPTY = "Please fill this in."


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


def message_beside(page: str, name: str) -> str:
    """The message that a field's `aria-describedby` names; the field must be marked as invalid."""
    field = re.search(rf'<(?:input|textarea|select)\b[^>]*\bname="{name}"[^>]*aria-invalid="true"[^>]*>', page)
    field = field or re.search(rf'<(?:input|textarea|select)\b[^>]*aria-invalid="true"[^>]*\bname="{name}"[^>]*>', page)
    assert field is not None, f"{name} is not marked: {page[:3000]}"
    ids = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert ids is not None, field[0]
    said = re.search(rf'<span class="error" id="{ids[1].split()[-1]}"[^>]*>([^<]*)</span>', page)
    assert said is not None, ids[1]
    return said[1]


def kept(page: str, words: str) -> bool:
    """Whether a text area or a field of the page holds these words, with whatever line ends."""
    areas = {_lines(each) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)}
    return _lines(words) in areas or f'value="{words}"' in page


def _lines(words: str) -> str:
    return words.replace("\r\n", "\n").strip()


@pytest.mark.parametrize(
    ("body", "said"),
    [(" ", EMPTY), (LONG, TOO_LONG), ("Ask @Nobody at once", "Nobody in the care team is called Nobody")],
    ids=["empty", "long", "unknown"],
)
def test_in_discussions(browser, talk: Talk, body: str, said: str) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    ids = talk.opened(dana)
    of_thread = talk.thread(ids)
    for path, more in (
        (talk.threads, {"kind": "discussion", "quote": "Kept quote"}),
        (f"{of_thread}/comments", {}),
        (f"{of_thread}/comments/{ids['comment']}", {}),
    ):
        sent = {"body": body, **more}
        assert said in errors(talk.send(dana, path, sent))["body"]
        answer = dana.post(path, sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in message_beside(page, "body")
        assert all(kept(page, words) for name, words in sent.items() if name != "kind")


def test_when_a_suggestion_is_declined(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    document = talk.document("physiotherapy")
    ids = talk.opened(browser(RAVI), kind="suggestion", document=document, quote="Plan", replacement="Next", body="")
    for words, said in ((" ", EMPTY), (LONG, TOO_LONG)):
        path = f"{talk.thread(ids)}/refusal"
        assert said in errors(talk.send(dana, path, {"words": words}))["words"]
        page = dana.post(path, {"words": words}).get_data(as_text=True)
        assert said in message_beside(page, "words")
        assert kept(page, words)


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("title", " ", "Write what is to be done."),
        ("title", "x" * 201, "At most 200 characters."),
        ("details", LONG, "At most 20000 characters."),
        ("assignee", "a stranger", "This person is not in the care team."),
        ("due", "23 Nov 2026", "This day has passed."),
    ],
    ids=["empty", "long title", "long details", "foreign", "past"],
)
def test_in_tasks(browser, talk: Talk, name: str, words: str, said: str) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    tasks = f"/patients/{talk.patient}/tasks"
    sound = {"title": "Call the GP", "assignee": f"user:{talk.person(RAVI)}", "priority": "normal", "details": "Today"}
    assert dana.post(tasks, sound).status_code == 303
    sent = {**sound, "title": "Kept title", name: f"user:{talk.person(OTTO)}" if name == "assignee" else words}
    by_script = dana.post(tasks, sent, headers=FETCH)
    assert (by_script.status_code, said in by_script.get_data(as_text=True)) == (409, True)
    for path in (tasks, f"{tasks}/1"):
        answer = dana.post(path, sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in message_beside(page, name)
        assert all(kept(page, str(sent[each])) for each in ("title", "details", "due") if each in sent)
        assert "Otto" not in page

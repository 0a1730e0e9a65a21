"""Discussions through their pages and fragments: begun, answered, changed, resolved; bad input keeps its words."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from models.notification import NoticeKind, Notification
from models.thread import Comment, CommentEdit, Thread
from tests.blueprints.talking import FETCH, Talk, errors, maria
from tests.databases.kinds import both
from tests.personas import AINO, CORA, DANA, LENA, OTTO, RAVI, patient_id

pytestmark = both
ANCHOR = json.dumps({"start": {"tname": "body"}, "end": {"tname": "body"}, "epoch": 1})


@pytest.fixture
def talk(app: Flask) -> Talk:
    return maria(app)


def told(talk: Talk, kind: NoticeKind) -> set[str]:
    """Who was told of something of this kind, by name."""
    people = {talk.person(each): each.name for each in (DANA, LENA, RAVI, AINO, CORA, OTTO)}
    return {people[row[0]] for row in talk.rows(select(Notification.user_id).where(Notification.kind == kind))}


def test_a_comment_on_words_stands_beside_the_plan(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    aino, dana = browser(AINO), browser(DANA)
    document = talk.document("physiotherapy")
    ids = talk.opened(
        aino, document=document, quote="Assessment", before="## ", after="\r\n", anchor=ANCHOR, body="**Late** shifts?"
    )
    page = dana.get(talk.plan).get_data(as_text=True)
    assert f'id="thread-{ids["thread"]}"' in page
    assert "<strong>Late</strong> shifts?" in page
    assert "1 open comment" in talk.fragment(dana, "head-physiotherapy")
    marks = talk.fragment(dana, f"marks-{document}")
    assert 'data-quote="Assessment"' in marks
    assert '"epoch": 1}' in marks
    assert talk.rows(select(Thread.after)) == [("\n",)]
    assert "data-unread" in talk.fragment(dana, f"thread-{ids['thread']}")
    assert "data-unread" not in talk.fragment(aino, f"thread-{ids['thread']}")


def test_a_plain_form_leads_back_to_the_thread_on_the_board(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    assert "On these words" in dana.get(f"{talk.threads}/new?quote=Plan").get_data(as_text=True)
    answer = dana.post(talk.threads, {"kind": "discussion", "body": "Who calls the GP?"})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/plan?thread=1#thread-1")
    shown = dana.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Who calls the GP?" in shown
    replied = dana.post(f"{talk.threads}/1/comments", {"body": "I do.", "back": "page"})
    assert replied.headers["Location"].endswith("/plan/threads/1")
    assert "I do." in dana.get(replied.headers["Location"]).get_data(as_text=True)


def test_bad_words_are_refused_beside_their_field_and_kept(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)

    def refused(**fields: object) -> dict[str, str]:
        return errors(talk.send(dana, talk.threads, {"kind": "discussion", "body": "Yes.", **fields}))

    assert set(refused(body="  ")) == {"body"}
    assert set(refused(body="ü" * 10_001)) == {"body"}
    assert "Zoe" in refused(body="Ask @Zoe")["body"]
    assert set(refused(mentions=str(talk.person(OTTO)))) == {"mentions"}
    assert set(refused(document=talk.document("nutrition", name="Ines Duarte"))) == {"document"}
    assert set(refused(document="x")) == {"document"}
    assert set(refused(anchor="[" * 1_500)) == {"anchor"}
    assert set(refused(anchor=json.dumps({"start": "x" * 2_000, "end": 1}))) == {"anchor"}
    assert set(refused(kind="question")) == {"discipline"}
    assert set(refused(kind="question", discipline="999")) == {"discipline"}
    assert set(refused(kind="conflict")) == {"document", "other_section"}
    physiotherapy = talk.document("physiotherapy")
    assert set(refused(kind="conflict", document=physiotherapy, other_section="physiotherapy")) == {"other_section"}
    assert set(refused(kind="conflict", document=physiotherapy, other_section="none")) == {"other_section"}
    assert set(refused(kind="suggestion", document=physiotherapy)) == {"quote"}
    assert set(refused(kind="suggestion", document=physiotherapy, quote="a", replacement="a")) == {"replacement"}
    assert set(refused(task="77")) == {"task"}
    assert set(refused(kind="shout")) == {"kind"}
    page = dana.post(talk.threads, {"kind": "question", "body": "Is @Zoe here?", "quote": "Plan"})
    text = page.get_data(as_text=True)
    assert page.status_code == 422
    assert "Is @Zoe here?</textarea>" in text
    assert "Plan</textarea>" in text
    assert talk.rows(select(Thread.id)) == []


def test_a_reply_that_is_refused_comes_back_with_its_words(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana = browser(DANA)
    ids = talk.opened(dana)
    answer = dana.post(f"{talk.thread(ids)}/comments", {"body": "Ask @Nobody please"})
    assert answer.status_code == 422
    assert "Ask @Nobody please</textarea>" in answer.get_data(as_text=True)
    assert "Nobody in the care team is called Nobody" in answer.get_data(as_text=True)
    assert errors(talk.send(dana, f"{talk.thread(ids)}/comments", {"body": ""})).keys() == {"body"}


def test_whom_a_comment_concerns_is_told_once(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana, lena = browser(DANA), browser(LENA)
    ids = talk.opened(dana, body="See @lena moreau, and @Aino.", mentions=[str(talk.person(RAVI))])
    assert told(talk, NoticeKind.MENTION) == {LENA.name, AINO.name, RAVI.name}
    shown = talk.fragment(lena, f"thread-{ids['thread']}")
    assert '<b class="mention">@lena moreau</b>' in shown
    talk.send(lena, f"{talk.thread(ids)}/comments", {"body": "@Dana yes"})
    assert told(talk, NoticeKind.REPLY) == {AINO.name, RAVI.name}
    assert DANA.name in told(talk, NoticeKind.MENTION)
    talk.send(dana, f"{talk.thread(ids)}/comments", {"body": "Thanks"})
    assert told(talk, NoticeKind.REPLY) == {AINO.name, RAVI.name, LENA.name}


def test_a_question_shows_on_the_section_of_who_is_asked(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana, ravi = browser(DANA), browser(RAVI)
    ids = talk.opened(
        dana,
        kind="question",
        document=talk.document("psychology"),
        quote="Plan",
        discipline=talk.discipline("pain-management"),
        body="Does the taper go on?",
    )
    assert told(talk, NoticeKind.QUESTION) == {RAVI.name}
    for section in ("psychology", "pain-management"):
        head = talk.fragment(ravi, f"head-{section}")
        assert "Question for Pain management" in head
        assert f"#thread-{ids['thread']}" in head
    assert "Question" not in talk.fragment(ravi, "head-nutrition")
    assert talk.listed(ravi, "?threads=mine") == [ids["thread"]]
    assert talk.send(ravi, f"{talk.thread(ids)}/resolution").status_code == 204
    assert "Question" not in talk.fragment(ravi, "head-psychology")


def test_a_conflict_shows_on_both_cards_until_resolved(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    aino, dana = browser(AINO), browser(DANA)
    document = talk.document("physiotherapy")
    ids = talk.opened(aino, kind="conflict", document=document, quote="rest on bad days", other_section="psychology")
    assert told(talk, NoticeKind.CONFLICT) == {DANA.name, LENA.name}
    assert "Conflict with Psychology" in talk.fragment(dana, "head-physiotherapy")
    assert "Conflict with Physiotherapy" in talk.fragment(dana, "head-psychology")
    assert talk.listed(dana, "?section=psychology") == [ids["thread"]]
    assert talk.listed(dana, "?section=nutrition") == []
    talk.send(dana, f"{talk.thread(ids)}/resolution")
    assert "Conflict" not in talk.fragment(dana, "head-psychology")
    shown = talk.fragment(dana, f"thread-{ids['thread']}")
    assert "rest on bad days" in shown
    assert "Resolved by Dana Osei" in shown


def test_resolving_reopening_and_answering_what_is_resolved(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana, lena = browser(DANA), browser(LENA)
    ids = talk.opened(dana)
    assert talk.send(lena, f"{talk.thread(ids)}/resolution").status_code == 204
    assert talk.listed(dana) == []
    assert talk.listed(dana, "?threads=resolved") == [ids["thread"]]
    assert talk.listed(dana, f"?thread={ids['thread']}") == [ids["thread"]]
    headers = {"X-CSRFToken": dana.token(), "Referer": dana.base + "/", **FETCH}
    removed = dana.client.delete(f"{talk.thread(ids)}/resolution", base_url=dana.base, headers=headers)
    assert removed.status_code == 204
    assert talk.listed(dana) == [ids["thread"]]
    lena.post(f"{talk.thread(ids)}/resolution")
    dana.post(f"{talk.thread(ids)}/resolution/removal")
    assert talk.listed(dana) == [ids["thread"]]
    lena.post(f"{talk.thread(ids)}/resolution")
    talk.send(dana, f"{talk.thread(ids)}/comments", {"body": "One thing more"})
    assert talk.listed(dana) == [ids["thread"]]


def test_ones_own_words_change_and_their_former_wording_is_kept(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana, lena = browser(DANA), browser(LENA)
    ids = talk.opened(dana, body="Hold at 2 kg")
    comment = f"{talk.thread(ids)}/comments/{ids['comment']}"
    assert talk.send(lena, comment, {"body": "Mine now"}).status_code == 403
    assert talk.send(dana, comment, {"body": "Hold at 3 kg, @Ravi"}).status_code == 204
    assert told(talk, NoticeKind.MENTION) == {RAVI.name}
    assert "edited" in talk.fragment(lena, f"thread-{ids['thread']}")
    former = lena.get(f"{comment}/wordings").get_data(as_text=True)
    assert "Hold at 2 kg" in former
    assert "Hold at 3 kg" in former
    assert errors(talk.send(dana, comment, {"body": ""})).keys() == {"body"}
    talk.send(dana, comment, {"body": "Hold at 3 kg, @Ravi"})
    assert len(talk.rows(select(CommentEdit.id))) == 1
    page = dana.post(comment, {"body": "and @Nemo"}).get_data(as_text=True)
    assert "and @Nemo</textarea>" in page


def test_a_withdrawn_comment_is_shown_to_nobody_and_comes_back_within_ten_seconds(browser, talk: Talk, clock) -> None:  # type: ignore[no-untyped-def]
    dana, lena = browser(DANA), browser(LENA)
    ids = talk.opened(dana, body="Too blunt")
    comment = f"{talk.thread(ids)}/comments/{ids['comment']}"
    assert talk.send(lena, f"{comment}/withdrawal").status_code == 403
    assert talk.send(dana, f"{comment}/withdrawal").status_code == 204
    assert talk.listed(lena) == []
    assert talk.listed(lena, "?threads=resolved") == []
    for persona in (dana, lena):
        assert "Too blunt" not in talk.fragment(persona, f"thread-{ids['thread']}")
    assert lena.get(f"{comment}/wordings").status_code == 404
    clock.advance(seconds=9)
    assert "Undo" in talk.fragment(dana, f"thread-{ids['thread']}")
    dana.post(f"{comment}/withdrawal/removal")
    assert "Too blunt" in talk.fragment(lena, f"thread-{ids['thread']}")
    assert talk.listed(lena) == [ids["thread"]]
    talk.send(dana, f"{comment}/withdrawal")
    clock.advance(seconds=30)
    assert talk.send(dana, f"{comment}/withdrawal/removal").status_code == 422
    assert talk.rows(select(Comment.body)) == [("Too blunt",)]


def test_filters_and_reading(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    dana, lena, ravi = browser(DANA), browser(LENA), browser(RAVI)
    first = talk.opened(dana, document=talk.document("physiotherapy"), quote="Plan")["thread"]
    second = talk.opened(lena, body="@Ravi, the sleep diary")["thread"]
    assert talk.listed(ravi) == [second, first]
    assert talk.listed(ravi, "?threads=mentions") == [second]
    assert talk.listed(ravi, "?threads=mine") == []
    assert talk.listed(dana, "?threads=mine") == [first]
    assert talk.listed(ravi, "?section=physiotherapy&threads=nonsense&shown=x&thread=99999999999") == [first]
    assert talk.fragment(ravi, "threads").count("data-new>") == 2
    talk.send(ravi, f"{talk.threads}/{first}/read")
    ravi.get(f"{talk.threads}/{second}")
    assert "data-new>" not in talk.fragment(ravi, "threads")
    talk.send(dana, f"{talk.threads}/{first}/comments", {"body": "And now?"})
    assert "data-new>" in talk.fragment(ravi, f"thread-{first}")


def test_strangers_see_none_of_it(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    ids = talk.opened(browser(DANA), body="canary-31d7")
    otto = browser(OTTO)
    for path in (talk.thread(ids), f"{talk.plan}/fragments/threads", f"{talk.plan}/fragments/thread-{ids['thread']}"):
        answer = otto.get(path)
        assert answer.status_code == 404
        assert "canary-31d7" not in answer.get_data(as_text=True)
    with talk.app.app_context():
        ines = patient_id("Ines Duarte")
    assert otto.get(f"/patients/{ines}/plan/threads/{ids['thread']}").status_code == 404


def test_a_coordinator_comments_and_suggests_nothing(browser, talk: Talk) -> None:  # type: ignore[no-untyped-def]
    """Whoever may suggest is offered it; for the others it is neither offered nor taken."""
    cora, lena = browser(CORA), browser(LENA)
    ids = talk.opened(cora, body="Measures are five weeks old")
    fields = {"kind": "suggestion", "document": talk.document("physiotherapy"), "quote": "Next", "replacement": "Then"}
    assert talk.send(cora, talk.threads, fields).status_code == 403
    assert cora.post(talk.threads, fields).status_code == 403
    assert talk.rows(select(Thread.id)) == [(ids["thread"],)]
    offered = 'value="suggestion"'
    for page in (f"{talk.threads}/new", talk.plan):
        assert offered in lena.get(page).get_data(as_text=True)
        assert offered not in cora.get(page).get_data(as_text=True)
    assert talk.send(lena, talk.threads, fields).status_code == 201

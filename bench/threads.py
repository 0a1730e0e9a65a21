"""The board of a plan with 500 threads: statements and latency of the page and of what a change refreshes.

Run as `python -m bench threads`. The application serves in-process; what is timed is the whole request.
"""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from bench import pages
from models.base import db
from models.plan import Plan, Section, SectionDocument
from models.thread import Comment, Mention, Suggestion, Thread, ThreadKind
from tests import personas

THREADS = 500
COMMENTS = 4
ANCHOR = {"start": {"type": None, "tname": "body", "item": {"client": 7, "clock": 7}}, "end": {"tname": "body"}}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = pages.clinic(Path(folder))
        with app.app_context():
            newest = fill("Maria Kovač")
            board = f"/patients/{personas.patient_id('Maria Kovač')}/plan"
            document = personas.documents_of("Maria Kovač")[0]
            client = pages.signed_in(app)
        print(f"{THREADS} open threads of {COMMENTS} comments on one plan, {pages.REQUESTS} requests each, in-process")
        for name, path in (
            ("board", board),
            ("list of threads", f"{board}/fragments/threads"),
            ("one thread", f"{board}/fragments/thread-{newest}"),
            ("head of a section", f"{board}/fragments/head-physiotherapy"),
            ("marks of a text", f"{board}/fragments/marks-{document}"),
            ("list of those that mention", f"{board}/fragments/threads?threads=mentions"),
        ):
            size = len(client.get(path, base_url=app.extensions["consilium"].settings.public_url).data)
            pages.report(f"{name} ({size / 1000:.0f} kB)", app, client, path)
        app.extensions["consilium"].shutdown()


def fill(patient: str, threads: int = THREADS) -> int:
    """Open threads of every kind on the texts of a plan, in bulk; the id of the newest."""
    session, now = db.session, datetime.now(UTC) - timedelta(days=1)
    people = [personas.user(each).id for each in (personas.DANA, personas.LENA, personas.RAVI, personas.AINO)]
    plan_id = session.scalars(select(Plan.id).where(Plan.patient_id == personas.patient_id(patient))).one()
    places = session.execute(
        select(Section.id, Section.discipline_id, SectionDocument.document_id)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .where(Section.plan_id == plan_id)
        .order_by(Section.position, SectionDocument.kind)
    ).all()
    kinds = list(ThreadKind)
    rows = [
        {
            "plan_id": plan_id,
            "kind": kinds[number % 4 if number % 3 == 0 else 0],
            "section_id": places[number % len(places)].id,
            "document_id": places[number % len(places)].document_id,
            "discipline_id": places[4].discipline_id if number % 12 == 9 else None,
            "other_section_id": places[(number + 5) % len(places)].id if number % 12 == 6 else None,
            "anchor": ANCHOR,
            "quote": f"Walks ten minutes without stopping, {number}",
            "before": "- ",
            "after": ", and rests between.",
            "opened_at": now + timedelta(seconds=number),
            "opened_by_id": people[number % 4],
            "changed_at": now + timedelta(seconds=number),
        }
        for number in range(threads)
    ]
    for row in rows:
        if row["kind"] == ThreadKind.CONFLICT and row["other_section_id"] is None:
            row["kind"] = ThreadKind.DISCUSSION
    ids = list(session.scalars(insert(Thread).returning(Thread.id), rows))
    suggested = [each for each, row in zip(ids, rows, strict=True) if row["kind"] == ThreadKind.SUGGESTION]
    if suggested:
        session.execute(
            insert(Suggestion),
            [{"thread_id": each, "replacement": "Walks twenty minutes", "words": ""} for each in suggested],
        )
    session.execute(
        insert(Comment), [_comment(each, number, people, now) for each in ids for number in range(COMMENTS)]
    )
    asked = session.scalars(select(Comment.id).where(Comment.thread_id.in_(ids[::10]))).all()
    if asked:
        session.execute(insert(Mention), [{"comment_id": each, "user_id": people[0]} for each in asked])
    session.commit()
    return ids[-1]


def _comment(thread_id: int, number: int, people: list[int], now: datetime) -> dict[str, object]:
    body = (
        f"@Dana Osei, is that **still so** in week {thread_id}?"
        if number % 2 == 0
        else f"Yes, I asked again: {thread_id}."
    )
    return {"thread_id": thread_id, "author_id": people[(thread_id + number) % 4], "body": body, "at": now}


if __name__ == "__main__":
    main()

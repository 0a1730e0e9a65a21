"""Comments and tasks in bulk, over all patients of a clinic: what years of use leave for a search to look through."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from models.base import db
from models.patient import CareTeamMember
from models.plan import Plan
from models.task import Priority, Task, TaskState
from models.thread import Comment, Thread, ThreadKind

EACH = 10_000
"""Threads of three comments, and as many tasks."""
SAID = (
    "Does the plan still say ten minutes without stopping? She walks fifteen now.",
    "I asked her on Tuesday: the water is warm enough, swimming goes well.",
    "Then let us assess the stairs again before the review, and write down the graded steps.",
)
TO_DO = ("Call the GP about the letter", "Send pool times", "Assess the stairs", "Ask about sleep and pain at night")


def add() -> None:
    """Call it in a context; what is there already is left as it is."""
    session, now = db.session, datetime.now(UTC) - timedelta(days=2)
    if (session.scalar(select(func.count()).select_from(Task)) or 0) >= EACH:
        return
    plans = session.execute(
        select(Plan.id, func.min(CareTeamMember.user_id))
        .join(CareTeamMember, CareTeamMember.patient_id == Plan.patient_id)
        .where(CareTeamMember.until.is_(None))
        .group_by(Plan.id)
        .order_by(Plan.id)
    ).all()
    places = [plans[number % len(plans)] for number in range(EACH)]
    threads = [
        {
            "plan_id": plan,
            "kind": ThreadKind.DISCUSSION,
            "anchor": None,
            "quote": f"Walks ten minutes without stopping, {number}",
            "before": "",
            "after": "",
            "opened_at": now,
            "opened_by_id": who,
            "changed_at": now,
        }
        for number, (plan, who) in enumerate(places)
    ]
    ids = session.scalars(insert(Thread).returning(Thread.id), threads).all()
    said = [
        {"thread_id": thread, "author_id": who, "body": f"{body} ({thread})", "at": now}
        for thread, (_plan, who) in zip(ids, places, strict=True)
        for body in SAID
    ]
    session.execute(insert(Comment), said)
    tasks = [
        {
            "plan_id": plan,
            "title": f"{TO_DO[number % len(TO_DO)]}, {number}",
            "details": "As agreed.",
            "plain_text": "",
            "priority": Priority.NORMAL,
            "assignee_id": who,
            "for_patient": False,
            "state": TaskState.OPEN,
            "reason": "",
            "created_at": now,
            "created_by_id": who,
            "changed_at": now,
        }
        for number, (plan, who) in enumerate(places)
    ]
    session.execute(insert(Task), tasks)
    session.commit()

"""Tells people of what concerns them: rows that are committed with what they tell of."""

from actions.unit_of_work import Work
from models.notification import NoticeKind, Notification


def tell(
    work: Work,
    user_ids: frozenset[int],
    kind: NoticeKind,
    patient_id: int,
    *,
    thread_id: int | None = None,
    comment_id: int | None = None,
    task_id: int | None = None,
) -> None:
    """Tell people once each; nobody is told of what they did themselves."""
    by = work.actor.user_id if work.actor else None
    for user_id in sorted(user_ids - {by}):
        work.session.add(
            Notification(
                user_id=user_id,
                kind=kind,
                patient_id=patient_id,
                thread_id=thread_id,
                comment_id=comment_id,
                task_id=task_id,
                by_id=by,
                at=work.now,
            )
        )

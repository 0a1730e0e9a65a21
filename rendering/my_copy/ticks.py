"""What was ticked of the patient's tasks, day by day."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from actions.exports.sealed import Entry
from models.base import db
from models.publication import Publication
from models.task import Task
from models.tick import Tick
from models.version import VersionTask
from rendering.filters import long_day
from rendering.my_copy.piece import About, Piece, Shown, as_day
from rendering.my_week import reason


def _entries(about: About) -> Iterator[Entry]:
    """The task is told in the words that were published last; one that never was is told without."""
    published = (
        select(VersionTask.plain_text)
        .join(Publication, Publication.version_id == VersionTask.version_id)
        .where(VersionTask.task_id == Tick.task_id, Publication.plan_id == about.plan_id)
        .order_by(Publication.number.desc())
        .limit(1)
        .correlate(Tick)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Tick, published)
        .join(Task, Task.id == Tick.task_id)
        .where(Task.plan_id == about.plan_id)
        .order_by(Tick.day.desc(), Tick.id.desc())
        .options(joinedload(Tick.told_to), joinedload(Tick.by))
    ).unique()
    for row, task in rows:
        yield {
            "id": f"tick:{row.id}",
            "task": task or "",
            "on": row.day.isoformat(),
            "done": row.is_done,
            "reason": row.reason,
            "words": row.words,
            "told_by": row.told_by,
            "told_to": row.told_to.name if row.told_to else None,
            "written_by": row.by.name,
            "written_at": row.at.isoformat(),
            "taken_back_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }


def _show(entry: Entry) -> Shown:
    said = _("done") if entry["done"] else _("not done")
    why = reason(entry["reason"])
    about = [f"{said}, {why}" if why else said]
    if entry["told_to"]:
        about.append(_("Told to %(who)s.", who=entry["told_to"]))
    if entry["taken_back_at"]:
        about.append(_("Taken back."))
    return Shown(
        f"{long_day(as_day(entry['on']))}: {entry['task'] or _('a task of your team')}", about, quote=entry["words"]
    )


PIECE = Piece(
    "ticks",
    lambda about: str(
        _("What you ticked of your tasks")
        if about.is_own
        else _("What was ticked of %(name)s’s tasks", name=about.name)
    ),
    lambda _about: str(_("Nothing was ticked yet.")),
    _entries,
    _show,
)

"""What the patient said to each plan."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from actions.exports.sealed import Entry
from models.base import db
from models.publication import PatientAnswer, Publication
from rendering.filters import long_day
from rendering.my_copy.piece import About, Piece, Shown, as_day


def _entries(about: About) -> Iterator[Entry]:
    rows = db.session.execute(
        select(PatientAnswer, Publication.number)
        .join(Publication, Publication.id == PatientAnswer.publication_id)
        .where(PatientAnswer.plan_id == about.plan_id)
        .order_by(PatientAnswer.id.desc())
        .options(joinedload(PatientAnswer.by))
    ).unique()
    for row, number in rows:
        yield {
            "id": f"answer:{row.id}",
            "to_plan": number,
            "answer": row.kind,
            "words": row.words,
            "how": row.way,
            "told_by": row.told_by,
            "on": row.answered_on.isoformat(),
            "written_by": row.by.name,
            "written_at": row.at.isoformat(),
        }


def _show(entry: Entry) -> Shown:
    said = {"agrees": _("I agree"), "question": _("I have a question"), "disagrees": _("I do not agree")}
    about = [_("To plan %(number)d, by %(who)s", number=entry["to_plan"], who=entry["told_by"])]
    if entry["how"] != "page":
        about.append(_("Written down by %(who)s.", who=entry["written_by"]))
    return Shown(f"{long_day(as_day(entry['on']))}: {said[entry['answer']]}", about, quote=entry["words"])


PIECE = Piece(
    "answers",
    lambda about: str(_("Your answers") if about.is_own else _("Answers of %(name)s", name=about.name)),
    lambda _about: str(_("There is no answer yet.")),
    _entries,
    _show,
)

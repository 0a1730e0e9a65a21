"""What matters to the patient, in their words, as it was told each time."""

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from actions.exports.sealed import Entry
from models.base import db
from models.patient import PatientStatement
from rendering.filters import long_day
from rendering.my_copy.piece import About, Piece, Shown, as_day


def _entries(about: About) -> Iterator[Entry]:
    rows = db.session.scalars(
        select(PatientStatement)
        .where(PatientStatement.patient_id == about.patient_id)
        .order_by(PatientStatement.id.desc())
        .options(joinedload(PatientStatement.told_to), joinedload(PatientStatement.recorded_by))
    )
    for row in rows.unique():
        yield {
            "id": f"statement:{row.id}",
            "words": row.text,
            "told_by": row.told_by,
            "told_to": row.told_to.name if row.told_to else None,
            "told_on": row.told_on.isoformat(),
            "written_by": row.recorded_by.name,
            "written_at": row.recorded_at.isoformat(),
        }


def _show(entry: Entry) -> Shown:
    told = _("%(who)s to %(staff)s", who=entry["told_by"], staff=entry["told_to"])
    return Shown(
        long_day(as_day(entry["told_on"])), [told if entry["told_to"] else entry["told_by"]], quote=entry["words"]
    )


PIECE = Piece(
    "statements",
    lambda about: str(
        _("What matters to you, in your words") if about.is_own else _("What matters to %(name)s", name=about.name)
    ),
    lambda _about: str(_("Nothing was written down yet.")),
    _entries,
    _show,
)

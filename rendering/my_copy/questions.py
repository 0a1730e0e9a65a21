"""What the patient asked the team, and what was answered."""

from collections.abc import Iterator

from flask_babel import gettext as _

from actions import questions
from actions.exports.sealed import Entry
from rendering.filters import long_day
from rendering.my_copy.piece import About, Piece, Shown, as_day

ALL = 10_000
"""Questions of one patient: more than anybody asks."""


def _entries(about: About) -> Iterator[Entry]:
    for row in questions.of_patient(about.patient_id, ALL):
        yield {
            "id": f"question:{row.id}",
            "words": row.text,
            "is_risk": row.is_risk,
            "how": row.way,
            "told_by": row.told_by,
            "on": row.asked_on.isoformat(),
            "written_by": row.by.name,
            "written_at": row.asked_at.isoformat(),
            "answers": [{"words": said.words, "by": said.by.name, "at": said.at.isoformat()} for said in row.answers],
        }


def _show(entry: Entry) -> Shown:
    about = [_("Asked by %(who)s", who=entry["told_by"])]
    if entry["how"] != "page":
        about.append(_("Written down by %(who)s.", who=entry["written_by"]))
    if entry["is_risk"]:
        about.append(_("It was said to be about self-harm, or an emergency."))
    for said in entry["answers"]:
        on = long_day(as_day(said["at"]))
        about.append(_("%(name)s answered on %(day)s: %(words)s", name=said["by"], day=on, words=said["words"]))
    return Shown(long_day(as_day(entry["on"])), about, quote=entry["words"] or _("(no words)"))


PIECE = Piece(
    "questions",
    lambda about: str(_("Your questions") if about.is_own else _("Questions of %(name)s", name=about.name)),
    lambda _about: str(_("Nothing was asked yet.")),
    _entries,
    _show,
)

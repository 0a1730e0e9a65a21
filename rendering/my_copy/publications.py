"""Every plan that was published for the patient, as it was: texts, tasks, who signed, who did not, and what became of
it. Why one was withdrawn is a matter of the team, and stays there."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from actions import published
from actions.exports.sealed import Entry
from actions.published import Part, Published, Step
from models.base import db
from models.discipline import Discipline
from models.publication import Publication, Signature, Withdrawal
from models.user import User
from rendering import my_plan
from rendering.filters import long_day
from rendering.my_copy.piece import About, Piece, Shown, as_day
from richtext.plain import dose_in


def _entries(about: About) -> Iterator[Entry]:
    rows = db.session.execute(
        select(Publication.id, Publication.version_id, Withdrawal.at)
        .outerjoin(Withdrawal, Withdrawal.publication_id == Publication.id)
        .where(Publication.plan_id == about.plan_id)
        .order_by(Publication.number.desc())
    ).all()
    for publication_id, version_id, withdrawn_at in rows:
        found = published.content(publication_id)
        yield {
            "id": f"publication:{publication_id}",
            "number": found.number,
            "published_at": found.at.isoformat(),
            "published_by": found.by,
            "what_is_new": found.reason,
            "signatures": _signatures(version_id),
            "not_reviewed": [
                {"discipline": row.name, "why": row.reason, "since": row.since.isoformat() if row.since else None}
                for row in found.missing
            ],
            "withdrawn_at": withdrawn_at.isoformat() if withdrawn_at else None,
            "what_you_want": _statement(found),
            "texts": [
                {"section": part.key, "title": my_plan.heading(part.key, part.title), "text": part.text}
                for part in found.parts
            ],
            "tasks": [_task(step) for step in found.steps],
        }


def _signatures(version_id: int) -> list[dict[str, str]]:
    rows = db.session.execute(
        select(User.name, Discipline.name, Signature.at)
        .join(User, User.id == Signature.user_id)
        .join(Discipline, Discipline.id == Signature.discipline_id)
        .where(Signature.version_id == version_id)
        .order_by(Discipline.position)
    )
    return [{"name": name, "discipline": discipline, "at": at.isoformat()} for name, discipline, at in rows]


def _statement(found: Published) -> dict[str, str] | None:
    said = found.statement
    return {"words": said.text, "told_by": said.told_by, "told_on": said.told_on.isoformat()} if said else None


def _task(step: Step) -> dict[str, Any]:
    return {
        "text": step.text,
        "until": step.due.isoformat() if step.due else None,
        "rhythm": step.rhythm,
        "times_a_week": step.times_a_week,
    }


def _show(entry: Entry) -> Shown:
    """The words of the plan under their own headings."""
    note = my_plan.beside_a_dose()
    html = Markup("")
    if dose_in(entry["what_is_new"]):
        html += Markup('<p class="dose-note">{}</p>').format(note)
    if entry["what_you_want"]:
        html += Markup('<h4>{}</h4><blockquote class="quote">{}</blockquote>').format(
            _("What you want"), entry["what_you_want"]["words"]
        )
    if entry["tasks"]:
        rows = Markup("").join(_row(task, note) for task in entry["tasks"])
        html += Markup("<h4>{}</h4><ul>{}</ul>").format(_("This week"), rows)
    for text in entry["texts"]:
        part = my_plan.shown(Part(text["section"], text["title"], text["text"]))
        html += Markup('<h4>{}</h4><div class="words">{}</div>').format(text["title"], part.html)
    return Shown(
        _("Plan %(number)d, %(day)s", number=entry["number"], day=long_day(as_day(entry["published_at"]))),
        list(_about(entry)),
        html,
        warning=_("Withdrawn on %(day)s. Do not follow this plan.", day=long_day(as_day(entry["withdrawn_at"])))
        if entry["withdrawn_at"]
        else "",
    )


def _row(task: Any, note: str) -> Markup:
    until = date.fromisoformat(task["until"]) if task["until"] else None
    step = Step(0, task["text"], dose_in(task["text"]) is not None, until, task["rhythm"], task["times_a_week"])
    shown = my_plan.task(step)
    often = Markup('<br><span class="soft">{}</span>').format(shown.often) if shown.often else Markup("")
    dose = Markup('<br><span class="dose-note">{}</span>').format(note) if shown.is_dose else Markup("")
    return Markup("<li><b>{}</b>{}{}</li>").format(shown.text, often, dose)


def _about(entry: Entry) -> Iterator[str]:
    yield _("Published by %(who)s. What was new: %(reason)s", who=entry["published_by"], reason=entry["what_is_new"])
    signed = [f"{row['name']} ({row['discipline']}, {long_day(as_day(row['at']))})" for row in entry["signatures"]]
    if signed:
        yield _("Signed by %(names)s.", names=my_plan.listed(signed))
    for row in entry["not_reviewed"]:
        if row["since"]:
            yield _(
                "Not reviewed by %(discipline)s since %(day)s: %(reason)s",
                discipline=row["discipline"],
                day=long_day(as_day(row["since"])),
                reason=row["why"],
            )
        else:
            yield _("Not yet reviewed by %(discipline)s: %(reason)s", discipline=row["discipline"], reason=row["why"])


PIECE = Piece(
    "publications",
    lambda about: str(_("Your plans") if about.is_own else _("The plans of %(name)s", name=about.name)),
    lambda _about: str(_("No plan was published yet.")),
    _entries,
    _show,
)

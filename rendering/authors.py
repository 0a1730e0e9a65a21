"""Who is behind the words of a section's text, and which text it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from access.grants import DocumentGrant
from livedoc.attributed import Run, Written
from models.base import db
from models.document import DocumentUpdate
from models.edit_origin import EditOrigin, OriginKind
from models.plan import DocumentKind, Section
from models.user import User


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody whose words these are, and by whose hand they came there. `tone`: the CSS class of a colour. The
    template that a text begins with is nobody's."""

    user_id: int | None
    name: str
    initials: str
    tone: str
    discipline: str
    icon: str
    accepted_by: str = ""
    brought_back_by: str = ""
    reason: str = ""
    is_template: bool = False


@dataclass(frozen=True, slots=True)
class OtherText:
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class SectionText:
    """One text of a section. `others`: all of the section, when there are several."""

    id: int
    key: str
    title: str
    icon: str
    tone: str
    about: str
    others: Sequence[OtherText]


def text_of(own: DocumentGrant, first_name: str) -> SectionText:
    """The text of a grant, and those of the same section. `first_name` is what the patient is called."""
    section = (
        db.session.scalars(
            select(Section)
            .options(joinedload(Section.discipline), joinedload(Section.documents))
            .where(Section.id == own.section_id)
        )
        .unique()
        .one()
    )
    labels = {DocumentKind.CLINICAL: _("Team"), DocumentKind.PLAIN: _("%(name)s's text", name=first_name)}
    return SectionText(
        id=own.document_id,
        key=section.key,
        title=section.title,
        icon=section.icon,
        tone=section.discipline.key if section.discipline else "shared",
        about=_("Written for %(name)s, as it is now.", name=first_name)
        if own.kind == DocumentKind.PLAIN
        else _("The team's text, as it is now."),
        others=[
            OtherText(each.document_id, labels[DocumentKind(each.kind)])
            for each in sorted(section.documents, key=lambda each: each.kind)
        ]
        if len(section.documents) > 1
        else [],
    )


def when(written: Written, document_id: int) -> datetime | None:
    """When a former text stood: the moment of its last edit."""
    of = DocumentUpdate.document_id == document_id, DocumentUpdate.epoch <= written.epoch
    query = (
        select(DocumentUpdate.at).where(*of, DocumentUpdate.seq == written.seq).order_by(DocumentUpdate.epoch.desc())
    )
    return db.session.scalars(query.limit(1)).first()


def of_runs(own: DocumentGrant, runs: Sequence[Run]) -> list[Author]:
    """The author of each run. Who left the clinic keeps their name."""
    document_id = own.document_id
    ids = {run.user_id for run in runs} | {run.hand.user_id for run in runs if run.hand}
    users = {user.id: user for user in db.session.scalars(select(User).where(User.id.in_(ids - {None})))}
    told = select(EditOrigin.epoch, EditOrigin.seq, EditOrigin.kind, EditOrigin.reason).where(
        EditOrigin.document_id == document_id
    )
    origins = {(epoch, seq): (kind, reason) for epoch, seq, kind, reason in db.session.execute(told)}
    template = Author(None, _("The template"), "T", "", "", "", is_template=True)
    known: dict[tuple[object, ...], Author] = {}
    found = []
    for run in runs:
        hand = run.hand
        key = (run.user_id, hand and (hand.user_id, hand.epoch, hand.seq))
        if run.is_template:
            found.append(template)
            continue
        if key not in known:
            kind, reason = origins.get((hand.epoch, hand.seq), ("", "")) if hand else ("", "")
            by = users[hand.user_id].name if hand and hand.user_id in users else ""
            known[key] = _author(users.get(run.user_id or 0), kind, by, reason)
        found.append(known[key])
    return found


def _author(user: User | None, kind: str, by: str, reason: str) -> Author:
    accepted, back = (by if kind == each else "" for each in (OriginKind.SUGGESTION, OriginKind.RESTORE))
    if user is None:
        return Author(None, _("Nobody knows who"), "?", "shared", "", "users", accepted, back, reason)
    discipline = user.discipline
    tone, name, icon = (discipline.key, discipline.name, discipline.icon) if discipline else ("shared", "", "users")
    return Author(user.id, user.name, user.initials, tone, name, icon, accepted, back, reason)

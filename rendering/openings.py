"""What the form of a new thread offers: the plan's texts, sections, disciplines and people."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from access.grants import PatientGrant
from access.permissions import Permission
from actions.colleagues import colleagues
from models.base import db
from models.plan import DocumentKind, Section, SectionDocument

Choices = Sequence[tuple[object, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """Values and labels of each field."""

    documents: Choices
    sections: Choices
    disciplines: Choices
    people: Choices
    can_suggest: bool


def offer(grant: PatientGrant) -> Offer:
    rows = db.session.execute(
        select(Section.key, Section.title, SectionDocument.kind, SectionDocument.document_id)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .where(Section.plan_id == grant.plan.id)
        .order_by(Section.position, SectionDocument.kind)
    ).all()
    name = grant.patient.name.split()[0]
    people = colleagues(grant.patient.id)
    asked = {person.discipline_id: person.discipline for person in people if person.discipline_id}
    return Offer(
        documents=[(row.document_id, _label(row.title, row.kind, name)) for row in rows],
        sections=list(dict.fromkeys((row.key, row.title) for row in rows)),
        disciplines=sorted(asked.items(), key=lambda each: each[1]),
        people=[(person.id, person.name) for person in people if person.id != grant.actor.user_id],
        can_suggest=grant.may(Permission.SUGGESTION_MAKE),
    )


def _label(title: str, kind: str, name: str) -> str:
    if kind == DocumentKind.PLAIN:
        return str(_("%(section)s, text for %(name)s", section=title, name=name))
    return str(_("%(section)s, team's text", section=title))

"""What frames a patient's own pages, and who their team is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from access.closed import reads_until
from access.grants import PortalGrant
from access.permissions import Permission
from access.roles import FROM_OUTSIDE, of_relations
from actions import portal
from models.base import db
from models.discipline import Discipline
from models.patient import CareTeamMember, Contact
from models.plan_state import PlanState, State
from models.portal import PortalAccess, PortalRelation
from models.user import User
from rendering.chrome import Item


@dataclass(frozen=True, slots=True)
class Frame:
    """The plan whose page this is. `patient_id` is None where it is about none, such as the account of a guardian of
    two children. `name` is how the patient wants to be called; `is_own` whether it is the
    reader's own plan: after a death it is nobody's."""

    patient_id: int | None
    name: str
    is_own: bool
    has_several: bool
    navigation: Sequence[Item]
    ended: PlanState | None = None
    """How the plan ended, if it did; `reads_until` is when it is read here last."""
    reads_until: datetime | None = None
    may_see_looks: bool = False
    may_copy: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the care team; `discipline` is None for a coordinator."""

    name: str
    discipline: Discipline | None
    is_responsible: bool


def team(grant: PortalGrant) -> list[Member]:
    """The care team as the patient knows it: the responsible clinician first, then by discipline and name."""
    responsible = grant.responsible.id if grant.responsible is not None else None
    people = db.session.scalars(
        select(User)
        .join(CareTeamMember, CareTeamMember.user_id == User.id)
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .where(
            CareTeamMember.patient_id == grant.patient.id, CareTeamMember.until.is_(None), User.disabled_at.is_(None)
        )
        .order_by(User.id != responsible, Discipline.position.is_(None), Discipline.position, User.name)
        .options(joinedload(User.discipline))
    )
    return [Member(user.name, user.discipline, user.id == responsible) for user in people.unique()]


def first_name(patient_id: int, name: str) -> str:
    """How a patient wants to be called."""
    preferred = db.session.scalar(
        select(Contact.preferred_name).where(Contact.patient_id == patient_id, Contact.superseded_at.is_(None))
    )
    return preferred or name.split()[0]


def frame() -> Frame:
    """Asked by the frame alone, once for a page."""
    kept: Frame | None = g.get("my_frame")
    if kept is None:
        kept = g.my_frame = _made(g.get("portal"))
    return kept


def _made(grant: PortalGrant | None) -> Frame:
    readable = portal.readable_by(current_user.actor)
    access = grant.access if grant is not None else readable[0] if len(readable) == 1 else None
    if access is None:
        return Frame(None, "", False, len(readable) > 1, ())
    patient = access.patient
    ended = grant.state if grant is not None and grant.state is not None and grant.state.is_closed else None
    return Frame(
        patient.id,
        first_name(patient.id, patient.name),
        access.relation == PortalRelation.SELF and not (ended and ended.state == State.DIED),
        len(readable) > 1,
        () if g.get("reading_is_over") else _navigation(patient.id, reads_questions=_reads_questions(access)),
        ended,
        reads_until(ended) if ended is not None else None,
        may_see_looks=grant is not None and grant.may(Permission.PORTAL_LOOKS_READ) and not g.get("reading_is_over"),
        may_copy=grant is not None and grant.may(Permission.PORTAL_COPY) and not g.get("reading_is_over"),
    )


def _reads_questions(access: PortalAccess) -> bool:
    return Permission.PORTAL_QUESTIONS_READ in of_relations(frozenset({FROM_OUTSIDE[access.relation]}))


def _navigation(patient_id: int, *, reads_questions: bool) -> list[Item]:
    """The pages that there are for this reader: a carer asks nothing, and reads nothing that was asked."""
    places = [("my_plan.show", _("Plan")), ("my_plan.flare_up", _("Flare-up")), ("my_plan.team", _("My team"))]
    if reads_questions:
        places.insert(2, ("my_questions.show", _("Questions")))
    here = request.endpoint if g.get("portal") is not None else None
    return [Item(label, url_for(name, patient_id=patient_id), here == name) for name, label in places]


def install(app: Flask) -> None:
    @app.context_processor
    def mine() -> dict[str, Any]:
        is_here = not g.get("database_is_away") and bool(current_user and current_user.is_authenticated)
        is_patient = is_here and current_user.actor.is_patient
        # Whoever was signed out meanwhile still has the emergency block in view.
        is_at_home = is_patient or (not is_here and request.path.startswith("/my/"))
        return {"is_patient": is_patient, "my_frame": frame, "frame": "my/base.html" if is_at_home else "base.html"}

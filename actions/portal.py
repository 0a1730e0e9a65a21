"""Who reads a plan from outside the clinic: the patient, a guardian, a carer. The care team invites and ends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, update

from access.grants import Actor, PatientGrant, PortalGrant
from access.permissions import Permission
from actions import links
from actions.accounts import LINK_LIFE, EmailTaken
from actions.sign_in import end_all_sessions
from actions.unit_of_work import Work
from models.base import db
from models.letter import LetterKind
from models.patient import Patient
from models.portal import DeskCode, PortalAccess, PortalRelation
from models.user import Role, User, UserRole


class PatientReads(ValueError):
    """The patient has an access already."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is to read a plan. `name` is passed over for the patient, whose own it is; `words` say who a guardian or
    carer is, like "her mother"."""

    relation: PortalRelation
    name: str = ""
    words: str = ""


def accesses(patient_id: int) -> Sequence[PortalAccess]:
    """All of a patient, those that hold first, latest first."""
    return (
        db.session.scalars(
            select(PortalAccess)
            .where(PortalAccess.patient_id == patient_id)
            .order_by(PortalAccess.until.is_not(None), PortalAccess.id.desc())
        )
        .unique()
        .all()
    )


def readable_by(actor: Actor) -> Sequence[PortalAccess]:
    """What a person may read from outside, the own plan first."""
    query = (
        select(PortalAccess)
        .join(Patient, Patient.id == PortalAccess.patient_id)
        .where(PortalAccess.user_id == actor.user_id, PortalAccess.until.is_(None))
        .order_by(PortalAccess.relation != PortalRelation.SELF, Patient.name_key, Patient.id)
    )
    return db.session.scalars(query).unique().all() if actor.is_patient else []


def invite(work: Work, grant: PatientGrant, invited: Invited, email: str) -> tuple[PortalAccess, str]:
    """A new account with access to the plan, and the token of its first link, which is mailed.

    Raises PatientReads, or EmailTaken: whoever has an account comes in by a code, which they type themselves.
    """
    check(work, grant.patient, invited)
    user = new_account(work, invited_name(grant.patient, invited), email)
    access = give(work, grant.patient.id, user, invited.relation, invited.words, work.actor_id)
    work.record(Permission.ABOUT_EDIT, f"user:{user.id}", grant.patient.id, change="invited", relation=invited.relation)
    work.touched(grant.patient.id)
    return access, links.make(work, user, LINK_LIFE, LetterKind.INVITATION)


def mail_again(work: Work, grant: PatientGrant, access: PortalAccess) -> None:
    """A fresh link by mail: the invitation again, or the way to a new password."""
    links.spend(work, access.user_id)
    if access.user.password_hash is None:
        links.make(work, access.user, LINK_LIFE, LetterKind.INVITATION)
    else:
        links.make(work, access.user, links.RESET_LIFE, LetterKind.RESET)
    work.record(Permission.ABOUT_EDIT, f"user:{access.user_id}", grant.patient.id, change="link")


def end(work: Work, grant: PatientGrant, access: PortalAccess) -> None:
    """End an access, at once. Who reads no other plan is signed out."""
    if access.until is not None:
        return
    access.until, access.ended_by_id = work.now, work.actor_id
    work.session.flush()
    work.session.execute(
        update(DeskCode)
        .where(
            DeskCode.patient_id == grant.patient.id,
            DeskCode.user_id == access.user_id,
            DeskCode.used_at.is_(None),
            DeskCode.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=work.now, withdrawn_by_id=work.actor_id)
    )
    if work.session.scalar(_held_by(access.user_id).limit(1)) is None:
        links.spend(work, access.user_id)
        end_all_sessions(work, access.user_id, "removed")
    work.record(Permission.ABOUT_EDIT, f"user:{access.user_id}", grant.patient.id, change="access ended")
    work.touched(grant.patient.id)


def speaker(grant: PortalGrant) -> str:
    """Whose words somebody writes from outside: the patient's, or their own for the patient, and what they are to each
    other."""
    access = grant.access
    if access.relation == PortalRelation.SELF:
        return grant.patient.name
    return f"{access.user.name}, {access.words}" if access.words else access.user.name


def check(work: Work, patient: Patient, invited: Invited) -> None:
    """Raise PatientReads when the patient is invited and reads already."""
    held = select(PortalAccess.id).where(
        PortalAccess.patient_id == patient.id,
        PortalAccess.relation == PortalRelation.SELF,
        PortalAccess.until.is_(None),
    )
    if invited.relation is PortalRelation.SELF and work.session.scalar(held.limit(1)) is not None:
        raise PatientReads


def invited_name(patient: Patient, invited: Invited) -> str:
    return patient.name if invited.relation is PortalRelation.SELF else " ".join(invited.name.split())


def new_account(work: Work, name: str, sign_in_name: str) -> User:
    """An account that is a patient's and nothing else. Raises EmailTaken."""
    email = sign_in_name.strip().lower()
    if work.session.scalar(select(User.id).where(User.email == email)) is not None:
        raise EmailTaken
    by = work.actor.user_id if work.actor else None
    user = User(name=name, email=email, created_at=work.now, created_by_id=by)
    user.role_rows = [UserRole(role=Role.PATIENT, given_at=work.now, given_by_id=by)]
    work.session.add(user)
    work.session.flush()
    return user


def give(work: Work, patient_id: int, user: User, relation: str, words: str, by_id: int) -> PortalAccess:
    """Let an account read a plan; who reads it already goes on as before."""
    held = work.session.scalar(_held_by(user.id).where(PortalAccess.patient_id == patient_id))
    if held is not None:
        return held
    access = PortalAccess(
        user_id=user.id,
        patient_id=patient_id,
        relation=relation,
        words=" ".join(words.split()),
        since=work.now,
        by_id=by_id,
    )
    work.session.add(access)
    work.session.flush()
    return access


def _held_by(user_id: int) -> Select[PortalAccess]:
    return select(PortalAccess).where(PortalAccess.user_id == user_id, PortalAccess.until.is_(None))

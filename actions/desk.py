"""The code of the desk: read out, typed with the patient's birth date, good once and for an hour.

Only its argon2id hash is kept. Which code is meant is found by the birth date, so that a wrong one counts against
every open code of that day, and few tries end it.
"""

import re
import secrets
import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import joinedload

from access.grants import PatientGrant
from access.permissions import Permission
from access.reach import readable
from actions import letters, passwords, portal
from actions.accounts import EMAIL
from actions.portal import Invited
from actions.sign_in import prove, set_password, start_session
from actions.unit_of_work import Units, Work
from models.audit import Outcome
from models.base import db
from models.patient import Patient
from models.portal import DeskCode, PortalAccess
from models.user import Role, User

LIFE = timedelta(hours=1)
MOST_MISSES = 5
MOST_OPEN = 8
"""Codes that one try is held against: so many patients of one birthday stand at the desk in one hour."""

_turn = threading.Lock()
"""Tries come one after another: many at once would all be counted before any has failed."""

_SIGN_IN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9]|[._-](?=[a-z0-9])){3,39}")


class WrongCode(Exception):
    """Code and birth date do not belong together, or the code is used, withdrawn or too old."""


class SpentCode(Exception):
    """The code was good a moment ago and is no longer."""


class OtherPatients(ValueError):
    """The account also reads plans of patients whom this member of staff does not care for."""


class UnfitName(ValueError):
    """Neither an email nor a name that one can sign in with."""


class StaffAccount(ValueError):
    """An account of staff reads no plan from outside."""


def open_codes(patient_id: int, units: Units) -> Sequence[DeskCode]:
    """Codes of a patient that still open something, latest first."""
    query = select(DeskCode).where(DeskCode.patient_id == patient_id, _is_open(units.clock()))
    return db.session.scalars(query.order_by(DeskCode.id.desc())).unique().all()


def make(work: Work, grant: PatientGrant, invited: Invited) -> tuple[DeskCode, str]:
    """A code that begins an access; one that was made for the same person before opens nothing any more.

    Answers it with its eight letters. Raises portal.PatientReads.
    """
    portal.check(work, grant.patient, invited)
    name = portal.invited_name(grant.patient, invited)
    return _make(work, grant, name=name, relation=invited.relation, words=" ".join(invited.words.split()))


def make_anew(work: Work, grant: PatientGrant, access: PortalAccess) -> tuple[DeskCode, str]:
    """A code by which somebody who reads already sets a new password.

    It opens everything that the account reads: raises OtherPatients unless whoever makes it cares for them all.
    """
    assert work.actor is not None
    others = select(PortalAccess.id).where(
        PortalAccess.user_id == access.user_id,
        PortalAccess.until.is_(None),
        PortalAccess.patient_id.not_in(readable(work.actor)),
    )
    if work.session.scalar(others.limit(1)) is not None:
        raise OtherPatients
    return _make(work, grant, access.user_id, access.user.name, access.relation, access.words)


def withdraw(work: Work, grant: PatientGrant, code: DeskCode) -> None:
    """Let a code open nothing any more."""
    _withdraw(work, DeskCode.id == code.id)
    work.record(Permission.ABOUT_EDIT, f"desk-code:{code.id}", grant.patient.id, change="withdrawn")


def find(units: Units, born: date, words: str) -> DeskCode:
    """The open code of a patient who was born on that day. Raises WrongCode, and counts it."""
    with _turn:
        candidates = db.session.scalars(
            select(DeskCode)
            .join(Patient, Patient.id == DeskCode.patient_id)
            .where(Patient.birth_date == born, _is_open(units.clock()))
            .order_by(DeskCode.id.desc())
            .limit(MOST_OPEN)
        ).all()
        typed = letters.typed(words)
        for code in candidates:
            if passwords.matches(typed, code.code_hash):
                return code
        if not candidates:
            passwords.matches(typed, None)
        with units.begin(None) as work:
            tried = [each.id for each in candidates]
            work.session.execute(update(DeskCode).where(DeskCode.id.in_(tried)).values(misses=DeskCode.misses + 1))
            work.record("desk-code", "desk-code:unknown", outcome=Outcome.FAILED, open=tried)
    raise WrongCode


def still_open(units: Units, code_id: int) -> DeskCode:
    """A code that was found before. Raises SpentCode."""
    query = select(DeskCode).where(DeskCode.id == code_id, _is_open(units.clock()))
    code = db.session.scalars(query.options(joinedload(DeskCode.patient))).unique().one_or_none()
    if code is None:
        raise SpentCode
    return code


def begin_account(
    units: Units, code_id: int, sign_in_name: str, password: str, user_agent: str, *, trusted: bool
) -> str:
    """A new account that reads the plan, signed in; answers the session's token.

    Raises SpentCode, UnfitName, EmailTaken or WeakPassword.
    """
    code = still_open(units, code_id)
    wanted = sign_in_name.strip().lower()
    if not _is_fit(wanted):
        raise UnfitName
    passwords.check_strength(password, email=wanted, name=code.name)
    hashed = passwords.hash_password(password)
    with units.begin(None) as work:
        claimed = _claim(work, code_id)
        user = portal.new_account(work, claimed.name, wanted)
        user.created_by_id = claimed.by_id
        user.password_hash = hashed
        return _enter(work, claimed, user, user_agent, trusted)


def join_account(
    units: Units, code_id: int, email: str, password: str, address: str, user_agent: str, *, trusted: bool
) -> str:
    """Let an account that is there read one more plan, and sign it in; answers the session's token.

    Raises SpentCode, BadCredentials, Throttled or StaffAccount.
    """
    still_open(units, code_id)
    user = prove(units, email, password, address)
    if user.roles != {Role.PATIENT}:
        raise StaffAccount
    with units.begin(None) as work:
        return _enter(work, _claim(work, code_id), user, user_agent, trusted)


def renew_password(units: Units, code_id: int, password: str, user_agent: str, *, trusted: bool) -> str:
    """Set the password anew of the account that the code was made for, and sign it in; answers the session's token.

    Raises SpentCode or WeakPassword.
    """
    code = still_open(units, code_id)
    if code.user is None:
        raise SpentCode
    passwords.check_strength(password, email=code.user.email, name=code.user.name)
    hashed = passwords.hash_password(password)
    with units.begin(None) as work:
        claimed = _claim(work, code_id)
        assert claimed.user is not None
        if claimed.user.disabled_at is not None:
            raise SpentCode
        set_password(work, claimed.user, hashed)
        return _enter(work, claimed, claimed.user, user_agent, trusted)


def suggested_name(code: DeskCode) -> str:
    """A name to sign in with that nobody has yet, like maria482."""
    first = "".join(each for each in code.name.split()[0].lower() if each.isascii() and each.isalnum()) or "plan"
    while True:
        name = f"{first[:20]}{secrets.randbelow(900) + 100}"
        if db.session.scalar(select(User.id).where(User.email == name)) is None:
            return name


def _make(
    work: Work, grant: PatientGrant, user_id: int | None = None, name: str = "", relation: str = "", words: str = ""
) -> tuple[DeskCode, str]:
    same = and_(DeskCode.user_id == user_id, DeskCode.name == name, DeskCode.relation == relation)
    _withdraw(work, and_(DeskCode.patient_id == grant.patient.id, same))
    drawn = letters.draw()
    code = DeskCode(
        patient_id=grant.patient.id,
        user_id=user_id,
        name=name,
        relation=relation,
        words=words,
        code_hash=passwords.hash_password(drawn),
        made_at=work.now,
        by_id=work.actor_id,
        expires_at=work.now + LIFE,
        misses=0,
    )
    work.session.add(code)
    work.session.flush()
    work.record(Permission.ABOUT_EDIT, f"desk-code:{code.id}", grant.patient.id, change="made", relation=relation)
    return code, drawn


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(
        DeskCode.used_at.is_(None),
        DeskCode.withdrawn_at.is_(None),
        DeskCode.expires_at > now,
        DeskCode.misses < MOST_MISSES,
    )


def _withdraw(work: Work, which: ColumnElement[bool]) -> None:
    work.session.execute(
        update(DeskCode).where(which, _is_open(work.now)).values(withdrawn_at=work.now, withdrawn_by_id=work.actor_id)
    )


def _claim(work: Work, code_id: int) -> DeskCode:
    """Use a code up, if nobody did meanwhile. Raises SpentCode."""
    used = work.session.execute(
        update(DeskCode)
        .where(DeskCode.id == code_id, _is_open(work.now))
        .values(used_at=work.now)
        .returning(DeskCode.id)
    )
    if used.first() is None:
        raise SpentCode
    return work.session.get_one(DeskCode, code_id)


def _enter(work: Work, code: DeskCode, user: User, user_agent: str, trusted: bool) -> str:
    if code.user_id is None:
        portal.give(work, code.patient_id, user, code.relation, code.words, code.by_id)
    token = start_session(work, user, user_agent, trusted=trusted)
    work.record("desk-code", f"desk-code:{code.id}", code.patient_id, change="used", user=user.id)
    work.touched(code.patient_id)
    return token


def _is_fit(name: str) -> bool:
    """An email, or four letters and digits or more with at least one letter."""
    if "@" in name:
        return EMAIL.fullmatch(name) is not None and len(name) <= 254
    return _SIGN_IN_NAME.fullmatch(name) is not None and not name.isdigit()

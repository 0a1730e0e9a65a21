"""One commit per change: rows, audit and outbox together, and only then is anyone told."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from access import closed
from access.grants import Actor
from access.hearing import unseen
from actions import search_index
from actions.clinic_now import ClinicNow
from actions.ports import Clock, DocumentLocks, Mailing, NoDocuments, Publisher, Silence, system_clock
from models.audit import AuditEvent, AuditHead, Outcome
from models.base import db
from models.patient import Patient
from models.plan import Plan
from models.seals import Seals
from models.write_gate import take_turn, write_gate

Hook = Callable[[], None]


@dataclass(slots=True)
class Work:
    """One change under way. Actions write through `session` and say what happened; `Units` commits."""

    session: Session
    now: datetime
    actor: Actor | None
    seals: Seals
    mailing: Mailing = field(default_factory=Mailing)
    clinic: ClinicNow = field(default_factory=ClinicNow)
    _events: list[AuditEvent] = field(default_factory=list)
    _committed: list[Hook] = field(default_factory=list)
    _rolled_back: list[Hook] = field(default_factory=list)
    _fragments: dict[int, dict[str, None]] = field(default_factory=dict)
    _access: dict[tuple[int, int | None], None] = field(default_factory=dict)
    _ended: dict[str, list[int]] = field(default_factory=dict)
    _told: dict[int, None] = field(default_factory=dict)
    _closing: set[int] = field(default_factory=set)
    _mail_at: datetime | None = None
    _unseen: dict[int, int] = field(default_factory=dict)

    @property
    def actor_id(self) -> int:
        """The acting person; only work that the system does itself has none."""
        assert self.actor is not None
        return self.actor.user_id

    def record(
        self,
        action: str,
        thing: str,
        patient_id: int | None = None,
        outcome: Outcome = Outcome.DONE,
        **detail: Any,
    ) -> None:
        """Add the audit row. `detail` never holds clinical text."""
        self._events.append(
            AuditEvent(
                at=self.now,
                actor_id=self.actor.user_id if self.actor else None,
                session_id=self.actor.session_id if self.actor else None,
                action=action,
                thing=thing,
                patient_id=patient_id,
                outcome=outcome,
                detail=detail,
            )
        )

    def closes(self, patient_id: int) -> None:
        """This change itself closes the patient's plan: what belongs to it is no change of a closed one."""
        self._closing.add(patient_id)

    def touched(self, patient_id: int) -> None:
        """The patient's record changed: the list sorts by it."""
        self.session.execute(update(Patient).where(Patient.id == patient_id).values(changed_at=self.now))

    def board_changed(self, plan_id: int, *fragments: str) -> None:
        """Open boards of the plan will fetch these fragments; the plan's revision rises with the commit."""
        self._fragments.setdefault(plan_id, {}).update(dict.fromkeys(fragments))

    def access_changed(self, patient_id: int, user_id: int | None = None) -> None:
        self._access[(patient_id, user_id)] = None
        if user_id is not None:
            self.notices_changed([user_id])

    def notices_changed(self, user_ids: Collection[int]) -> None:
        """These people will hear how many notices they have not seen."""
        self._told.update(dict.fromkeys(user_ids))

    def session_ended(self, session_ids: Collection[int], reason: str) -> None:
        self._ended.setdefault(reason, []).extend(session_ids)

    def mail_at(self, moment: datetime) -> None:
        """Something may be mailed from then on."""
        self._mail_at = min(moment, self._mail_at or moment)

    def after_commit(self, hook: Hook) -> None:
        """Run once the change is in the database, still under the locks of its documents."""
        self._committed.append(hook)

    def after_rollback(self, hook: Hook) -> None:
        self._rolled_back.append(hook)

    def _keep_closed(self) -> None:
        """Raises Closed for what a plan does not take that was closed since the right to it was given."""
        closed.check(
            self.session,
            self.actor,
            [
                (event.action, event.thing, event.patient_id)
                for event in self._events
                if event.outcome == Outcome.DONE
                and event.patient_id is not None
                and event.patient_id not in self._closing
            ],
        )

    def _seal_events(self) -> None:
        """Add the audit rows to the chain. It comes last: the head is locked from here to the commit."""
        if not self._events:
            return
        self.session.flush()
        head = self.session.scalars(select(AuditHead).with_for_update().execution_options(populate_existing=True)).one()
        for event in self._events:
            head.append(event, self.seals)
            self.session.add(event)

    def _raise_revisions(self) -> dict[int, int]:
        return {
            plan_id: self.session.execute(
                update(Plan).where(Plan.id == plan_id).values(revision=Plan.revision + 1).returning(Plan.revision)
            ).scalar_one()
            for plan_id in sorted(self._fragments)
        }

    def _count_notices(self) -> None:
        if self._told:
            self.session.flush()
            self._unseen = unseen(self.session, list(self._told))

    def _renew_access(self, publisher: Publisher) -> None:
        for patient_id, user_id in self._access:
            publisher.access_changed(patient_id, user_id)

    def _publish(self, publisher: Publisher, revisions: dict[int, int]) -> None:
        for reason, session_ids in self._ended.items():
            publisher.session_ended(session_ids, reason)
        for plan_id, fragments in self._fragments.items():
            publisher.board_changed(plan_id, list(fragments), revisions[plan_id])
        for user_id, count in self._unseen.items():
            publisher.notices_changed(user_id, count)
        if self._mail_at is not None:
            self.mailing.nudge(max(self._mail_at - self.now, timedelta()))


@dataclass(slots=True)
class Units:
    """Begins units of work against one set of ports."""

    seals: Seals = field(kw_only=True)
    clock: Clock = system_clock
    publisher: Publisher = field(default_factory=Silence)
    locks: DocumentLocks = field(default_factory=NoDocuments)
    mailing: Mailing = field(default_factory=Mailing)
    clinic: ClinicNow = field(default_factory=ClinicNow)

    @contextmanager
    def begin(self, actor: Actor | None, documents: Collection[int] = (), *, fresh: bool = True) -> Iterator[Work]:
        """A transaction that commits when the block ends, and rolls back when it raises.

        Locks come in one order: documents by id, then the turn to write. With `fresh`, rows loaded before are read
        anew inside the transaction, so that a rule is checked against what is true now. Raises DatabaseBusy when
        another process holds the database for too long.
        """
        with self.locks.locked(documents):
            session: Session = db.session()
            with write_gate(session.get_bind()):
                take_turn(session)
                if fresh:
                    session.expire_all()
                search_index.begin(session)
                work = Work(session, self.clock(), actor, self.seals, self.mailing, self.clinic)
                try:
                    yield work
                    work._keep_closed()
                    search_index.follow(session)
                    revisions = work._raise_revisions()
                    work._count_notices()
                    work._seal_events()
                    session.commit()
                except BaseException:
                    session.rollback()
                    for hook in work._rolled_back:
                        hook()
                    raise
            for hook in work._committed:
                hook()
            work._renew_access(self.publisher)  # an edit that waits for its document's turn meets the new rights
        work._publish(self.publisher, revisions)

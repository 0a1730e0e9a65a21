"""What a board shows, gathered under the viewer's grant: templates read nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select, and_, func, literal, select, true
from sqlalchemy.orm import contains_eager, lazyload

from access.grants import PatientGrant
from access.permissions import Permission
from actions import behind, pressing, statements
from actions.behind import LiveText
from actions.pressing import Pressing
from actions.task_lists import IS_OPEN
from models.base import db
from models.discipline import Discipline
from models.document import Document
from models.patient import Contact, Involvement, Patient, PatientStatement
from models.plan import DocumentKind, Section, SectionDocument
from models.plan_state import State
from models.task import Task
from models.user import User
from rendering import checks, marks, plan_state, talk
from rendering.checks import Check
from rendering.talk import Talk
from richtext.render import to_html


@dataclass(frozen=True, slots=True)
class Banner:
    """Who this is about, on every clinical page."""

    patient_id: int
    plan_id: int
    name: str
    first_name: str
    age: int
    birth_date: date
    number: str
    pronouns: str
    responsible: str | None
    open_tasks: int | None = None
    """For those who may see tasks."""
    state: str = State.ACTIVE
    state_name: str = ""
    state_since: datetime | None = None
    is_closed: bool = False
    reads_plan: bool = False


@dataclass(frozen=True, slots=True)
class Pane:
    """One live document of a card, rendered from the text last taken from it."""

    id: int
    kind: str
    html: Markup
    text: str
    can_edit: bool
    epoch: int
    seq: int
    changed_by: str
    changed_at: datetime
    is_template: bool

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Card:
    """One section: `tone` is the CSS class of its colour, `writers` says who writes it."""

    key: str
    title: str
    icon: str
    tone: str
    discipline: str | None
    is_involved: bool
    can_edit: bool
    writers: str
    panes: Sequence[Pane]
    talk: Talk = Talk()
    owner: Discipline | None = None
    standing: behind.Standing | None = None
    """How the patient's text stands beside the team's; None without both."""

    @property
    def is_wide(self) -> bool:
        return self.discipline is None

    @property
    def last(self) -> Pane | None:
        """The document changed last, unless all still hold what they began with."""
        touched = [pane for pane in self.panes if not pane.is_template]
        return max(touched, key=lambda pane: pane.changed_at, default=None)


@dataclass(frozen=True, slots=True)
class Board:
    banner: Banner
    plan_id: int
    revision: int
    statement: PatientStatement | None
    cards: Sequence[Card]
    marks: Mapping[int, Sequence[marks.Mark]]
    """By document id."""
    checks: Mapping[int, Check]
    """Of the patient's texts that the viewer may write, by document id."""
    open_threads: int
    may: frozenset[Permission]
    pressing: Pressing


def banner(grant: PatientGrant, today: date) -> Banner:
    """The patient's banner; `today` is the clinic's day. What patients want to be called stands on their About page."""
    return _banner(grant, today, *db.session.execute(_of_banner(grant)).one())


def top(grant: PatientGrant, today: date) -> tuple[Banner, Pressing]:
    """The banner and what presses, in one statement: a line for each, beside the banner's own facts."""
    found = pressing.rows(Patient.id == grant.patient.id, true())
    query = _of_banner(grant).add_columns(*found.c)
    one = select(literal(1).label("one")).subquery()
    rows = db.session.execute(query.select_from(one.outerjoin(found, true()))).all()
    may_see = grant.may(Permission.QUESTIONS_VIEW)
    return _banner(grant, today, *rows[0][:2]), pressing.read(rows) if may_see else Pressing()


def _of_banner(grant: PatientGrant) -> Select[str | None, int]:
    current = select(Contact.preferred_name).where(
        Contact.patient_id == grant.patient.id, Contact.superseded_at.is_(None)
    )
    count = select(func.count()).where(Task.plan_id == grant.plan.id, IS_OPEN)
    return select(current.scalar_subquery(), count.scalar_subquery())


def _banner(grant: PatientGrant, today: date, preferred: str | None, open_tasks: int) -> Banner:
    patient = grant.patient
    return Banner(
        patient_id=patient.id,
        plan_id=grant.plan.id,
        name=patient.name,
        first_name=(preferred if grant.may(Permission.ABOUT_VIEW) else None) or patient.name.split()[0],
        age=patient.age_on(today),
        birth_date=patient.birth_date,
        number=patient.number,
        pronouns=patient.pronouns,
        responsible=grant.responsible.name if grant.responsible else None,
        open_tasks=open_tasks if grant.may(Permission.TASK_VIEW) else None,
        **_state(grant, preferred or patient.name.split()[0]),
    )


def _state(grant: PatientGrant, first_name: str) -> dict[str, Any]:
    """Said of a plan that is not active."""
    row = grant.state
    reads = grant.may(Permission.BOARD_VIEW)
    if row is None or row.state == State.ACTIVE:
        return {"reads_plan": reads}
    return {
        "state": row.state,
        "state_name": plan_state.name(row.state, first_name if reads else grant.patient.name.split()[0]),
        "state_since": row.since,
        "is_closed": row.is_closed,
        "reads_plan": reads,
    }


def board(grant: PatientGrant, today: date, live_text: LiveText, glossary: Mapping[str, str]) -> Board:
    """The whole board, in a handful of statements however long the plan is."""
    head, presses = top(grant, today)
    found = marks.of_plan(grant) if grant.may(Permission.THREAD_VIEW) else marks.OpenTalk([], {})
    shown = cards(grant, head.first_name, live_text, found=found.threads)
    plain = [pane for card in shown for pane in card.panes if pane.can_edit and pane.kind == DocumentKind.PLAIN]
    return Board(
        banner=head,
        plan_id=grant.plan.id,
        revision=grant.plan.revision,
        statement=statements.latest(grant.patient.id),
        cards=shown,
        checks=checks.of_texts({pane.id: pane.text for pane in plain}, glossary),
        marks=found.marks,
        open_threads=len(found.threads),
        may=grant.permissions,
        pressing=presses,
    )


def cards(
    grant: PatientGrant,
    first_name: str,
    live_text: LiveText,
    only: str | None = None,
    found: Sequence[talk.OpenThreads] | None = None,
) -> list[Card]:
    """The section cards in their order, or the one with the key `only`; `found` are the open threads, if known."""
    query = (
        select(Section, Involvement.id)
        .outerjoin(Section.discipline)
        .outerjoin(Section.documents)
        .outerjoin(SectionDocument.document)
        .outerjoin(Document.changed_by)
        .outerjoin(
            Involvement,
            and_(
                Involvement.discipline_id == Section.discipline_id,
                Involvement.patient_id == grant.patient.id,
                Involvement.until.is_(None),
            ),
        )
        .options(
            contains_eager(Section.discipline),
            contains_eager(Section.documents)
            .contains_eager(SectionDocument.document)
            .contains_eager(Document.changed_by)
            .options(lazyload(User.discipline), lazyload(User.role_rows)),
        )
        .where(Section.plan_id == grant.plan.id)
        .order_by(Section.position, SectionDocument.kind)
    )
    if only is not None:
        query = query.where(Section.key == only)
    rows = db.session.execute(query).unique().all()
    if found is None:
        found = talk.open_threads(grant.plan.id) if grant.may(Permission.THREAD_VIEW) else []
    standings = behind.of_plan(grant.plan.id, live_text, only)
    made = [
        _card(grant, section, involved is not None, first_name, live_text, talk.of_section(section, found))
        for section, involved in rows
    ]
    return [replace(card, standing=standings.get(card.key)) for card in made]


def _card(
    grant: PatientGrant,
    section: Section,
    involved: bool,
    first_name: str,
    live_text: LiveText,
    said: Talk,
) -> Card:
    discipline = section.discipline.key if section.discipline else None
    can_edit = grant.may_write(section)
    title = _("What matters to %(name)s", name=first_name) if section.key == "what-matters" else section.title
    return Card(
        key=section.key,
        title=title,
        icon=section.icon,
        tone="patient" if section.key == "what-matters" else discipline or "shared",
        discipline=discipline,
        is_involved=discipline is None or involved,
        owner=section.discipline,
        can_edit=can_edit,
        writers=_writers(section, can_edit),
        panes=[_pane(link, can_edit, live_text) for link in section.documents],
        talk=said,
    )


def _writers(section: Section, can_edit: bool) -> str:
    if section.discipline is None:
        return str(_("Every clinician of the care team writes here"))
    if can_edit:
        return str(_("You and others of %(discipline)s write here", discipline=section.discipline.name))
    return str(_("%(discipline)s writes here", discipline=section.discipline.name))


def _pane(link: SectionDocument, can_edit: bool, live_text: LiveText) -> Pane:
    document: Document = link.document
    text = document.text if document.text_seq == document.seq else live_text(document.id)
    return Pane(
        id=document.id,
        kind=link.kind,
        html=to_html(text),
        text=text,
        can_edit=can_edit,
        epoch=document.epoch,
        seq=document.seq,
        changed_by=document.changed_by.name,
        changed_at=document.changed_at,
        is_template=document.seq <= 1 and link.kind == DocumentKind.CLINICAL or document.seq == 0,
    )

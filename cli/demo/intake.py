"""A patient comes: who takes them in, who answers for the plan, how to reach them, and what matters to them."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from access import loaders
from access.grants import Actor, PatientGrant
from access.permissions import Permission
from actions import about, care_team, patients, statements
from actions.about import ContactDetails
from actions.patients import Identity
from actions.statements import Statement
from cli.demo.content import PatientPage, Said
from cli.demo.past import Event, Past
from models.base import db
from models.plan import Plan, Section, SectionDocument


def events(past: Past, page: PatientPage) -> Iterator[Event]:
    """All of it, at its moments."""
    came = past.ago(page.added, page.number)
    yield Event(came, lambda: _take_in(past, page))
    for number, said in enumerate(page.said):
        heard = max(past.ago(said.ago, f"{page.number} said {number}"), came + timedelta(minutes=5))
        yield Event(min(heard, past.now), lambda said=said: _note(past, page, said))  # type: ignore[misc]
    if page.handed_over:
        on = max(past.ago(page.handed_over["ago"], f"{page.number} handed over"), came + timedelta(minutes=5))
        yield Event(on, lambda: _hand_over(past, page, page.responsible))


def _take_in(past: Past, page: PatientPage) -> None:
    by = past.actors[page.added_by]
    with past.units.begin(by) as work:
        grant = loaders.clinic(by, Permission.PATIENT_ADD)
        identity = Identity(page.name, page.born, page.number, page.pronouns)
        past.patients[page.number] = patients.add(work, grant, identity, past.teams[page.team]).id
        _note_documents(past, page.number)
    _arrange(past, page, by)
    with past.units.begin(by) as work:
        about.change(work, _grant(past, page, by, Permission.ABOUT_EDIT), ContactDetails(**page.about))
    _hand_over(past, page, page.handed_over.get("from", page.responsible))


def _note_documents(past: Past, number: str) -> None:
    """Where the texts of the new plan are kept."""
    query = (
        select(Section.key, SectionDocument.kind, SectionDocument.document_id)
        .join(SectionDocument, SectionDocument.section_id == Section.id)
        .join(Plan, Plan.id == Section.plan_id)
        .where(Plan.patient_id == past.patients[number])
    )
    past.documents |= {(number, key, kind): document for key, kind, document in db.session.execute(query)}


def _arrange(past: Past, page: PatientPage, by: Actor) -> None:
    """Who of the team does not care for this patient, and which disciplines are not expected to write."""
    with past.units.begin(by) as work:
        grant = _grant(past, page, by, Permission.CARE_TEAM_EDIT)
        absent = {past.actors[name].user_id for name in page.without}
        for member in list(care_team.members(grant)):
            if member.user_id in absent:
                care_team.remove(work, grant, member.id)
        if page.not_involved:
            staying = [row for row in care_team.involved(grant) if row.discipline.key not in page.not_involved]
            care_team.set_involved(work, grant, frozenset(row.discipline_id for row in staying))


def _hand_over(past: Past, page: PatientPage, to: str) -> None:
    by = past.actors[page.added_by]
    with past.units.begin(by) as work:
        care_team.hand_over(work, _grant(past, page, by, Permission.CARE_TEAM_EDIT), past.actors[to].user_id)


def _note(past: Past, page: PatientPage, said: Said) -> None:
    day = past.units.clock().astimezone(past.zone).date()
    if not said.told_to:
        reader = past.at_home(past.patients[page.number])
        with past.units.begin(reader) as work:
            own = loaders.portal(reader, past.patients[page.number], Permission.PORTAL_WORDS_WRITE)
            statements.write(work, own, " ".join(said.text.split()), day)
        return
    by = past.actors[said.told_to]
    statement = Statement(" ".join(said.text.split()), said.told_by, by.user_id, day)
    with past.units.begin(by) as work:
        statements.record(work, _grant(past, page, by, Permission.STATEMENT_RECORD), statement, day)


def _grant(past: Past, page: PatientPage, actor: Actor, permission: Permission) -> PatientGrant:
    return loaders.patient(actor, past.patients[page.number], permission)

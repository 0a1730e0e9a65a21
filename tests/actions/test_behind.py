"""When a patient's text is behind the team's: what counts, who is named, and what "still right" records."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from access import loaders
from access.grants import DocumentGrant
from access.permissions import Permission
from actions import behind, plain_readings, texts
from actions.behind import Standing, State
from livedoc import edits
from models.audit import AuditEvent
from models.base import db
from models.plain_reading import PlainReading
from models.plan import DocumentKind, Plan, Section, SectionDocument
from tests.conftest import MovableClock
from tests.databases.kinds import both
from tests.personas import DANA, LENA, Persona, actor, patient_id, user
from tests.statements import counted

pytestmark = [pytest.mark.usefixtures("context"), both]


@dataclass
class Plans:
    """Maria's plan, written by the form; the physiotherapy section's two texts."""

    app: Flask

    @property
    def plan_id(self) -> int:
        return db.session.scalars(select(Plan.id).where(Plan.patient_id == patient_id("Maria Kovač"))).one()

    def document(self, kind: str, section: str = "physiotherapy") -> int:
        return db.session.scalars(
            select(SectionDocument.document_id)
            .join(Section, Section.id == SectionDocument.section_id)
            .where(Section.plan_id == self.plan_id, Section.key == section, SectionDocument.kind == kind)
        ).one()

    def grant(self, kind: str, who: Persona = DANA, section: str = "physiotherapy") -> DocumentGrant:
        return loaders.document(actor(who), self.document(kind, section), Permission.DOCUMENT_EDIT)

    def write(self, kind: str, text: str, who: Persona = DANA, section: str = "physiotherapy") -> None:
        house = self.app.extensions["consilium"]
        grant = self.grant(kind, who, section)
        current = house.hub.current(grant.document_id)
        texts.replace(house.units, house.hub, grant, current.epoch, current.seq, text)

    def confirm(self, seen: int) -> PlainReading:
        house = self.app.extensions["consilium"]
        grant, clinical = self.grant(DocumentKind.PLAIN), self.document(DocumentKind.CLINICAL)
        with house.units.begin(grant.actor, [clinical, grant.document_id]) as work:
            return plain_readings.confirm(work, house.hub, grant, clinical, seen)

    @property
    def standing(self) -> Standing:
        return behind.of_plan(self.plan_id, self.app.extensions["consilium"].hub.text)["physiotherapy"]


@pytest.fixture
def plans(app: Flask) -> Plans:
    return Plans(app)


CLINICAL, PLAIN = DocumentKind.CLINICAL, DocumentKind.PLAIN


def test_a_section_begins_unwritten_then_empty_then_current(plans: Plans) -> None:
    assert plans.standing.state is State.UNWRITTEN
    plans.write(CLINICAL, "Flexion 40°. Walks daily.")
    assert plans.standing.state is State.EMPTY
    plans.write(PLAIN, "You walk every day.")
    assert plans.standing.state is State.CURRENT
    assert behind.sections_behind(plans.plan_id) == frozenset()


def test_another_word_is_behind_and_names_who_changed_it_first(plans: Plans, clock: MovableClock) -> None:
    plans.write(CLINICAL, "Pain is kept going by avoidance.", section="understanding")
    plans.write(PLAIN, "Your back is on guard.", section="understanding")
    clock.advance(hours=1)
    first = clock.now
    plans.write(CLINICAL, "Pain is kept going by avoidance and short nights.", LENA, section="understanding")
    clock.advance(hours=1)
    plans.write(CLINICAL, "Pain is kept going by avoidance and very short nights.", section="understanding")
    found = behind.of_plan(plans.plan_id, plans.app.extensions["consilium"].hub.text)["understanding"]
    assert (found.state, found.by, found.since) == (State.BEHIND, LENA.name, first)
    assert behind.sections_behind(plans.plan_id) == {"understanding"}
    plans.write(PLAIN, "Your back is on guard, and nights are short.", section="understanding")
    assert behind.sections_behind(plans.plan_id) == frozenset()


def test_spelling_does_not_cry_and_a_number_does(plans: Plans, clock: MovableClock) -> None:
    plans.write(CLINICAL, "Graded exercse with 2 kg.")
    plans.write(PLAIN, "You lift a little more each week.")
    clock.advance(days=1)
    plans.write(CLINICAL, "- Graded exercise with 2 kg")
    assert plans.standing.state is State.CURRENT
    plans.write(CLINICAL, "- Graded exercise with 3 kg")
    assert plans.standing.state is State.BEHIND


def test_still_right_is_a_row_with_a_witness_until_the_next_change(plans: Plans, clock: MovableClock) -> None:
    plans.write(CLINICAL, "Lifts 2 kg.")
    plans.write(PLAIN, "You lift a crate.")
    clock.advance(days=1)
    plans.write(CLINICAL, "Lifts 3 kg.")
    clock.advance(hours=1)
    seen = plans.standing.clinical_seq
    row = plans.confirm(seen)
    assert (row.by_id, row.at, row.kind, row.clinical_text) == (user(DANA).id, clock.now, "confirmed", "Lifts 3 kg.")
    now = plans.standing
    assert (now.state, now.confirmed_by, now.confirmed_at) == (State.CURRENT, DANA.name, clock.now)
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (last.action, last.detail) == (Permission.DOCUMENT_EDIT, {"change": "still right"})
    plans.write(CLINICAL, "Lifts 4 kg.")
    assert plans.standing.state is State.BEHIND
    with pytest.raises(plain_readings.ChangedMeanwhile):
        plans.confirm(seen)


def test_what_nobody_noted_counts_as_changed(plans: Plans, clock: MovableClock) -> None:
    plans.write(CLINICAL, "Graded exercse.")
    plans.write(PLAIN, "You practise.")
    units = plans.app.extensions["consilium"].units
    with units.begin(actor(DANA)) as work:
        work.session.delete(work.session.scalars(select(PlainReading)).one())
    assert plans.standing.state is State.CURRENT
    clock.advance(hours=1)
    plans.write(CLINICAL, "Graded exercise.")
    assert plans.standing.state is State.BEHIND


def test_one_sitting_is_one_row_and_the_answer_one_statement(plans: Plans, app: Flask) -> None:
    plans.write(CLINICAL, "Lifts 2 kg.")
    for words in ("You lift.", "You lift a crate.", "You lift a crate each day."):
        plans.write(PLAIN, words)
    assert len(db.session.scalars(select(PlainReading)).all()) == 1
    plan_id = plans.plan_id
    with counted(app) as statements:
        assert "physiotherapy" in behind.of_plan(plan_id)
    assert len(statements) == 1


def test_what_the_team_wrote_before_the_patients_text_was_noted_counts(plans: Plans, clock: MovableClock) -> None:
    """Somebody goes on in the team's text seconds after the patient's: that is not what stood beside it."""
    plans.write(CLINICAL, "Flexion 40°.")
    clock.advance(seconds=2)
    house, grant = plans.app.extensions["consilium"], plans.grant(PLAIN)
    current = house.hub.current(grant.document_id)
    with house.units.begin(grant.actor, [grant.document_id]) as work:
        edits.replace(
            work, house.hub, grant.document_id, current.epoch, current.seq, "You bend a little.", grant.actor.user_id
        )
    clock.advance(seconds=2)
    plans.write(CLINICAL, "Flexion 40°. Short nights, too.")
    plain_readings.note_edits(house.units, house.hub, [grant.document_id])
    assert plans.standing.state is State.BEHIND

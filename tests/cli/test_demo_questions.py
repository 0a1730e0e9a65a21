"""What patients of the demo asked: answered, waiting, and one alert that was taken care of long ago."""

import pytest

from actions import pressing, questions
from cli.demo.questions import read
from models.alert import Alert
from models.base import db
from models.patient import Patient
from models.question import Urgency

pytestmark = pytest.mark.usefixtures("inside")


def patient(name: str) -> int:
    return db.session.query(Patient.id).filter_by(name=name).scalar()


def test_marias_question_waits_for_the_conference_and_others_are_answered() -> None:
    maria = pressing.of_patient(patient("Maria Kovač"))
    assert [(each.urgency, each.triaged_by) for each in maria.questions] == [(Urgency.CONFERENCE, "Dana Osei")]
    assert "swimming" in maria.questions[0].words
    assert not maria.alerts
    asked = questions.of_patient(patient("Maria Kovač"))
    assert [len(each.answers) for each in asked] == [0, 1, 1]
    assert [each.text for each in questions.for_conference([patient("Maria Kovač"), patient("Ines Duarte")])] == [
        maria.questions[0].words
    ]


def test_ines_waits_and_her_alert_of_seven_weeks_ago_was_seen_to() -> None:
    ines = pressing.of_patient(patient("Ines Duarte"))
    assert [each.urgency for each in ines.questions] == [None]
    alert = db.session.query(Alert).one()
    assert (alert.patient.name, alert.acknowledged_by.name if alert.acknowledged_by else None) == (
        "Ines Duarte",
        "Lena Moreau",
    )


def test_all_of_them_were_told() -> None:
    asked = [row.text for name in ("Maria Kovač", "Ines Duarte") for row in questions.of_patient(patient(name))]
    assert sorted(asked) == sorted(each.text for each in read())

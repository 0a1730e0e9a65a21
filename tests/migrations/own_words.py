"""What a patient said herself, for migrations to carry."""

from datetime import date

from sqlalchemy import select

from actions.unit_of_work import Units
from models.patient import PatientStatement
from models.task import Task
from models.tick import Tick, TickReason
from tests.personas import DANA, MARIA, actor, user

TABLES = frozenset({"ticks"})


def say(units: Units, patient_id: int) -> None:
    """Maria wrote what matters; of her task she ticked a day, took it back, and was not sure how on the next."""
    maria, dana = user(MARIA).id, user(DANA).id
    with units.begin(actor(MARIA)) as work:
        now, task = work.now, work.session.scalars(select(Task.id).where(Task.for_patient)).first()
        words = {"text": "To sleep.", "told_by": "Maria Kovač", "told_on": date(2026, 11, 24)}
        work.session.add(PatientStatement(**words, patient_id=patient_id, recorded_at=now, recorded_by_id=maria))
        tick = {"task_id": task, "told_by": "Maria Kovač", "at": now}
        gone = {"withdrawn_at": now, "withdrawn_by_id": maria}
        work.session.add_all(
            [
                Tick(**tick, day=date(2026, 11, 23), is_done=True, reason="", words="", by_id=maria, **gone),
                Tick(
                    **tick,
                    day=date(2026, 11, 24),
                    is_done=False,
                    reason=TickReason.NOT_SURE_HOW,
                    words="The crate tips 😀.",
                    told_to_id=dana,
                    by_id=dana,
                ),
            ]
        )

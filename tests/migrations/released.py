"""Something in every table of released records, for migrations to carry."""

from access.grants import PatientGrant
from actions.unit_of_work import Units
from models.record_release import (
    RecordHandover,
    RecordPreparation,
    RecordRelease,
    RecordReleasePiece,
    RecordWithholding,
)
from tests import releasing

TABLES = frozenset(
    each.__tablename__
    for each in (RecordPreparation, RecordWithholding, RecordRelease, RecordReleasePiece, RecordHandover)
)


def release(units: Units, grant: PatientGrant) -> None:
    releasing.give_away(units, grant)

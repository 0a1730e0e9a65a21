"""A patient's record on its way out: a release that was handed over, and another that is being prepared."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

from access.grants import PatientGrant
from actions import releases
from actions.exports.packing import pack
from actions.exports.withholding import Ground
from actions.unit_of_work import Units
from models.record_release import RecordRelease

DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Released:
    """What was given away, and one thing that is withheld from the next."""

    release_id: int
    withholding_id: int


def give_away(units: Units, grant: PatientGrant, to_whom: str = "Maria", how: str = "on paper") -> Released:
    """`grant` is the responsible clinician's."""
    with units.begin(grant.actor) as work:
        releases.begin(work, grant, "Maria", DAY, DAY)
    with units.begin(grant.actor) as work:
        row: RecordRelease = releases.release(work, grant, 1, [], pack(BytesIO(b"{}")))
        release_id = row.id
        releases.hand_over(work, grant, release_id, to_whom, how)
    with units.begin(grant.actor) as work:
        preparation = releases.begin(work, grant, "Maria again", DAY, DAY)
        releases.withhold_words(work, grant, "her brother", Ground.OTHERS)
        (withheld,) = releases.standing(preparation)
        return Released(release_id, withheld.id)

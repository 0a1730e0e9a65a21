"""The clinic's settings and a word of its glossary, for migrations to carry."""

from access.grants import ClinicGrant
from access.permissions import Permission
from actions import clinic, glossary
from actions.clinic_now import Clinic
from actions.unit_of_work import Units
from tests.personas import ADAM, actor

TABLES = frozenset({"clinic_settings", "glossary_terms"})


def settle(units: Units) -> None:
    """Adam sets whom to call, and words for hydrotherapy."""
    grant = ClinicGrant(actor(ADAM), Permission.CLINIC_SETTINGS)
    with units.begin(grant.actor) as work:
        clinic.change(work, grant, Clinic("Linden", "Europe/Vienna", emergency_number="112"), 0)
        term = glossary.write(work, grant, "hydrotherapy", "exercises in warm water")
        glossary.end(work, grant, term.id)

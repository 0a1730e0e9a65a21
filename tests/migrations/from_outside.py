"""Something in every table of who reads a plan from outside the clinic, for migrations to carry."""

from datetime import date

from access.grants import PatientGrant
from actions import consents, desk, portal, sign_in
from actions.portal import Invited
from actions.unit_of_work import Units
from models.portal import Consent, ConsentKind, DeskCode, PortalAccess, PortalRelation
from tests.personas import MARIA, user

TABLES = frozenset(each.__tablename__ for each in (PortalAccess, DeskCode, Consent))


def let_in(units: Units, grant: PatientGrant) -> None:
    """Maria trusts her phone; a code is made, an access ended, and a consent withdrawn."""
    day = date(2026, 11, 24)
    with units.begin(grant.actor) as work:
        desk.make(work, grant, Invited(PortalRelation.CARER, "Aino Salo", "a friend"))
        portal.end(work, grant, portal.accesses(grant.patient.id)[0])
        said = consents.Said(ConsentKind.GP, False, "Maria", grant.actor.user_id, day, "Not yet.")
        consents.record(work, grant, said, day)
    with units.begin(None) as work:
        sign_in.start_session(work, user(MARIA), "Firefox", trusted=True)

"""Roles and relations to a patient, and the permissions each brings.

An administrator is given none that touches a patient: no clinical content by role.
"""

from enum import StrEnum

from access.permissions import Permission as P
from models.user import Role


class Relation(StrEnum):
    """What a person is to one patient."""

    CLINICIAN = "clinician of the care team"
    COORDINATOR = "coordinator of the care team"
    ARRANGER = "coordinator of the clinic"
    LEAD = "lead of the patient's team, in the care team"
    RESPONSIBLE = "responsible clinician"


ROLE_PERMISSIONS: dict[Role, frozenset[P]] = {
    Role.CLINICIAN: frozenset({P.PATIENTS_LIST, P.PATIENT_ADD}),
    Role.COORDINATOR: frozenset({P.PATIENTS_LIST, P.PATIENT_ADD}),
    Role.ADMIN: frozenset({P.ACCOUNTS_MANAGE, P.TEAMS_MANAGE}),
    Role.PATIENT: frozenset(),
}
EVERYONE: frozenset[P] = frozenset({P.ACCOUNT_OWN})

_READS_THE_RECORD = frozenset(
    {
        P.PATIENT_VIEW,
        P.ABOUT_VIEW,
        P.ABOUT_EDIT,
        P.CARE_TEAM_VIEW,
        P.STATEMENT_RECORD,
        P.BOARD_VIEW,
        P.DOCUMENT_VIEW,
    }
)

RELATION_PERMISSIONS: dict[Relation, frozenset[P]] = {
    Relation.CLINICIAN: _READS_THE_RECORD | {P.DOCUMENT_EDIT},
    Relation.COORDINATOR: _READS_THE_RECORD,
    Relation.ARRANGER: frozenset({P.PATIENT_VIEW, P.CARE_TEAM_VIEW, P.CARE_TEAM_EDIT}),
    Relation.LEAD: frozenset({P.CARE_TEAM_EDIT}),
    Relation.RESPONSIBLE: frozenset({P.CARE_TEAM_EDIT}),
}


def of_roles(roles: frozenset[Role]) -> frozenset[P]:
    """Permissions that need no patient."""
    return EVERYONE.union(*(ROLE_PERMISSIONS[role] for role in roles))


def relations(roles: frozenset[Role], *, member: bool, lead: bool, responsible: bool) -> frozenset[Relation]:
    """What these roles and facts make a person to one patient. Only members of the care team are lead or responsible."""
    found: set[Relation] = set()
    if Role.COORDINATOR in roles:
        found.add(Relation.ARRANGER)
    if member and Role.COORDINATOR in roles:
        found.add(Relation.COORDINATOR)
    if member and Role.CLINICIAN in roles:
        found.add(Relation.CLINICIAN)
        if responsible:
            found.add(Relation.RESPONSIBLE)
    if member and lead and found:
        found.add(Relation.LEAD)
    return frozenset(found)


def of_relations(found: frozenset[Relation]) -> frozenset[P]:
    return frozenset().union(*(RELATION_PERMISSIONS[relation] for relation in found))

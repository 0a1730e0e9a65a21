"""Roles and relations to a patient, and the permissions each brings.

An administrator is given none that touches a patient: no clinical content by role. A patient's account is nothing
else: what it reads is a matter of its relations to patients, and no page of staff exists for it.
"""

from enum import StrEnum

from access.permissions import Permission
from models.portal import PortalRelation
from models.user import Role


class Relation(StrEnum):
    """What a person is to one patient."""

    CLINICIAN = "clinician of the care team"
    COORDINATOR = "coordinator of the care team"
    ARRANGER = "coordinator of the clinic"
    LEAD = "lead of the patient's team, in the care team"
    RESPONSIBLE = "responsible clinician"
    PATIENT = "the patient"
    GUARDIAN = "guardian of the patient"
    CARER = "carer of the patient"


_STAFF = frozenset({Permission.WORK, Permission.SEARCH, Permission.NOTICES, Permission.ALERTS})
_CARES = _STAFF | {Permission.PATIENTS_LIST, Permission.PATIENT_ADD, Permission.TASKS_LIST}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLINICIAN: _CARES,
    Role.COORDINATOR: _CARES,
    Role.ADMIN: _STAFF | {Permission.ACCOUNTS_MANAGE, Permission.TEAMS_MANAGE, Permission.CLINIC_SETTINGS},
    Role.PATIENT: frozenset({Permission.PORTAL_ENTER}),
}
EVERYONE: frozenset[Permission] = frozenset({Permission.ACCOUNT_OWN})

_READS_THE_RECORD = frozenset(
    {
        Permission.PATIENT_VIEW,
        Permission.IDENTITY_CORRECT,
        Permission.ABOUT_VIEW,
        Permission.ABOUT_EDIT,
        Permission.CARE_TEAM_VIEW,
        Permission.LOOKS_VIEW,
        Permission.STATEMENT_RECORD,
        Permission.BOARD_VIEW,
        Permission.DOCUMENT_VIEW,
        Permission.THREAD_VIEW,
        Permission.THREAD_WRITE,
        Permission.TASK_VIEW,
        Permission.TASK_WRITE,
        Permission.PLAN_HISTORY,
        Permission.VERSION_NAME,
        Permission.SIGN_OFF_VIEW,
        Permission.ANSWER_RECORD,
        Permission.QUESTIONS_VIEW,
        Permission.QUESTION_RECORD,
        Permission.QUESTION_ANSWER,
        Permission.ALERT_ACKNOWLEDGE,
        Permission.TICK_RECORD,
    }
)

RELATION_PERMISSIONS: dict[Relation, frozenset[Permission]] = {
    Relation.CLINICIAN: _READS_THE_RECORD
    | {Permission.DOCUMENT_EDIT, Permission.SUGGESTION_MAKE, Permission.SIGN_OFF_WRITE, Permission.RESTORE},
    Relation.COORDINATOR: _READS_THE_RECORD,
    Relation.ARRANGER: frozenset(
        {Permission.PATIENT_VIEW, Permission.IDENTITY_CORRECT, Permission.CARE_TEAM_VIEW, Permission.CARE_TEAM_EDIT}
    ),
    Relation.LEAD: frozenset({Permission.CARE_TEAM_EDIT, Permission.WITHDRAW, Permission.PLAN_STATE_CHANGE}),
    Relation.RESPONSIBLE: frozenset(
        {
            Permission.CARE_TEAM_EDIT,
            Permission.PUBLISH,
            Permission.WITHDRAW,
            Permission.RECORD_RELEASE,
            Permission.PLAN_STATE_CHANGE,
        }
    ),
    Relation.PATIENT: frozenset(
        {
            Permission.PORTAL_PLAN_READ,
            Permission.PORTAL_WORDS_WRITE,
            Permission.PORTAL_COPY,
            Permission.PORTAL_QUESTIONS_READ,
            Permission.PORTAL_LOOKS_READ,
        }
    ),
    Relation.GUARDIAN: frozenset(
        {
            Permission.PORTAL_PLAN_READ,
            Permission.PORTAL_WORDS_WRITE,
            Permission.PORTAL_COPY,
            Permission.PORTAL_QUESTIONS_READ,
            Permission.PORTAL_LOOKS_READ,
        }
    ),
    Relation.CARER: frozenset({Permission.PORTAL_PLAN_READ}),
}

FROM_OUTSIDE: dict[str, Relation] = {
    PortalRelation.SELF: Relation.PATIENT,
    PortalRelation.GUARDIAN: Relation.GUARDIAN,
    PortalRelation.CARER: Relation.CARER,
}
"""What an access from outside the clinic makes its person to the patient."""


def of_roles(roles: frozenset[Role]) -> frozenset[Permission]:
    """Permissions that need no patient."""
    return EVERYONE.union(*(ROLE_PERMISSIONS[role] for role in roles))


def relations(roles: frozenset[Role], *, member: bool, lead: bool, responsible: bool) -> frozenset[Relation]:
    """What these roles and facts make a person to one patient; leads and responsibles are of its care team."""
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


def of_relations(found: frozenset[Relation]) -> frozenset[Permission]:
    return frozenset().union(*(RELATION_PERMISSIONS[relation] for relation in found))

"""Coming to a board and leaving it."""

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import audit
from livedoc.refusals import malformed
from realtime import documents, notices, payloads, presence
from realtime.connections import Connection
from realtime.gate import event
from realtime.payloads import Json, Target
from realtime.switchboard import Switchboard

JOIN_COST = 9
"""Events that a join counts as besides itself: each may be told to everyone there."""


def board_rights(switchboard: Switchboard, connection: Connection, plan_id: int, permission: Permission) -> None:
    """Only the plan of the handshake, and only for whom may see it."""
    _grant(switchboard, connection, plan_id, permission)
    if connection.plan != str(plan_id):
        raise malformed("another plan than the handshake's")


def _grant(switchboard: Switchboard, connection: Connection, plan_id: int, permission: Permission) -> PatientGrant:
    with switchboard.app.app_context():
        return loaders.plan(connection.actor, plan_id, permission)


@event("board.join", Permission.BOARD_VIEW, "plan", payloads.target, board_rights)
def join(switchboard: Switchboard, connection: Connection, plan_id: int, _payload: Target) -> Json:
    """Joining again answers anew, and is not told to the others."""
    plan = str(plan_id)
    connection.events.spend(JOIN_COST)
    with switchboard.app.app_context():
        grant = loaders.plan(connection.actor, plan_id, Permission.BOARD_VIEW)
        patient_id, revision = grant.patient.id, grant.plan.revision
        state_id = grant.state.id if grant.state else 0
        audit.record_view(switchboard.units, connection.actor, Permission.BOARD_VIEW, f"plan:{plan}", patient_id)
    switchboard.revisions[plan] = max(revision, switchboard.revisions.get(plan, 0))
    if not connection.has_joined:
        connection.patient_id = patient_id
        connection.has_joined = True
        connection.in_state = state_id
        switchboard.connections.join_board(connection)
        presence.tell_people(switchboard, plan, but=connection)
    notices.tell_unseen(switchboard, connection)
    return {"revision": revision, "connection": connection.id, "people": presence.people(switchboard, plan)}


@event("board.leave", Permission.BOARD_VIEW, "plan", payloads.target, board_rights)
def leave(switchboard: Switchboard, connection: Connection, _plan_id: int, _payload: Target) -> Json:
    forget(switchboard, connection)
    return {}


def forget(switchboard: Switchboard, connection: Connection) -> None:
    """Take a connection off its board and close its documents."""
    for document_id in list(connection.documents):
        documents.put_away(switchboard, connection, document_id)
    if connection.has_joined and connection.plan is not None:
        connection.has_joined = False
        connection.section = None
        switchboard.connections.leave_board(connection)
        presence.tell_people(switchboard, connection.plan)

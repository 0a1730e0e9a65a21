"""Opening, editing, checking and closing live documents, and the carets in them."""

import time

from access import loaders
from access.grants import DocumentGrant, Forbidden
from access.limits import CARETS
from access.permissions import Permission
from livedoc.document import LiveDocument
from livedoc.hub import AWAITED
from livedoc.refusals import Code, Refused, malformed
from livedoc.submission import Submission
from realtime import payloads, presence
from realtime.answers import Later
from realtime.connections import Connection, Message, OpenDocument, Reset
from realtime.gate import event
from realtime.heads import Place
from realtime.payloads import Check, Cursor, Edit, Json, Open, Target
from realtime.switchboard import Switchboard

RESET_EVERY = 10.0
"""Seconds between two resets of one replica."""
OPEN_COST, ID_COST = 2, 10
"""Events that an opening, and a client id that is new to a document, count as besides the event itself."""
TRIAL_SECONDS = 0.0005
"""Seconds of processor time in a trial that count as one more event."""


def may_open(switchboard: Switchboard, connection: Connection, document_id: int, permission: Permission) -> None:
    grant = _grant(switchboard, connection, document_id, permission)
    if not connection.has_joined or connection.plan != str(grant.plan_id):
        raise malformed("the board was not joined")


def has_open(switchboard: Switchboard, connection: Connection, document_id: int, permission: Permission) -> None:
    """The rights kept with the open document answer for every edit; they are renewed when access changes."""
    shown = connection.documents.get(document_id)
    if shown is None:
        _grant(switchboard, connection, document_id, permission)
        raise malformed("the document was not opened")
    if permission is Permission.DOCUMENT_EDIT and not shown.can_edit:
        raise Forbidden(connection.actor, permission, f"document:{document_id}", shown.grant.patient_id)


def _grant(switchboard: Switchboard, connection: Connection, document_id: int, permission: Permission) -> DocumentGrant:
    with switchboard.app.app_context():
        return loaders.document(connection.actor, document_id, permission)


@event("doc.open", Permission.DOCUMENT_VIEW, "doc", payloads.open_, may_open)
def open_(switchboard: Switchboard, connection: Connection, document_id: int, payload: Open) -> Json:
    if connection.transport is not None and not connection.transport.expect_large_answer():
        raise Refused(Code.BUSY, "another document is still on its way")
    grant = _grant(switchboard, connection, document_id, Permission.DOCUMENT_VIEW)
    shown = connection.documents.get(document_id)
    document = shown.document if shown is not None else switchboard.hub.enter(document_id)
    try:
        _check_ids(document, connection, payload.client_ids)
    except Refused:
        if shown is None:
            switchboard.hub.leave(document)
        raise
    if shown is None:
        shown = connection.documents[document_id] = OpenDocument(document, grant, payload.client_ids)
    else:
        shown.grant, shown.client_ids = grant, payload.client_ids
    if document_id in connection.resets and not payload.known:
        connection.resets[document_id].is_fresh = True
    switchboard.heads.know(document_id, Place(str(grant.plan_id), grant.patient_id, grant.section_key))
    connection.events.spend(OPEN_COST)
    opened = switchboard.hub.read(
        document,
        payload.known if payload.epoch in (None, document.epoch) else None,
        joining=lambda: switchboard.connections.join_document(connection, document_id),
    )
    return {
        "epoch": opened.epoch,
        "seq": opened.seq,
        "update": payloads.to_base64(opened.update),
        "state_vector": payloads.to_base64(opened.state_vector),
        "can_edit": grant.can_edit and opened.damage is None,
        **({"damaged": True} if opened.damage else {}),
        "cursors": presence.carets(switchboard, document_id, but=connection),
    }


def _check_ids(document: LiveDocument, connection: Connection, client_ids: frozenset[int]) -> None:
    own = connection.actor.user_id
    if any(document.authors.get(client, own) != own for client in client_ids):
        raise Refused(Code.FOREIGN_AUTHOR, "a client id of another person")


@event("doc.close", Permission.DOCUMENT_VIEW, "doc", payloads.target, has_open)
def close(switchboard: Switchboard, connection: Connection, document_id: int, _payload: Target) -> Json:
    put_away(switchboard, connection, document_id)
    return {}


def put_away(switchboard: Switchboard, connection: Connection, document_id: int) -> None:
    """Close a document on a connection, wherever that comes from."""
    shown = connection.documents.pop(document_id, None)
    if shown is not None:
        switchboard.connections.leave_document(connection, document_id)
        presence.drop_caret(switchboard, connection, document_id, shown)
        switchboard.hub.leave(shown.document)


@event("doc.edit", Permission.DOCUMENT_EDIT, "doc", payloads.edit, has_open)
def edit(switchboard: Switchboard, connection: Connection, document_id: int, payload: Edit) -> Later:
    """One of each document at a time: whoever sends more before the acknowledgement is read no further until then."""
    connection.active_at = time.monotonic()
    shown = connection.documents[document_id]
    if shown.latest is not None:
        shown.latest.wait(AWAITED)
    submission = Submission(payload.update, connection.actor.user_id, connection, shown.client_ids)
    submission.allowed = lambda: shown.can_edit
    try:
        switchboard.hub.hand_in(shown.document, payload.epoch, submission)
    finally:
        connection.events.spend(len(submission.newcomers) * ID_COST + submission.cost / TRIAL_SECONDS)
    shown.latest = submission.done
    return Later(submission, switchboard.tally)


@event("doc.check", Permission.DOCUMENT_VIEW, "doc", payloads.check, has_open)
def check(switchboard: Switchboard, connection: Connection, document_id: int, payload: Check) -> Json:
    """A replica that differs at an equal seq is mended."""
    shown = connection.documents[document_id]
    seq, digest = switchboard.hub.digest(shown.document)
    if payload.seq == seq and payload.sha256 == digest:
        connection.resets.pop(document_id, None)
    elif payload.seq == seq:
        _mend(switchboard, connection, document_id, shown)
    return {}


def _mend(switchboard: Switchboard, connection: Connection, document_id: int, shown: OpenDocument) -> None:
    """A replica that differs begins anew, alone. If the fresh one differs again, the document itself is at fault:
    for somebody who may edit, it is rebuilt."""
    now = time.monotonic()
    former = connection.resets.get(document_id)
    if former is not None and former.is_fresh and shown.can_edit:
        former.is_fresh = False
        switchboard.hub.rebuild_soon(shown.document)
    elif former is None or now - former.at > RESET_EVERY:
        connection.resets[document_id] = Reset(now)
        connection.deliver(Message("doc.reset", {"doc": str(document_id), "epoch": shown.document.epoch}))


@event("doc.cursor", Permission.DOCUMENT_VIEW, "doc", payloads.cursor, has_open)
def cursor(switchboard: Switchboard, connection: Connection, document_id: int, payload: Cursor) -> None:
    connection.active_at = time.monotonic()
    if not connection.carets.take():
        switchboard.tally.limited[CARETS.name] += 1
    else:
        presence.move_caret(switchboard, connection, document_id, connection.documents[document_id], payload)

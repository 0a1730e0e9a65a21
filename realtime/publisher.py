"""Tells open boards what was committed: the port of the actions, and the broadcaster of the live documents."""

from collections.abc import Collection, Iterable, Sequence

from access import loaders
from access.grants import Refusal
from access.permissions import Permission
from realtime import boards, documents
from realtime.connections import Connection, Message, send_all
from realtime.heads import Place
from realtime.payloads import to_base64
from realtime.switchboard import Switchboard


class SocketPublisher:
    """What actions published reaches the sockets of this process."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def board_changed(self, plan_id: int, fragments: Collection[str], revision: int) -> None:
        plan = str(plan_id)
        known = self._switchboard.revisions
        known[plan] = max(revision, known.get(plan, 0))
        self._tell_board(plan, list(fragments), revision)

    def heads_changed(self, places: Iterable[Place]) -> None:
        """People typed: heads are refreshed, the revision stays."""
        for place in places:
            revision = self._switchboard.revisions.get(place.plan, 0)
            self._tell_board(place.plan, [f"head-{place.section}"], revision)

    def lines_changed(self, plans: Iterable[str]) -> None:
        """People typed, and rest: what the patient cannot see is counted anew; the revision stays."""
        for plan in plans:
            self._tell_board(plan, ["sign-off"], self._switchboard.revisions.get(plan, 0))

    def access_changed(self, patient_id: int, user_id: int | None) -> None:
        for connection in self._switchboard.connections.of_patient(patient_id):
            if user_id in (None, connection.actor.user_id):
                renew_rights(self._switchboard, connection)

    def session_ended(self, session_ids: Collection[int], reason: str) -> None:
        for connection in self._switchboard.connections.of_sessions(session_ids):
            end(self._switchboard, connection, reason)

    def notices_changed(self, user_id: int, unseen: int) -> None:
        send_all(self._switchboard.connections.of_person(user_id), Message("notices.changed", {"unseen": unseen}))

    def _tell_board(self, plan: str, fragments: list[str], revision: int) -> None:
        message = Message("board.changed", {"plan": plan, "fragments": fragments, "revision": revision})
        send_all(self._switchboard.connections.of_board(plan), message)


class SocketBroadcaster:
    """What was typed reaches those who have the document open."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def updated(
        self, document_id: int, since: int, seq: int, update: bytes, by: Sequence[int], only_author: object | None
    ) -> None:
        listeners = self._switchboard.connections.of_document(document_id)
        if len(listeners) > 1 or (listeners and listeners[0] is not only_author):
            send_all(listeners, Message.updated(document_id, since, seq, to_base64(update), by), only_author)
        self._switchboard.heads.typed(document_id)

    def reset(self, document_id: int, epoch: int) -> None:
        message = Message("doc.reset", {"doc": str(document_id), "epoch": epoch})
        send_all(self._switchboard.connections.of_document(document_id), message)


def renew_rights(switchboard: Switchboard, connection: Connection) -> None:
    """Ask anew what a connection may do, and take away what it may not."""
    if connection.plan is None or not connection.has_joined:
        return
    with switchboard.app.app_context():
        try:
            loaders.plan(connection.actor, int(connection.plan), Permission.BOARD_VIEW)
        except Refusal:
            boards.forget(switchboard, connection)
            connection.deliver(Message("access.changed", {"plan": connection.plan, "can_edit": False}))
            return
        for document_id in list(connection.documents):
            _renew_document(switchboard, connection, document_id)


def _renew_document(switchboard: Switchboard, connection: Connection, document_id: int) -> None:
    shown = connection.documents[document_id]
    before = shown.can_edit
    try:
        shown.grant = loaders.document(connection.actor, document_id, Permission.DOCUMENT_VIEW)
        after = shown.can_edit
    except Refusal:
        documents.put_away(switchboard, connection, document_id)
        after = False
    if after != before:
        changed = {"plan": connection.plan, "doc": str(document_id), "can_edit": after}
        connection.deliver(Message("access.changed", changed))


def end(switchboard: Switchboard, connection: Connection, reason: str) -> None:
    """Say that the session is over, and hang up."""
    switchboard.tally.sockets.ended[reason] += 1
    connection.deliver(Message("session.ended", {"reason": reason}))
    connection.drop()

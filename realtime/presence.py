"""Who is here, in which section, and where their carets are."""

from access.grants import Actor
from realtime.connections import Connection, Message, OpenDocument, send_all
from realtime.payloads import Cursor, Json
from realtime.switchboard import Switchboard


def people(switchboard: Switchboard, plan: str) -> list[Json]:
    """Everyone on a board, one entry for each connection."""
    return [_person(each) for each in switchboard.connections.of_board(plan)]


def tell_people(switchboard: Switchboard, plan: str, but: Connection | None = None) -> None:
    message = Message("board.people", {"plan": plan, "people": people(switchboard, plan)})
    send_all(switchboard.connections.of_board(plan), message, but)


def carets(switchboard: Switchboard, document_id: int, but: Connection) -> list[Json]:
    """The carets in a document, but for one's own."""
    found = []
    for each in switchboard.connections.of_document(document_id):
        shown = each.documents.get(document_id)
        if each is not but and shown is not None and shown.head is not None:
            found.append({"by": each.id, "anchor": shown.anchor, "head": shown.head})
    return found


def move_caret(
    switchboard: Switchboard, connection: Connection, document_id: int, shown: OpenDocument, caret: Cursor
) -> None:
    """Put a caret somewhere, or take it away; the board hears when that is another section."""
    shown.anchor, shown.head = caret.anchor, caret.head
    _tell_caret(switchboard, connection, document_id, caret)
    section = shown.grant.section_key
    if caret.head is not None and connection.section != section:
        connection.section = section
        if connection.plan is not None:
            tell_people(switchboard, connection.plan)


def drop_caret(switchboard: Switchboard, connection: Connection, document_id: int, shown: OpenDocument) -> None:
    if shown.head is not None or shown.anchor is not None:
        shown.anchor = shown.head = None
        _tell_caret(switchboard, connection, document_id, Cursor(None, None))


def _tell_caret(switchboard: Switchboard, connection: Connection, document_id: int, caret: Cursor) -> None:
    payload = {"doc": str(document_id), "by": connection.id, "anchor": caret.anchor, "head": caret.head}
    send_all(switchboard.connections.of_document(document_id), Message("doc.cursor", payload), connection)


def _person(connection: Connection) -> Json:
    actor: Actor = connection.actor
    entry: Json = {
        "connection": connection.id,
        "user": str(actor.user_id),
        "name": actor.name,
        "discipline": actor.discipline,
    }
    return {**entry, "section": connection.section} if connection.section else entry

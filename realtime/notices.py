"""What a person hears on every page: how many notices are new."""

import logging

from access.hearing import unseen
from models.base import db
from models.outage import AWAY
from realtime.connections import Connection, Message
from realtime.switchboard import Switchboard

log = logging.getLogger(__name__)


def tell_unseen(switchboard: Switchboard, connection: Connection) -> None:
    """Say the count as it is now: whatever changed before this connection stood was not heard."""
    user_id = connection.actor.user_id
    try:
        with switchboard.app.app_context():
            count = unseen(db.session(), [user_id])[user_id]
    except AWAY as error:
        log.warning("notices wait for the database: %s", type(error).__name__)
        return
    connection.deliver(Message("notices.changed", {"unseen": count}))

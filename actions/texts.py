"""A section's text sent by the plain form: one edit that merges with what others typed meanwhile."""

from access.grants import DocumentGrant
from actions import plain_readings
from actions.unit_of_work import Units
from livedoc import edits
from livedoc.hub import Hub
from livedoc.refusals import Refused


class Unusable(Exception):
    """The text was not taken. `code`: stale_epoch, malformed, too_large, forbidden (the document is damaged) or
    unavailable, as on the wire."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def replace(units: Units, hub: Hub, grant: DocumentGrant, epoch: int, base_seq: int, text: str) -> int:
    """Make the document hold what was changed since (`epoch`, `base_seq`); answers its seq. Raises Unusable.

    The log row is the audit of it, as for typing.
    """
    assert grant.can_edit
    try:
        with units.begin(grant.actor, [grant.document_id]) as work:
            seq = edits.replace(work, hub, grant.document_id, epoch, base_seq, text, grant.actor.user_id)
            work.touched(grant.patient_id)
            work.board_changed(grant.plan_id, f"head-{grant.section_key}")
    except Refused as refusal:
        raise Unusable(refusal.code) from refusal
    plain_readings.note_edits(units, hub, [grant.document_id])
    return seq

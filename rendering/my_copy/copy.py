"""The patient's copy as a file with hashes, and as the page of a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from access.grants import PortalGrant
from actions.exports import sealed
from actions.exports.sealed import Format, Part
from models.portal import PortalRelation
from models.seals import Seals
from rendering import my
from rendering.my_copy.piece import About, Shown
from rendering.my_copy.pieces import PIECES


@dataclass(frozen=True, slots=True)
class Titled:
    """A piece on paper."""

    title: str
    empty: str
    entries: Sequence[Shown]


def about(grant: PortalGrant) -> About:
    return About(
        grant.patient.id,
        grant.plan.id,
        my.first_name(grant.patient.id, grant.patient.name),
        grant.access.relation == PortalRelation.SELF,
    )


def on_paper(whose: About) -> list[Titled]:
    return [
        Titled(piece.title(whose), piece.empty(whose), [piece.show(entry) for entry in piece.entries(whose)])
        for piece in PIECES
    ]


def as_file(grant: PortalGrant, clinic: str, made_at: datetime, seals: Seals) -> bytes:
    whose = about(grant)
    head = {
        "clinic": clinic,
        "patient": grant.patient.name,
        "born": grant.patient.birth_date,
        "number": grant.patient.number,
        "made_at": made_at,
        "made_for": grant.access.user.name,
    }
    into = BytesIO()
    sealed.write(into, Format.COPY, head, (Part(piece.name, piece.entries(whose)) for piece in PIECES), seals)
    return into.getvalue()

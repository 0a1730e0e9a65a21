"""A text's life, stop by stop: who wrote when, and what changed since the stop before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from access.grants import DocumentGrant, PatientGrant
from access.permissions import Permission
from actions import sides
from livedoc.attributed import Point, Stop
from livedoc.attribution import Attribution, NoSuchPoint
from livedoc.words import Size
from models.base import db
from models.document import DocumentUpdate
from models.user import User
from rendering import restored
from rendering.differences import TextDifference, of_text
from rendering.restored import Restored


@dataclass(frozen=True, slots=True)
class Moment:
    """A stop as it is listed; `value` as an address has it."""

    value: str
    at: datetime
    people: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    """The `moments` in order, and the one that is shown, by its number. `difference` is None when no words differ.
    `now`: where the text stands; `is_now`: the moment is that."""

    moments: Sequence[Moment]
    here: int
    first_at: datetime | None
    difference: TextDifference | None
    size: Size
    now: Point
    is_now: bool
    can_restore: bool
    restored: Restored | None

    @property
    def moment(self) -> Moment:
        return self.moments[self.here]


def picture(
    grant: PatientGrant, own: DocumentGrant, attribution: Attribution, stop: Point | None, at: datetime
) -> Picture:
    """With the moment at `stop`, or the last. Raises NoSuchPoint."""
    text = next(each for each in sides.texts(grant.plan.id) if each.document_id == own.document_id)
    began = sides.began(text)
    stops = attribution.stops(text.document_id, began) if text.now > began else []
    here = len(stops) - 1
    if stop is not None:
        stops, here = _with(stops, stop, text.document_id)
    difference, size = None, Size()
    if stops:
        since = stops[here - 1].point if here else began
        difference, size = of_text(grant, attribution, text, since, stops[here].point)
    names = _names(stops)
    return Picture(
        moments=[
            Moment(written(each.point), each.last_at, [names[user] for user in each.people if user in names])
            for each in stops
        ],
        here=here,
        first_at=stops[here].first_at if stops else None,
        difference=difference,
        size=size,
        now=text.now,
        is_now=bool(stops) and stops[here].point == text.now,
        can_restore=grant.may(Permission.RESTORE) and grant.may_write_for(text.owner),
        restored=restored.latest(grant, [text], at),
    )


def written(point: Point) -> str:
    """As an address has it."""
    return ".".join(map(str, point))


def _with(stops: Sequence[Stop], point: Point, document_id: int) -> tuple[list[Stop], int]:
    """The stops with one at a point: who shared it saw the text as it was there, whatever was written since."""
    number = next((number for number, each in enumerate(stops) if each.point >= point), None)
    if number is None:
        raise NoSuchPoint
    found = stops[number]
    if found.point == point:
        return list(stops), number
    of = DocumentUpdate
    at = db.session.scalar(select(of.at).where(of.document_id == document_id, of.epoch == point[0], of.seq == point[1]))
    if at is None or (number and point <= stops[number - 1].point):
        raise NoSuchPoint
    return [*stops[:number], replace(found, point=point, last_at=at), *stops[number:]], number


def _names(stops: Sequence[Stop]) -> dict[int, str]:
    ids = {user for stop in stops for user in stop.people}
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}

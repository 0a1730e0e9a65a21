"""Who made a change and when, by whose hand, and for what reason; for all changes of a page in two statements."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from livedoc.attributed import Compared, Edit, Point, Run, Taken
from livedoc.comparison import IN_FORMER, IN_LATER, Kind, Part
from models.base import db
from models.discipline import Discipline
from models.edit_origin import EditOrigin, OriginKind
from models.user import User, initials


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody and what they did: `how` says by whose hand, in words. `tone`: the CSS class of a colour."""

    name: str
    initials: str
    tone: str
    how: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """An edit of a document that a change comes from: who wrote the words, or took some away (`user_id`), and by
    whose `hand` they came there."""

    document_id: int
    user_id: int | None
    at: datetime | None
    epoch: int
    seq: int
    hand: Edit | None = None


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    tone: str


def deeds(document_id: int, compared: Compared, since: Point, hunk: Sequence[Part]) -> list[Deed]:
    """What made a change; words that stood in the text before it was compared are nobody's change."""
    found: dict[Deed, None] = {}
    for part in hunk:
        if part.piece.kind in IN_LATER and part.piece.kind is not Kind.KEPT:
            for run in compared.whose.between(*part.later):
                deed = _written(document_id, run)
                edit = deed.hand or deed
                if (edit.epoch, edit.seq) > since:
                    found[deed] = None
        if part.piece.kind in IN_FORMER and part.piece.kind is not Kind.KEPT:
            for taken in compared.fates.between(*part.former):
                found.update(dict.fromkeys(_taken(document_id, taken)))
    return list(found)


def _written(document_id: int, run: Run) -> Deed:
    return Deed(document_id, run.user_id, run.last_at, run.epoch, run.seq, run.hand)


def _taken(document_id: int, taken: Taken) -> Iterator[Deed]:
    by = taken.by
    if by is not None:
        yield Deed(document_id, by.user_id, by.at, by.epoch, by.seq)


class Credits:
    """Knows the people and the reasons behind the deeds it was made with."""

    def __init__(self, of: Iterable[Deed]) -> None:
        every = list(of)
        self._people = _people({deed.user_id for deed in every} | {deed.hand.user_id for deed in every if deed.hand})
        self._origins = _origins({deed.document_id for deed in every})

    def of(self, made: Sequence[Deed]) -> list[Credit]:
        """One for each person and way, latest moment each, in the order of these."""
        latest: dict[tuple[str, str], Credit] = {}
        for deed in made:
            credit = self._credit(deed)
            former = latest.get((credit.name, credit.how))
            if former is None or (credit.at and former.at and credit.at > former.at):
                latest[credit.name, credit.how] = credit
        return sorted(latest.values(), key=lambda credit: (credit.at is not None, credit.at), reverse=True)

    def reasons(self, made: Sequence[Deed]) -> list[str]:
        """Why words came back, each reason once."""
        found = (self._origin(deed)[1] for deed in made)
        return list(dict.fromkeys(reason for reason in found if reason))

    def _origin(self, deed: Deed) -> tuple[str, str]:
        edit = deed.hand or deed
        return self._origins.get((deed.document_id, edit.epoch, edit.seq), ("", ""))

    def _credit(self, deed: Deed) -> Credit:
        kind, _reason = self._origin(deed)
        author, hand = self._people.get(deed.user_id or 0), deed.hand
        by = self._people.get(hand.user_id or 0) if hand is not None else None
        if kind == OriginKind.RESTORE:
            restorer, words = (by, author) if hand is not None else (author, None)
            how = _("brought back words of %(name)s", name=words.name) if words and words != restorer else ""
            return _of(restorer, how or _("brought back"), hand.at if hand is not None else deed.at)
        if hand is not None and kind == OriginKind.SUGGESTION:
            how = _("suggested, accepted by %(name)s", name=by.name) if by and by != author else _("suggested")
            return _of(author, how, hand.at)
        return _of(author, "", deed.at)


def _of(person: _Person | None, how: str, at: datetime | None) -> Credit:
    if person is None:
        return Credit(_("Nobody knows who"), "?", "shared", how, at)
    return Credit(person.name, initials(person.name), person.tone, how, at)


def _people(ids: set[int | None]) -> Mapping[int, _Person]:
    rows = db.session.execute(
        select(User.id, User.name, Discipline.key)
        .outerjoin(Discipline, Discipline.id == User.discipline_id)
        .where(User.id.in_(ids - {None}))
    )
    return {user_id: _Person(name, tone or "shared") for user_id, name, tone in rows}


def _origins(document_ids: set[int]) -> Mapping[tuple[int, int, int], tuple[str, str]]:
    of = EditOrigin
    rows = db.session.execute(
        select(of.document_id, of.epoch, of.seq, of.kind, of.reason).where(of.document_id.in_(document_ids))
    )
    return {(document_id, epoch, seq): (kind, reason) for document_id, epoch, seq, kind, reason in rows}

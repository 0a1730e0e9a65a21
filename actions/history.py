"""The versions of a plan as a list, each with what it changed beside the one before it, and new ones named by hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select, tuple_

from access.grants import PatientGrant
from actions import versions
from actions.unfit import Fault, Problem, Unfit
from actions.unit_of_work import Work
from livedoc import words
from livedoc.hub import Hub
from livedoc.ports import Runner
from livedoc.words import Size
from models.base import db
from models.publication import Publication, Signature
from models.user import User
from models.version import Version, VersionKind, VersionText

PAGE = 20
MAX_LABEL, MAX_REASON = 80, 200
"""Letters of a name, and of a reason: one line."""
_MOST_KNOWN = 5_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A version. `sections` are those it changed beside the version before it, by title; `size` by how much. The first
    of a plan has neither. `number`: of the publication it became; `signatures`: how many signed it."""

    id: int
    kind: str
    label: str
    reason: str
    at: datetime
    author: str | None
    number: int | None
    signatures: int
    sections: Sequence[str] = ()
    size: Size | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first; `before` is the cursor of the page after it."""

    versions: Sequence[Listed]
    before: int | None


@dataclass(frozen=True, slots=True)
class _Stood:
    """Where a document stood in a version."""

    epoch: int
    seq: int
    title: str
    position: int


@dataclass(slots=True)
class Sizes:
    """How much a text changed from one version to the next: both are on record, so that it is worked out once."""

    aside: Runner
    _known: dict[tuple[int, int, int], Size] = field(default_factory=dict)

    def of(self, pairs: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int, int], Size]:
        """By (document, version before or 0, version)."""
        unknown = [pair for pair in pairs if pair not in self._known]
        if unknown:
            texts = _texts({(each, pair[0]) for pair in unknown for each in pair[1:] if each})
            found = self.aside(lambda: [_change(texts, pair) for pair in unknown])
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known.update(zip(unknown, found, strict=True))
        return {pair: self._known[pair] for pair in pairs}


def page(plan_id: int, sizes: Sizes, before: int | None = None) -> Page:
    """The versions before the one with the id `before`, or the newest; three statements."""
    found = _rows(plan_id, before)
    stood = _stood([row.id for row in found])
    shown = found[:PAGE]
    changed = {row.id: _changed(stood, row.id, former.id) for row, former in zip(shown, found[1:], strict=False)}
    pairs = [pair for each in changed.values() for pair in each]
    known = sizes.of(pairs)
    listed = [
        replace(
            row,
            sections=_titles(stood[row.id][document] for document, _former, _version in changed[row.id]),
            size=sum((known[pair] for pair in changed[row.id]), Size()),
        )
        if row.id in changed
        else row
        for row in shown
    ]
    return Page(listed, shown[-1].id if len(found) > PAGE else None)


def name(work: Work, hub: Hub, grant: PatientGrant, label: str, reason: str) -> Version:
    """Freeze the plan under a name that somebody gives it, for a reason. The unit of work must have named the plan's
    documents. Raises Unfit."""
    label, reason = " ".join(label.split()), " ".join(reason.split())
    faults: dict[str, Fault | Problem] = {}
    for field_name, value, most in (("label", label, MAX_LABEL), ("reason", reason, MAX_REASON)):
        if not value:
            faults[field_name] = Problem.EMPTY
        elif len(value) > most:
            faults[field_name] = Fault(Problem.TOO_LONG, str(most))
    if faults:
        raise Unfit(faults)
    standing = versions.held(hub, versions.documents_of(grant.plan.id))
    version = versions.freeze(work, grant.plan.id, VersionKind.NAMED, standing, label=label, reason=reason)
    work.touched(grant.patient.id)
    return version


def _rows(plan_id: int, before: int | None) -> list[Listed]:
    signed = select(func.count()).where(Signature.version_id == Version.id).scalar_subquery()
    query = (
        select(
            Version.id,
            Version.kind,
            Version.label,
            Version.reason,
            Version.at,
            User.name,
            Publication.number,
            signed,
        )
        .outerjoin(User, User.id == Version.author_id)
        .outerjoin(Publication, Publication.version_id == Version.id)
        .where(Version.plan_id == plan_id)
        .order_by(Version.id.desc())
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query if before is None else query.where(Version.id < before))
    return [Listed(*row) for row in rows]


def _stood(version_ids: Sequence[int]) -> Mapping[int, Mapping[int, _Stood]]:
    of = VersionText
    rows = db.session.execute(
        select(of.version_id, of.document_id, of.epoch, of.seq, of.title, of.position).where(
            of.version_id.in_(version_ids)
        )
    )
    found: dict[int, dict[int, _Stood]] = {version_id: {} for version_id in version_ids}
    for row in rows:
        found[row.version_id][row.document_id] = _Stood(row.epoch, row.seq, row.title, row.position)
    return found


def _changed(stood: Mapping[int, Mapping[int, _Stood]], version_id: int, former_id: int) -> list[tuple[int, int, int]]:
    """The documents that went on from one version to the next, as Sizes knows them."""
    former = stood[former_id]
    return [
        (document_id, former_id if document_id in former else 0, version_id)
        for document_id, now in stood[version_id].items()
        if document_id not in former or (former[document_id].epoch, former[document_id].seq) != (now.epoch, now.seq)
    ]


def _titles(where: Iterable[_Stood]) -> list[str]:
    return list(dict.fromkeys(each.title for each in sorted(where, key=lambda each: each.position)))


def _texts(keys: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """By version and document."""
    of = VersionText
    query = select(of.version_id, of.document_id, of.text).where(tuple_(of.version_id, of.document_id).in_(list(keys)))
    return {(version_id, document_id): text for version_id, document_id, text in db.session.execute(query)}


def _change(texts: Mapping[tuple[int, int], str], pair: tuple[int, int, int]) -> Size:
    document_id, former, version = pair
    return words.change(texts.get((former, document_id), ""), texts[version, document_id])

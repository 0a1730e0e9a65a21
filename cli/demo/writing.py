"""How the texts of a plan were written: by whom, when, part by part."""

from collections.abc import Iterator
from datetime import timedelta
from zlib import crc32

from sqlalchemy import select

from access import loaders
from access.grants import DocumentGrant
from access.permissions import Permission
from actions.plans import DISCIPLINE_TEMPLATE
from cli.demo import stages
from cli.demo.content import PatientPage
from cli.demo.days import fill_in
from cli.demo.past import Event, Past
from livedoc import edits
from livedoc.document import LiveDocument
from models.base import db
from models.plan import Plan, Section, SectionDocument

SETTLING = timedelta(minutes=15)
"""From a patient's coming to the first words about them."""


class Text:
    """One document as it is being written."""

    def __init__(self, past: Past, page: PatientPage, section: str, kind: str) -> None:
        self._past, self._page, self._section, self._kind = past, page, section, kind
        self._document: LiveDocument | None = None
        self._grants: dict[str, DocumentGrant] = {}

    def events(self) -> Iterator[Event]:
        """Every edit at its moment."""
        what = f"{self._page.number} {self._section} {self._kind}"
        latest = self._past.ago(self._page.added, self._page.number) + SETTLING
        text = DISCIPLINE_TEMPLATE if self._begins_with_template() else ""
        for number, stage in enumerate(self._page.texts[self._section, self._kind]):
            after = fill_in(stage.text, self._past.today, long=self._kind == "plain")
            parts = stages.steps(text, after)
            done = self._past.ago(stage.ago, f"{what} {number}")
            pause = timedelta(minutes=3 + crc32(what.encode()) % 6)
            for left, part in reversed(list(enumerate(reversed(parts)))):
                latest = min(max(done - left * pause, latest + timedelta(minutes=1)), self._past.now)
                yield Event(latest, lambda part=part, who=stage.author: self._write(who, part))  # type: ignore[misc]
            text = after

    def _begins_with_template(self) -> bool:
        return self._kind == "clinical" and self._section not in ("understanding", "review")

    def _write(self, author: str, text: str) -> None:
        if self._document is None:
            self._document = self._past.hub.enter(self._id())
        document = self._document
        if author not in self._grants:
            actor = self._past.actors[author]
            self._grants[author] = loaders.document(actor, document.id, Permission.DOCUMENT_EDIT)
        grant = self._grants[author]
        with self._past.units.begin(grant.actor, [document.id], fresh=False) as work:
            edits.replace(work, self._past.hub, document.id, document.epoch, document.seq, text, grant.actor.user_id)
            work.touched(grant.patient_id)

    def _id(self) -> int:
        """The document's id; it stays open until the hub shuts down."""
        query = (
            select(SectionDocument.document_id)
            .join(Section, Section.id == SectionDocument.section_id)
            .join(Plan, Plan.id == Section.plan_id)
            .where(
                Plan.patient_id == self._past.patients[self._page.number],
                Section.key == self._section,
                SectionDocument.kind == self._kind,
            )
        )
        return db.session.scalars(query).one()

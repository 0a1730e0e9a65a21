"""How the texts of a plan were written: by whom, when, part by part."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zlib import crc32

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

SETTLING = timedelta(minutes=15)
"""From a patient's coming to the first words about them."""


class Text:
    """One document as it is being written; it stays open until the hub shuts down."""

    def __init__(self, past: Past, page: PatientPage, section: str, kind: str) -> None:
        self._past, self._page, self._section, self._kind = past, page, section, kind
        self._document: LiveDocument | None = None
        self._left = 0  # edits still to come; with the last one the patient counts as changed
        self._grants: dict[str, DocumentGrant] = {}

    def events(self) -> Iterator[Event]:
        """Every edit at its moment."""
        for at, who, part in self.moments():
            self._left += 1
            yield Event(at, lambda part=part, who=who: self._write(who, part))  # type: ignore[misc]

    def moments(self) -> Iterator[tuple[datetime, str, str]]:
        """When who left the text how."""
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
                yield latest, stage.author, part
            text = after

    def _begins_with_template(self) -> bool:
        return self._kind == "clinical" and self._section not in ("understanding", "review")

    def _write(self, author: str, text: str) -> None:
        if self._document is None:
            found = self._past.documents[self._page.number, self._section, self._kind]
            self._document = self._past.hub.enter(found)
        document = self._document
        if author not in self._grants:
            actor = self._past.actors[author]
            self._grants[author] = loaders.document(actor, document.id, Permission.DOCUMENT_EDIT)
        grant = self._grants[author]
        with self._past.units.begin(grant.actor, [document.id], fresh=False) as work:
            edits.replace(work, self._past.hub, document.id, document.epoch, document.seq, text, grant.actor.user_id)
            self._left -= 1
            if not self._left:
                work.touched(grant.patient_id)

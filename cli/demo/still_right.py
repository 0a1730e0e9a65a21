"""Whoever changed the team's text last said, in most plans, that the patient's text is still right."""

from collections.abc import Iterator
from datetime import timedelta
from zlib import crc32

from access import loaders
from access.permissions import Permission
from actions import plain_readings
from cli.demo.content import PatientPage
from cli.demo.past import Event, Past
from cli.demo.writing import Text

AFTER = timedelta(minutes=4)
"""From the last change of the team's text."""


def events(past: Past, page: PatientPage) -> Iterator[Event]:
    for section in sorted({section for section, kind in page.texts if kind == "clinical"}):
        if (section, "plain") not in page.texts or _stays_behind(page, section):
            continue
        *_, (changed_at, who, _words) = Text(past, page, section, "clinical").moments()
        *_, (seen_to_at, _who, _plain) = Text(past, page, section, "plain").moments()
        if seen_to_at < changed_at and changed_at + AFTER <= past.now:
            yield Event(
                changed_at + AFTER,
                lambda section=section, who=who: _confirm(past, page, section, who),  # type: ignore[misc]
            )


def _stays_behind(page: PatientPage, section: str) -> bool:
    """A page may name those that do; else it is one in five."""
    return section in page.behind if page.behind else crc32(f"{page.number} {section}".encode()) % 5 == 0


def _confirm(past: Past, page: PatientPage, section: str, who: str) -> None:
    actor = past.actors[who]
    clinical, plain = (past.documents[page.number, section, kind] for kind in ("clinical", "plain"))
    grant = loaders.document(actor, plain, Permission.DOCUMENT_EDIT)
    with past.units.begin(actor, [clinical, plain], fresh=False) as work:
        plain_readings.confirm(work, past.hub, grant, clinical, past.hub.held(clinical).seq)

"""Who reads a plan at home: let in by a code of the desk, as patient or for one; and what the patient consents to."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from access import loaders
from access.permissions import Permission
from actions import consents, desk
from actions.portal import Invited
from cli.demo import password
from cli.demo.content import DOMAIN, Agreed, PatientPage, Reader
from cli.demo.past import Event, Past
from models.portal import ConsentKind, PortalRelation


def events(past: Past, page: PatientPage, word: str) -> Iterator[Event]:
    """`word` is the password of all demo accounts."""
    came = past.ago(page.added, page.number) + timedelta(minutes=10)
    for number, reader in enumerate(page.at_home):
        at = max(past.ago(reader.ago, f"{page.number} at home {number}"), came)
        yield Event(at, partial(_let_in, past, page, reader, word), weight=10)
    for number, agreed in enumerate(page.consents):
        at = max(past.ago(agreed.ago, f"{page.number} consents {number}"), came)
        yield Event(at, partial(_note, past, page, agreed))


def _let_in(past: Past, page: PatientPage, reader: Reader, word: str) -> None:
    """The code is read out, typed, and an account made; its password then becomes that of all."""
    by = past.actors[reader.invited_by]
    grant = loaders.patient(by, past.patients[page.number], Permission.ABOUT_EDIT)
    with past.units.begin(by) as work:
        _code, letters = desk.make(work, grant, Invited(PortalRelation(reader.relation), reader.name, reader.words))
    found = desk.find(past.units, page.born, letters)
    name = f"{found.name.split()[0].lower()}@{DOMAIN}"
    desk.begin_account(past.units, found.id, name, secrets.token_urlsafe(), "Firefox/140 Android", trusted=False)
    with past.units.begin(None) as work:
        password.give(work, word)


def _note(past: Past, page: PatientPage, agreed: Agreed) -> None:
    by = past.actors[agreed.told_to]
    day = past.units.clock().astimezone(past.zone).date()
    said = consents.Said(ConsentKind(agreed.kind), agreed.given, agreed.by, by.user_id, day, agreed.words)
    with past.units.begin(by) as work:
        grant = loaders.patient(by, past.patients[page.number], Permission.ABOUT_EDIT)
        consents.record(work, grant, said, day)

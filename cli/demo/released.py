"""Records that patients asked for: gone through, withheld in places, released and handed over."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import releases
from actions.exports.record.record import Records, about
from cli.demo.content import CONTENT
from cli.demo.past import Event, Past
from livedoc.ports import run_here
from models.base import db


@dataclass(frozen=True, slots=True)
class Told:
    """The keys of content/releases.toml."""

    patient: str
    by: str
    asked: Mapping[str, str]
    withheld: Sequence[tuple[str, str]]
    released: str
    handed_over: Mapping[str, str]


def events(past: Past, clinic: str) -> Iterator[Event]:
    page = tomllib.loads((CONTENT / "releases.toml").read_text(encoding="utf-8"))
    for number, told in enumerate(Told(**row) for row in page["release"]):
        what = f"release {number}"
        yield Event(past.ago(told.asked["ago"], what), partial(_ask, past, told))
        yield Event(past.ago(told.released, what), partial(_release, past, told, clinic), weight=5)
        yield Event(past.ago(told.handed_over["ago"], what), partial(_hand_over, past, told))


def _ask(past: Past, told: Told) -> None:
    grant = _grant(past, told)
    with past.units.begin(grant.actor) as work:
        on = work.now.astimezone(past.zone).date()
        releases.begin(work, grant, told.asked["by"], on, on)


def _release(past: Past, told: Told, clinic: str) -> None:
    grant = _grant(past, told)
    for words, ground in told.withheld:
        with past.units.begin(grant.actor) as work:
            releases.withhold_words(work, grant, words, ground)
    grant = _grant(past, told)
    preparation = releases.preparing(grant.plan.id)
    assert preparation is not None
    rows = releases.standing(preparation)
    withheld, ids = releases.withholding(rows), [row.id for row in rows]
    whom = replace(about(grant, past.hub, clinic, past.units.clock()), release=1)
    packed = Records(db.engine, past.units.seals, run_here).packed(whom, withheld)
    with past.units.begin(grant.actor) as work:
        releases.release(work, grant, 1, ids, packed)


def _hand_over(past: Past, told: Told) -> None:
    grant = _grant(past, told)
    with past.units.begin(grant.actor) as work:
        row = releases.releases(grant.plan.id)[0]
        releases.hand_over(work, grant, row.id, told.handed_over["to_whom"], told.handed_over["how"])


def _grant(past: Past, told: Told) -> PatientGrant:
    return loaders.patient(past.actors[told.by], past.patients[told.patient], Permission.RECORD_RELEASE)

"""Versions of plans that somebody named, and those that were taken when a plan had rested."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from access import loaders
from access.permissions import Permission
from actions import automatic_versions, history, versions
from cli.demo.content import CONTENT
from cli.demo.past import Event, Past
from models.base import db
from models.plan import Plan


@dataclass(frozen=True, slots=True)
class Kept:
    """What is on record of a patient's plan. The keys of content/versions.toml."""

    patient: str
    quiet: Sequence[str] = ()
    named: Sequence[Mapping[str, str]] = field(default_factory=list)


def events(past: Past) -> Iterator[Event]:
    page = tomllib.loads((CONTENT / "versions.toml").read_text(encoding="utf-8"))
    for each in (Kept(**row) for row in page["plan"]):
        for ago in each.quiet:
            yield Event(past.ago(ago, f"{each.patient} rests"), partial(_take, past, each.patient), weight=2)
        for named in each.named:
            yield Event(past.ago(named["ago"], named["label"]), partial(_name, past, each.patient, named), weight=2)


def _take(past: Past, patient: str) -> None:
    """As the job does; a plan in which somebody wrote a moment ago has to wait for the next."""
    plan_id = db.session.scalars(select(Plan.id).where(Plan.patient_id == past.patients[patient])).one()
    automatic_versions.take(past.units, plan_id)


def _name(past: Past, patient: str, named: Mapping[str, str]) -> None:
    grant = loaders.patient(past.actors[named["by"]], past.patients[patient], Permission.VERSION_NAME)
    with past.units.begin(grant.actor, versions.documents_of(grant.plan.id)) as work:
        history.name(work, past.hub, grant, named["label"], named["why"])

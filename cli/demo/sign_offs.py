"""What the team signed, declined and published, and what patients answered."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from access import loaders
from access.grants import PatientGrant
from access.permissions import Permission
from actions import behind, publications, sign_off, versions
from actions.publications import Answer, Conditions, Wish
from cli.demo.content import CONTENT
from cli.demo.past import Event, Past
from models.base import db
from models.discipline import Discipline
from models.publication import AnswerKind, AnswerWay

APART = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Round:
    """A version of a patient's plan before the team. The keys of content/sign_offs.toml."""

    patient: str
    asked: Mapping[str, str]
    signed: Mapping[str, str]
    declined: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    published: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, str] = field(default_factory=dict)


def events(past: Past) -> Iterator[Event]:
    """Everything of every round, at its moment: one after the other, also where a weekend makes one day of two."""
    page = tomllib.loads((CONTENT / "sign_offs.toml").read_text(encoding="utf-8"))
    for number, each in enumerate(Round(**row) for row in page["round"]):
        at = datetime.min.replace(tzinfo=UTC)
        for ago, do in _steps(past, each):
            at = max(past.ago(ago, f"sign-off {number}"), at + APART)
            yield Event(at, do, weight=2)


def _steps(past: Past, told: Round) -> Iterator[tuple[str, Callable[[], None]]]:
    yield told.asked["ago"], partial(_ask, past, told)
    for name, ago in told.signed.items():
        yield ago, partial(_sign, past, told, name)
    for name, words in told.declined.items():
        yield words["ago"], partial(_decline, past, told, name)
    if told.published:
        yield told.published["ago"], partial(_publish, past, told)
    if told.answer:
        yield told.answer["ago"], partial(_answer, past, told)


def _ask(past: Past, told: Round) -> None:
    grant = _grant(past, told, told.asked["by"], Permission.SIGN_OFF_WRITE)
    with past.units.begin(grant.actor, versions.documents_of(grant.plan.id)) as work:
        sign_off.put_before(work, past.hub, grant, told.asked["why"])


def _sign(past: Past, told: Round, name: str) -> None:
    grant = _grant(past, told, name, Permission.SIGN_OFF_WRITE)
    with past.units.begin(grant.actor) as work:
        version = _current(grant).version
        sign_off.sign(work, grant, version.id, version.sha256)


def _decline(past: Past, told: Round, name: str) -> None:
    grant = _grant(past, told, name, Permission.SIGN_OFF_WRITE)
    with past.units.begin(grant.actor) as work:
        sign_off.decline(work, grant, _current(grant).version.id, told.declined[name]["words"])


def _publish(past: Past, told: Round) -> None:
    patient = past.patients[told.patient]
    grants = (loaders.patient(by, patient, Permission.PATIENT_VIEW) for by in _team(past, told))
    grant = next(each for each in grants if each.may(Permission.PUBLISH))
    missing = {
        db.session.scalars(select(Discipline.id).where(Discipline.key == key)).one(): words
        for key, words in told.published.get("missing", {}).items()
    }
    old = behind.sections_behind(grant.plan.id)
    with past.units.begin(grant.actor) as work:
        wish = Wish(told.published["line"], missing, still_right=old)
        publications.publish(work, grant, _current(grant).version.id, wish, Conditions(True, old))


def _answer(past: Past, told: Round) -> None:
    given = told.answer
    grant = _grant(past, told, given["to"], Permission.ANSWER_RECORD)
    with past.units.begin(grant.actor) as work:
        row = publications.latest(grant.plan.id)
        assert row is not None
        on = work.now.astimezone(past.zone).date()
        answer = Answer(AnswerKind(given["kind"]), given["words"], AnswerWay(given["way"]), given["told_by"], on)
        publications.answer(work, grant.plan, row.id, answer, on)


def _team(past: Past, told: Round) -> list[Any]:
    """Who signed, and who put the version before the team."""
    return [past.actors[name] for name in dict.fromkeys([told.asked["by"], *told.signed])]


def _grant(past: Past, told: Round, name: str, permission: Permission) -> PatientGrant:
    return loaders.patient(past.actors[name], past.patients[told.patient], permission)


def _current(grant: PatientGrant) -> sign_off.Round:
    found = sign_off.current(grant.plan.id)
    assert found is not None
    return found

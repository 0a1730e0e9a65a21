"""What is on record about a plan, and whether it is as it was put there, for the page that says so."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from actions import plan_records
from actions.plan_verification import Finding, findings
from models.plan_record import PlanRecord
from models.publication import Signature
from models.seals import Seals
from models.version import Version, VersionKind

_NAMES = {
    "version": _("Version"),
    "signature": _("Signature"),
    "declined signature": _("Declined to sign"),
    "publication": _("Publication"),
    "withdrawal": _("Withdrawal"),
    "patient's answer": _("Answer of the patient"),
    "record release": _("Record released"),
}
_VERSIONS: dict[str, object] = {
    VersionKind.AUTOMATIC: _("Automatic version"),
    VersionKind.NAMED: _("Named version"),
    VersionKind.CONFERENCE: _("Version of a conference"),
    VersionKind.SIGN_OFF: _("Version to sign"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A record in the order they were made. `who` is empty for what nobody did; `faults` are for administrators."""

    place: int
    name: str
    about: str
    who: str
    at: datetime
    faults: list[str]


@dataclass(frozen=True, slots=True)
class Check:
    """`besides` are faults of what is not there any more, one line each."""

    lines: list[Line]
    besides: list[str]

    @property
    def holds(self) -> bool:
        return not self.besides and not any(line.faults for line in self.lines)


def check(session: Session, seals: Seals, plan_id: int) -> Check:
    """Every record of a plan, looked through as `flask plan verify` does."""
    found = list(findings(session, seals, plan_id))
    lines = [_line(record, found) for record in plan_records.of_plan(session, plan_id)]
    named = {fault.what for fault in found} & {_what(record) for record in plan_records.of_plan(session, plan_id)}
    return Check(lines, [f"{fault.what} {fault.why}" for fault in found if fault.what not in named])


def _what(record: PlanRecord) -> str:
    return f"{record.PURPOSE} {record.id}"


def _line(record: PlanRecord, found: list[Finding]) -> Line:
    name, about = str(_NAMES.get(record.PURPOSE, record.PURPOSE)), ""
    if isinstance(record, Version):
        name, about = str(_VERSIONS.get(record.kind, name)), record.label or record.reason
    if isinstance(record, Signature):
        about = getattr(record.discipline, "name", "")  # nobody, when it was tampered with
    who = next((person for each in ("author", "user", "by") if (person := getattr(record, each, None))), None)
    faults = [fault.why for fault in found if fault.what == _what(record)]
    return Line(record.place, name, about, who.name if who else "", record.at, faults)  # type: ignore[attr-defined]

"""What must hold of a database before it is served again: every chain says yes."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import click
from sqlalchemy.orm import Session

from actions import audit_chain, plan_verification
from actions.audit_chain import Head
from livedoc import verification
from livedoc.chain import Chain
from models.base import db
from models.seals import Seals


@dataclass(slots=True)
class Findings:
    """What is wrong, one line each; `damaged` are the documents among it.

    When `nothing_holds`, not the rows are wrong but the keys: going on would take every document for empty.
    """

    lines: list[str] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    nothing_holds: bool = False


def verify(seals: Seals, say: Callable[[str], None], printed: Iterable[Head] = ()) -> Findings:
    """Check every document's chain, what is on record about plans, and the audit chain of the application's database.
    Needs its context.

    `printed` are heads that the audit once had, and must contain.
    """
    found = Findings()
    with db.engine.connect() as connection:
        documents = verification.document_ids(connection)
        say(f"Verifying {len(documents)} documents, the plans' records and the audit chain ...")
        chain = Chain(seals)
        with click.progressbar(documents, label="Documents", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
            for document_id in shown:
                faults = [str(fault) for fault in verification.of_document(connection, chain, document_id)]
                found.lines += faults
                found.damaged += [document_id] if faults else []
        with Session(connection) as session:
            found.lines += [str(each) for each in plan_verification.findings(session, seals)]
        report = audit_chain.verify(connection, seals, printed)
        if report.problem is not None:
            found.lines.append(str(report.problem))
            found.nothing_holds = report.head.count == 0 and len(found.damaged) == len(documents)
    return found

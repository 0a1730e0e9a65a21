"""Every address that could tell of Ines, and what its answer does tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from models.alert import Alert
from models.base import db
from models.notification import Notification
from models.patient import CareTeamMember
from models.plan import DocumentKind, Plan, Section, SectionDocument
from models.question import PatientQuestion
from models.task import Task
from models.thread import Comment, Thread
from rendering.fragments import FRAGMENTS
from tests.access import canary
from tests.access.canary import Canary
from tests.access.test_matrix import address, base, rules, signed_in
from tests.access.world import worlds
from tests.personas import Persona

ENDS = {"sign_in.sign_out", "account.revoke", "account.revoke_others"}
"""End the session that asks."""

Ids = dict[str, object]


@dataclass(frozen=True)
class Walk:
    """`hers` are ids of Ines's rows, in each dict those that stand in one address; `marias` those of Dana's patient."""

    app: Flask
    canary: Canary
    hers: Sequence[Ids]
    marias: Ids

    def client(self, persona: Persona | None) -> FlaskClient:
        return signed_in(self.app, persona) if persona is not None else self.app.test_client()

    def told(self, client: FlaskClient, path: str, method: str = "GET", **request: object) -> set[str]:
        """What an answer, its headers and whatever it leads to included, tells of Ines."""
        answer = client.open(path, method=method, base_url=base(self.app), **request)  # type: ignore[arg-type]
        assert answer.status_code < 500, (path, answer.status_code)
        return self.canary.found_in(f"{answer.headers}\n{answer.get_data().decode(errors='replace')}")

    def addresses(self, *methods: str) -> list[tuple[str, str]]:
        """(method, path) of every route with every id of hers, under her own address and under Maria's."""
        return sorted(
            {
                (method, path)
                for rule, method in rules(self.app)
                if method in methods and rule.endpoint not in ENDS
                for path in self._of(rule)
            }
        )

    def _of(self, rule: Rule) -> Iterator[str]:
        inner = rule.arguments - {"patient_id"}
        fitting = [row for row in self.hers if inner <= set(row)]
        if not inner and "patient_id" in rule.arguments:
            fitting = [{}, {"patient_id": self.hers[0]["patient_id"]}]
        for row in fitting or [{}]:
            yield address(self.app, rule, self.marias | row)
            if inner:
                yield address(self.app, rule, self.marias | row | {"patient_id": self.marias["patient_id"]})

    def queries(self) -> list[tuple[str, str]]:
        """Pages of Maria that are asked, in their query, for what is of Ines."""
        plan, own = f"/patients/{self.marias['patient_id']}/plan", f"/patients/{self.marias['patient_id']}/tasks"
        first = {name.removesuffix("_id"): value for row in reversed(self.hers) for name, value in row.items()}
        asked = "&".join(f"{name}={value}" for name, value in first.items() if name != "name")
        pages = (plan, f"{plan}/threads/new", f"{plan}/fragments/threads", own, f"{own}/new", "/tasks", "/notices")
        searched = (
            f"{page}?q={query}"
            for page in ("/search", "/search/palette", "/patients")
            for query in ("canary", "ca", "c", "ends", "walk", "")
        )
        return [("GET", path) for path in (*(f"{page}?{asked}" for page in pages), *searched)]

    def form(self, kind: str) -> dict[str, object]:
        """Fields that ask for what is hers, as the forms call them."""
        first = {name.removesuffix("_id"): value for row in reversed(self.hers) for name, value in row.items()}
        tasks = [row["task_id"] for row in self.hers if "task_id" in row]
        words = {"body": "x", "title": "x", "quote": "ends", "replacement": "x", "words": "x"}
        return {
            **first,
            **words,
            "kind": kind,
            "task": tasks,
            "change": list(range(1, 20)),
            "assignee": "patient",
            "user": 0,
            "q": "canary",
        }


def walk_of(app: Flask) -> Walk:
    """Plants the words. Call it outside of any context."""
    maria, _ines = worlds(app)
    planted = canary.plant(app)
    with app.app_context():
        hers = [{**row, "patient_id": planted.patient_id} for row in _rows(planted.patient_id)]
    return Walk(app, planted, hers, maria.ids)


def _rows(ines: int) -> Iterator[Ids]:
    session = db.session
    plan = session.scalars(select(Plan.id).where(Plan.patient_id == ines)).one()
    for notice in session.scalars(select(Notification.id).where(Notification.patient_id == ines)):
        yield {"notice_id": notice}
    for member in session.scalars(select(CareTeamMember.id).where(CareTeamMember.patient_id == ines)):
        yield {"member_id": member}
    for thread, comment in session.execute(
        select(Comment.thread_id, Comment.id).join(Thread).where(Thread.plan_id == plan)
    ):
        yield {"thread_id": thread, "comment_id": comment}
        yield {"name": f"thread-{thread}"}
    for question in session.scalars(select(PatientQuestion.id).where(PatientQuestion.patient_id == ines)):
        yield {"question_id": question}
    for alert in session.scalars(select(Alert.id).where(Alert.patient_id == ines)):
        yield {"alert_id": alert}
    for task in session.scalars(select(Task.id).where(Task.plan_id == plan)):
        yield {"task_id": task}
        yield {"name": f"task-{task}"}
    for document, kind, key in session.execute(
        select(SectionDocument.document_id, SectionDocument.kind, Section.key)
        .join(Section, SectionDocument.section_id == Section.id)
        .where(Section.plan_id == plan, Section.key.in_(("understanding", "pain-management")))
    ):
        yield {"document_id": document}
        yield {"name": f"marks-{document}" if kind == DocumentKind.PLAIN else f"head-{key}"}
    for name in FRAGMENTS:
        if not name.endswith("-"):
            yield {"name": name}

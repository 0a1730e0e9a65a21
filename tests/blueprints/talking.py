"""What tests of discussions share: Maria's plan, people who talk about it, and what the pages say."""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from models.base import db
from models.discipline import Discipline
from models.plan import DocumentKind, Plan, Section, SectionDocument
from tests.conftest import Browser
from tests.personas import Persona, patient_id, user

FETCH = {"X-Requested-With": "fetch"}


@dataclass(frozen=True)
class Talk:
    """Maria's plan under its address."""

    app: Flask
    patient: int
    plan: str
    threads: str

    def document(self, section: str, kind: str = DocumentKind.CLINICAL, name: str = "Maria Kovač") -> int:
        with self.app.app_context():
            return db.session.scalars(
                select(SectionDocument.document_id)
                .join(Section, Section.id == SectionDocument.section_id)
                .join(Plan, Plan.id == Section.plan_id)
                .where(Plan.patient_id == patient_id(name), Section.key == section, SectionDocument.kind == kind)
            ).one()

    def discipline(self, key: str) -> int:
        with self.app.app_context():
            return db.session.scalars(select(Discipline.id).where(Discipline.key == key)).one()

    def person(self, persona: Persona) -> int:
        with self.app.app_context():
            return user(persona).id

    def opened(self, browser: Browser, **fields: Any) -> dict[str, int]:
        """Begin a thread as a script does; the ids of thread and comment."""
        answer = self.send(browser, self.threads, {"kind": "discussion", "body": "Hold the weight?", **fields})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        found: dict[str, int] = answer.get_json()
        return found

    def send(self, browser: Browser, path: str, fields: dict[str, Any] | None = None):  # type: ignore[no-untyped-def]
        return browser.post(path, fields or {}, headers=FETCH)

    def thread(self, ids: dict[str, int]) -> str:
        return f"{self.threads}/{ids['thread']}"

    def fragment(self, browser: Browser, name: str, query: str = "") -> str:
        answer = browser.get(f"{self.plan}/fragments/{name}{query}")
        assert answer.status_code == 200, name
        return str(answer.get_data(as_text=True))

    def listed(self, browser: Browser, query: str = "") -> list[int]:
        """The ids of the threads in the list, from the top."""
        return [int(each) for each in re.findall(r'data-thread="(\d+)"', self.fragment(browser, "threads", query))]

    def rows(self, query: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.execute(query).all())


def maria(app: Flask) -> Talk:
    with app.app_context():
        patient = patient_id("Maria Kovač")
    plan = f"/patients/{patient}/plan"
    return Talk(app, patient, plan, f"{plan}/threads")


def errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.get_data(as_text=True)
    found: dict[str, str] = json.loads(answer.get_data())["errors"]
    return found

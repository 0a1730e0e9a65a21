"""My work as tests reach it: what happens to patients, and the cards of the page."""

import re
from collections.abc import Callable
from datetime import date

from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import tasks, texts
from actions.task_drafts import Assignee, Draft
from tests.blueprints.talking import Talk, maria
from tests.conftest import Browser
from tests.personas import (
    Persona,
    actor,
    patient_id,
    user,
)

Browsers = Callable[..., Browser]
TODAY = date(2026, 11, 24)
CANARY = "Zephyrquartz"


class Clinic:
    """What happens to patients, as people do it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.house = app.extensions["consilium"]
        self.talk: Talk = maria(app)

    def give(self, by: Persona, title: str, due: date | None = None, name: str = "Maria Kovač", **to: object) -> int:
        with self.app.app_context():
            grant = loaders.patient(actor(by), patient_id(name), Permission.TASK_WRITE)
            whose = Assignee(user_id=user(to["to"]).id) if "to" in to else Assignee(**to)  # type: ignore[arg-type]
            with self.house.units.begin(grant.actor) as work:
                return tasks.make(work, grant, Draft(title, whose, due=due), TODAY).task_id

    def write(self, by: Persona, section: str, words: str, kind: str = "clinical", name: str = "Maria Kovač") -> None:
        document = self.talk.document(section, kind, name)
        with self.app.app_context():
            own = loaders.document(actor(by), document, Permission.DOCUMENT_EDIT)
            current = self.house.hub.current(document)
            texts.replace(self.house.units, self.house.hub, own, current.epoch, current.seq, words)


def card(page: str, title: str) -> str:
    """The text of the card of that title; empty when it is not there."""
    found = re.search(rf"<h2[^>]*>{re.escape(title)}</h2>(.*?)</section>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def work(browser: Browser) -> str:
    answer = browser.get("/work")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))

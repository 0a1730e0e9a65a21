"""Ten thousand patients with their plans, written in bulk: as rows they are like any other."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Insert, insert, select, update

from access.grants import Actor
from access.permissions import Permission
from actions import plans
from actions.unit_of_work import Work
from livedoc import edits, log
from livedoc.chain import BEGINNING, Chain
from livedoc.records import Entry
from livedoc.replica import FIRST_WORDS_CLIENT
from models.discipline import Discipline
from models.document import Document
from models.patient import CareTeamMember, Involvement, Patient, ResponsibleClinician, search_key
from models.plan import DocumentKind, Plan, Section, SectionDocument

FAMILY = (
    *("Abara", "Bianchi", "Castellanos", "Dahl", "Eriksen", "Fofana", "Grigorescu", "Haugen", "Ivanova", "Jansen"),
    *("Kaya", "Lindqvist", "Marek", "Nagy", "Okafor", "Petrov", "Quispe", "Rossi", "Silva", "Tamm", "Uzun", "Varga"),
    *("Weber", "Ximenes", "Yilmaz", "Zeman"),
)
GIVEN = (
    *("Ada", "Bruno", "Carla", "Daniel", "Elif", "Farah", "Goran", "Hilda", "Ismael", "Jana", "Karim", "Lucia"),
    *("Milan", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Teodora", "Umar", "Vera", "Wanda", "Xenia"),
    *("Yusuf", "Zora"),
)
WOMEN, MEN = "she/her", "he/him"


class Crowd:
    """Takes patients in, many at once."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._count = 0

    def take_in(self, work: Work, by: Actor, team_id: int, team: Sequence[Actor], count: int) -> list[int]:
        """So many new patients of a team; answers their ids. `by` is a clinician and becomes responsible; up to three
        others of the `team`, of other disciplines, care for them too."""
        ids = self._patients(work, by, team_id, count)
        sections = self._sections(work, ids)
        self._documents(work, by, sections)
        self._care(work, by, team, ids)
        for patient_id in ids:
            work.record(Permission.PATIENT_ADD, f"patient:{patient_id}", patient_id, change="added")
        return ids

    def _patients(self, work: Work, by: Actor, team_id: int, count: int) -> list[int]:
        rows = []
        for _ in range(count):
            name, number = self._name(), f"L-{self._count:05}"
            self._count += 1
            rows.append(
                {
                    "name": name,
                    "name_key": search_key(name),
                    "number": number,
                    "number_key": search_key(number),
                    "birth_date": date(1935, 1, 1) + timedelta(days=self._rng.randrange(70 * 365)),
                    "pronouns": self._rng.choice((WOMEN, MEN, "")),
                    "team_id": team_id,
                    "created_at": work.now,
                    "created_by_id": by.user_id,
                    "changed_at": work.now,
                }
            )
        return _ids(work, insert(Patient).returning(Patient.id, sort_by_parameter_order=True), rows)

    def _name(self) -> str:
        return f"{self._rng.choice(GIVEN)} {self._rng.choice(FAMILY)}"

    def _sections(self, work: Work, patient_ids: Sequence[int]) -> list[tuple[int, plans.SeedSection]]:
        """The section ids of all plans, each with what it begins as."""
        plan_rows = [{"patient_id": patient_id, "revision": 1} for patient_id in patient_ids]
        plan_ids = _ids(work, insert(Plan).returning(Plan.id, sort_by_parameter_order=True), plan_rows)
        seeds = plans.seeds(work.session.scalars(select(Discipline).order_by(Discipline.position)).all())
        rows = [
            {
                "plan_id": plan_id,
                "key": seed.key,
                "discipline_id": discipline.id if discipline else None,
                "title": seed.title,
                "icon": seed.icon,
                "position": position,
            }
            for plan_id in plan_ids
            for position, (seed, discipline) in enumerate(seeds)
        ]
        ids = _ids(work, insert(Section).returning(Section.id, sort_by_parameter_order=True), rows)
        return list(zip(ids, [seed for seed, _discipline in seeds] * len(plan_ids), strict=True))

    def _documents(self, work: Work, by: Actor, sections: Sequence[tuple[int, plans.SeedSection]]) -> None:
        wanted = [
            (section_id, kind, seed.template if kind is DocumentKind.CLINICAL else "")
            for section_id, seed in sections
            for kind in seed.kinds
        ]
        rows = [
            {
                "text": text,
                "text_seq": 1 if text else 0,
                "changed_at": work.now,
                "changed_by_id": by.user_id,
                "seal": b"",
            }
            for _section_id, _kind, text in wanted
        ]
        ids = _ids(work, insert(Document).returning(Document.id, sort_by_parameter_order=True), rows)
        work.session.execute(
            insert(SectionDocument),
            [
                {"section_id": section_id, "kind": kind, "document_id": document_id}
                for (section_id, kind, _text), document_id in zip(wanted, ids, strict=True)
            ],
        )
        texts = dict(zip(ids, [text for _section_id, _kind, text in wanted], strict=True))
        self._seal(work, by, texts)

    def _seal(self, work: Work, by: Actor, texts: dict[int, str]) -> None:
        """The log of each document: its first words, or nothing."""
        chain = Chain(work.seals)
        first = [
            Entry(document_id, 1, 1, edits.first_update(text), by.user_id, [FIRST_WORDS_CLIENT], (), work.now)
            for document_id, text in texts.items()
            if text
        ]
        log.append(work.session.connection(), chain, first, dict.fromkeys(texts, BEGINNING))
        empty = [document_id for document_id, text in texts.items() if not text]
        work.session.execute(
            update(Document), [{"id": each, "seal": chain.head(BEGINNING, each, 1, 0)} for each in empty]
        )

    def _care(self, work: Work, by: Actor, team: Sequence[Actor], patient_ids: Sequence[int]) -> None:
        disciplines = {row.key: row for row in work.session.scalars(select(Discipline))}
        members, involved = [], []
        for patient_id in patient_ids:
            others = [each for each in team if each.user_id != by.user_id and each.discipline != by.discipline]
            present = [by, *self._rng.sample(others, min(3, len(others)))]
            begun: dict[str, Any] = {"patient_id": patient_id, "since": work.now}
            for person in present:
                function = disciplines[person.discipline].name if person.discipline else "Coordinator"
                members.append({**begun, "user_id": person.user_id, "function": function, "added_by_id": by.user_id})
            for key in dict.fromkeys(person.discipline for person in present if person.discipline):
                involved.append({**begun, "discipline_id": disciplines[key].id, "by_id": by.user_id})
        work.session.execute(insert(CareTeamMember), members)
        work.session.execute(insert(Involvement), involved)
        responsible = [{"patient_id": each, "user_id": by.user_id, "since": work.now} for each in patient_ids]
        work.session.execute(insert(ResponsibleClinician), [{**row, "by_id": by.user_id} for row in responsible])


def _ids(work: Work, statement: Insert, rows: Sequence[dict[str, Any]]) -> list[int]:
    return list(work.session.scalars(statement, rows))

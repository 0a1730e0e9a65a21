"""The plan a patient begins with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from actions.unit_of_work import Work
from livedoc import edits
from models.discipline import Discipline
from models.plan import DocumentKind, Plan, Section, SectionDocument

CLINICAL, PLAIN = DocumentKind.CLINICAL, DocumentKind.PLAIN

DISCIPLINE_TEMPLATE = "## Assessment\n\n\n## Plan\n\n\n## Next\n\n"
"""What each discipline's section opens with."""


@dataclass(frozen=True, slots=True)
class SeedSection:
    """A section every plan starts with; `kinds` are its documents, `icon` a symbol of the sprite."""

    key: str
    title: str
    icon: str
    kinds: tuple[DocumentKind, ...]
    template: str = ""


BEFORE = (
    SeedSection("what-matters", "What matters", "heart", ()),
    SeedSection("understanding", "Shared understanding", "users", (CLINICAL, PLAIN)),
)
AFTER = (
    SeedSection("flare-up", "If the back flares up", "flame", (PLAIN,)),
    SeedSection("review", "Review", "calendar-check", (CLINICAL,)),
)


def create(work: Work, patient_id: int) -> Plan:
    """The plan of a new patient with its sections and documents, in the patient's own transaction."""
    plan = Plan(patient_id=patient_id, revision=1)
    work.session.add(plan)
    work.session.flush()
    disciplines = work.session.scalars(select(Discipline).order_by(Discipline.position)).all()
    for position, (seed, discipline) in enumerate(seeds(disciplines)):
        _add_section(work, plan, seed, discipline, position)
    return plan


def seeds(disciplines: Sequence[Discipline]) -> list[tuple[SeedSection, Discipline | None]]:
    """The sections that a plan begins with, in order, each with the discipline that it belongs to."""
    own = [(SeedSection(d.key, d.name, d.icon, (CLINICAL, PLAIN), DISCIPLINE_TEMPLATE), d) for d in disciplines]
    return [*((seed, None) for seed in BEFORE), *own, *((seed, None) for seed in AFTER)]


def _add_section(work: Work, plan: Plan, seed: SeedSection, discipline: Discipline | None, position: int) -> None:
    section = Section(
        plan_id=plan.id,
        key=seed.key,
        discipline_id=discipline.id if discipline else None,
        title=seed.title,
        icon=seed.icon,
        position=position,
    )
    work.session.add(section)
    work.session.flush()
    for kind in seed.kinds:
        document = edits.create(work, seed.template if kind is CLINICAL else "", work.actor_id)
        work.session.add(SectionDocument(section_id=section.id, kind=kind, document_id=document.id))

"""Who of a plan's care team comes when a colleague is invited."""

import random
from dataclasses import dataclass

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

import models.registry  # noqa: F401  (fills the mapping)
from cli.demo.content import DOMAIN
from models.discipline import Discipline
from models.patient import CareTeamMember
from models.plan import Plan
from models.user import User


@dataclass(frozen=True, slots=True)
class Guest:
    """Who comes: by email, of which discipline, to the board of which patient."""

    email: str
    name: str
    discipline: str
    patient: str


def choose(database_url: str, plan: int, viewer: int, rng: random.Random) -> Guest | None:
    """A demo clinician of the plan's care team, of another discipline than the viewer where there is one."""
    engine = create_engine(database_url)
    with Session(engine) as session:
        patient = session.scalar(select(Plan.patient_id).where(Plan.id == plan))
        own = session.scalar(select(User.discipline_id).where(User.id == viewer))
        members = session.execute(
            select(User.email, User.name, Discipline.key, Discipline.id)
            .join(CareTeamMember, CareTeamMember.user_id == User.id)
            .join(Discipline, Discipline.id == User.discipline_id)
            .where(
                CareTeamMember.patient_id == patient,
                CareTeamMember.until.is_(None),
                User.disabled_at.is_(None),
                User.id != viewer,
                User.email.endswith(f"@{DOMAIN}", autoescape=True),
            )
            .order_by(User.id)
        ).all()
    engine.dispose()
    fitting = [each for each in members if each.id != own] or list(members)
    if not fitting:
        return None
    found = rng.choice(fitting)
    return Guest(found.email, found.name, found.key, str(patient))

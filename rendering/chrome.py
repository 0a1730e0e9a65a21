"""What frames every page: who is signed in, and where they can go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from access.grants import Actor
from access.hearing import unseen
from access.permissions import Permission
from actions.clinic_now import Clinic
from models.base import db


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    url: str
    is_current: bool


def navigation(actor: Actor) -> list[Item]:
    """The pages that exist for this person."""
    places = (
        (Permission.WORK, "my_work.index", _("My work"), ("my_work",)),
        (
            Permission.PATIENTS_LIST,
            "patients.index",
            _("Patients"),
            (
                "patients",
                "board",
                "plain_texts",
                "threads",
                "comments",
                "suggestions",
                "tasks",
                "ticks",
                "about",
                "portal_access",
                "consents",
                "care_team",
                "statements",
                "history",
                "restores",
                "authorship",
                "sign_off",
                "record",
                "record_release",
                "questions",
                "plan_state",
                "looks",
            ),
        ),
        (Permission.TASKS_LIST, "my_tasks.index", _("Tasks"), ("my_tasks",)),
        (Permission.ACCOUNTS_MANAGE, "accounts.index", _("Accounts"), ("accounts",)),
        (Permission.TEAMS_MANAGE, "teams.index", _("Teams"), ("teams",)),
        (Permission.CLINIC_SETTINGS, "clinic.show", _("Clinic"), ("clinic", "glossary")),
    )
    return [
        Item(label, url_for(endpoint), request.blueprint in blueprints)
        for permission, endpoint, label, blueprints in places
        if actor.may(permission)
    ]


def _unseen() -> int:
    """How many notices the person who looks has not seen; asked by the frame alone, not by the parts of a page."""
    user_id: int = current_user.actor.user_id
    return unseen(db.session(), [user_id])[user_id]


def install(app: Flask, *, the_clinic: Callable[[], Clinic], demo_mode: bool) -> None:
    @app.context_processor
    def frame() -> dict[str, Any]:
        signed_in = not g.get("database_is_away") and bool(current_user and current_user.is_authenticated)
        return {
            "clinic": the_clinic(),
            "demo_mode": demo_mode,
            "signed_in": signed_in,
            "me": current_user.session.user if signed_in else None,
            "hears_notices": signed_in and current_user.actor.may(Permission.NOTICES),
            "unseen_notices": _unseen,
            "navigation": navigation(current_user.actor) if signed_in else [],
        }

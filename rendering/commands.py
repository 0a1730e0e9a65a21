"""The pages one can jump to by name: those of the navigation, and those that are a click away from it."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from access.grants import Actor
from access.permissions import Permission
from rendering.chrome import navigation

Place = tuple[str, str, str]
"""Label, address and icon of a page that there is for a person."""


def places(actor: Actor) -> Iterator[Place]:
    for item in navigation(actor):
        yield item.label, item.url, "chevron-right"
    if actor.may(Permission.PATIENT_ADD):
        yield str(_("Add a patient")), url_for("patients.new"), "plus"
        yield str(_("Notices")), url_for("notices.index"), "bell"
    yield str(_("Password and sessions")), url_for("account.show"), "user"
    yield str(_("Notices by mail")), url_for("mail_wishes.show"), "bell"

"""Nothing is mailed that is no longer so when its time has come."""

from collections.abc import Callable

import pytest
from flask import Flask

from access import loaders
from access.permissions import Permission
from actions import accounts, care_team, comments, notices
from jobs.post import Post
from models.base import db
from models.patient import CareTeamMember
from models.thread import Comment
from tests.conftest import MovableClock
from tests.mail.server import MailServer
from tests.mail.talking import Mention, waiting
from tests.personas import ADAM, AINO, CORA, DANA, Persona, actor, patient_id, user


def _leaves(app: Flask, persona: Persona) -> None:
    with app.app_context():
        patient = patient_id("Maria Kovač")
        grant = loaders.patient(actor(CORA), patient, Permission.CARE_TEAM_EDIT)
        member = db.session.scalars(
            db.select(CareTeamMember.id).where(
                CareTeamMember.patient_id == patient, CareTeamMember.user_id == user(persona).id
            )
        ).one()
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            care_team.remove(work, grant, member)


def _is_disabled(app: Flask, persona: Persona) -> None:
    with app.app_context():
        grant = loaders.account(actor(ADAM), user(persona).id, Permission.ACCOUNTS_MANAGE)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            accounts.disable(work, grant, {})


def _sees_it(app: Flask, persona: Persona) -> None:
    with app.app_context(), app.extensions["consilium"].units.begin(actor(persona)) as work:
        notices.see_all(work)


def _is_taken_back(app: Flask, persona: Persona) -> None:
    with app.app_context():
        patient = patient_id("Maria Kovač")
        comment = db.session.scalars(db.select(Comment)).one()
        grant = loaders.comment(actor(DANA), patient, comment.thread_id, comment.id)
        with app.extensions["consilium"].units.begin(grant.actor) as work:
            comments.withdraw(work, grant)


@pytest.mark.parametrize("meanwhile", [_leaves, _is_disabled, _sees_it, _is_taken_back])
def test_nothing_is_mailed_that_is_no_longer_so(
    post: Post,
    clock: MovableClock,
    mail_server: MailServer,
    mention: Mention,
    app: Flask,
    meanwhile: Callable[[Flask, Persona], None],
) -> None:
    mention("@Aino ?")
    meanwhile(app, AINO)
    clock.advance(days=2)
    post.send_due()
    assert not mail_server.mails
    assert waiting(app) == 0

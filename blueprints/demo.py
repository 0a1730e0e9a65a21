"""Doors that exist in a demo clinic alone: persona cards, and a colleague who types along."""

import subprocess
import sys
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access.limits import DEMO_COLLEAGUES, DEMO_SIGN_INS
from access.permissions import Permission
from actions import demo
from actions.sign_in import BadCredentials
from blueprints.doors import house, open_patient, take, units
from blueprints.gate import public, requires
from blueprints.sign_in import begin, wanted_page

blueprint = Blueprint("demo", __name__)
ROOT = Path(__file__).resolve().parents[1]

_colleagues: dict[int, subprocess.Popen[bytes]] = {}
"""Who types along in which plan, so that one click too many invites nobody twice."""


@blueprint.post("/demo/sessions")
@public
def sign_in_as() -> Response:
    take(DEMO_SIGN_INS)
    user_id = request.form.get("user", type=int)
    try:
        token = demo.sign_in_as(units(), user_id or 0, request.user_agent.string)
    except BadCredentials:
        abort(404)
    house().tally.sign_ins["demo"] += 1
    begin(token)
    return redirect(wanted_page(), 303)


@blueprint.post("/patients/<int:patient_id>/plan/colleague")
@requires(Permission.BOARD_VIEW)
def invite(patient_id: int) -> Response:
    grant = open_patient(patient_id, Permission.BOARD_VIEW)
    plan_id = grant.plan.id
    running = _colleagues.get(plan_id)
    if running is None or running.poll() is not None:
        take(DEMO_COLLEAGUES)
        address = f"http://localhost:{house().settings.port}"
        command = [sys.executable, "-m", "cli.demo.colleague", address, str(plan_id), str(grant.actor.user_id)]
        _colleagues[plan_id] = subprocess.Popen(command, cwd=ROOT)  # noqa: S603  (our own program)
        flash(_("A colleague will open this plan in a moment and type for about a minute."))
    return redirect(url_for("board.show", patient_id=patient_id), 303)

"""The patient's own pages. Staff discussion is absent from them by construction: nothing here loads any."""

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from access import loaders
from access.grants import PortalGrant
from access.permissions import Permission
from actions import audit, portal
from blueprints.doors import actor, units
from blueprints.gate import requires
from rendering import my as pictures

blueprint = Blueprint("my_plan", __name__, url_prefix="/my")


@blueprint.get("")
@requires(Permission.PORTAL_ENTER)
def choose() -> str | Response:
    """To the plan that one may read, or a choice of several."""
    readable = portal.readable_by(actor())
    if len(readable) == 1:
        return redirect(url_for("my_plan.show", patient_id=readable[0].patient_id), 303)
    return render_template("my/choose.html", accesses=readable)


@blueprint.get("/<int:patient_id>")
@requires(Permission.PORTAL_PLAN_READ)
def show(patient_id: int) -> str:
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    return render_template("my/unpublished.html", responsible=grant.responsible)


@blueprint.get("/<int:patient_id>/team")
@requires(Permission.PORTAL_PLAN_READ)
def team(patient_id: int) -> str:
    grant = open_portal(patient_id, Permission.PORTAL_PLAN_READ)
    return render_template("my/team.html", team=pictures.team(grant))


def open_portal(patient_id: int, permission: Permission) -> PortalGrant:
    """Load a patient's own page for whoever may read it, note the view, and frame the page with it."""
    grant = loaders.portal(actor(), patient_id, permission)
    if audit.record_view(units(), grant.actor, permission, f"patient:{patient_id}", patient_id):
        grant = loaders.portal(actor(), patient_id, permission)
    g.portal = grant
    return grant

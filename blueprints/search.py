"""Search and jump: a page that works without scripts, and what the palette shows while one types."""

from flask import Blueprint, render_template, request

from access.permissions import Permission
from actions import audit
from blueprints.doors import actor, units
from blueprints.gate import requires
from rendering import search as pictures
from rendering.commands import places
from rendering.search import Found

blueprint = Blueprint("search", __name__, url_prefix="/search")

ON_PAGE, IN_PALETTE = 20, 5
"""Hits of each kind."""
LONGEST = 200


@blueprint.get("")
@requires(Permission.SEARCH)
def show() -> str:
    query = _query()
    return render_template("search/show.html", query=query, found=_find(query, ON_PAGE))


@blueprint.get("/palette")
@requires(Permission.SEARCH)
def palette() -> str:
    query = _query()
    return render_template("search/_options.html", query=query, found=_find(query, IN_PALETTE))


def _query() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:LONGEST]


def _find(query: str, most: int) -> Found:
    """What is found, noted as seen by whoever asked; never what was asked."""
    found = pictures.find(actor(), query, most, places(actor()))
    audit.record_views(units(), actor(), Permission.SEARCH, found.shown)
    return found

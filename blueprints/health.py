"""Whether the process lives, and whether it can serve."""

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from blueprints.gate import public
from models.base import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def ready() -> Response | tuple[Response, int]:
    try:
        db.session.execute(text("SELECT 1 FROM disciplines LIMIT 1"))
    except SQLAlchemyError:
        return jsonify(status="unavailable", database="no answer, or not migrated"), 503
    return jsonify(status="ok", database="ok")

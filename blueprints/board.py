"""The board of a plan, its fragments, and the plain form for browsers without scripts."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from access import loaders
from access.grants import DocumentGrant, PatientGrant
from access.permissions import Permission
from actions import texts
from blueprints import talk
from blueprints.clinic_time import today
from blueprints.doors import actor, house, open_patient, units
from blueprints.gate import requires
from rendering import board as pictures
from rendering import checks, fragments, sign_off, tasks, threads

blueprint = Blueprint("board", __name__, url_prefix="/patients/<int:patient_id>/plan")


@blueprint.get("")
@requires(Permission.BOARD_VIEW)
def show(patient_id: int) -> str:
    grant = open_patient(patient_id, Permission.BOARD_VIEW)
    picture = pictures.board(grant, today(), house().hub.text, units().clinic.glossary())
    panel = threads.panel(grant, talk.wanted(request.args), house().units.clock())
    is_over = grant.state is not None and grant.state.is_closed  # then nobody could type
    involved = [card.owner for card in picture.cards if card.owner is not None and card.is_involved]
    return render_template(
        "board/board.html",
        board=picture,
        banner=picture.banner,
        statement=picture.statement,
        pressing=picture.pressing,
        panel=panel,
        people=[
            {"id": each.id, "name": each.name, "discipline": each.discipline, "tone": each.tone}
            for each in panel.people
        ],
        sign_off=sign_off.status(grant, house().hub.text),
        may=grant.permissions,
        desk=tasks.panel(grant, picture.banner, today(), panel.people, involved),
        colleague_url=url_for("demo.invite", patient_id=patient_id) if house().settings.demo and not is_over else None,
    )


@blueprint.get("/fragments/<name>")
@requires(Permission.BOARD_VIEW)
def fragment(patient_id: int, name: str) -> str:
    grant = open_patient(patient_id, Permission.BOARD_VIEW)
    now = house().units.clock()
    wanted = replace(talk.wanted(request.args), known=talk.known(request.args))
    viewing = fragments.Viewing(grant, now, today(), house().hub.text, wanted, request.args, units().clinic.glossary())
    html = fragments.render(viewing, name)
    return html if html is not None else abort(404)


@blueprint.get("/documents/<int:document_id>/text")
@requires(Permission.DOCUMENT_EDIT)
def text_form(patient_id: int, document_id: int) -> str:
    grant, own = own_document(patient_id, document_id)
    current = house().hub.current(document_id)
    return _form(grant, own, current.text, current.epoch, current.seq)


@blueprint.post("/documents/<int:document_id>/text")
@requires(Permission.DOCUMENT_EDIT)
def put_text(patient_id: int, document_id: int) -> Response | tuple[str, int]:
    grant, own = own_document(patient_id, document_id)
    text = request.form.get("text", "")
    epoch = request.form.get("epoch", type=int)
    base_seq = request.form.get("base_seq", type=int)
    if epoch is None or base_seq is None:
        abort(400)
    try:
        texts.replace(units(), house().hub, own, epoch, base_seq, text)
    except texts.Unusable as refusal:
        current = house().hub.current(document_id)
        return _form(grant, own, text, current.epoch, current.seq, explain(refusal.code)), 422
    return redirect(url_for("board.show", patient_id=patient_id) + f"#section-{own.section_key}", 303)


def own_document(patient_id: int, document_id: int) -> tuple[PatientGrant, DocumentGrant]:
    """The document under this patient's address: one of another patient is hidden."""
    grant = open_patient(patient_id, Permission.DOCUMENT_VIEW)
    own = loaders.document(actor(), document_id, Permission.DOCUMENT_EDIT)
    if own.patient_id != patient_id:
        abort(404)
    return grant, own


def _form(
    grant: PatientGrant, own: DocumentGrant, text: str, epoch: int, base_seq: int, error: str | None = None
) -> str:
    head = pictures.banner(grant, today())
    card = pictures.cards(grant, head.first_name, house().hub.text, only=own.section_key)[0]
    return render_template(
        "board/text_form.html",
        banner=head,
        may=grant.permissions,
        card=card,
        document_id=own.document_id,
        kind=own.kind,
        text=text,
        epoch=epoch,
        base_seq=base_seq,
        error=error,
        check=checks.of_texts({own.document_id: text}, units().clinic.glossary())[own.document_id]
        if own.kind == "plain"
        else None,
    )


def explain(code: str) -> str:
    """Why a document did not take an edit; `code` as on the wire."""
    reasons = {
        "too_large": _("The text is too long: a section holds 200 kB. Shorten it and save again."),
        "stale_epoch": _(
            "The section was restored from a backup since you opened it. Your text is below; check it and save again."
        ),
        "forbidden": _(
            "This text was damaged on disk and can only be read until an administrator has repaired it. "
            "Copy your text and keep it."
        ),
        "malformed": _("The text holds a character that cannot be kept. Remove it and save again."),
    }
    return str(reasons.get(code) or _("The text could not be saved just now. Wait a moment and save again."))

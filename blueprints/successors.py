"""Who takes over each patient and each patient's tasks, as a form says it."""

from collections.abc import Iterable

from flask import request

from actions.task_handover import RESPONSIBLE


def chosen_successors(patient_ids: Iterable[int]) -> dict[int, int]:
    """Patient id → user id, from the fields `successor-<patient id>` or, where one is empty, `successor-all`."""
    for_all = _chosen("all")
    chosen = {patient_id: _chosen(str(patient_id)) or for_all for patient_id in patient_ids}
    return {patient_id: user_id for patient_id, user_id in chosen.items() if user_id}


def chosen_heirs(patient_ids: Iterable[int]) -> dict[int, int]:
    """Patient id → user id or RESPONSIBLE, from the fields `heir-<patient id>` or, where one is empty, `heir-all`."""
    chosen = {patient_id: _heir(str(patient_id), _heir("all", None)) for patient_id in patient_ids}
    return {patient_id: user_id for patient_id, user_id in chosen.items() if user_id is not None}


def _chosen(key: str) -> int:
    return _number(request.form.get(f"successor-{key}", "")) or 0


def _heir(key: str, otherwise: int | None) -> int | None:
    words = request.form.get(f"heir-{key}", "")
    return RESPONSIBLE if words == "responsible" else _number(words) or otherwise


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else None

"""Who takes over each patient, as a form says it."""

from collections.abc import Iterable

from flask import request


def chosen_successors(patient_ids: Iterable[int]) -> dict[int, int]:
    """Patient id → user id, from the fields `successor-<patient id>` or, where one is empty, `successor-all`."""
    for_all = _chosen("all")
    chosen = {patient_id: _chosen(str(patient_id)) or for_all for patient_id in patient_ids}
    return {patient_id: user_id for patient_id, user_id in chosen.items() if user_id}


def _chosen(key: str) -> int:
    value = request.form.get(f"successor-{key}", "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0

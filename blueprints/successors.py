"""Who takes over each patient, as a form says it."""

from flask import request


def chosen_successors() -> dict[int, int]:
    """Patient id → user id from fields named `successor-<patient id>`; what is no number is passed over."""
    chosen: dict[int, int] = {}
    for name, value in request.form.items():
        prefix, _, number = name.partition("-")
        if prefix == "successor" and number.isdigit() and value.isdigit() and int(value):
            chosen[int(number)] = int(value)
    return chosen

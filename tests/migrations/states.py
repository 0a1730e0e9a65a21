"""A plan that was closed and reopened, for migrations to carry."""

from flask import Flask

from tests.closing import close, pause, reopen

TABLES = frozenset({"plan_states"})


def end_and_go_on(app: Flask) -> None:
    """Maria's plan rests, ends, and goes on."""
    pause(app)
    close(app)
    reopen(app)

"""`flask audit verify`: one line, and an exit code that a timer can act on."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from models.base import db
from tests.databases.kinds import both

Verify = Callable[..., Result]


@pytest.fixture
def verify(app: Flask) -> Verify:
    def run(*words: str, log: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["audit", "verify", *words], input=log)

    return run


def cut(app: Flask) -> None:
    """Take the last row away, and set the head back as somebody careful would."""
    with app.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_events_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM audit_events WHERE id = (SELECT count FROM audit_head)"))
        last = "(SELECT seal FROM audit_events ORDER BY id DESC LIMIT 1)"
        connection.execute(text(f"UPDATE audit_head SET count = count - 1, seal = {last}"))


def printed(line: str) -> str:
    return line.split("head ")[1].strip()


@both
def test_a_whole_audit_is_said_with_count_and_head(app: Flask, verify: Verify) -> None:
    result = verify()
    assert result.exit_code == 0
    assert result.output.startswith("The audit is whole: ")
    count, seal = printed(result.output).split(":")
    assert f" {count} rows, head {count}:{seal}\n" in result.output
    assert len(bytes.fromhex(seal)) == 33


@both
def test_a_tail_cut_with_its_head_shows_against_the_log_alone(app: Flask, verify: Verify) -> None:
    head = printed(verify().output)
    line = json.dumps({"level": "info", "logger": "consilium.audit", "message": "audit head", "head": head})
    log = f"noise\nNov 24 09:00 clinic consilium[7]: {line}\n{line}\n"
    assert verify("--head", head).exit_code == 0
    assert ", as 1 earlier head said, head " in verify("--log", "-", log=log).output
    cut(app)
    assert verify().exit_code == 0
    for result in (verify("--head", head), verify("--log", "-", log=log)):
        assert result.exit_code == 1
        assert len(result.stderr.strip().splitlines()) == 1
        count = int(head.split(":")[0])
        assert f"Audit row {count} is missing: the log printed a head of {count} rows." in result.stderr
        assert f"The {count - 1} rows before it are good." in result.stderr


@both
def test_trouble_is_one_line_and_exit_code_one(app: Flask, verify: Verify) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_head SET count = count + 1"))
    result = verify()
    assert result.exit_code == 1
    assert result.stderr.startswith("The audit is not whole. Audit row ")
    assert result.stdout == ""


def test_a_wrong_command_and_an_audit_that_cannot_be_checked_have_codes_of_their_own(
    app: Flask, verify: Verify
) -> None:
    assert verify("--head", "nonsense").exit_code == 2
    nothing = verify("--log", "-", log="a log of something else\n")
    assert nothing.exit_code == 3
    assert "shows no head" in nothing.stderr
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit_head"))
    missing = verify()
    assert missing.exit_code == 3
    assert missing.stderr == "The audit could not be checked: no such table: audit_head.\n"

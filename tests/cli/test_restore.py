"""`flask restore`: nothing unverified is put back, nothing is lost that was there, and nobody's past gets in."""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade

from cli import serving_lock
from cli.backup.take import backups
from models.base import db
from tests.cli.command_line import flask, installation, only_backup
from tests.personas import DANA, EVERYONE, KEYS, LENA


@pytest.fixture
def app(instance: Path) -> Iterator[Flask]:
    with installation(instance) as opened:
        yield opened


@pytest.fixture
def backup(app: Flask, instance: Path) -> Path:
    """A backup of the cast's clinic, taken now."""
    with app.app_context():
        rows(instance, "INSERT INTO sign_in_failures (email, address, at) VALUES ('x', 'x', '2026-11-24 09:00:00')")
        db.session.remove()
    done = flask(app, "backup")
    assert done.exit_code == 0, done.output
    return only_backup(instance / "backups")


def rows(instance: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(instance / "consilium.db")
    try:
        with connection:
            return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def reseal(backup: Path, app: Flask) -> None:
    """Write the manifest anew, as somebody could who has the keys: what lies behind it must verify by itself."""
    from dataclasses import replace

    from cli.backup import manifest

    told, _seal = manifest.read(backup)
    (backup / manifest.MANIFEST).unlink()
    changed = replace(told, sha256=manifest.sha256(backup / manifest.DATABASE))
    changed.write(backup, app.extensions["consilium"].seals)


def test_into_a_new_installation(app: Flask, instance: Path, backup: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    with installation(fresh) as other:
        done = flask(other, "restore", str(backup))
    assert done.exit_code == 0, done.output
    assert rows(fresh, "SELECT count(*) FROM users") == rows(instance, "SELECT count(*) FROM users")
    assert (fresh / "consilium.db").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in fresh.iterdir()) == ["consilium.db", "consilium.db.serving"]


def test_people_are_not_replaced_unasked_and_are_kept_beside(app: Flask, instance: Path, backup: Path) -> None:
    before = (instance / "consilium.db").read_bytes()
    refused = flask(app, "restore", str(backup))
    assert refused.exit_code == 1
    assert "There are people in" in refused.output
    assert (instance / "consilium.db").read_bytes() == before
    done = flask(app, "restore", str(backup), "--replace")
    assert done.exit_code == 0, done.output
    (aside,) = instance.glob("consilium.db.replaced-*Z")
    assert str(aside) in done.output
    kept = sqlite3.connect(aside)
    assert kept.execute("SELECT count(*) FROM users").fetchone() == (len(EVERYONE),)
    kept.close()


def test_documents_get_a_new_epoch_each_time_and_keep_their_words(app: Flask, instance: Path, backup: Path) -> None:
    before = rows(instance, "SELECT id, seq, text FROM documents ORDER BY id")
    seen = {1}
    for _ in range(2):
        done = flask(app, "restore", str(backup), "--replace")
        assert done.exit_code == 0, done.output
        assert rows(instance, "SELECT id, seq, text FROM documents ORDER BY id") == before
        ((lowest, highest),) = rows(instance, "SELECT min(epoch), max(epoch) FROM documents")
        assert lowest == highest
        assert highest not in seen
        assert highest > (datetime.now(UTC) - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds() // 60
        seen.add(highest)
        assert flask(app, "documents", "verify").exit_code == 0


def test_sessions_end_links_are_void_and_one_audit_row_says_so(app: Flask, instance: Path) -> None:
    rows(
        instance,
        "INSERT INTO login_sessions (token_sha256, user_id, created_at, seen_at, user_agent) "
        "SELECT 'token', id, '2026-11-24 09:00:00', '2026-11-24 09:00:00', '' FROM users WHERE email = ?",
        DANA.email,
    )
    rows(
        instance,
        "INSERT INTO sign_in_links (token_sha256, user_id, created_at, expires_at) "
        "SELECT 'link', id, '2026-11-24 09:00:00', '2099-01-01 09:00:00' FROM users WHERE email = ?",
        LENA.email,
    )
    assert flask(app, "backup").exit_code == 0
    done = flask(app, "restore", str(only_backup(instance / "backups")), "--replace")
    assert f"1 sessions ended, {len(EVERYONE) + 1} unused one-time links void" in done.output
    assert rows(instance, "SELECT ended_reason FROM login_sessions") == [("restored",)]
    ((expires,),) = rows(instance, "SELECT expires_at FROM sign_in_links WHERE token_sha256 = 'link'")
    assert expires < "2098"
    ((action, thing, detail),) = rows(
        instance, "SELECT action, thing, detail FROM audit_events ORDER BY id DESC LIMIT 1"
    )
    assert (action, thing) == ("restore", "database")
    assert json.loads(detail)["sessions"] == 1


def test_accounts_disabled_since_are_named(app: Flask, instance: Path, backup: Path) -> None:
    rows(instance, "UPDATE users SET disabled_at = '2026-11-24 10:00:00' WHERE email = ?", LENA.email)
    done = flask(app, "restore", str(backup), "--replace")
    assert f"{LENA.email} was disabled after the backup" in done.output
    assert DANA.email not in done.output


def test_not_while_it_is_served(app: Flask, instance: Path, backup: Path) -> None:
    before = (instance / "consilium.db").read_bytes()
    handle = serving_lock.hold(app, instance)
    try:
        refused = flask(app, "restore", str(backup), "--replace")
    finally:
        os.close(handle)
    assert refused.exit_code == 1
    assert "Stop it first" in refused.output
    assert (instance / "consilium.db").read_bytes() == before


def test_not_while_another_program_has_it_open(app: Flask, instance: Path, backup: Path) -> None:
    other = sqlite3.connect(instance / "consilium.db")
    other.execute("SELECT count(*) FROM users").fetchone()
    try:
        assert "Stop it first" in flask(app, "restore", str(backup), "--replace").output
    finally:
        other.close()
    assert flask(app, "restore", str(backup), "--replace").exit_code == 0


def test_a_server_does_not_start_while_a_restore_works(app: Flask, instance: Path) -> None:
    with (
        serving_lock.alone(serving_lock.lock_file(app_url(app), instance)),
        pytest.raises(serving_lock.BeingRestored, match="flask restore"),
    ):
        serving_lock.hold(app, instance, patience=0.5)


def app_url(app: Flask) -> Any:
    with app.app_context():
        return db.engine.url


def refusal(app: Flask, instance: Path, backup: Path, *words: str) -> str:
    """What a refused restore says; the database that is there stays as it is, and nothing is left beside it."""
    before = rows(instance, "SELECT count(*), max(id) FROM audit_events")
    refused = flask(app, "restore", str(backup), "--replace", *words)
    assert refused.exit_code == 1, refused.output
    assert "Nothing was restored" in refused.output
    assert rows(instance, "SELECT count(*), max(id) FROM audit_events") == before
    assert not list(instance.glob(".*restoring*"))
    assert not list(instance.glob("*.replaced-*"))
    return refused.output


def test_a_changed_byte_of_the_copy_is_refused(app: Flask, instance: Path, backup: Path) -> None:
    with (backup / "consilium.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    assert "its SHA-256 differs" in refusal(app, instance, backup)


def test_a_changed_manifest_is_refused(app: Flask, instance: Path, backup: Path) -> None:
    told = json.loads((backup / "manifest.json").read_text())
    told["began_at"] = "2026-11-23T00:00:00+00:00"
    (backup / "manifest.json").write_text(json.dumps(told))
    assert "was changed since it was written" in refusal(app, instance, backup)


def test_a_folder_that_is_no_backup_is_refused(app: Flask, instance: Path, tmp_path: Path) -> None:
    assert "there is no manifest.json in it" in refusal(app, instance, tmp_path)


def test_missing_and_other_keys_are_refused_by_name(instance: Path, backup: Path, tmp_path: Path) -> None:
    for keys, says in (
        ("2:" + "j" * 40, "integrity key 1, which is not here"),
        ("1:" + "j" * 40, "another integrity key 1"),
    ):
        with installation(tmp_path / says[-4:], INTEGRITY_KEYS=keys) as other:
            refused = flask(other, "restore", str(backup))
        assert refused.exit_code == 1
        assert says in refused.output
        assert "were kept apart from the backups" in refused.output


def test_lost_keys_are_not_the_end(app: Flask, instance: Path, backup: Path, tmp_path: Path) -> None:
    assert flask(app, "restore", str(backup), "--replace").exit_code == 0  # so that documents have two epochs
    assert flask(app, "backup").exit_code == 0
    newest = backups(instance / "backups")[-1][0]
    before = rows(instance, "SELECT id, seq, text FROM documents ORDER BY id")
    with installation(tmp_path / "new", INTEGRITY_KEYS="7:" + "n" * 40) as other:
        refused = flask(other, "restore", str(newest))
        assert "--keys-lost" in refused.output
        done = flask(other, "restore", str(newest), "--keys-lost")
        assert done.exit_code == 0, done.output
        assert "can no longer be noticed" in done.output
        assert flask(other, "documents", "verify").exit_code == 0
        assert flask(other, "audit", "verify").exit_code == 0
    assert rows(tmp_path / "new", "SELECT id, seq, text FROM documents ORDER BY id") == before
    actions = rows(tmp_path / "new", "SELECT action FROM audit_events ORDER BY id DESC LIMIT 2")
    assert actions == [("restore",), ("reseal",)]
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        rows(tmp_path / "new", "UPDATE audit_events SET outcome = 'done'")


def test_a_forged_edit_is_named_and_goes_back_only_if_one_insists(app: Flask, instance: Path, backup: Path) -> None:
    forged = sqlite3.connect(backup / "consilium.db")
    with forged:
        ((document,),) = forged.execute("SELECT min(document_id) FROM document_updates").fetchall()
        forged.execute('UPDATE document_updates SET "update" = ? WHERE document_id = ?', (b"\0\0", document))
    forged.close()
    reseal(backup, app)
    said = refusal(app, instance, backup)
    assert f"document {document}, epoch 1, edit 1" in said
    assert "does not verify" in said
    done = flask(app, "restore", str(backup), "--replace", "--despite-damage")
    assert done.exit_code == 0, done.output
    ((detail,),) = rows(instance, "SELECT detail FROM audit_events ORDER BY id DESC LIMIT 1")
    assert json.loads(detail)["repaired"] == [document]
    assert flask(app, "documents", "verify").exit_code == 0


def test_a_changed_audit_row_is_named(app: Flask, instance: Path, backup: Path) -> None:
    forged = sqlite3.connect(backup / "consilium.db")
    with forged:
        forged.execute("DROP TRIGGER audit_events_no_update")
        forged.execute("UPDATE audit_events SET outcome = 'viewed' WHERE id = 3")
    forged.close()
    reseal(backup, app)
    assert "Audit row 3" in refusal(app, instance, backup)


def test_an_older_schema_is_migrated_and_a_newer_one_refused(app: Flask, instance: Path, backup: Path) -> None:
    shutil.rmtree(backup)
    with app.app_context():
        downgrade(revision="0001")
        db.session.remove()
        db.engine.dispose()
    assert flask(app, "backup").exit_code == 0
    ((older, told),) = backups(instance / "backups")
    assert told.schema == "0001"
    done = flask(app, "restore", str(older), "--replace")
    assert done.exit_code == 0, done.output
    assert rows(instance, "SELECT version_num FROM alembic_version") > [("0001",)]
    future = json.loads((older / "manifest.json").read_text())
    future["format"] = 99
    (older / "manifest.json").write_text(json.dumps(future))
    assert "newer Consilium" in refusal_of_older(app, older)


def refusal_of_older(app: Flask, backup: Path) -> str:
    return flask(app, "restore", str(backup), "--replace").output


def test_a_present_database_that_is_damaged_is_replaced_and_kept(app: Flask, instance: Path, backup: Path) -> None:
    with app.app_context():
        db.engine.dispose()
    (instance / "consilium.db").write_bytes(b"no database" * 1000)
    assert "There are people in" in flask(app, "restore", str(backup)).output
    done = flask(app, "restore", str(backup), "--replace")
    assert done.exit_code == 0, done.output
    (aside,) = instance.glob("consilium.db.replaced-*Z")
    assert aside.read_bytes().startswith(b"no database")
    assert rows(instance, "SELECT count(*) FROM users") == [(len(EVERYONE),)]


def test_one_says_what_to_restore(app: Flask) -> None:
    assert flask(app, "restore").exit_code == 2
    assert KEYS["INTEGRITY_KEYS"] not in flask(app, "restore").output

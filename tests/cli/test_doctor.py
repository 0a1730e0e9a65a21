"""`flask doctor`: every check says what is wrong and what to do."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import downgrade

from cli.doctor import configuration, libraries, machine
from cli.doctor.findings import Finding, Level, has_fault
from config import ConfigError, Settings
from models.base import db
from tests.cli.command_line import flask, installation
from tests.conftest import settings_in
from tests.databases.kinds import both
from tests.realtime.server_process import ServerProcess, free_port


def doctor(app: Flask) -> Result:
    return flask(app, "doctor")


def lines(result: Result, level: Level) -> str:
    return "\n".join(line for line in result.output.splitlines() if line.startswith(level))


@both
def test_a_sound_installation_has_no_fault(instance: Path) -> None:
    with installation(instance, SECRET_KEY="abcdefghij" * 4, PORT=str(free_port())) as app:
        instance.chmod(0o700)
        seen = doctor(app)
    assert "0 faults" in seen.output, seen.output
    assert seen.exit_code == 0
    of_the_machine = ("library", "disk", "clock", "open files", "pdf", "port")
    for about in ("settings", "keys", "files", "database", "backup", *of_the_machine):
        assert f" {about} " in seen.output, about


def test_a_guessable_secret_and_files_for_all_are_faults(instance: Path) -> None:
    (instance / "integrity-keys").write_text("1 " + "i" * 40)
    (instance / "integrity-keys").chmod(0o644)
    with installation(instance) as app:
        seen = doctor(app)
    assert seen.exit_code == 1
    assert "SECRET_KEY is guessable" in lines(seen, Level.FAULT)
    assert f"Run: chmod 600 {instance}/integrity-keys" in lines(seen, Level.FAULT)


def test_a_demo_on_the_network_is_a_fault(tmp_path: Path) -> None:
    served = settings_in(tmp_path, DEMO="1", PUBLIC_URL="https://plan.clinic.example")
    assert any("anyone signs in as anyone" in str(each) for each in faults(configuration.check(served)))
    unproxied = list(configuration.check(replace(served, demo=False)))
    assert any("TRUSTED_PROXIES is 0" in str(each) for each in unproxied)
    behind = configuration.check(replace(served, demo=False, trusted_proxies=1))
    assert not any("TRUSTED_PROXIES" in str(each) for each in behind)


def faults(findings: Iterator[Finding]) -> list[Finding]:
    return [each for each in findings if each.level is Level.FAULT]


def test_a_database_of_an_older_schema_says_how_to_migrate(instance: Path) -> None:
    with installation(instance) as app:
        with app.app_context():
            downgrade(revision="-1")
            db.session.remove()
        seen = doctor(app)
    assert seen.exit_code == 1
    assert "Back up, then run: flask db upgrade" in lines(seen, Level.FAULT)


def test_an_empty_and_an_unreachable_database_are_told(tmp_path: Path) -> None:
    with installation(tmp_path) as app:
        assert "Run: flask db upgrade" in lines(doctor(app), Level.FAULT)
    nobody = f"postgresql://nobody@127.0.0.1:{free_port()}/plans"
    with installation(tmp_path, DATABASE_URL=nobody) as app:
        assert "It does not answer" in lines(doctor(app), Level.FAULT)


def test_a_damaged_file_is_told(instance: Path) -> None:
    with (instance / "consilium.db").open("r+b") as file:
        file.seek(4096 * 20)
        file.write(os.urandom(4096 * 8))
    with installation(instance) as app:
        seen = doctor(app)
    assert seen.exit_code == 1
    assert "restore the newest backup" in seen.output or "It does not answer" in seen.output


@both
def test_a_clock_that_was_set_back_is_told(instance: Path) -> None:
    with installation(instance) as app:
        app.extensions["consilium"].units.clock = lambda: datetime.now(UTC) + timedelta(hours=1)
        with app.app_context(), app.extensions["consilium"].units.begin(None) as work:
            work.record("test", "clock")
        seen = doctor(app)
    assert "ahead of this machine's clock" in lines(seen, Level.FAULT)


@both
def test_a_missing_integrity_key_is_told(instance: Path) -> None:
    with installation(instance, INTEGRITY_KEYS="2:" + "j" * 40) as app:
        seen = doctor(app)
    assert "integrity key 1, which is not here" in lines(seen, Level.FAULT)


@both
def test_another_key_of_the_same_number_is_told(instance: Path) -> None:
    with installation(instance, INTEGRITY_KEYS="1:" + "j" * 40) as app:
        seen = doctor(app)
    assert "The newest row of the audit does not verify" in lines(seen, Level.FAULT)


def test_an_old_backup_is_told(instance: Path) -> None:
    with installation(instance) as app:
        assert "There is none in" in doctor(app).output
        app.extensions["consilium"].units.clock = lambda: datetime.now(UTC) - timedelta(days=2)
        flask(app, "backup")
        assert "The newest is 2 days" in lines(doctor(app), Level.WARNING)


@pytest.mark.parametrize("known", libraries.KNOWN, ids=lambda known: f"{known.package}-{known.level}")
def test_every_known_fault_is_found_below_its_sound_version(known: libraries.Known) -> None:
    old = {known.package: "0.0.1"}
    assert any(known.why in str(each) and each.level is known.level for each in libraries.check(old.get))
    if known.sound is not None:
        assert not any(known.why in str(each) for each in libraries.check({known.package: known.sound}.get))


def test_other_versions_than_were_tested_are_told(tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text("# a comment\nFlask==3.1.3\npycrdt==0.14.13\n")
    same = {"Flask": "3.1.3", "pycrdt": "0.14.13"}
    assert [each.level for each in libraries.check_pins(tmp_path / "pins.txt", same.get)] == [Level.OK]
    (other,) = libraries.check_pins(tmp_path / "pins.txt", {**same, "pycrdt": "0.14.1"}.get)
    assert "pycrdt 0.14.1" in other.seen


def test_ports_are_free_ours_or_taken(instance: Path) -> None:
    assert not has_fault([machine.port(free_port(), served=False)])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert has_fault([machine.port(taken.getsockname()[1], served=False)])
    server = ServerProcess(instance).start()
    try:
        with installation(instance) as app:
            changed = replace(app.extensions["consilium"].settings, port=server.port)
            app.extensions["consilium"] = replace(app.extensions["consilium"], settings=changed)
            assert f"This installation serves on port {server.port}" in doctor(app).output
    finally:
        server.kill()


def test_a_wrong_setting_is_one_line_of_any_command(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="PORT must be a number"):
        Settings.from_environment({"INSTANCE_DIR": str(tmp_path), "PORT": "x"})
    assert ConfigError("PORT …").exit_code == 1


def test_a_full_disk_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "NEEDED_MB", 10**12)
    assert has_fault(machine.disk(tmp_path))

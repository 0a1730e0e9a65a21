"""`flask backup`: consistent while people type, checked, complete or not there at all."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from cli.backup.take import backups
from tests.cli.command_line import flask, only_backup
from tests.conftest import settings_in
from tests.personas import EVERYONE, KEYS

ROOT = Path(__file__).resolve().parents[2]


def elsewhere(instance: Path, command: list[str], **limits: Any) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, where `flask` is the command line."""
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "INSTANCE_DIR": str(instance), **KEYS},
        capture_output=True,
        text=True,
        timeout=240,
        **limits,
    )


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_backup_is_one_folder_with_the_copy_and_what_it_is(app: Flask, instance: Path) -> None:
    done = flask(app, "backup")
    assert done.exit_code == 0, done.output
    folder = only_backup(instance / "backups")
    assert str(folder) in done.output
    assert sorted(path.name for path in folder.iterdir()) == ["consilium.db", "manifest.json"]
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}
    told = json.loads((folder / "manifest.json").read_text())
    assert told["counts"]["users"] == len(EVERYONE)
    assert told["schema"]
    assert told["size"] == (folder / "consilium.db").stat().st_size


def test_every_backup_has_a_folder_of_its_own_and_keep_removes_the_oldest(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "kept"
    assert flask(app, "backup", str(target)).exit_code == 0
    oldest = only_backup(target)
    (target / "consilium-notes").mkdir()
    assert flask(app, "backup", str(target)).exit_code == 0
    assert len(backups(target)) == 2
    pruned = flask(app, "backup", str(target), "--keep", "2")
    assert f"Removed {oldest.name}" in pruned.output
    assert len(backups(target)) == 2
    assert not oldest.exists()
    assert (target / "consilium-notes").is_dir()


@contextmanager
def somebody_writes(database: Path) -> Iterator[list[int]]:
    """Commits two rows that belong together, as fast as it can."""
    written: list[int] = []
    over = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(database, timeout=10)
        connection.execute("CREATE TABLE pairs (number INTEGER, half TEXT)")
        while not over.is_set():
            with connection:
                number = len(written)
                connection.execute("INSERT INTO pairs VALUES (?, 'left')", (number,))
                connection.execute("INSERT INTO pairs VALUES (?, 'right')", (number,))
            written.append(number)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        over.set()
        thread.join(60)


def test_a_copy_taken_while_somebody_writes_is_of_one_moment(instance: Path) -> None:
    with somebody_writes(instance / "consilium.db") as written:
        while len(written) < 20:
            threading.Event().wait(0.01)
        before = len(written)
        done = elsewhere(instance, [sys.executable, "-m", "flask", "backup"])
        after = len(written)
    assert done.returncode == 0, done.stderr
    copied = sqlite3.connect(only_backup(instance / "backups") / "consilium.db")
    left, right = (
        [row[0] for row in copied.execute("SELECT number FROM pairs WHERE half = ? ORDER BY number", (half,))]
        for half in ("left", "right")
    )
    copied.close()
    assert left == right == list(range(len(left)))
    assert before <= len(left)
    assert before < after


def test_a_full_disk_is_told_and_leaves_nothing(instance: Path) -> None:
    target = instance / "small"
    target.mkdir()
    mount = f'mount -t tmpfs -o size=64k tmpfs "{target}"'
    script = f'{mount} && "{sys.executable}" -m flask backup "{target}"; ls -A "{target}"'
    done = elsewhere(instance, ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script])
    assert "No backup was made" in done.stderr
    assert "free, and the copy needs" in done.stderr
    assert done.stdout == ""


def test_a_write_that_fails_half_way_leaves_nothing(instance: Path) -> None:
    (instance / "backups").mkdir()
    done = elsewhere(
        instance,
        [sys.executable, "-m", "flask", "backup"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 1
    assert "No backup was made" in done.stderr
    assert list((instance / "backups").iterdir()) == []


def test_a_damaged_database_is_no_backup(app: Flask, instance: Path) -> None:
    with (instance / "consilium.db").open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 8))
    done = flask(app, "backup")
    assert done.exit_code == 1
    assert "No backup was made" in done.output
    assert list((instance / "backups").iterdir()) == []


def test_a_folder_without_a_database_says_so(app: Flask, instance: Path) -> None:
    (instance / "consilium.db").unlink()
    done = flask(app, "backup")
    assert done.exit_code == 1
    assert "there is no database" in done.output


def test_on_postgresql_the_exact_line_is_printed(instance: Path) -> None:
    address = "postgresql+psycopg://consilium:secret@db.example:5433/plans"
    app = create_app(settings_in(instance, DATABASE_URL=address))
    done = flask(app, "backup")
    assert done.exit_code == 1
    assert "pg_dump --format=custom" in done.output
    assert "'postgresql://consilium@db.example:5433/plans'" in done.output
    assert "secret" not in done.output

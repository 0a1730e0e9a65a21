"""`flask restore --in-place`: a dump that PostgreSQL's own tools put back."""

import secrets
import subprocess
from pathlib import Path

from models.base import db
from tests.cli.command_line import flask, installation
from tests.databases import address
from tests.databases.cluster import Cluster, programs
from tests.databases.kinds import on_postgresql


@on_postgresql
def test_a_dump_put_back_is_verified_and_renewed_in_place(instance: Path, cluster: Cluster, tmp_path: Path) -> None:
    """The road of docs/operations.md, with PostgreSQL's own tools."""
    before = address.rows(instance, "SELECT id, seq, text FROM documents ORDER BY id")
    with installation(instance) as app:
        told = flask(app, "backup")
        assert "pg_dump --format=custom --no-owner" in told.output
        assert "pg_restore --no-owner --exit-on-error" in flask(app, "restore", str(instance)).output
    pg_tool("pg_dump", "--format=custom", "--no-owner", f"--file={tmp_path / 'dump'}", address.url_of(instance))
    empty = cluster.create(f"restored_{secrets.token_hex(4)}")
    pg_tool("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={empty}", str(tmp_path / "dump"))
    address.keep(tmp_path, empty)
    with installation(tmp_path, INTEGRITY_KEYS="1:" + "j" * 40) as other:
        refused = flask(other, "restore", "--in-place", "--despite-damage")
        assert "the integrity keys here are not those it needs" in refused.output
        assert flask(other, "restore", "--in-place", "--keys-lost").exit_code == 0
        assert flask(other, "audit", "verify").exit_code == 0
    with installation(tmp_path) as app, app.app_context(), db.engine.connect() as somebody:
        somebody.exec_driver_sql("SELECT 1")
        assert "Stop it first" in app.test_cli_runner().invoke(args=["restore", "--in-place"]).output
    with installation(tmp_path, INTEGRITY_KEYS="1:" + "j" * 40) as app:
        done = flask(app, "restore", "--in-place")
        assert done.exit_code == 0, done.output
        assert flask(app, "documents", "verify").exit_code == 0
        assert flask(app, "audit", "verify").exit_code == 0
    assert address.rows(tmp_path, "SELECT id, seq, text FROM documents ORDER BY id") == before
    ((lowest,),) = address.rows(tmp_path, "SELECT min(epoch) FROM documents")
    assert lowest > 1


def pg_tool(name: str, *words: str) -> None:
    done = subprocess.run([str(programs() / name), *words], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr

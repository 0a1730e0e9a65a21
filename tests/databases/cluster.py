"""A PostgreSQL cluster of the tests' own: made in a temporary folder, on a free port of 127.0.0.1, never as root."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import LiteralString, cast

import psycopg
from psycopg import sql

from tests.realtime.server_process import free_port

Stop = signal.Signals
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
"""How to stop: connections are cut and everything is written down, or as a power cut would."""


class Cluster:
    """`start`, then databases by `create`; `stop` and `start` again as often as a test likes; `remove` in the end.

    Data are flushed to the disk as in a clinic. The server ends with this process, however that ends.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="consilium-pg-"))
        self.port = free_port()
        self._programs = programs()
        self._user = unprivileged()
        self._password = secrets.token_hex(16)
        self._server: subprocess.Popen[bytes] | None = None
        self._make()

    def url(self, name: str) -> str:
        return f"postgresql://consilium:{self._password}@127.0.0.1:{self.port}/{name}"

    @property
    def pid(self) -> int:
        assert self._server is not None
        return self._server.pid

    def start(self, patience: float = 120) -> "Cluster":
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                self._as_user("postgres", "-D", str(self.folder / "data")), stdout=log, stderr=log, cwd="/"
            )
        deadline = time.monotonic() + patience
        while not self.answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()[-4000:]}")
            time.sleep(0.05)
        return self

    def stop(self, how: Stop = FAST, patience: float = 120) -> None:
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(how)
            self._server.wait(patience)

    def freeze(self) -> None:
        """Let the server answer nothing, as one whose disk hangs; `thaw` ends it."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: Stop) -> None:
        """The server and the processes of its connections."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in (self.pid, *map(int, children)):
            os.kill(pid, number)

    def remove(self) -> None:
        self.stop(IMMEDIATE)
        shutil.rmtree(self.folder)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def create(self, name: str, template: str | None = None) -> str:
        """A new database, empty or a copy of one that nobody is connected to; answers its address.

        Its order of words is that of people, not of bytes, as on most machines (from PostgreSQL 15 on).
        """
        if template is None:
            order = "LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C.UTF-8'" if self._version() >= 15 else ""
            self._execute(f"CREATE DATABASE {{}} TEMPLATE template0 ENCODING 'UTF8' {order}", name)
        else:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return self.url(name)

    def drop(self, name: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _version(self) -> int:
        with psycopg.connect(self.url("postgres")) as connection:
            return connection.info.server_version // 10_000

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            query = sql.SQL(cast(LiteralString, statement))
            connection.execute(query.format(*(sql.Identifier(name) for name in names)))

    def _make(self) -> None:
        password = self.folder / "password"
        password.write_text(self._password)
        if self._user:
            for path in (self.folder, password):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        options = (
            "--username=consilium --encoding=UTF8 --locale=C.UTF-8 --auth=scram-sha-256 --no-sync --no-instructions"
        )
        made = self._as_user("initdb", *options.split(), f"--pwfile={password}", "-D", str(self.folder / "data"))
        done = subprocess.run(made, capture_output=True, text=True, cwd="/")
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}\n{done.stderr}")
        with (self.folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n"
                "max_connections = 60\nshared_buffers = 32MB\n"
            )

    def _as_user(self, program: str, *arguments: str) -> list[str]:
        """The command as it is run: PostgreSQL refuses to be root, and must not outlive the tests."""
        user = self._user
        as_user = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"] if user else []
        return ["setpriv", "--pdeathsig", "INT", *as_user, str(self._programs / program), *arguments]


def programs() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, or what the path has."""
    versions = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if versions:
        return max(versions, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise RuntimeError("PostgreSQL is not installed; tests/databases/prepare installs Debian's")
    return Path(found).resolve().parent


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the cluster runs as when the tests run as root; None otherwise."""
    if os.getuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]

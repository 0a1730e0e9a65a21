"""A real server in a process of its own, on a free port of 127.0.0.1, over an instance folder of the test."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.databases import address
from tests.personas import KEYS

ROOT = Path(__file__).resolve().parents[2]


class ServerProcess:
    """`start`, then `url`; `kill` is -9, `stop` is SIGTERM. A restart keeps port and folder.

    `mode` is gevent (gunicorn, as served) or threading (werkzeug).
    """

    def __init__(self, instance: Path, mode: str = "gevent", **environment: str) -> None:
        self.instance = instance
        self.mode = mode
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What the server wrote so far."""
        return (self.instance / "server.log").read_text()

    def start(self, patience: float = 90) -> "ServerProcess":
        with (self.instance / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), cwd=ROOT, env=self._env(), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + patience
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log[-4000:]}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """End it as a power cut would: master and worker at once."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._wait(60)

    def stop(self, patience: float = 60) -> int:
        """End it as an operator would; answers the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._wait(patience)

    def _wait(self, patience: float) -> int:
        if self._process is None:
            return 0
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            return self._process.wait(60)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=10).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _command(self) -> list[str]:
        if self.mode == "gevent":
            return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "app:create_app()"]
        return [sys.executable, "-m", "tests.realtime.threaded_server"]

    def _env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        return {
            **kept,
            "INSTANCE_DIR": str(self.instance),
            **KEYS,
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "ASYNC_MODE": self.mode,
            "LOG_LEVEL": "warning",
            **address.environment(self.instance),
            **self._environment,
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

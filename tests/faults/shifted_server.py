"""A server over a clock that the test sets."""

import sys

from tests.realtime.server_process import ServerProcess


class ShiftedServer(ServerProcess):
    """Served as ever, except that `shifted_clock.shift` sets its clock; do so before the first start."""

    def _command(self) -> list[str]:
        program = "tests.faults.shifted_clock:create_app()"
        return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", program]

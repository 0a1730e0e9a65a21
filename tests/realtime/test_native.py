"""What happens in the native thread under gevent, in a process of its own because gevent changes the whole one."""

import subprocess
import sys

from tests.realtime.server_process import ROOT

PROGRAM = """
from gevent import monkey; monkey.patch_all()
import threading
from realtime.native import runner
run = runner("gevent")
assert run(lambda: 6 * 7) == 42
def fails():
    raise ValueError("the words of a patient")
try:
    run(fails)
except ValueError as error:
    print("raised", len(str(error)))
assert run(lambda: 1) == 1
"""


def test_what_a_call_raises_is_raised_where_it_is_awaited_and_printed_nowhere() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert (done.stdout.strip(), done.stderr) == ("raised 22", "")

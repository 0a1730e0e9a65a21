"""How long something takes of the processor, so that a slow or busy machine is not taken for a slow program.

Three things would be: others on the machine (so the quickest of three tries counts, in this thread's own time), the
garbage collector looking through everything a long test run holds (so that is put out of its sight), and a slower
processor (so a limit grows with what a fixed piece of work takes).
"""

import gc
import time
from collections.abc import Callable

TRIES = 3
FIXED = 0.026
"""Seconds that `_fixed_work` takes on the machine the limits were chosen on."""


def quickest(action: Callable[[], object], enough: float = 0.0, tries: int = TRIES) -> float:
    """Seconds of this thread's time that `action` took in the best of some tries; the first under `enough` will do.

    What remembers its answers must be asked past its memory, for the second try to be one.
    """
    best = float("inf")
    for _ in range(tries):
        gc.freeze()
        began = time.thread_time()
        try:
            action()
        finally:
            spent = time.thread_time() - began
            gc.unfreeze()
        best = min(best, spent)
        if best <= enough:
            break
    return best


def assert_takes(at_most: float, action: Callable[[], object], of: object = "") -> float:
    """That `action` takes no more than `at_most` seconds on the machine the limits were chosen on. `of` names it."""
    spent = quickest(action, at_most)
    if spent > at_most:
        slower = max(1.0, quickest(_fixed_work) / FIXED)
        assert spent <= at_most * slower, f"{of} took {spent:.2f} s; this machine may take {at_most * slower:.2f} s"
    return spent


def _fixed_work() -> None:
    words: dict[str, int] = {}
    for number in range(200_000):
        word = str(number % 5_000)
        words[word] = words.get(word, 0) + 1

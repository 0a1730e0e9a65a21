"""A colleague who types: words one key at a time, with the pauses people make."""

import random
import time
from collections.abc import Callable, Iterator

from wire.replica import Replica

PAUSES = {".": 0.9, "\n": 0.8, ",": 0.4, ":": 0.4, " ": 0.12}
"""Seconds somebody thinks after these."""


class Typist:
    """Types into an open document at about `keys_per_second`; `sleep` is time's or a test's."""

    def __init__(
        self,
        replica: Replica,
        rng: random.Random | None = None,
        keys_per_second: float = 8.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._replica = replica
        self._rng = rng or random.Random()  # noqa: S311
        self._pause = 1 / keys_per_second
        self._sleep = sleep

    def type(self, words: str, at: int | Callable[[str], int], stop: Callable[[], bool] = lambda: False) -> int:
        """Type words from a position on, until they end or `stop` says so; answers how many characters were typed.

        Raises EditRefused or NoAnswer.
        """
        self._replica.put_caret(at)
        typed = 0
        for letter, pause in self._keys(words):
            if stop():
                break
            self._replica.type(letter)
            self._replica.flush()
            self._replica.show_caret()
            typed += 1
            self._sleep(pause)
        return typed

    def _keys(self, words: str) -> Iterator[tuple[str, float]]:
        for letter in words:
            yield letter, self._pause * self._rng.uniform(0.5, 1.5) + PAUSES.get(letter, 0.0) * self._rng.random()


def end_of_paragraph(text: str) -> int:
    """Where somebody would go on writing: behind the last word, before empty lines at the end."""
    return len(text.rstrip("\n "))

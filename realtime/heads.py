"""Section heads say who changed what when: while people type they are refreshed now and then."""

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

HEAD_EVERY = 5.0
"""Seconds between two refreshes of one head."""
LINE_RESTS, LINE_EVERY = 5.0, 60.0
"""Seconds without typing in a plan after which the line of what the patient cannot see follows, on every open board of
it; and those after which it does at the latest."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document is shown. `plan` is the wire id."""

    plan: str
    patient_id: int
    section: str


class Heads:
    """Remembers which heads are out of date. `due` answers them at most every HEAD_EVERY seconds each."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._places: dict[int, Place] = {}
        self._stale: set[Place] = set()
        self._typed: set[int] = set()
        self._sent: dict[Place, float] = {}
        self._lines: dict[str, tuple[float, float]] = {}
        """Of each plan that was typed in: since when, and when last."""

    def know(self, document_id: int, place: Place) -> None:
        self._places[document_id] = place

    def typed(self, document_id: int) -> None:
        place = self._places.get(document_id)
        if place is not None:
            now = self._now()
            self._lines[place.plan] = (self._lines.get(place.plan, (now, now))[0], now)
        if place is not None and not (place in self._stale and document_id in self._typed):
            with self._lock:
                self._stale.add(place)
                self._typed.add(document_id)

    def due(self) -> list[Place]:
        """Heads to refresh now; they count as refreshed."""
        now = self._now()
        with self._lock:
            found = [place for place in self._stale if now - self._sent.get(place, float("-inf")) >= HEAD_EVERY]
            self._stale.difference_update(found)
            self._sent = {place: at for place, at in self._sent.items() if now - at < HEAD_EVERY}
            self._sent.update(dict.fromkeys(found, now))
        return found

    def lines_due(self) -> list[str]:
        """The plans whose line is to follow now; they count as refreshed."""
        now = self._now()
        every = list(self._lines.items())
        found = [plan for plan, (since, last) in every if now - last >= LINE_RESTS or now - since >= LINE_EVERY]
        for plan in found:
            self._lines.pop(plan, None)
        return found

    def written(self, places: Collection[Place]) -> list[int]:
        """The documents at these places that were typed in since this was asked last."""
        with self._lock:
            found = [document_id for document_id in self._typed if self._places[document_id] in places]
            self._typed.difference_update(found)
        return found

"""Who wrote which words of a document and when, at any point of its history; and who took words away."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from livedoc.ascriber import Ascriber, Letters
from livedoc.attributed import Change, Compared, Edit, Point, Removed, Run, Stop, Taken, Written
from livedoc.authorship import moment
from livedoc.comparison import Kind, Piece, hunks
from livedoc.difference import splices
from livedoc.letters import NoSuchPoint, Source
from livedoc.log import Log
from livedoc.ports import Answer, Runner
from livedoc.words import Size

__all__ = ["EVER", "SITTING", "Attribution", "NoSuchPoint"]

MOST_KEPT = 32
"""Comparisons that are kept for whoever looks at the same next: what is past does not change."""
ATTEMPTS = 3
"""How often the process that knows long histories is told of one: it may forget it, or end, in between."""
SITTING = timedelta(minutes=30)
"""What one person writes side by side within this time is one run."""
EVER = timedelta(days=36_500)
"""No time is too long between words that are one run."""

Leg = tuple[int, int, int]
"""Epoch, and from which seq of it to which."""


class Attribution:
    """Answers for the documents of a log. `aside` runs what takes longer where it holds up nobody. `close` it."""

    def __init__(self, store: Log, aside: Runner) -> None:
        self._store = store
        self._aside = aside
        self._ascriber = Ascriber()
        self._stops: dict[tuple[int, Point, Point], list[Stop]] = {}
        self._compared: dict[tuple[int, Point, Point], Compared] = {}
        self.close = self._ascriber.close

    def who_wrote(
        self, document_id: int, point: Point | None = None, *, apart: timedelta = SITTING, by_words: bool = False
    ) -> Written:
        """Whose each letter is at a point, or now. What one person wrote side by side is one run, unless more than
        `apart` lies between it. With `by_words` a word is theirs who typed
        most of its letters. Raises NoSuchPoint."""

        def asked(source: Source) -> Written:
            epoch, seq = source.point(point)
            job = {"job": "who", "seq": seq, "apart": _micros(apart), "by_words": by_words}
            done = self._ask(source, document_id, job, [(epoch, seq, seq)])
            return Written(epoch, seq, done["text"], [_run(*each) for each in done["runs"]])

        return self._reading(document_id, asked)

    def who_removed(self, document_id: int, since: Point, until: Point | None = None) -> Removed:
        """Who took away which words of the text at one point until a later one, or now. Raises NoSuchPoint."""
        return self.compare(document_id, since, until).removed

    def changes(self, document_id: int, since: Point, until: Point | None = None) -> list[Change]:
        """The changes by words from one point to a later one, or to now, each with who wrote and who took away; words
        that an edit left alone but a comparison calls moved are nobody's removal. Raises NoSuchPoint."""
        compared = self.compare(document_id, since, until)
        written, removed = compared.written, compared.removed
        found, grown = [], 0
        for change in splices(removed.text, written.text):
            at = change.at + grown
            grown += len(change.inserted) - change.removed
            inserted = list(compared.whose.between(at, at + len(change.inserted)))
            gone = list(compared.fates.between(change.at, change.at + change.removed))
            found.append(Change(change, inserted, gone))
        return found

    def compare(self, document_id: int, since: Point, until: Point | None = None) -> Compared:
        """The text at one point beside that at a later one, or now, with whose its words are and who took away which.
        Raises NoSuchPoint."""
        known = self._compared.get((document_id, since, until)) if until is not None else None
        if known is not None:
            return known
        compared = self._reading(document_id, lambda source: self._compare(source, document_id, since, until))
        while len(self._compared) >= MOST_KEPT:
            self._compared.pop(next(iter(self._compared)), None)
        self._compared[document_id, since, (compared.written.epoch, compared.written.seq)] = compared
        return compared

    def stops(self, document_id: int, since: Point) -> list[Stop]:
        """The moments worth a look from a point to now, in order, not more than livedoc.stops.MOST. Raises
        NoSuchPoint."""

        def asked(source: Source) -> list[Stop]:
            legs, told = self._way(source, since, until := source.point(None))
            key = document_id, since, until
            if key not in self._stops:
                while len(self._stops) >= MOST_KEPT:
                    self._stops.pop(next(iter(self._stops)), None)
                done = self._ask(source, document_id, {"job": "stops", "legs": told}, legs)
                self._stops[key] = [
                    Stop((epoch, seq), moment(first), moment(last), tuple(people))
                    for epoch, seq, first, last, people in done["stops"]
                ]
            return self._stops[key]

        return self._reading(document_id, asked)

    def _compare(self, source: Source, document_id: int, since: Point, until: Point | None) -> Compared:
        until = source.point(until)
        legs, told = self._way(source, since, until)
        done = self._ask(source, document_id, {"job": "compare", "legs": told, "apart": _micros(SITTING)}, legs)
        removed = [Taken(length, _edit(*by) if by else None) for length, *by in done["removed"]]
        return Compared(
            Written(*until, done["after"], [_run(*each) for each in done["runs"]]),
            Removed(done["before"], done["after"], removed),
            hunks([Piece(Kind(kind), text, move) for kind, text, move in done["pieces"]]),
            Size(*done["size"]),
        )

    def _way(self, source: Source, since: Point, until: Point) -> tuple[list[Leg], list[dict[str, Any]]]:
        """From one point to a later one, also as a job has it. Raises NoSuchPoint."""
        if source.point(since) > until:
            raise NoSuchPoint
        legs = _legs(source, since, until)
        return legs, [
            {"since": first, "until": last, "began": [0, source.began(epoch)[1], epoch, first] if number else None}
            for number, (epoch, first, last) in enumerate(legs)
        ]

    def _reading(self, document_id: int, ask: Callable[[Source], Answer]) -> Answer:
        with self._store.engine.connect() as connection:
            return ask(Source(connection, self._store, self._aside, self._ascriber, document_id))

    def _ask(self, source: Source, document_id: int, job: dict[str, Any], legs: Sequence[Leg]) -> dict[str, Any]:
        of = [(document_id, epoch, last) for epoch, _first, last in legs]
        for _attempt in range(ATTEMPTS):
            letters = [self._letters(source, document_id, *leg) for leg in legs]
            done = self._ascriber.ask(job, of, letters)
            if done is None:
                continue
            if "is_unknown" in done:
                raise NoSuchPoint
            return done
        raise TimeoutError

    def _letters(self, source: Source, document_id: int, epoch: int, first: int, last: int) -> Letters | None:
        """None when they are known already."""
        known = all(self._ascriber.knows(document_id, epoch, seq) for seq in (first, last))
        return None if known else source.letters(epoch, last)


def _legs(source: Source, since: Point, until: Point) -> list[Leg]:
    """The way from one point to another: from where to where in each epoch."""
    (epoch, first), legs = since, list[Leg]()
    for later in source.epochs():
        if epoch < later <= until[0]:
            seq = source.began(later)[0]
            legs.append((epoch, first, seq))
            epoch, first = later, seq
    return [*legs, (epoch, first, until[1])]


def _micros(time: timedelta) -> int:
    return time // timedelta(microseconds=1)


def _run(
    length: int, user: int, first: int | None, last: int | None, epoch: int, seq: int, hand: Any, is_template: bool
) -> Run:
    first_at, last_at = (None if at is None else moment(at) for at in (first, last))
    return Run(length, user or None, first_at, last_at, epoch, seq, _edit(*hand) if hand else None, is_template)


def _edit(user: int, at: int, epoch: int, seq: int) -> Edit:
    return Edit(user or None, moment(at), epoch, seq)

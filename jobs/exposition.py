"""What a scrape shows, read from plain counters when it is asked for.

No label holds an id, a name or a word of anybody: routes are rules, errors are codes.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from tally.histogram import Histogram
from tally.tally import Tally


@dataclass(frozen=True, slots=True)
class Gauges:
    """What is looked up at the moment of a scrape. `audit_rows` is None while the database does not answer."""

    connections: Callable[[], int]
    people: Callable[[], int]
    boards: Callable[[], int]
    documents: Callable[[], int]
    audit_rows: Callable[[], int | None]


class Exposition(Collector):
    """`build` names the versions that run; `folder` is where the disk must not become full."""

    def __init__(self, tally: Tally, gauges: Gauges, folder: Path, build: Mapping[str, str]) -> None:
        self._tally = tally
        self._gauges = gauges
        self._folder = folder
        self._build = dict(build)

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("consilium_build", "The versions that run.", value=self._build)
        yield from self._present()
        yield from self._edits()
        yield from self._sockets()
        yield from self._requests()

    def _present(self) -> Iterator[Metric]:
        gauges = self._gauges
        yield _gauge("connections", "Open sockets.", gauges.connections())
        yield _gauge("people", "People with an open socket.", gauges.people())
        yield _gauge("open_boards", "Plans that somebody has open.", gauges.boards())
        yield _gauge("open_documents", "Live documents in memory.", gauges.documents())
        rows = gauges.audit_rows()
        yield _gauge("database_up", "Whether the database answered this scrape.", rows is not None)
        if rows is not None:
            yield _gauge("audit_rows", "Rows of the audit, as its head counts them.", rows)
        disk = shutil.disk_usage(self._folder)
        yield _gauge("disk_free_bytes", "Free space where INSTANCE_DIR is.", disk.free)
        yield _gauge("disk_size_bytes", "Size of the disk where INSTANCE_DIR is.", disk.total)

    def _edits(self) -> Iterator[Metric]:
        edits = self._tally.edits
        yield _counter("edits_committed", "Edits of live documents that were committed.", edits.committed)
        yield _counter("edits_duplicate", "Edits that were sent again and stored once.", edits.duplicates)
        yield _histogram("commit_seconds", "How long a tick's commit took.", edits.commit_seconds)
        yield _histogram("edit_ack_seconds", "From an edit's arrival to its acknowledgement.", edits.ack_seconds)
        yield _histogram("tick_edits", "Edits that shared one commit.", edits.tick_size)

    def _sockets(self) -> Iterator[Metric]:
        sockets = self._tally.sockets
        refused = CounterMetricFamily(
            "consilium_events_refused", "Socket events that were refused.", labels=("event", "error")
        )
        for (event, error), count in list(sockets.refused.items()):
            refused.add_metric((event, error), count)
        yield refused
        yield _counter("slow_readers", "Sockets closed because they did not read.", sockets.slow_readers)
        yield _counted("sockets_ended", "Sockets closed because the session was over.", "reason", sockets.ended)

    def _requests(self) -> Iterator[Metric]:
        tally = self._tally
        answered = CounterMetricFamily(
            "consilium_http_requests", "Answers to pages and forms.", labels=("route", "method", "status")
        )
        for (route, method, status), count in list(tally.requests.answered.items()):
            answered.add_metric((route, method, str(status)), count)
        yield answered
        seconds = HistogramMetricFamily("consilium_http_request_seconds", "How long an answer took.", labels=("route",))
        for route, histogram in list(tally.requests.seconds.items()):
            seconds.add_metric((route,), *_buckets(histogram))
        yield seconds
        yield _counted("sign_ins", "Sign-ins by how they ended.", "outcome", tally.sign_ins)
        yield _counted("mails", "Mails by how sending them ended.", "outcome", tally.mails)
        yield _counted("limited", "What a limit refused.", "limit", tally.limited)
        yield _counted("database_errors", "Errors of the database.", "kind", tally.database_errors)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"consilium_{name}", says, value=value)


def _counter(name: str, says: str, value: float) -> Metric:
    return CounterMetricFamily(f"consilium_{name}", says, value=value)


def _counted(name: str, says: str, label: str, counts: Counter[str]) -> Metric:
    family = CounterMetricFamily(f"consilium_{name}", says, labels=(label,))
    for value, count in list(counts.items()):
        family.add_metric((value,), count)
    return family


def _histogram(name: str, says: str, histogram: Histogram) -> Metric:
    buckets, total = _buckets(histogram)
    return HistogramMetricFamily(f"consilium_{name}", says, buckets=buckets, sum_value=total)


def _buckets(histogram: Histogram) -> tuple[list[tuple[str, float]], float]:
    names = [*map(str, histogram.bounds), "+Inf"]
    return [*zip(names, accumulate(histogram.counts), strict=True)], histogram.total

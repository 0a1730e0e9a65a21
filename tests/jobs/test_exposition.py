"""What a scrape shows, from counters that a test has filled; every metric is documented."""

from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from jobs.exposition import Exposition, Gauges
from tally.tally import Tally

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def shown(tally: Tally, audit_rows: int | None = 7) -> str:
    """The page, with everything else invented."""
    registry = CollectorRegistry()
    gauges = Gauges(lambda: 5, lambda: 3, lambda: 2, lambda: 1, lambda: audit_rows)
    registry.register(Exposition(tally, gauges, Path("/"), {"version": "1"}))
    return generate_latest(registry).decode()


def samples(page: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_histograms_add_up_from_bucket_to_bucket() -> None:
    tally = Tally()
    for edits, seconds in ((1, 0.0004), (1, 0.0005), (30, 0.02), (400, 60.0)):
        tally.edits.wrote(edits, seconds)
    found = samples(shown(tally))
    buckets = [value for (name, _labels), value in found.items() if name == "consilium_commit_seconds_bucket"]
    assert buckets == sorted(buckets)
    assert found["consilium_commit_seconds_bucket", (("le", "0.0005"),)] == 2
    assert found["consilium_commit_seconds_bucket", (("le", "0.025"),)] == 3
    assert found["consilium_commit_seconds_bucket", (("le", "+Inf"),)] == 4
    assert found["consilium_commit_seconds_count", ()] == 4
    assert round(found["consilium_commit_seconds_sum", ()], 4) == 60.0209
    assert found["consilium_tick_edits_sum", ()] == found["consilium_edits_committed_total", ()] == 432


def test_counters_come_with_their_labels() -> None:
    tally = Tally()
    tally.sockets.refused["doc.edit", "foreign_author"] += 2
    tally.sockets.ended["locked"] += 1
    tally.requests.answered["/login", "POST", 303] += 3
    tally.requests.seconds["/login"].observe(0.2)
    tally.limited["socket events"] += 4
    tally.database_errors["busy"] += 5
    found = samples(shown(tally))
    refused = (("error", "foreign_author"), ("event", "doc.edit"))
    assert found["consilium_events_refused_total", refused] == 2
    assert found["consilium_sockets_ended_total", (("reason", "locked"),)] == 1
    asked = (("method", "POST"), ("route", "/login"), ("status", "303"))
    assert found["consilium_http_requests_total", asked] == 3
    assert found["consilium_http_request_seconds_count", (("route", "/login"),)] == 1
    assert found["consilium_limited_total", (("limit", "socket events"),)] == 4
    assert found["consilium_database_errors_total", (("kind", "busy"),)] == 5
    assert found["consilium_sign_ins_total", (("outcome", "failed"),)] == 0


def test_a_database_that_is_away_shows_and_hides_nothing_else() -> None:
    found = samples(shown(Tally(), audit_rows=None))
    assert found["consilium_database_up", ()] == 0
    assert ("consilium_audit_rows", ()) not in found
    assert found["consilium_connections", ()] == 5


def test_every_metric_is_in_the_manual_and_nothing_there_is_missing() -> None:
    families = list(text_string_to_metric_families(shown(Tally())))
    counters = {f"{family.name}_total" for family in families if family.type == "counter"}
    names = counters | {family.name for family in families if family.type not in ("counter", "unknown")}
    rows = [line for line in MANUAL.read_text().splitlines() if line.startswith("| `consilium_")]
    told = {name.split("{")[0] for row in rows for name in row.split("`") if name.startswith("consilium_")}
    assert told == {name for name in names if name.startswith("consilium_")}

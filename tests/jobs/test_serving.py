"""What a served process does beside answering: the audit's head in the log, and metrics for this machine alone."""

import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.databases import address
from tests.databases.kinds import both
from tests.personas import DANA, LENA
from tests.realtime.people import Person, Place, eventually
from tests.realtime.server_process import ServerProcess, free_port

LABELS = {"event", "error", "route", "method", "status", "outcome", "reason", "limit", "kind", "le", "generation"}
LABELS |= {"version", "python", "pycrdt", "database", "sqlite", "implementation", "major", "minor", "patchlevel"}
"""What labels there are: none for an id or a name."""

MODES = pytest.mark.parametrize("mode", ["gevent", "threading"])


@pytest.fixture
def serve(instance: Path) -> Iterator[Callable[..., ServerProcess]]:
    started: list[ServerProcess] = []

    def start(mode: str, **environment: str) -> ServerProcess:
        started.append(ServerProcess(instance, mode, **environment).start())
        return started[-1]

    yield start
    for each in started:
        each.kill()


def heads(server: ServerProcess) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in server.log.splitlines() if '"audit head"' in line]
    return [{name: line[name] for name in ("logger", "level", "count", "head")} for line in lines]


@both
@MODES
def test_the_audits_head_is_logged_at_the_start_and_at_the_end_whatever_the_log_level(
    serve: Callable[..., ServerProcess], instance: Path, mode: str
) -> None:
    server = serve(mode, LOG_LEVEL="error")
    eventually(lambda: bool(heads(server)))
    ((count, seal),) = address.rows(instance, "SELECT count, seal FROM audit_head")
    assert heads(server) == [
        {"logger": "consilium.audit", "level": "info", "count": count, "head": f"{count}:{bytes(seal).hex()}"}
    ]
    if mode == "gevent":
        Person(server.url, DANA, Place(instance)).socket.close()
        server.stop()
        ((later, _seal),) = address.rows(instance, "SELECT count, seal FROM audit_head")
        assert later > count
        assert heads(server)[-1]["count"] == later


def scrape(port: int, path: str = "/metrics") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return answer.read().decode()


def value(page: str, sample: str) -> float:
    found = re.search(rf"^{re.escape(sample)} (\S+)$", page, re.MULTILINE)
    return float(found[1]) if found else 0.0


@MODES
def test_a_scrape_shows_what_people_do(serve: Callable[..., ServerProcess], instance: Path, mode: str) -> None:
    port = free_port()
    server = serve(mode, METRICS_PORT=str(port))
    place = Place(instance)
    before = scrape(port)
    assert value(before, "consilium_connections") == 0
    assert value(before, "consilium_edits_committed_total") == 0
    dana, lena = Person(server.url, DANA, place), Person(server.url, LENA, place)
    assert "error" not in dana.join()
    assert "error" not in lena.join()
    document = place.document("physiotherapy")
    replica = dana.open(document)
    for word in ("one ", "two ", "three "):
        replica.insert(0, word)
        assert replica.flush() is not None
    refused = lena.call("doc.edit", doc=document, epoch=1, update="AA==")
    assert refused["error"] in ("malformed", "forbidden")
    page = scrape(port)
    assert value(page, "consilium_connections") == 2
    assert value(page, "consilium_people") == 2
    assert value(page, "consilium_open_boards") == 1
    assert value(page, "consilium_open_documents") == 1
    assert value(page, "consilium_edits_committed_total") == 3
    assert value(page, "consilium_edit_ack_seconds_count") == 3
    assert value(page, "consilium_commit_seconds_count") >= 1
    assert value(page, f'consilium_events_refused_total{{error="{refused["error"]}",event="doc.edit"}}') == 1
    assert value(page, 'consilium_sign_ins_total{outcome="done"}') == 2
    assert value(page, 'consilium_http_requests_total{method="POST",route="/login",status="303"}') == 2
    assert value(page, "consilium_audit_rows") > value(before, "consilium_audit_rows") > 0
    assert value(page, "consilium_database_up") == 1
    assert value(page, "consilium_disk_free_bytes") > 0
    assert value(page, "process_resident_memory_bytes") > 10_000_000
    assert 'consilium_build_info{database="' in page
    assert set(re.findall(r'[{,](\w+)="', page)) <= LABELS
    for words in ("Maria", "Dana", DANA.email, "three"):
        assert words not in page
    dana.socket.close()
    lena.socket.close()
    eventually(lambda: value(scrape(port), "consilium_connections") == 0)


def test_metrics_are_not_at_the_public_port_and_not_beyond_this_machine(
    serve: Callable[..., ServerProcess], instance: Path
) -> None:
    port = free_port()
    server = serve("gevent", METRICS_PORT=str(port))
    with pytest.raises(urllib.error.HTTPError, match="404"):
        scrape(server.port)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        scrape(port, "/")
    own = socket.gethostbyname(socket.gethostname())
    if not own.startswith("127."):
        with socket.socket() as elsewhere, pytest.raises(OSError, match="refused"):
            elsewhere.connect((own, port))
    assert server.stop() == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_slow_scraper_holds_up_nobody_and_a_taken_port_costs_the_metrics_alone(
    serve: Callable[..., ServerProcess], instance: Path
) -> None:
    port = free_port()
    server = serve("gevent", METRICS_PORT=str(port))
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /metrics HTTP/1.1\r\n")
        assert value(scrape(port), "consilium_database_up") == 1
    server.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        again = serve("gevent", METRICS_PORT=str(port))
        eventually(lambda: f"METRICS_PORT {port} cannot be used" in again.log)
        with urllib.request.urlopen(f"{again.url}/healthz", timeout=60) as answer:
            assert answer.status == 200

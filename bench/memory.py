"""Memory of idle connections and of open documents, and typing while a thousand connections are idle.

Run as `python -m bench memory [--idle 1000]`. Memory is the grown resident memory of the server's processes.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import clinic, consilium, keys
from bench.load import Crowd, Timings, ms
from bench.processes import resident_kb
from tests.realtime.people import Place
from wire.websocket import WebSocket

PLANS, TYPING, RATE = 40, 50, 8.0
KINDS = (
    *((section, "clinical") for section in ("physiotherapy", "psychology", "pain-management", "nutrition", "review")),
    *((section, "plain") for section in ("understanding", "physiotherapy", "psychology", "nutrition", "flare-up")),
)
"""The documents of a plan that are opened here."""
FIRST = 5
"""Plans, or connections for each, that come before anything is counted: what is loaded once is not theirs."""
WARM_UP, SECONDS = 3.0, 15.0


@dataclass(frozen=True, slots=True)
class _Open:
    """A document that a board has open."""

    board: WebSocket
    document: str
    epoch: int
    client: int

    def type(self) -> None:
        update = keys.typed(self.client, 0, b"x")
        self.board.send(consilium.Dialect(self.document, self.epoch).edit(update).decode())
        while not self.board.receive().startswith(consilium.ACK):
            pass


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench memory")
    parser.add_argument("--idle", type=int, default=1000, help="connections")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, consilium.Server(Path(folder), PLANS) as server:
        _documents(server)
        _connections(server, options.idle)


def _documents(server: consilium.Server) -> None:
    """Open many documents to read, then type into each, which needs a second replica."""
    for each in [each for plan in range(FIRST) for each in _open_all(server, plan)]:
        each.type()
    before = resident_kb(server.group)
    opened = [each for plan in range(FIRST, PLANS) for each in _open_all(server, plan)]
    read = resident_kb(server.group)
    for each in opened:
        each.type()
    written = resident_kb(server.group)
    print(f"{len(opened)} open documents, {len(clinic.TEXT) / 1000:.1f} kB of text each; text and history included")
    for what, kb in (("read", read - before), ("also typed into", written - before)):
        print(f"  {what:16} {kb / len(opened):6.1f} kB a document")
    for board in {id(each.board): each.board for each in opened}.values():
        board.close()


def _open_all(server: consilium.Server, plan: int) -> list[_Open]:
    place = Place(server.process.instance, f"Bench {plan}")
    board, client, found = server.board(place), 3_000_000 + plan, []
    for section, kind in KINDS:
        document = place.document(section, kind)
        answer = consilium.call(board, "doc.open", {"doc": document, "client_ids": [client]})
        found.append(_Open(board, document, answer["epoch"], client))
    return found


def _connections(server: consilium.Server, idle: int) -> None:
    """Everybody joins a board and opens a document; then some type while the others are idle."""
    timings = Timings()
    typists = [server.person(seat % PLANS, seat // PLANS, timings) for seat in range(TYPING)]
    before = resident_kb(server.group)
    others = [server.person(seat % PLANS, TYPING + seat // PLANS, timings) for seat in range(idle)]
    grown = resident_kb(server.group) - before
    print(f"{idle} idle connections, each on a board with a document open: {grown / idle:.1f} kB each")
    crowd = Crowd([*typists, *others])
    crowd.start_typing(typists, RATE)
    crowd.go_on(WARM_UP)
    timings.clear()
    busy = crowd.go_on(SECONDS)
    acks = timings.acknowledged
    print(f"  beside them {TYPING} people typing at {RATE:g} keys a second: edit to peer {timings.line()}")
    print(f"  edit to acknowledgement p50 {ms(acks, 50):.1f} p99 {ms(acks, 99):.1f} ms; load busy {busy:.0%}")

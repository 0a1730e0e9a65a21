"""One socket of the load: cheap enough that hundreds of them leave the measuring core idle most of the time."""

import base64
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field

from wire.websocket import TEXT, WebSocket, masked_frame


@dataclass
class Timings:
    """Moments by what they belong to: `sent` by (document, seq), `heard` by (document, since, seq)."""

    sent: dict[tuple[str, int], float] = field(default_factory=dict)
    acknowledged: list[float] = field(default_factory=list)
    heard: dict[tuple[str, int, int], list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)

    def to_peers(self) -> list[float]:
        """Seconds from sending an edit until a peer has it, for every edit and peer."""
        return [
            at - self.sent[(document, number)]
            for (document, since, seq), times in self.heard.items()
            for number in range(since + 1, seq + 1)
            if (document, number) in self.sent
            for at in times
        ]


class Participant:
    """Opens one document. A typist sends one key at a time, behind its own last one."""

    def __init__(self, url: str, cookie: str, plan: str, document: str, client_id: int, timings: Timings) -> None:
        self.document = document
        self.timings = timings
        self.in_flight: float | None = None
        self._client_id = client_id
        self._clock = 0
        self._buffer = b""
        address = url.replace("http", "ws", 1) + f"/socket.io/?EIO=4&transport=websocket&plan={plan}"
        websocket = WebSocket(address, {"Cookie": cookie, "Origin": url})
        websocket.receive()
        websocket.send("40")
        websocket.receive()
        self._call(websocket, "board.join", {"plan": plan})
        opened = self._call(websocket, "doc.open", {"doc": document, "client_ids": [client_id]})
        self._epoch = opened["epoch"]
        self.socket = websocket.socket
        self.socket.setblocking(False)
        self._buffer = websocket._buffer

    def _call(self, websocket: WebSocket, event: str, payload: dict[str, object]) -> dict[str, int]:
        websocket.send("421" + json.dumps([event, payload]))
        while not (frame := websocket.receive()).startswith("43"):
            pass
        answer: dict[str, int] = json.loads(frame[frame.index("[") :])[0]
        assert "error" not in answer, answer
        return answer

    def type(self) -> None:
        """Send one key, unless the former one is still on its way."""
        if self.in_flight is not None:
            return
        update = base64.b64encode(self._key()).decode()
        payload = {"doc": self.document, "epoch": self._epoch, "update": update}
        frame = masked_frame(TEXT, ("427" + json.dumps(["doc.edit", payload])).encode())
        self.in_flight = time.perf_counter()
        self.socket.setblocking(True)
        self.socket.sendall(frame)
        self.socket.setblocking(False)
        self._clock += 1

    def _key(self) -> bytes:
        """The update of one typed letter (Yjs V1)."""
        own = _uint(self._client_id)
        head = b"\x01\x01" + own + _uint(self._clock)
        if self._clock == 0:
            return head + b"\x04\x01\x04body\x01x\x00"
        return head + b"\x84" + own + _uint(self._clock - 1) + b"\x01x\x00"

    def receive(self) -> None:
        """Take everything that has arrived."""
        now = time.perf_counter()
        try:
            data = self._buffer + self.socket.recv(262144)
        except BlockingIOError:
            return
        at = 0
        while len(data) - at >= 2:
            length, start = data[at + 1] & 0x7F, at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4]), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10]), at + 10
            if len(data) < start + length:
                break
            self._take(data[start : start + length], now)
            at = start + length
        self._buffer = data[at:]

    def _take(self, frame: bytes, now: float) -> None:
        if frame.startswith(b'42["doc.updated"'):
            told = json.loads(frame[2:])[1]
            self.timings.heard[(told["doc"], told["since"], told["seq"])].append(now)
        elif frame.startswith(b"437") and self.in_flight is not None:
            answer = json.loads(frame[3:])[0]
            if "seq" in answer:
                self.timings.sent[(self.document, answer["seq"])] = self.in_flight
                self.timings.acknowledged.append(now - self.in_flight)
            else:
                self.timings.refused.append(answer["error"])
            self.in_flight = None
        elif frame == b"2":
            self.socket.sendall(masked_frame(TEXT, b"3"))


def _uint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)

"""One signed-in socket: engine.io 4 and socket.io 5 over a WebSocket, in threads or greenlets alike."""

import http.cookiejar
import itertools
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from wire.websocket import Closed, HandshakeRefused, WebSocket

Payload = dict[str, Any]
Handler = Callable[[Payload], None]


SEE_OTHER = 303


class Refused(Exception):
    """The server answered with an error instead of letting us in."""


class NoAnswer(Exception):
    """No acknowledgement came in time, or the connection closed before it."""


def sign_in(base_url: str, email: str, password: str) -> str:
    """Sign in by the form at /login and answer the Cookie header. Raises Refused."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _StayHere)
    with opener.open(f"{base_url}/login", timeout=30) as page:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    if found is None:
        raise Refused("the sign-in page has no form token")
    form = {"email": email, "password": password, "csrf_token": found[1]}
    request = urllib.request.Request(f"{base_url}/login", urllib.parse.urlencode(form).encode())  # noqa: S310
    request.add_header("Referer", f"{base_url}/login")
    try:
        opener.open(request, timeout=30).close()
    except urllib.error.HTTPError as answer:
        if answer.code != SEE_OTHER:
            raise Refused(f"sign-in answered {answer.code}") from answer
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Success answers 303 to a page that nobody here needs."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


class Connection:
    """A socket of the default namespace. `on(event, handler)` before `join`; handlers run in the reading thread."""

    def __init__(
        self,
        base_url: str,
        cookie: str,
        plan: str | None = None,
        *,
        origin: str | None = None,
        handlers: Mapping[str, Handler] | None = None,
    ) -> None:
        """`handlers`, by event, hear the very first ones too."""
        self._handlers: dict[str, Handler] = dict(handlers or {})
        self._acks: dict[int, Callable[[Payload | None], None]] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.closed = threading.Event()
        self.close_code: int | None = None
        query = urllib.parse.urlencode({"EIO": 4, "transport": "websocket", **({"plan": plan} if plan else {})})
        address = base_url.replace("http", "ws", 1) + f"/socket.io/?{query}"
        try:
            self.websocket = WebSocket(address, {"Cookie": cookie, "Origin": origin or base_url})
            self._open()
        except (HandshakeRefused, Closed, OSError) as error:
            raise Refused(str(error)) from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _open(self) -> None:
        first = self.websocket.receive()
        if not first.startswith("0"):
            raise Refused("no engine.io handshake")
        self.websocket.send("40")
        second = self.websocket.receive()
        if not second.startswith("40"):
            raise Refused(f"no socket.io session: {second!r}")
        self.websocket.set_timeout(None)

    def on(self, event: str, handler: Handler) -> None:
        self._handlers[event] = handler

    def emit(self, event: str, payload: Payload) -> None:
        """Send without asking for an acknowledgement."""
        self.send_raw("42" + json.dumps([event, payload]))

    def send(self, event: str, payload: Payload, answered: Callable[[Payload | None], None]) -> None:
        """Send and have `answered` called with the acknowledgement, or None when the connection closed before."""
        number = next(self._numbers)
        with self._lock:
            self._acks[number] = answered
        self.send_raw(f"42{number}" + json.dumps([event, payload]))

    def call(self, event: str, payload: Payload, timeout: float = 10) -> Payload:
        """Send and wait for the acknowledgement. Raises NoAnswer."""
        done = threading.Event()
        box: list[Payload | None] = []

        def answered(answer: Payload | None) -> None:
            box.append(answer)
            done.set()

        self.send(event, payload, answered)
        if not done.wait(timeout) or box[0] is None:
            raise NoAnswer(event)
        return box[0]

    def send_raw(self, frame: str) -> None:
        """Send one frame as it is. Raises NoAnswer when the connection is closed."""
        try:
            self.websocket.send(frame)
        except OSError as error:
            raise NoAnswer("closed") from error

    def close(self) -> None:
        self.websocket.close()
        self.closed.wait(5)

    def _read(self) -> None:
        try:
            while True:
                self._take(self.websocket.receive())
        except Closed as end:
            self.close_code = end.code
        except (NoAnswer, OSError):
            self.close_code = None
        self._give_up()

    def _give_up(self) -> None:
        self.websocket.socket.close()
        self.closed.set()
        with self._lock:
            waiting, self._acks = list(self._acks.values()), {}
        for answered in waiting:
            answered(None)

    def _take(self, frame: str) -> None:
        if frame == "2":
            self.send_raw("3")
        elif frame.startswith("42"):
            event, payload = json.loads(frame[frame.index("[") :])
            handler = self._handlers.get(event)
            if handler is not None:
                handler(payload)
        elif frame.startswith("43"):
            start = frame.index("[")
            with self._lock:
                answered = self._acks.pop(int(frame[2:start]), None)
            arguments = json.loads(frame[start:])
            if answered is not None:
                answered(arguments[0] if arguments else {})

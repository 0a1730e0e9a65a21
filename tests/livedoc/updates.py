"""Updates made by hand, byte by byte, for what no editor would send."""

from collections.abc import Sequence

from pycrdt import Doc, Text

from livedoc.varints import write_uint

STRING, DELETED, COLLECTED, SKIP = 4, 1, 0, 10
Id = tuple[int, int]


def item(
    content: bytes,
    kind: int,
    *,
    origin: Id | None = None,
    right: Id | None = None,
    root: str | None = "body",
    parent: Id | None = None,
    key: str | None = None,
) -> bytes:
    """One struct of a kind with its encoded content."""
    out = bytearray()
    out.append(kind | (0x80 if origin else 0) | (0x40 if right else 0) | (0x20 if key else 0))
    for place in (origin, right):
        if place:
            write_uint(out, place[0])
            write_uint(out, place[1])
    if not origin and not right:
        if parent:
            out.append(0)
            write_uint(out, parent[0])
            write_uint(out, parent[1])
        else:
            out.append(1)
            out += block((root or "").encode())
        if key:
            out += block(key.encode())
    return bytes(out) + content


def text(words: str, **place) -> bytes:  # type: ignore[no-untyped-def]
    return item(block(words.encode()), STRING, **place)


def run(length: int, kind: int) -> bytes:
    out = bytearray([kind])
    write_uint(out, length)
    return bytes(out)


def block(raw: bytes) -> bytes:
    out = bytearray()
    write_uint(out, len(raw))
    return bytes(out) + raw


def update(
    *sections: tuple[int, int, Sequence[bytes]], deleted: dict[int, list[tuple[int, int]]] | None = None
) -> bytes:
    """Sections are (client, first clock, structs); `deleted` is client → ranges (clock, length)."""
    out = bytearray()
    write_uint(out, len(sections))
    for client, clock, structs in sections:
        for number in (len(structs), client, clock):
            write_uint(out, number)
        for struct in structs:
            out += struct
    ranges = deleted or {}
    write_uint(out, len(ranges))
    for client, found in ranges.items():
        write_uint(out, client)
        write_uint(out, len(found))
        for clock, length in found:
            write_uint(out, clock)
            write_uint(out, length)
    return bytes(out)


class Writer:
    """An honest replica: a pycrdt document that collects the updates of its own changes."""

    def __init__(self, client_id: int, *state: bytes) -> None:
        self.doc: Doc[Text] = Doc(client_id=client_id)
        self.body = self.doc.get("body", type=Text)
        for each in state:
            self.doc.apply_update(each)
        self.made: list[bytes] = []
        self._own = False
        self._watch = self.doc.observe(lambda event: self.made.append(event.update) if self._own else None)

    def insert(self, index: int, words: str) -> bytes:
        """Insert at a character; answers the update."""
        before = str(self.body)
        with self:
            self.body.insert(len(before[:index].encode()), words)
        return self.made[-1]

    def delete(self, start: int, end: int) -> bytes:
        before = str(self.body)
        with self:
            del self.body[len(before[:start].encode()) : len(before[:end].encode())]
        return self.made[-1]

    def receive(self, update: bytes) -> None:
        self.doc.apply_update(update)

    @property
    def vector(self) -> bytes:
        return self.doc.get_state()

    def __enter__(self) -> None:
        self._own = True

    def __exit__(self, *_failure: object) -> None:
        self._own = False

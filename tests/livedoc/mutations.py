"""Mutations that know how updates and state vectors are built: honest ones go in, their broken kin come out."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from livedoc.varints import Reader, write_uint
from tests.livedoc.updates import DELETED, Id, item, run, text, update

EDGES = (0, 1, 2, 127, 128, 255, 2**14, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**40, 2**53 - 1, 2**53, 2**63)


@dataclass(frozen=True)
class Struct:
    """A run of text, or of deleted text when `words` is None."""

    words: str | None
    length: int
    origin: Id | None = None
    right: Id | None = None

    def bytes(self) -> bytes:
        if self.words is None:
            return item(run(self.length, 0)[1:], DELETED, origin=self.origin, right=self.right)
        return text(self.words, origin=self.origin, right=self.right)


@dataclass
class Parsed:
    """`sections` are (client, first clock, structs); `deleted` is client → ranges."""

    sections: list[tuple[int, int, list[Struct]]] = field(default_factory=list)
    deleted: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def bytes(self) -> bytes:
        sections = [(client, clock, [struct.bytes() for struct in structs]) for client, clock, structs in self.sections]
        return update(*sections, deleted=self.deleted)


def parse(data: bytes) -> Parsed:
    """Read an honest update of one text."""
    reader, parsed = Reader(data), Parsed()
    for _ in range(reader.uint()):
        count, client, clock = reader.uint(), reader.uint(), reader.uint()
        parsed.sections.append((client, clock, [_struct(reader) for _ in range(count)]))
    for _ in range(reader.uint()):
        client, count = reader.uint(), reader.uint()
        parsed.deleted[client] = [(reader.uint(), reader.uint()) for _ in range(count)]
    return parsed


def _struct(reader: Reader) -> Struct:
    info = reader.byte()
    origin = (reader.uint(), reader.uint()) if info & 0x80 else None
    right = (reader.uint(), reader.uint()) if info & 0x40 else None
    if not info & 0xC0:
        reader.uint()
        reader.block()
    if info & 0x1F == DELETED:
        return Struct(None, reader.uint(), origin, right)
    words = reader.block().decode()
    return Struct(words, len(words.encode("utf-16-le")) // 2, origin, right)


class Mutator:
    """Makes broken updates and state vectors. `known` are honest updates to take parts from, `ids` the client ids."""

    def __init__(self, rng: random.Random, ids: Sequence[int]) -> None:
        self.rng = rng
        self.ids = ids
        self.known: list[bytes] = []

    def update(self, honest: bytes) -> bytes:
        rng = self.rng
        if rng.random() < 0.5:
            parsed = parse(honest)
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                rng.choice(_STRUCTURED)(self, parsed)
            return parsed.bytes()
        return self.raw(honest)

    def raw(self, honest: bytes) -> bytes:
        """Broken byte by byte, whatever it was."""
        data = bytearray(honest)
        for _ in range(self.rng.choice((1, 1, 2, 4))):
            data = bytearray(self.rng.choice(_RAW)(self, data))
        return bytes(data)

    def number(self, near: int) -> int:
        rng = self.rng
        return max(0, rng.choice((near + 1, near - 1, near * 2, rng.choice(EDGES), rng.randrange(40))))

    def place(self) -> Id:
        return self.rng.choice(self.ids), self.rng.randrange(60)

    # On bytes.
    def flip(self, data: bytearray) -> bytes:
        if data:
            data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)
        return data

    def swap_number(self, data: bytearray) -> bytes:
        if not data:
            return data
        at, out = self.rng.randrange(len(data)), bytearray()
        write_uint(out, self.rng.choice(EDGES))
        return data[:at] + out + data[at + 1 :]

    def splice(self, data: bytearray) -> bytes:
        other = self.rng.choice(self.known or [b"\0\0"])
        at, start = self.rng.randrange(len(data) + 1), self.rng.randrange(len(other) + 1)
        return data[:at] + other[start:]

    def cut(self, data: bytearray) -> bytes:
        start = self.rng.randrange(len(data) + 1)
        return data[:start] if self.rng.random() < 0.5 else data[start:]

    def repeat(self, data: bytearray) -> bytes:
        start = self.rng.randrange(len(data) + 1)
        end = self.rng.randrange(start, len(data) + 1)
        return data[:end] + data[start:end] * self.rng.choice((1, 2, 50)) + data[end:]

    # On what they mean.
    def move_origin(self, parsed: Parsed) -> None:
        self._change(parsed, lambda struct: replace(struct, origin=self.rng.choice((None, self.place()))))

    def move_right(self, parsed: Parsed) -> None:
        self._change(parsed, lambda struct: replace(struct, right=self.rng.choice((None, self.place()))))

    def cross(self, parsed: Parsed) -> None:
        self._change(parsed, lambda struct: replace(struct, origin=struct.right, right=struct.origin))

    def other_words(self, parsed: Parsed) -> None:
        words = self.rng.choice(("", "x", "\0", "\r\n", "😀", "a😀b", "é" * 300, "\ufeff", "\u2028"))
        self._change(parsed, lambda struct: replace(struct, words=words, length=len(words)))

    def delete_words(self, parsed: Parsed) -> None:
        self._change(parsed, lambda struct: replace(struct, words=None, length=self.number(struct.length)))

    def move_clock(self, parsed: Parsed) -> None:
        self._change_section(parsed, lambda client, clock, structs: (client, self.number(clock), structs))

    def other_client(self, parsed: Parsed) -> None:
        other = self.rng.choice([*self.ids, *EDGES])
        self._change_section(parsed, lambda client, clock, structs: (other, clock, structs))

    def repeat_section(self, parsed: Parsed) -> None:
        if parsed.sections:
            parsed.sections.append(self.rng.choice(parsed.sections))

    def borrow_section(self, parsed: Parsed) -> None:
        if self.known:
            parsed.sections += parse(self.rng.choice(self.known)).sections

    def split_words(self, parsed: Parsed) -> None:
        def split(client: int, clock: int, structs: list[Struct]) -> tuple[int, int, list[Struct]]:
            made, at = list[Struct](), clock
            for struct in structs:
                for letter in struct.words or ():
                    made.append(Struct(letter, 1, (client, at - 1) if made else struct.origin, struct.right))
                    at += 1
            return client, clock, made

        self._change_section(parsed, split)

    def add_deletion(self, parsed: Parsed) -> None:
        client = self.rng.choice(self.ids)
        clock = self.rng.randrange(60)
        parsed.deleted.setdefault(client, []).append((clock, self.number(1)))

    def _change(self, parsed: Parsed, change: Callable[[Struct], Struct]) -> None:
        filled = [structs for _client, _clock, structs in parsed.sections if structs]
        if filled:
            structs = self.rng.choice(filled)
            at = self.rng.randrange(len(structs))
            structs[at] = change(structs[at])

    def _change_section(
        self,
        parsed: Parsed,
        change: Callable[[int, int, list[Struct]], tuple[int, int, list[Struct]]],
    ) -> None:
        if parsed.sections:
            at = self.rng.randrange(len(parsed.sections))
            parsed.sections[at] = change(*parsed.sections[at])


_RAW = (Mutator.flip, Mutator.flip, Mutator.swap_number, Mutator.splice, Mutator.cut, Mutator.repeat)
_STRUCTURED = (
    Mutator.move_origin,
    Mutator.move_right,
    Mutator.cross,
    Mutator.other_words,
    Mutator.delete_words,
    Mutator.move_clock,
    Mutator.other_client,
    Mutator.repeat_section,
    Mutator.borrow_section,
    Mutator.split_words,
    Mutator.add_deletion,
)

"""Updates (Yjs V1) put together from parts of another."""

from collections.abc import Mapping, Sequence

from livedoc.refusals import malformed
from livedoc.varints import write_uint

Struct = tuple[int, int, bytes]
"""Client, clock, and the struct as the format writes it."""
Range = tuple[int, int, int]
"""Client, first clock, length of a deleted range."""
Place = tuple[int, int]
"""Client and clock of one letter."""

_DELETED, _STRING = 1, 4
_HAS_ORIGIN, _HAS_RIGHT_ORIGIN = 0x80, 0x40


def write(structs: Sequence[Struct], ranges: Sequence[Range]) -> bytes:
    """An update of just these. The structs of a client follow each other without a gap, as do its ranges."""
    sections: dict[int, list[Struct]] = {}
    for struct in structs:
        sections.setdefault(struct[0], []).append(struct)
    deleted: dict[int, list[Range]] = {}
    for each in ranges:
        deleted.setdefault(each[0], []).append(each)
    out = bytearray()
    write_uint(out, len(sections))
    for client, section in sections.items():
        for number in (len(section), client, section[0][1]):
            write_uint(out, number)
        for _client, _clock, raw in section:
            out += raw
    write_uint(out, len(deleted))
    for client, found in deleted.items():
        write_uint(out, client)
        write_uint(out, len(found))
        for _client, clock, length in found:
            write_uint(out, clock)
            write_uint(out, length)
    return bytes(out)


def rest(client: int, clock: int, right: Place | None, words: str | None, length: int, known: int) -> bytes:
    """What is left, from `clock` on, of a struct whose first `known` UTF-16 units are known: it stands behind them.

    `words` are None when they are deleted. Raises UnicodeDecodeError for half of a character.
    """
    kind = _DELETED if words is None else _STRING
    out = bytearray([kind | _HAS_ORIGIN | (_HAS_RIGHT_ORIGIN if right else 0)])
    for number in (client, clock - 1, *(right or ())):
        write_uint(out, number)
    if words is None:
        write_uint(out, length - known)
    else:
        raw = words.encode("utf-16-le")[2 * known :].decode("utf-16-le").encode()
        write_uint(out, len(raw))
        out += raw
    return bytes(out)


def in_order(structs: Sequence[Struct], leaning: Sequence[tuple[int, int, int]]) -> list[Struct]:
    """Structs of several clients so that each leans only on what came before.

    `leaning`: index of a struct, client and clock of a neighbour among the structs of another client. Raises Refused
    when they lean on each other in a circle.
    """
    needs: dict[int, list[Place]] = {}
    for index, client, clock in leaning:
        needs.setdefault(index, []).append((client, clock))
    lines: dict[int, list[int]] = {}
    for index in range(len(structs) - 1, -1, -1):
        lines.setdefault(structs[index][0], []).append(index)
    ordered: list[Struct] = []
    moved = True
    while moved:
        moved = False
        for line in lines.values():
            while line and all(_is_placed(place, lines, structs) for place in needs.get(line[-1], ())):
                ordered.append(structs[line.pop()])
                moved = True
    if len(ordered) < len(structs):
        raise malformed("its parts do not fit together")
    return ordered


def _is_placed(place: Place, lines: Mapping[int, list[int]], structs: Sequence[Struct]) -> bool:
    """Whether a letter comes before all that still stands in line."""
    client, clock = place
    line = lines.get(client)
    return not line or clock < structs[line[-1]][1]

"""Positions in a text: Python counts characters, the CRDT counts bytes of UTF-8."""


def utf8_offset(text: str, index: int) -> int:
    """The byte offset of the character at `index` (0 ≤ index ≤ len(text)).

    An offset inside a character would silently land elsewhere, so offsets are made here and nowhere else.
    """
    if not 0 <= index <= len(text):
        raise IndexError(index)
    return len(text[:index].encode("utf-8"))


def utf8_length(text: str) -> int:
    return len(text.encode("utf-8"))

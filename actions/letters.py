"""The letters of codes that are read out: drawn, shown in two halves, spelled in words, and read as they are typed."""

import secrets

WORDS = (
    "Bravo",
    "Charlie",
    "Delta",
    "Foxtrot",
    "Golf",
    "Hotel",
    "Juliett",
    "Kilo",
    "Mike",
    "November",
    "Papa",
    "Quebec",
    "Romeo",
    "Sierra",
    "Tango",
    "Victor",
    "Whiskey",
    "X-ray",
    "Yankee",
    "Zulu",
)
SPELLING = {word[0]: word for word in WORDS}
"""Twenty letters that look like no digit; without vowels they spell nothing. Eight of them are 35 bits."""
LENGTH = 8


def draw() -> str:
    """A new code."""
    return "".join(secrets.choice(tuple(SPELLING)) for _ in range(LENGTH))


def shown(letters: str) -> str:
    """A code as it is read: in two halves."""
    return f"{letters[: LENGTH // 2]} {letters[LENGTH // 2 :]}"


def spelled(letters: str) -> list[str]:
    """A word for each letter, for whoever reads it out."""
    return [SPELLING[letter] for letter in letters]


def typed(words: str) -> str:
    """The letters of what somebody typed: in either case, with spaces or hyphens."""
    return "".join(letter for letter in words.upper() if letter.isalpha())

"""What is withheld from a record that is given away, and how it is looked for: in every entry and every version, in
any case and with any accents, between any punctuation, so that it stands nowhere in the file.

Whole entries are withheld with what hangs on them (a comment with its former wordings, a text with its versions and
the discussions on it), and their words are withheld wherever they are quoted.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from actions.exports.record.tables import TOLD
from actions.exports.sealed import Entry

LEAST = 3
"""Letters and digits that words to withhold have together: fewer stand everywhere."""


class Ground(StrEnum):
    """Why something is withheld."""

    OTHERS = "about another person"
    HARM = "risk of serious harm"

    @property
    def mark(self) -> str:
        return f"[withheld: {self}]"


MARK = re.compile("|".join(re.escape(ground.mark) for ground in Ground))

_NOT_WORDS = frozenset({"id", "sha256", "seal", "at", "columns", "edits", "person"})
"""Keys whose values the house makes."""
_NOT_OF_PEOPLE = _NOT_WORDS | {
    *("kind", "state", "priority", "rhythm", "way", "relation", "key", "section_key", "section_title", "title_of"),
    *("outcome", "action", "thing", "icon", "name", "discipline"),
}
"""Keys whose values stay where a whole entry is withheld."""
_PLACES = frozenset({"patient", "plan", "section", "other_section", "version", "statement", "publication"})
"""Keys that say where an entry belongs. What another key names it hangs on, and goes with it."""
_HASHES = frozenset({"sha256"})
"""Anybody could try words until the hash of a version fits, so that hashes of texts go where something is withheld."""
_LONG = 5
"""Letters from which on words are looked for within longer ones; shorter ones only where a word begins."""
_ENDING = 2
"""Letters by which a short word may go on: Ann, Anne, Anna's."""
_REFERENCE = re.compile(f"(?:{'|'.join(TOLD)}):[1-9][0-9]*(?:/[0-9]+)*")
"""The id of an entry, and nothing that only looks like one: somebody may have written `phone:5550100`."""
_LINES = re.compile(r"[\n.!?;]+")
_TOKENS = re.compile(r"[^\W_]+")
_FORMAT = r"[*_~`\\]*"
_BETWEEN = r"(?:[\W_]|\]\([^()\n]{0,2000}\)|&#?[a-z0-9]{1,8};)*"
"""What may stand between two words of a passage: marks, where a link leads, a character that is written by name."""
_NOT_DECOMPOSED = str.maketrans({"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"})
"""Letters with a stroke are letters of their own to Unicode, and none to whoever types a name from memory."""


@dataclass(slots=True)
class Withholding:
    """`words` and ids of `entries`, each with its ground. `places` counts where they were found, by what was withheld:
    the words, or the id."""

    words: Sequence[tuple[str, Ground]]
    entries: Mapping[str, Ground]
    places: Counter[str] = field(default_factory=Counter)
    _patterns: list[tuple[re.Pattern[str], Ground, str]] = field(default_factory=list)
    _gone: dict[str, tuple[Ground, str]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._gone = {entry: (ground, entry) for entry, ground in self.entries.items()}
        for words, ground in sorted(self.words, key=lambda row: -len(row[0])):
            self._look_for(words, ground, words)

    @property
    def has_entries(self) -> bool:
        return bool(self.entries)

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.words

    @property
    def says(self) -> str:
        """What the file says of it on top."""
        if self.is_empty:
            return "nothing"
        return "something; each place says so, and hashes that would let it be guessed are left out"

    def learn(self, entry: Entry) -> None:
        """Take note of an entry that is withheld, or hangs on one: all entries in order, before the first is given."""
        found = self._withheld(entry)
        if found is None:
            return
        ground, because = found
        for value in _values(entry, _NOT_OF_PEOPLE):
            for line in _LINES.split(value):
                if len(_TOKENS.findall(line)) >= 2 and sum(map(str.isalnum, line)) >= 8:
                    self._look_for(line, ground, because)

    def entry(self, entry: Entry) -> Entry:
        """The entry as it may be given away."""
        found = self._withheld(entry)
        if found is not None:
            self.places[found[1]] += 1
        told: dict[str, Any] = {key: self._value(key, value, found) for key, value in entry.items()}
        return told

    def _withheld(self, entry: Entry) -> tuple[Ground, str] | None:
        found = self._gone.get(entry["id"])
        if found is None:
            hangs_on = (
                self._gone.get(value)
                for key, value in entry.items()
                if isinstance(value, str) and key not in _PLACES and _REFERENCE.fullmatch(value)
            )
            found = next((each for each in hangs_on if each is not None), None)
            if found is not None:
                self._gone[entry["id"]] = found
        return found

    def _look_for(self, words: str, ground: Ground, because: str) -> None:
        tokens = _TOKENS.findall(_fold(words)[0])
        key = " ".join(tokens)
        if not tokens or key in self._known:
            return
        self._known.add(key)
        pattern = _BETWEEN.join(_FORMAT.join(re.escape(letter) for letter in token) for token in tokens)
        self._patterns.append((re.compile(pattern), ground, because))

    def _value(self, key: str, value: Any, gone: tuple[Ground, str] | None) -> Any:
        if key in _HASHES and not self.is_empty:
            return None
        if isinstance(value, dict):
            return {self._text(name): self._value(name, each, gone) for name, each in value.items()}
        if isinstance(value, list):
            return [self._value(key, each, gone) for each in value] if key not in _NOT_WORDS else value
        if not isinstance(value, str) or key in _NOT_WORDS or _REFERENCE.fullmatch(value):
            return value
        if gone is not None and key not in _NOT_OF_PEOPLE and value:
            return gone[0].mark
        return self._text(value)

    def _text(self, text: str) -> str:
        found: list[tuple[int, int, Ground]] = []
        folded, where = _fold(text)
        for pattern, ground, because in self._patterns:
            for match in pattern.finditer(folded):
                inner = where[match.start()], where[match.end() - 1] + 1
                begin, end = _whole_words(text, *inner)
                is_short = inner[1] - inner[0] < _LONG
                if not is_short or (begin == inner[0] and end - inner[1] <= _ENDING):
                    found.append((begin, end, ground))
                    self.places[because] += 1
        return _marked(text, found) if found else text


def is_enough(words: str) -> bool:
    """Whether words can be withheld at all."""
    return sum(map(str.isalnum, words)) >= LEAST


def _whole_words(text: str, begin: int, end: int) -> tuple[int, int]:
    while begin and _is_letter(text[begin - 1]):
        begin -= 1
    while end < len(text) and _is_letter(text[end]):
        end += 1
    return begin, end


def _marked(text: str, found: list[tuple[int, int, Ground]]) -> str:
    pieces: list[str] = []
    since = 0
    for begin, end, ground in sorted(found, key=lambda row: (row[0], -row[1])):
        if begin < since:  # within, or into, what is gone already
            since = max(since, end)
            continue
        pieces += [text[since:begin], ground.mark]
        since = end
    return "".join([*pieces, text[since:]])


def _values(value: Any, but: frozenset[str], key: str = "") -> Iterator[str]:
    """All words of an entry."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _values(each, but, name)
    elif isinstance(value, list):
        for each in value:
            yield from _values(each, but, key)
    elif isinstance(value, str) and key not in but and not _REFERENCE.fullmatch(value):
        yield value


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Cf")


@lru_cache(maxsize=64)
def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Without case, accents and what is not seen; and where in the text each letter stands."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters: list[str] = []
    where: list[int] = []
    for index, char in enumerate(text):
        for letter in unicodedata.normalize("NFKD", char).casefold().translate(_NOT_DECOMPOSED):
            if unicodedata.category(letter) not in ("Mn", "Cf"):
                letters.append(letter)
                where.append(index)
    return "".join(letters), where

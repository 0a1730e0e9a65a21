"""What makes a text hard for a patient: reading age, long sentences, unexplained short forms, words of the trade.

Pure functions over one Markdown text, for English. They point; whoever writes decides.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from richtext.jargon import BUILT_IN, EVERYDAY, SMALL
from richtext.readability import reading_age
from richtext.sentences import WORD, bare, sentences

HIGHEST_AGE = 11
MOST_WORDS = 20
"""In one sentence."""
MOST_FINDINGS = 60
LONGEST_TEXT = 60_000
"""Characters that are looked at."""


class Kind(StrEnum):
    LONG_SENTENCE = "long-sentence"
    SHORT_FORM = "short-form"
    JARGON = "jargon"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` to `end` in characters of the text, where `words` stand. `suggestion` is what to say instead, or empty;
    `fits` when it could take their place as it is. `count` is the number of words of a long sentence."""

    kind: Kind
    start: int
    end: int
    words: str
    suggestion: str = ""
    fits: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """`reading_age` is None when the text is too short to say. `findings` are in the order of their places."""

    reading_age: int | None
    findings: tuple[Finding, ...]

    @property
    def is_hard(self) -> bool:
        """Whether the reading age is above what patients' texts should have."""
        return self.reading_age is not None and self.reading_age > HIGHEST_AGE

    @property
    def is_well(self) -> bool:
        return not self.findings and not self.is_hard


def check(text: str, glossary: Mapping[str, str] = BUILT_IN) -> Report:
    """Look a patient's text through. `glossary` is the clinic's own, term → plain words, which goes before ours."""
    plain = bare(text[:LONGEST_TEXT])
    told = list(sentences(plain))
    age = reading_age([word for each in told for word in each.words], len(told))
    found = [
        Finding(Kind.LONG_SENTENCE, each.start, each.end, text[each.start : each.end], count=len(each.words))
        for each in told
        if len(each.words) > MOST_WORDS
    ]
    jargon = list(_jargon(plain, glossary))
    taken = [(each.start, each.end) for each in jargon]
    found += jargon
    found += [
        each for each in _short_forms(plain) if not any(start < each.end and each.start < end for start, end in taken)
    ]
    found.sort(key=lambda each: (each.start, -each.end))
    return Report(age, tuple(found[:MOST_FINDINGS]))


def _jargon(plain: str, glossary: Mapping[str, str]) -> Iterator[Finding]:
    pattern, words = _known(tuple(sorted(glossary.items())))
    explained: set[str] = set()
    for found in pattern.finditer(plain):
        term = _key(found[1])
        if _EXPLAINED.match(plain, found.end()):
            explained.add(term)
        elif term not in explained:
            yield Finding(Kind.JARGON, found.start(), found.end(), found[0], words[term], True)


@lru_cache(maxsize=8)
def _known(glossary: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all terms, the longest first, and the plain words of each."""
    words = {**BUILT_IN, **{_key(term): plain for term, plain in glossary}}
    terms = "|".join(r"\s+".join(map(re.escape, term.split())) for term in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])({terms})(?:e?s)?(?![\w-])", re.IGNORECASE), words


def _key(term: str) -> str:
    return " ".join(term.lower().split())


_EXPLAINED = re.compile(r"\s*(?:\(|[,–—-]\s*(?:that is|which means|meaning|in other words)\b)", re.IGNORECASE)
"""What follows a word that is explained at once."""

_CAPITALS = re.compile(r"(?<![\w.-])(?:[A-Z]{2,5}(?:-?\d+)?s?|[A-Z](?:\.[A-Z])+\.?|[CTLS]\d(?:/[CTLS]?\d)?)(?![\w-])")
_ROMAN = re.compile(r"[IVX]+")
_VERTEBRA = re.compile(r"[CTLS]\d")
_BACK = {"C": "your neck", "T": "your upper back", "L": "your lower back", "S": "the base of your spine"}
_SMALL = re.compile(
    r"(?<![\w.])(?:" + "|".join(map(re.escape, sorted(SMALL, key=len, reverse=True))) + r")(?![\w/])", re.IGNORECASE
)


def _short_forms(plain: str) -> Iterator[Finding]:
    explained: set[str] = set()
    for found in _CAPITALS.finditer(plain):
        form = found[0].removesuffix("s") if len(found[0]) > 2 else found[0]
        if form in EVERYDAY or _ROMAN.fullmatch(form) or form in explained or _is_shouted(plain, found):
            continue
        if _is_explained(plain, found):
            explained.add(form)
        elif _VERTEBRA.match(form):
            yield Finding(Kind.SHORT_FORM, found.start(), found.end(), found[0], _BACK[form[0]])
        else:
            yield Finding(Kind.SHORT_FORM, found.start(), found.end(), found[0])
    for found in _SMALL.finditer(plain):
        yield Finding(Kind.SHORT_FORM, found.start(), found.end(), found[0], SMALL[found[0].lower()], True)


def _is_explained(plain: str, found: re.Match[str]) -> bool:
    """MRI (pictures of your back), or: pictures of your back (MRI)."""
    if _EXPLAINED.match(plain, found.end()):
        return True
    before = plain[max(0, found.start() - 40) : found.start()].rstrip()
    return before.endswith("(") and plain[found.end() : found.end() + 1] == ")" and bool(WORD.search(before[:-1]))


def _is_shouted(plain: str, found: re.Match[str]) -> bool:
    """Beside another word in capitals it is a word said loudly, not a short form: DO NOT LIFT."""
    return bool(_LOUD_BEFORE.search(plain, max(0, found.start() - 30), found.start())) or bool(
        _LOUD_AFTER.match(plain, found.end())
    )


_LOUD_BEFORE = re.compile(r"\b[A-Z]{2,}[ ]+$")
_LOUD_AFTER = re.compile(r"[ ]+[A-Z]{2,}\b")

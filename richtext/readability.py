"""How hard an English text is to read.

The Flesch–Kincaid grade level: 0.39 · words/sentences + 11.8 · syllables/words − 15.59. Source: J. P. Kincaid,
R. P. Fishburne, R. L. Rogers, B. S. Chissom, *Derivation of new readability formulas for Navy enlisted personnel*,
Research Branch Report 8-75, Naval Technical Training Command, Memphis 1975. Children of US grade g are g + 5 years
old when it begins: that is the reading age. Syllables are counted by rule, as everywhere; one in twenty is wrong.
"""

import re
from functools import lru_cache

FEWEST_WORDS = 30
"""A shorter text says too little for a number."""

_VOWELS = re.compile(r"[aeiouyäöüéèêáàâíóúñ]+")
_SILENT = re.compile(
    r"(?<![^aeiouy]l)e$|(?:[^aeiouyscgxzl]|[^cs]h)es$|[^aeiouytd]ed$"
    r"|[^aeiouyl]e(?=(?:ful|ly|less|ness|ment|times|where|thing|body|one\b))|eve(?=ry)"
)
"""An e that nobody says: take, takes, walked, careful, every."""
_APART = re.compile(r"(?<![tcg])i[ao](?![nu])|iu|eo(?!pl)|(?<=\w\w)ea$|iet|^scie|creat|ual")
"""Two vowels side by side that are said apart: diary, radio, area, quiet."""


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables of an English word, at least one."""
    small = word.lower().replace("'", "").replace("’", "")
    if len(small) <= 3:
        return 1
    return max(1, len(_VOWELS.findall(small)) + len(_APART.findall(small)) - len(_SILENT.findall(small)))


def grade(words: int, sentences: int, syllable_count: int) -> float:
    """The Flesch–Kincaid grade level; `words` and `sentences` are above 0."""
    return 0.39 * words / sentences + 11.8 * syllable_count / words - 15.59


def reading_age(words: list[str], sentences: int) -> int | None:
    """In whole years, at least 5; None for fewer than FEWEST_WORDS."""
    if len(words) < FEWEST_WORDS or not sentences:
        return None
    return max(5, round(grade(len(words), sentences, sum(map(syllables, words))) + 5))

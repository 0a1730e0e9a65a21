"""Applying the difference of two texts to the one gives the other; paragraphs that moved are told as moved."""

import os
import random
from pathlib import Path

import pytest

from livedoc.comparison import IN_FORMER, IN_LATER, Kind, Piece, hunks, pieces
from livedoc.difference import splices

WORDS = (
    "walks",
    "ten",
    "minutes",
    "Kovač",
    "日本",
    "😀",
    "👩‍⚕️",
    "é",
    "–",
    "a",
    ".",
    "\n",
    "\n\n",
    "- ",
    "  ",
    "\u2028",
    "\r",
)
ROUNDS = 4_000 if os.environ.get("LONG") else 400
STORIES = Path(__file__).resolve().parents[2] / "cli" / "demo" / "content"


def applied(before: str, found: list[Piece]) -> str:
    """The later text, made of the former one and what is said to have changed."""
    after, at = "", 0
    for piece in found:
        if piece.kind in IN_FORMER:
            assert before[at : at + len(piece.text)] == piece.text
            at += len(piece.text)
        if piece.kind in IN_LATER:
            after += piece.text
    assert at == len(before)
    return after


def check(before: str, after: str) -> list[Piece]:
    found = pieces(before, after)
    assert applied(before, found) == after
    moved = {kind: sorted(piece.move for piece in found if piece.kind is kind) for kind in (Kind.GONE, Kind.CAME)}
    assert moved[Kind.GONE] == moved[Kind.CAME] == list(range(1, len(moved[Kind.GONE]) + 1))
    for hunk in hunks(found):
        for part in hunk:
            assert before[slice(*part.former)] == (part.piece.text if part.piece.kind in IN_FORMER else "")
            assert after[slice(*part.later)] == (part.piece.text if part.piece.kind in IN_LATER else "")
    text = before
    for splice in reversed(splices(before, after)):
        text = text[: splice.at] + splice.inserted + text[splice.at + splice.removed :]
    assert text == after
    return found


def changed(rng: random.Random, text: str) -> str:
    """Lines go, come, move and are written in."""
    lines = text.splitlines(keepends=True)
    for _change in range(rng.randint(0, 8)):
        what = rng.randrange(4)
        if lines and what == 0:
            del lines[rng.randrange(len(lines))]
        elif lines and what == 1:
            lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
        elif lines and what == 2:
            number = rng.randrange(len(lines))
            at = rng.randint(0, len(lines[number]))
            lines[number] = lines[number][:at] + rng.choice(WORDS) + lines[number][at + rng.randrange(5) :]
        else:
            lines.insert(rng.randint(0, len(lines)), " ".join(rng.choices(WORDS, k=rng.randrange(8))))
    return "".join(lines)


def test_random_texts() -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    for _round in range(ROUNDS):
        before = " ".join(rng.choices(WORDS, k=rng.randrange(150)))
        check(before, changed(rng, before))
        check(before, " ".join(rng.choices(WORDS, k=rng.randrange(40))))


def test_real_texts() -> None:
    seed = int(os.environ.get("SEED", random.randrange(2**32)))
    print("seed", seed)
    rng = random.Random(seed)
    texts = [path.read_text() for path in sorted(STORIES.rglob("*.toml"))]
    assert len(texts) > 5
    for before in texts:
        check(before, changed(rng, before))
        check(before, rng.choice(texts))


@pytest.mark.parametrize("lines", [3, 3_000])
def test_a_paragraph_that_moved_is_told_as_moved(lines: int) -> None:
    paragraphs = [f"Paragraph {number} of the plan 😀, as it was written.\n\n" for number in range(lines)]
    moved = [*paragraphs[1:], paragraphs[0]]
    found = check("".join(paragraphs), "".join(moved))
    assert [(piece.kind, piece.text) for piece in found if piece.kind is not Kind.KEPT] == [
        (Kind.GONE, paragraphs[0]),
        (Kind.CAME, paragraphs[0]),
    ]
    edited = [*moved[:-2], "Another " + moved[-2], moved[-1]]
    found = check("".join(paragraphs), "".join(edited))
    assert [piece.text for piece in found if piece.kind is Kind.INSERTED] == ["Another "]
    assert len(hunks(found)) == 3

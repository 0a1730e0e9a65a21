"""Whatever is changed in an exported file, it is named."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from actions.exports import checking, sealed
from actions.exports.sealed import Format, Part
from models.seals import Seals

SEALS = Seals({1: b"k" * 32})

Made = dict[str, Any]


def made(seals: Seals = SEALS) -> bytes:
    into = BytesIO()
    comments = [{"id": f"comment:{number}", "words": f"Nummer {number} 😀 Kovač\u2028"} for number in range(1, 5)]
    texts = [{"id": "text:1", "text": 'Walks "daily".\n\n- x', "lines": [1, None, True]}]
    parts = [Part("comments", comments), Part("texts", texts), Part("empty", [])]
    sealed.write(into, Format.RECORD, {"patient": "Maria Kovač"}, parts, seals)
    return into.getvalue()


def test_a_file_as_it_was_made_holds() -> None:
    assert checking.faults(made(), SEALS) == []
    again = json.dumps(json.loads(made()), indent=3).encode()  # told in other lines it is the same file
    assert checking.faults(again, SEALS) == []


def _entries(file: Made, part: int = 0) -> list[Made]:
    found: list[Made] = file["parts"][part]["entries"]
    return found


TAMPERED: dict[str, tuple[Callable[[Made], object], str]] = {
    "a word": (lambda file: _entries(file)[1].update(words="Other"), "comments: comment:2 was changed."),
    "a field more": (lambda file: _entries(file)[0].update(more=1), "comments: comment:1 was changed."),
    "true for 1": (lambda file: _entries(file, 1)[0].update(lines=[True, None, True]), "texts: text:1 was changed."),
    "an entry gone": (lambda file: _entries(file).pop(2), "comments: comment:3 is missing."),
    "the last gone": (lambda file: _entries(file).pop(), "comments: comment:4 is missing."),
    "an entry more": (lambda file: _entries(file, 2).append({"id": "x"}), "empty: x was added."),
    "twice": (lambda file: _entries(file).append(_entries(file)[0]), "comments: comment:1 stands there twice."),
    "moved": (lambda file: _entries(file).reverse(), "comments: comment:4 was moved: comment:1 should stand"),
    "a part gone": (lambda file: file["parts"].pop(1), "part texts is missing."),
    "parts moved": (lambda file: file["parts"].reverse(), "part empty was moved: comments should stand"),
    "the head": (lambda file: file["head"].update(patient="Ines"), "The hash over all does not hold"),
    "contents": (lambda file: file["contents"][0]["entries"].pop(), "comments: the list of its contents was changed"),
    "the hash": (lambda file: file.update(sha256="0" * 64), "The hash over all does not hold"),
    "the seal": (lambda file: file.update(seal="01" + "0" * 64), "The seal is not of this clinic"),
    "no seal": (lambda file: file.update(seal="none"), "The seal is not of this clinic"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_named(name: str) -> None:
    change, said = TAMPERED[name]
    file = json.loads(made())
    change(file)
    found = checking.faults(json.dumps(file).encode(), SEALS)
    assert any(said in line for line in found), found


def test_a_file_made_anew_with_hashes_of_its_own_is_not_of_this_clinic() -> None:
    found = checking.faults(made(Seals({1: b"x" * 32})), SEALS)
    assert found == [
        "The seal is not of this clinic, or of another file: what follows compares the file with itself alone."
    ]
    assert checking.faults(made(Seals({2: b"k" * 32})), SEALS), "a key that is not here"


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        b"[" * 100_000,
        b'{"format":"consilium-record","version":2}',
        b'{"format":"consilium-record","version":1}',
        made()[:-20],
        made().replace(b'"id":"text:1"', b'"id":"text:1","id":"text:1"'),
        made().replace(b"[1,null", b"[NaN,null"),
        made().replace(b"[1,null", b"[1.0,null"),
        made().replace(b'"name":"texts",', b'"name":"texts","hidden":"x",'),
    ],
)
def test_what_is_no_export_is_refused(file: bytes) -> None:
    with pytest.raises(checking.Unreadable):
        checking.faults(file, SEALS)

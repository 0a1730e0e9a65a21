"""Whether an exported file is as it was made: what was changed, is missing, was added or moved, by name.

Nothing of the database is needed. The seal needs the clinic's integrity key; without it a file that somebody made anew
with hashes of their own would hold.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from actions.exports import sealed
from actions.exports.sealed import PURPOSE, VERSION, Format
from models.seals import BEGINNING, Seals, UnknownKey

_KEYS = ("format", "version", "head", "parts", "contents", "sha256", "seal")


class Unreadable(ValueError):
    """This is no export that can be checked; `str()` says why."""


def faults(file: bytes, seals: Seals) -> list[str]:
    """One line for each thing that does not hold; none when all does. Raises Unreadable."""
    found = read(file)
    return list(_faults(found, seals))


def read(file: bytes) -> dict[str, Any]:
    """The file as values, in its own form. Raises Unreadable."""
    try:
        found = json.loads(file, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"It is no JSON that an export could be ({error}).") from error
    if not isinstance(found, dict) or found.get("format") not in list(Format):
        raise Unreadable("It is no export of Consilium.")
    if found.get("version") != VERSION:
        raise Unreadable(f"It is of version {found.get('version')}, and this program reads version {VERSION}.")
    if set(found) != set(_KEYS) or not _is_formed(found):
        raise Unreadable("It does not have the form of an export: something was added, or taken out of it.")
    return found


def _is_formed(found: Mapping[str, Any]) -> bool:
    parts, contents = found["parts"], found["contents"]
    return (
        isinstance(found["sha256"], str)
        and isinstance(found["seal"], str)
        and isinstance(parts, list)
        and isinstance(contents, list)
        and all(
            isinstance(part, dict)
            and set(part) == {"name", "entries"}
            and isinstance(part["name"], str)
            and isinstance(part["entries"], list)
            and all(isinstance(entry, dict) and isinstance(entry.get("id"), str) for entry in part["entries"])
            for part in parts
        )
        and all(
            isinstance(each, dict)
            and set(each) == {"part", "entries", "sha256"}
            and isinstance(each["part"], str)
            and isinstance(each["entries"], list)
            and all(
                isinstance(row, list) and len(row) == 2 and all(isinstance(word, str) for word in row)
                for row in each["entries"]
            )
            for each in contents
        )
    )


def _faults(found: Mapping[str, Any], seals: Seals) -> Iterator[str]:
    contents = found["contents"]
    expected = sealed.overall(
        found["format"], found["version"], found["head"], [[each["part"], each["sha256"]] for each in contents]
    )
    if not _is_sealed(found, seals):
        yield "The seal is not of this clinic, or of another file: what follows compares the file with itself alone."
    if expected != found["sha256"]:
        yield "The hash over all does not hold: the head, the list of contents or the hash itself was changed."
    names, listed = [part["name"] for part in found["parts"]], [each["part"] for each in contents]
    yield from _differences("part", listed, names)
    parts = {part["name"]: part["entries"] for part in found["parts"]}
    for each in contents:
        if sealed.digest(each["entries"]) != each["sha256"]:
            yield f"{each['part']}: the list of its contents was changed."
        if each["part"] in parts:
            yield from _of_part(each["part"], each["entries"], parts[each["part"]])


def _of_part(name: str, listed: Sequence[Sequence[str]], entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    hashes = {row[0]: row[1] for row in listed}
    for entry in entries:
        if entry["id"] in hashes and sealed.digest(entry) != hashes[entry["id"]]:
            yield f"{name}: {entry['id']} was changed."
    yield from (
        f"{name}: {line}"
        for line in _differences("", [entry_id for entry_id, _sha in listed], [entry["id"] for entry in entries])
    )


def _differences(noun: str, expected: Sequence[str], there: Sequence[str]) -> Iterator[str]:
    """What is missing, was added, stands there twice, or was moved."""
    lead = f"{noun} " if noun else ""
    known, found = set(expected), Counter(there)
    yield from (f"{lead}{each} is missing." for each in expected if each not in found)
    yield from (f"{lead}{each} was added." for each in found if each not in known)
    if len(found) != len(there):
        yield from (f"{lead}{each} stands there twice." for each, times in found.items() if times > 1)
        return
    if len(known) != len(expected):
        yield f"{lead}contents name something twice."
        return
    both = known & found.keys()
    rest = [each for each in there if each in both]
    for should, stands in zip((each for each in expected if each in both), rest, strict=True):
        if should != stands:
            yield f"{lead}{stands} was moved: {should} should stand in its place."
            return


def _is_sealed(found: Mapping[str, Any], seals: Seals) -> bool:
    try:
        return seals.is_link(bytes.fromhex(found["seal"]), PURPOSE, BEGINNING, found["sha256"])
    except (ValueError, UnknownKey):
        return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(value: str) -> Any:
    raise ValueError(f"{value} is no value of an export")

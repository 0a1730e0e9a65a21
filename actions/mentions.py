"""Whom a comment names: chosen from the list, or written out as @Name."""

import re
from collections.abc import Collection, Sequence

from actions.colleagues import Colleague
from actions.unfit import Fault, Problem, Unfit
from models.patient import search_key

_AT = re.compile(r"(?<![\w.@/])@(?=[^\W\d_])")
"""An at-sign that begins a name: not inside an address, nor before a number or a space."""
_WORD = re.compile(r"[^\W_][\w'’-]*")


def named(body: str, chosen: Collection[int], team: Sequence[Colleague]) -> frozenset[int]:
    """The ids of all whom a comment mentions. A first name alone is enough when it is one person's.

    Raises Unfit: on `mentions` for a chosen id outside the team, on `body` for a written name that is nobody's, or
    several people's.
    """
    if not set(chosen) <= {person.id for person in team}:
        raise Unfit({"mentions": Problem.NOT_IN_CARE_TEAM})
    found = set(chosen)
    for place in _AT.finditer(body):
        found |= _written(body[place.end() :], found, team)
    return frozenset(found)


def _written(words: str, chosen: Collection[int], team: Sequence[Colleague]) -> set[int]:
    key = search_key(words[:200])
    whole = [person for person in team if _begins(key, search_key(person.name))]
    if whole:
        longest = max(len(search_key(person.name)) for person in whole)
        return _one([person for person in whole if len(search_key(person.name)) == longest], words, chosen)
    first = [person for person in team if _begins(key, search_key(person.name).split(" ")[0])]
    return _one(first, words, chosen)


def _one(people: Sequence[Colleague], words: str, chosen: Collection[int]) -> set[int]:
    """Of several people of a name, those who were chosen from the list are meant."""
    if len(people) == 1:
        return {people[0].id}
    if meant := {person.id for person in people} & set(chosen):
        return meant
    word = _WORD.match(words)
    problem = Problem.SEVERAL_OF_THIS_NAME if people else Problem.UNKNOWN_NAME
    raise Unfit({"body": Fault(problem, word[0] if word else "")})


def _begins(key: str, name: str) -> bool:
    """Whether the words begin with the name, as whole words."""
    return key.startswith(name) and not key[len(name) : len(name) + 1].isalnum()

"""What is wrong with what somebody filled in, by field. The words for it are made where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too long"
    MALFORMED = "malformed"
    NOT_OF_THIS_PLAN = "not of this plan"
    NOT_IN_CARE_TEAM = "not in the care team"
    UNKNOWN_NAME = "nobody of this name"
    SEVERAL_OF_THIS_NAME = "several of this name"
    NOBODY_OF_THIS_DISCIPLINE = "nobody of this discipline"
    SAME = "the same as before"
    ANSWERED = "answered already"
    UNANSWERED = "not answered yet"
    WITHDRAWN = "withdrawn"
    TOO_LATE = "too late"
    IN_THE_PAST = "in the past"
    TO_COME = "still to come"
    NOT_INVOLVED = "not involved"
    LIKE_A_DOSE = "like a medicine dose"
    CHANGED = "changed meanwhile"
    OTHER_WORDS = "other words stand there"
    WORDS_GONE = "the words are gone"
    WORDS_REPEATED = "the words stand there more than once"


@dataclass(frozen=True, slots=True)
class Fault:
    """`about` is what the message names: a person, or the words that stand there now."""

    problem: Problem
    about: str = ""


class Unfit(ValueError):
    """Nothing was changed. `faults` are by the name of the field they concern."""

    def __init__(self, faults: Mapping[str, Fault | Problem]) -> None:
        self.faults = {field: fault if isinstance(fault, Fault) else Fault(fault) for field, fault in faults.items()}
        super().__init__(", ".join(f"{field}: {fault.problem}" for field, fault in self.faults.items()))

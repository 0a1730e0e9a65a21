"""Why an edit is not taken. A refusal never changes a document."""

from enum import StrEnum


class Code(StrEnum):
    """The names of the wire protocol."""

    HIDDEN = "hidden"
    FORBIDDEN = "forbidden"
    STALE_EPOCH = "stale_epoch"
    MALFORMED = "malformed"
    FOREIGN_AUTHOR = "foreign_author"
    TOO_LARGE = "too_large"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"


class Refused(Exception):
    """An edit was refused. `why` says more to a developer; it never holds text of the document."""

    def __init__(self, code: Code, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


def malformed(why: str) -> Refused:
    return Refused(Code.MALFORMED, why)

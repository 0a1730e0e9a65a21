"""The record as it would be given away, to go through before it is released."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from actions.exports.sealed import Entry
from actions.exports.withholding import MARK, Ground, Withholding
from actions.releases import ENTRIES, standing
from models.record_release import RecordPreparation
from rendering.filters import moment

AT_ONCE = 25
"""Entries of a page."""
_HIDDEN = frozenset(
    {"id", "sha256", "seal", "anchor", "columns", "number", "key", "icon", "section_key", "epoch", "seq"}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A field of an entry: what it is called, and what it says, with what is withheld marked."""

    label: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry. `about` says when and by whom; `can_withhold`: as a whole."""

    id: str
    about: str
    lines: Sequence[Line]
    can_withhold: bool
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is withheld, and in how many places it is found."""

    id: int
    what: str
    ground: str
    places: int
    by: str


@dataclass(frozen=True, slots=True)
class Review:
    rows: Sequence[Row]
    entries: Sequence[Shown]
    found: int
    first: int
    """Of the entries that are shown, from 0."""


def tabs() -> Mapping[str, str]:
    """The parts that hold words, by name: those most likely to be about others first."""
    return {
        "documents": _("Texts"),
        "version_texts": _("Earlier texts"),
        "comments": _("Comments"),
        "threads": _("Discussions"),
        "comment_edits": _("Former wordings"),
        "suggestions": _("Suggestions"),
        "tasks": _("Tasks"),
        "task_changes": _("Changes of tasks"),
        "contacts": _("Contact"),
        "consents": _("Consents"),
        "patient_statements": _("Told by the patient"),
        "patient_answers": _("Answers"),
        "declined_signatures": _("Not signed, why"),
        "versions": _("Versions"),
        "edit_origins": _("Brought back"),
        "patient_questions": _("Questions"),
        "question_answers": _("Answers to questions"),
        "alerts": _("Alerts"),
        "ticks": _("Ticks"),
        "plan_states": _("Closed or paused"),
        "version_tasks": _("Earlier tasks"),
        "plain_readings": _("Texts compared"),
        "publications": _("Publications"),
        "missing_disciplines": _("Not reviewed, why"),
        "withdrawals": _("Withdrawn, why"),
        "portal_accesses": _("Who reads at home"),
    }


def grounds() -> Mapping[Ground, str]:
    return {
        Ground.OTHERS: _("It is about another person"),
        Ground.HARM: _("It could seriously harm the patient or somebody else"),
    }


def review(
    preparation: RecordPreparation, withheld: Withholding, entries: Sequence[Entry], query: str, first: int
) -> Review:
    """`entries` are those of a tab, as they would be given; `query` words that they must have."""
    shown = [each for each in map(_shown, entries) if each.lines]
    if query:
        shown = [
            each for each in shown if any(query.casefold() in line.html.unescape().casefold() for line in each.lines)
        ]
    names = tabs()
    rows = [
        Row(
            row.id,
            f"“{row.words}”" if row.words else _entry(row.entry, names),
            grounds()[Ground(row.ground)],
            withheld.places[row.words or row.entry],
            row.by.name,
        )
        for row in standing(preparation)
    ]
    return Review(rows, shown[first : first + AT_ONCE], len(shown), first)


def _entry(entry: str, names: Mapping[str, str]) -> str:
    part, _colon, number = entry.partition(":")
    return f"{names.get(part, part)} {number}"


def _shown(entry: Entry) -> Shown:
    lines = list(_lines(entry))
    part = entry["id"].partition(":")[0]
    return Shown(
        entry["id"],
        " · ".join(_about(entry)),
        lines,
        part in ENTRIES,
        bool(lines) and all(not line.html.striptags().replace(" ", "") or "<mark" in line.html for line in lines),
    )


def _about(entry: Entry) -> Iterator[str]:
    """When and by whom, as far as the entry says."""
    if entry.get("section_title"):
        yield f"{entry['section_title']} ({entry['kind']})"
    elif entry.get("title") and entry["id"].startswith("version_texts"):
        yield f"{entry['title']} ({entry['kind']})"
    for key in ("author", "by", "created_by", "opened_by", "recorded_by", "user"):
        if isinstance(entry.get(key), dict):
            yield str(entry[key]["name"])
            break
    for key in ("at", "created_at", "opened_at", "recorded_at"):
        if isinstance(entry.get(key), datetime):
            yield moment(entry[key])
            break


def _lines(entry: Entry) -> Iterator[Line]:
    for key, value in entry.items():
        if key in _HIDDEN or not value:
            continue
        words = _words(value)
        if words and (key != "title" or not entry["id"].startswith("version_texts")):
            yield Line(_label(key), marked(words))


def _words(value: Any) -> str:
    """What a value says in words; nothing of what only the house needs."""
    if isinstance(value, str):
        is_word = not (value.partition(":")[2].isdecimal() and " " not in value)
        return value if is_word and value not in _OF_THE_HOUSE else ""
    if isinstance(value, dict) and "person" not in value:
        said = (f"{key}: {each}" for key, each in value.items() if isinstance(each, str) and each)
        return "\n".join(said)
    return ""


_OF_THE_HOUSE = frozenset(
    {
        *("clinical", "plain", "open", "doing", "done", "not_done", "low", "normal", "high", "once", "daily", "weekly"),
        *("every other day", "discussion", "question", "conflict", "suggestion", "automatic", "named", "sign-off"),
        *("conference", "restore", "page", "phone", "paper", "in person"),
    }
)
"""Kinds and states."""


def _label(key: str) -> str:
    said = {
        "text": _("Text"),
        "body": _("Comment"),
        "quote": _("Words it is about"),
        "before": _("Words before"),
        "after": _("Words after"),
        "details": _("Details"),
        "title": _("Title"),
        "reason": _("Reason"),
        "words": _("Words"),
        "plain_text": _("For the patient"),
        "replacement": _("Proposed words"),
        "emergency_contact": _("Emergency contact"),
        "action": _("What was done"),
        "outcome": _("How things stand"),
        "call": _("Whom to call"),
    }
    return str(said.get(key, key.replace("_", " ")))


def marked(words: str) -> Markup:
    """With what is withheld standing out."""
    found, since = Markup(""), 0
    for match in MARK.finditer(words):
        found += escape(words[since : match.start()]) + Markup('<mark class="withheld">{}</mark>').format(match[0])
        since = match.end()
    return found + escape(words[since:])

"""The page of a plan's history: its versions, which two sides are compared, and what differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from access.grants import PatientGrant
from access.permissions import Permission
from actions import history, sides
from actions.history import Listed, Page, Sizes
from actions.sides import At, Side, Text
from livedoc.attribution import Attribution
from models.version import VersionKind
from rendering import restored
from rendering.differences import Difference, difference
from rendering.filters import day
from rendering.restored import Restored

NOW, LOOK, BEGINNING = At.NOW.value, At.LOOK.value, At.BEGINNING.value
"""How an address names what is no version; a version is named by its id."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A side that may be chosen: `value` as in the address."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list. `since` is the version before it, if it is known."""

    version: Listed
    title: str
    since: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`since` and `until` are the two sides, in their order. `target`: the version that one may go back to from
    here, if there is one. `restored`: what was brought back last."""

    entries: Sequence[Entry]
    before: int | None
    since: str
    until: str
    since_choices: Sequence[Choice]
    until_choices: Sequence[Choice]
    since_title: str
    until_title: str
    since_at: datetime | None
    until_at: datetime | None
    until_reason: str
    difference: Difference
    texts: Sequence[Text]
    target: str
    target_title: str
    restored: Restored | None
    can_restore: bool


class NoSuchSide(LookupError):
    """The address names a version that is not of this plan."""


def title(version: Listed) -> str:
    """What a version is called."""
    if version.kind == VersionKind.NAMED:
        return f"“{version.label}”"
    if version.kind == VersionKind.CONFERENCE:
        return str(_("Conference %(day)s", day=day(version.at)))
    if version.kind == VersionKind.SIGN_OFF:
        if version.number is not None:
            return str(_("Version %(number)d · published", number=version.number))
        return str(_("For sign-off"))
    return str(_("Automatic"))


def picture(
    grant: PatientGrant,
    attribution: Attribution,
    sizes: Sizes,
    at: datetime,
    *,
    since: str = "",
    until: str = "",
    before: int | None = None,
) -> Picture:
    """`since` and `until` as the address has them; without, the newest version and now. Raises NoSuchSide."""
    page = history.page(grant.plan.id, sizes, before)
    texts = sides.texts(grant.plan.id)
    until = until or NOW
    last = _side(grant, texts, until, at)
    first = None
    if not since and until == NOW and page.versions:
        newest = str(page.versions[0].id)
        first = _side(grant, texts, newest, at)
        since = newest if not _is_same(first, last) else _before(page, newest)
    since = since or _before(page, until)
    if first is None or first.version is None or str(first.version.id) != since:
        first = _side(grant, texts, since, at)
    if _is_turned(first, last):
        since, until, first, last = until, since, last, first
    target = last if last.version else first
    choices = [Choice(str(each.id), _choice(each)) for each in page.versions]
    known = {choice.value: choice.label for choice in choices}
    for value, side in ((since, first), (until, last)):
        if side.version is not None and value not in known:
            choices.append(Choice(value, _titled(side)))
    return Picture(
        entries=[_entry(page, number, until) for number in range(len(page.versions))],
        before=page.before,
        since=since,
        until=until,
        since_choices=[Choice(LOOK, _("When I last looked")), *choices, Choice(BEGINNING, _("The beginning"))],
        until_choices=[Choice(NOW, _("Now (draft)")), *choices],
        since_title=_titled(first),
        until_title=_titled(last),
        since_at=first.moment,
        until_at=last.moment,
        until_reason=last.version.reason if last.version else "",
        difference=difference(grant, attribution, texts, first, last),
        texts=texts,
        target=str(target.version.id) if target.version else "",
        target_title=_titled(target) if target.version else "",
        restored=restored.latest(grant, texts, at),
        can_restore=grant.may(Permission.RESTORE) and any(grant.may_write_for(text.owner) for text in texts),
    )


def _is_same(version: Side, now: Side) -> bool:
    """Whether nothing was written since a version was taken: then what it changed is of more interest."""
    return (version.points, version.tasks, version.said) == (now.points, now.tasks, now.said)


def _before(page: Page, until: str) -> str:
    """The version before a side, or the beginning."""
    ids = [str(each.id) for each in page.versions]
    later = ids[ids.index(until) + 1 :] if until in ids else ids
    return next(iter(later), BEGINNING)


def _side(grant: PatientGrant, texts: Sequence[Text], value: str, at: datetime) -> Side:
    if value == NOW:
        return sides.now(grant, texts)
    if value == BEGINNING:
        return sides.beginning(texts)
    found = sides.look(grant, texts, at) if value == LOOK else None
    if found is None and value.isdecimal() and len(value) < 10:
        found = sides.version(grant, int(value))
    if found is None:
        raise NoSuchSide(value)
    return found


def _is_turned(first: Side, last: Side) -> bool:
    """Whether the earlier of the two was given as the later."""
    if first.at is At.NOW or last.at is At.BEGINNING:
        return first.at is not last.at
    return bool(first.moment and last.moment and first.moment > last.moment)


def _entry(page: Page, number: int, until: str) -> Entry:
    version = page.versions[number]
    former = page.versions[number + 1 : number + 2]
    return Entry(version, title(version), str(former[0].id) if former else "", str(version.id) == until)


def _choice(version: Listed) -> str:
    return f"{title(version)}, {day(version.at)}"


def _titled(side: Side) -> str:
    if side.version is not None:
        row = side.version
        return title(Listed(row.id, row.kind, row.label, row.reason, row.at, None, None, 0))
    named = {
        At.NOW: _("Now (draft)"),
        At.LOOK: _("When you last looked"),
        At.BEGINNING: _("The beginning"),
    }
    return str(named[side.at])

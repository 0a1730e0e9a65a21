"""The difference of two sides of a plan's history, as a page shows it: by section, text and change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from access.grants import PatientGrant
from actions.sides import PatientTask, Side, Text, began
from livedoc import words
from livedoc.attributed import Compared, Point
from livedoc.attribution import Attribution, NoSuchPoint
from livedoc.comparison import IN_FORMER, IN_LATER, Kind, Part, pieces
from livedoc.words import Size
from models.plan import DocumentKind
from rendering.credits import Credit, Credits, Deed, deeds

MOST = 200
"""Changes of one text that are shown; the page says how many there are beyond."""
AROUND = 120
"""Letters of the line around a change that are shown."""
LONGEST = 6_000
"""Letters of one piece that are shown."""


@dataclass(frozen=True, slots=True)
class Words:
    """Some of a change, as it is marked: kept, removed, inserted, gone (stands elsewhere now) or came."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """`number` counts from 0 within its text. `reasons`: why words came back."""

    number: int
    credits: Sequence[Credit]
    reasons: Sequence[str]
    words: Sequence[Words]

    @property
    def before(self) -> Sequence[Words]:
        return [each for each in self.words if each.kind in IN_FORMER]

    @property
    def after(self) -> Sequence[Words]:
        return [each for each in self.words if each.kind in IN_LATER]

    @property
    def is_gone(self) -> bool:
        """Whether it is the former place of what is counted where it stands now."""
        return any(each.kind == Kind.GONE for each in self.words)


@dataclass(frozen=True, slots=True)
class TextDifference:
    """One text: between which points, whether the viewer may write in it, how many changes there are, and those that
    are shown; what moved is shown twice and counts once. `now`: where it stands now."""

    document_id: int
    kind: str
    since: Point
    until: Point
    now: Point
    can_edit: bool
    count: int
    changes: Sequence[Change]

    @property
    def hidden(self) -> int:
        return self.count - sum(not change.is_gone for change in self.changes)


@dataclass(frozen=True, slots=True)
class SectionDifference:
    key: str
    title: str
    icon: str
    tone: str
    texts: Sequence[TextDifference]

    @property
    def count(self) -> int:
        return sum(text.count for text in self.texts)

    @property
    def can_edit(self) -> bool:
        return any(text.can_edit for text in self.texts)


@dataclass(frozen=True, slots=True)
class TaskDifference:
    """`former` is how it was, for a task that changed."""

    what: str
    task: PatientTask
    former: PatientTask | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """`said`: the way from one to the other of what matters to the patient, when it changed."""

    sections: Sequence[SectionDifference]
    tasks: Sequence[TaskDifference]
    said: Sequence[Words]
    size: Size

    @property
    def is_empty(self) -> bool:
        return not (self.sections or self.tasks or self.said)

    @property
    def count(self) -> int:
        return sum(section.count for section in self.sections)


@dataclass(slots=True)
class _Found:
    """A text that differs, before the names of people are known."""

    text: Text
    since: Point
    until: Point
    compared: Compared
    hunks: Sequence[Sequence[Part]]
    deeds: list[list[Deed]] = field(default_factory=list)


def difference(
    grant: PatientGrant, attribution: Attribution, of: Sequence[Text], since: Side, until: Side
) -> Difference:
    """Texts that stood at the same point, or hold the same words, are left out."""
    found = list(_differing(attribution, of, since, until))
    for each in found:
        shown = each.hunks[:MOST]
        each.deeds = [deeds(each.text.document_id, each.compared, each.since, hunk) for hunk in shown]
    credits = Credits(deed for each in found for made in each.deeds for deed in made)
    size = sum((each.compared.size for each in found), Size())
    sections: dict[str, list[_Found]] = {}
    for each in found:
        sections.setdefault(each.text.section_key, []).append(each)
    return Difference(
        sections=[_section(grant, each, credits) for each in sections.values()],
        tasks=_tasks(since.tasks, until.tasks),
        said=[Words(each.kind, each.text) for each in pieces(since.said, until.said)]
        if since.said != until.said
        else [],
        size=size,
    )


def of_text(
    grant: PatientGrant, attribution: Attribution, text: Text, since: Point, until: Point
) -> tuple[TextDifference | None, Size]:
    """One text between two points, and by how much it changed. Raises NoSuchPoint."""
    compared = attribution.compare(text.document_id, since, until)
    found = _Found(text, since, until, compared, compared.hunks)
    found.deeds = [deeds(text.document_id, compared, since, hunk) for hunk in compared.hunks[:MOST]]
    credits = Credits(deed for made in found.deeds for deed in made)
    return _text(grant, found, credits) if compared.hunks else None, compared.size


def _differing(attribution: Attribution, of: Sequence[Text], since: Side, until: Side) -> Iterator[_Found]:
    for text in of:
        document_id = text.document_id
        first = since.points.get(document_id, began(text))
        last = until.points.get(document_id, began(text))
        if first >= last or _same(since.texts, until.texts, document_id):
            continue
        try:
            compared = attribution.compare(document_id, first, last)
        except NoSuchPoint:
            continue
        if compared.hunks:
            yield _Found(text, first, last, compared, compared.hunks)


def _same(former: Mapping[int, str], later: Mapping[int, str], document_id: int) -> bool:
    return document_id in former and former[document_id] == later.get(document_id)


def _section(grant: PatientGrant, found: Sequence[_Found], credits: Credits) -> SectionDifference:
    text = found[0].text
    return SectionDifference(
        key=text.section_key,
        title=text.title,
        icon=text.icon,
        tone=text.owner or "shared",
        texts=[
            _text(grant, each, credits)
            for each in sorted(found, key=lambda each: each.text.kind != DocumentKind.CLINICAL)
        ],
    )


def _text(grant: PatientGrant, found: _Found, credits: Credits) -> TextDifference:
    return TextDifference(
        document_id=found.text.document_id,
        kind=found.text.kind,
        since=found.since,
        until=found.until,
        now=found.text.now,
        can_edit=grant.may_write_for(found.text.owner),
        count=sum(hunk[0].piece.kind is not Kind.GONE for hunk in found.hunks),
        changes=[
            Change(number, credits.of(made), credits.reasons(made), _words(found.compared, hunk))
            for number, (hunk, made) in enumerate(zip(found.hunks, found.deeds, strict=False))
        ],
    )


def _words(compared: Compared, hunk: Sequence[Part]) -> list[Words]:
    """A change in its line, without blank lines around it."""
    after = compared.written.text
    start, end = hunk[0].later[0], hunk[-1].later[1]
    lead = after[:start].rpartition("\n")[2]
    found = [Words(part.piece.kind, part.piece.text) for part in hunk]
    while not found[0].text.strip("\n"):
        found.pop(0)
    while not found[-1].text.strip("\n"):
        found.pop()
    found[0] = replace(found[0], text=found[0].text.lstrip("\n"))
    found[-1] = replace(found[-1], text=found[-1].text.rstrip("\n"))
    found = [replace(each, text=_shortened(each.text, LONGEST)) for each in found]
    if lead.strip():
        found.insert(0, Words(Kind.KEPT, lead if len(lead) <= AROUND else "… " + lead[-AROUND:].partition(" ")[2]))
    if not hunk[-1].piece.text.endswith("\n"):
        rest = after[end : end + AROUND * 4].partition("\n")[0]
        if rest.strip():
            found.append(Words(Kind.KEPT, rest if len(rest) <= AROUND else rest[:AROUND].rpartition(" ")[0] + " …"))
    return found


def _shortened(text: str, most: int) -> str:
    """The beginning and the end of a long piece."""
    if len(text) <= most:
        return text
    gap = _("[%(count)d words more]", count=words.count(text[most // 2 : -most // 2]))
    return f"{text[: most // 2]} … {gap} … {text[-most // 2 :]}"


def _tasks(former: Sequence[PatientTask], later: Sequence[PatientTask]) -> list[TaskDifference]:
    """The patient's tasks that came, went, or read otherwise."""
    old, new = ({task.id: task for task in tasks} for tasks in (former, later))
    found = [TaskDifference("came", task) for key, task in new.items() if key not in old]
    found += [TaskDifference("changed", task, old[key]) for key, task in new.items() if key in old and old[key] != task]
    return found + [TaskDifference("went", task) for key, task in old.items() if key not in new]

"""What a search found, in groups, each hit with its link and the patient it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from access import directory, search
from access.grants import Actor
from access.permissions import Permission
from access.search import SectionHit, TaskHit, Terms, ThreadHit, Whose
from models.patient import search_key
from models.plan import DocumentKind
from models.thread import ThreadKind
from rendering import filters, threads
from rendering.commands import Place
from rendering.snippets import marked, snippet


@dataclass(frozen=True, slots=True)
class Hit:
    """One line. `whose` is the patient beside what is not the patient; `tone` the CSS class of a colour."""

    url: str
    icon: str
    title: Markup
    about: str = ""
    snippet: Markup = Markup()
    whose: Whose | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """`more`: there are more than these."""

    key: str
    label: str
    hits: Sequence[Hit]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """`shown` are the patients of whose records something is shown."""

    groups: Sequence[Group]
    shown: frozenset[int]

    @property
    def count(self) -> int:
        return sum(len(group.hits) for group in self.groups)


def find(actor: Actor, query: str, most: int, commands: Iterable[Place]) -> Found:
    """What a person may find; without words, where they were last and where they can go."""
    if not query:
        return Found(_filled([_recent(actor, most), _commands(commands, "")]), frozenset())
    groups, shown = [_patients(actor, query, most)], []
    terms = search.terms_of(query)
    if terms and actor.may(Permission.PATIENTS_LIST):
        few = search.is_of_few(actor)
        sections = search.sections(actor, terms, most + 1, few=few)
        talk = search.threads(actor, terms, most + 1, few=few)
        tasks = search.tasks(actor, terms, most + 1, few=few)
        groups += [
            _group("sections", _("Sections"), [_section(hit, terms) for hit in sections], most),
            _group("threads", _("Comments"), _threads(talk, terms), most),
            _group("tasks", _("Tasks"), [_task(hit, terms) for hit in tasks], most),
        ]
        shown = [hit.patient.id for hits in (sections, talk, tasks) for hit in hits[:most]]
    return Found(_filled([*groups, _commands(commands, query)]), frozenset(shown))


def _filled(groups: Iterable[Group]) -> list[Group]:
    return [group for group in groups if group.hits]


def _group(key: str, label: str, hits: Sequence[Hit], most: int) -> Group:
    return Group(key, str(label), hits[:most], len(hits) > most)


def _patients(actor: Actor, query: str, most: int) -> Group:
    if not actor.may(Permission.PATIENTS_LIST):
        return Group("patients", "", ())
    page = directory.page(actor, directory.Search(words=query), most)
    return Group(
        "patients", str(_("Patients")), [_patient(each, query) for each in page.entries], page.next is not None
    )


def _recent(actor: Actor, most: int) -> Group:
    if not actor.may(Permission.PATIENTS_LIST):
        return Group("patients", "", ())
    entries = directory.recent(actor, most)
    return Group("patients", str(_("Your patients, the latest first")), [_patient(each, "") for each in entries])


def _patient(entry: directory.Entry, query: str) -> Hit:
    beginnings = tuple(search_key(query).split())
    whose = Whose(entry.id, entry.name, entry.birth_date, entry.number)
    page = "board.show" if entry.mine else "care_team.show"
    return Hit(
        url_for(page, patient_id=entry.id),
        "user",
        marked(entry.name, Terms(beginnings, ())) if beginnings else Markup("{}").format(entry.name),
        whose=whose,
    )


def _section(hit: SectionHit, terms: Terms) -> Hit:
    plain = hit.kind == DocumentKind.PLAIN
    return Hit(
        url_for("board.show", patient_id=hit.patient.id, _anchor=f"section-{hit.section_key}"),
        hit.icon,
        Markup("{}").format(hit.title),
        str(_("Patient's text")) if plain else str(_("Team's text")),
        snippet([hit.text], terms),
        hit.patient,
        hit.tone,
    )


def _threads(hits: Sequence[ThreadHit], terms: Terms) -> list[Hit]:
    said = search.comments_of(hits)
    return [_thread(hit, said.get(hit.id, ()), terms) for hit in hits]


def _thread(hit: ThreadHit, said: Sequence[str], terms: Terms) -> Hit:
    kinds = {
        ThreadKind.QUESTION: _("Question"),
        ThreadKind.CONFLICT: _("Conflict"),
        ThreadKind.SUGGESTION: _("Suggestion"),
    }
    about = [kinds.get(ThreadKind(hit.kind)), hit.section or _("On the whole plan")]
    return Hit(
        threads.address(hit.patient.id, hit.id),
        "message-square",
        snippet([*said, hit.quote, hit.proposed], terms),
        ", ".join(str(each) for each in [*about, _("resolved") if hit.is_resolved else None] if each),
        Markup(),
        hit.patient,
    )


def _task(hit: TaskHit, terms: Terms) -> Hit:
    states = {"done": _("done"), "not_done": _("not done"), "doing": _("doing")}
    due = _("due %(day)s", day=filters.day(hit.due)) if hit.due else None
    title = marked(hit.title, terms)
    rest = [hit.details, hit.plain_text, hit.reason]
    return Hit(
        url_for("tasks.show", patient_id=hit.patient.id, task_id=hit.id),
        "list-checks",
        title,
        ", ".join(str(each) for each in (due, states.get(hit.state)) if each),
        Markup() if "<mark>" in title else snippet(rest, terms),
        hit.patient,
    )


def _commands(commands: Iterable[Place], query: str) -> Group:
    """Places whose name has a word that begins with each word of the query."""
    wanted = search_key(query).split()
    hits = [
        Hit(url, icon, Markup("{}").format(label))
        for label, url, icon in commands
        if all(any(word.startswith(each) for word in search_key(label).split()) for each in wanted)
    ]
    return Group("commands", str(_("Go to")), hits)

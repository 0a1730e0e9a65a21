"""What the demo's patients would read is plain, and every page is written by those who may."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cli.demo import content, stages
from cli.demo.days import fill_in, moment
from cli.demo.stages import Stage

CLINIC = content.read()
TODAY = date(2026, 11, 24)
VIENNA = ZoneInfo("Europe/Vienna")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.:,]*")
PATIENTS = pytest.mark.parametrize("page", CLINIC.patients, ids=lambda page: page.number)


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a list item is one."""
    text = re.sub(r"(?m)^\s*(?:[-*+]|\d+\.)\s*", "", text)
    text = re.sub(r"(\d)\.(\d)", r"\1·\2", re.sub(r"[*_#]", "", text))
    text = re.sub(r"\b(Dr|Ms|Mr)\.", r"\1", text)
    found = [WORD.findall(piece) for piece in re.split(r"(?<=[.!?:])[\"”)]?\s+|\n+", text)]
    return [words for words in found if words]


def syllables(word: str) -> int:
    count = len(re.findall(r"[aeiouyáéíóúöüäč]+", word.lower()))
    if re.search(r"[^l]e$|[^td]ed$", word.lower()) and count > 1:
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: 6 is read at the age of eleven."""
    said = sentences(text)
    words = [word for sentence in said for word in sentence]
    return 0.39 * len(words) / len(said) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@PATIENTS
def test_plain_texts_are_plain(page: content.PatientPage) -> None:
    for (section, kind), history in page.texts.items():
        if kind == "plain":
            text = fill_in(history[-1].text, TODAY, long=True)
            assert grade(text) <= 6, (section, grade(text))
            for sentence in sentences(text):
                assert len(sentence) < 20, " ".join(sentence)


@PATIENTS
def test_tasks_of_patients_are_told_in_plain_words(page: content.PatientPage) -> None:
    jobs = [*page.work.jobs, *(job for talk in page.work.talks for job in talk.jobs)]
    for job in jobs:
        assert bool(job.plain) == (job.whose == "patient"), job.title
        if job.plain:
            assert grade(job.plain) <= 6, (job.plain, grade(job.plain))
            assert all(len(sentence) < 20 for sentence in sentences(job.plain)), job.plain


@PATIENTS
def test_pages_are_whole_and_written_by_those_who_may(page: content.PatientPage) -> None:
    people = {person.key: person for person in CLINIC.people}
    team = {key for key, person in people.items() if page.team in person.teams} - set(page.without)
    assert page.responsible in team
    assert len(page.texts) == 12
    for (section, kind), history in page.texts.items():
        for stage in history:
            own = people[stage.author].discipline
            assert stage.author in team
            assert own is not None
            assert own == section or section in ("understanding", "flare-up", "review"), (section, stage.author)
            filled = fill_in(stage.text, TODAY, long=kind == "plain")
            assert "{" not in filled
            assert not re.search(r"(?m)^[+-]\d", filled), filled
        if kind == "clinical" and section not in ("understanding", "review"):
            headings = re.findall(r"(?m)^## (\w+)$", history[-1].text)
            assert headings == ["Assessment", "Plan", "Next"], section


@PATIENTS
def test_nobody_tells_of_a_day_that_was_still_to_come(page: content.PatientPage) -> None:
    """Only what is due, or lasts until or begins from a day, may be written before that day."""
    ahead = re.compile(r"(?:due|until|[Ff]rom|arranged for) \{-\d+")
    came = days_of(page.added)
    for (section, kind), history in page.texts.items():
        known: set[str] = set()
        former = came
        for stage in history:
            ago = days_of(stage.ago)
            assert ago <= former, (section, kind, stage.ago)
            former = ago
            for line in set(stage.text.split("\n")) - known:
                known.add(line)
                for days in re.findall(r"\{-(\d+)", ahead.sub("", line)):
                    assert int(days) >= ago, (section, kind, line)


def days_of(ago: str) -> int:
    return int(ago[:-1]) * {"w": 7, "d": 1, "h": 0, "m": 0}[ago[-1]]


def test_no_two_plans_share_a_text() -> None:
    texts = [history[-1].text for page in CLINIC.patients for history in page.texts.values()]
    assert len(set(texts)) == len(texts)


def test_a_page_tells_who_changed_what() -> None:
    page = "*Dana 6w · Lena 2h*\n- walks\n-2 - once a week\n+2 - twice a week\n+2"
    assert stages.read(page) == [
        Stage("Dana", "6w", "- walks\n- once a week\n"),
        Stage("Lena", "2h", "- walks\n- twice a week\n"),
    ]


@pytest.mark.parametrize("page", ["no authors", "*Dana 6w*\n+2 - nobody", "*Dana soon*\ntext"])
def test_a_page_that_cannot_be_read_says_so(page: str) -> None:
    with pytest.raises(ValueError, match="."):
        stages.read(page)


def test_a_template_is_filled_in_part_by_part() -> None:
    template = "## Assessment\n\n\n## Plan\n\n\n## Next\n\n"
    after = "## Assessment\n- a\n\n## Plan\n- b\n\n## Next\n- c\n"
    parts = stages.steps(template, after)
    assert len(parts) == 3
    assert parts[0].startswith("## Assessment\n- a\n\n## Plan")
    assert "- b" not in parts[0]
    assert parts[-1] == after
    assert stages.steps(after, after + "- d\n") == [after + "- d\n"]


def test_days_lie_around_the_day_of_loading_and_never_on_a_weekend() -> None:
    assert fill_in("{+7} {+7 day} {-4} {-60 month}", TODAY, long=False) == "1 Dec Tue 1 Dec 20 Nov Sep 2026"
    assert fill_in("{+7}, {+4}", TODAY, long=True) == "1 December, 30 November"
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    for days in range(1, 60):
        at = moment(f"{days}d", now, VIENNA, "any").astimezone(VIENNA)
        assert at.weekday() < 5
        assert 8 <= at.hour < 17
    assert moment("2h", now, VIENNA, "any") == now - timedelta(hours=2)
    with pytest.raises(ValueError, match="no time ago"):
        moment("soon", now, VIENNA, "any")

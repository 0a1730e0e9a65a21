"""On whatever day the demo is loaded: steps come in their order, words stand when they are discussed, and no task is
given for a day that has passed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from cli.demo import content, teamwork
from cli.demo.days import fill_in, working_day
from cli.demo.past import Past
from cli.demo.schedule import Moments, standing, times
from cli.demo.teamwork import Job, Step, Talk
from cli.demo.writing import SETTLING, Text

PAGES = [page for page in content.read().patients if page.work.talks or page.work.jobs]
DAYS = [datetime(2026, 11, 21, hour, 40, tzinfo=UTC) + timedelta(days=day) for day in range(7) for hour in (6, 13)]


def past_of(now: datetime) -> Past:
    """Of a clinic of which only the days are asked."""
    return Past(units=cast(Any, SimpleNamespace()), hub=cast(Any, None), zone=ZoneInfo("Europe/Vienna"), now=now)


@pytest.mark.parametrize("now", DAYS, ids=lambda now: f"{now:%a %H:%M}")
def test_every_page_can_be_told_on_any_day(now: datetime) -> None:
    past = past_of(now)
    for page in PAGES:
        came = past.ago(page.added, page.number) + SETTLING
        texts = {place: list(Text(past, page, *place).moments()) for place in page.texts}
        for job in page.work.jobs:
            check_job(past, page.number, job, came)
        for talk in page.work.talks:
            opened = check_talk(past, page.number, talk, came, texts)
            for job in talk.jobs:
                check_job(past, page.number, job, opened)


def check_job(past: Past, number: str, job: Job, earliest: datetime) -> None:
    moments = times(past, f"{number} {fill_in(job.title, past.today, long=False)}", job.steps, earliest)
    assert moments == sorted(moments)
    dues = [(moments[0], job.due)]
    dues += [(at, int(step.to)) for at, step in zip(moments, job.steps, strict=True) if step.does == "moves"]
    for at, days in dues:
        if days is not None:
            due = working_day(past.today + timedelta(days=days), forwards=days > 0)
            assert due >= at.astimezone(past.zone).date(), (job.title, due, at)


def check_talk(
    past: Past, number: str, talk: Talk, came: datetime, texts: dict[tuple[str, str], list[tuple[datetime, str, str]]]
) -> datetime:
    text: Moments = texts[talk.on] if talk.on else ()
    words = fill_in(talk.words, past.today, long=talk.on is not None and talk.on[1] == "plain")
    what = f"{number} {talk.on} {words or talk.task or talk.steps[0].says}"
    moments = times(past, what, talk.steps, came, text, words)
    assert moments == sorted(moments)
    assert moments[-1] <= past.now
    if words:
        began, until = standing(text, words)
        assert began <= moments[0], words
        assert until is None or moments[0] <= until, words
    return moments[0]


def test_a_step_is_read_from_one_line() -> None:
    told = [
        "Ravi 5h: Hold? @Dana",
        'Dana 4h, when "half" stands: Yes.',
        "Lena 2d declines: No.",
        "Cora 3d gives to Noor",
    ]
    steps = [*teamwork._steps("thread", told[:3]), *teamwork._steps("task", told[3:])]
    assert steps == [
        Step("Ravi", "5h", says="Hold? @Dana"),
        Step("Dana", "4h", says="Yes.", once="half"),
        Step("Lena", "2d", "declines", "No."),
        Step("Cora", "3d", "gives", to="Noor"),
    ]


@pytest.mark.parametrize("line", ["Ravi: no time", "Ravi 5h dances", "5h: nobody", "Ravi soon: when"])
def test_a_step_that_cannot_be_read_says_so(line: str) -> None:
    with pytest.raises(ValueError, match="does not say"):
        teamwork._steps("thread", [line])


def test_words_that_nobody_wrote_are_named() -> None:
    with pytest.raises(ValueError, match="nobody ever wrote"):
        standing([(datetime.now(UTC), "Dana", "walks")], "swims")

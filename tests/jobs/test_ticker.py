"""Jobs run when their time has come, and one that fails is tried again."""

import logging
from datetime import timedelta

import pytest

from jobs.ticker import Job, Ticker
from tests.conftest import MovableClock


def test_a_job_runs_at_once_and_then_every_so_often(clock: MovableClock) -> None:
    ran: list[str] = []
    jobs = [
        Job("often", timedelta(minutes=1), lambda: ran.append("often")),
        Job("seldom", timedelta(minutes=5), lambda: ran.append("seldom")),
    ]
    ticker = Ticker(clock, jobs)
    ticker.round()
    assert ran == ["often", "seldom"]
    clock.advance(seconds=59)
    ticker.round()
    assert len(ran) == 2
    for _minute in range(5):
        clock.advance(minutes=1)
        ticker.round()
    assert (ran.count("often"), ran.count("seldom")) == (6, 2)


def test_a_clock_that_is_set_back_silences_no_job(clock: MovableClock) -> None:
    ran: list[int] = []
    ticker = Ticker(clock, [Job("count", timedelta(minutes=1), lambda: ran.append(1))])
    ticker.round()
    clock.advance(hours=-1)
    ticker.round()
    ticker.round()
    assert len(ran) == 2


def test_a_job_that_fails_is_logged_and_neither_stops_the_others_nor_itself(
    clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[int] = []

    def fail() -> None:
        ran.append(1)
        raise OSError("the database is away")

    ticker = Ticker(
        clock, [Job("fails", timedelta(minutes=1), fail), Job("runs", timedelta(minutes=1), lambda: ran.append(2))]
    )
    with caplog.at_level(logging.ERROR):
        for _minute in range(3):
            ticker.round()
            clock.advance(minutes=1)
    assert ran == [1, 2] * 3
    assert [record.getMessage() for record in caplog.records] == ["the job fails failed"] * 3


def test_the_end_runs_every_job_a_last_time(clock: MovableClock) -> None:
    ran: list[int] = []
    ticker = Ticker(clock, [Job("count", timedelta(hours=1), lambda: ran.append(1))])
    ticker.start()
    ticker.finish()
    assert len(ran) == 2

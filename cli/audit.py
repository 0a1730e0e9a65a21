"""`flask audit`: whether the record of who did and saw what is whole."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import NoReturn, TextIO

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from actions import audit_chain
from actions.audit_chain import Head
from models.base import db

NOT_WHOLE, NOT_CHECKED = 1, 3
"""Exit codes beside 0, and 2 for a command that was typed wrongly."""

audit = AppGroup("audit", help="The record of who did and saw what.")


class HeadWords(click.ParamType[Head]):
    name = "COUNT:SEAL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        try:
            return Head.parse(value)
        except ValueError:
            self.fail(f"{value!r} is no head: give it as the log shows it, such as 120:01a2b3…", param, ctx)


@audit.command("verify")
@click.option("--head", "heads", multiple=True, type=HeadWords(), help="A head that the log showed earlier.")
@click.option("--log", type=click.File(errors="replace"), help="A log with such heads in it; - reads standard input.")
def verify(heads: tuple[Head, ...], log: TextIO | None) -> None:
    """Check every row of the audit, from the first.

    Without --head or --log, a tail that was cut together with the head in the database cannot be noticed.

    Ends with 0 when the audit is whole, with 1 when it is not (and names the first row), with 2 when the command was
    typed wrongly, and with 3 when the audit could not be checked.
    """
    printed = [*heads, *(_heads_in(log) if log is not None else ())]
    if log is not None and len(printed) == len(heads):
        _end(NOT_CHECKED, "The log shows no head of the audit: is it the server's?")
    try:
        report = audit_chain.verify(db.session(), current_app.extensions["consilium"].seals, printed)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        _end(NOT_CHECKED, f"The audit could not be checked: {reason}.")
    if report.problem is not None:
        good = f" The {report.head.count} rows before it are good." if report.head.count else ""
        _end(NOT_WHOLE, f"The audit is not whole. {report.problem}{good}")
    compared = f", as {len(set(printed))} earlier head{'s' * (len(set(printed)) > 1)} said" if printed else ""
    click.echo(f"The audit is whole: {report.head.count} rows{compared}, head {report.head}")


def _heads_in(lines: Iterable[str]) -> Iterator[Head]:
    """The heads in a log of JSON lines, whatever stands before the JSON."""
    for line in lines:
        if '"audit head"' not in line:
            continue
        try:
            yield Head.parse(json.loads(line[line.index("{") :])["head"])
        except (ValueError, KeyError, TypeError, AttributeError):
            continue


def _end(code: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)

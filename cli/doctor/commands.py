"""`flask doctor`."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import with_appcontext

from cli.doctor import configuration, database, keeping, libraries, machine, mail
from cli.doctor.findings import Finding, Level, has_fault
from cli.installation import database as address
from cli.installation import settings
from cli.serving_lock import is_served, lock_file
from config import ROOT


@click.command("doctor")
@click.option("--backups", type=click.Path(file_okay=False, path_type=Path), help="Where `flask backup` puts them.")
@with_appcontext
def doctor(backups: Path | None) -> None:
    """Check the installation, one line a finding, each with what to do. Exits with 1 when there is a fault."""
    findings = []
    for finding in examine(backups or settings().instance_dir / "backups"):
        click.echo(str(finding))
        findings.append(finding)
    counts = [sum(each.level is level for each in findings) for level in (Level.FAULT, Level.WARNING, Level.OK)]
    click.echo("{} faults, {} warnings, {} ok.".format(*counts))
    if has_fault(findings):
        raise SystemExit(1)


def examine(backups: Path) -> Iterator[Finding]:
    """Every check, in the order in which one would look. Needs the application's context."""
    yield from configuration.check(settings())
    yield from keeping.integrity_keys()
    yield from database.check()
    yield from keeping.newest_backup(backups)
    yield from mail.check(settings())
    yield from libraries.check()
    yield from libraries.check_pins(ROOT / "requirements.txt")
    yield from machine.disk(settings().instance_dir)
    yield machine.clock_kept()
    yield machine.open_files()
    yield machine.press()
    yield machine.port(settings().port, is_served(lock_file(address(), settings().instance_dir)))

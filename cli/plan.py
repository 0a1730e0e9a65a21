"""`flask plan`: whether what was frozen, signed, published and answered is as it was put on record."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from actions.plan_verification import findings
from models.base import db
from models.plan import Plan

plan = AppGroup("plan", help="What is on record about plans: versions, signatures, publications and answers.")


@plan.command("verify")
@click.argument("plan_id", type=int, required=False)
@with_appcontext
def verify(plan_id: int | None) -> None:
    """Check every record of every plan, or of one, and name what does not hold.

    Exit status 0: all hold. 1: something does not.
    """
    plans = list(db.session.scalars(select(Plan.id).order_by(Plan.id)))
    if plan_id is not None:
        if plan_id not in plans:
            raise click.ClickException(f"There is no plan {plan_id}.")
        plans = [plan_id]
    seals = current_app.extensions["consilium"].seals
    found = 0
    with click.progressbar(plans, label="Plans", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for each in shown:
            for finding in findings(db.session(), seals, each):
                click.echo(str(finding))
                found += 1
    if found:
        click.echo(f"Faults found: {found}.", err=True)
        sys.exit(1)
    click.echo("The records of 1 plan hold." if len(plans) == 1 else f"The records of {len(plans)} plans hold.")

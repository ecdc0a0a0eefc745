"""Commands that keep records fresh. Run them once a day: see docs/upkeep.md."""

from __future__ import annotations

from uuid import UUID

import click
from flask import current_app
from sqlalchemy.exc import NoResultFound

from directory.cli.group import commands, stop, today
from directory.db import get_session
from directory.models import utc_now
from directory.upkeep.answer import take_back_links
from directory.upkeep.exchanging import Network
from directory.upkeep.remind import Site, remind
from directory.upkeep.saved_searches import write_alerts
from directory.upkeep.signed_links import Links
from directory.upkeep.web_links import check_links


@commands.command("remind")
@click.option("--most", type=int, help="Write at most so many letters; the others wait for the next run.")
def send_reminders(most: int | None) -> None:
    """Ask organisations whether their entry is still right, and mark those that do not answer."""
    session = get_session()
    done = remind(session, today(), site(), most)
    session.commit()
    click.echo(f"Letters in the outbox: {done.letters}. Due, with nobody to write to: {done.unreachable}.")
    click.echo(f"Checked since they were asked: {done.answered}. Now out of date: {len(done.stale)}.")


@commands.command("alert")
def send_alerts() -> None:
    """Write to people what is new or changed in their saved searches, one letter a person."""
    session = get_session()
    letters = write_alerts(session, today(), site())
    session.commit()
    click.echo(f"Letters in the outbox: {letters}.")


@commands.command("take-back-links")
@click.argument("organization_id", type=click.UUID)
def take_back(organization_id: UUID) -> None:
    """Make the links in the reminders to an organisation open nothing, as when one went astray."""
    session = get_session()
    try:
        take_back_links(session, str(organization_id), today())
    except NoResultFound:
        stop(f"There is no organisation {organization_id}.")
    session.commit()
    click.echo("The links that were sent open nothing any more. The next reminder has a new one.")


@commands.command("check-links")
@click.option("--most", type=int, help="Try at most so many addresses; the others wait for the next run.")
def check_web_links(most: int | None) -> None:
    """Try the web addresses on record that nobody tried for a month, and flag those that are dead."""
    done = check_links(get_session(), Network(), utc_now(), most)
    for outcome, number in sorted(done.outcomes.items()):
        click.echo(f"{outcome}: {number}")
    click.echo(f"Addresses tried: {sum(done.outcomes.values())}. Newly flagged: {done.flagged}.")


def site() -> Site:
    """What letters say of this site."""
    config = current_app.config
    return Site(config["SITE_NAME"], Links(config["SECRET_KEY"], config["PUBLIC_URL"]))

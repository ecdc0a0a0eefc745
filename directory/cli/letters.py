"""Commands for letters: send what waits, and look at what could not be sent."""

from __future__ import annotations

import signal
import threading

import click
from flask import current_app

from directory.cli.group import commands, stop
from directory.db import get_session
from directory.letters.send import Sent, failures, queue_again, send_due, waiting
from directory.letters.server import MailServer, MailSettings
from directory.models import utc_now


@commands.command("send-mail")
@click.option("--watch", is_flag=True, help="Go on, and look for new letters, until it is stopped.")
@click.option("--every", default=10, show_default=True, help="With --watch: how many seconds between looks.")
def send_mail(watch: bool, every: int) -> None:
    """Send the letters that wait in the outbox. Several of these may run at once."""
    settings = mail_settings()
    if not settings.host:
        stop("SMTP_HOST is not set, so there is no mail server to send letters by. They wait in the outbox.")
    ended = threading.Event()
    if watch:
        # Asked to stop, it finishes the letter in hand.
        signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    while not ended.is_set():
        done = send_due(get_session(), MailServer(settings), stopped=ended.is_set)
        if not watch or done != Sent():
            _tell(done)
        if not watch:
            break
        get_session().close()
        ended.wait(every)


@commands.command("letters")
@click.option("--again", is_flag=True, help="Put the letters that were given up into the queue again.")
def letters(again: bool) -> None:
    """Count the letters of the outbox, and list those that failed with what the mail server said."""
    session = get_session()
    for status, number in sorted(waiting(session).items()):
        click.echo(f"{status}: {number}")
    for message in failures(session):
        click.echo(f"{message.status} {message.id} to {message.recipient}: {message.last_error}")
    if again:
        number = queue_again(session, utc_now())
        session.commit()
        click.echo(f"Letters in the queue again: {number}.")


def mail_settings() -> MailSettings:
    """The settings of the mail server."""
    config = current_app.config
    return MailSettings(
        host=config["SMTP_HOST"],
        port=config["SMTP_PORT"],
        sender=config["MAIL_FROM"],
        name=config["SITE_NAME"],
        user=config["SMTP_USER"],
        password=config["SMTP_PASSWORD"],
        security=config["SMTP_SECURITY"],
        timeout_seconds=config["SMTP_TIMEOUT"],
    )


def _tell(done: Sent) -> None:
    click.echo(f"Letters sent: {done.sent}. To be tried again: {done.waiting}. Given up: {done.refused}.")
    if done.unreachable:
        click.echo(f"The mail server could not be used: {done.unreachable}", err=True)

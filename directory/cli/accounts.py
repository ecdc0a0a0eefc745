"""Commands for accounts: the first administrator, and whoever cannot get in."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select

from directory.accounts.manage import (
    AccountError,
    Standing,
    account_of,
    give_standing,
    make_account,
    reset_two_factor,
    set_open,
    standing_of,
)
from directory.cli.group import PlainGroup, commands, stop
from directory.db import get_session
from directory.languages import site_address, speak
from directory.letters.language import language_of
from directory.letters.write import Letter, one_line, write_letter
from directory.models import Account
from directory.models.account import ROLES

account = PlainGroup("account", help="Make, list, change and close accounts.")
commands.add_command(account)
ROLE = click.option(
    "--role", "roles", multiple=True, type=click.Choice(ROLES), help="A role; may be given again."
)
AUTHORITY = click.option(
    "--authority", "authorities", multiple=True, help="A navigator's authority, by code; may be given again."
)


@account.command("make")
@click.argument("email")
@click.option("--name", default="", help="The name, as it stands beside what the person writes.")
@ROLE
@AUTHORITY
def make(email: str, name: str, roles: tuple[str, ...], authorities: tuple[str, ...]) -> None:
    """Make an account, and put a letter into the outbox with a link to choose a password."""
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        stop(f"{email!r} is no e-mail address: {error}".rstrip(".") + ".")
    standing = Standing(frozenset(roles), frozenset(authorities))
    session = get_session()
    try:
        made = make_account(session, None, address.lower(), one_line(name), standing)
    except AccountError as error:
        stop(str(error))
    link = _link("security.reset_password", token=generate_reset_password_token(made))  # type: ignore[no-untyped-call]
    values = {
        "site_name": current_app.config["SITE_NAME"],
        "reset_href": link,
        "forgot_href": _link("security.forgot_password"),
        "needs_second_factor": made.check_tf_required_setup(),
    }
    write_letter(session, Letter(made.email, "account-made", values))
    session.commit()
    click.echo(
        f"Made an account for {made.email}, which can sign in once a password is chosen. The link:\n{link}"
    )


@account.command("change")
@click.argument("email")
@ROLE
@AUTHORITY
def change(email: str, roles: tuple[str, ...], authorities: tuple[str, ...]) -> None:
    """Give an account these roles and authorities, and no others."""
    standing = Standing(frozenset(roles), frozenset(authorities))
    session, found = get_session(), _found(email)
    try:
        changed = give_standing(session, None, found, standing)
    except AccountError as error:
        stop(str(error))
    session.commit()
    click.echo(_line(found) if changed else "Nothing had to be changed.")


@account.command("list")
def list_accounts() -> None:
    """List the accounts: e-mail, roles, authorities, second factor, open or closed."""
    for one in get_session().scalars(select(Account).order_by(Account.email)):
        click.echo(_line(one))


@account.command("close")
@click.argument("email")
@click.option("--open", "is_open", is_flag=True, help="Open it again instead.")
def close(email: str, is_open: bool) -> None:
    """Close an account and sign it out everywhere. What it did stays on record."""
    session, found = get_session(), _found(email)
    changed = set_open(session, None, found, is_open=is_open)
    session.commit()
    words = "open" if is_open else "closed"
    click.echo(f"{found.email} is {words}." if changed else f"{found.email} was {words} already.")


@account.command("reset-two-factor")
@click.argument("email")
def reset(email: str) -> None:
    """Take the second factor from an account whose owner lost it. Be sure that it is the owner who asks."""
    session, found = get_session(), _found(email)
    changed = reset_two_factor(session, None, found)
    if changed:
        with speak(language_of(session, found.email)):
            values = {
                "now": "reset",
                "site_name": current_app.config["SITE_NAME"],
                "forgot_href": _link("security.forgot_password"),
            }
            write_letter(session, Letter(found.email, "account-two-factor", values))
    session.commit()
    click.echo(
        f"{found.email} has no second factor now, and is signed out everywhere."
        if changed
        else f"{found.email} had no second factor."
    )


def _found(email: str) -> Account:
    found = account_of(get_session(), email)
    if found is None:
        stop(f"There is no account for {email}.")
    return found


def _line(one: Account) -> str:
    standing = standing_of(one)
    facts = (
        ", ".join(sorted(standing.roles)) or "no role",
        ", ".join(sorted(standing.authorities)) or "no authority",
        "second factor" if one.tf_primary_method else "no second factor",
        "open" if one.active else "closed",
    )
    return f"{one.email}: {'; '.join(facts)}"


def _link(endpoint: str, **values: str) -> str:
    """An address of the site: a command has no request, and knows only the setting."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return site_address(current_app.config["PUBLIC_URL"]) + path

"""For administrators: who has an account, what each may do, and whom to shut out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response as BaseResponse

from directory.accounts.actors import ROLE_NAMES, ROLE_WORDS
from directory.accounts.manage import (
    AccountError,
    Standing,
    authority_names,
    set_open,
    standing_of,
)
from directory.accounts.manage import give_standing as give
from directory.accounts.manage import reset_two_factor as take_two_factor
from directory.accounts.sessions import good_sessions
from directory.db import get_session
from directory.languages import gettext, joined, left_to_right, own_words, pgettext, speak, typed_words
from directory.letters.language import language_of
from directory.models import Account, Organization
from directory.models.account import ROLES
from directory.web.account import moment_words
from directory.web.exports import csv_response
from directory.web.letters import write_account_letter
from directory.web.sessions import session_life
from directory.web.signing_in import current_actor

blueprint = Blueprint("accounts", __name__)
PER_PAGE = 50
COLUMNS = ("email", "name", "roles", "authorities", "two_factor", "open", "confirmed", "made_on")


@blueprint.get("/accounts")
def index() -> str:
    """Every account, fifty a page, by e-mail."""
    what = request.args.get("what", "").strip()
    page = max(1, request.args.get("page", 1, type=int))
    query = select(Account).order_by(Account.email)
    if what:
        like = f"%{what.lower().replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        query = query.where(
            func.lower(Account.email).like(like, escape="!") | func.lower(Account.name).like(like, escape="!")
        )
    session = get_session()
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    names = authority_names(session)
    found = session.scalars(query.options(*_WHOLE).offset((page - 1) * PER_PAGE).limit(PER_PAGE)).all()
    return render_template(
        "accounts/index.html",
        what=what,
        total=total,
        rows=[{**_shown(one, names), "href": url_for("accounts.show", account_id=one.id)} for one in found],
        earlier=url_for("accounts.index", what=what or None, page=page - 1) if page > 1 else None,
        later=url_for("accounts.index", what=what or None, page=page + 1)
        if total > page * PER_PAGE
        else None,
    )


@blueprint.get("/accounts.csv")
def csv_file() -> Response:
    """Every account as a table. It holds addresses of people: keep it safe."""
    rows = [
        _row(one) for one in get_session().scalars(select(Account).options(*_WHOLE).order_by(Account.email))
    ]
    response = csv_response(rows, COLUMNS, "accounts")
    del response.headers["Access-Control-Allow-Origin"]
    return response


@blueprint.get("/accounts/<uuid:account_id>")
def show(account_id: UUID) -> str:
    """One account: its roles and authorities, and what can be done with it."""
    return _page(_found(account_id))


@blueprint.post("/accounts/<uuid:account_id>")
def give_standing(account_id: UUID) -> BaseResponse | tuple[str, int]:
    """Give an account roles and authorities."""
    wished = Standing(frozenset(request.form.getlist("role")), frozenset(request.form.getlist("authority")))
    return _change(
        account_id,
        lambda account: give(get_session(), current_actor().account_id, account, wished),
        gettext("The roles and authorities are changed."),
        wished,
    )


@blueprint.post("/accounts/<uuid:account_id>/close")
def close(account_id: UUID) -> BaseResponse | tuple[str, int]:
    """Close an account and sign it out everywhere."""
    return _change(
        account_id,
        lambda account: set_open(get_session(), current_actor().account_id, account, is_open=False),
        gettext("The account is closed."),
    )


@blueprint.post("/accounts/<uuid:account_id>/open")
def open_again(account_id: UUID) -> BaseResponse | tuple[str, int]:
    """Open a closed account again."""
    return _change(
        account_id,
        lambda account: set_open(get_session(), current_actor().account_id, account, is_open=True),
        gettext("The account is open again."),
    )


@blueprint.post("/accounts/<uuid:account_id>/reset-two-factor")
def reset_two_factor(account_id: UUID) -> BaseResponse | tuple[str, int]:
    """Take the second factor from somebody who has lost it, and tell them."""

    def change(account: Account) -> bool:
        if changed := account.tf_primary_method is not None:
            with speak(language_of(get_session(), account.email)):
                write_account_letter(account.email, "account-two-factor", {"now": "reset"})
        return take_two_factor(get_session(), current_actor().account_id, account) and changed

    return _change(
        account_id, change, gettext("The second factor is reset. A new one is asked for at the next sign-in.")
    )


_WHOLE = (selectinload(Account.roles), selectinload(Account.patches))


def _change(
    account_id: UUID, change: Callable[[Account], bool], done: str, wished: Standing | None = None
) -> BaseResponse | tuple[str, int]:
    """Change an account, and say so; or show its page with why it cannot be, and what was ticked."""
    session, account = get_session(), _found(account_id)
    try:
        changed = change(account)
    except AccountError as error:
        session.rollback()
        return _page(_found(account_id), error.args[0], wished), 400
    session.commit()
    flash(done if changed else gettext("Nothing had to be changed."), "success")
    return redirect(url_for("accounts.show", account_id=account_id))


def _page(account: Account, problem: str | None = None, wished: Standing | None = None) -> str:
    session, ticked = get_session(), wished or standing_of(account)
    authorities = authority_names(session)
    names = session.scalars(
        select(Organization.name)
        .where(Organization.id.in_([one.organization_id for one in account.memberships]))
        .order_by(Organization.name)
    )
    return render_template(
        "accounts/show.html",
        account={**_shown(account, authorities), "id": account.id, "memberships": list(names)},
        signed_in=len(good_sessions(session, account.id, session_life())),
        own=account.id == current_actor().account_id,
        problem=problem,
        problem_at="role-1" if wished else "",
        roles=[
            {
                "value": name,
                "label": _role(name).capitalize(),
                "hint": gettext(ROLE_WORDS[name]),
                "chosen": name in ticked.roles,
            }
            for name in ROLES
        ],
        authorities=[
            {"value": code, "label": own_words(name), "hint": None, "chosen": code in ticked.authorities}
            for code, name in authorities.items()
        ],
    )


def _found(account_id: UUID) -> Account:
    return get_session().get_one(Account, str(account_id))


def _role(name: str) -> str:
    return pgettext("role", ROLE_NAMES[name])


def _shown(account: Account, names: Mapping[str, str]) -> dict[str, Any]:
    """What the pages say of an account. Names: the authorities', by code."""
    standing = standing_of(account)
    return {
        "title": account.email,
        "email": left_to_right(account.email),
        "name": typed_words(account.name) if account.name else None,
        "roles": joined(_role(name) for name in ROLES if name in standing.roles),
        "authorities": joined(map(own_words, sorted(names.get(one, one) for one in standing.authorities))),
        "two_factor": account.tf_primary_method is not None,
        "open": account.active,
        "confirmed": account.confirmed_at is not None,
        "made_on": moment_words(account.created_at),
    }


def _row(account: Account) -> dict[str, str]:
    standing = standing_of(account)
    return {
        "email": account.email,
        "name": account.name,
        "roles": ", ".join(name for name in ROLES if name in standing.roles),
        "authorities": ", ".join(sorted(standing.authorities)),
        "two_factor": "yes" if account.tf_primary_method else "no",
        "open": "yes" if account.active else "no",
        "confirmed": "yes" if account.confirmed_at else "no",
        "made_on": moment_words(account.created_at),
    }

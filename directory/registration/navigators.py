"""Letters to the navigators of an authority: that something waits, at most once a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import Account, NavigatorPatch, Role
from directory.registration.links import review_link


def navigators_of(session: Session, authority_codes: Collection[str]) -> list[Account]:
    """The navigators of some authorities; all of them where there is none, or none looks after these."""
    every = select(Account).where(Account.active, Account.roles.any(Role.name == "navigator"))
    query = every.where(Account.patches.any(NavigatorPatch.authority_code.in_(authority_codes)))
    found = list(session.scalars(query.order_by(Account.id))) if authority_codes else []
    return found or list(session.scalars(every.order_by(Account.id)))


def tell_navigators(
    session: Session, authority_codes: Collection[str], what: str, public_url: str, today: date
) -> None:
    """Tell the navigators that something waits. What it is in particular stands in the queue alone.

    `what` is a sentence of the catalogue, in English; each letter says it in its own language.
    """
    for account in navigators_of(session, authority_codes):
        key = f"waiting {what} {account.id} {today.isoformat()}"
        with speak(language_of(session, account.email)):
            values = {"what": what, "link": review_link(public_url)}
            write_letter(session, Letter(account.email, "waiting", values, key=key))

"""In which language somebody is written to, where no page of theirs says it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import ENGLISH, LANGUAGES, Language, spoken
from directory.models import OutboxMessage

# Kept with each letter, and sent with it: RFC 3282.
LANGUAGE_HEADER = "Content-Language"
SOME = 500
_BY_TAG = {one.tag: one for one in LANGUAGES.values()}


def language_of(session: Session, address: str) -> Language:
    """The language of the newest letter to an address; of one that has had none, the one that is spoken.

    A letter that a page of theirs has caused is in the language of that page. So those that follow are, too,
    also when a navigator's page or no page at all causes them.
    """
    return languages_of(session, [address]).get(address, spoken())


def language_of_staff(session: Session, address: str) -> Language:
    """The same for somebody who works here; of one that has had none, English.

    What makes somebody write to them is mostly the page of a stranger.
    """
    return languages_of(session, [address]).get(address, ENGLISH)


def languages_of(session: Session, addresses: Collection[str]) -> dict[str, Language]:
    """The languages of many addresses in few statements; those that have had no letter are left out."""
    asked, found = sorted(set(addresses)), dict[str, Language]()
    for start in range(0, len(asked), SOME):
        query = (
            select(OutboxMessage.recipient, OutboxMessage.headers)
            .where(OutboxMessage.recipient.in_(asked[start : start + SOME]))
            .order_by(OutboxMessage.created_at, OutboxMessage.id)
        )
        for recipient, headers in session.execute(query):
            if LANGUAGE_HEADER in headers:
                found[recipient] = _BY_TAG[headers[LANGUAGE_HEADER]]
    return found

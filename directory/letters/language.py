"""In which language somebody is written to, where no page of theirs says it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.languages import ENGLISH, LANGUAGES, Language
from directory.models import OutboxMessage

# Kept with each letter, and sent with it: RFC 3282.
LANGUAGE_HEADER = "Content-Language"
SOME = 500
_BY_TAG = {one.tag: one for one in LANGUAGES.values()}


def language_of(session: Session, address: str, otherwise: Language = ENGLISH) -> Language:
    """The language of the newest letter to an address; of one that has had none, English or another.

    A letter that a page of theirs has caused is in the language of that page. So those that follow are, too,
    also when somebody else's page or no page at all causes them. That page's own language says nothing of
    who is written to.
    """
    return languages_of(session, [address]).get(address, otherwise)


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

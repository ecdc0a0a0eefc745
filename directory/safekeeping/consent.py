"""Take back a consent: the person is shown nowhere from that moment, and stays so when a file comes again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import audit
from directory.models import Contact, Organization, OutboxMessage, Service, utc_now
from directory.models.turns import take_turn
from directory.openreferral.load import Origin, keep_versions
from directory.publishing.publish import publish
from directory.safekeeping.do_not_list import CONSENT, add_mark, consent_marks, plain_form
from directory.safekeeping.person import find_person
from directory.safekeeping.screen import WITHDRAWN

REASON = "Consent withdrawn"


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal did: contacts that are no longer named, letters that will not be sent."""

    contacts: int
    letters: int


def withdraw_person(session: Session, asked: str, account_id: str | None, today: date) -> Withdrawal:
    """Take back every consent of the person of a name or an e-mail address; the caller commits."""
    ids = find_person(session, asked).contact_ids
    contacts = session.scalars(select(Contact).where(Contact.id.in_(sorted(ids))).order_by(Contact.id)).all()
    return withdraw(session, contacts, account_id, today)


def withdraw(
    session: Session, contacts: Iterable[Contact], account_id: str | None, today: date
) -> Withdrawal:
    """Take back the consent of some contacts; the caller commits."""
    contacts = list(contacts)
    organizations = {organization_of(session, contact) for contact in contacts}
    for organization_id in sorted(organizations):
        take_turn(session, f"organization {organization_id}")
    for contact in contacts:
        _withdraw_one(session, contact, account_id)
    session.flush()
    records = [session.get_one(Organization, key) for key in sorted(organizations)]
    for record in records:
        record.last_modified = utc_now()
        keep_versions(session, [record], Origin(record.source_id, REASON, account_id=account_id))
    session.flush()
    publish(session, organizations, today)
    letters = _stop_letters(session, {contact.email for contact in contacts if contact.email})
    for organization_id in sorted(organizations):
        audit.record(session, account_id, "withdraw consent", ("organization", organization_id))
    return Withdrawal(len(contacts), letters)


def organization_of(session: Session, contact: Contact) -> str:
    """The organisation that a contact is of, by itself or through a service."""
    if contact.organization_id:
        return contact.organization_id
    return session.get_one(Service, contact.service_id or "").organization_id


def _withdraw_one(session: Session, contact: Contact, account_id: str | None) -> None:
    """Take the consent away, and remember it by a keyed hash: an old file may bring the old consent again."""
    contact.consent_date, contact.consent_scope = None, WITHDRAWN
    said = {"name": contact.name, "email": contact.email}
    for mark in consent_marks(organization_of(session, contact), said):
        row = add_mark(session, CONSENT, mark, REASON, account_id)
        row.added_at = utc_now()


def _stop_letters(session: Session, emails: set[str]) -> int:
    """Take letters to some addresses out of the outbox, unless they are on their way or gone."""
    plain = {plain_form("email", email) for email in emails}
    waiting = session.execute(
        select(OutboxMessage.id, OutboxMessage.recipient).where(
            OutboxMessage.status.in_(("queued", "failed"))
        )
    ).all()
    ids = [key for key, recipient in waiting if plain_form("email", recipient) in plain]
    session.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(ids)))
    return len(ids)

"""Who somebody is to the directory: the contacts, accounts, names, addresses and numbers of one person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.models import Account, Contact, Organization, Phone, Service
from directory.publishing import spellings
from directory.publishing.spellings import fold
from directory.safekeeping.do_not_list import plain_form


@dataclass(frozen=True)
class Person:
    """One person. `organization_ids` are those that it is a contact or a member of.

    With `near_only` the names are looked for in the records of these alone: who was asked for by an e-mail
    address shares the name with others.
    """

    asked: str
    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    contact_ids: frozenset[str] = frozenset()
    account_ids: frozenset[str] = frozenset()
    organization_ids: frozenset[str] = frozenset()
    near_only: bool = False
    everywhere: re.Pattern[str] | None = field(default=None, repr=False)
    nearby: re.Pattern[str] | None = field(default=None, repr=False)

    def spans(self, text: str, organization_id: str | None) -> list[tuple[int, int]]:
        """Where in a text the person is named."""
        near = organization_id is not None and organization_id in self.organization_ids
        expression = self.nearby if near else self.everywhere
        return [match.span() for match in expression.finditer(fold(text))] if expression else []

    def is_contact(self, contact: dict[str, object]) -> bool:
        """Whether a contact of a document is this person."""
        name, email = (str(contact.get(key) or "") for key in ("name", "email"))
        named = plain_form("person", name) in {plain_form("person", one) for one in self.names}
        return bool(name and named) or plain_form("email", email) in self.emails


def find_person(session: Session, asked: str) -> Person:
    """The person of a name or an e-mail address, with all that contacts and accounts say of it."""
    by_email = "@" in asked
    kind = "email" if by_email else "person"
    plain = plain_form(kind, asked)
    contacts = [
        one
        for one in _contacts(session)
        if plain and plain_form(kind, (one.email if by_email else one.name) or "") == plain
    ]
    accounts = [
        one
        for one in session.scalars(select(Account))
        if plain and plain_form(kind, one.email if by_email else one.name) == plain
    ]
    shared_emails, shared_numbers = _shared(session)
    everyone: list[Contact | Account] = [*contacts, *accounts]
    emails = {plain_form("email", one.email or "") for one in everyone} - shared_emails - {""}
    numbers = {phone.number for one in contacts for phone in one.phones}
    own = {number for number in numbers if plain_form("phone", number) not in shared_numbers}
    found = Person(
        asked=asked,
        names=frozenset({one.name for one in everyone if one.name} | (set() if by_email else {asked})),
        emails=frozenset(emails | ({plain} if by_email else set())),
        numbers=frozenset(own),
        contact_ids=frozenset(one.id for one in contacts),
        account_ids=frozenset(one.id for one in accounts),
        organization_ids=frozenset(_organizations(session, contacts, accounts)),
        near_only=by_email,
    )
    return _with_expressions(found)


def _contacts(session: Session) -> Iterable[Contact]:
    return session.scalars(select(Contact).options(selectinload(Contact.phones)).order_by(Contact.id)).all()


def _shared(session: Session) -> tuple[set[str], set[str]]:
    """The e-mail addresses and numbers that organisations and services give as their own."""
    emails = {
        plain_form("email", email)
        for query in (select(Organization.email), select(Service.email))
        for email in session.scalars(query)
        if email
    }
    own = select(Phone.number).where(Phone.contact_id.is_(None))
    return emails, {plain_form("phone", number) for number in session.scalars(own)}


def _organizations(
    session: Session, contacts: Iterable[Contact], accounts: Iterable[Account]
) -> Iterator[str]:
    for contact in contacts:
        if contact.organization_id:
            yield contact.organization_id
        elif contact.service_id:
            yield session.get_one(Service, contact.service_id).organization_id
    for account in accounts:
        yield from (one.organization_id for one in account.memberships)


def _with_expressions(person: Person) -> Person:
    """The person with what finds it in texts. "Mrs Khan" is looked for at her own organisations alone."""
    sure = [spellings.email(one) for one in person.emails] + [spellings.number(one) for one in person.numbers]
    whole = [spelling for name in person.names for spelling in _whole_names(name)]
    short = [spelling for name in person.names for spelling in spellings.person(name)]
    everywhere = [spelling for spelling in [*sure, *([] if person.near_only else whole)] if spelling]
    nearby = [spelling for spelling in [*sure, *whole, *short] if spelling]
    values = {name: getattr(person, name) for name in person.__dataclass_fields__}
    values |= {"everywhere": spellings.expression(everywhere), "nearby": spellings.expression(nearby)}
    return Person(**values)


def _whole_names(name: str) -> Iterator[str]:
    """The whole name, forwards and surname first; also one too short for a text to be searched for it."""
    plain = re.sub(rf"^(?:{spellings.TITLES})\b\.?\s+", "", fold(name).strip())
    parts = re.findall(r"[^\W_]+", plain)
    if len(parts) < 2:
        return
    for order in (parts, [parts[-1], *parts[:-1]]):
        yield spellings.words(" ".join(order)) or r"[\W_]+".join(order)

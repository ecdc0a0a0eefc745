"""Take a person out of everything that is held, old versions and submissions too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import JSON, Table, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from directory import audit
from directory.models import (
    Account,
    AuditEntry,
    Claim,
    Location,
    Message,
    Organization,
    OrganizationMerge,
    OutboxMessage,
    Revision,
    ServiceAtLocation,
    Submission,
    Upload,
)
from directory.models.turns import take_turn
from directory.openreferral.dump import dump
from directory.places.batches import batches
from directory.publishing.publish import publish
from directory.publishing.withhold import ALL_OR_NOTHING
from directory.safekeeping.do_not_list import NothingToListError, add, plain_form
from directory.safekeeping.holdings import Holding, holdings
from directory.safekeeping.person import Person, find_person
from directory.safekeeping.screen import is_person

ERASED = "[erased]"
# An organisation may be called after somebody. Its name is a public fact of its own, and stays.
NAMES = ("name", "alternate_name")
DERIVED = "published_"


@dataclass
class Erasure:
    """What was taken out or, before that, what would be: rows by table. `left` are names of organisations."""

    rows: Counter[str] = field(default_factory=Counter)
    left: int = 0
    organization_ids: set[str] = field(default_factory=set)


def look(session: Session, asked: str) -> Erasure:
    """What an erasure would touch; nothing is changed."""
    person = find_person(session, asked)
    found = Erasure()
    for holding in holdings(session, person):
        _count(found, holding)
    return found


def erase(
    session: Session, asked: str, today: date, account_id: str | None = None, *, list_too: bool = False
) -> Erasure:
    """Take the person of a name or an e-mail address out of every table; the caller commits.

    The log says that it was done, and not of whom. With `list_too` the person is put on the do-not-list.
    """
    for organization_id in sorted(look(session, asked).organization_ids):
        take_turn(session, f"organization {organization_id}")
    person = find_person(session, asked)
    done = Erasure()
    individuals = _with_joined(session, _individuals(session, person))
    _erase_letters(session, person)
    for holding in list(holdings(session, person)):
        _count(done, holding)
        if not holding.table.name.startswith(DERIVED) and holding.organization_id not in individuals:
            _erase_one(session, person, holding, done)
    _remove_accounts(session, person)
    _remove_individuals(session, individuals)
    session.flush()
    session.expire_all()
    publish(session, done.organization_ids, today)
    if list_too:
        _list(session, person, account_id)
    audit.record(session, account_id, "erase", ("person", None), {"rows": str(sum(done.rows.values()))})
    return done


def _count(found: Erasure, holding: Holding) -> None:
    found.rows[holding.table.name] += 1
    if holding.organization_id:
        found.organization_ids.add(holding.organization_id)


def _erase_one(session: Session, person: Person, holding: Holding, done: Erasure) -> None:
    table = holding.table
    if table.name == Account.__tablename__:
        return  # its own go with it, at the end; of another account of the name nothing is known to be theirs
    if table.name == OutboxMessage.__tablename__ or (
        table.name == Upload.__tablename__ and "text" in holding.named
    ):
        session.execute(delete(table).where(_is(table, holding.key)))
        return
    if holding.own and table.name in ("contact", "phone"):
        session.execute(delete(table).where(_is(table, holding.key)))
        return
    if table.name == AuditEntry.__tablename__:
        return  # it cannot be changed, and by its rule holds no name
    values: dict[str, Any] = {"text": ERASED} if holding.own and table.name == Message.__tablename__ else {}
    for name in holding.named:
        column = table.columns[name]
        if table.name == Organization.__tablename__ and name in NAMES:
            done.left += 1
            continue
        if column.primary_key:
            session.execute(delete(table).where(_is(table, holding.key)))
            return
        cleaned = _cleaned(holding.row[name], person, holding.organization_id, name, table)
        if cleaned is None and not column.nullable:
            if table.name == "phone":
                session.execute(delete(table).where(_is(table, holding.key)))
                return
            cleaned = ERASED
        values[name] = cleaned
    if not values:
        return
    if "version" in table.columns:
        # Whoever has the old state open must not write it back.
        values["version"] = table.columns["version"] + 1
    session.execute(update(table).where(_is(table, holding.key)).values(values))


def _cleaned(value: Any, person: Person, organization_id: str | None, key: str, table: Table) -> Any:
    if isinstance(table.columns[key].type, JSON):
        return without(value, person, organization_id)
    return without_text(value, person, organization_id, key)


def without(value: Any, person: Person, organization_id: str | None, key: str = "", top: bool = True) -> Any:
    """A document without a person: contacts that are the person go, and texts lose the name."""
    if isinstance(value, Mapping):
        kept = {
            name: item
            if top and name in NAMES and "services" in value
            else without(item, person, organization_id, name, top=False)
            for name, item in value.items()
        }
        return {name: item for name, item in kept.items() if item is not None}
    if isinstance(value, list):
        items = [
            one
            for one in value
            if not (key == "contacts" and isinstance(one, dict) and person.is_contact(one))
        ]
        cleaned = [without(one, person, organization_id, key, top=False) for one in items]
        if key == "phones":
            return [one for one in cleaned if not isinstance(one, dict) or "number" in one]
        return [one for one in cleaned if one is not None]
    return without_text(value, person, organization_id, key) if isinstance(value, str) else value


def without_text(text: str, person: Person, organization_id: str | None, key: str) -> str | None:
    """A text without a person; None for an address or a number, of which a part is of no use."""
    spans = person.spans(text, organization_id)
    if not spans:
        return text
    if key in ALL_OR_NOTHING:
        return None
    starts, ends = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
    return ERASED.join(text[a:b] for a, b in zip(starts, ends, strict=True))


def _erase_letters(session: Session, person: Person) -> None:
    """What the person wrote about a submission, also without an account."""
    sent = [
        key
        for key, email in session.execute(select(Submission.id, Submission.email))
        if plain_form("email", email or "") in person.emails
    ]
    for some in batches(sent):
        wrote = and_(Message.submission_id.in_(some), Message.author == "submitter")
        session.execute(update(Message).where(wrote).values(text=ERASED))


def _is(table: Table, key: Mapping[str, Any]) -> Any:
    return and_(*(table.columns[name] == value for name, value in key.items()))


def _remove_accounts(session: Session, person: Person) -> None:
    """Accounts go with their sessions, searches, memberships and claims."""
    ids = sorted(person.account_ids)
    session.execute(update(Claim).where(Claim.decided_by_id.in_(ids)).values(decided_by_id=None))
    session.execute(delete(Account).where(Account.id.in_(ids)))


def _individuals(session: Session, person: Person) -> set[str]:
    """The records that are about the person."""
    found = set()
    for record in session.scalars(select(Organization)):
        # Of two records that were joined, the other name is kept beside the name.
        names = [name for name in (record.name, record.alternate_name) if name]
        if any(person.is_contact({"name": name}) for name in names) and is_person(dump(record)):
            found.add(record.id)
    return found


def _with_joined(session: Session, organization_ids: set[str]) -> set[str]:
    """Some records, and those that were ever joined with them: of a person, only records of it were."""
    found, ids = set(organization_ids), set(organization_ids)
    while ids:
        part = or_(OrganizationMerge.organization_id.in_(ids), OrganizationMerge.gone_id.in_(ids))
        columns = (OrganizationMerge.organization_id, OrganizationMerge.gone_id)
        ids = {key for pair in session.execute(select(*columns).where(part)) for key in pair} - found
        found |= ids
    return found


def _remove_individuals(session: Session, organization_ids: set[str]) -> None:
    """A record that is about the person goes whole: its versions, what was sent in, its places, merges."""
    for key in sorted(organization_ids):
        record = session.get(Organization, key)  # None for one that was joined into another
        services = record.services if record else []
        places = [link.location for service in services for link in service.service_at_locations]
        if record:
            session.delete(record)
        session.flush()
        for model in (Revision, Submission, OrganizationMerge):
            session.execute(delete(model).where(model.organization_id == key))
        _remove_places(session, places)


def _remove_places(session: Session, places: Sequence[Location]) -> None:
    for place in {one.id: one for one in places}.values():
        used = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == place.id).limit(1)
        if session.scalar(used) is None:
            session.delete(place)
    session.flush()


def _list(session: Session, person: Person, account_id: str | None) -> None:
    for kind, texts in (("person", person.names), ("email", person.emails), ("phone", person.numbers)):
        for text in sorted(texts):
            try:
                add(session, kind, text, "Erased at the person's wish", account_id)
            except NothingToListError:
                continue

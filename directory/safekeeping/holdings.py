"""Everything that the tables hold on a person, whatever table it is in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, Row, Table, Text, select
from sqlalchemy.orm import Session

from directory.models import Base, Message, Organization, Service, Submission
from directory.safekeeping.person import Person

# Nothing of anybody's: geography, our own words, keys. A new table is searched unless it is put here.
NOT_PERSONAL = frozenset(
    ("area", "area_link", "area_value", "postcode", "role", "secret", "taxonomy", "taxonomy_term")
)
# Never given out, to nobody: whoever has one can sign in, or try passwords.
SECRET_COLUMNS = frozenset(
    ("password", "tf_totp_secret", "mf_recovery_codes", "fs_uniquifier", "token_hash", "code_hash", "digest")
)
# What belongs to a contact or an account is a person's altogether.
OWNERS = {"account.id": "account_ids", "contact.id": "contact_ids"}


@dataclass(frozen=True)
class Holding:
    """One row that concerns a person: because it belongs to it (`own`), or names it in some columns."""

    table: Table
    key: dict[str, Any]
    row: Mapping[str, Any]
    own: bool
    organization_id: str | None
    named: dict[str, Any] = field(default_factory=dict)


def holdings(session: Session, person: Person) -> Iterator[Holding]:
    """Every row that belongs to a person or names it, table by table."""
    owners = _owners(session)
    for table in Base.metadata.sorted_tables:
        if table.name in NOT_PERSONAL:
            continue
        columns = [column for column in table.columns if _is_read(column)]
        for row in session.execute(select(*columns).execution_options(yield_per=500)):
            found = _look(table, row, person, owners)
            if found is not None:
                yield found


def _is_read(column: Column[Any]) -> bool:
    """Whether a column is looked into: bytes are not, and nor is what nobody is given."""
    return not isinstance(column.type, LargeBinary) and column.name not in SECRET_COLUMNS


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts(item, f"{path}[{number}]")


def is_text(column: Column[Any]) -> bool:
    """Whether a column holds words that people write."""
    return isinstance(column.type, Text) and not column.foreign_keys


def _look(
    table: Table, row: Row[Any], person: Person, owners: Mapping[str, Mapping[str, str]]
) -> Holding | None:
    values = dict(row._mapping)
    organization_id = _organization_of(table, values, owners)
    own = any(values[name] in getattr(person, whose) for name, whose in _links(table))
    named: dict[str, Any] = {}
    for column in table.columns:
        value = values.get(column.name)
        if isinstance(column.type, JSON) and value:
            places = _named_in(value, person, organization_id)
            if places:
                named[column.name] = places
        elif is_text(column) and value and person.spans(value, organization_id):
            named[column.name] = value
    if not own and not named:
        return None
    key = {column.name: values[column.name] for column in table.primary_key}
    return Holding(table, key, values, own, organization_id, named)


def _links(table: Table) -> Iterator[tuple[str, str]]:
    """The columns by which a row belongs to an account or a contact."""
    for column in table.columns:
        for link in column.foreign_keys:
            if link.target_fullname in OWNERS:
                yield column.name, OWNERS[link.target_fullname]
    if f"{table.name}.id" in OWNERS:
        yield "id", OWNERS[f"{table.name}.id"]


def _named_in(value: Any, person: Person, organization_id: str | None) -> list[dict[str, str]]:
    """The texts of a document that name a person; of a contact that is the person, all of them."""
    found = [
        {"place": place, "text": text} for place, text in texts(value) if person.spans(text, organization_id)
    ]
    for place, contact in contacts(value):
        if person.is_contact(contact):
            found += [{"place": where, "text": text} for where, text in texts(contact, place)]
    return [dict(pair) for pair in dict.fromkeys(tuple(item.items()) for item in found)]


def contacts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every contact of a document with its place."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            here = f"{path}.{name}" if path else str(name)
            if name == "contacts" and isinstance(item, list):
                yield from ((f"{here}[{i}]", one) for i, one in enumerate(item) if isinstance(one, dict))
            else:
                yield from contacts(item, here)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from contacts(item, f"{path}[{number}]")


def _owners(session: Session) -> dict[str, dict[str, str]]:
    """Whose services and submissions are: the organisation by their identifier."""
    services = session.execute(select(Service.id, Service.organization_id)).all()
    submissions = session.execute(select(Submission.id, Submission.organization_id)).all()
    return {"service_id": dict(services), "submission_id": dict(submissions)}


def _organization_of(
    table: Table, values: Mapping[str, Any], owners: Mapping[str, Mapping[str, str]]
) -> str | None:
    if table.name == Organization.__tablename__:
        return str(values["id"])
    if values.get("organization_id"):
        return str(values["organization_id"])
    column = "submission_id" if table.name == Message.__tablename__ else "service_id"
    return owners[column].get(values.get(column) or "")

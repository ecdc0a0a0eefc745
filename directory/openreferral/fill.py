"""Fill the rows of an organisation from a checked document: what it leaves out is not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Date, Text, select
from sqlalchemy.orm import Session

from directory.models import (
    Accessibility,
    Address,
    Attribute,
    Base,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
    new_id,
    utc_now,
)
from directory.openreferral.protect import STRICTNESS, Protected

Row = TypeVar("Row", bound=Base)
Document = Mapping[str, Any]
# Columns that are set by rules of their own, never straight from the document.
OWN_RULES = {"id", "last_modified", "protection", "easting", "northing", "source_id"}


class Terms:
    """The taxonomy's terms, read once: by code, and by the words that an administrator gave them."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(select(Taxonomy.name, TaxonomyTerm).join(TaxonomyTerm.taxonomy)).all()
        self._by_code = {(taxonomy, term.code): term for taxonomy, term in rows}
        self._by_words = {
            (taxonomy, _plain(words)): term
            for taxonomy, term in reversed(rows)
            for words in (*term.synonyms.split(";"), term.name)
        }

    def find(self, taxonomy: str, code: str | None, words: str | None = None) -> TaxonomyTerm | None:
        """The term of that code or, failing that, of those words; None when there is none."""
        term = self._by_code.get((taxonomy, code or ""))
        return term or (self._by_words.get((taxonomy, _plain(words))) if words else None)


def give_terms(session: Session) -> int:
    """Give words that were kept as they came the terms that there now are for them; how many."""
    terms, count = Terms(session), 0
    for attribute in session.scalars(select(Attribute).where(Attribute.taxonomy_term_id.is_(None))):
        term = terms.find(attribute.link_type, attribute.value, attribute.value)
        if term is not None:
            attribute.term, attribute.value = term, None
            count += 1
    session.flush()
    return count


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def fill_organization(organization: Organization, document: Document, terms: Terms) -> None:
    """Set what a document says of the organisation itself."""
    _fill(organization, document)
    organization.identifiers = _rows(OrganizationIdentifier, document.get("organization_identifiers"))
    organization.phones = _rows(Phone, document.get("phones"))
    organization.contacts = _contacts(document.get("contacts"))
    organization.attributes = _attributes("organization", document.get("attributes"), terms)


def fill_services(
    session: Session, organization: Organization, document: Document, changed: Collection[str], terms: Terms
) -> None:
    """Set the changed services of a document; the others stay as they are."""
    known = {service.id: service for service in organization.services}
    places = Places(session, terms, Protected(session, organization))
    for part in document.get("services") or []:
        if part["id"] not in changed:
            continue
        service = known.get(part["id"])
        if service is None:
            service = Service(id=part["id"])
            organization.services.append(service)
        _fill_service(service, part, terms)
        service.fictional = bool(organization.fictional)
        service.service_at_locations = places.links(service, part)


def _fill_service(service: Service, part: Document, terms: Terms) -> None:
    _fill(service, part)
    service.status = part.get("status") or "active"
    service.last_modified = _moment(part.get("last_modified")) or utc_now()
    service.schedules = _rows(Schedule, part.get("schedules"))
    for position, schedule in enumerate(service.schedules):
        schedule.position = position
    service.service_areas = _rows(ServiceArea, part.get("service_areas"))
    service.cost_options = _rows(CostOption, part.get("cost_options"))
    service.languages = _rows(Language, part.get("languages"))
    service.phones = _rows(Phone, part.get("phones"))
    service.funding = _rows(Funding, part.get("funding"))
    service.contacts = _contacts(part.get("contacts"))
    service.attributes = _attributes("service", part.get("attributes"), terms)


class Places:
    """The places of one document, each made or filled once however many services share it."""

    def __init__(self, session: Session, terms: Terms, protected: Protected) -> None:
        self._session, self._terms, self._protected = session, terms, protected
        self._seen: dict[str, Location] = {}

    def links(self, service: Service, part: Document) -> list[ServiceAtLocation]:
        """The links of a service to its places, in the stead of those it had."""
        items = [link for link in part.get("service_at_locations") or [] if link.get("location")]
        named = {link["location"].get("id") for link in items}
        gone = [
            link.location.protection for link in service.service_at_locations if link.location_id not in named
        ]
        return [
            ServiceAtLocation(id=link.get("id") or new_id(), location=self._place(link["location"], gone))
            for link in items
        ]

    def _place(self, data: Document, gone: list[str]) -> Location:
        """Nothing that comes in can loosen a protection: an address once hidden stays hidden.

        A new place in the stead of others (`gone`) may be the same one with its address corrected.
        """
        key = data.get("id") or new_id()
        location = self._seen.get(key) or self._session.get(Location, key)
        before = [location.protection] if location else []
        if location is None or location in self._session.new:
            before += gone
        protection = max([self._protected.strictest(data), *before], key=STRICTNESS.index)
        location = self._seen[key] = location or Location(id=key)
        self._session.add(location)
        _fill_location(location, data, self._terms)
        location.protection = protection
        return location


def _fill_location(location: Location, data: Document, terms: Terms) -> None:
    _fill(location, data)
    location.location_type = data.get("location_type") or "physical"
    # A point that we took from the postcode is taken anew; it is not the source's word.
    given = data.get("latitude") is not None and data.get("point_source") != "postcode"
    location.point_source = "given" if given else None
    location.easting = location.northing = None
    location.addresses = _rows(Address, data.get("addresses"))
    location.accessibility = _rows(Accessibility, data.get("accessibility"))
    location.attributes = _attributes("location", data.get("attributes"), terms)


def _contacts(items: list[Document] | None) -> list[Contact]:
    contacts = _rows(Contact, items)
    for contact, item in zip(contacts, items or [], strict=True):
        contact.phones = _rows(Phone, item.get("phones"))
    return contacts


def _attributes(entity: str, items: list[Document] | None, terms: Terms) -> list[Attribute]:
    """Terms of the taxonomy, or the words as they came where there is no such term."""
    attributes = []
    for item in items or []:
        words = item.get("taxonomy_term") or {}
        link_type = item.get("link_type") or ""
        taxonomy = words.get("taxonomy") or link_type
        name, code = words.get("name") or item.get("value"), words.get("term")
        # A feed may call the taxonomy by a name of its own; the link's type is then ours.
        if terms.find(taxonomy, code, name) is None and terms.find(link_type, code, name) is not None:
            taxonomy = link_type
        term = terms.find(taxonomy, code, name)
        text = f"{name} ({code})" if name and code and name != code else name or code
        if term is None and not text:
            continue
        attributes.append(
            Attribute(
                id=item.get("id") or new_id(),
                link_entity=entity,
                # The public copy is filtered by this, so it is the name of the term's own taxonomy.
                link_type=taxonomy if term else (item.get("link_type") or taxonomy),
                term=term,
                # Beside a term, a value is what there is to say about it, such as the day of a review.
                value=_beside_term(item) if term else str(text),
            )
        )
    return attributes


def _beside_term(item: Document) -> str | None:
    """The value of an attribute whose term is named by its code: elsewhere the value is the term itself."""
    value, words = item.get("value"), item.get("taxonomy_term") or {}
    return str(value) if value and words.get("term") and value != words.get("name") else None


def _rows(model: type[Row], items: list[Document] | None) -> list[Row]:
    return [_fill(model(id=item.get("id") or new_id()), item) for item in items or []]


def _fill(row: Row, data: Document) -> Row:
    """Set the row's plain columns from the document; what the document leaves out is not known."""
    for column in row.__table__.columns:
        if column.foreign_keys or column.name in OWN_RULES:
            continue
        value = data.get(column.name)
        if value is None and (column.default is not None or not column.nullable):
            continue
        if isinstance(column.type, Date) and value is not None:
            value = date.fromisoformat(str(value)[:10])
        if isinstance(column.type, Text) and value is not None:
            value = str(value)  # a feed may give a number where the standard has a text
        setattr(row, column.name, value)
    return row


def _moment(text: Any) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=utc_now().tzinfo)

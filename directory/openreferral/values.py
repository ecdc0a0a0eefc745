"""What the profile has no field for, said by terms: each value is a term of a list that is named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

Document = Mapping[str, Any]

OURS = UUID("5f0c5a3e-2a0f-4c58-9a43-7d2b8e6f1c90")
TAXONOMIES: Mapping[str, str] = {
    "language": "Languages in which services are given.",
    "telephone": "Telephone numbers.",
    "e-mail": "E-mail addresses of contacts.",
    "other name": "Other names of organisations and services.",
    "how to get a place": "How a person gets a place, in words.",
    "place shown": "How exactly a place is shown: its point, its ward or its local authority.",
    "ward": "The ward that a place is in.",
    "local authority": "The local authority that a place is in.",
    "source": "Where a record is from, and the words in which its publisher asks to be credited.",
    "licence": "The licence under which a record may be used.",
    "note": "What must be known of a record.",
}
# Words that came in the place of a term and that no term fits.
IN_WORDS = " in words"
FICTIONAL = "Fictional: demonstration data. It does not exist."
PRECISIONS = {
    "open": "exact point",
    "approximate": "ward, with a point that stands for all of it",
    "hidden": "local authority, without a point",
    "virtual": "online or by telephone",
}


@dataclass(frozen=True)
class Value:
    """A value as a term: what it is given to, and in which list it is."""

    link_id: str
    taxonomy: str
    name: str

    @property
    def term_id(self) -> str:
        """The identifier of the term: the same value of the same list has the same."""
        return value_id(self.taxonomy, self.name)


def value_id(taxonomy: str, name: str) -> str:
    """The identifier of a value's term."""
    return str(uuid5(OURS, f"{taxonomy}\n{name}"))


def taxonomy_id(name: str) -> str:
    """The identifier of a list of values."""
    return str(uuid5(OURS, name))


def link_id(service_id: str, location_id: str) -> str:
    """The public identifier of a service at a place, made of two that are public."""
    return str(uuid5(OURS, f"{service_id}/{location_id}"))


def contact_id(owner_id: str, number: int) -> str:
    """The public identifier of a contact, which says nothing of the person."""
    return str(uuid5(OURS, f"{owner_id}/contact/{number}"))


def organization_values(document: Document) -> Iterator[Value]:
    """The values of a published organisation."""
    key = document["id"]
    yield from _common(document)
    for word, name in (("source", "title"), ("source", "attribution"), ("licence", "licence")):
        if document.get("source", {}).get(name):
            yield Value(key, word, document["source"][name])
    if document.get("fictional"):
        yield Value(key, "note", FICTIONAL)


def service_values(document: Document) -> Iterator[Value]:
    """The values of a published service, without its organisation, contacts and places."""
    yield from _common(document)
    for language in document.get("languages", []):
        yield Value(language["id"], "language", language["name"])
    if document.get("application_process"):
        yield Value(document["id"], "how to get a place", document["application_process"])


def location_values(location: Document) -> Iterator[Value]:
    """The values of a published place."""
    key = location["id"]
    yield Value(key, "place shown", PRECISIONS[location["precision"]])
    for name, word in (("ward", "ward"), ("authority", "local authority")):
        if location.get(name):
            yield Value(key, word, location[name])
    yield from _in_words(location)


def contacts_of(document: Document) -> Iterator[tuple[str, Document]]:
    """The contacts of a service and of its organisation, each with its public identifier."""
    for owner in (document, document["organization"]):
        for number, contact in enumerate(owner.get("contacts", [])):
            yield contact_id(f"{document['id']}/{owner['id']}", number), contact


def contact_values(key: str, contact: Document) -> Iterator[Value]:
    """The values of a contact who may be shown."""
    if contact.get("email"):
        yield Value(key, "e-mail", contact["email"])
    for phone in contact.get("phones", []):
        yield Value(key, "telephone", phone["number"])


def values_of(document: Document) -> Iterator[Value]:
    """Every value that the document of a published service gives, but its organisation's own."""
    yield from service_values(document)
    for key, contact in contacts_of(document):
        yield from contact_values(key, contact)
    for link in document.get("service_at_locations", []):
        yield from location_values(link["location"])


def _common(document: Document) -> Iterator[Value]:
    key = document["id"]
    if document.get("alternate_name"):
        yield Value(key, "other name", document["alternate_name"])
    for phone in document.get("phones", []):
        yield Value(key, "telephone", phone["number"])
    yield from _in_words(document)


def _in_words(document: Document) -> Iterator[Value]:
    for attribute in document.get("attributes", []):
        term = attribute["taxonomy_term"]
        if "term" not in term and term.get("name"):
            yield Value(document["id"], attribute["link_type"] + IN_WORDS, term["name"])

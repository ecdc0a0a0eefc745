"""What the register says of a charity beside its name: areas, classification, names, policies, removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.sources.charity_tables import AREAS, CLASSES, NAMES, POLICIES, Row
from directory.sources.dates import read_date
from directory.sources.identity import stable_id

MOST = 200
LONGEST = 300
# The register's classification, where a term of ours says the same. Everything else is kept in its words.
CATEGORIES = {
    "arts/culture/heritage/science": "arts",
    "amateur sport": "sport",
    "religious activities": "faith-work",
    "provides advocacy/advice/information": "advice",
    "provides buildings/facilities/open space": "spaces",
}


@dataclass
class Facts:
    """What the tables beside the main one say of one charity, in their order and each once."""

    areas: dict[str, str | None] = field(default_factory=dict)
    classes: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    policies: dict[str, None] = field(default_factory=dict)

    def add(self, table: str, row: Row, codes: Mapping[str, str]) -> None:
        """Add what a row says; a row that says nothing adds nothing."""
        if table == AREAS:
            name = _text(row, "geographic_area_description")
            if name and len(self.areas) < MOST:
                self.areas[name] = codes.get(name)
            return
        known, key = {
            CLASSES: (self.classes, "classification_description"),
            NAMES: (self.names, "charity_name"),
            POLICIES: (self.policies, "policy_name"),
        }[table]
        text = _text(row, key)
        if text and len(known) < MOST:
            known[text] = None


def document_of(
    document: dict[str, Any], row: Row, facts: Facts, own: tuple[str, str | None]
) -> dict[str, Any]:
    """The document of a charity with all that the register says; `own` is its number and its parent."""
    number, parent = own
    key, service = document["id"], dict(document["services"][0])
    service["attributes"] = [*service.get("attributes", []), *_classes(service["id"], facts)]
    service["service_areas"] = [
        {"id": stable_id(service["id"], "area", name), "name": name}
        | ({"extent": code, "extent_type": "gss"} if code else {})
        for name, code in facts.areas.items()
    ]
    if service.get("status") == "defunct":
        service["alert"] = _removal(row)
    others = [item for item in document.get("organization_identifiers", []) if _scheme(item) == "GB-COH"]
    charity = {
        "id": stable_id(key, "GB-CHC", number),
        "identifier_scheme": "GB-CHC",
        "identifier_type": "Charity number",
        "identifier": number,
    }
    names = [name for name in facts.names if name.casefold() != document["name"].casefold()]
    found = {
        **document,
        "alternate_name": "; ".join(names)[:1000],
        "parent_organization_id": parent,
        "organization_identifiers": [charity, *others],
        "attributes": [*document.get("attributes", []), *_policies(key, facts)],
        "services": [{name: value for name, value in service.items() if value not in ("", [], None)}],
    }
    return {name: value for name, value in found.items() if value not in ("", [], None)}


def _classes(owner: str, facts: Facts) -> Iterator[dict[str, Any]]:
    for words in facts.classes:
        code = CATEGORIES.get(words.casefold())
        taxonomy = "category" if code else "charity classification"
        yield _attribute(owner, taxonomy, code, words)


def _policies(owner: str, facts: Facts) -> Iterator[dict[str, Any]]:
    """A safeguarding policy is a term of ours; the other policies are kept in words."""
    safeguarding = [words for words in facts.policies if "safeguarding" in words.casefold()]
    if safeguarding:
        yield _attribute(owner, "assurance", "policy", safeguarding[0])
    for words in facts.policies:
        if words not in safeguarding:
            yield _attribute(owner, "policy", None, words)


def _attribute(owner: str, taxonomy: str, code: str | None, words: str) -> dict[str, Any]:
    term = {"term": code, "taxonomy": taxonomy} if code else {"name": words, "taxonomy": taxonomy}
    key = stable_id(owner, "attribute", taxonomy, code or words)
    return {"id": key, "link_type": taxonomy, "taxonomy_term": term}


def _removal(row: Row) -> str:
    found = read_date(str(row.get("date_of_removal") or "")[:10])
    on = f" on {found.day} {found:%B %Y}" if found else ""
    return f"Removed from the register of charities{on}."


def _scheme(item: Mapping[str, Any]) -> str:
    return str(item["identifier_scheme"])


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    good = "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
    return text[:LONGEST] if good else ""

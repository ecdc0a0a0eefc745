"""From a row to its organisation."""

from __future__ import annotations

import re
from typing import Any

from directory.openreferral.check import LONGEST_NAME
from directory.sources.cells import Cells
from directory.sources.identity import stable_id
from directory.sources.reach import read_email, read_phones, read_website
from directory.sources.row_to_terms import attributes_of

_ORG_ID = re.compile(r"([A-Z]{2}(?:-[A-Z0-9]+)+?)-([A-Za-z0-9.]+)")
_CHARITIES = (
    (re.compile(r"SC(\d{6})"), "GB-SC", "SC"),
    (re.compile(r"NIC?(\d{6})"), "GB-NIC", ""),
    (re.compile(r"(\d{6,7})(?:-0)?"), "GB-CHC", ""),
)
_COMPANY = re.compile(r"(?:[A-Z]{2}\d{6}|\d{5,8}|IP\d{5}R)")


def organization_from(cells: Cells, organization_id: str) -> dict[str, Any]:
    """The organisation that a row describes, without its services."""
    name = " ".join(cells.text("organisation").split())
    if len(name) > LONGEST_NAME:
        cells.reject("organisation", f"The name is longer than {LONGEST_NAME} characters. Shorten it.")
    organization: dict[str, Any] = {
        "id": organization_id,
        "name": name,
        "email": email_of(cells, "email"),
        "website": website_of(cells, "website"),
        "organization_identifiers": _identifiers(cells, organization_id),
        "phones": phones_of(cells, "phone", organization_id),
        "attributes": [
            attribute
            for taxonomy in ("kind", "faith", "network")
            for attribute in attributes_of(cells, taxonomy, organization_id)
        ],
    }
    return {key: value for key, value in organization.items() if value not in (None, "", [])}


def email_of(cells: Cells, key: str) -> str | None:
    """The e-mail address of a cell; a text that is none is flagged and kept as a note."""
    text = cells.text(key)
    email = read_email(text) if text else None
    if text and not email:
        cells.flag(key, f"{text!r} is not an e-mail address; it was kept as a note.", keep=text)
    return email


def website_of(cells: Cells, key: str) -> str | None:
    """The web address of a cell; a text that is none is flagged and kept as a note."""
    text = cells.text(key)
    website = read_website(text) if text else None
    if text and not website:
        cells.flag(key, f"{text!r} is not a web address; it was kept as a note.", keep=text)
    return website


def phones_of(cells: Cells, key: str, owner_id: str) -> list[dict[str, Any]]:
    """The telephone numbers of a cell; odd ones are kept as written and flagged."""
    text = cells.text(key)
    good, odd = read_phones(text) if text else ([], [])
    for number in odd:
        cells.flag(key, f"{number!r} does not look like a telephone number; it was kept as written.")
    return [{"id": stable_id(owner_id, "phone", number), "number": number} for number in (*good, *odd)]


def _identifiers(cells: Cells, organization_id: str) -> list[dict[str, Any]]:
    readers = {
        "charity_number": (_charity, "a charity number"),
        "company_number": (_company, "a company number"),
        "org_id": (_org_id, "an identifier such as GB-CHC-1234567"),
    }
    found = []
    for key, (reader, wanted) in readers.items():
        text = cells.text(key)
        item = reader(text) if text else None
        if item:
            number = stable_id(organization_id, item["identifier_scheme"], item["identifier"])
            found.append({"id": number, **item})
        elif text:
            cells.flag(key, f"{text!r} is not {wanted}; it was kept as a note.", keep=text)
    return found


def _org_id(text: str) -> dict[str, str] | None:
    match = _ORG_ID.fullmatch(text)
    return {"identifier_scheme": match[1], "identifier": match[2]} if match else None


def _charity(text: str) -> dict[str, str] | None:
    number = re.sub(r"^(CHARITY)?(NUMBER|NO)?", "", re.sub(r"[^A-Z0-9-]", "", text.upper()))
    for form, scheme, prefix in _CHARITIES:
        if match := form.fullmatch(number):
            return {
                "identifier_scheme": scheme,
                "identifier_type": "Charity number",
                "identifier": f"{prefix}{match[1]}",
            }
    return None


def _company(text: str) -> dict[str, str] | None:
    number = re.sub(r"\s", "", text.upper())
    if not _COMPANY.fullmatch(number):
        return None
    return {
        "identifier_scheme": "GB-COH",
        "identifier_type": "Company number",
        "identifier": number.zfill(8),
    }

"""Grants in the 360Giving standard: who was funded, for what, and where the benefit falls.

Grants to people are passed over, and so are the addresses of organisations: neither is our business.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from directory.sources.charity_register import area_codes, is_storable
from directory.sources.dates import read_date
from directory.sources.entry import Entry, Grant, Reading, Rejected, SourceError, Table, TableRow
from directory.sources.mapping import SourceMapping
from directory.sources.spreadsheet import read_table
from directory.sources.strict_json import read_json
from directory.sources.template import read_rows

MOST_AREAS = 200
LONGEST = 500
PEOPLE = "they were made to people"
NOT_HERE = "their organisations are not asked for, or work elsewhere"
ID, TITLE, AMOUNT, CURRENCY, DAY = "identifier", "title", "amount awarded", "currency", "award date"
ORG, NAME = "recipient org:identifier", "recipient org:name"
CHARITY, COMPANY = "recipient org:charity number", "recipient org:company number"
WEB, FUNDER = "recipient org:web address", "funding org:name"
AREA_NAME, AREA_CODE = "beneficiary location:name", "beneficiary location:geographic code"
# Where each stands in JSON: the list it is in, and its name there.
_IN_JSON = {
    ID: ("", "id"),
    TITLE: ("", "title"),
    AMOUNT: ("", "amountAwarded"),
    CURRENCY: ("", "currency"),
    DAY: ("", "awardDate"),
    ORG: ("recipientOrganization", "id"),
    NAME: ("recipientOrganization", "name"),
    CHARITY: ("recipientOrganization", "charityNumber"),
    COMPANY: ("recipientOrganization", "companyNumber"),
    WEB: ("recipientOrganization", "url"),
    FUNDER: ("fundingOrganization", "name"),
    AREA_NAME: ("beneficiaryLocation", "name"),
    AREA_CODE: ("beneficiaryLocation", "geoCode"),
}
_PERSON = ("recipient ind", "recipientindividual")
_HEADINGS = {
    "Recipient Org:Name": NAME,
    "Recipient Org:Identifier": ORG,
    "Recipient Org:Charity Number": CHARITY,
    "Recipient Org:Company Number": COMPANY,
    "Recipient Org:Web Address": WEB,
    "Funding Org:Name": FUNDER,
}
Fields = dict[str, list[str]]


def read(path: Path, mapping: SourceMapping) -> Reading:
    """Read grants. Organisations come with them only where the mapping's options say so."""
    grants: dict[str, Grant] = {}
    rejected: list[Rejected] = []
    rows: list[TableRow] = []
    not_wanted: Counter[str] = Counter()
    number = 0
    areas = {code: name for name, code in area_codes(mapping).items()}
    for number, (fields, is_person) in enumerate(_grants(path, mapping), 1):
        if is_person and not fields.get(NAME):
            not_wanted[PEOPLE] += 1
            continue
        reason = _fault(fields, grants)
        if reason:
            rejected.append(Rejected(number, *reason, {name: "; ".join(v) for name, v in fields.items()}))
            continue
        grant = _grant(fields)
        grants[grant.key] = grant
        here = {code for code in fields.get(AREA_CODE, []) if code in areas}
        here |= {code for code, name in areas.items() if name in fields.get(AREA_NAME, [])}
        if "yes" in mapping.option("organisations") and here and fields.get(ORG):
            rows.append(_row(number, fields, here))
        else:
            not_wanted[NOT_HERE] += 1
    reading = read_rows(Table([*_HEADINGS, "Area served"], _once(rows)), mapping)
    return replace(
        reading,
        entries=[_without_marks(entry) for entry in reading.entries],
        rejected=sorted([*reading.rejected, *rejected], key=lambda item: item.row),
        rows=number,
        not_wanted=dict(not_wanted),
        grants=tuple(grants.values()),
    )


def _grants(path: Path, mapping: SourceMapping) -> Iterator[tuple[Fields, bool]]:
    """The fields of each grant by their headings, and whether it was made to a person."""
    if path.suffix.casefold() != ".json":
        for row in read_table(path, mapping).rows:
            yield _of_row(row.texts)
        return
    document = read_json(path)
    listed = document.get("grants") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise SourceError(f"{path.name} has no list of grants, as the 360Giving standard wants it.")
    for item in listed:
        yield _of_json(item if isinstance(item, dict) else {})


def _of_row(texts: Mapping[str, str]) -> tuple[Fields, bool]:
    """Headings may number what there is several of: "Beneficiary Location:1:Name"."""
    fields: Fields = {}
    is_person = False
    for heading, text in texts.items():
        name = re.sub(r"\s*:\s*", ":", re.sub(r":\d+(?=:)", "", heading)).strip().casefold()
        if text.strip():
            is_person = is_person or name.startswith(_PERSON)
            if name in _IN_JSON:
                fields.setdefault(name, []).append(text.strip())
    return fields, is_person


def _of_json(item: Mapping[str, Any]) -> tuple[Fields, bool]:
    fields: Fields = {}
    for name, (place, key) in _IN_JSON.items():
        things = item.get(place) if place else [item]
        some = things if isinstance(things, list) else [things]
        values = [thing.get(key) for thing in some[:MOST_AREAS] if isinstance(thing, dict)]
        texts = [str(value).strip() for value in values if type(value) in (str, int, float)]
        if any(texts):
            fields[name] = [text for text in texts if text]
    return fields, bool(item.get("recipientIndividual"))


def _fault(fields: Fields, grants: Mapping[str, Grant]) -> tuple[str, str] | None:
    """Why a grant cannot be taken: the field, and the reason."""
    for name in (ID, NAME, FUNDER):
        if not fields.get(name):
            return name, "It is missing. The standard wants it."
    if fields[ID][0] in grants:
        return ID, f"The grant {fields[ID][0][:80]!r} stands twice."
    if not all(is_storable(text) for texts in fields.values() for text in texts):
        return ID, "It has a character that cannot be stored."
    if fields.get(AMOUNT) and _amount(fields) is None:
        return AMOUNT, f"{fields[AMOUNT][0][:40]!r} is not an amount."
    return None


def _grant(fields: Fields) -> Grant:
    day = read_date(fields[DAY][0][:10]) if fields.get(DAY) else None
    names = list(dict.fromkeys(fields.get(AREA_NAME, [])))
    return Grant(
        key=fields[ID][0][:LONGEST],
        org_ids=tuple(dict.fromkeys(_org_ids(fields))),
        funder=fields[FUNDER][0][:LONGEST],
        title=(fields.get(TITLE) or ["Not said"])[0][:LONGEST],
        amount=_amount(fields),
        currency=(fields.get(CURRENCY) or ["GBP"])[0][:3].upper(),
        awarded_on=day,
        benefits="; ".join(names)[:LONGEST] or None,
    )


def _org_ids(fields: Fields) -> Iterator[str]:
    """The recipient's identifiers, as org-id.guide writes them."""
    for text in fields.get(ORG, []):
        yield text.upper()
    for text in fields.get(CHARITY, []):
        number = text.upper().replace(" ", "")
        yield f"GB-SC-{number}" if number.startswith("SC") else f"GB-CHC-{number}"
    for text in fields.get(COMPANY, []):
        yield f"GB-COH-{text.upper().replace(' ', '').zfill(8)}"


def _amount(fields: Fields) -> float | None:
    text = (fields.get(AMOUNT) or [""])[0].replace(",", "").replace("£", "").strip()
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if math.isfinite(amount) and abs(amount) < 1e12 else None


def _row(number: int, fields: Fields, codes: set[str]) -> TableRow:
    texts = {heading: (fields.get(name) or [""])[0] for heading, name in _HEADINGS.items()}
    texts["Area served"] = "; ".join(sorted(codes))
    return TableRow(number, dict(texts), texts)


def _once(rows: list[TableRow]) -> list[TableRow]:
    """One row an organisation, with the funders and areas of all its grants."""
    found: dict[str, TableRow] = {}
    for row in rows:
        key = row.texts["Recipient Org:Identifier"]
        first = found.get(key)
        if first is None:
            found[key] = row
            continue
        joined = {
            name: "; ".join(dict.fromkeys([*first.texts[name].split("; "), *row.texts[name].split("; ")]))
            for name in ("Funding Org:Name", "Area served")
        }
        found[key] = replace(first, texts={**first.texts, **joined})
    return list(found.values())


def _without_marks(entry: Entry) -> Entry:
    """Without a number that means something only within the funder's own files."""
    kept = [
        item
        for item in entry.document.get("organization_identifiers", [])
        if not item["identifier_scheme"].startswith("360G")
    ]
    document = {**entry.document, "organization_identifiers": kept}
    return replace(entry, document={name: value for name, value in document.items() if value != []})

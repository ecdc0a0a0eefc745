"""The Charity Commission's public extract: charities that work in or near the areas that the mapping names.

The correspondence address is read for one thing, whether a charity is near, and then forgotten: it is often
somebody's home.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from directory.sources.charity_facts import Facts, document_of
from directory.sources.charity_tables import AREAS, CLASSES, MAIN, NAMES, POLICIES, Extract, Row, find_tables
from directory.sources.entry import Entry, Reading, Rejected, SourceError, Table, TableRow
from directory.sources.identity import normalise, stable_id
from directory.sources.mapping import SourceMapping
from directory.sources.template import read_rows

CODES = {"Throughout England": "E92000001", "Throughout England And Wales": "K04000001"}
ELSEWHERE = "they work elsewhere"
HERE, WIDE, OTHER = 1, 2, 4
KEPT = (
    "organisation_number",
    "registered_charity_number",
    "linked_charity_number",
    "charity_name",
    "charity_registration_status",
    "date_of_removal",
    "charity_company_registration_number",
    "charity_activities",
    "charity_contact_web",
)
_HEADINGS = {
    "Organisation name": "charity_name",
    "Company number": "charity_company_registration_number",
    "What it does": "charity_activities",
    "Organisation website": "charity_contact_web",
}
_CONTACT = {
    "email": ("Organisation email", "charity_contact_email"),
    "phone": ("Organisation telephone", "charity_contact_phone"),
}


@dataclass
class _Chosen:
    """The charities that are taken: their rows, and those that are not, counted by the reason."""

    rows: dict[int, Row] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    count: int = 0
    not_wanted: Counter[str] = field(default_factory=Counter)


def read(path: Path, mapping: SourceMapping) -> Reading:
    """Read a folder with the tables of the extract, or a zip of them, into organisation documents."""
    extract = find_tables(path)
    codes = CODES | area_codes(mapping)
    chosen = _choose(extract, mapping, codes)
    headings = [*_HEADINGS, "Organisation identifier", "Status"]
    wanted = [_CONTACT[name] for name in mapping.option("contact") if name in _CONTACT]
    headings += [heading for heading, _ in wanted]
    columns = {**_HEADINGS, **dict(wanted)}
    table = Table(
        headings,
        [TableRow(number, row, _texts(row, columns)) for number, row in chosen.rows.items()],
        chosen.rejected,
    )
    reading = read_rows(table, mapping)
    facts, mains = _facts(extract, chosen, codes), _mains(chosen, mapping)
    return replace(
        reading,
        entries=[_with_facts(entry, chosen.rows[entry.rows[0]], facts, mains) for entry in reading.entries],
        rows=chosen.count,
        not_wanted=dict(chosen.not_wanted),
    )


def area_codes(mapping: SourceMapping) -> dict[str, str]:
    """The official codes of the areas that the mapping names, such as "Dudley = E08000027"."""
    pairs = [text.partition("=") for text in mapping.option("areas")]
    codes = {name.strip(): code.strip() for name, _, code in pairs}
    if not codes or not all(codes.values()):
        raise SourceError(f'The mapping {mapping.source!r}: areas must name areas as "Dudley = E08000027".')
    return codes


def org_number(row: Mapping[str, Any]) -> str:
    """The number as org-id.guide writes it: of a linked charity, with the number of the link."""
    linked = row.get("linked_charity_number") or 0
    return f"{row['registered_charity_number']}-{linked}" if linked else f"{row['registered_charity_number']}"


def _choose(extract: Extract, mapping: SourceMapping, codes: Mapping[str, str]) -> _Chosen:
    """Go through the register once: who works here, who is near, and how many are neither."""
    where = _where(extract, frozenset(codes) - frozenset(CODES))
    names = (*KEPT, *(_CONTACT[name][1] for name in mapping.option("contact") if name in _CONTACT))
    near = tuple(mapping.option("near"))
    chosen = _Chosen()
    for number, row in enumerate(extract.rows(MAIN), 1):
        chosen.count = number
        reason = _fault(row)
        if reason:
            kept = {name: row[name] for name in names if name in row}
            chosen.rejected.append(Rejected(number, "registered_charity_number", reason, kept))
            continue
        flags = where.get(row["registered_charity_number"], 0)
        is_near = not flags & OTHER and postcode_area(row.get("charity_contact_postcode")) in near
        if flags & HERE or is_near:
            chosen.rows[number] = {name: row[name] for name in names if name in row}
        else:
            chosen.not_wanted[ELSEWHERE] += 1
    return chosen


def _fault(row: Row) -> str | None:
    for key in ("registered_charity_number", "organisation_number"):
        if type(row.get(key)) is not int:
            return f"{key} is missing, or no whole number."
    if type(row.get("linked_charity_number") or 0) is not int:
        return "linked_charity_number is no whole number."
    texts = [row.get(key) for key in KEPT[3:]]
    if not all(text is None or isinstance(text, str | int) for text in texts):
        return "A list or an object stands where a text belongs."
    if any(isinstance(text, str) and not is_storable(text) for text in texts):
        return "It has a character that cannot be stored."
    return None


def is_storable(text: str) -> bool:
    """Whether every database can keep a text."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def postcode_area(postcode: object) -> str:
    """The letters that a postcode begins with; "" if it has none.

    >>> postcode_area("b19 2th"), postcode_area(None)
    ('B', '')
    """
    text = str(postcode or "").strip().upper()
    letters = text[: next((place for place, c in enumerate(text) if not c.isalpha()), 0)]
    return letters if len(letters) <= 2 else ""


def _where(extract: Extract, here: frozenset[str]) -> dict[int, int]:
    """By registered number, whether a charity works here, widely, or in places elsewhere."""
    flags: dict[int, int] = {}
    for row in extract.rows(AREAS):
        number, name = row.get("registered_charity_number"), row.get("geographic_area_description")
        if type(number) is not int or not isinstance(name, str):
            continue
        kind = row.get("geographic_area_type")
        flag = HERE if name in here else WIDE if name in CODES else OTHER
        if kind in ("Local Authority", "Region"):
            flags[number] = flags.get(number, 0) | flag
    return flags


def _texts(row: Row, columns: Mapping[str, str]) -> dict[str, str]:
    texts = {heading: str(row.get(key) or "") for heading, key in columns.items()}
    is_removed = str(row.get("charity_registration_status") or "").casefold() == "removed"
    return texts | {
        "Organisation identifier": f"GB-CHC-{org_number(row)}",
        "Status": "defunct" if is_removed else "active",
    }


def _facts(extract: Extract, chosen: _Chosen, codes: Mapping[str, str]) -> dict[int, Facts]:
    """What the other tables say of the charities that are taken, by organisation number."""
    facts = {row["organisation_number"]: Facts() for row in chosen.rows.values()}
    for table in (AREAS, CLASSES, NAMES, POLICIES):
        for row, fact in _of_chosen(extract.rows(table), facts):
            fact.add(table, row, codes)
    return facts


def _of_chosen(rows: Iterator[Row], facts: Mapping[int, Facts]) -> Iterator[tuple[Row, Facts]]:
    for row in rows:
        number = row.get("organisation_number")
        if isinstance(number, int) and number in facts:
            yield row, facts[number]


def _mains(chosen: _Chosen, mapping: SourceMapping) -> dict[int, str]:
    """The identifiers of the main charities that are taken, as the reader of rows makes them."""
    return {
        row["registered_charity_number"]: stable_id(
            mapping.source, "organization", normalise(f"GB-CHC-{org_number(row)}")
        )
        for row in chosen.rows.values()
        if not row.get("linked_charity_number")
    }


def _with_facts(entry: Entry, row: Row, facts: Mapping[int, Facts], mains: Mapping[int, str]) -> Entry:
    parent = mains.get(row["registered_charity_number"]) if row.get("linked_charity_number") else None
    identifier = org_number(row)
    document = document_of(entry.document, row, facts[row["organisation_number"]], (identifier, parent))
    is_removed = document["services"][0].get("status") == "defunct"
    return replace(entry, key=f"GB-CHC-{identifier}", document=document, only_if_known=is_removed)

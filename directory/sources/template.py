"""From the rows of a table to organisation documents: one row a service, one entry an organisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from directory.sources.cells import Cells, RowRejectedError
from directory.sources.columns import EXAMPLE
from directory.sources.entry import Entry, Flag, NotUnderstood, Reading, Rejected, Table
from directory.sources.identity import normalise, stable_id
from directory.sources.mapping import SourceMapping, plan_columns
from directory.sources.row_to_location import Place, read_place
from directory.sources.row_to_organization import organization_from
from directory.sources.row_to_service import service_from, service_name


@dataclass
class _Draft:
    """An organisation while its rows are gathered."""

    document: dict[str, Any]
    first_row: int
    rows: list[int] = field(default_factory=list)
    services: dict[str, Cells] = field(default_factory=dict)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def read_rows(table: Table, mapping: SourceMapping) -> Reading:
    """Group rows into organisations. A row that cannot be taken is rejected and leaves no trace."""
    plan = plan_columns(table.headings, mapping)
    drafts: dict[str, _Draft] = {}
    rejected = list(table.rejected)
    examples = 0
    for row in table.rows:
        try:
            cells = Cells(row, plan, mapping)
            if cells.text("organisation").casefold().startswith(EXAMPLE.casefold()):
                examples += 1
            else:
                _add_row(drafts, cells)
        except RowRejectedError as problem:
            rejected.append(Rejected(row.number, problem.field, problem.reason, row.original))
    entries = [_entry(key, draft) for key, draft in drafts.items()]
    rejected.sort(key=lambda item: item.row)
    originals = {row.number: row.original for row in table.rows}
    originals |= {item.row: item.original for item in table.rejected}
    return Reading(entries, rejected, len(originals) - examples, examples, originals)


def _add_row(drafts: dict[str, _Draft], cells: Cells) -> None:
    """Add one row to its organisation. Everything that can refuse it comes before anything is changed."""
    if not normalise(cells.text("organisation")):
        cells.reject("organisation", "There is no organisation name. Give one.")
    place = read_place(cells)
    key = _key(cells, cells.mapping.organisation_key, place)
    organization_id = stable_id(cells.mapping.source, "organization", key)
    service_id = stable_id(organization_id, "service", _key(cells, cells.mapping.service_key, place))
    draft = drafts.get(key)
    if draft and service_id in draft.services:
        _same_service(draft, draft.services[service_id], cells)
        return
    organization = organization_from(cells, organization_id)
    if draft:
        _compare(draft, organization, cells)
    service = service_from(cells, place, service_id)
    if cells.notes:
        service["notes"] = "\n".join(cells.notes)
    draft = drafts.setdefault(key, _Draft({**organization, "services": []}, cells.number))
    _merge(draft.document, organization)
    draft.document["services"].append(service)
    draft.services[service_id] = cells
    _note_row(draft, cells)


def _key(cells: Cells, names: tuple[str, ...], place: Place) -> str:
    parts = []
    for name in names:
        if name == "place":
            parts.append(place.key(cells))
        elif name == "service":
            parts.append(normalise(service_name(cells)))
        else:
            parts.append(cells.key_text(name))
    key = "|".join(parts)
    if not key.strip("|"):
        cells.reject(
            "organisation", f"There is nothing in {' and '.join(names)} to tell this row from others."
        )
    return key


def _same_service(draft: _Draft, first: Cells, cells: Cells) -> None:
    if not cells.same_as(first):
        cells.reject(
            "service",
            f"The same organisation, service and place as row {first.number}, but the rest differs."
            " Correct one of the two, or give the service another name.",
        )
    cells.flag("service", f"The same in every cell as row {first.number}; it was taken once.")
    _note_row(draft, cells)


def _note_row(draft: _Draft, cells: Cells) -> None:
    draft.rows.append(cells.number)
    draft.not_understood += cells.not_understood
    draft.flags += cells.flags


def _compare(draft: _Draft, organization: dict[str, Any], cells: Cells) -> None:
    """Two rows of one organisation: another register number means two organisations; the rest is flagged."""
    known = {item["identifier_scheme"]: item for item in draft.document.get("organization_identifiers", [])}
    for item in organization.get("organization_identifiers", []):
        other = known.get(item["identifier_scheme"])
        if other and other["identifier"] != item["identifier"]:
            what = item.get("identifier_type", "identifier").lower()
            cells.reject(
                "organisation",
                f"Row {draft.first_row} has the same organisation name but the {what} {other['identifier']}."
                " If they are two organisations, give them different names.",
            )
    for key in ("email", "website"):
        mine, other = organization.get(key), draft.document.get(key)
        if mine and other and mine != other:
            cells.flag(key, f"Not the same as in row {draft.first_row}, which was kept: {other}.", keep=mine)


def _merge(document: dict[str, Any], organization: dict[str, Any]) -> None:
    """Add what the document does not have yet."""
    for key, value in organization.items():
        if isinstance(value, list):
            known = {item["id"] for item in document.get(key, [])}
            document[key] = [*document.get(key, []), *(item for item in value if item["id"] not in known)]
        else:
            document.setdefault(key, value)


def _entry(key: str, draft: _Draft) -> Entry:
    return Entry(key, draft.document, tuple(draft.rows), tuple(draft.not_understood), tuple(draft.flags))

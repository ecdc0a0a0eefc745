"""The tabular package of the profile: one table a kind of thing, and datapackage.json that describes them."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, get_args
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from directory.cells import safe_cell
from directory.exporting import credits
from directory.exporting.terms import Shape, read_terms
from directory.exporting.write_text import FICTIONAL, is_fictional, whole_organizations
from directory.openreferral import profile
from directory.openreferral.formats import write_moment

# The tables of the profile: the model of a row, the name of its file, and the field in which rows stand.
TABLES: Mapping[str, tuple[type[BaseModel], str, str]] = {
    "organization": (profile.Organization, "organizations.csv", ""),
    "organization_identifier": (
        profile.OrganizationIdentifier, "organization_identifiers.csv", "organization_identifiers",
    ),
    "service": (profile.Service, "services.csv", "services"),
    "attribute": (profile.Attribute, "attribute.csv", "attributes"),
    "service_at_location": (profile.PlaceOfService, "service_at_location.csv", "service_at_locations"),
    "location": (profile.Location, "locations.csv", "location"),
    "address": (profile.Address, "address.csv", "addresses"),
    "accessibility": (profile.Accessibility, "accessibility.csv", "accessibility"),
    "schedule": (profile.Schedule, "schedule.csv", "schedules"),
    "service_area": (profile.ServiceArea, "service_areas.csv", "service_areas"),
    "language": (profile.Language, "languages.csv", "languages"),
    "funding": (profile.Funding, "funding.csv", "funding"),
    "cost_option": (profile.CostOption, "cost_options.csv", "cost_options"),
    "contact": (profile.Contact, "contacts.csv", "contacts"),
    "taxonomy": (profile.Taxonomy, "taxonomies.csv", ""),
    "taxonomy_term": (profile.TaxonomyTerm, "taxonomy_terms.csv", "taxonomy_term"),
}  # fmt: skip
BY_FIELD = {field: name for name, (_, _, field) in TABLES.items() if field}
# A table says of what an attribute is; within a document that can be seen.
LINK_ENTITY = "link_entity"
KEYS = {
    "organization_id": "organization",
    "service_id": "service",
    "location_id": "location",
    "service_at_location_id": "service_at_location",
    "taxonomy_id": "taxonomy",
    "taxonomy_term_id": "taxonomy_term",
}
TYPES = {"string": "string", "number": "number", "integer": "integer"}


def write_package(session: Session, path: Path, folder: Path, moment: datetime) -> None:
    """Write the package as a zip, with its tables in a folder first."""
    with ExitStack() as stack:
        tables = _Tables(folder, stack)
        for taxonomy in read_terms(session).taxonomies:
            tables.write("taxonomy", taxonomy)
        for term in read_terms(session).terms.values():
            tables.write("taxonomy_term", term)
        for organization in whole_organizations(session):
            tables.add("organization", organization)
    described = describe_package(moment, fictional=is_fictional(session)) | credits.described(session)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("datapackage.json", json.dumps(described, ensure_ascii=False, indent=1))
        for _, file_name, _ in TABLES.values():
            packed.write(folder / file_name, file_name)


class _Tables:
    """Open tables, and which rows of each are in: a place that several services share is one row."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.columns = {name: columns_of(name) for name in TABLES}
        self.files: dict[str, TextIO] = {
            name: stack.enter_context((folder / file_name).open("w", encoding="utf-8", newline=""))
            for name, (_, file_name, _) in TABLES.items()
        }
        self.writers = {name: csv.writer(file) for name, file in self.files.items()}
        self.seen: dict[str, set[bytes]] = {name: set() for name in TABLES}
        for name, columns in self.columns.items():
            self.writers[name].writerow(columns)

    def add(self, table: str, thing: Shape) -> None:
        """Add a thing with all that stands in it."""
        if not self.write(table, thing):
            return
        for field, value in thing.items():
            inside = BY_FIELD.get(field)
            if inside is None or isinstance(value, str):
                continue
            for item in value if isinstance(value, list) else [value]:
                self.add(inside, {**item, LINK_ENTITY: table} if inside == "attribute" else item)

    def write(self, table: str, thing: Shape) -> bool:
        """Write a row, unless it is there."""
        key = UUID(thing["id"]).bytes
        if key in self.seen[table]:
            return False
        self.seen[table].add(key)
        self.writers[table].writerow([_cell(column, thing.get(column)) for column in self.columns[table]])
        return True


def _cell(column: str, value: Any) -> Any:
    # A rule such as -1FR is checked when it comes in: a mark before it would make it another.
    return value if column in ("byday", "bymonthday") else safe_cell(value)


def columns_of(table: str) -> list[str]:
    """The columns of a table: the plain fields of its model."""
    model = TABLES[table][0]
    plain = [name for name, field in model.model_fields.items() if not _is_nested(field.annotation)]
    return plain + ([LINK_ENTITY] if table == "attribute" else [])


def describe_package(moment: datetime, *, fictional: bool) -> dict[str, Any]:
    """The description of the package (Tabular Data Package)."""
    about = "Community organisations and their services, after the Open Referral UK profile, version 3."
    return {
        "profile": "tabular-data-package",
        "name": "directory",
        "title": "Directory of community organisations",
        "description": f"{about} {FICTIONAL}" if fictional else about,
        "version": profile.VERSION,
        "created": write_moment(moment),
        "resources": [_resource(name) for name in TABLES],
    }


def _resource(table: str) -> dict[str, Any]:
    model, file_name, _ = TABLES[table]
    properties = model.model_json_schema()["properties"]
    needed = model.model_json_schema().get("required", [])
    columns = columns_of(table)
    return {
        "name": table,
        "path": file_name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": (model.__doc__ or "").strip(),
        "schema": {
            "fields": [_field(name, properties.get(name, {}), needed=name in needed) for name in columns],
            "primaryKey": "id",
            "foreignKeys": list(_foreign_keys(table, columns)),
        },
    }


def _field(name: str, schema: Mapping[str, Any], *, needed: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "type": TYPES.get(schema.get("type", ""), "string")}
    if schema.get("format") in ("uuid", "email", "uri"):
        made["format"] = schema["format"]
    made["description"] = schema.get("description", "What the term is given to: the name of a table.")
    constraints = {key: value for key, value in (("required", needed), ("unique", name == "id")) if value}
    return made | ({"constraints": constraints} if constraints else {})


def _foreign_keys(table: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    for column in columns:
        target = KEYS.get(column)
        if target and target != table:
            yield {"fields": column, "reference": {"resource": target, "fields": "id"}}


def _is_nested(annotation: Any) -> bool:
    inner = get_args(annotation)[0] if get_args(annotation) else annotation
    return isinstance(inner, type) and issubclass(inner, BaseModel)

"""The taxonomies as data: put them in from a table, write them out to be edited."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Taxonomy, TaxonomyTerm

COLUMNS = ("taxonomy", "code", "name", "description", "parent", "synonyms")
DESCRIPTIONS = {
    "category": "Kinds of intervention that help to prevent violence.",
    "group": "Young people and families for whom a service is meant.",
    "gender": "For whom a service is, by gender.",
    "kind": "Kinds of organisation.",
    "faith": "Faith traditions.",
    "referral": "How a person gets a place.",
    "network": "Networks that organisations belong to.",
    "accessibility": "What makes a place easy to get into and use.",
}


class TaxonomyError(ValueError):
    """A table of terms cannot be used; the message names the row and the reason."""


@dataclass(frozen=True)
class TermCounts:
    """What loading a table of terms did."""

    added: int
    changed: int
    unchanged: int


def bundled_terms() -> Path:
    """The table of terms that comes with the directory."""
    return Path(str(resources.files("directory") / "taxonomy.csv"))


def load_terms(session: Session, path: Path) -> TermCounts:
    """Add or change terms from a CSV table. Terms that the table leaves out stay as they are."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(_read(csv.DictReader(file)))
    taxonomies = {taxonomy.name: taxonomy for taxonomy in session.scalars(select(Taxonomy))}
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for position, row in enumerate(rows):
        name = row["taxonomy"]
        if name not in taxonomies:
            taxonomies[name] = Taxonomy(name=name, description=DESCRIPTIONS.get(name, ""))
            session.add(taxonomies[name])
        counts[_set_term(taxonomies[name], row, position)] += 1
    session.flush()
    _set_parents(session, taxonomies, rows)
    return TermCounts(**counts)


def write_terms(session: Session, file: TextIO) -> int:
    """Write every term as a CSV table that `load_terms` reads; the number of terms."""
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    terms = session.execute(
        select(Taxonomy.name, TaxonomyTerm)
        .join(TaxonomyTerm.taxonomy)
        .order_by(TaxonomyTerm.position, Taxonomy.name, TaxonomyTerm.code)
    ).all()
    codes = {term.id: term.code for _, term in terms}
    for taxonomy, term in terms:
        values = {name: getattr(term, name) for name in ("code", "name", "description", "synonyms")}
        writer.writerow({"taxonomy": taxonomy, "parent": codes.get(term.parent_id or "", ""), **values})
    return len(terms)


def _read(reader: csv.DictReader[str]) -> Iterable[dict[str, str]]:
    missing = {"taxonomy", "code", "name"} - set(reader.fieldnames or [])
    if missing:
        raise TaxonomyError(f"The table has no column {', '.join(sorted(missing))}.")
    for number, row in enumerate(reader, start=2):
        values = {name: (row.get(name) or "").strip() for name in COLUMNS}
        for name in ("taxonomy", "code", "name"):
            if not values[name]:
                raise TaxonomyError(f"Row {number} has no {name}. Nothing was loaded.")
        yield values


def _set_term(taxonomy: Taxonomy, row: Mapping[str, str], position: int) -> str:
    term = next((term for term in taxonomy.terms if term.code == row["code"]), None)
    wanted = {name: row[name] for name in ("name", "description", "synonyms")}
    if term is None:
        taxonomy.terms.append(TaxonomyTerm(code=row["code"], position=position, **wanted))
        return "added"
    same = all(getattr(term, name) == value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(term, name, value)
    return "unchanged" if same else "changed"


def _set_parents(
    session: Session, taxonomies: Mapping[str, Taxonomy], rows: Iterable[Mapping[str, str]]
) -> None:
    for row in rows:
        terms = {term.code: term for term in taxonomies[row["taxonomy"]].terms}
        if row["parent"] and row["parent"] not in terms:
            raise TaxonomyError(f"The term {row['code']} has a parent, {row['parent']}, that is not a term.")
        terms[row["code"]].parent_id = terms[row["parent"]].id if row["parent"] else None
    session.flush()


def term_names(session: Session, taxonomy: str) -> dict[str, str]:
    """The names of a taxonomy's terms by code, in their order."""
    rows = session.execute(
        select(TaxonomyTerm.code, TaxonomyTerm.name)
        .join(TaxonomyTerm.taxonomy)
        .where(Taxonomy.name == taxonomy)
        .order_by(TaxonomyTerm.position, TaxonomyTerm.code)
    )
    return dict(rows.all())


def ensure_bundled_terms(session: Session) -> int:
    """Put the bundled terms into a directory that has none; the number added."""
    if session.scalar(select(TaxonomyTerm.id).limit(1)) is not None:
        return 0
    return load_terms(session, bundled_terms()).added

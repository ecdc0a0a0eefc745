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

from directory.cells import plain_cell, safe_cell
from directory.models import Taxonomy, TaxonomyTerm
from directory.remembering import remember

COLUMNS = ("taxonomy", "code", "name", "description", "parent", "synonyms")
Key = tuple[str, str]  # the name of a taxonomy and the code of one of its terms
DESCRIPTIONS = {
    "category": "Kinds of intervention that help to prevent violence.",
    "group": "Young people and families for whom a service is meant.",
    "gender": "For whom a service is, by gender.",
    "kind": "Kinds of organisation.",
    "faith": "Faith traditions.",
    "referral": "How a person gets a place.",
    "network": "Networks that organisations belong to.",
    "accessibility": "What makes a place easy to get into and use.",
    "assurance": "What an organisation says that it has in place to keep people safe.",
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
    rows = _read(path)
    taxonomies = {taxonomy.name: taxonomy for taxonomy in session.scalars(select(Taxonomy))}
    terms = {(name, term.code): term for name, taxonomy in taxonomies.items() for term in taxonomy.terms}
    before = {key: _facts(key[0], term, terms) for key, term in terms.items()}
    position = max((term.position for term in terms.values()), default=-1)
    for row in rows:
        name, key = row["taxonomy"], (row["taxonomy"], row["code"])
        if name not in taxonomies:
            taxonomies[name] = Taxonomy(name=name, description=DESCRIPTIONS.get(name, ""))
            session.add(taxonomies[name])
        if key not in terms:
            position += 1
            terms[key] = TaxonomyTerm(code=row["code"], position=position)
            taxonomies[name].terms.append(terms[key])
        for fact in ("name", "description", "synonyms"):
            setattr(terms[key], fact, row[fact])
    session.flush()  # so that all have identifiers, and a parent may stand below its child
    _set_parents(terms, rows)
    session.flush()
    added = sum((row["taxonomy"], row["code"]) not in before for row in rows)
    changed = sum(_facts(key[0], terms[key], terms) != facts for key, facts in before.items())
    return TermCounts(added, changed, len(rows) - added - changed)


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
        row = {"taxonomy": taxonomy, "parent": codes.get(term.parent_id or "", ""), **values}
        writer.writerow({name: safe_cell(value) for name, value in row.items()})
    return len(terms)


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            headings, rows = list(reader.fieldnames or []), list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise TaxonomyError(f"{path.name} is not a CSV table in UTF-8: {error}.") from error
    missing = {"taxonomy", "code", "name"} - set(headings)
    if missing:
        raise TaxonomyError(f"The table has no column {', '.join(sorted(missing))}.")
    found: dict[tuple[str, str], dict[str, str]] = {}
    for number, row in enumerate(rows, start=2):
        values = {name: plain_cell((row.get(name) or "").strip()) for name in COLUMNS}
        for name in ("taxonomy", "code", "name"):
            if not values[name]:
                raise TaxonomyError(f"Row {number} has no {name}. Nothing was loaded.")
        key = (values["taxonomy"], values["code"])
        if key in found:
            raise TaxonomyError(f"Row {number} has {' '.join(key)} a second time. Nothing was loaded.")
        found[key] = values
    return list(found.values())


def _facts(taxonomy: str, term: TaxonomyTerm, terms: Mapping[Key, TaxonomyTerm]) -> tuple[str | None, ...]:
    parent = next((key[1] for key, other in terms.items() if other.id == term.parent_id), None)
    return taxonomy, term.name, term.description, term.synonyms, parent


def _set_parents(terms: Mapping[Key, TaxonomyTerm], rows: Iterable[Mapping[str, str]]) -> None:
    for row in rows:
        term, parent = terms[row["taxonomy"], row["code"]], terms.get((row["taxonomy"], row["parent"]))
        if row["parent"] and parent is None:
            raise TaxonomyError(f"The term {row['code']} has a parent, {row['parent']}, that is not a term.")
        term.parent_id = parent.id if parent else None
    above = {term.id: term.parent_id for term in terms.values()}
    for (_, code), term in terms.items():
        seen, place = set[str](), term.parent_id
        while place is not None and place not in seen:
            if place == term.id:
                raise TaxonomyError(f"The term {code} is above itself. Correct its parent.")
            seen.add(place)
            place = above[place]


def term_names(session: Session, taxonomy: str) -> dict[str, str]:
    """The names of a taxonomy's terms by code, in their order."""
    query = (
        select(TaxonomyTerm.code, TaxonomyTerm.name)
        .join(TaxonomyTerm.taxonomy)
        .where(Taxonomy.name == taxonomy)
        .order_by(TaxonomyTerm.position, TaxonomyTerm.code)
    )

    def make() -> dict[str, str]:
        return dict(session.execute(query).all())

    return remember(session, ("term names", taxonomy), make).copy()


def ensure_bundled_terms(session: Session) -> int:
    """Put the bundled terms into a directory that has none; the number added."""
    if session.scalar(select(TaxonomyTerm.id).limit(1)) is not None:
        return 0
    return load_terms(session, bundled_terms()).added

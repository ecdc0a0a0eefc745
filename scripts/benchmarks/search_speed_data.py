"""Make up many published services whose words are as frequent as in real texts; the same seed, the same ones.

The facts (hours, ages, cost, terms) are those of the bundled demonstration services, one chosen for each. The
words are those of their texts, and beyond them made-up ones, each as frequent as its rank says (Zipf).
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import column, func, insert, select, table
from sqlalchemy.orm import Session

from directory.models import (
    Area,
    Base,
    PublishedArea,
    PublishedOpening,
    PublishedOrganization,
    PublishedPlace,
    PublishedService,
    PublishedTerm,
    PublishedText,
    note_batch,
)
from directory.publishing.vocabulary import count_in
from geodata.crs import bng_to_lonlat

STEP = 2000
OWNER_ID, OWNER_NAME, OWN_ID, NAME, TEXT = (f"@{number}@" for number in range(5))
WORDS = 60_000
LOCATIONS = 100_000
ONSETS = "b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl sp st t th tr v w y".split()  # noqa: SIM905
VOWELS = "a e i o u ai ea ee ie oa oo ou".split()  # noqa: SIM905
CODAS = ["", "", "b", "ck", "d", "ft", "l", "ll", "m", "n", "nd", "ng", "p", "r", "rd", "s", "st", "t", "x"]
SMALL = 3.0  # Mandelbrot's shift: the first few words are not as far ahead of the others as their rank says
KEPT = (
    "name",
    "cost",
    "hours_known",
    "status",
    "minimum_age",
    "maximum_age",
    "checked_on",
    "due_on",
    "stale_on",
)


@dataclass(frozen=True)
class Made:
    """What services are made up from."""

    words: Sequence[str]
    cumulated: np.ndarray  # the chance of the words up to each
    points: np.ndarray
    degrees: np.ndarray
    wards: Sequence[tuple[str, str] | None]  # the codes of ward and authority of each point
    templates: Sequence[PublishedService]
    documents: dict[int, str]
    organizations: dict[int, str]
    terms: dict[int, list[tuple[str, str]]]
    areas: dict[int, list[str]]
    openings: dict[int, list[dict[str, Any]]]


def prepare(session: Session, seed: int) -> Made:
    """Read the demonstration services, and make up words and places beside them."""
    chance = np.random.default_rng(seed)
    query = select(PublishedService).where(PublishedService.fictional).order_by(PublishedService.service_id)
    templates = session.scalars(query.limit(400)).all()
    ids = [one.id for one in templates]
    words = _words(session, ids, chance)
    rank = np.arange(1, len(words) + 1)
    cumulated = np.cumsum(1 / (rank + SMALL))
    points, wards = _points(session, chance)
    return Made(
        words,
        cumulated / cumulated[-1],
        points,
        np.round(np.column_stack(bng_to_lonlat(*points.T)), 5),
        wards,
        templates,
        {one.id: json.dumps(_marked(one)) for one in templates},
        {one.id: json.dumps(_marked(one)["organization"]) for one in templates},
        _grouped(session, PublishedTerm, ids, lambda row: (row.facet, row.code)),
        _grouped(session, PublishedArea, ids, lambda row: row.code),
        _grouped(session, PublishedOpening, ids, _opening),
    )


def _marked(template: PublishedService) -> dict[str, Any]:
    """A document with marks where each made-up service has its own words."""
    organization = template.document["organization"] | {"id": OWNER_ID, "name": OWNER_NAME}
    own = {"id": OWN_ID, "name": NAME, "description": TEXT, "organization": organization}
    return template.document | own


def _opening(row: PublishedOpening) -> dict[str, Any]:
    names = ("weekday", "opens_minute", "closes_minute", "every_week", "valid_from", "valid_to")
    return {name: getattr(row, name) for name in names}


def _grouped(session: Session, model: Any, ids: Sequence[int], shape: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {key: [] for key in ids}
    for row in session.scalars(select(model).where(model.published_service_id.in_(ids))):
        found[row.published_service_id].append(shape(row))
    return found


def _words(session: Session, ids: Sequence[int], chance: np.random.Generator) -> list[str]:
    """The words of the demonstration, the commonest first, and then made-up ones."""
    texts = session.scalars(
        select(PublishedText.description).where(PublishedText.published_service_id.in_(ids))
    )
    counts = Counter(word for text in texts for word in text.split())
    words = dict.fromkeys(word for word, _ in counts.most_common())
    syllables = [a + b + c for a in ONSETS for b in VOWELS for c in CODAS]
    made = chance.choice(syllables, (3 * WORDS, 3))
    for lengths, parts in zip(chance.integers(1, 4, 3 * WORDS), made, strict=True):
        words.setdefault("".join(parts[:lengths]))
    return list(words)[:WORDS]


def _points(session: Session, chance: np.random.Generator) -> tuple[np.ndarray, list[tuple[str, str] | None]]:
    """Places about the middles of the wards, few of which have many, and the ward that each lies in."""
    rows = session.execute(
        select(Area.code, Area.authority_code, Area.easting, Area.northing, Area.outline)
        .where(Area.level == "ward")
        .order_by(Area.code)
    ).all()
    weights = chance.pareto(1.2, len(rows)) + 0.2
    ward = chance.choice(len(rows), LOCATIONS, p=weights / weights.sum())
    middles = np.array([(row.easting, row.northing) for row in rows], dtype=float)
    points = np.round(middles[ward] + chance.normal(0, 900, (LOCATIONS, 2)))
    tree = shapely.STRtree(shapely.from_wkb([row.outline for row in rows]))
    held: list[tuple[str, str] | None] = [None] * LOCATIONS
    for place, area in tree.query(shapely.points(points), predicate="intersects").T:
        held[place] = (rows[area].code, rows[area].authority_code)
    return points, held


def fill(session: Session, made: Made, services: int, seed: int) -> None:
    """Add made-up services until there are so many; what is there stays."""
    have = session.scalar(select(func.count()).select_from(PublishedService)) or 0
    last = session.scalar(select(func.max(PublishedService.id))) or 0
    place = session.scalar(select(func.max(PublishedPlace.id))) or 0
    for start in range(have, services, STEP):
        chance = np.random.default_rng([seed, start])
        rows: dict[type[Base], list[dict[str, Any]]] = {}
        for number in range(start, min(start + STEP, services)):
            last += 1
            for model, row in _service(made, chance, number, last):
                if model is PublishedPlace:
                    place += 1
                    row["id"] = place
                rows.setdefault(model, []).append(row)
        for model, made_rows in rows.items():
            _insert(session, model, made_rows)
        count_in(session, rows[PublishedText])
        note_batch(session, [row["organization_id"] for row in rows[PublishedOrganization]])
        session.commit()


def _service(made: Made, chance: np.random.Generator, number: int, key: int) -> Iterator[tuple[Any, Any]]:
    template = made.templates[chance.integers(len(made.templates))]
    # Two services to an organisation, both made with it.
    owner = str(uuid.UUID(int=(1 << 100) + number // 2))
    theirs = np.random.default_rng(number // 2)
    owner_name = _text(made, theirs, 2, 4).title()
    name = _text(made, chance, 2, 5).capitalize()
    description = _text(made, chance, 12, 70)
    own_id = str(uuid.UUID(int=(1 << 101) + number))
    said = {OWNER_ID: owner, OWNER_NAME: owner_name, OWN_ID: own_id, NAME: name, TEXT: description}
    if number % 2 == 0:
        document = _written(made.organizations[template.id], said)
        row = {"organization_id": owner, "name": owner_name, "document": document}
        yield PublishedOrganization, row | {"fictional": True, "source_slug": "made-up"}
    facts = {column: getattr(template, column) for column in KEPT}
    places = list(_places(made, chance, number))
    yield (
        PublishedService,
        facts
        | {
            "id": key,
            "service_id": own_id,
            "organization_id": owner,
            "name": name,
            "organization_name": owner_name,
            "fictional": True,
            "place_known": template.place_known,
            "document": _written(made.documents[template.id], said),
        },
    )
    for place in places:
        yield PublishedPlace, place | {"published_service_id": key}
    yield from _facts(made, template.id, key)
    terms = " ".join(re.sub(r"\W", "", code) for _, code in made.terms[template.id])
    words = {"name": name.lower(), "organization_name": owner_name.lower(), "description": description}
    yield PublishedText, words | {"published_service_id": key, "terms": terms}


def _facts(made: Made, template: int, key: int) -> Iterator[tuple[Any, Any]]:
    for facet, code in made.terms[template]:
        yield PublishedTerm, {"published_service_id": key, "facet": facet, "code": code}
    for code in made.areas[template]:
        yield PublishedArea, {"published_service_id": key, "code": code}
    for opening in made.openings[template]:
        yield PublishedOpening, opening | {"published_service_id": key}


def _written(document: str, said: dict[str, str]) -> str:
    """A document as JSON with its own words in their places, which hold letters and spaces alone."""
    for mark, words in said.items():
        document = document.replace(mark, words)
    return document


def _insert(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Put rows in as the driver takes them: what SQLAlchemy would make of each value takes longer."""
    names = list(rows[0])
    statement = insert(table(model.__tablename__, *map(column, names)))
    session.execute(statement, [{name: _plain(name, row[name]) for name in names} for row in rows])


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.replace("-", "") if name in ("organization_id", "service_id") else value


def _text(made: Made, chance: np.random.Generator, low: int, high: int) -> str:
    picked = np.searchsorted(made.cumulated, chance.random(chance.integers(low, high + 1)))
    return " ".join(made.words[place] for place in picked)


def _places(made: Made, chance: np.random.Generator, number: int) -> Iterator[dict[str, Any]]:
    """Half as many places as services: two share one. Some have a second, and some none."""
    kind = chance.random()
    spots = [number // 2 % LOCATIONS] * (kind > 0.1) + [int(chance.integers(LOCATIONS))] * (kind > 0.9)
    for spot in dict.fromkeys(spots):
        precision = ("open", "approximate", "hidden")[np.searchsorted([0.85, 0.95], chance.random())]
        ward, authority = made.wards[spot] or (None, None)
        easting, northing = (int(metres) for metres in made.points[spot])
        longitude, latitude = (float(degrees) for degrees in made.degrees[spot])
        shown = precision != "hidden"
        yield {
            "name": None,
            "postcode": None,
            "precision": precision,
            "lsoa_code": None,
            "easting": easting if shown else None,
            "northing": northing if shown else None,
            "latitude": latitude if shown else None,
            "longitude": longitude if shown else None,
            "ward_code": ward if shown else None,
            "authority_code": authority,
        }

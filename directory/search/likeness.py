"""Which published organisations a list of names, numbers and postcodes may be of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.matching.block import candidate_pairs
from directory.matching.features import INPUT, features, prepare
from directory.matching.identifiers import plain_org_ids
from directory.matching.probability import stated_model
from directory.matching.reasons import reasons
from directory.models import PublishedOrganization, PublishedPlace, PublishedService

MOST_PLACES = 4  # of one organisation: each is a row, so that any of its postcodes may be the one asked for
SURE, PERHAPS = 0.9, 0.5


@dataclass(frozen=True)
class Known:
    """The published organisations, as they are compared and as they are shown."""

    prepared: pd.DataFrame
    organizations: Mapping[str, Mapping[str, Any]]
    postcodes: Mapping[str, Sequence[str]]
    by_org_id: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Alike:
    """A published organisation that may be the one asked for. It is `sure` where nothing else comes near."""

    organization_id: str
    probability: float
    reasons: tuple[str, ...]
    features: Mapping[str, float]
    sure: bool


def read_known(session: Session) -> Known:
    """Read what the public may see of every organisation."""
    rows = session.scalars(select(PublishedOrganization).order_by(PublishedOrganization.name))
    organizations = {row.organization_id: row.document for row in rows}
    places: dict[str, dict[str, tuple[int | None, int | None]]] = defaultdict(dict)
    query = (
        select(
            PublishedService.organization_id,
            PublishedPlace.postcode,
            PublishedPlace.easting,
            PublishedPlace.northing,
        )
        .join(PublishedPlace, PublishedPlace.published_service_id == PublishedService.id)
        .where(PublishedPlace.postcode.is_not(None))
        .order_by(PublishedPlace.id)
    )
    for key, postcode, easting, northing in session.execute(query):
        places[key].setdefault(str(postcode), (easting, northing))
    by_org_id: dict[str, list[str]] = defaultdict(list)
    for key, document in organizations.items():
        for org_id in plain_org_ids(pd.Series(org_ids_of(document), dtype=str)):
            by_org_id[org_id].append(key)
    found = [row for key, document in organizations.items() for row in _rows(key, document, places[key])]
    postcodes = {key: tuple(some) for key, some in places.items()}
    return Known(prepare(frame_of(found)), organizations, postcodes, by_org_id)


def org_ids_of(document: Mapping[str, Any]) -> list[str]:
    """The register numbers of an organisation, as org-id.guide writes them."""
    items = document.get("organization_identifiers") or []
    return [f"{item['identifier_scheme']}-{item['identifier']}" for item in items]


def frame_of(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as `prepare` takes them; what they leave out is not known."""
    frame = pd.DataFrame(list(rows), columns=list(INPUT), dtype=object)
    return frame.astype({"easting": float, "northing": float})


def _rows(
    key: str, document: Mapping[str, Any], places: Mapping[str, tuple[int | None, int | None]]
) -> list[dict[str, Any]]:
    phones = [phone["number"] for phone in document.get("phones") or []]
    row = {name: document.get(name) for name in ("name", "alternate_name", "website", "email")}
    row |= {"key": key, "phone": phones[0] if phones else ""}
    spots = list(places.items())[:MOST_PLACES] or [("", (None, None))]
    return [row | {"postcode": code, "easting": x, "northing": y} for code, (x, y) in spots]


def find_alike(
    known: Known, asked: Sequence[Mapping[str, str]], org_ids: Sequence[Sequence[str]]
) -> list[list[Alike]]:
    """For each thing asked (`INPUT`, and the register numbers beside it), the likest, the likest first."""
    prepared = prepare(frame_of({"key": str(row)} | dict(one) for row, one in enumerate(asked)))
    pairs = candidate_pairs(prepared, known.prepared)
    table = features(prepared, known.prepared, pairs)
    scores = stated_model().probabilities(table)
    found: list[dict[str, Alike]] = [{} for _ in asked]
    keys = known.prepared["key"].to_numpy()
    for row, key, score, facts in zip(
        pairs["left"], keys[pairs["right"]], scores, _facts(table), strict=True
    ):
        before = found[row].get(key)
        if before is None or score > before.probability:
            found[row][key] = Alike(key, float(score), tuple(reasons(facts)), facts, sure=False)
    for one, numbers in zip(found, org_ids, strict=True):
        _same_numbers(known, one, numbers)
    return [_in_order(one) for one in found]


def _facts(table: pd.DataFrame) -> Iterator[dict[str, float]]:
    names = list(table.columns)
    return (dict(zip(names, values, strict=True)) for values in table.to_numpy().tolist())


def _same_numbers(known: Known, found: dict[str, Alike], numbers: Sequence[str]) -> None:
    """Whoever has the register number is the one, whatever the name."""
    for number in plain_org_ids(pd.Series(list(numbers), dtype=str)):
        for key in known.by_org_id.get(number, ()):
            before = found.get(key)
            said = (f"The same register number, {number}.", *(before.reasons if before else ()))
            found[key] = Alike(key, 1.0, said, before.features if before else {}, sure=True)


def _in_order(found: Mapping[str, Alike]) -> list[Alike]:
    best = sorted(found.values(), key=lambda one: (-one.probability, one.organization_id))
    numbered = [one for one in best if one.sure]
    if len(numbered) == 1:
        return best
    alone = len(best) == 1 or (len(best) > 1 and best[1].probability < PERHAPS)
    sure = not numbered and alone and bool(best) and best[0].probability >= SURE
    return [replace(one, sure=sure and place == 0) for place, one in enumerate(best)]

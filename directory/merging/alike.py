"""Which records may be of one organisation: the pairs of all, or of some with all, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.languages import N_
from directory.matching.block import candidate_pairs, pairs_within
from directory.matching.features import INPUT, features, prepare
from directory.matching.identifiers import conflicting, plain_org_ids
from directory.matching.probability import stated_model
from directory.matching.reasons import AGAINST, FOR, OF_PLACES, reasons
from directory.models import (
    Address,
    Attribute,
    Location,
    Organization,
    OrganizationIdentifier,
    Phone,
    Service,
    ServiceAtLocation,
    TaxonomyTerm,
)

MOST_PLACES = 4  # of one organisation: each is a row, so that any of its places may be the one in common
# Numbers of registers: what holds one of these and what holds the same are one organisation.
REGISTERED = ("GB-CHC-", "GB-COH-", "GB-CASC-", "GB-SC-", "GB-NIC-", "GB-MPR-", "GB-EDU-", "GB-NHS-")
HELD_BY_MOST = 5  # records: a number of more is that of an umbrella, whose groups give it
# The names must not speak against it where a pair merges by itself.
NAME_SPEAKS = 0.6


@dataclass(frozen=True)
class Alike:
    """Two records that may be of one organisation. It is `sure` where registered numbers agree.

    Reasons are sentences, each with whether it rests on a place that the public does not see.
    """

    left_id: str
    right_id: str
    probability: float
    reasons: tuple[tuple[str, bool], ...]
    sure: bool


@dataclass(frozen=True)
class Records:
    """All records as they are compared: a row for each place, and the numbers that they hold."""

    rows: pd.DataFrame
    held: pd.DataFrame
    withheld: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    fictional: frozenset[str] = frozenset()
    number_of: Mapping[str, Collection[str]] = field(default_factory=dict)


def read_records(session: Session) -> Records:
    """Read what is compared of every record, protected places too: what they tell is marked."""
    columns = (Organization.id, Organization.name, Organization.alternate_name)
    query = select(*columns, Organization.website, Organization.email, Organization.fictional)
    organizations = session.execute(query.order_by(Organization.id)).all()
    phones = dict(
        session.execute(
            select(Phone.organization_id, func.min(Phone.number))
            .where(Phone.organization_id.is_not(None))
            .group_by(Phone.organization_id)
        ).all()
    )
    places, withheld = _places(session)
    rows = [
        {
            **{name: getattr(row, name) for name in ("name", "alternate_name", "website", "email")},
            **{"key": row.id, "phone": phones.get(row.id), **place},
        }
        for row in organizations
        for place in places.get(row.id) or [{}]
    ]
    frame = pd.DataFrame(rows, columns=list(INPUT), dtype=object)
    frame = frame.astype({"easting": float, "northing": float})
    people = frozenset(_individuals(session))
    fictional = frozenset(row.id for row in organizations if row.fictional)
    held, numbers = _held(session)
    return Records(frame, held, withheld, people, fictional, numbers)


def _places(session: Session) -> tuple[dict[str, list[dict[str, object]]], frozenset[str]]:
    query = (
        select(
            Service.organization_id,
            Location.easting,
            Location.northing,
            Location.protection,
            Address.address_1,
            Address.postal_code,
            Address.address_type,
        )
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .outerjoin(Address, Address.location_id == Location.id)
        .order_by(Service.organization_id, Location.id, Address.id)
    )
    found: dict[str, dict[object, dict[str, object]]] = defaultdict(dict)
    withheld = set()
    for row in session.execute(query):
        if row.protection != "open" or row.address_type == "postal":
            withheld.add(row.organization_id)
        place = {
            "postcode": row.postal_code,
            "address": row.address_1,
            "easting": row.easting,
            "northing": row.northing,
        }
        known = found[row.organization_id]
        if len(known) < MOST_PLACES:
            known.setdefault(row.postal_code or (row.easting, row.northing), place)
    return {key: list(some.values()) for key, some in found.items()}, frozenset(withheld)


def _individuals(session: Session) -> set[str]:
    query = (
        select(Attribute.link_id)
        .outerjoin(TaxonomyTerm, TaxonomyTerm.id == Attribute.taxonomy_term_id)
        .where(
            Attribute.link_entity == "organization",
            Attribute.link_type == "kind",
            func.lower(func.coalesce(TaxonomyTerm.code, Attribute.value)).contains("individual"),
        )
    )
    return set(session.scalars(query))


def _held(session: Session) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    columns = (OrganizationIdentifier.identifier_scheme, OrganizationIdentifier.identifier)
    rows = session.execute(select(OrganizationIdentifier.organization_id, *columns)).all()
    held = pd.DataFrame(
        [(key, f"{scheme}-{number}") for key, scheme, number in rows], columns=["key", "org_id"], dtype=str
    )
    numbers: dict[str, list[str]] = defaultdict(list)
    for key, org_id in zip(held["key"], plain_org_ids(held["org_id"]), strict=True):
        if org_id.startswith(REGISTERED) and key not in numbers[org_id]:
            numbers[org_id].append(key)
    return held, numbers


def find_alike(records: Records, touched: Collection[str] | None = None) -> list[Alike]:
    """The pairs above the threshold, or with a registered number in common; the likeliest first.

    With `touched`, only those in which one of these records is.
    """
    if records.rows.empty:
        return []
    prepared = prepare(records.rows)
    keys = records.rows["key"].to_numpy()
    if touched is None:
        pairs = pairs_within(prepared)
        left = prepared
    else:
        left = prepared[prepared["key"].isin(touched)].reset_index(drop=True)
        pairs = candidate_pairs(left, prepared)
    scored = _scored(left, prepared, pairs)
    shared = _shared(records, touched)
    by_pair: dict[tuple[str, str], tuple[float, Mapping[str, float]]] = {}
    for key, probability, facts in scored:
        if key[0] != key[1] and (key not in by_pair or probability > by_pair[key][0]):
            by_pair[key] = (probability, facts)
    missing = [key for key in shared if key not in by_pair]
    where = {key: place for place, key in enumerate(keys)}
    more = pd.DataFrame([(where[a], where[b]) for a, b in missing], columns=["left", "right"], dtype=int)
    by_pair |= {key: (probability, facts) for key, probability, facts in _scored(prepared, prepared, more)}
    return _judged(records, by_pair, shared)


def _scored(
    left: pd.DataFrame, right: pd.DataFrame, pairs: pd.DataFrame
) -> Iterator[tuple[tuple[str, str], float, Mapping[str, float]]]:
    """Each pair of rows that may count, in the fixed order of identifiers."""
    if pairs.empty:
        return
    table = features(left, right, pairs)
    scores = stated_model().probabilities(table)
    names = list(table.columns)
    one, other = (
        left["key"].to_numpy()[pairs["left"]],
        right["key"].to_numpy()[pairs["right"]],
    )
    for a, b, score, values in zip(one, other, scores, table.to_numpy().tolist(), strict=True):
        yield (min(a, b), max(a, b)), float(score), dict(zip(names, values, strict=True))


def _shared(records: Records, touched: Collection[str] | None) -> dict[tuple[str, str], str]:
    """By pair, a registered number that both hold; not one that many hold."""
    chosen = None if touched is None else set(touched)
    found: dict[tuple[str, str], str] = {}
    for org_id, holders in records.number_of.items():
        if not 1 < len(holders) <= HELD_BY_MOST:
            continue
        ordered = sorted(holders)
        for place, one in enumerate(ordered):
            for other in ordered[place + 1 :]:
                if chosen is None or one in chosen or other in chosen:
                    found.setdefault((one, other), org_id)
    return found


def _judged(
    records: Records,
    by_pair: Mapping[tuple[str, str], tuple[float, Mapping[str, float]]],
    shared: Mapping[tuple[str, str], str],
) -> list[Alike]:
    threshold = stated_model().threshold
    keys = [
        key
        for key, (probability, _) in by_pair.items()
        if (probability >= threshold or key in shared) and _comparable(records, key)
    ]
    pairs = pd.DataFrame(keys, columns=["left", "right"], dtype=object)
    against = conflicting(records.held, pairs) if len(records.held) and keys else [False] * len(keys)
    found = []
    for key, conflict in zip(keys, against, strict=True):
        probability, facts = by_pair[key]
        number = shared.get(key, "")
        sure = bool(number) and not conflict and _names_agree(facts)
        said = reasons(facts, same_identifier=number)
        if conflict:
            said.append(N_("A register gave them different numbers."))
        marked = bool(records.withheld & {*key})
        words = tuple((line, marked and line in _OF_PLACES) for line in said)
        found.append(Alike(*key, 1.0 if sure else probability, words, sure))
    return sorted(found, key=lambda one: (not one.sure, -one.probability, one.left_id, one.right_id))


_OF_PLACES = frozenset(
    words for table in (FOR, AGAINST) for name, (_, words) in table.items() if name in OF_PLACES
)


def _comparable(records: Records, key: tuple[str, str]) -> bool:
    """A person is no organisation, and what is made up is nothing that there is."""
    return all((key[0] in group) == (key[1] in group) for group in (records.people, records.fictional))


def _names_agree(facts: Mapping[str, float]) -> bool:
    """Whether nothing in the names speaks against a pair whose numbers agree."""
    alike = max(facts["words"], facts["letters"], facts["initials"], facts["one_within"]) >= NAME_SPEAKS
    return alike and facts["other_numbers"] < 1 and facts["other_kind"] < 1

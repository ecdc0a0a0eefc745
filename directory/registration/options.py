"""What may be chosen on the pages of the form, read once a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Area, Location, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Options:
    """Terms by taxonomy and code, authorities by code, the day, and how withheld places are on record.

    `protections` are those of places that are on record: a form cannot loosen them. `places` are those that
    the draft names, by identifier: another of its services may be given there too.
    """

    terms: Mapping[str, Mapping[str, str]]
    authorities: Mapping[str, str]
    today: date
    protections: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def names(self, taxonomy: str) -> Mapping[str, str]:
        """The names of a taxonomy's terms by code."""
        return self.terms.get(taxonomy, NOTHING)


def read_options(session: Session, organization_id: str, today: date) -> Options:
    """The options of the form about one organisation."""
    terms: dict[str, dict[str, str]] = {}
    query = select(Taxonomy.name, TaxonomyTerm.code, TaxonomyTerm.name).join(TaxonomyTerm.taxonomy)
    for taxonomy, code, name in session.execute(query.order_by(TaxonomyTerm.position, TaxonomyTerm.code)):
        terms.setdefault(taxonomy, {})[code] = name
    areas = select(Area.code, Area.name).where(Area.level == "authority").order_by(Area.name)
    places = (
        select(Location.id, Location.protection)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == organization_id)
    )
    return Options(
        terms=terms,
        authorities=dict(session.execute(areas).all()),
        today=today,
        protections=dict(session.execute(places).all()),
    )

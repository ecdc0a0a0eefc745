"""The answer to a question as a frame: the only bridge from rows to GeoDataFrames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from directory.models import PublishedPlace, PublishedService
from directory.schedules.evaluate import describe_next
from directory.search.run import Found
from geodata.crs import WGS84

COLUMNS = [
    "id",
    "name",
    "organization_name",
    "category",
    "categories",
    "next_opening",
    "precision",
    "place",
    "sure",
    "fictional",
]


def locations_frame(
    found: Sequence[Found], category_names: Mapping[str, str], now: datetime
) -> gpd.GeoDataFrame:
    """One row a service and place, in EPSG:4326; no geometry where the place is not shown or not known."""
    rows, longitudes, latitudes = [], [], []
    for item in found:
        service = item.service
        codes = category_codes(service)
        facts = (
            service.service_id,
            service.name,
            service.organization_name,
            codes[0] if codes else "",
            ", ".join(category_names.get(code, code) for code in codes),
            describe_next(service.document.get("schedules", []), now),
        )
        for place in places_or_none(service):
            precision = place.precision if place else None
            rows.append((*facts, precision, place.name if place else None, item.sure, service.fictional))
            longitudes.append(place.longitude if place else None)
            latitudes.append(place.latitude if place else None)
    longitude, latitude = np.array(longitudes, dtype=float), np.array(latitudes, dtype=float)
    geometry = gpd.GeoSeries(gpd.points_from_xy(longitude, latitude), crs=WGS84)
    geometry[np.isnan(longitude)] = None
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=COLUMNS), geometry=geometry, crs=WGS84)


def places_or_none(service: PublishedService) -> list[PublishedPlace | None]:
    """The places of a service; one None for a service without any, so that it still has its row."""
    places = sorted(service.places, key=lambda place: place.id)
    return [*places] or [None]


def category_codes(service: PublishedService) -> list[str]:
    """The categories of a published service, as its document gives them."""
    return [
        attribute["taxonomy_term"]["term"]
        for attribute in service.document.get("attributes", [])
        if attribute["link_type"] == "category" and attribute["taxonomy_term"].get("term")
    ]

"""The declared open files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from geodata.open_files import WEST_MIDLANDS, open_sources, police_archive
from geodata.sources import OpenSource

EACH = pytest.mark.parametrize("source", open_sources(), ids=lambda source: source.slug)


@EACH
def test_the_address_is_secure_and_on_a_declared_host(source: OpenSource) -> None:
    address = urlsplit(source.address(WEST_MIDLANDS))
    assert address.scheme == "https"
    assert address.hostname == source.hosts[0]


@EACH
def test_the_licence_is_open_and_the_attribution_names_the_publisher_s_rights(source: OpenSource) -> None:
    assert source.record.licence == "Open Government Licence v3.0"
    assert "Open Government Licence" in source.record.attribution or "© Crown" in source.record.attribution


@EACH
def test_the_key_of_a_layer_is_among_its_columns(source: OpenSource) -> None:
    assert (source.kind == "layer") == (source.query is not None)
    assert source.query is None or set(source.query.key) <= set(source.query.fields)


@EACH
def test_a_layer_can_be_limited_to_the_region(source: OpenSource) -> None:
    assert source.query is None or "Birmingham" in source.query.where(WEST_MIDLANDS).replace(
        "E08000025", "Birmingham"
    )


def test_slugs_and_file_names_are_unique() -> None:
    sources = open_sources()
    assert len({source.slug for source in sources}) == len({source.file_name for source in sources}) == 9


def test_the_ward_columns_are_those_that_ons_publishes(shared_data: Path) -> None:
    gpd = pytest.importorskip("geopandas")
    published = gpd.read_file(shared_data / "boundaries" / "ward_wm7.geojson", rows=1).columns
    [wards] = [source for source in open_sources() if source.slug == "wards-2025"]
    assert wards.query is not None
    assert set(wards.query.fields) <= set(published)


def test_a_month_of_the_police_archive() -> None:
    assert police_archive("2025-09").record.address == "https://data.police.uk/data/archive/2025-09.zip"
    assert police_archive().record.address.endswith("/latest.zip")


@pytest.mark.parametrize("month", ["2025-13", "2025-9", "../2025-09", "2025-09.zip", ""])
def test_a_month_written_otherwise_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match="is not written as 2025-09"):
        police_archive(month)

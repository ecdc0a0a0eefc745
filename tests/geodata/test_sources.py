"""Declarations of open files, and their records."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geodata.open_files import WEST_MIDLANDS
from geodata.sources import LayerQuery, OpenSource, SourceRecord, read_record

RECORD = SourceRecord("wards", "Wards", "ONS", "OGL", "https://x.test/ogl", "© {year}", "https://x.test/0")


def test_a_retrieved_record_has_the_facts_of_its_copy() -> None:
    record = RECORD.retrieved("https://x.test/0/query", date(2025, 11, 23), "ab" * 32, 12)
    assert (record.attribution, record.address, record.bytes) == ("© 2025", "https://x.test/0/query", 12)


def test_a_record_is_read_back_as_written() -> None:
    record = RECORD.retrieved("https://x.test/0", date(2025, 11, 23), "ab" * 32, 12)
    assert read_record({**record.document(), "file": "wards.geojson"}) == record


def test_what_is_not_known_is_left_out() -> None:
    assert RECORD.document().keys().isdisjoint({"retrieved_on", "sha256", "bytes"})
    assert read_record(RECORD.document()) == RECORD


@pytest.mark.parametrize(
    ("document", "error"),
    [({"slug": "wards"}, TypeError), (RECORD.document() | {"retrieved_on": "last week"}, ValueError)],
)
def test_a_broken_record_is_refused(document: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        read_record(document)


def test_a_region_is_named_by_code_where_the_layer_has_it() -> None:
    query = LayerQuery(("WD25CD",), ("WD25CD",), authority_field="LAD25CD")
    assert query.where({"E08000025": "", "E08000026": ""}) == "LAD25CD IN ('E08000025', 'E08000026')"


def test_a_region_is_named_by_name_where_the_layer_has_no_code() -> None:
    query = LayerQuery(("LSOA21CD",), ("LSOA21CD",), name_field="LSOA21NM")
    assert (
        query.where({"1": "Dudley", "2": "Walsall"})
        == "LSOA21NM LIKE 'Dudley %' OR LSOA21NM LIKE 'Walsall %'"
    )


def test_every_lsoa_of_the_region_has_a_name_that_the_query_finds(shared_data: Path) -> None:
    gpd = pytest.importorskip("geopandas")
    names = gpd.read_file(shared_data / "boundaries" / "lsoa21_wm7.geojson", ignore_geometry=True)["LSOA21NM"]
    starts = tuple(f"{name} " for name in WEST_MIDLANDS.values())
    assert len(names) == 1719
    assert names.str.startswith(starts).all()


def test_a_lookup_asks_for_no_shapes() -> None:
    parameters = LayerQuery(("A",), ("A",), has_shapes=False).parameters(None)
    assert parameters["returnGeometry"] == "false"
    assert parameters["where"] == "1=1"
    assert "outSR" not in parameters


def test_the_address_of_a_layer_is_its_query() -> None:
    query = LayerQuery(("A",), ("A",), authority_field="L")
    source = OpenSource(RECORD, "wards.geojson", "layer", ("x.test",), "https://x.test", 1, query)
    parts = urlsplit(source.address({"E08000025": "Birmingham"}))
    assert parts.path == "/0/query"
    assert parse_qs(parts.query)["where"] == ["L IN ('E08000025')"]


def test_the_address_of_a_file_is_as_declared() -> None:
    source = OpenSource(RECORD, "wards.csv", "file", ("x.test",), "https://x.test", 1)
    assert source.address({"E08000025": "Birmingham"}) == "https://x.test/0"

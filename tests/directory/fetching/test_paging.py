"""Reading a layer page by page, from a server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from directory.fetching.fetch import Fetcher, fetch
from directory.fetching.requesting import FetchError
from geodata.open_files import AUTHORITIES_2025, LSOA_2021, WARDS_2025, WEST_MIDLANDS
from tests.loopback import Layer, Publishers, Served, serving
from tests.open_files import lsoas, path_of, publish, square

LSOA_PATH = path_of(LSOA_2021)


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with serving() as served:
        publish(served)
        yield served


@pytest.fixture
def fetcher(publishers: Publishers, tmp_path: Path) -> Fetcher:
    return Fetcher(tmp_path, base_address=publishers.address, sleep=lambda seconds: None)


def codes(fetcher: Fetcher) -> list[str]:
    collection = json.loads((fetcher.folder / "lsoa-2021.geojson").read_text())
    return [feature["properties"]["LSOA21CD"] for feature in collection["features"]]


def offsets(publishers: Publishers) -> list[str]:
    asked = [parse_qs(urlsplit(path).query) for path, _ in publishers.asked]
    return [query["resultOffset"][0] for query in asked if "resultOffset" in query]


def stop_after(fetcher: Fetcher, features: int) -> None:
    """Stop as a person does with Ctrl-C, once so many features have come."""

    def stop(arrived: int, total: int | None) -> None:
        if arrived >= features:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(replace(fetcher, progress=stop), LSOA_2021)


ALL = [feature["properties"]["LSOA21CD"] for feature in lsoas()]


def test_pages_follow_one_another_to_the_end(fetcher: Fetcher, publishers: Publishers) -> None:
    fetch(fetcher, LSOA_2021)
    assert codes(fetcher) == ALL
    assert offsets(publishers) == ["0", "2", "4"]


def test_the_query_asks_for_longitude_and_latitude_in_a_fixed_order(
    fetcher: Fetcher, publishers: Publishers
) -> None:
    fetch(fetcher, WARDS_2025)
    query = parse_qs(urlsplit(publishers.asked[-1][0]).query)
    assert query["outSR"] == ["4326"]
    assert query["orderByFields"] == ["WD25CD"]
    assert query["outFields"] == ["WD25CD,WD25NM,LAD25CD,LAD25NM"]


def test_progress_counts_features(fetcher: Fetcher) -> None:
    seen: list[tuple[int, int | None]] = []
    fetch(replace(fetcher, progress=lambda arrived, total: seen.append((arrived, total))), LSOA_2021)
    assert seen == [(2, 5), (4, 5), (5, 5)]


def test_a_region_is_chosen_by_code_or_by_name(fetcher: Fetcher) -> None:
    region = replace(fetcher, authorities=WEST_MIDLANDS)
    assert fetch(region, LSOA_2021).bytes
    assert codes(fetcher) == ALL[:4]
    fetch(region, AUTHORITIES_2025)
    [authority] = json.loads((fetcher.folder / "authorities-2025.geojson").read_text())["features"]
    assert authority["properties"]["LAD25NM"] == "Birmingham"


def test_an_interrupted_layer_goes_on_after_the_last_page(fetcher: Fetcher, publishers: Publishers) -> None:
    stop_after(fetcher, 2)
    publishers.asked.clear()
    fetch(fetcher, LSOA_2021)
    assert offsets(publishers) == ["2", "4"]
    assert codes(fetcher) == ALL


def test_a_line_cut_in_the_middle_is_asked_for_again(fetcher: Fetcher, publishers: Publishers) -> None:
    stop_after(fetcher, 4)
    part = fetcher.folder / "lsoa-2021.geojson.part"
    part.write_bytes(part.read_bytes()[:-10])
    publishers.asked.clear()
    fetch(fetcher, LSOA_2021)
    assert offsets(publishers) == ["3"]
    assert codes(fetcher) == ALL


def test_a_layer_edited_since_starts_again(fetcher: Fetcher, publishers: Publishers) -> None:
    stop_after(fetcher, 4)
    publishers.layers[LSOA_PATH] = Layer(lsoas(), page_size=3, edited=2)
    publishers.asked.clear()
    fetch(fetcher, LSOA_2021)
    assert offsets(publishers) == ["0", "3"]


def test_a_page_cut_in_the_middle_is_asked_for_again(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.mishaps += [("cut", 5), ("none", None), ("none", None), ("cut", 40)]
    fetch(fetcher, LSOA_2021)
    assert offsets(publishers) == ["0", "0", "2", "4"]
    assert codes(fetcher) == ALL


def test_a_feature_that_comes_twice_is_noticed(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.layers[LSOA_PATH] = Layer([*lsoas()[:4], lsoas()[0]])
    with pytest.raises(FetchError, match=r"5 features, 4 of them different, 5 expected\), so it was removed"):
        fetch(fetcher, LSOA_2021)
    assert list(fetcher.folder.iterdir()) == []


def test_a_layer_that_ends_too_soon_keeps_what_came(fetcher: Fetcher, publishers: Publishers) -> None:
    def shrink(arrived: int, total: int | None) -> None:
        publishers.layers[LSOA_PATH].features[:] = lsoas()[:2]

    with pytest.raises(FetchError, match="ended after 2 features, before all had come"):
        fetch(replace(fetcher, progress=shrink), LSOA_2021)
    assert (fetcher.folder / "lsoa-2021.geojson.part").exists()


def test_a_query_that_finds_nothing_is_an_error(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.layers[LSOA_PATH] = Layer([square(0, LSOA21CD="E01011111", LSOA21NM="Leeds 001A")])
    with pytest.raises(FetchError, match="has nothing for this query"):
        fetch(replace(fetcher, authorities=WEST_MIDLANDS), LSOA_2021)


def test_an_error_inside_a_good_answer_is_told(fetcher: Fetcher, publishers: Publishers) -> None:
    error = {"error": {"code": 400, "message": "Invalid field: LSOA21CD"}}
    publishers.files[LSOA_PATH] = Served(json.dumps(error).encode())
    with pytest.raises(FetchError, match=r"refused the query \(Invalid field: LSOA21CD\)"):
        fetch(fetcher, LSOA_2021)


@pytest.mark.parametrize("allowed", [100, 700])
def test_a_layer_larger_than_allowed_is_refused(fetcher: Fetcher, allowed: int) -> None:
    with pytest.raises(FetchError, match=f"larger than the {allowed} bytes"):
        fetch(fetcher, replace(LSOA_2021, largest_bytes=allowed))

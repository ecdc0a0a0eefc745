"""Fetching the declared files, from a server on this machine."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from directory.fetching.downloading import state_path
from directory.fetching.fetch import Fetcher, fetch, present, read_manifest
from directory.fetching.requesting import AnswerError, FetchError, OfflineError
from geodata.areas import read_areas
from geodata.open_files import (
    AUTHORITIES_2025,
    CODE_POINT_OPEN,
    DEPRIVATION_2025,
    LSOA_2011_TO_2021,
    LSOA_2021,
    WARDS_2025,
    WEST_MIDLANDS,
    open_sources,
    police_archive,
)
from geodata.postcodes import read_codepoint
from geodata.sources import OpenSource
from tests import open_files
from tests.loopback import Publishers, Served, serving
from tests.open_files import CODE_POINT_PATH, code_point_zip, deprivation_csv, path_of, publish

DEPRIVATION_PATH = path_of(DEPRIVATION_2025)
LONG_CSV = b"LSOA code (2021)\n" + b"E01009047\n" * 20_000


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with serving() as served:
        publish(served)
        yield served


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def fetcher(publishers: Publishers, tmp_path: Path, waits: list[float]) -> Fetcher:
    return Fetcher(
        tmp_path, base_address=publishers.address, today=lambda: date(2025, 11, 23), sleep=waits.append
    )


def part_of(folder: Path, name: str = "deprivation-2025.csv") -> Path:
    return folder / f"{name}.part"


def leave_part(fetcher: Fetcher, publishers: Publishers, content: bytes, cut: int) -> None:
    """Stop a download of the deprivation file after `cut` bytes, as a person does with Ctrl-C."""

    def stop(arrived: int, total: int | None) -> None:
        if arrived >= cut:
            raise KeyboardInterrupt

    publishers.files[DEPRIVATION_PATH] = Served(content)
    publishers.mishaps.append(("cut", cut))
    with pytest.raises(KeyboardInterrupt):
        fetch(replace(fetcher, progress=stop), DEPRIVATION_2025)
    publishers.asked.clear()


@pytest.mark.parametrize("source", open_sources("2025-09"), ids=lambda source: source.slug)
def test_each_source_is_fetched_and_recorded(fetcher: Fetcher, source: OpenSource) -> None:
    record = fetch(fetcher, source)
    content = (fetcher.folder / source.file_name).read_bytes()
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert record.bytes == len(content) > 0
    assert read_manifest(fetcher.folder) == {source.slug: record}
    assert {path.name for path in fetcher.folder.iterdir()} == {source.file_name, "sources.json"}


def test_a_record_says_who_when_where_and_under_what_licence(
    fetcher: Fetcher, publishers: Publishers
) -> None:
    fetch(fetcher, CODE_POINT_OPEN)
    [document] = json.loads((fetcher.folder / "sources.json").read_text())["sources"]
    assert document["publisher"] == "Ordnance Survey"
    assert document["licence"] == "Open Government Licence v3.0"
    assert "Crown copyright and database right 2025" in document["attribution"]
    assert document["retrieved_on"] == "2025-11-23"
    assert document["address"].startswith(
        f"{publishers.address}/api.os.uk/downloads/v1/products/CodePointOpen"
    )
    assert document["file"] == "codepoint-open.zip"


def test_one_manifest_holds_every_record(fetcher: Fetcher) -> None:
    for source in (DEPRIVATION_2025, CODE_POINT_OPEN, DEPRIVATION_2025):
        fetch(fetcher, source)
    assert list(read_manifest(fetcher.folder)) == ["codepoint-open", "deprivation-2025"]


def test_a_manifest_that_cannot_be_read_is_named_and_left(fetcher: Fetcher) -> None:
    manifest = fetcher.folder / "sources.json"
    manifest.write_text('{"sources": [{"slug": "half"}]}')
    with pytest.raises(FetchError, match=r"sources\.json cannot be read"):
        fetch(fetcher, DEPRIVATION_2025)
    assert "half" in manifest.read_text()


def test_a_cut_connection_goes_on_where_it_stopped(
    fetcher: Fetcher, publishers: Publishers, waits: list[float]
) -> None:
    publishers.files[DEPRIVATION_PATH] = Served(LONG_CSV)
    publishers.mishaps += [("cut", 100_000), ("cut", 10)]
    fetch(fetcher, DEPRIVATION_2025)
    assert (fetcher.folder / "deprivation-2025.csv").read_bytes() == LONG_CSV
    assert publishers.ranges() == [None, "bytes=100000-", "bytes=100010-"]
    assert waits == [1.0]  # only for the cut that brought next to nothing


def test_a_connection_that_is_always_cut_gives_up_and_keeps_the_part(
    fetcher: Fetcher, publishers: Publishers, waits: list[float]
) -> None:
    publishers.mishaps += [("cut", 3)] * 5
    with pytest.raises(FetchError, match="kept being cut; run this again"):
        fetch(fetcher, DEPRIVATION_2025)
    assert part_of(fetcher.folder).read_bytes() == deprivation_csv()[:15]
    assert waits == [1.0, 2.0, 4.0, 8.0]


def test_a_server_that_falls_silent_is_asked_for_the_rest(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.files[DEPRIVATION_PATH] = Served(LONG_CSV)
    publishers.mishaps.append(("freeze", 131_072))
    fetch(replace(fetcher, timeout_seconds=0.2), DEPRIVATION_2025)
    assert publishers.ranges() == [None, "bytes=131072-"]


def test_an_interrupted_run_is_resumed_by_the_next(fetcher: Fetcher, publishers: Publishers) -> None:
    leave_part(fetcher, publishers, LONG_CSV, 65_536)
    fetch(fetcher, DEPRIVATION_2025)
    assert publishers.ranges() == ["bytes=65536-"]
    assert (fetcher.folder / "deprivation-2025.csv").read_bytes() == LONG_CSV


def test_a_part_that_was_complete_is_not_asked_for_again(fetcher: Fetcher, publishers: Publishers) -> None:
    leave_part(fetcher, publishers, LONG_CSV, len(LONG_CSV))
    fetch(fetcher, DEPRIVATION_2025)
    assert publishers.asked == []


def test_a_file_that_changed_between_the_parts_starts_again(fetcher: Fetcher, publishers: Publishers) -> None:
    leave_part(fetcher, publishers, LONG_CSV, 65_536)
    publishers.files[DEPRIVATION_PATH] = Served(deprivation_csv())
    fetch(fetcher, DEPRIVATION_2025)
    assert publishers.ranges() == ["bytes=65536-"]
    assert (fetcher.folder / "deprivation-2025.csv").read_bytes() == deprivation_csv()


def test_a_part_without_its_state_starts_again(fetcher: Fetcher, publishers: Publishers) -> None:
    leave_part(fetcher, publishers, LONG_CSV, 65_536)
    state_path(part_of(fetcher.folder)).write_text("not JSON")
    fetch(fetcher, DEPRIVATION_2025)
    assert publishers.ranges() == [None]


def test_a_part_longer_than_the_file_starts_again(fetcher: Fetcher, publishers: Publishers) -> None:
    leave_part(fetcher, publishers, LONG_CSV, 65_536)
    part_of(fetcher.folder).write_bytes(b"x" * (len(LONG_CSV) + 1))
    fetch(fetcher, DEPRIVATION_2025)
    assert (fetcher.folder / "deprivation-2025.csv").read_bytes() == LONG_CSV


@pytest.mark.parametrize("headers", [{"ETag": ""}, {"ETag": 'W/"weak"'}])
def test_without_a_strong_etag_no_range_is_asked(
    fetcher: Fetcher, publishers: Publishers, headers: dict[str, str]
) -> None:
    publishers.files[DEPRIVATION_PATH] = Served(LONG_CSV, headers)
    publishers.mishaps.append(("cut", 100_000))
    fetch(fetcher, DEPRIVATION_2025)
    assert publishers.ranges() == [None, None]
    assert (fetcher.folder / "deprivation-2025.csv").read_bytes() == LONG_CSV


@pytest.mark.parametrize(
    "misfit",
    [("status", 416), ("range", "bytes 7-9/200017"), ("range", f"bytes 65536-9/{len(LONG_CSV) + 5}")],
)
def test_a_range_that_does_not_fit_starts_again(
    fetcher: Fetcher, publishers: Publishers, misfit: tuple[str, object]
) -> None:
    leave_part(fetcher, publishers, LONG_CSV, 65_536)
    publishers.mishaps.append(misfit)
    fetch(fetcher, DEPRIVATION_2025)
    assert publishers.ranges() == ["bytes=65536-", None]
    assert (fetcher.folder / "deprivation-2025.csv").read_bytes() == LONG_CSV


def test_a_wrong_checksum_is_refused_and_removed(fetcher: Fetcher, publishers: Publishers) -> None:
    open_files.publish_code_point(publishers, code_point_zip(), md5="0" * 32)
    with pytest.raises(FetchError, match=r"did not match its publisher's checksum, so it was removed"):
        fetch(fetcher, CODE_POINT_OPEN)
    assert list(fetcher.folder.iterdir()) == []


@pytest.mark.parametrize("header", ["1B2M2Y8AsgTpgAmY7PhCfg==", None, "not base64"])
def test_a_checksum_in_the_header_is_compared(
    fetcher: Fetcher, publishers: Publishers, header: str | None
) -> None:
    publishers.files[DEPRIVATION_PATH] = Served(deprivation_csv(), {"Content-MD5": header or ""})
    if header and header.endswith("=="):
        with pytest.raises(FetchError, match="checksum"):
            fetch(fetcher, DEPRIVATION_2025)
    else:
        assert fetch(fetcher, DEPRIVATION_2025).bytes == len(deprivation_csv())


def test_the_police_checksum_is_read_from_the_page_of_archives(
    fetcher: Fetcher, publishers: Publishers
) -> None:
    open_files.publish_police(publishers, code_point_zip(), "f" * 32)
    with pytest.raises(FetchError, match=r"2025-09\.zip did not match"):
        fetch(fetcher, police_archive("2025-09"))


def test_a_web_page_in_place_of_the_file_is_refused(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.files[DEPRIVATION_PATH] = Served(b"<!doctype html><title>Sign in to the network</title>")
    with pytest.raises(
        FetchError, match=r"deprivation-2025\.csv is not a csv file: look at https://www\.gov"
    ):
        fetch(fetcher, DEPRIVATION_2025)
    assert list(fetcher.folder.iterdir()) == []


def test_a_list_of_downloads_that_changed_is_refused(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.files[path_of(CODE_POINT_OPEN)] = Served(b"[]")
    with pytest.raises(FetchError, match="does not list exactly one file"):
        fetch(fetcher, CODE_POINT_OPEN)


@pytest.mark.parametrize("served", [Served(LONG_CSV), Served(LONG_CSV, {"Content-Length": ""})])
def test_more_than_a_source_may_hold_is_refused(
    fetcher: Fetcher, publishers: Publishers, served: Served
) -> None:
    publishers.files[DEPRIVATION_PATH] = served
    with pytest.raises(FetchError, match="is larger than the 70,000 bytes allowed"):
        fetch(fetcher, replace(DEPRIVATION_2025, largest_bytes=70_000))
    assert not part_of(fetcher.folder).exists()


def test_a_redirect_to_a_foreign_host_is_refused(fetcher: Fetcher, publishers: Publishers) -> None:
    publishers.redirects[DEPRIVATION_PATH] = "https://example.org/File_7.csv"
    with pytest.raises(FetchError, match=r"example\.org/File_7\.csv is not on a host of this publisher"):
        fetch(fetcher, DEPRIVATION_2025)


def test_a_listed_address_on_a_foreign_host_is_refused(fetcher: Fetcher, publishers: Publishers) -> None:
    entry = [{"url": "https://example.org/codepo_gb.zip"}]
    publishers.files[path_of(CODE_POINT_OPEN)] = Served(json.dumps(entry).encode())
    with pytest.raises(FetchError, match="not on a host of this publisher"):
        fetch(fetcher, CODE_POINT_OPEN)


def test_a_file_that_is_gone_is_reported_at_once(fetcher: Fetcher, publishers: Publishers) -> None:
    del publishers.files[DEPRIVATION_PATH]
    with pytest.raises(AnswerError, match="answered 404"):
        fetch(fetcher, DEPRIVATION_2025)
    assert len(publishers.asked) == 1


def test_a_closed_port_is_told_as_unreached(fetcher: Fetcher, waits: list[float]) -> None:
    with pytest.raises(OfflineError, match=r"127\.0\.0\.1 could not be reached"):
        fetch(replace(fetcher, base_address="http://127.0.0.1:1"), DEPRIVATION_2025)
    assert len(waits) == 4


def test_a_file_that_is_here_is_known_by_its_checksum(fetcher: Fetcher) -> None:
    assert present(fetcher, DEPRIVATION_2025) is None
    record = fetch(fetcher, DEPRIVATION_2025)
    assert present(fetcher, DEPRIVATION_2025) == record
    (fetcher.folder / "deprivation-2025.csv").write_text("LSOA code (2021)\n")
    assert present(fetcher, DEPRIVATION_2025) is None


def test_a_region_is_not_taken_for_the_whole(fetcher: Fetcher) -> None:
    region = replace(fetcher, authorities=WEST_MIDLANDS)
    fetch(region, WARDS_2025)
    assert present(region, WARDS_2025) is not None
    assert present(fetcher, WARDS_2025) is None


def test_a_file_brought_by_hand_is_recorded(fetcher: Fetcher) -> None:
    (fetcher.folder / "codepoint-open.zip").write_bytes(code_point_zip())
    record = present(fetcher, CODE_POINT_OPEN)
    assert record is not None
    assert record.address == CODE_POINT_OPEN.page
    assert present(fetcher, CODE_POINT_OPEN) == read_manifest(fetcher.folder)["codepoint-open"] == record


def test_a_wrong_file_brought_by_hand_is_refused_and_kept(fetcher: Fetcher) -> None:
    brought = fetcher.folder / "codepoint-open.zip"
    brought.write_text("<html>")
    with pytest.raises(FetchError, match=r"codepoint-open\.zip is not a zip file"):
        present(fetcher, CODE_POINT_OPEN)
    assert brought.exists()


def test_code_point_is_read_by_the_loader(fetcher: Fetcher) -> None:
    fetch(fetcher, CODE_POINT_OPEN)
    frame, bad_rows = read_codepoint(fetcher.folder / "codepoint-open.zip")
    assert "B19 2TB" in set(frame["postcode"])
    assert bad_rows.empty


@pytest.mark.parametrize(
    ("source", "level", "count"),
    [(LSOA_2021, "lsoa21", 5), (WARDS_2025, "ward", 2), (AUTHORITIES_2025, "authority", 2)],
    ids=lambda value: getattr(value, "slug", None),
)
def test_areas_are_read_by_the_loader(fetcher: Fetcher, source: OpenSource, level: str, count: int) -> None:
    fetch(fetcher, source)
    frame, repaired = read_areas(fetcher.folder / source.file_name, level)
    assert (len(frame), repaired) == (count, [])


def test_a_lookup_is_a_csv_with_the_publisher_s_columns(fetcher: Fetcher) -> None:
    fetch(fetcher, LSOA_2011_TO_2021)
    with (fetcher.folder / "lsoa-2011-to-2021.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["LSOA21CD"] for row in rows if row["LSOA11CD"] == "E01033628"] == ["E01034923", "E01034925"]
    assert list(rows[0]) == list(LSOA_2011_TO_2021.query.fields)


def test_the_file_behind_the_code_point_redirect_is_resumed(fetcher: Fetcher, publishers: Publishers) -> None:
    open_files.publish_code_point(publishers, code_point_zip(3_000))
    publishers.mishaps += [("none", None), ("none", None), ("cut", 80_000)]
    fetch(fetcher, CODE_POINT_OPEN)
    assert publishers.asked[-1] == (CODE_POINT_PATH, "bytes=80000-")

import doctest
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import postcodes
from geodata.crs import lonlat_to_bng
from geodata.postcodes import find_postcode, normalise_postcode, outward, read_codepoint
from tests.work import counting_calls

GOOD = '"B19 2TH",10,406759,289372,"E92000001","E19000001","E18000005","","E08000025","E05001179"\r\n'
NOWHERE = '"B1  1AY",90,0,0,"E92000001","E19000001","E18000005","","",""\r\n'
HEADING = "PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\r\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B19 2TH", "B19 2TH"),
        ("b192th", "B19 2TH"),
        ("  B19\u00a0 2 th.. ", "B19 2TH"),
        ("B1  1AY", "B1 1AY"),
        ("CV1 5LZ,", "CV1 5LZ"),
        ("EC1A1BB", "EC1A 1BB"),
        ("W1A 0AX", "W1A 0AX"),
        ("DY11 1AA", "DY11 1AA"),
        ("ZZ1 1AA", "ZZ1 1AA"),
        ("B19", None),
        ("B19 TH2", None),
        ("B19 2THX", None),
        ("1 Lozells Road B19 2TH", None),
        ("N/A", None),
        ("", None),
        (None, None),
    ],
)
def test_normalise(text, expected):
    assert normalise_postcode(text) == expected


@settings(deadline=None)
@given(
    st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", fullmatch=True),
    st.sampled_from(["", " ", "  ", "\t"]),
)
def test_normalising_any_spacing_and_case_gives_one_form(postcode, gap):
    assert normalise_postcode(postcode.replace(" ", gap).lower()) == postcode


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("1 Lozells Road, Birmingham b192th", "B19 2TH"),
        ("Unit B1 2AB, Walsall, WS2  8ES, UK", "WS2 8ES"),
        ("Flat 2B, 14 High Street", None),
        ("reference AB19 2THX", None),
        (None, None),
    ],
)
def test_find_takes_the_last_postcode_in_an_address(address, expected):
    assert find_postcode(address) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("b192th", "B19"), ("ZZ1 1AA", "ZZ1"), ("B19", None), (None, None)]
)
def test_outward_is_the_district_only(text, expected):
    assert outward(text) == expected


@pytest.fixture
def codepoint(tmp_path):
    def write(text, name="b.csv"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, newline="")
        return file

    return write


@pytest.fixture
def zipped(tmp_path):
    def write(members):
        file = tmp_path / "codepo_gb.zip"
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(name, text)
        return file

    return write


def test_a_row_is_read_with_its_codes(codepoint):
    frame, bad = read_codepoint(codepoint(GOOD))
    assert frame.iloc[0].tolist() == ["B19 2TH", 406759, 289372, 10, "E08000025", "E05001179"]
    assert frame.columns.tolist() == postcodes.COLUMNS
    assert bad.empty


def test_quality_90_is_kept_without_a_location(codepoint):
    frame, bad = read_codepoint(codepoint(GOOD + NOWHERE))
    nowhere = frame.iloc[1]
    assert (nowhere.postcode, nowhere.quality) == ("B1 1AY", 90)
    assert nowhere[["easting", "northing", "authority_code", "ward_code"]].isna().all()
    assert frame.dtypes[["easting", "northing", "quality"]].eq("Int64").all()
    assert bad.empty


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B19 2TH,10,406759\n", "does not have 10 columns"),
        (GOOD.replace("\r\n", ",extra,extra\r\n"), "does not have 10 columns"),
        (HEADING, "not a postcode"),
        (GOOD.replace("B19 2TH", "B19"), "not a postcode"),
        (GOOD.replace(",10,", ",good,"), "quality"),
        (GOOD.replace("406759", "here"), "National Grid"),
        (GOOD.replace("406759", "406759.5"), "National Grid"),
        (GOOD.replace("289372", "28937200"), "National Grid"),
        (GOOD, "already read"),
    ],
)
def test_a_bad_row_is_named_with_its_reason(codepoint, row, reason):
    frame, bad = read_codepoint(codepoint(GOOD + "\r\n" + row + NOWHERE))
    assert frame["postcode"].tolist() == ["B19 2TH", "B1 1AY"]
    assert bad[["file", "row"]].to_numpy().tolist() == [["b.csv", 3]]
    assert reason in bad["reason"][0]


def test_a_folder_is_searched_and_the_files_of_headings_passed_over(codepoint, tmp_path):
    codepoint(GOOD, "Data/CSV/b.csv")
    codepoint(NOWHERE, "Data/CSV/deep/cv.CSV")
    codepoint(HEADING, "Data/CSV/Code-Point_Open_Column_Headers.csv")
    codepoint(GOOD, "Doc/example.csv")
    codepoint("words", "Doc/licence.txt")
    frame, bad = read_codepoint(tmp_path)
    assert frame["postcode"].tolist() == ["B19 2TH", "B1 1AY"]
    assert bad.empty


@pytest.mark.parametrize(
    ("text", "reason"), [("name,age\nA,1\n", "no row"), ('"' + "x" * 140_000, "not CSV"), ("", "no row")]
)
def test_another_file_in_the_folder_is_reported_once(codepoint, tmp_path, text, reason):
    codepoint(GOOD)
    codepoint(text, "clubs.csv")
    frame, bad = read_codepoint(tmp_path)
    assert len(frame) == 1
    assert bad["file"].tolist() == ["clubs.csv"]
    assert bad["row"].isna().all()
    assert reason in bad["reason"][0]


def test_no_data_at_all_says_what_to_give(codepoint, tmp_path):
    with pytest.raises(ValueError, match="holds no Code-Point Open data: give the zip"):
        read_codepoint(codepoint("name,age\nA,1\n"))
    with pytest.raises(FileNotFoundError, match="no file or folder"):
        read_codepoint(tmp_path / "nothing")


def test_a_zip_as_published_is_read(zipped):
    members = {
        "Doc/licence.txt": "words",
        "Doc/Column_Headers.csv": HEADING,
        "Data/CSV/b.csv": GOOD + "bad\n",
    }
    frame, bad = read_codepoint(zipped(members))
    assert frame["postcode"].tolist() == ["B19 2TH"]
    assert bad[["file", "row"]].to_numpy().tolist() == [["Data/CSV/b.csv", 2]]


@pytest.mark.parametrize("name", ["../b.csv", "/etc/b.csv", "Data/../../b.csv", "C:\\b.csv", "..\\b.csv"])
def test_a_zip_that_points_outside_itself_is_refused(zipped, name):
    with pytest.raises(ValueError, match="points outside the zip"):
        read_codepoint(zipped({"Data/CSV/a.csv": GOOD, name: GOOD}))


def test_a_zip_that_swells_is_refused(zipped):
    with pytest.raises(ValueError, match="unpacks to over 200 times"):
        read_codepoint(zipped({"Data/CSV/b.csv": "0" * 1_000_000}))


@pytest.mark.parametrize(("limit", "value"), [("ZIP_MAX_BYTES", 50), ("ZIP_MAX_MEMBERS", 0)])
def test_a_zip_that_is_too_big_is_refused(zipped, monkeypatch, limit, value):
    monkeypatch.setattr(postcodes, limit, value)
    with pytest.raises(ValueError, match="is refused: it"):
        read_codepoint(zipped({"Data/CSV/b.csv": GOOD}))


def test_an_encrypted_zip_is_refused(zipped):
    file = zipped({"Data/CSV/b.csv": GOOD})
    raw = bytearray(file.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(raw)
    with pytest.raises(ValueError, match="is encrypted"):
        read_codepoint(file)


def test_a_broken_zip_is_refused(zipped):
    file = zipped({"Data/CSV/b.csv": GOOD})
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(ValueError, match="not a whole zip"):
        read_codepoint(file)


@pytest.mark.shared_data
def test_the_real_files_are_read_whole_and_without_much_work_a_row(shared_data):
    (frame, bad), calls = counting_calls(lambda: read_codepoint(shared_data / "postcodes"))
    rows = sum(len(file.read_bytes().splitlines()) for file in (shared_data / "postcodes").glob("*.csv"))
    assert len(frame) == rows > 85_000
    assert calls < 10 * rows
    assert bad.empty
    assert frame["postcode"].is_unique


@pytest.mark.shared_data
def test_the_real_file_puts_lozells_in_lozells(shared_data):
    frame, _ = read_codepoint(shared_data / "postcodes" / "codepoint_open_2014_b.csv")
    found = frame.set_index("postcode").loc["B19 2TH"]
    easting, northing = lonlat_to_bng(-1.9019, 52.5022)
    assert np.hypot(found.easting - easting, found.northing - northing) < 1_000


@pytest.mark.shared_data
def test_the_real_file_reads_the_same_from_a_zip(shared_data, zipped):
    file = shared_data / "postcodes" / "codepoint_open_2014_wv.csv"
    from_zip, _ = read_codepoint(zipped({"Data/CSV/wv.csv": file.read_bytes()}))
    assert from_zip.equals(read_codepoint(file)[0])


def test_a_byte_order_mark_is_no_part_of_the_first_postcode(tmp_path):
    file = tmp_path / "b.csv"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_codepoint(file)[0]["postcode"].tolist() == ["B19 2TH"]


def test_the_examples_in_the_docstrings_hold():
    failed, tried = doctest.testmod(postcodes)
    assert failed == 0 < tried

"""The register of charities: who is taken, what is said of them, and that nobody's address is."""

import io
import json
import zipfile

import pytest

from directory.openreferral.check import check
from directory.sources.entry import SourceError
from directory.sources.json_stream import stream_objects
from tests.directory.sources.charity_extract import about, area, charity, write_extract


@pytest.fixture
def read_extract(tmp_path, read_file):
    def read(**tables):
        return read_file(write_extract(tmp_path / "extract", **tables), "charity-register")

    return read


def classes_of(document):
    service = document["services"][0]
    return {
        item["taxonomy_term"].get("term") or item["taxonomy_term"]["name"] for item in service["attributes"]
    }


def test_a_charity_is_taken_with_all_that_the_register_says(read_extract):
    linked = charity(1234567, "LOZELLS ABC FUND", linked_charity_number=2, organisation_number=77)
    reading = read_extract(
        charity=[charity(1234567, "LOZELLS BOXING", charity_company_registration_number="1234567"), linked],
        areas=[area(1234567, "Birmingham City"), area(1234567, "Throughout England"), area(1234567, "Bury")],
        classes=[
            about(1234567, "classification_description", "Amateur Sport"),
            about(1234567, "classification_description", "Children/young People"),
        ],
        names=[about(1234567, "charity_name", "Lozells ABC")],
        policies=[
            about(1234567, "policy_name", "Safeguarding policy and procedures"),
            about(1234567, "policy_name", "Complaints handling"),
        ],
    )
    main, fund = [entry.document for entry in reading.entries]
    assert [(i["identifier_scheme"], i["identifier"]) for i in main["organization_identifiers"]] == [
        ("GB-CHC", "1234567"),
        ("GB-COH", "01234567"),
    ]
    assert main["alternate_name"] == "Lozells ABC"
    assert main["website"] == "https://www.charity.example"
    assert {(a.get("extent"), a["name"]) for a in main["services"][0]["service_areas"]} == {
        ("E08000025", "Birmingham City"),
        ("E92000001", "Throughout England"),
        (None, "Bury"),
    }
    assert classes_of(main) == {"sport", "Children/young People"}
    said = {(a["link_type"], a["taxonomy_term"].get("term")) for a in main["attributes"]}
    assert {("assurance", "policy"), ("policy", None), ("kind", "voluntary")} == said
    assert fund["organization_identifiers"][0]["identifier"] == "1234567-2"
    assert fund["parent_organization_id"] == main["id"]
    assert [check(document) for document in (main, fund)] == [[], []]
    assert not any(entry.flags or entry.not_understood for entry in reading.entries)


def test_an_address_for_letters_goes_nowhere(read_extract):
    reading = read_extract(
        charity=[charity(1, "A"), {"charity_name": "B"} | {"charity_contact_address1": "77 S"}],
        areas=[area(1, "Dudley")],
    )
    whole = repr(reading)
    assert len(reading.entries) == len(reading.rejected) == 1
    assert not any(words in whole for words in ("Secret", "77 S", "B19", "0121", "trustee@"))
    assert "service_at_locations" not in reading.entries[0].document["services"][0]


def test_charities_that_work_elsewhere_are_left_out_and_counted(read_extract):
    far = {"charity_contact_postcode": "SW1A 1AA"}
    reading = read_extract(
        charity=[
            charity(1, "Works here, writes from afar", **far),
            charity(2, "Near, says no place"),
            charity(3, "Near, works in all of England"),
            charity(4, "Near, works in another place"),
            charity(5, "Far, works in all of England", **far),
            charity(6, "Far, says nothing", charity_contact_postcode=None),
        ],
        areas=[
            area(1, "Walsall"),
            area(3, "Throughout England"),
            area(4, "Bury"),
            area(5, "Throughout England"),
        ],
    )
    assert [entry.key for entry in reading.entries] == ["GB-CHC-1", "GB-CHC-2", "GB-CHC-3"]
    assert (reading.rows, reading.not_wanted) == (6, {"they work elsewhere": 3})


def test_a_removed_charity_is_marked_and_of_use_only_where_it_is_known(read_extract):
    gone = charity(9, "Gone", charity_registration_status="Removed", date_of_removal="2025-05-03T00:00:00")
    entry = read_extract(charity=[gone], areas=[]).entries[0]
    service = entry.document["services"][0]
    assert entry.only_if_known
    assert (service["status"], service["alert"]) == (
        "defunct",
        "Removed from the register of charities on 3 May 2025.",
    )


def test_rows_that_cannot_be_read_are_rejected_and_the_others_are_in(read_extract):
    bad = [
        {},
        charity("7", "x"),
        charity(8, ["x"]),
        charity(8, "\x00"),
        charity(8, ""),
        charity(8, "x" * 600),
    ]
    reading = read_extract(
        charity=[*bad, charity(9, "Good")],
        areas=[area(9, "Dudley"), {}, area(9, "Dudley", registered_charity_number=[])],
    )
    assert (len(reading.entries), len(reading.rejected)) == (1, len(bad))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": 1}', "not a JSON array"),
        (b"<html>Sorry</html>", "not a JSON array"),
        (b'[{"a": 1}, {"b"', "ends in the middle"),
        (b'[{"a": 1}', "ends in the middle"),
        (b"[1, 2]", "not an array of objects"),
        (b'[{"a": NaN}]', "NaN"),
        (b'[{"a": "\xff"}]', "UTF-8"),
        (b'[{"a": ' + b"9" * 5_000 + b"}]", "cannot be read"),
        (b'[{"a": ' + b"[" * 100_000 + b"}]", "cannot be read"),
        (b'[{"a" 1}' + b" " * 3_000_000, "not JSON"),
    ],
)
def test_a_stream_that_is_no_array_of_objects_is_refused(content, words):
    with pytest.raises(SourceError, match=words):
        list(stream_objects(io.BytesIO(content), "charity.json"))


def test_objects_are_read_across_the_pieces_of_a_stream():
    things = [{"text": "é\u2019" * 40_000, "n": i} for i in range(9)]
    content = b"\xef\xbb\xbf" + json.dumps(things, ensure_ascii=False, indent=1).encode()
    assert list(stream_objects(io.BytesIO(content), "x")) == things


def test_a_table_that_is_missing_or_damaged_is_named(tmp_path, read_file):
    folder = write_extract(tmp_path / "extract", charity=[charity(1, "A")])
    with pytest.raises(SourceError, match="charity_area_of_operation"):
        read_file(folder, "charity-register")
    (folder / "publicextract.charity_area_of_operation.zip").write_bytes(b"PK nothing")
    with pytest.raises(SourceError, match="damaged zip"):
        read_file(folder, "charity-register")


def test_one_zip_of_all_tables_is_read_and_its_paths_lead_nowhere(tmp_path, read_file):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("../../publicextract.charity.json", json.dumps([charity(1, "A")]))
        packed.writestr("/etc/publicextract.charity_area_of_operation.json", json.dumps([area(1, "Dudley")]))
    assert len(read_file(path, "charity-register").entries) == 1
    assert [item.name for item in tmp_path.iterdir()] == ["all.zip"]

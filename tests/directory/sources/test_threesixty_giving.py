"""Grants in the 360Giving standard: kept with the organisations that got them."""

import csv

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from directory.importing import ImportJob, run_import
from directory.models import GrantAward, Organization, PublishedOrganization
from directory.sources.entry import SourceError
from directory.sources.mapping import declaration_of as document_of
from directory.sources.mapping import load_mapping, mapping_from
from directory.sources.reader import reader_for
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.documents import organization


def grant(number="1", **changes):
    return {
        "id": f"360G-example-{number}",
        "title": "Boxing on Fridays",
        "description": "For A. Person of 1 Secret Road.",
        "currency": "GBP",
        "amountAwarded": 5000,
        "awardDate": "2025-05-03T00:00:00+00:00",
        "recipientOrganization": [
            {
                "id": "GB-CHC-1234567",
                "name": "Lozells Boxing",
                "charityNumber": "1234567",
                "streetAddress": "1 Secret Road",
                "postalCode": "B19 2TH",
            }
        ],
        "fundingOrganization": [{"id": "GB-CHC-7654321", "name": "Example Trust"}],
        "beneficiaryLocation": [{"name": "Lozells", "geoCode": "E08000025"}, {"name": "Aston"}],
        **changes,
    }


FLAT = {
    "Identifier": "360G-example-1",
    "Title": "Boxing on Fridays",
    "Currency": "GBP",
    "Amount Awarded": "5,000",
    "Award Date": "2025-05-03",
    "Recipient Org:Identifier": "GB-CHC-1234567",
    "Recipient Org:Name": "Lozells Boxing",
    "Recipient Org:Charity Number": "1234567",
    "Funding Org:Name": "Example Trust",
    "Beneficiary Location:0:Name": "Lozells",
    "Beneficiary Location:1:Name": "Aston",
    "Beneficiary Location:0:Geographic Code": "E08000025",
}


def with_entries():
    declared = document_of(load_mapping("threesixty-giving"))
    declared["options"]["organisations"] = ["yes"]
    return mapping_from("threesixty-giving", declared)


def write_csv(path, rows):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path, rows):
    book = Workbook()
    for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
        book.active.append(row)
    book.create_sheet("meta").append(["Publisher"])
    book.save(path)
    return path


def test_json_csv_and_xlsx_say_the_same(write_json, read_file, tmp_path):
    readings = [
        read_file(path, "threesixty-giving")
        for path in (
            write_json({"grants": [grant()]}),
            write_csv(tmp_path / "a.csv", [FLAT]),
            write_xlsx(tmp_path / "a.xlsx", [FLAT]),
        )
    ]
    first = readings[0].grants[0]
    assert [reading.grants for reading in readings] == [(first,)] * 3
    assert (first.funder, first.amount, str(first.awarded_on)) == ("Example Trust", 5000.0, "2025-05-03")
    assert (first.org_ids, first.benefits) == (("GB-CHC-1234567",), "Lozells; Aston")
    assert "Secret" not in repr(readings)


def test_grants_to_people_are_passed_over(write_json, read_file):
    person = grant("2", recipientOrganization=[], recipientIndividual={"id": "x", "name": "A. Person"})
    reading = read_file(write_json({"grants": [grant(), person]}), "threesixty-giving")
    assert len(reading.grants) == 1
    assert reading.not_wanted["they were made to people"] == 1
    assert "A. Person" not in repr(reading)


def test_an_organisation_comes_only_where_the_options_say_so_and_once(write_json):
    elsewhere = grant("3", beneficiaryLocation=[{"name": "Bury"}])
    elsewhere["recipientOrganization"] = [{"id": "GB-CHC-9", "name": "Far"}]
    path = write_json({"grants": [grant(), grant("2"), elsewhere]})
    for mapping, count in ((load_mapping("threesixty-giving"), 0), (with_entries(), 1)):
        reading = reader_for(path, mapping)(path, mapping)
        assert (len(reading.entries), len(reading.grants)) == (count, 3)
    document = reading.entries[0].document
    assert document["organization_identifiers"][0]["identifier"] == "1234567"
    assert document["services"][0]["funding"][0]["source"] == "Example Trust"
    assert document["services"][0]["service_areas"][0]["extent"] == "E08000025"
    assert "service_at_locations" not in document["services"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": "360G-example-1"},
        {"fundingOrganization": [7]},
        {"recipientOrganization": "Lozells"},
        {"amountAwarded": "much"},
        {"amountAwarded": 1e300},
        {"title": "A\u0000B"},
    ],
)
def test_a_grant_that_cannot_be_read_is_rejected_alone(write_json, read_file, changes):
    document = {"grants": [grant(), {**grant("2"), **changes}]}
    if changes.get("title"):
        with pytest.raises(SourceError, match="cannot be stored"):
            read_file(write_json(document), "threesixty-giving")
        return
    reading = read_file(write_json(document), "threesixty-giving")
    assert (len(reading.grants), len(reading.rejected)) == (1, 1)


@pytest.mark.parametrize("document", [{}, [], {"grants": {}}])
def test_a_file_without_grants_is_refused(write_json, read_file, document):
    with pytest.raises(SourceError, match="no list of grants"):
        read_file(write_json(document), "threesixty-giving")


def test_grants_stay_beside_the_record_and_are_what_the_source_says_now(committed, tmp_path, write_json):
    number = {"identifier_scheme": "GB-CHC", "identifier_type": "Charity number", "identifier": "1234567"}
    bring(committed, tmp_path, organization(name="Lozells Boxing", organization_identifiers=[number]))
    mapping = load_mapping("threesixty-giving")

    def refresh(*grants):
        path = write_json({"grants": grants})
        job = ImportJob(reader_for(path, mapping)(path, mapping), mapping, path, TODAY)
        return run_import(committed, job, lambda _count: None)

    other = grant("9", recipientOrganization=[{"id": "GB-CHC-9", "name": "Not here"}])
    report = refresh(grant(), grant("2", title="Ring"), other)
    assert report.grants == 2
    assert report.not_wanted["grants to organisations that the directory does not hold"] == 1
    public = committed.scalars(select(PublishedOrganization)).one().document["grants"]
    assert {item["title"] for item in public} == {"Boxing on Fridays", "Ring"}
    assert {item["source"]["licence"] for item in public} == {"CC BY 4.0"}
    refresh(grant())
    assert committed.scalars(select(GrantAward.title)).all() == ["Boxing on Fridays"]
    assert len(committed.scalars(select(Organization)).all()) == 1

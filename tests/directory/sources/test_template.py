"""Rows to organisations: what is grouped, what is refused and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.openreferral.check import check
from directory.sources.columns import COLUMNS
from directory.sources.entry import Table, TableRow
from directory.sources.mapping import load_mapping
from directory.sources.template import read_rows


def only_rejection(reading):
    assert (len(reading.rejected), reading.entries) == (1, [])
    return reading.rejected[0].field, reading.rejected[0].reason


def test_rows_of_one_organisation_are_one_entry(read_cells):
    reading = read_cells(
        {"Service": "Juniors"}, {"Organisation name": "LOZELLS boxing.", "Service": "Seniors"}
    )
    assert [service["name"] for service in reading.entries[0].document["services"]] == ["Juniors", "Seniors"]
    assert reading.entries[0].rows == (2, 3)


def test_identifiers_do_not_depend_on_the_order_of_rows(read_cells):
    rows = [{"Service": "Juniors"}, {"Service": "Seniors"}, {"Organisation name": "Other"}]
    forward, backward = read_cells(*rows), read_cells(*reversed(rows))
    ids = [
        sorted(
            (entry.document["id"], service["id"])
            for entry in reading.entries
            for service in entry.document["services"]
        )
        for reading in (forward, backward)
    ]
    assert ids[0] == ids[1]


def test_a_service_without_a_name_has_the_organisations(one_service):
    assert one_service()["name"] == "Lozells Boxing"


def test_no_organisation_name(read_cells):
    assert only_rejection(read_cells({"Organisation name": " "})) == (
        "Organisation name",
        "There is no organisation name. Give one.",
    )


@pytest.mark.parametrize("column", ["Organisation name", "Service name"])
def test_an_endless_name(read_cells, column):
    assert "longer than 500" in only_rejection(read_cells({column: "a" * 501}))[1]


def test_an_endless_cell(read_cells):
    field, reason = only_rejection(read_cells({"Notes": "a" * 10_001}))
    assert (field, reason) == ("Notes", "The text is 10,001 characters long. Shorten it to 10,000 at most.")


def test_the_same_row_twice_is_one_service_of_two_rows(read_cells):
    reading = read_cells({"Cost": "Free"}, {"Cost": " Free "})
    assert reading.entries[0].rows == (2, 3)
    assert len(reading.entries[0].document["services"]) == 1
    assert "same in every cell as row 2" in reading.entries[0].flags[0].message


def test_the_same_service_said_otherwise_is_refused(read_cells):
    reading = read_cells({"Cost": "Free"}, {"Cost": "\u00a32"})
    assert reading.rejected[0].row == 3
    assert reading.rejected[0].reason.startswith("The same organisation, service and place as row 2")


def test_the_same_service_at_another_place_is_another(read_cells):
    reading = read_cells({"Postcode": "B19 2TH"}, {"Postcode": "B19 2TJ"})
    assert len(reading.entries[0].document["services"]) == 2


def test_two_charity_numbers_are_two_organisations(read_cells):
    reading = read_cells({"Charity no": "1234567", "Service": "a"}, {"Charity no": "7654321", "Service": "b"})
    assert (
        "Row 2 has the same organisation name but the charity number 1234567." in reading.rejected[0].reason
    )


def test_a_second_website_is_flagged_and_kept_as_a_note(read_cells):
    reading = read_cells({"Website": "a.org", "Service": "a"}, {"Website": "b.org", "Service": "b"})
    entry = reading.entries[0]
    assert entry.document["website"] == "https://a.org"
    assert "Not the same as in row 2" in entry.flags[0].message
    assert entry.document["services"][1]["notes"] == "Website: https://b.org"


def test_what_only_a_later_row_knows_is_added(read_cells):
    rows = [
        {"Service": "a", "Phone": "0121 303 9944"},
        {"Service": "b", "Phone": "0121 496 0123", "Email": "a@b.org"},
    ]
    document = read_cells(*rows).entries[0].document
    assert [phone["number"] for phone in document["phones"]] == ["0121 303 9944", "0121 496 0123"]
    assert document["email"] == "a@b.org"


def test_a_refused_row_leaves_no_trace(read_cells):
    reading = read_cells({"Service": "a"}, {"Service": "b", "Email": "new@b.org", "Ages": "18-11"})
    assert "email" not in reading.entries[0].document
    assert [item.row for item in reading.rejected] == [3]


def test_examples_are_passed_over_and_counted(read_cells):
    reading = read_cells({"Organisation name": "Example: Lantern"}, {})
    assert (reading.rows, reading.examples, len(reading.entries)) == (1, 1, 1)


def test_text_of_unknown_columns_is_kept_as_a_note(one_service):
    assert one_service(Shoe_size="44")["notes"] == "Shoe size: 44"


def test_fillers_say_nothing(one_service):
    assert "description" not in one_service(Description="N/A")


def test_kind_faith_network_and_identifiers_belong_to_the_organisation(read_cells):
    row = {"Kind": "church", "Faith": "Sikh", "Networks": "faith alliance", "Charity number": "No. 1234567"}
    document = (
        read_cells(row | {"Company number": "123456", "Org id": "GB-CASC-3fece4b0"}).entries[0].document
    )
    assert [item["taxonomy_term"]["term"] for item in document["attributes"]] == [
        "faith",
        "sikh",
        "faith-alliance",
    ]
    assert [
        f"{item['identifier_scheme']}-{item['identifier']}" for item in document["organization_identifiers"]
    ] == [
        "GB-CHC-1234567",
        "GB-COH-00123456",
        "GB-CASC-3fece4b0",
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("SC012345", ("GB-SC", "SC012345")),
        ("NIC100001", ("GB-NIC", "100001")),
        ("1234567-0", ("GB-CHC", "1234567")),
    ],
)
def test_charity_numbers_of_each_country(read_cells, number, expected):
    item = read_cells({"Charity number": number}).entries[0].document["organization_identifiers"][0]
    assert (item["identifier_scheme"], item["identifier"]) == expected


@pytest.mark.parametrize(
    "column",
    ["Charity number", "Company number", "Organisation identifier", "Email", "Website", "Contact email"],
)
def test_what_cannot_be_used_is_flagged_and_kept_as_a_note(read_cells, column):
    entry = read_cells({column: "pending!"}).entries[0]
    assert entry.flags[0].field == column
    assert entry.document["services"][0]["notes"] == f"{column}: pending!"


def test_an_odd_telephone_number_is_kept_as_written(read_cells):
    entry = read_cells({"Telephone": "ask Ann"}).entries[0]
    assert entry.document["phones"][0]["number"] == "ask Ann"
    assert entry.flags[0].field == "Telephone"


HEADINGS = [column.heading for column in COLUMNS]
CELLS = st.dictionaries(
    st.sampled_from(HEADINGS), st.text(max_size=20) | st.sampled_from(["yes", "3/11/2020", "12-8"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_every_row_is_in_one_entry_or_rejected(rows):
    texts = [{heading: row.get(heading, "") for heading in HEADINGS} for row in rows]
    reading = read_rows(
        Table(HEADINGS, [TableRow(i, row, row) for i, row in enumerate(texts, 2)]), load_mapping()
    )
    placed = [row for entry in reading.entries for row in entry.rows] + [
        item.row for item in reading.rejected
    ]
    assert sorted(placed) == list(range(2, len(rows) + 2))
    assert not [problem for entry in reading.entries for problem in check(entry.document) if problem.fatal]

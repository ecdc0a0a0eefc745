"""The facts of one service."""

import pytest

from directory.sources import row_to_service


def test_categories_groups_gender_and_referral_are_terms(one_service):
    service = one_service(Category="boxing", Who_it_is_for="gangs", Gender="girls", Referral="drop in")
    assert [(a["link_type"], a["taxonomy_term"]["term"]) for a in service["attributes"]] == [
        ("category", "sport"),
        ("group", "gang-affected"),
        ("gender", "female"),
        ("referral", "open"),
    ]


def test_a_word_that_is_no_term_is_kept_as_text_and_counted(read_cells):
    entry = read_cells({"Category": "underwater chess"}).entries[0]
    assert entry.document["services"][0]["attributes"][0]["taxonomy_term"] == {
        "name": "underwater chess",
        "taxonomy": "category",
    }
    assert entry.not_understood[0].text == "underwater chess"


def test_ages_of_two_columns(one_service):
    service = one_service(Min_age="8", Max_age="12")
    assert (service["minimum_age"], service["maximum_age"]) == (8, 12)


def test_one_age_leaves_the_other_not_known(one_service):
    service = one_service(Youngest_age="8")
    assert service["minimum_age"] == 8
    assert "maximum_age" not in service


@pytest.mark.parametrize(
    "cells", [{"Ages": "18-11"}, {"Min age": "18", "Max age": "11"}, {"Ages": "11-18", "Max age": "9"}]
)
def test_the_youngest_above_the_oldest(read_cells, cells):
    assert "is above the oldest" in read_cells(cells).rejected[0].reason


@pytest.mark.parametrize("column", ["Ages", "Youngest age"])
def test_ages_not_understood_are_not_known_and_kept(read_cells, column):
    entry = read_cells({column: "teenagers"}).entries[0]
    assert entry.document["services"][0]["notes"] == f"{column}: teenagers"
    assert "not known" in entry.not_understood[0].done


def test_free_is_nought(one_service):
    assert one_service(Cost="free")["cost_options"][0]["amount"] == 0


def test_a_price_not_understood_is_kept_as_text(read_cells):
    entry = read_cells({"Cost": "depends"}).entries[0]
    assert entry.document["services"][0]["fees"] == "depends"
    assert entry.not_understood[0].field == "Cost"


def test_a_donation_is_neither_free_nor_unknown_words(read_cells):
    entry = read_cells({"Cost": "donation"}).entries[0]
    assert entry.document["services"][0]["fees"] == "donation"
    assert "cost_options" not in entry.document["services"][0]
    assert entry.not_understood == ()


def test_opening_hours_become_schedules(one_service):
    schedules = one_service(When="Mon-Fri 9am-5pm; first Sat of month 10-1")["schedules"]
    assert [(item["freq"], item["byday"], item["opens_at"]) for item in schedules] == [
        ("WEEKLY", "MO,TU,WE,TH,FR", "09:00"),
        ("MONTHLY", "1SA", "10:00"),
    ]


def test_hours_not_understood_are_one_text(read_cells):
    entry = read_cells({"Opening hours": "when the moon is full"}).entries[0]
    schedule = entry.document["services"][0]["schedules"][0]
    assert set(schedule) == {"id", "description"}
    assert entry.not_understood[0].done == "Kept as text; the opening hours are marked not known."


def test_hours_understood_in_part_say_so(read_cells):
    entry = read_cells({"Opening hours": "Mon 10am-12pm, women only"}).entries[0]
    assert any("freq" in item for item in entry.document["services"][0]["schedules"])
    assert entry.not_understood[0].done == "Kept as text; the rest was understood."


def test_areas_by_code_and_by_name(one_service):
    first, second = one_service(Area_served="Lozells; e08000025; lozells")["service_areas"]
    assert first["name"] == "Lozells"
    assert (second["extent"], second["extent_type"]) == ("E08000025", "gss")


def test_languages_and_funding(one_service):
    service = one_service(Languages="English, Urdu", Funding="Council; The Trust, Ltd")
    assert [item["name"] for item in service["languages"]] == ["English", "Urdu"]
    assert [item["source"] for item in service["funding"]] == ["Council", "The Trust, Ltd"]


@pytest.mark.parametrize(
    ("text", "status"),
    [("", "active"), ("Closed", "inactive"), ("on hold", "temporarily closed"), ("False", "inactive")],
)
def test_statuses(one_service, text, status):
    assert one_service(Status=text)["status"] == status


def test_an_unknown_status_is_active_and_flagged(read_cells):
    entry = read_cells({"Status": "hmm"}).entries[0]
    assert entry.document["services"][0]["status"] == "active"
    assert entry.flags[0].field == "Status"


def test_last_checked(one_service):
    assert one_service(Last_checked="3/11/2020")["assured_date"] == "2020-11-03"


@pytest.mark.parametrize(("text", "reason"), [("soon", "is not a date"), ("3/11/2090", "is in the future")])
def test_last_checked_that_cannot_be(read_cells, monkeypatch, text, reason):
    monkeypatch.setattr(row_to_service, "today", lambda: row_to_service.date(2025, 11, 3))
    entry = read_cells({"Last checked": text}).entries[0]
    assert reason in entry.flags[0].message
    assert "assured_date" not in entry.document["services"][0]


def test_internal_notes(one_service):
    assert one_service(Notes="Ring twice")["notes"] == "Notes: Ring twice"


@pytest.mark.parametrize("text", ["yes 3/11/2020", "Yes - 3 Nov 2020", "agreed on 3/11/20", "3/11/2020"])
def test_consent_with_its_date(one_service, text):
    contact = one_service(Contact_name="Ann", Contact_phone="0121 303 9944", Consent=text)["contacts"][0]
    assert (contact["consent_date"], contact["consent_scope"]) == ("2020-11-03", "public")
    assert contact["phones"][0]["number"] == "0121 303 9944"


@pytest.mark.parametrize(
    ("text", "flags"),
    [("no", 0), ("", 0), ("yes", 1), ("not sure", 1), ("No, ask 3/11/2020", 0), ("yes " + "9" * 9_900, 1)],
)
def test_no_consent_without_a_yes_and_its_date(read_cells, text, flags):
    entry = read_cells({"Contact name": "Ann", "May we publish the contact?": text}).entries[0]
    assert "consent_date" not in entry.document["services"][0]["contacts"][0]
    assert len(entry.flags) == flags


def test_a_bare_mobile_number_is_the_contacts_not_the_organisations(read_cells):
    document = read_cells({"Mobile": "07911 123456"}).entries[0].document
    assert "phones" not in document
    assert document["services"][0]["contacts"][0]["phones"]

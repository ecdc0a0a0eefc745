"""The words in which facts are shown."""

from datetime import date, datetime

import pytest

from directory.models import PublishedPlace, PublishedService
from directory.places.find import Place
from directory.search.run import Found
from directory.web.presenting import (
    SUMMARY_LENGTH,
    address_text,
    ages_text,
    ago,
    cost_text,
    date_text,
    distance_text,
    freshness,
    metres_from,
    metres_text,
    result_row,
    safe_link,
    shorten,
    term_names,
    where_text,
)

pytestmark = pytest.mark.one_database


def spot(easting, northing=0, precision="open"):
    return PublishedPlace(easting=easting, northing=northing, precision=precision)


def at(kind, *points):
    return Place(kind, "x", "x", "x", points, None)


def test_distance_is_from_the_nearest_place_to_the_nearest_point():
    service = PublishedService(places=[spot(9000), spot(1500), spot(None, None, "hidden")])
    assert metres_from(service, at("site", (0, 0), (1000, 0))) == 500
    assert distance_text(service, at("postcode", (0, 0))) == "1.5 km"


def test_distance_of_an_approximate_place_is_about():
    service = PublishedService(places=[spot(430, precision="approximate")])
    assert distance_text(service, at("postcode", (0, 0))) == "About 430 m"


@pytest.mark.parametrize("kind", ["ward", "authority"])
def test_no_distance_from_an_area(kind):
    assert distance_text(PublishedService(places=[spot(430)]), at(kind, (0, 0))) is None


def test_no_distance_without_a_place_or_a_point():
    assert distance_text(PublishedService(places=[spot(430)]), None) is None
    assert distance_text(PublishedService(places=[spot(None, None, "hidden")]), at("site", (0, 0))) is None


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0, "0 m"), (44, "40 m"), (994, "990 m"), (996, "1.0 km"), (1000, "1.0 km"), (12_345, "12.3 km")],
)
def test_metres(metres, text):
    assert metres_text(metres) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (None, None, None),
        (11, 18, "11 to 18"),
        (None, 18, "Up to 18"),
        (0, 18, "Up to 18"),
        (11, None, "11 and over"),
        (11, 120, "11 and over"),
        (0, None, "All ages"),
        (None, 120, "All ages"),
    ],
)
def test_ages(low, high, text):
    document = {"minimum_age": low, "maximum_age": high}
    assert ages_text({name: value for name, value in document.items() if value is not None}) == text


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({}, None),
        ({"fees": "Ask"}, "Ask"),
        ({"cost_options": [{"amount": 0.0}]}, "Free"),
        ({"cost_options": [{"amount": 2.5, "amount_description": "a session"}]}, "\u00a32.50 a session"),
        ({"cost_options": [{"amount": 3.0}, {"option": "if you can"}], "fees": "no"}, "\u00a33; if you can"),
        ({"cost_options": [{"id": "x"}], "fees": "Ask"}, "; ".join(["Ask"])),
    ],
)
def test_cost(document, text):
    assert (cost_text(document) or None) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "today"),
        (1, "1 day ago"),
        (6, "6 days ago"),
        (7, "1 week ago"),
        (29, "4 weeks ago"),
        (60, "2 months ago"),
        (364, "12 months ago"),
        (365, "1 year ago"),
        (800, "2 years ago"),
    ],
)
def test_how_long_ago(days, text):
    assert ago(days) == text


def checked(**facts):
    days = {"checked_on": "2026-05-01", "due_on": "2026-11-01", "stale_on": "2028-05-01"}
    return {"way": "self", "fields": [{"field": "hours"}], **days, **facts}


def test_freshness_has_its_limits():
    days = [date(2026, 11, 1), date(2026, 11, 2), date(2028, 4, 30), date(2028, 5, 1)]
    assert [freshness(checked(), day)["level"] for day in days] == ["fresh", "ageing", "ageing", "stale"]
    assert freshness(None, days[0]) == {"text": "Not known when checked", "level": "unknown"}


@pytest.mark.parametrize(
    ("way", "text"),
    [
        ("self", "Checked 3 weeks ago by the organisation"),
        ("navigator", "Checked 3 weeks ago by a community navigator"),
        ("register", "Checked 3 weeks ago in a public register"),
        ("import", "Checked 3 weeks ago"),
    ],
)
def test_freshness_says_who_checked(way, text):
    assert freshness(checked(way=way), date(2026, 5, 23))["text"] == text


def test_what_is_out_of_date_says_so():
    assert freshness(checked(), date(2029, 5, 1))["text"].startswith(
        "May be out of date. Checked 3 years ago"
    )
    asked = {"stale_on": "2026-11-01", "fields": []}
    assert freshness(asked, date(2026, 11, 1))["text"] == "May be out of date. Not known when checked"
    assert freshness(asked, date(2026, 10, 31))["level"] == "unknown"


def test_check_in_the_future_is_today():
    assert freshness(checked(), date(2026, 4, 1))["text"] == "Checked today by the organisation"


def test_long_text_is_cut_between_words():
    assert shorten(None) is None
    assert shorten("Short") == "Short"
    cut = shorten("Boxing, " * 100)
    assert len(cut) <= SUMMARY_LENGTH + 1
    assert cut.endswith("Boxing\u2026")


def test_where_is_said_as_far_as_may_be():
    open_place = {"precision": "open", "name": "Hall", "ward": "Lozells", "authority": "Birmingham"}
    bare = {
        "precision": "open",
        "addresses": [{"address_1": "1 Known St", "city": "Dudley", "postal_code": "ZZ1 1AA"}],
    }
    hidden = {"precision": "hidden", "authority": "Birmingham"}
    links = [{"location": one} for one in (open_place, bare, hidden, hidden, {"precision": "virtual"})]
    service = PublishedService(
        document={
            "service_at_locations": links,
            "service_areas": [{"name": "Aston"}, {"extent": "E08000025"}],
        }
    )
    assert where_text(service).split("; ") == [
        "Hall, Lozells, Birmingham",
        "1 Known St, Dudley",
        "Address withheld",
        "in Birmingham",
        "Online or by telephone",
        "Covers Aston, E08000025",
    ]
    assert where_text(PublishedService(document={})) is None


def test_place_of_which_nothing_may_be_said():
    document = {"service_at_locations": [{"location": {"precision": "hidden"}}]}
    assert where_text(PublishedService(document=document)) == "Address withheld"
    assert address_text({"precision": "open"}) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, None), ("2026-11-03", "3 November 2026"), ("2026-11-03T10:00Z", "3 November 2026")],
)
def test_dates(text, said):
    assert date_text(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "ftp://example.org",
        "https://x y.org",
        "https://[x",
        None,
    ],
)
def test_only_web_addresses_are_links(text):
    assert safe_link(text) is None
    assert safe_link("https://example.org/a") == "https://example.org/a"


def test_terms_without_a_name_are_passed_over():
    terms = [{"link_type": "category", "taxonomy_term": {"name": name}} for name in ("Sport", None)]
    assert term_names({"attributes": terms}, "category") == ["Sport"]


def test_row_of_what_is_barely_known(app):
    service = PublishedService(
        service_id="s",
        organization_id="o",
        name="A",
        organization_name="B",
        status="active",
        document={},
        places=[],
        fictional=False,
    )
    service.service_id = service.organization_id = "00000000-0000-4000-8000-000000000000"
    with app.test_request_context():
        row = result_row(Found(service, sure=False, missing=("cost",)), None, datetime(2026, 11, 23, 10, 30))
    assert [row[name] for name in ("summary", "distance", "where", "next_opening", "ages", "cost")] == [
        None
    ] * 6
    assert (row["missing"], row["status_note"]) == (["cost"], None)

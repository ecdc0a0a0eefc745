"""The list: known and not known apart, pages that can be shared, and what to do when nothing fits."""

import re

import pytest
from sqlalchemy.orm import Session

from directory.db import get_session
from directory.search.run import Answer, count_services
from directory.web.asking import read_question
from directory.web.nothing import explain_nothing
from directory.web.searching import pagination
from tests.directory.records import add, organization, service, term, weekly

ALL_FILTERS = (
    "category=sport&group=excluded&gender=female&cost=free&referral=open&language=English"
    "&accessibility=step-free&kind=faith&faith=sikh&authority=E08000025&network=faith-alliance"
)


def page_of(client, question):
    return client.get(f"/search?{question}").get_data(as_text=True)


def names_in(page, group):
    section = re.search(rf'<section class="app-group app-group--{group}".*?</section>', page, re.S)
    return re.findall(r'app-card__name"><a[^>]*>([^<]*)</a>', section.group()) if section else []


def test_open_on_friday_at_six_keeps_what_is_not_known_apart(empty_app):
    services = [
        service("Open", schedules=[weekly("FR", "17:00", "20:00")]),
        service("Closed", schedules=[weekly("MO", "17:00", "20:00")]),
        service("Fortnightly", schedules=[weekly("FR", "17:00", "20:00", interval=2)]),
        service("Nobody knows"),
    ]
    with Session(empty_app.extensions["engine"]) as session:
        add(session, organization("Oak", *services))
        session.commit()
    page = page_of(empty_app.test_client(), "day=Friday&time=18:00&sort=name")
    assert names_in(page, "yes") == ["Open"]
    assert names_in(page, "unknown") == ["Fortnightly", "Nobody knows"]
    assert "Closed" not in page
    assert "Known to fit (1)" in page
    assert "Not known (2)" in page
    assert page.count("Not on record: opening hours") == 2


def test_pages_of_the_list_hold_every_service_once(client):
    page, names, address = page_of(client, "sort=name"), [], "/search?sort=name"
    while address:
        page = client.get(address).get_data(as_text=True)
        names += re.findall(r'app-card__name"><a[^>]*href="/services/([^"]*)"', page)
        following = re.search(r'<a[^>]*href="([^"]*)"[^>]*rel="next"', page)
        address = following.group(1).replace("&amp;", "&") if following else None
    totals = client.get("/search.json").get_json()
    assert len(names) == len(set(names)) == totals["total_known"] + totals["total_not_known"]


def test_map_and_list_show_the_same_services(client):
    page = page_of(client, "where=Lozells&view=map&sort=name")
    found = client.get("/search.json?where=Lozells").get_json()
    assert f"of {found['total_known'] + found['total_not_known']} services have a place" in page
    assert names_in(page, "yes")
    assert 'name="view" value="map"' in page
    assert "folium-map" not in page_of(client, "where=Lozells&sort=name")


@pytest.mark.parametrize(
    "question", [ALL_FILTERS, f"{ALL_FILTERS}&what=young+people&where=lozells&age=14&day=Friday&time=18:00"]
)
def test_every_filter_at_once_stays_within_the_queries(client, question):
    assert client.get(f"/search?{question}").status_code == 200
    assert client.get(f"/search?{question}&language=Klingon&what=zzzz+yyyy").status_code == 200
    assert client.get(f"/map?{question}").status_code == 200


def test_links_keep_the_question(client):
    page = page_of(client, "what=club&category=sport&category=arts&where=Birmingham")
    for route, view in (("csv", ""), ("geojson", ""), ("json", ""), ("", "view=map")):
        dot = r"\." if route else ""
        href = re.search(rf'href="(/search{dot}{route}\?[^"]*{view})"', page).group(1)
        assert "what=club" in href
        assert "category=sport&amp;category=arts" in href


def test_senseless_argument_is_said_on_the_page(client):
    assert "Age must be a whole number" in page_of(client, "age=old")


def test_place_is_explained(client):
    assert "a priority site in Birmingham" in page_of(client, "where=lozells")
    assert "We could not find" in page_of(client, "where=nowhere")


@pytest.mark.parametrize(
    ("page", "pages", "listed", "previous", "following"),
    [
        (1, 1, [1], None, None),
        (1, 9, [1, 2, 3, 9], None, 2),
        (5, 9, [1, 3, 4, 5, 6, 7, 9], 4, 6),
        (9, 9, [1, 7, 8, 9], 8, None),
    ],
)
def test_page_links(app, page, pages, listed, previous, following):
    with app.test_request_context("/search?what=a"):
        links = pagination(read_question(get_session()), Answer([], 0, 0, page, pages), "search.results")
    assert [link["page"] for link in links["links"]] == listed
    assert [link["page"] for link in links["links"] if link["current"]] == [page]
    expected = [number and f"/search?what=a&page={number}" for number in (previous, following)]
    assert [links["previous_href"], links["next_href"]] == expected


def why_nothing(app, question):
    """The explanation, with each wider question's promise checked against its answer."""
    with app.test_request_context(f"/search?{question}"):
        session = get_session()
        nothing = explain_nothing(session, read_question(session))
    for link in nothing["widen"]:
        with app.test_request_context(link["href"]):
            total = sum(count_services(get_session(), read_question(get_session()).query))
        assert link["label"].startswith(f"{total} service")
    return nothing


def test_no_record_has_the_words(app):
    nothing = why_nothing(app, "what=zzzz")
    assert nothing["reasons"] == ["No record has the words \u201czzzz\u201d."]
    assert nothing["nearby"] == []
    assert len(why_nothing(app, "what=zzzz&where=lozells")["nearby"]) == 5


def test_some_of_the_words_are_offered(app):
    nothing = why_nothing(app, "what=zzzz+mentoring&where=lozells")
    assert nothing["reasons"][1] == "Below are services with some of the words."
    assert all("Mentoring" in str(row) or "mentor" in str(row).lower() for row in nothing["nearby"])
    assert nothing["widen"] == []


def test_words_exist_but_not_with_the_rest(app):
    nothing = why_nothing(app, "what=mentoring&language=Klingon&where=lozells&within_metres=500")
    assert "but none fits all of it" in nothing["reasons"][0]
    assert [link["label"].partition(" ")[2] for link in nothing["widen"]] != []
    assert nothing["nearby"]


def test_no_words_at_all(app):
    nothing = why_nothing(
        app, "faith=buddhist&network=advisory-group&cost=paid&gender=male&age=119&day=Sunday&time=04:00"
    )
    assert nothing["reasons"] == ["No service fits all of these choices."]
    assert {link["label"].split(" ", 2)[2] for link in nothing["widen"]} <= {
        "without the filters",
        "for any age",
        "at any day and time",
    }


@pytest.mark.parametrize(
    "where",
    ["lozells&within_metres=500", "Birmingham", "ZZ1&within_metres=20000", "ZZ1&within_metres=100000"],
)
def test_wider_place_is_offered(app, where):
    question = f"where={where}&what=hebrew+klezmer&category=sport"
    with app.test_request_context(f"/search?{question}"):
        query = read_question(get_session()).query
    assert query.place is not None
    assert why_nothing(app, question)["reasons"]


def test_wider_distance_and_anywhere_are_offered(empty_app):
    from tests.directory.records import BIRMINGHAM, add_areas, location

    far = service("Chess", location((409_500, 289_500)), terms=[("category", "sport")])
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        add(session, organization("Oak", far, attributes=[term("kind", "faith")]))
        session.commit()
    nothing = why_nothing(empty_app, "what=chess&where=ZZ1+1AA&within_metres=5000")
    assert [link["label"] for link in nothing["widen"]] == ["1 service within 10 km", "1 service anywhere"]
    assert BIRMINGHAM not in str(nothing["widen"])
    ward = why_nothing(empty_app, "what=chess&where=Smethwick")
    assert [link["label"] for link in ward["widen"]] == ["1 service anywhere"]
    furthest = why_nothing(empty_app, "what=zzzz&where=ZZ1+1AA&within_metres=20000")
    assert furthest["widen"] == []


def test_empty_directory_says_so(empty_app):
    assert "No service on record matches all of this" in page_of(empty_app.test_client(), "what=boxing")

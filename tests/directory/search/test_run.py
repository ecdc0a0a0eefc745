"""Answers as a whole: known and not known add up, pages lose nothing, and a plain evaluation agrees."""

from dataclasses import replace
from random import Random

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import get_session, make_engine
from directory.models import PublishedService
from directory.places.find import find_place
from directory.search.criteria import SHOWN
from directory.search.query import SORTS, ServiceQuery
from directory.search.run import count_services, search_all, search_services
from tests.directory.records import (
    SQUARES,
    TODAY,
    add,
    add_areas,
    location,
    organization,
    service,
    weekly,
)

BOXES = {
    code: shapely.box(west, south, west + size, south + size) for code, _, _, _, west, south, size in SQUARES
}
LEVELS = {code: level for code, level, *_ in SQUARES}
AUTHORITY_OF = {code: authority or code for code, _, _, authority, *_ in SQUARES}
CODES = {"category": ("sport", "arts"), "gender": ("any", "female", "male"), "faith": ("sikh",)}
DAYS = ("MO", "FR")


def random_service(random, number):
    """A service of which some facts are known and others are not."""
    points = [(random.randrange(390_000, 410_000), random.randrange(282_000, 288_000)) for _ in range(2)]
    places = [
        location(
            point if random.random() < 0.8 else None,
            protection=random.choice(["open", "approximate", "hidden"]),
        )
        for point in points[: random.choice([0, 1, 1, 2])]
    ]
    terms = [(facet, code) for facet, codes in CODES.items() for code in codes if random.random() < 0.3]
    schedules = [
        weekly(
            random.choice(DAYS),
            f"{random.randrange(8, 18):02}:00",
            "20:00",
            interval=random.choice([1, 1, 2]),
        )
        for _ in range(random.choice([0, 1, 2]))
    ] + [{"description": "ask"}] * random.choice([0, 0, 0, 1])
    areas = [{"extent": code} for code in (*BOXES, "E92000001") if random.random() < 0.06]
    facts = {
        "minimum_age": random.choice([None, 5, 11]),
        "maximum_age": random.choice([None, 16, 25]),
        "cost_options": [{"amount": amount} for amount in random.choice([(), (0,), (2,), (0, 2)])],
    }
    known = {name: value for name, value in facts.items() if value is not None}
    return service(f"s{number}", *places, terms=terms, schedules=schedules, service_areas=areas, **known)


class Records:
    """Random services, which hypothesis is not to print when a test fails: they are too many."""

    def __init__(self, session, documents):
        self.session, self.documents = session, documents


@pytest.fixture(scope="module")
def random_records(new_database, empty_template):
    """A database with random services, and their documents by name."""
    random = Random(7)
    documents = {f"s{number}": random_service(random, number) for number in range(150)}
    engine = make_engine(new_database(empty_template))
    with Session(engine) as session:
        add_areas(session)
        add(session, organization("Oak", *documents.values()))
        yield Records(session, documents)
    engine.dispose()


def all_of(answers):
    """No if any part is no, or else not known if any is, or else yes."""
    return "no" if "no" in answers else "not known" if "not known" in answers else "yes"


def any_of(answers):
    return "yes" if "yes" in answers else "not known" if "not known" in answers else "no"


def evaluate(document, query):
    """What a person would answer, reading the document."""
    parts = [chosen(document, facet, codes) for facet, codes in query.terms.items() if codes]
    if query.age is not None:
        low, high = document.get("minimum_age"), document.get("maximum_age")
        fits = (low or 0) <= query.age <= (high if high is not None else 999)
        parts.append("not known" if low is None and high is None else "yes" if fits else "no")
    if query.asks_for_hours:
        parts.append(hours(document["schedules"], query))
    if query.place is not None:
        parts.append(where(document, query))
    return all_of(parts)


def chosen(document, facet, codes):
    if facet == "cost":
        amounts = [option["amount"] for option in document["cost_options"]]
        if not amounts or (0 in amounts and any(amounts)):  # free for some is not known for this one
            return "not known"
        return "yes" if ("paid" if any(amounts) else "free") in codes else "no"
    held = {item["taxonomy_term"]["term"] for item in document["attributes"] if item["link_type"] == facet}
    if not held:
        return "no" if facet == "faith" else "not known"
    wanted = {*codes, "any"} if facet == "gender" else set(codes)
    return "yes" if held & wanted else "no"


def hours(schedules, query):
    answers = ["no"] if schedules else ["not known"]
    for item in schedules:
        if "freq" not in item:
            answers.append("not known")
        elif query.weekday in (None, {"MO": 0, "FR": 4}[item["byday"]]) and (
            query.minute is None or int(item["opens_at"][:2]) * 60 <= query.minute < 20 * 60
        ):
            answers.append("yes" if item["interval"] == 1 else "not known")
    return any_of(answers)


def where(document, query):
    place, codes = query.place, {area["extent"] for area in document["service_areas"]}
    covering = {"E92000001", *place.around} | {c for c in BOXES if AUTHORITY_OF[c] in place.inside}
    answers = ["yes" if codes & covering else "no"]
    locations = [link["location"] for link in document["service_at_locations"]]
    if not locations and not codes:
        answers.append("not known")
    return any_of(answers + [where_one(one, query) for one in locations])


def where_one(one, query):
    """Whether one location is at the place asked about, as far as the public may know."""
    place, metres = query.place, query.within_metres
    spot = point_of(one)
    if spot is None:
        return "not known"
    ground = {code for code, box in BOXES.items() if box.intersects(spot)}
    ward = next((code for code in sorted(ground) if LEVELS[code] == "ward"), None)
    authority = next(code for code in sorted(ground) if LEVELS[code] == "authority")
    shown = {"open": {ward, authority}, "approximate": {ward, authority}, "hidden": {authority}}
    seen = shown["hidden" if ward is None and one["protection"] == "approximate" else one["protection"]]
    if seen & place.inside or (
        place.kind == "site" and one["protection"] == "open" and "E01000001" in ground
    ):
        return "yes"
    near = [shapely.Point(point) for point in place.points]
    if one["protection"] == "open":
        return "yes" if metres is not None and min(map(spot.distance, near)) <= metres else "no"
    area = BOXES[ward if ward in seen else authority]
    reached = metres is not None and min(map(area.distance, near)) <= metres
    return "not known" if reached or (ward not in seen and authority == place.authority_code) else "no"


def point_of(one):
    from geodata.crs import lonlat_to_bng

    if "latitude" not in one:
        return None
    easting, northing = lonlat_to_bng([one["longitude"]], [one["latitude"]])
    return shapely.Point(round(float(easting[0])), round(float(northing[0])))


PLACES = (None, "ZZ1 1AA", "ZZ1", "lozells", "King's Norton South", "Birmingham", "Sandwell")
questions = st.fixed_dictionaries(
    {
        "where": st.sampled_from(PLACES),
        "within_metres": st.sampled_from([500, 1000, 2000, 5000, 40_000]),
        "age": st.none() | st.integers(0, 30),
        "weekday": st.sampled_from([None, 0, 2, 4]),
        "minute": st.sampled_from([None, 9 * 60, 18 * 60, 20 * 60]),
        "terms": st.fixed_dictionaries(
            {},
            optional={
                facet: st.lists(st.sampled_from(codes), unique=True).map(tuple)
                for facet, codes in {**CODES, "cost": ("free", "paid")}.items()
            },
        ),
    }
)


@pytest.mark.unmeasured
@settings(max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)
@given(question=questions)
def test_every_service_gets_the_answer_that_a_plain_reading_gives(random_records, question):
    session, documents = random_records.session, random_records.documents
    place = find_place(session, question["where"], TODAY) if question["where"] else None
    metres = question["within_metres"] if place and place.kind not in ("ward", "authority") else None
    facts = {name: question[name] for name in ("age", "weekday", "minute", "terms")}
    query = ServiceQuery(place=place, within_metres=metres, per_page=1000, **facts)
    answer = search_services(session, query)
    said = {item.service.name: "yes" if item.sure else "not known" for item in answer.found}
    expected = {name: evaluate(document, query) for name, document in documents.items()}
    wrong = {name: said.get(name, "no") for name in documents if said.get(name, "no") != expected[name]}
    assert wrong == {}
    counts = [list(expected.values()).count(kind) for kind in ("yes", "not known")]
    assert [answer.total_known, answer.total_unknown] == counts == list(count_services(session, query))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("where", [None, "lozells", "Birmingham"])
@pytest.mark.parametrize("text", ["", "young"])
def test_no_service_is_lost_or_shown_twice_over_the_pages(app, sort, where, text):
    with app.app_context():
        session = get_session()
        place = find_place(session, where, TODAY) if where else None
        query = ServiceQuery(
            text=text, place=place, within_metres=5000 if place else None, sort=sort, per_page=7
        )
        answer = search_services(session, query)
        pages = [search_services(session, replace(query, page=page)) for page in range(1, answer.pages + 1)]
        ids = [item.service.service_id for page in pages for item in page.found]
        whole = [item.service.service_id for item in search_all(session, query, 10_000).found]
        assert ids == whole
        assert len(set(ids)) == len(ids) == answer.total > 7


def test_known_come_before_not_known(app):
    with app.app_context():
        query = ServiceQuery(terms={"cost": ("free",)}, per_page=1000)
        found = search_services(get_session(), query).found
        assert [item.sure for item in found] == sorted((item.sure for item in found), reverse=True)
        assert {item.missing for item in found} == {(), ("cost",)}


def test_nearest_come_first_and_those_without_a_point_last(app):
    with app.app_context():
        place = find_place(get_session(), "lozells", TODAY)
        query = ServiceQuery(place=place, within_metres=5000, sort="distance", per_page=1000)
        squares = [
            min(
                (
                    (spot.easting - east) ** 2 + (spot.northing - north) ** 2
                    for spot in item.service.places
                    for east, north in place.points
                    if spot.easting is not None
                ),
                default=float("inf"),
            )
            for item in search_services(get_session(), query).found
            if item.sure
        ]
        assert squares == sorted(squares)
        assert squares[-1] == float("inf")


def test_last_checked_come_first_and_those_never_checked_last(session):
    dates = {"a": "2026-01-05", "b": None, "c": "2026-11-05"}
    add(
        session,
        organization("Oak", *(service(n, **({"assured_date": d} if d else {})) for n, d in dates.items())),
    )
    found = search_services(session, ServiceQuery(sort="checked")).found
    assert [item.service.name for item in found] == ["c", "a", "b"]


def test_names_are_in_order_whatever_their_case(session):
    add(session, organization("Oak", service("b"), service("A"), service("C")))
    assert [f.service.name for f in search_services(session, ServiceQuery(sort="name")).found] == [
        "A",
        "b",
        "C",
    ]


@pytest.mark.parametrize(("page", "shown"), [(0, 1), (1, 1), (3, 3), (9, 3)])
def test_page_beyond_the_last_is_the_last(session, page, shown):
    add(session, organization("Oak", *(service(name) for name in "abc")))
    answer = search_services(session, ServiceQuery(page=page, per_page=1, sort="name"))
    assert (answer.page, answer.pages, answer.total) == (shown, 3, 3)
    assert [item.service.name for item in answer.found] == ["abc"[shown - 1]]


def test_empty_directory_answers_with_nothing(session):
    answer = search_services(session, ServiceQuery(text="boxing"))
    assert (answer.found, answer.total, answer.pages) == ([], 0, 1)


def test_question_without_parts_is_everything_that_still_runs(app):
    with app.app_context():
        running = select(func.count()).select_from(PublishedService).where(PublishedService.status.in_(SHOWN))
        assert count_services(get_session(), ServiceQuery()) == (get_session().scalar(running), 0)

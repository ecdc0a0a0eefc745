"""Each part of a question answers yes, not known or no; never no for what is not known."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from directory.models import PublishedService
from directory.places.find import Place, find_place
from directory.search.query import ServiceQuery
from directory.search.run import search_services
from tests.directory.records import (
    BIRMINGHAM,
    SANDWELL,
    TODAY,
    add,
    add_areas,
    location,
    organization,
    service,
    term,
    weekly,
)

FRIDAY, EVENING = 4, 18 * 60
WORDS_ONLY = {"description": "ring and ask"}


def answers(session, query):
    """Each service's name with yes, not known (and of what) or no."""
    found = search_services(session, replace(query, per_page=1000)).found
    said = dict.fromkeys(session.scalars(select(PublishedService.name)), "no")
    return said | {item.service.name: "yes" if item.sure else f"? {item.missing[0]}" for item in found}


def ask(session, *services, **question):
    add(session, organization("Oak", *services))
    return answers(session, ServiceQuery(today=TODAY, **question))


@pytest.mark.parametrize("facet", ["category", "group", "referral"])
def test_term_of_a_service(session, facet):
    codes = {"category": ("sport", "arts"), "group": ("excluded", "neet"), "referral": ("open", "self")}[
        facet
    ]
    services = [
        service("has", terms=[(facet, codes[0])]),
        service("other", terms=[(facet, codes[1])]),
        service("both", terms=[(facet, codes[0]), (facet, codes[1])]),
        service("none"),
    ]
    said = ask(session, *services, terms={facet: (codes[0],)})
    assert said == {"has": "yes", "other": "no", "both": "yes", "none": f"? {facet}"}
    assert answers(session, ServiceQuery(terms={facet: codes}))["other"] == "yes"


def test_words_that_no_term_fits_are_not_a_term(session):
    words = term("category", "falconry")
    assert ask(session, service("a", attributes=[words]), terms={"category": ("sport",)}) == {
        "a": "? category"
    }


def test_gender_takes_in_what_is_for_everyone(session):
    services = [service(code, terms=[("gender", code)]) for code in ("female", "male", "any")]
    said = ask(session, *services, service("none"), terms={"gender": ("female",)})
    assert said == {"female": "yes", "male": "no", "any": "yes", "none": "? gender"}
    everyone = answers(session, ServiceQuery(terms={"gender": ("any",)}))
    assert everyone == {"female": "no", "male": "no", "any": "yes", "none": "? gender"}


def test_language_and_accessibility(session):
    hall = location(None, attributes=[term("accessibility", "step-free")])
    services = [
        service("a", hall, languages=[{"name": "Urdu"}]),
        service("b", languages=[{"name": "English"}]),
    ]
    assert ask(session, *services, terms={"language": ("Urdu",)}) == {"a": "yes", "b": "no"}
    steps = answers(session, ServiceQuery(terms={"accessibility": ("step-free",)}))
    assert steps == {"a": "yes", "b": "? accessibility"}


def test_kind_is_not_known_when_absent_but_faith_and_network_are_none(session):
    chapel = [term("kind", "faith"), term("faith", "sikh"), term("network", "faith-alliance")]
    add(session, organization("Chapel", service("a"), attributes=chapel), organization("Oak", service("b")))
    for facet, code, absent in (
        ("kind", "faith", "? kind"),
        ("faith", "sikh", "no"),
        ("network", "faith-alliance", "no"),
    ):
        assert answers(session, ServiceQuery(terms={facet: (code,)})) == {"a": "yes", "b": absent}


def test_cost(session):
    services = [
        service("free", cost_options=[{"amount": 0}]),
        service("paid", cost_options=[{"amount": 2}]),
        service("words", cost_options=[{"option": "ask"}]),
        service("none"),
    ]
    said = ask(session, *services, terms={"cost": ("free",)})
    assert said == {"free": "yes", "paid": "no", "words": "? cost", "none": "? cost"}
    assert answers(session, ServiceQuery(terms={"cost": ("paid",)}))["paid"] == "yes"


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (11, ["yes", "yes", "yes"]),
        (10, ["no", "no", "yes"]),
        (18, ["yes", "yes", "yes"]),
        (19, ["no", "yes", "no"]),
    ],
)
def test_age(session, age, expected):
    services = [
        service("11 to 18", minimum_age=11, maximum_age=18),
        service("11 and over", minimum_age=11),
        service("up to 18", maximum_age=18),
        service("none"),
    ]
    said = ask(session, *services, age=age)
    assert [said[item["name"]] for item in services] == [*expected, "? ages"]


def test_hours_of_a_day_and_a_time(session):
    services = [
        service("open", schedules=[weekly("FR", "17:00", "20:00")]),
        service("closes then", schedules=[weekly("FR", "09:00", "18:00")]),
        service("opens then", schedules=[weekly("FR", "18:00", "19:00")]),
        service("another day", schedules=[weekly("MO", "17:00", "20:00")]),
        service("fortnightly", schedules=[weekly("FR", "17:00", "20:00", interval=2, dtstart="2026-11-06")]),
        service("monthly", schedules=[weekly("1FR", "17:00", "20:00") | {"freq": "MONTHLY"}]),
        service("in term", schedules=[weekly("FR", "17:00", "20:00", notes="term time only")]),
        service("from spring", schedules=[weekly("FR", "17:00", "20:00", valid_from="2027-03-01")]),
        service("ended", schedules=[weekly("FR", "17:00", "20:00", valid_to="2026-03-01")]),
        service("words", schedules=[WORDS_ONLY]),
        service("mornings and words", schedules=[weekly("MO", "09:00", "12:00"), WORDS_ONLY]),
        service("none"),
    ]
    said = ask(session, *services, weekday=FRIDAY, minute=EVENING)
    perhaps = "? opening hours"
    assert said == {
        "open": "yes",
        "closes then": "no",
        "opens then": "yes",
        "another day": "no",
        "fortnightly": perhaps,
        "monthly": perhaps,
        "in term": perhaps,
        "from spring": perhaps,
        "ended": "no",
        "words": perhaps,
        "mornings and words": perhaps,
        "none": perhaps,
    }


def test_hours_begin_and_end_as_time_goes_by_without_publishing_again(session):
    spring = service("from spring", schedules=[weekly("FR", "17:00", "20:00", valid_from="2027-03-01")])
    winter = service("until spring", schedules=[weekly("FR", "17:00", "20:00", until="2027-02-28")])
    add(session, organization("Oak", spring, winter))
    friday = ServiceQuery(weekday=FRIDAY, minute=EVENING)
    before = answers(session, replace(friday, today=date(2027, 2, 28)))
    assert before == {"from spring": "? opening hours", "until spring": "yes"}
    after = answers(session, replace(friday, today=date(2027, 3, 1)))
    assert after == {"from spring": "yes", "until spring": "no"}


def test_day_or_time_alone(session):
    night = service("night", schedules=[weekly("TH", "22:00", "02:00")])
    day = service("day", schedules=[weekly("FR", "09:00", "17:00")])
    assert ask(session, night, day, weekday=FRIDAY) == {"night": "yes", "day": "yes"}
    assert answers(session, ServiceQuery(minute=60)) == {"night": "yes", "day": "no"}


def test_weekly_and_fortnightly_together_are_sure(session):
    both = [weekly("FR", "17:00", "19:00"), weekly("FR", "17:00", "20:00", interval=2)]
    assert ask(session, service("a", schedules=both), weekday=FRIDAY, minute=EVENING) == {"a": "yes"}


def test_authority(session):
    add_areas(session)
    services = [
        service("there", location((404_500, 284_500))),
        service("hidden there", location((404_500, 284_500), protection="hidden")),
        service("elsewhere", location((398_500, 284_500))),
        service("covers it", service_areas=[{"extent": BIRMINGHAM}]),
        service("covers a ward of it", service_areas=[{"extent": "E05000001"}]),
        service("covers England", service_areas=[{"extent": "E92000001"}]),
        service("covers another", service_areas=[{"extent": SANDWELL}]),
        service("covers words", service_areas=[{"name": "The Black Country"}]),
        service("nowhere"),
    ]
    said = ask(session, *services, terms={"authority": (BIRMINGHAM,)})
    assert {name for name, answer in said.items() if answer == "no"} == {"elsewhere", "covers another"}
    assert {name for name, answer in said.items() if answer == "? authority"} == {"covers words", "nowhere"}


def places(session):
    """Services of which this or that is known of their place."""
    add_areas(session)
    add(
        session,
        organization(
            "Oak",
            service("near", location((404_900, 284_500))),
            service("far", location((409_500, 289_500))),
            service("approximate", location((405_900, 285_900), protection="approximate")),
            service("approximate next", location((406_100, 284_500), protection="approximate")),
            service("approximate far", location((398_100, 284_500), protection="approximate")),
            service("hidden", location((409_900, 289_900), protection="hidden")),
            service("hidden next", location((390_100, 280_100), protection="hidden")),
            service("no point", location(None)),
            service("covers ward", service_areas=[{"extent": "E05000001"}]),
            service("covers authority", service_areas=[{"extent": BIRMINGHAM}]),
            service("covers region", service_areas=[{"extent": "E12000005"}]),
            service("covers next", service_areas=[{"extent": SANDWELL}]),
            service(
                "far, covers ward", location((409_500, 289_500)), service_areas=[{"extent": "E05000001"}]
            ),
            service("far and near", location((409_500, 289_500)), location((404_900, 284_500))),
            service("call", location(None, location_type="virtual")),
            service("nowhere"),
        ),
    )


def sorted_answers(said):
    kinds = {"yes": set(), "? place": set(), "no": set()}
    for name, answer in said.items():
        kinds[answer].add(name)
    return kinds


COVERING = {"covers ward", "covers authority", "covers region", "far, covers ward"}


def test_near_a_postcode(session):
    places(session)
    place = find_place(session, "ZZ1 1AA", TODAY)
    said = sorted_answers(answers(session, ServiceQuery(place=place, within_metres=500)))
    assert said["yes"] == {"near", "far and near", *COVERING}
    assert said["? place"] == {"approximate", "hidden", "no point", "nowhere"}


def test_what_is_withheld_may_be_near_as_soon_as_its_area_is(session):
    places(session)
    place = find_place(session, "ZZ1 1AA", TODAY)
    next_ward = answers(session, ServiceQuery(place=place, within_metres=1_499))["approximate next"]
    assert (
        next_ward,
        answers(session, ServiceQuery(place=place, within_metres=1_500))["approximate next"],
    ) == (
        "no",
        "? place",
    )
    next_authority = [
        answers(session, ServiceQuery(place=place, within_metres=metres))["hidden next"]
        for metres in (4_499, 4_500)
    ]
    assert next_authority == ["no", "? place"]


def test_in_a_ward(session):
    places(session)
    said = sorted_answers(
        answers(session, ServiceQuery(place=find_place(session, "King's Norton South", TODAY)))
    )
    assert said["yes"] == {"approximate next", "covers authority", "covers region"}
    assert said["? place"] == {"hidden", "no point", "nowhere"}


def test_approximate_place_is_surely_in_its_own_ward(session):
    places(session)
    add(session, organization("Ash", service("own", location((406_100, 284_500), protection="approximate"))))
    said = answers(session, ServiceQuery(place=find_place(session, "kings norton south", TODAY)))
    assert said["own"] == "yes"


def test_in_an_authority(session):
    places(session)
    said = sorted_answers(answers(session, ServiceQuery(place=find_place(session, "Sandwell", TODAY))))
    assert said["yes"] == {"approximate far", "hidden next", "covers region", "covers next"}
    assert said["? place"] == {"no point", "nowhere"}


def test_around_a_site(session):
    places(session)
    place = find_place(session, "lozells", TODAY)
    said = sorted_answers(answers(session, ServiceQuery(place=place, within_metres=500)))
    assert {"near", "far and near", *COVERING} == said["yes"]
    wider = sorted_answers(answers(session, ServiceQuery(place=place, within_metres=20_000)))
    assert wider["no"] == {"covers next", "call"}


def test_inside_a_site_counts_beyond_the_distance(session):
    places(session)
    place = find_place(session, "lozells", TODAY)
    assert answers(session, ServiceQuery(place=place, within_metres=1))["near"] == "yes"


def test_place_outside_the_areas_that_are_loaded(session):
    places(session)
    place = Place("postcode", "x", "x", "x", ((450_000, 285_000),), None)
    said = sorted_answers(answers(session, ServiceQuery(place=place, within_metres=500)))
    assert said["yes"] == {"covers region"}
    assert said["? place"] == {"no point", "nowhere"}


@pytest.mark.parametrize(("metres", "answer"), [(39_999, "no"), (40_000, "yes"), (100_000, "yes")])
def test_distance_is_right_far_away(session, metres, answer):
    add_areas(session)
    place = Place("postcode", "x", "x", "x", ((364_500, 284_500),), None)
    said = ask(session, service("a", location((404_500, 284_500))), place=place, within_metres=metres)
    assert said == {"a": answer}


def test_corner_of_the_square_is_not_within(session):
    add_areas(session)
    place = Place("postcode", "x", "x", "x", ((344_500, 224_500),), None)
    assert ask(session, service("a", location((404_500, 284_500))), place=place, within_metres=70_000) == {
        "a": "no"
    }


def test_all_parts_must_fit_and_each_missing_one_is_named(session):
    boxing = service("boxing", terms=[("category", "sport")])
    arts = service("arts", terms=[("category", "arts")], minimum_age=5)
    add(session, organization("Oak", boxing, arts))
    query = ServiceQuery(terms={"category": ("sport",), "cost": ("free",)}, age=12)
    (found,) = search_services(session, query).found
    assert (found.service.name, found.sure, found.missing) == ("boxing", False, ("cost", "ages"))


@pytest.mark.parametrize(
    ("status", "shown"), [("active", 1), ("temporarily closed", 1), ("inactive", 0), ("defunct", 0)]
)
def test_what_has_ended_is_not_found(session, status, shown):
    assert len(ask(session, service("a", status=status))) == 1
    assert search_services(session, ServiceQuery()).total == shown

"""What a search looks for beside the words: phrases, synonyms, spellings. What was typed stays on top."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Phrase, PublishedText, PublishedWord
from directory.phrases import add_bundled_phrases, ensure_bundled_phrases, set_phrase
from directory.places.find import Place
from directory.publishing.publish import publish
from directory.publishing.vocabulary import SHORTEST, withdraw
from directory.search.known import understand_question
from directory.search.plain import nearly
from directory.search.query import ServiceQuery
from directory.search.run import search_services
from directory.search.suggest import suggest
from directory.search.wanted import Widening, quoted_of
from directory.search.widen import widenings
from directory.taxonomies import ensure_bundled_terms
from directory.words import TERM_MARK, plain_words
from tests.directory.records import TODAY, add, add_areas, location, organization, service


@pytest.fixture
def filled(draft):
    """A few services, with the bundled terms and phrases."""
    ensure_bundled_terms(draft)
    ensure_bundled_phrases(draft)
    add(
        draft,
        organization(
            "Oak Trust",
            service("Spotting exploitation", description="For taxi drivers"),
            service("Street team", terms=[("group", "gang-affected")]),
            service("County lines talks", description="In schools"),
            service("Counselling for adults", terms=[("category", "trauma-therapy")]),
            service("Basketball school"),
            service("Late bus", description="county of bus lines"),
        ),
        organization("Guru Hall", service("Langar", terms=[("category", "faith-work")])),
    )
    return draft


BLADE = "someone said our lad got found carrying a blade"


def asked(session, text):
    return ServiceQuery(text=text, widenings=widenings(session, text, TODAY))


def names(session, text, today=TODAY, **facts):
    query = ServiceQuery(text=text, widenings=widenings(session, text, today), per_page=50, **facts)
    return [item.service.name for item in search_services(session, query).found]


def test_a_phrase_widens_and_its_own_words_come_first(filled):
    found = names(filled, "county lines")
    assert found[0] == "County lines talks"
    assert set(found[:2]) == {"County lines talks", "Late bus"}
    assert set(found[2:]) == {"Spotting exploitation", "Street team"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("councelling", "Counselling for adults"),
        ("cuonselling", "Counselling for adults"),
        ("basket ball", "Basketball school"),
        ("basketbal", "Basketball school"),
        ("exploitaton", "Spotting exploitation"),
        ("counsell", "Counselling for adults"),
    ],
)
def test_words_that_are_nearly_right_find(filled, typed, first):
    assert names(filled, typed)[0] == first


def test_joined_words_are_met_as_what_they_mean_too(filled):
    assert "Sport and activities" in widenings(filled, "basket ball", TODAY)[0].said


def test_a_word_of_the_field_that_no_text_has_is_known_with_one_letter_wrong(filled):
    assert names(filled, "gurdwra") == ["Langar"]
    assert widenings(filled, "gurdvvra", TODAY) == ()
    assert widenings(filled, "vandir", TODAY) == ()  # it may begin with another letter, as mandir does
    assert widenings(filled, "juniors", TODAY) == (Widening(("juniors",), (), ()),)


def test_what_has_the_sport_comes_without_juniors_before_juniors_of_another(filled):
    names_of = ("Hockey club", "Junior football")
    add(filled, organization("Ash", *(service(name, terms=[("category", "sport")]) for name in names_of)))
    assert names(filled, "hockey for juniors")[0] == "Hockey club"


def test_the_words_of_a_phrase_are_looked_for_one_by_one_last(filled):
    add(filled, organization("Elm", service("Computing", description="Courses in English, and in lines")))
    found = [item.service.name for item in nearly(filled, asked(filled, "county lines"), "county lines", 9)]
    assert found[-1] == "Computing"


def test_what_is_a_little_further_comes_before_the_place_is_given_up(filled):
    spots = {"Chess here": 400, "Chess near": 3_900, "Chess far": 9_000}
    chess = [service(name, location((404_000 + east, 284_500))) for name, east in spots.items()]
    add(filled, organization("Elm", *chess))
    ground = Place("site", "a", "A", "A", ((404_400, 284_500),), None)
    query = replace(asked(filled, "chess"), place=ground, within_metres=1_000)
    assert [item.service.name for item in nearly(filled, query, "chess", 9)] == list(spots)


def test_what_is_meant_by_what_is_meant_counts_a_little(filled):
    sport = [("category", "sport")]
    clubs = ("Aikido club", "Bowls club", "Boules club", "Judo club")
    add(filled, organization("Ash", *(service(name, terms=sport) for name in clubs)))
    assert names(filled, "karate") == ["Judo club", "Aikido club", "Boules club", "Bowls club"]


def test_what_is_meant_by_what_is_meant_alone_fits_in_part(filled):
    add(filled, organization("Ash", service("Aikido"), service("Judo")))
    assert names(filled, "karate") == ["Judo"]
    found = nearly(filled, asked(filled, "karate"), "karate", 9)
    assert [item.service.name for item in found] == ["Judo", "Aikido"]


def test_abuse_at_home_leads_to_help_for_victims_and_immigration_to_new_arrivals(filled):
    victims, arrivals = [("group", "victims")], [("category", "advice"), ("group", "refugees")]
    add(filled, organization("Yew", service("Her side", terms=victims), service("Papers", terms=arrivals)))
    assert names(filled, "domestic abuse") == ["Her side"]
    assert "Papers" in names(filled, "immigration advice")


def test_a_phrase_in_quotes_must_stand_just_so(filled):
    assert quoted_of('free "County lines" or "x"') == ["county lines"]
    assert names(filled, '"county lines"') == ["County lines talks"]


def test_a_retired_phrase_widens_nothing(filled):
    filled.scalars(select(Phrase).where(Phrase.key == "county line")).one().retired_on = TODAY
    assert widenings(filled, "county lines", TODAY - timedelta(days=1))[0].words == ("county", "lines")
    assert set(names(filled, "county lines")) <= {"County lines talks", "Late bus", "Street team"}


def test_new_phrases_come_beside_what_an_administrator_wrote(filled):
    rows = {row.key: row for row in filled.scalars(select(Phrase))}
    rows["knife"].words, rows["county line"].retired_on = "penknife", TODAY
    filled.delete(rows["homework"])
    filled.flush()
    assert add_bundled_phrases(filled) == 1
    assert add_bundled_phrases(filled) == 0
    after = {row.key: row for row in filled.scalars(select(Phrase))}
    assert after.keys() == rows.keys()
    assert (after["knife"].words, after["county line"].retired_on) == ("penknife", TODAY)


def test_what_people_say_finds_what_the_field_calls_by_another_name(filled):
    assert names(filled, "my daughter is getting counselled") == ["Counselling for adults"]
    worried = [item.service.name for item in nearly(filled, asked(filled, BLADE), BLADE, 3)]
    assert worried[0] == "Street team"


def test_words_are_counted_as_the_published_texts_have_them(filled):
    set_phrase(filled, {"phrase": "x ray", "words": "picture"})

    def in_texts():
        counts: dict[str, int] = {}
        for row in filled.scalars(select(PublishedText)):
            texts = (row.name, row.organization_name, row.terms, row.description)
            for word in {word for text in texts for word in text.split()}:
                counted = len(word) >= SHORTEST and not word.isdigit() and not word.startswith(TERM_MARK)
                counts[word] = counts.get(word, 0) + counted
        return {word: count for word, count in counts.items() if count}

    def counted():
        return {
            row.word: row.services
            for row in filled.execute(select(PublishedWord.word, PublishedWord.services))
        }

    assert counted() == in_texts()
    ids = [
        item.service.organization_id for item in search_services(filled, ServiceQuery(text="langar")).found
    ]
    publish(filled, ids, TODAY)
    assert counted() == in_texts()
    withdraw(filled, ids)
    filled.flush()
    assert counted() == in_texts()
    assert "langar" not in counted()


def test_nothing_that_is_not_published_is_suggested(filled):
    assert [one.text for one in suggest(filled, "oak", TODAY)] == ["Oak Trust"]
    assert ("County lines", "Also understood") in [
        (one.text.capitalize(), one.kind) for one in suggest(filled, "county", TODAY)
    ]
    withdraw(filled, add(filled, organization("Oakwood Hidden", service("Secret"))))
    assert [one.text for one in suggest(filled, "oakw", TODAY)] == []
    assert suggest(filled, "o", TODAY) == []


def test_the_name_of_something_is_not_taken_apart(filled):
    add(filled, organization("Elm", service("Sunday night youth"), service("Youth band")))
    assert understand_question(filled, "sunday night youth", TODAY).parts == ()
    assert understand_question(filled, "youth band on sunday", TODAY).rest == "youth band"


@pytest.mark.parametrize("typed", ["chess in lozels", "chess lozzells", "chess lozellls on friday"])
def test_a_place_that_is_spelled_nearly_right_is_met(filled, typed):
    add_areas(filled)
    found = understand_question(filled, typed, TODAY)
    assert [part.arguments for part in found.parts if part.kind == "place"] == [{"where": "Lozells"}]


@pytest.mark.parametrize("typed", ["chess in lozxxls", "chess in lzlls", "chess in kozells"])
def test_what_is_further_from_every_place_stays_text(filled, typed):
    add_areas(filled)
    assert understand_question(filled, typed, TODAY).parts == ()


def test_a_word_that_is_as_near_to_another_is_no_place_spelled_wrongly(filled):
    add_areas(filled)
    add(filled, organization("Elm", service("Chess with Lozell")))
    assert understand_question(filled, "games in lozels", TODAY).parts == ()


def test_a_word_that_something_published_has_is_no_place_spelled_wrongly(filled):
    add_areas(filled)
    add(filled, organization("Elm", service("Chess with Lozels")))
    assert understand_question(filled, "games in lozels", TODAY).parts == ()


def test_without_the_strictest_part_something_comes(filled):
    query = ServiceQuery(text="counselling", weekday=6, part="evening", today=TODAY)
    assert nearly(filled, query, "counselling", 3)[0].service.name == "Counselling for adults"


@settings(max_examples=20, deadline=None)
@given(text=st.text(max_size=40), day=st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_any_text_is_understood_and_widened_without_harm(text, day, shared_engine):
    with Session(shared_engine) as session:
        found = understand_question(session, text, day)
        assert found.parts or found.rest == text
        for widening in widenings(session, text, day):
            assert set(widening.words) <= set(plain_words(text))

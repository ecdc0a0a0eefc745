"""Full-text search: the same words find the same services in both databases, and no text breaks it."""

import pytest
from sqlalchemy import func, select

from directory.models import PublishedService
from directory.search.query import ServiceQuery
from directory.search.run import search_services
from directory.search.wanted import MOST_WORDS, words_of
from directory.words import LONGEST_WORD, plain_words
from tests.directory.records import add, organization, service

HOSTILE = (
    '"',
    "'",
    '"boxing',
    "boxing*",
    "*",
    "box* AND",
    "boxing NEAR/2 club",
    "NEAR(boxing, 2)",
    "name:boxing",
    "^boxing",
    "(boxing",
    "boxing) OR (1=1",
    "{boxing}",
    "-boxing",
    "boxing & | ! <->",
    ":*",
    "%",
    "_",
    "%' OR '1'='1",
    "'; DROP TABLE published_service; --",
    '" OR 1=1 --',
    "\x00boxing\x00",
    "\x00",
    "\U0001f94a \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2474 \u00bd \u00b2 \u2460 \ufdfa",
    "\ud800",
    "a" * 10_000,
    "boxing " * 10_000,
    "\\",
    "$$ :words %(x)s {0}",
    "\u0000\u202e\ufeff",
)


def names(session, text, **settings):
    found = search_services(session, ServiceQuery(text=text, per_page=100), **settings).found
    return [item.service.name for item in found]


def test_hostile_text_is_only_words(session):
    add(session, organization("Oak", service("Boxing club"), service("Reading")))
    for text in HOSTILE:
        assert set(names(session, text)) <= {"Boxing club", "Reading"}, text
    assert session.scalar(select(func.count()).select_from(PublishedService)) == 2


@pytest.fixture
def words(session):
    """Services to be found by their words."""
    add(
        session,
        organization(
            "St Jude's Caf\u00e9",
            service("Boxing for girls", description="Ages 16-25, see example.org/box, 24/7"),
            service(
                "O'Brien's table",
                description="Bereaved families and counselling",
                alternate_name="The Hearth",
            ),
            service("Bus trips", description="A building, by bus", terms=[("category", "advice")]),
        ),
    )
    return session


FOUND = {
    "boxing": {"Boxing for girls"},
    "BOXING": {"Boxing for girls"},
    "girl": {"Boxing for girls"},
    "girl's": {"Boxing for girls"},
    "box": {"Boxing for girls"},
    "25": {"Boxing for girls"},
    "example": {"Boxing for girls"},
    "24/7": {"Boxing for girls"},
    "brien": {"O'Brien's table"},
    "o'brien": {"O'Brien's table"},
    "O\u2019Brien\u2019s": {"O'Brien's table"},
    "family": {"O'Brien's table"},
    "hearth": {"O'Brien's table"},
    "counsel": {"O'Brien's table"},
    "bereav": {"O'Brien's table"},
    "bus": {"Bus trips"},
    "cafe": {"Boxing for girls", "O'Brien's table", "Bus trips"},
    "caf\u00e9 jude": {"Boxing for girls", "O'Brien's table", "Bus trips"},
    "help with boxing": {"Boxing for girls"},
    "after the boxing": {"Boxing for girls"},
    "boxing bus": set(),
    "zebra": set(),
}


def test_words_find(words):
    assert {text: set(names(words, text)) for text in FOUND} == FOUND


@pytest.mark.parametrize(("one", "many"), [("Woman", "women"), ("child", "Children"), ("Knife", "knives")])
def test_a_plural_that_is_no_ending_finds(session, one, many):
    add(session, organization("Oak", service(f"{one} talk")))
    assert names(session, many) == names(session, one) == [f"{one} talk"]


def test_synonyms_and_names_of_terms_find(words):
    assert names(words, "advice and advocacy") == ["Bus trips"]


def test_any_word_finds_more_and_only_what_has_one(words):
    assert set(names(words, "boxing bus zebra", any_word=True)) == {"Boxing for girls", "Bus trips"}


@pytest.mark.parametrize("text", ["", "  ", "!!", "the", "who and what"])
def test_text_without_words_leaves_nothing_out(words, text):
    assert len(names(words, text)) == 3


def test_word_in_the_name_counts_more_than_in_the_description(session):
    add(session, organization("Oak", service("A drop-in", description="with chess"), service("Chess")))
    assert names(session, "chess") == ["Chess", "A drop-in"]


def test_term_of_place_and_ward_is_not_needed_to_be_in_one_field(session):
    club = service("Night club", terms=[("category", "sport")], description="for fathers")
    add(session, organization("Willow Trust", club))
    assert names(session, "willow sport fathers night") == ["Night club"]


def test_words_of_a_question():
    assert words_of("I need some help with boxing near me") == ["boxing"]
    assert words_of("help") == ["help"]
    assert words_of("the") == []
    assert len(words_of("alpha beta " * 100)) == MOST_WORDS


def test_plain_words():
    assert plain_words("Girls' & women's group, 11-16 (Caf\u00e9 \u0141\u00f3d\u017a)") == (
        ["girls", "women", "group", "11", "16", "cafe", "lodz"]
    )
    assert plain_words("\u2474 \u00bd x_y") == ["1", "1", "2", "x", "y"]
    assert plain_words("a" * 3000) == ["a" * LONGEST_WORD]

"""SQLite and PostgreSQL give the same services, totals and counts of filters."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from directory.db import make_engine, upgrade
from directory.demonstration import load_demonstration
from directory.phrases import ensure_bundled_phrases
from directory.places.find import find_place
from directory.search.facets import facets
from directory.search.query import ServiceQuery
from directory.search.run import search_all
from directory.search.widen import widenings
from directory.taxonomies import ensure_bundled_terms
from tests.conftest import TODAY
from tests.directory.records import BIRMINGHAM
from tests.template_databases import demonstration_file

pytestmark = pytest.mark.unmeasured

QUESTIONS = (
    {},
    {"text": "boxing"},
    {"text": "mentoring young men"},
    {"text": "mentor"},
    {"text": "girls' group"},
    {"text": "after school club"},
    {"text": "family counselling"},
    {"text": "16-25"},
    {"text": "drop-in"},
    {"text": "St Michael's"},
    {"text": "caf\u00e9"},
    {"text": "help with knife crime"},
    {"text": "gurdwara or mosque"},
    {"text": "the"},
    {"text": "zzzz"},
    {"text": "county lines"},
    {"text": "councelling for bereavment"},
    {"text": "gurdwarra youth club"},
    {"text": '"youth club" friday'},
    {"text": '"through the gate"'},
    {"text": "boxing football arts", "any_word": True},
    {"where": "lozells", "within_metres": 500},
    {"where": "lozells", "within_metres": 5000},
    {"where": "The Three Estates", "within_metres": 2000},
    {"where": "Walsall"},
    {"where": "Birmingham", "age": 12},
    {"where": "hillfields", "within_metres": 40_000, "weekday": 5},
    {"where": "ZZ1", "within_metres": 5000, "minute": 1080},
    {"age": 17, "weekday": 4, "minute": 1080},
    {"age": 60},
    {"terms": {"category": ("sport", "arts"), "cost": ("free",)}},
    {"terms": {"gender": ("female",), "referral": ("self",)}},
    {"terms": {"authority": (BIRMINGHAM,), "kind": ("faith",)}},
    {"terms": {"faith": ("muslim", "sikh"), "network": ("faith-alliance",)}},
    {"terms": {"language": ("Urdu",), "accessibility": ("step-free",)}},
    {
        "text": "youth",
        "where": "lozells",
        "within_metres": 5000,
        "age": 15,
        "terms": {"category": ("sport",)},
    },
    {"text": "music", "where": "Coventry", "terms": {"group": ("excluded",)}, "weekday": 2},
)


@pytest.fixture(scope="module")
def both(shared_folder, postgresql_server):
    """A session on each kind of database, with the demonstration data that was loaded into each by itself."""
    server = create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE both_databases"))
    server.dispose()
    file = demonstration_file(shared_folder, TODAY)
    engines = [make_engine(f"sqlite:///{file}"), make_engine(f"{postgresql_server}/both_databases")]
    sessions = [Session(engine) for engine in engines]
    upgrade(engines[1])
    ensure_bundled_terms(sessions[1])
    ensure_bundled_phrases(sessions[1])
    load_demonstration(sessions[1], TODAY, lambda _count: None)
    yield sessions
    for engine, session in zip(engines, sessions, strict=True):
        session.close()
        engine.dispose()


def answer(session, question):
    facts = dict(question)
    any_word, where = facts.pop("any_word", False), facts.pop("where", None)
    place = find_place(session, where, TODAY) if where else None
    assert (place is None) == (where is None)
    query = ServiceQuery(place=place, widenings=widenings(session, facts.get("text", ""), TODAY), **facts)
    if any_word:
        return numbers(facets(session, query, any_word=True))
    whole = search_all(session, query, 10_000)
    found = {(item.service.service_id, item.sure, item.missing) for item in whole.found}
    return whole.total_known, whole.total_unknown, found, numbers(facets(session, query))


def numbers(filters):
    return {(f.name, o.code, o.name, o.known, o.unknown) for f in filters for o in f.options}


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_both_answer_alike(both, question):
    sqlite, postgresql = (answer(session, question) for session in both)
    assert sqlite == postgresql


def test_most_of_the_questions_find_something(both):
    found = [answer(both[0], question)[0] for question in QUESTIONS if "any_word" not in question]
    assert sum(known > 0 for known in found) > 24

"""The columns give what a plain reading of the published rows gives, after any number of changes."""

from collections import defaultdict
from dataclasses import fields
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from directory import remembering
from directory.models import Area, Phrase, PublishedService, PublishedTerm, PublishedText
from directory.places.find import find_place
from directory.publishing.publish import publish
from directory.publishing.vocabulary import withdraw
from directory.search.columns import snapshot
from directory.search.columns.build import build
from directory.search.columns.join import PLAIN
from directory.search.columns.pick import pick
from directory.search.columns.read import read_some
from directory.search.columns.snapshot import Snapshot, current
from directory.search.columns.stems import stem
from directory.search.facets import facets
from directory.search.query import ServiceQuery
from directory.search.run import search_all
from directory.search.wanted import words_of
from directory.search.widen import widenings
from tests.directory.records import TODAY, add, add_areas, location, organization, service, weekly

WORDS = ("boxing", "boxer", "choir", "club", "garden", "gardens", "bus")
OPTIONS = {"category": ("sport", "arts"), "gender": ("any", "female"), "faith": ("sikh",)}
PROTECTION = ("open", "approximate", "open")
picked = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
services = st.builds(
    lambda name, description, terms, spot, hours, low, amount: service(
        name,
        *(
            [location((404_000 + spot, 284_500), protection="approximate" if spot % 3 else "open")]
            * bool(spot)
        ),
        description=description,
        terms=terms,
        schedules=[weekly("FR", "18:00", "20:00")] if hours else [],
        cost_options=[{"amount": amount}] if amount is not None else [],
        **({"minimum_age": low} if low else {}),
    ),
    picked,
    picked,
    st.lists(st.sampled_from([(f, c) for f, codes in OPTIONS.items() for c in codes]), unique=True),
    st.sampled_from([0, 0, 400, 900, 2_500]),
    st.booleans(),
    st.sampled_from([None, 11]),
    st.sampled_from([None, 0, 3]),
)
changes = st.lists(
    st.tuples(st.integers(0, 5), st.lists(services, min_size=1, max_size=3) | st.none()),
    min_size=2,
    max_size=7,
)
questions = st.fixed_dictionaries(
    {
        "text": st.sampled_from(["", "boxing", "garden club", "choir", '"club choir"', "gard", "bus"]),
        "age": st.sampled_from([None, 9, 14]),
        "terms": st.fixed_dictionaries(
            {},
            optional={
                facet: st.lists(st.sampled_from(codes), min_size=1, unique=True).map(tuple)
                for facet, codes in {**OPTIONS, "cost": ("free", "paid")}.items()
            },
        ),
    }
)


def plain_reading(session, query):
    """Each published row by itself: its answer to each part of a question, and its choices of the filters."""
    held = defaultdict(set)
    for row in session.scalars(select(PublishedTerm)):
        held[row.published_service_id].add((row.facet, row.code))
    texts = {row.published_service_id: row for row in session.scalars(select(PublishedText))}
    read = {}
    for row in session.scalars(select(PublishedService)):
        own = held[row.id] | ({("cost", row.cost)} if row.cost else set())
        if ("gender", "any") in own:
            own |= {("gender", "female"), ("gender", "male")}
        parts = {}
        for facet, codes in query.terms.items():
            there = {code for name, code in own if name == facet}
            known = "no" if facet == "faith" or there else "not known"
            parts[facet] = "yes" if there & set(codes) else known
        if query.age is not None:
            fits = "yes" if row.minimum_age is not None and row.minimum_age <= query.age else "no"
            parts["ages"] = "not known" if row.minimum_age is None else fits
        if has_words(texts[row.id], query.text):
            read[row.service_id] = parts, own
    return read


def has_words(row, question):
    fields = (row.name, row.organization_name, row.terms, row.description)
    if question.startswith('"'):
        return any(f" {question.strip(chr(34))} " in f" {field} " for field in fields)
    have = {stem(word) for field in fields for word in field.split()}
    *others, last = words_of(question) or [""]
    begins = len(last) >= 4 and any(one.startswith(stem(last)) for one in have)
    return {stem(word) for word in others} <= have and (not last or begins or stem(last) in have)


def plain_counts(read):
    """For every choice how many surely fit, and how many may, whatever its own filter says."""
    counts = defaultdict(lambda: [0, 0])
    choices = {option for _, own in read.values() for option in own}
    for parts, own in read.values():
        for facet, code in choices:
            others = {answer for name, answer in parts.items() if name != facet}
            lacks = facet != "faith" and all(name != facet for name, _ in own)
            if "no" not in others and ((facet, code) in own or lacks):
                counts[facet, code][lacks or "not known" in others] += 1
    return {option: tuple(numbers) for option, numbers in counts.items()}


def whole(session, query):
    """An answer in every detail."""
    found = search_all(session, query, 1000).found
    return [(one.service.service_id, one.sure, one.missing, round(one.ranked.words, 3)) for one in found]


@pytest.fixture
def grounds(draft):
    """A database with areas, which is rolled back."""
    add_areas(draft)
    return draft


@pytest.mark.unmeasured
@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(changes=changes, question=questions)
def test_columns_and_a_plain_reading_of_the_rows_agree_after_every_change(grounds, changes, question):
    session, query = grounds, ServiceQuery(**question)
    place = find_place(session, "ZZ1 1AA", TODAY)
    placed = ServiceQuery(**question, place=place, within_metres=1000, weekday=4, minute=1110, today=TODAY)
    owners = {}
    for number, (owner, made) in enumerate(changes):
        if owner in owners:
            withdraw(session, owners.pop(owner))
        if made is not None:
            owners[owner] = add(session, organization(f"Owner {owner} {number}", *made))
    read = plain_reading(session, query)
    expected = {key: set(parts.values()) for key, (parts, _) in read.items()}
    found = search_all(session, query, 1000).found
    assert {item.service.service_id: item.sure for item in found} == {
        key: "not known" not in answers for key, answers in expected.items() if "no" not in answers
    }
    counted = {
        (facet.name, option.code): (option.known, option.unknown)
        for facet in facets(session, query)
        for option in facet.options
    }
    plain = plain_counts(read)
    having = {option for option in plain if any(option in own for parts, own in read.values())}
    seen = {option: numbers for option, numbers in counted.items() if option[0] in (*OPTIONS, "cost")}
    assert {option: plain[option] for option in seen if any(seen[option])} == {
        option: numbers for option, numbers in seen.items() if any(numbers)
    }
    assert having >= {option for option, numbers in seen.items() if any(numbers)}
    step_by_step = [whole(session, one) for one in (query, placed)]
    session.info[snapshot.OWN] = Snapshot(snapshot.NOTHING, ())
    assert step_by_step == [whole(session, one) for one in (query, placed)]
    for key in owners.values():
        withdraw(session, key)


def test_picked_services_are_as_if_they_had_been_published_alone(grounds):
    made = [[("category", "sport")], [("gender", "female"), ("category", "arts")], []]
    keys = add(
        grounds,
        *(
            organization(
                f"Owner {number}",
                service(
                    f"Boxing {number}",
                    *[location((404_500, 284_500), protection=kind) for kind in PROTECTION[number:]],
                    description="Boxes in gardens",
                    terms=terms,
                    schedules=[weekly(day, "18:00", "20:00") for day in ("FR", "MO")[:number]],
                ),
            )
            for number, terms in enumerate(made)
        ),
    )
    (part,) = current(grounds).parts
    for key in keys:
        rows = np.flatnonzero(part.segment.organization == part.segment.organizations.index(key))
        picked, alone = pick(part.segment, rows), build(next(read_some(grounds, [key])))
        assert facts_of(picked) == facts_of(alone)


def facts_of(segment):
    """A segment in plain values."""
    places, texts = segment.places, segment.texts
    areas = [[places.codes[number] for number in column] for column in (places.ward, places.authority)]
    columns = (
        *(getattr(segment, name) for name in PLAIN),
        *(getattr(places, name) for name in ("service", "id", "easting", "northing", "precision")),
        *(getattr(segment.openings, item.name) for item in fields(segment.openings)),
        *(texts.tokens, texts.starts, texts.places, texts.rows, texts.counts, segment.bits),
    )
    names = (segment.keys, segment.organizations, segment.options, texts.words, texts.stems)
    return [column.tolist() for column in columns], [*map(list, names)], areas, dict(segment.options)


def test_what_another_session_publishes_is_seen_after_its_commit_and_not_before(committed):
    engine = committed.get_bind()
    ids = add(committed, organization("Oak", service("Boxing")))
    committed.commit()

    def boxing():
        with Session(engine) as other:
            return len(search_all(other, ServiceQuery(text="boxing"), 10).found)

    assert boxing() == 1
    withdraw(committed, ids)
    own = search_all(committed, ServiceQuery(text="boxing"), 10).found
    assert (own, boxing()) == ([], 1)
    committed.rollback()
    assert boxing() == len(search_all(committed, ServiceQuery(text="boxing"), 10).found) == 1
    more = add(committed, organization("Elm", service("Boxing too")))
    committed.rollback()
    add(committed, organization("Ash", service("Choir")))
    committed.commit()
    assert (boxing(), len(more)) == (1, 1)
    publish(committed, ids, TODAY)
    add(committed, organization("Fir", service("Boxing three")))
    committed.commit()
    assert boxing() == 2


def test_columns_are_read_anew_where_nobody_can_say_what_changed(committed, monkeypatch):
    engine = committed.get_bind()
    add(committed, organization("Oak", service("Boxing")))
    committed.commit()
    with Session(engine) as other:
        assert len(current(other)) == 1
    committed.execute(text("DELETE FROM published_batch"))  # as after more changes than are kept
    add(committed, organization("Elm", service("Boxing")))
    committed.commit()
    with Session(engine) as other:
        assert len(current(other)) == 2


def test_services_of_few_organisations_are_read_with_few_parameters(committed):
    """A database takes some ten thousands in a statement, and one organisation may have as many services."""
    ids = add(committed, organization("Oak", *(service(f"Boxing {number}") for number in range(40))))
    asked = []

    def listen(_connection, _cursor, _statement, parameters, *_more):
        asked.append(len(parameters))

    event.listen(committed.get_bind(), "before_cursor_execute", listen)
    (read,) = read_some(committed, ids)
    event.remove(committed.get_bind(), "before_cursor_execute", listen)
    assert (len(read.services), max(asked) < 10) == (40, True)


def test_what_is_kept_of_phrases_and_areas_is_given_up_when_they_change(committed):
    add_areas(committed)
    committed.commit()
    engine = committed.get_bind()
    with Session(engine) as other:
        before = widenings(other, "county lines", TODAY)
        assert before[0].words == ("county", "lines")
        assert find_place(other, "Smethwick", TODAY).kind == "ward"
    committed.scalars(select(Phrase).where(Phrase.key == "county line")).one().retired_on = TODAY
    assert widenings(committed, "county lines", TODAY) != before
    with Session(engine) as other:
        assert widenings(other, "county lines", TODAY) == before
    committed.commit()
    committed.execute(text("UPDATE area SET name = 'Bearwood' WHERE name = 'Smethwick'"))
    committed.commit()
    with Session(engine) as other:
        assert widenings(other, "county lines", TODAY - timedelta(days=1)) == before
        assert widenings(other, "county lines", TODAY) != before
        assert find_place(other, "Smethwick", TODAY) is None
        assert find_place(other, "Bearwood", TODAY).name == other.get_one(Area, "E05000004").name


def test_asking_for_ever_other_distances_takes_little_memory(grounds):
    place = find_place(grounds, "ZZ1 1AA", TODAY)
    for metres in range(1, remembering.MOST + 50):
        search_all(grounds, ServiceQuery(place=place, within_metres=metres), 1)
    kept = remembering._KEPT[grounds.get_bind().engine]
    codes = [code for (what, *_), areas in kept.items() if what[0] == "near" for code in areas]
    assert len(kept) == remembering.MOST
    assert len({id(code) for code in codes}) == len(set(codes)) > 1

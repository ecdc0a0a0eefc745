"""Putting documents into the tables: once, whole, and never looser than before."""

import copy
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from directory.models import (
    Address,
    Attribute,
    Location,
    Organization,
    Phone,
    Revision,
    Schedule,
    Service,
    ServiceAtLocation,
    Source,
    SourceRecord,
    Taxonomy,
    TaxonomyTerm,
)
from directory.openreferral.fill import Terms, give_terms
from directory.openreferral.load import Origin, load, load_all
from tests.directory.documents import full, made_id, organization, phone, place, service, term

STUDIO = made_id("service Friday Studio")


@pytest.fixture
def put(session):
    """Load a document from a source, and say what became of it. What is read next comes from the tables."""
    sources = {}

    def put_in(document, source="survey"):
        if source not in sources:
            sources[source] = Source(slug=source, title=source)
            session.add(sources[source])
            session.flush()
        loaded = load(session, document, Terms(session), Origin(sources[source].id, f"from {source}"))
        session.flush()
        session.expire_all()
        return loaded.outcome

    return put_in


@pytest.fixture
def statements_of(session):
    """The statements that the database is given meanwhile."""

    @contextmanager
    def heard():
        said = []

        def hear(_connection, _cursor, statement, *_rest):
            said.append(statement)

        event.listen(session.get_bind(), "before_cursor_execute", hear)
        yield said
        event.remove(session.get_bind(), "before_cursor_execute", hear)

    return heard


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def revisions(session):
    rows = session.scalars(select(Revision).order_by(Revision.number))
    return [(row.number, row.reason, row.document) for row in rows]


def test_created_then_unchanged_then_updated(put):
    document = organization(service())
    assert [put(document), put(document)] == ["created", "unchanged"]
    assert put({**document, "description": "Music"}) == "updated"


def test_unchanged_writes_nothing(put, session):
    put(full())
    before = (session.scalars(select(Service.last_modified)).one(), count(session, Revision))
    put(full())
    assert (session.scalars(select(Service.last_modified)).one(), count(session, Revision)) == before


def test_every_accepted_version_is_kept_whole_and_numbered(put, session):
    put(organization(service()))
    put(organization(service(description="Make a track")), "feed")
    (first, why_first, old), (second, why_second, new) = revisions(session)
    assert [(first, why_first), (second, why_second)] == [(1, "from survey"), (2, "from feed")]
    assert "description" not in old["services"][0]
    assert new["services"][0]["description"] == "Make a track"


def test_a_version_holds_the_services_that_the_document_does_not_mention(put, session):
    put(organization(service("Studio"), service("Kitchen")))
    put(organization(service("Studio", description="New")))
    assert [item["name"] for item in revisions(session)[-1][2]["services"]] == ["Kitchen", "Studio"]


def test_services_that_are_not_mentioned_stay(put, session):
    put(organization(service("Studio"), service("Kitchen", place())))
    assert put(organization(service("Garden"))) == "updated"
    assert set(session.scalars(select(Service.name))) == {"Studio", "Kitchen", "Garden"}
    assert count(session, ServiceAtLocation) == 1


def test_a_fact_of_a_service_that_is_left_out_is_no_longer_known(put, session):
    put(full())
    put(organization(service("Friday Studio", place())))
    studio = session.get(Service, STUDIO)
    assert (studio.minimum_age, studio.description, studio.fees, studio.assured_date) == (None,) * 4
    assert (studio.schedules, studio.contacts, studio.phones, studio.attributes) == ([], [], [], [])
    assert count(session, Schedule) == 0


def test_a_fact_of_the_organisation_that_is_left_out_stays(put, session):
    put(full())
    put(organization(service("Friday Studio"), description="Now with drums"))
    lantern = session.get(Organization, made_id("Lantern Youth Project"))
    assert (lantern.description, lantern.email) == ("Now with drums", "hello@lantern.org.uk")
    assert [len(rows) for rows in (lantern.identifiers, lantern.phones, lantern.contacts)] == [1, 1, 1]
    assert [row.term.code for row in lantern.attributes] == ["faith"]


def test_lists_of_the_organisation_are_replaced_by_what_is_said(put, session):
    put(full())
    attributes = [term("voluntary", "kind"), term("faith-alliance", "network")]
    number = {"id": made_id("new"), "identifier_scheme": "GB-COH", "identifier": "01234567"}
    put(
        organization(
            phones=[phone("0121 496 0199")],
            attributes=attributes,
            contacts=[{"id": made_id("B"), "name": "B"}],
            organization_identifiers=[number],
        )
    )
    lantern = session.get(Organization, made_id("Lantern Youth Project"))
    assert [row.number for row in lantern.phones] == ["0121 496 0199"]
    assert {row.term.code for row in lantern.attributes} == {"voluntary", "faith-alliance"}
    assert [row.name for row in lantern.contacts] == ["B"]
    assert [row.org_id for row in lantern.identifiers] == ["GB-COH-01234567"]


def test_what_the_source_says_again_does_not_undo_a_later_source(put, session):
    put(organization(name="Lantern", description="As surveyed"))
    put(organization(name="Lantern", description="As the feed has it"), "feed")
    assert put(organization(name="Lantern", description="As surveyed")) == "unchanged"
    assert session.scalar(select(Organization.description)) == "As the feed has it"


def test_each_source_is_remembered_by_itself(put, session):
    put(organization(service()))
    put(organization(service()), "feed")
    assert count(session, SourceRecord) == 4


def test_children_keep_their_identifiers_when_their_owner_changes(put, session):
    number = phone("0121 496 0101")
    put(organization(service(), service("Kitchen", phones=[number])))
    put(organization(service(phones=[number]), service("Kitchen")))
    assert session.scalars(select(Phone)).one().service_id == STUDIO


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("hidden", "open", "hidden"),
        ("hidden", None, "hidden"),
        ("hidden", "approximate", "hidden"),
        ("approximate", "open", "approximate"),
        ("open", "hidden", "hidden"),
        (None, "approximate", "approximate"),
        (None, None, "open"),
    ],
)
def test_nothing_that_comes_in_loosens_a_protection(put, session, first, then, kept):
    for protection in (first, then):
        put(organization(service("Refuge", place(protection=protection))), f"as {protection}")
    assert session.scalar(select(Location.protection)) == kept


def test_a_corrected_address_under_another_identifier_stays_hidden(put, session):
    put(organization(service("Refuge", place("Old", protection="hidden"))))
    put(organization(service("Refuge", place("New", "B19 1AA", protection="open"))))
    link = session.scalars(select(ServiceAtLocation)).one()
    assert (link.location.name, link.location.protection) == ("New", "hidden")


def test_a_new_place_of_two_services_is_as_hidden_as_either_was(put, session):
    refuge, cafe = service("Refuge", place("Old", protection="hidden")), service("Cafe")
    put(organization(refuge, cafe))
    put(organization(service("Cafe", place("New")), service("Refuge", place("New"))))
    new = session.get(Location, made_id("place New"))
    assert new.protection == "hidden"


def test_a_second_place_beside_a_hidden_one_may_be_open(put, session):
    hidden = place("House", protection="hidden")
    put(organization(service("Refuge", hidden)))
    office = place("Office", "B1 1AA") | {"addresses": [{"address_1": "9 High Street"}]}
    put(organization(service("Refuge", hidden, office)))
    assert session.get(Location, made_id("place Office")).protection == "open"


def test_a_place_is_shared_by_the_services_that_name_it(put, session):
    put(organization(service("Studio", place()), service("Kitchen", place())))
    assert (count(session, Location), count(session, Address), count(session, ServiceAtLocation)) == (1, 1, 2)


def test_a_point_is_the_sources_own_unless_it_was_taken_from_the_postcode(put, session):
    point = {"latitude": 52.5, "longitude": -1.9}
    put(
        organization(
            service("A", place("A", **point)), service("B", place("B", **point, point_source="postcode"))
        )
    )
    sources = dict(session.execute(select(Location.name, Location.point_source)).all())
    assert sources == {"A": "given", "B": None}


def test_things_without_identifiers_get_them(put, session):
    hall = {"name": "Hall", "addresses": [{"postal_code": "B19 2TH"}]}
    links = [{"location": hall}, {"location": None}]
    put(organization(service() | {"service_at_locations": links}, phones=[{"number": "0121 496 0101"}]))
    assert session.scalars(select(Location.name)).all() == ["Hall"]
    assert len(session.scalars(select(Phone.id)).one()) == 36


def test_words_without_a_term_are_kept(put, session):
    words = {"id": made_id("knitting"), "link_type": "category", "taxonomy_term": {"name": "Knitting"}}
    put(organization(service(attributes=[words])))
    kept = session.scalars(select(Attribute)).one()
    assert (kept.link_type, kept.value, kept.term) == ("category", "Knitting", None)


def test_an_unknown_code_is_kept_with_its_name(put, session):
    terms = {"taxonomy": "needs", "term": "1102", "name": "Youth work"}
    put(organization(attributes=[{"link_type": "kind", "taxonomy_term": terms}, {"value": "Guides"}, {}]))
    assert set(session.scalars(select(Attribute.value))) == {"Youth work (1102)", "Guides"}


def test_a_term_is_found_by_its_name_and_synonyms(put, session):
    names = ["media and  Arts", "role models"]
    items = [{"link_type": "category", "taxonomy_term": {"name": name}} for name in names]
    put(organization(service(attributes=items)))
    assert {row.term.code for row in session.scalars(select(Attribute))} == {"arts", "mentoring"}


def test_a_term_is_filed_under_its_own_taxonomy(put, session):
    put(organization(service(attributes=[term("arts") | {"link_type": "service_category"}])))
    assert session.scalars(select(Attribute.link_type)).all() == ["category"]


def test_a_feed_may_have_a_name_of_its_own_for_our_taxonomy(put, session):
    words = {"taxonomy": "activities", "name": "Sport and activities"}
    put(organization(service(attributes=[{"link_type": "category", "taxonomy_term": words}])))
    row = session.scalars(select(Attribute)).one()
    assert (row.link_type, row.term.code) == ("category", "sport")


def test_a_key_individual_stays_one(put, session):
    put(organization(attributes=[term("individual", "kind")]))
    put(organization(attributes=[term("voluntary", "kind"), term("faith-alliance", "network")]))
    assert {row.term.code for row in session.scalars(select(Attribute))} == {"individual", "faith-alliance"}


def test_a_renamed_service_at_a_hidden_address_is_hidden_too(put, session):
    put(organization(service("Refuge", place("House", protection="hidden"))))
    put(organization(service("Safe house", place("The house"))))
    assert set(session.scalars(select(Location.protection))) == {"hidden"}


def test_words_get_the_term_that_an_administrator_adds(put, session):
    item = {"link_type": "category", "taxonomy_term": {"name": "Knitting"}}
    put(organization(service(attributes=[item, {"link_type": "category", "value": "Yodelling"}])))
    category = session.scalars(select(Taxonomy).where(Taxonomy.name == "category")).one()
    category.terms.append(TaxonomyTerm(code="crafts", name="Crafts", synonyms="sewing; knitting"))
    session.flush()
    assert give_terms(session) == 1
    rows = session.scalars(select(Attribute)).all()
    assert {(row.term.code if row.term else None, row.value) for row in rows} == {
        ("crafts", None),
        (None, "Yodelling"),
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-10-02T09:30:00Z", "2026-10-02T09:30:00+00:00"),
        ("2026-10-02T09:30:00+01:00", "2026-10-02T08:30:00+00:00"),
        ("2026-10-02", "2026-10-02T00:00:00+00:00"),
    ],
)
def test_moments_are_kept_in_utc(put, session, text, kept):
    put(organization(service(last_modified=text)))
    assert session.scalar(select(Service.last_modified)).isoformat() == kept


def test_a_moment_that_is_none_is_now(put, session):
    put(organization(service(last_modified="last week")))
    changed = session.scalars(
        select(Service.last_modified).union_all(select(Organization.last_modified))
    ).all()
    assert abs((changed[0] - changed[1]).total_seconds()) < 60


def test_a_number_where_a_text_belongs_is_kept_as_text(put, session):
    put(organization(service(fees=5, description=True)))
    assert session.execute(select(Service.fees, Service.description)).one() == ("5", "True")


def test_an_identifier_of_another_record_leaves_nothing_half_written(put, session):
    put(organization(service("Studio"), name="First"))
    stolen = organization(service("Studio"), name="Second", phones=[phone("0121 496 0101")])
    source = session.scalars(select(Source)).one()
    with pytest.raises(IntegrityError), session.begin_nested():
        load(session, stolen, Terms(session), Origin(source.id, "again"))
    session.expire_all()
    assert session.scalars(select(Organization.name)).all() == ["First"]
    assert (count(session, Phone), count(session, Revision), count(session, SourceRecord)) == (0, 1, 2)


def test_documents_are_loaded_together_in_few_statements(session, statements_of):
    source = Source(slug="feed", title="Feed")
    session.add(source)
    session.flush()
    terms, origin = Terms(session), Origin(source.id, "together")
    documents = [organization(service(f"Service {i}"), name=f"Club {i}") for i in range(20)]
    with statements_of() as few:
        loaded = load_all(session, documents, terms, origin)
    assert [one.outcome for one in loaded] == ["created"] * 20
    assert len(few) < 20
    assert [one.organization.name for one in loaded] == [f"Club {i}" for i in range(20)]
    session.flush()
    with statements_of() as fewer:
        assert {one.outcome for one in load_all(session, documents, terms, origin)} == {"unchanged"}
    assert len(fewer) == 2


def test_the_document_is_left_as_it_was(put):
    document = full()
    before = copy.deepcopy(document)
    put(document)
    assert document == before

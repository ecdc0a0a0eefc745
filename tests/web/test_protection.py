"""What is withheld is in no public output: every route, with every identifier and many questions."""

import json
import logging
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import (
    Address,
    AreaValue,
    Contact,
    Location,
    OutboxMessage,
    Postcode,
    PublishedOrganization,
    PublishedService,
    Service,
)
from directory.publishing.publish import publish
from directory.web.access import PUBLIC
from geodata.crs import lonlat_to_bng
from tests.conftest import make_app
from tests.directory.planted import APPROXIMATE_POINT, HIDDEN_POINT, leaks, planted
from tests.directory.records import (
    TODAY,
    add,
    add_areas,
    contact,
    location,
    organization,
    service,
    term,
)
from tests.web.reading import addresses_of, answers_to, words_of

# Public routes that answer with a page only to whoever has a secret link, or a file that was approved.
WITHOUT_ANSWER = (
    *(
        "answers.",
        "drafting.",
        "handing_in.",
        "registering.resume",
        "security.",
        "static",
        "kept_file",
        "still_right.",
    ),
    *("uploads.show", "shortlist.pdf_file"),  # the second holds what each sheet by itself holds
)
POSTCODES = {
    "ZZ98 7QX": HIDDEN_POINT,
    "ZZ97 6QX": APPROXIMATE_POINT,
    "ZZ96 5QX": (405_000, 281_000),
    "ZZ98 1AA": (409_000, 281_000),
}
QUESTIONS = (
    "",
    "what=help",
    "what=mentoring",
    "what=quillfeather",
    "what=Quillfeather+Row",
    "what=ZZ98+7QX",
    "what=tamarisk",
    "what=wilhelmina+quackenbush",
    "what=1214960987",
    "where=ZZ98+7QX&within_metres=500&sort=distance",
    "where=zz987qx&within_metres=500&what=help",
    "where=ZZ97+6QX&within_metres=500&sort=distance",
    "where=ZZ96+5QX&within_metres=500",
    "where=Quillfeather+Row",
    "where=ZZ98&sort=distance",
    "where=ZZ1+1AA&within_metres=5000&sort=distance",
    "where=lozells&within_metres=5000&sort=distance",
    "where=Lozells",
    "where=Birmingham&category=mentoring",
    "language=English&cost=paid&age=12&day=Monday&time=10:00",
    "category=mentoring&what=zzzz",
)

API_QUESTIONS = (
    "full=true",
    "format=ndjson&full=true",
    "minimal=true",
    "search=help",
    "search=Quillfeather+Row",
    "postcode=ZZ98+7QX&proximity=500&full=true",
    "postcode=ZZ97+6QX&proximity=500",
    "postcode=ZZ1+1AA&proximity=5000&full=true",
)
SITE = "category=mentoring&within_metres=5000"


@pytest.fixture(scope="module")
def protected_app(new_database, empty_template, tmp_path_factory):
    """The application with an organisation whose every text is full of secrets, and one that has none."""
    for made in make_app(new_database(empty_template), tmp_path_factory.mktemp("protected")):
        with Session(made.extensions["engine"]) as session:
            add_areas(session)
            session.add_all(
                AreaValue(code="E01000001", measure=one, value=5_000) for one in ("people", "people_10_24")
            )
            for postcode, (east, north) in POSTCODES.items():
                session.add(Postcode(postcode=postcode, easting=east, northing=north, quality=10))
            add(
                session, planted(), organization("Plain", service("Plain help", location((404_700, 284_500))))
            )
            session.commit()
        yield made


@pytest.fixture
def stored(protected_app):
    """A session on the records."""
    with Session(protected_app.extensions["engine"]) as session:
        yield session


def read_all(app, session):
    """Every public output: its rule, address, status, and words. An address says what was asked."""
    for rule, address, response in answers_to(app, session, QUESTIONS, SITE):
        heads = "\n".join(f"{name}: {value}" for name, value in response.headers)
        yield rule, address, response.status_code, f"{heads}\n{words_of(response.get_data())}"
        response.close()


def secret_ids(session):
    """Identifiers of what is withheld: with them, one record could be told to be another."""
    return [
        *session.scalars(select(Location.id).where(Location.protection != "open")),
        *session.scalars(select(Location.id).where(Location.location_type == "postal")),
        *session.scalars(select(Contact.id)),
        *session.scalars(select(Address.id).where(Address.address_type == "postal")),
    ]


@pytest.mark.unmeasured
def test_no_output_holds_what_is_withheld(protected_app, stored, caplog):
    ids, answered = secret_ids(stored), set()
    with caplog.at_level(logging.INFO):
        for rule, address, status, text in read_all(protected_app, stored):
            # A page may repeat what was asked; a file may not, and nor may an error.
            repeats = status == 302 or (
                status == 200 and not address.partition("?")[0].endswith(("csv", "json"))
            )
            assert leaks(text, but=unquote(address.replace("+", " ")) if repeats else "") == [], address
            assert not [key for key in ids if key in text and key not in address], address
            assert status < 500, address
            answered |= {rule.endpoint} if status == 200 else set()
    assert leaks(caplog.text) == []
    read = {rule.endpoint for rule in protected_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    mute = {one for one in PUBLIC & read - answered if not one.startswith(WITHOUT_ANSWER)}
    assert mute == set(), "give the test something that these answer with"


@pytest.mark.unmeasured
@pytest.mark.one_database
def test_sheets_in_urdu_hold_nothing_that_is_withheld(protected_app, stored):
    client, keys = protected_app.test_client(), stored.scalars(select(PublishedService.service_id)).all()
    addresses = [f"/ur/services/{key}/sheet.pdf" for key in keys]
    words = ""
    for address in (*addresses, "/ur/shortlist.pdf?" + "&".join(f"s={key}" for key in keys)):
        words = words_of(client.get(address).get_data())
        assert leaks(words) == [], address
    # The last holds them all, and in Urdu that an address is withheld.
    assert "8 Known Street" in words
    assert "\u067e\u062a\u06c1 \u0638\u0627\u06c1\u0631 \u0646\u06c1\u06cc\u06ba" in words


@pytest.mark.unmeasured
@pytest.mark.one_database
def test_reports_in_urdu_hold_nothing_that_is_withheld(protected_app, stored):
    client = protected_app.test_client()
    reports = ("coverage_report.authority_pdf", "coverage_report.site_pdf")
    read = 0
    for rule in protected_app.url_map.iter_rules():
        for address in addresses_of(protected_app, stored, rule) if rule.endpoint in reports else ():
            for question in ("", f"?{SITE}"):
                answer = client.get(f"/ur{address}{question}")
                assert leaks(words_of(answer.get_data()), but=unquote(address)) == [], address
                read += answer.content_type == "application/pdf"
    assert read > len(reports), "give the test something that reports are made of"


@pytest.mark.unmeasured
@pytest.mark.parametrize("name", ["services", "organizations", "service_at_locations"])
def test_no_question_of_a_program_gets_what_is_withheld(protected_app, stored, name):
    ids, client = secret_ids(stored), protected_app.test_client()
    for question in API_QUESTIONS:
        response = client.get(f"/api/{name}?{question}")
        text = response.get_data(as_text=True)
        assert leaks(text, but=unquote(question.replace("+", " "))) == [], question
        assert not [key for key in ids if key in text], question
        assert response.status_code < 500, question


@pytest.mark.unmeasured
def test_what_is_sent_to_a_public_form_gets_nothing_back(protected_app, stored):
    client, ids = protected_app.test_client(), secret_ids(stored)
    sent = dict.fromkeys(("name", "q", "what", "where", "postcode", "email", "text", "about"), "x")
    for rule in protected_app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC or "POST" not in (rule.methods or ()):
            continue
        for fields in ({}, sent | {"postcode": "ZZ98 7QX", "name": "Harbour Light"}):
            for address in addresses_of(protected_app, stored, rule):
                with client.post(address, data=fields) as response:
                    text = words_of(response.get_data())
                assert leaks(text, but="ZZ98 7QX") == [], address
                assert not [key for key in ids if key in text and key not in address], address
    for letter in stored.scalars(select(OutboxMessage)):
        assert leaks(f"{letter.subject} {letter.text} {letter.html}", but="ZZ98 7QX") == []


def test_errors_hold_nothing(protected_app, stored):
    client = protected_app.test_client()
    keys = [*stored.scalars(select(Location.id)), *stored.scalars(select(Contact.id))]
    for address in (f"/{kind}/{key}" for key in keys for kind in ("services", "organisations")):
        response = client.get(address)
        assert response.status_code == 404
        assert leaks(response.get_data(as_text=True)) == []


def contents(app, question):
    answer = app.test_client().get(f"/search.json?{question}").get_json()
    return {item["service"]["name"]: (item["fits"], item["missing_facts"]) for item in answer["contents"]}


@pytest.mark.parametrize("words", ["quillfeather", "tamarisk barn", "quackenbush", "cardamom"])
def test_words_that_are_withheld_find_nothing(protected_app, words):
    assert contents(protected_app, f"what={words}") == {}


@pytest.mark.parametrize("words", ["ZZ98 7QX", "zz98"])
def test_words_that_name_a_place_ask_about_it_and_tell_no_more(protected_app, words):
    said = contents(protected_app, f"what={words}")
    assert said == contents(protected_app, f"where={words}")
    assert said["Hidden help"] == ("not known", ["place"])


def test_asking_at_the_very_place_tells_no_more_than_asking_nearby(protected_app):
    """The hidden place is in ZZ98 7QX; ZZ98 1AA is kilometres away, in the same authority."""
    there = contents(protected_app, "where=ZZ98+7QX&within_metres=500")
    elsewhere = contents(protected_app, "where=ZZ98+1AA&within_metres=500")
    for answers in (there, elsewhere):
        assert answers["Hidden help"] == answers["Postal help"] == ("not known", ["place"])


def test_place_shown_by_its_ward_is_not_known_within_it(protected_app):
    at_the_door = contents(protected_app, "where=ZZ97+6QX&within_metres=500")
    across_the_ward = contents(protected_app, "where=ZZ1+2BB&within_metres=500")
    assert at_the_door["Approximate help"] == across_the_ward["Approximate help"] == ("not known", ["place"])


def test_distance_is_that_of_the_middle_of_the_ward_or_none(protected_app, stored):
    page = protected_app.test_client().get("/search?where=ZZ97+6QX&within_metres=500&sort=distance")
    cards = page.get_data(as_text=True).split('class="app-card"')[1:]
    where = {
        name: next(card for card in cards if name in card) for name in ("Approximate help", "Hidden help")
    }
    east, north = 405_000 - APPROXIMATE_POINT[0], 285_000 - APPROXIMATE_POINT[1]
    assert f"About {round((east**2 + north**2) ** 0.5, -1):.0f} m" in where["Approximate help"]
    assert "<strong>" not in where["Hidden help"]
    assert "Address withheld; in Birmingham" in where["Hidden help"]


def test_order_by_distance_does_not_depend_on_what_is_withheld(protected_app):
    for question in (
        "where=ZZ98+7QX&within_metres=500&sort=distance",
        "where=ZZ98+1AA&within_metres=500&sort=distance",
    ):
        answer = protected_app.test_client().get(f"/search.json?{question}").get_json()
        unsure = [item["service"]["name"] for item in answer["contents"] if item["fits"] == "not known"]
        assert unsure[-2:] == ["Hidden help", "Postal help"]


def test_points_of_every_file_are_open_places_or_middles_of_wards(protected_app):
    answer = protected_app.test_client().get("/search.geojson").get_json()
    points = [feature["geometry"]["coordinates"] for feature in answer["features"] if feature["geometry"]]
    east, north = lonlat_to_bng([x for x, _ in points], [y for _, y in points])
    shown = sorted((round(float(e), -1), round(float(n), -1)) for e, n in zip(east, north, strict=True))
    assert shown == [(404_600, 284_600), (404_700, 284_500), (405_000, 285_000)]


def test_published_services_are_all_there_under_clean_names(protected_app):
    names = set(contents(protected_app, ""))
    assert names == {
        "Hidden help",
        "Approximate help",
        "Postal help",
        "Open help at the [withheld]",
        "Plain help",
    }


def test_facts_that_may_be_shown_are(protected_app, stored):
    key = stored.scalars(select(Service.id).where(Service.name.like("Open help%"))).one()
    page = protected_app.test_client().get(f"/services/{key}").get_data(as_text=True)
    for words in ("8 Known Street", "ZZ1 1AA", "0121 496 0001", "[withheld]"):
        assert words in page
    document = json.loads(protected_app.test_client().get("/search.json?what=open").data)
    assert document["total_known"] == 1


@pytest.fixture
def person_app(empty_app):
    """The application with a key individual who agreed to be shown."""
    with Session(empty_app.extensions["engine"]) as session:
        organiser, speaker = (
            contact(
                "Ada Birtwhistle", consented=True, email="ada@birtwhistle.example", number="0121 496 0987"
            )
            for _ in range(2)
        )
        talks = service("Talks by Ada Birtwhistle", contacts=[speaker])
        kind = [term("kind", "individual")]
        add(session, organization("Ada Birtwhistle", talks, contacts=[organiser], attributes=kind))
        session.commit()
    return empty_app


def pages_with(app, words):
    with Session(app.extensions["engine"]) as session:
        return [
            address
            for _, address, status, text in read_all(app, session)
            if status == 200 and words in text.lower()
        ]


@pytest.mark.unmeasured
@pytest.mark.one_database
def test_key_individual_is_shown_with_consent_and_gone_at_once_without(person_app):
    shown = pages_with(person_app, "birtwhistle")
    assert {address.split("/")[1].split("?")[0] for address in shown} >= {
        "services",
        "organisations",
        "search",
        "search.csv",
        "search.json",
        "search.geojson",
    }
    with Session(person_app.extensions["engine"]) as session:
        for row in session.scalars(select(Contact)):
            row.consent_date = None
        session.flush()
        publish(session, session.scalars(select(PublishedOrganization.organization_id)).all(), TODAY)
        session.commit()
    assert pages_with(person_app, "birtwhistle") == []


def test_agreed_contact_stands_on_both_pages(person_app):
    client = person_app.test_client()
    with Session(person_app.extensions["engine"]) as session:
        service_id = session.scalars(select(PublishedService.service_id)).one()
        organization_id = session.scalars(select(PublishedOrganization.organization_id)).one()
    for address in (f"/services/{service_id}", f"/organisations/{organization_id}"):
        page = client.get(address).get_data(as_text=True)
        assert "mailto:ada@birtwhistle.example" in page
        assert "tel:01214960987" in page

"""Secrets are found however they are spelled, and what is no secret stays."""

import re
from datetime import date

import pytest

from directory.models import Address, Contact, Location, Organization, Phone, Service, ServiceAtLocation
from directory.publishing.spellings import fold
from directory.publishing.withhold import WITHHELD, Withholder, is_shown, is_venue, may_show_address
from tests.directory.records import TODAY

PLACES = frozenset({"walsall", "lozells"})


def withholder(
    *locations, contacts=(), name="Oak Trust", alternate_name=None, title="Drop-in", places=PLACES
):
    links = [ServiceAtLocation(location=place) for place in locations]
    services = [Service(name=title, service_at_locations=links)]
    organization = Organization(
        name=name, alternate_name=alternate_name, services=services, contacts=list(contacts)
    )
    return Withholder(organization, places=places)


def place(line, postcode=None, protection="hidden", kind="physical", **facts):
    lines = [Address(address_1=line, postal_code=postcode, address_type=kind)]
    return Location(location_type="physical", protection=protection, addresses=lines, **facts)


def person(name, email=None, number=None, consented=False):
    phones = [Phone(number=number)] if number else []
    dates = {"consent_date": TODAY, "consent_scope": "public"} if consented else {}
    return Contact(name=name, email=email, phones=phones, **dates)


REFUGE = place("Flat 2, 14a-16 Tallow Street", "ZZ98 7QX", name="The Old Granary")


@pytest.mark.parametrize(
    "spelling",
    [
        "14a-16 Tallow Street",
        "Tallow Street",
        "TALLOW  STREET",
        "tallow-street",
        "Tallow St.",
        "Tallow\nst",
        "T\u00e1llow Street",
        "Ta\u0301llow Street",
        "Tal\u00adlow Street",
        "ZZ98 7QX",
        "zz987qx",
        "Z Z 9 8 7 Q X",
        "ZZ98-7qx",
        "\uff3a\uff3a\uff19\uff18 7QX",
        "_ZZ98 7QX_",
        "ZZ98\u00a07QX",
        "The Old Granary",
        "old-GRANARY",
    ],
)
def test_place_is_withheld_in_every_spelling(spelling):
    cleaned = withholder(REFUGE)(f"We meet at {spelling}, daily")
    assert re.fullmatch(rf"We meet at (?:The |_)?{re.escape(WITHHELD)}[_.]?, daily", cleaned)


@pytest.mark.parametrize(
    "number", ["0121 496 0987", "01214960987", "+44 121 496 0987", "+44 (0)121 496-0987", "(0121) 4960 987"]
)
@pytest.mark.parametrize(
    "recorded", ["0121 496 0987", "+441214960987", "00 44 121 496 0987", "0121-496-0987 ext 2"]
)
def test_number_is_withheld_in_every_spelling(recorded, number):
    assert withholder(contacts=[person("Jo Li", number=recorded)])(f"Ring {number}.") == f"Ring {WITHHELD}."


@pytest.mark.parametrize(
    "spelling",
    [
        "Ada Birtwhistle",
        "ADA BIRTWHISTLE",
        "Birtwhistle, Ada",
        "Rev. Birtwhistle",
        "ada-birtwhistle",
        "AdaBirtwhistle",
    ],
)
def test_person_is_withheld_in_every_spelling(spelling):
    assert WITHHELD in withholder(contacts=[person("Revd Ada Birtwhistle")])(f"Ask {spelling}")
    assert (
        "irtwhistle" not in withholder(contacts=[person("Revd Ada Birtwhistle")])(f"Ask {spelling}").lower()
    )


@pytest.mark.parametrize(
    "spelling", ["ada@oak.example", "ADA@Oak.example", "ada @ oak.example", "ada (at) oak.example"]
)
def test_email_is_withheld_in_every_spelling(spelling):
    assert withholder(contacts=[person("Ada", email="ada@oak.example")])(f"To {spelling}") == f"To {WITHHELD}"


def test_point_of_a_withheld_place_is_withheld():
    clean = withholder(place("x", latitude=52.49876, longitude=-1.90321))
    assert clean("?q=52.49876,-1.9032") == f"?q={WITHHELD},-{WITHHELD}"
    assert clean("52.499 or 52.498") == f"{WITHHELD} or {WITHHELD}"
    assert clean("52.491") == "52.491"


@pytest.mark.parametrize(
    "words", ["Install a streetlight", "Callow Street", "11 ZZ98 7QXY", "Flat 21", "Granary"]
)
def test_other_words_stay(words):
    assert withholder(REFUGE)(words) == words


def test_word_in_common_and_single_words_of_an_address_are_no_secret():
    clean = withholder(place("3 Broadway, Lozells", "ZZ98 7QX", name="Walsall"))
    assert clean("Lozells, Broadway") == "Lozells, Broadway"


def test_short_words_and_incomplete_facts_are_no_secret():
    clean = withholder(
        place("Elm", "Z"), place(None), contacts=[person("Jo", email="jo", number="999"), person("Jo -")]
    )
    assert clean("Elm Z Jo 999 Mr - jo") == "Elm Z Jo 999 Mr - jo"


def test_what_is_shown_at_one_door_is_no_secret_at_another():
    clean = withholder(
        place("1 Tallow Street", "ZZ98 7QX"), place("9 Tallow Street", "ZZ98 7QX", "open", name="Hall")
    )
    assert clean("9 Tallow Street, ZZ98 7QX") == "9 Tallow Street, ZZ98 7QX"
    assert clean("1 Tallow Street") == WITHHELD or clean("1 Tallow Street") is None


def test_postal_address_of_an_open_place_is_withheld():
    lines = [
        Address(address_1="9 Known Street", address_type="physical"),
        Address(address_1="1 Tallow Street", address_type="postal"),
    ]
    clean = withholder(Location(location_type="physical", protection="open", addresses=lines))
    assert clean("At 9 Known Street, post to 1 Tallow Street") == f"At 9 Known Street, post to {WITHHELD}"


@pytest.mark.parametrize(
    ("name", "line", "shown"),
    [
        (
            "Tallow Bowling Club",
            "Mr T Hope, Tallow Bowling Club, 2 Green Rise, Tallow",
            "Tallow Bowling Club",
        ),
        ("1st Tallow Scouts", "1st Tallow Scouts, Tallow", "1st Tallow Scouts"),
        ("10 Tallow Close Ltd", "10 Tallow Close", f"{WITHHELD} Ltd"),
    ],
)
def test_the_name_of_a_club_is_no_secret_because_its_post_goes_to_it(name, line, shown):
    clean = withholder(place(line, "ZZ98 7QX", "open", kind="postal"), name=name)
    assert clean(name, "name") == shown
    assert clean("Write to ZZ98 7QX") == f"Write to {WITHHELD}"


def test_the_rest_of_an_address_for_letters_that_holds_the_name_stays_withheld():
    home = place("Tallow Bowling Club, 2 Green Rise, Tallow", "ZZ98 7QX", "open", kind="postal")
    clean = withholder(home, name="Tallow Bowling Club")
    assert clean("Tallow Bowling Club, Green Rise") == f"Tallow Bowling Club, {WITHHELD}"


def test_an_address_that_was_hidden_on_purpose_goes_from_the_name_too():
    clean = withholder(place("Tallow", protection="hidden", kind="postal"), name="Tallow Refuge")
    assert clean("Tallow Refuge", "name") == f"{WITHHELD} Refuge"


def test_consent_given_once_shows_the_person():
    people = [person("Ada Birtwhistle", consented=True), person("Ada Birtwhistle", number="0121 496 0987")]
    assert withholder(contacts=people)("Ada Birtwhistle, 0121 496 0987") == f"Ada Birtwhistle, {WITHHELD}"


def test_name_that_the_organisation_goes_by_is_no_secret():
    refuge = place("1 Tallow Street", name="Tamarisk House")
    assert withholder(refuge, name="Tamarisk House Trust")("In Tamarisk House") == "In Tamarisk House"
    assert withholder(refuge, alternate_name="tamarisk-house")("In Tamarisk House") == "In Tamarisk House"
    assert withholder(refuge, title="Tamarisk House")("In Tamarisk House") == "In Tamarisk House"
    assert withholder(refuge, title="Boxing at Tamarisk House")("In Tamarisk House") == f"In {WITHHELD}"


def test_name_of_a_call_is_no_secret_unless_it_is_protected():
    assert (
        withholder(Location(location_type="virtual", protection="open", name="Online"))("Online") == "Online"
    )
    assert withholder(Location(location_type="virtual", protection="hidden", name="Online"))("Online") is None


def test_text_that_is_nothing_else_goes_and_a_name_is_marked():
    clean = withholder(REFUGE)
    assert clean({"alert": " ZZ98 7QX ", "name": "ZZ98 7QX", "fees": "5 at ZZ98 7QX"}) == {
        "name": WITHHELD,
        "fees": f"5 at {WITHHELD}",
    }


def test_link_or_number_goes_whole():
    clean = withholder(REFUGE)
    assert clean({"url": "https://x.example/tallow-street", "email": "tallow-street@x.example"}) == {}


def test_item_that_lost_its_point_goes():
    items = {"phones": [{"id": "1", "number": "ZZ98 7QX"}], "funding": [{"id": "2", "source": "A trust"}]}
    assert withholder(REFUGE)(items) == {"phones": [], "funding": [{"id": "2", "source": "A trust"}]}


def test_list_of_texts_loses_what_is_secret():
    assert withholder(REFUGE)(["ZZ98 7QX", "open", 3]) == ["open", 3]


def test_identifiers_and_numbers_are_left():
    document = {"id": "zz98 7qx", "amount": 2.5, "fictional": False}
    assert withholder(REFUGE)(document) == document


def test_without_secrets_nothing_changes():
    assert withholder()({"name": "ZZ98 7QX"}) == {"name": "ZZ98 7QX"}


def test_folding_keeps_places_in_the_text():
    assert len(fold("\u0130\u00df\ufb03 Caf\u00e9")) == len("\u0130\u00df\ufb03 Caf\u00e9")


def test_consent_needs_a_day_and_the_public():
    assert not is_shown(Contact(consent_date=TODAY, consent_scope="partners"))
    assert not is_shown(Contact(consent_scope="public"))
    assert is_shown(Contact(consent_date=TODAY, consent_scope="public"))
    assert not is_shown(Contact(consent_date=date(9999, 12, 31), consent_scope="public"))


def test_what_a_venue_is():
    assert is_venue(Location(location_type="physical", addresses=[]))
    assert not is_venue(Location(location_type="virtual", addresses=[]))
    assert not is_venue(place("PO Box 1", kind="postal"))
    assert not may_show_address(place("1 Tallow Street", protection="approximate"))

"""The do-not-list: it names nobody, keeps things out by every door, and says nothing of what it keeps out."""

import pytest
from sqlalchemy import select

from directory.accepting import Acceptance, NotAcceptedError, accept
from directory.models import Contact, DoNotList, Organization, Phone
from directory.safekeeping import do_not_list
from directory.safekeeping.do_not_list import NothingToListError, add, plain_form, read_register, remove
from tests.conftest import TODAY
from tests.directory.bringing import bring
from tests.directory.planted import squashed
from tests.directory.records import add_areas, address, contact, location, organization, service, term

BY_SELF = Acceptance(None, "self", "Registered", TODAY)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("org_id", "GB-CHC-1234567", "gb chc 1234567"),
        ("name_postcode", "St. Mary's & Co, b19 2th", "ST MARYS and CO, B192TH"),
        ("email", "Ada@Oak.example", " ada@oak.example "),
        ("phone", "+44 (0)121 496 0987", "01214960987"),
        ("person", "Mrs Ada Birtwhistle", "BIRTWHISTLE, ADA"),
        ("person", "Ada Birtwhistle", "Ada Birtwhistl\u0435"),
    ],
)
def test_one_thing_written_in_two_ways_is_one_thing(kind, one, other):
    assert plain_form(kind, one) == plain_form(kind, other) != ""


@pytest.mark.parametrize(
    ("kind", "text"), [("org_id", "-"), ("name_postcode", "Oak Trust"), ("email", "ada"), ("phone", "12345")]
)
def test_what_cannot_be_known_again_is_refused(draft, kind, text):
    with pytest.raises(NothingToListError):
        add(draft, kind, text)


def test_the_register_holds_no_word_of_what_is_on_it(draft):
    add(draft, "person", "Ada Birtwhistle", "At the person's wish")
    row = draft.scalars(select(DoNotList)).one()
    assert "birtwhistle" not in squashed(" ".join(map(str, vars(row).values())))
    assert len(row.digest) == 64


def test_two_databases_have_different_hashes(draft):
    register = read_register(draft)
    add(draft, "email", "ada@oak.example")
    assert (
        do_not_list.digest(b"another", "email", "ada@oak.example")
        not in read_register(draft).digests["email"]
    )
    assert register.digests == {}


def test_what_is_added_twice_is_there_once_and_goes_when_it_is_removed(draft):
    assert add(draft, "phone", "0121 496 0987") is True
    assert add(draft, "phone", "+44 121 496 0987") is False
    assert do_not_list.is_listed(draft, "phone", "01214960987")
    assert remove(draft, "phone", "0121-496-0987") is True
    assert remove(draft, "phone", "0121-496-0987") is False
    assert not do_not_list.is_listed(draft, "phone", "01214960987")


def oak(**facts):
    numbers = [{"identifier_scheme": "GB-CHC", "identifier_type": "", "identifier": "1234567"}]
    place = location(None, address("3 Broad Row", "ZZ1 1AA"))
    return organization("Oak Trust", service("Chess", place), organization_identifiers=numbers, **facts)


@pytest.mark.parametrize(
    ("kind", "text"), [("org_id", "GB-CHC-1234567"), ("name_postcode", "OAK TRUST, zz11aa")]
)
def test_a_listed_organisation_is_rejected_with_a_reason_that_says_nothing_of_it(
    committed, tmp_path, kind, text
):
    add_areas(committed)
    add(committed, kind, text)
    original = {"Organisation": "Oak Trust", "Postcode": "ZZ1 1AA"}
    report = bring(committed, tmp_path, oak(), organization("Elm Trust"), originals={0: original})
    assert committed.scalars(select(Organization.name)).all() == ["Elm Trust"]
    (rejected,) = report.rejected
    assert "do-not-list" in rejected.reason
    assert "oak" not in squashed(str(rejected))
    assert rejected.original == {}


def test_it_survives_that_the_file_comes_again_changed(committed, tmp_path):
    add(committed, "org_id", "GB-CHC-1234567")
    for words in ("one", "two"):
        bring(committed, tmp_path, oak(description=words))
    assert committed.scalars(select(Organization)).all() == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [("person", "Ada Birtwhistle"), ("email", "ADA@oak.example"), ("phone", "+44 121 496 0987")],
)
def test_a_listed_contact_is_left_out_and_counted(committed, tmp_path, kind, text):
    add(committed, kind, text)
    ada, again = (
        contact("Mrs Ada Birtwhistle", consented=True, email="ada@oak.example", number="0121 496 0987")
        for _ in range(2)
    )
    bob = contact("Bob Clerk", consented=True)
    document = organization("Oak Trust", service("Chess", contacts=[ada, bob]), contacts=[again])
    report = bring(committed, tmp_path, document)
    assert report.left_out == 2
    assert committed.scalars(select(Contact.name)).all() == ["Bob Clerk"]


def test_a_listed_address_or_number_of_an_organisation_is_left_out(committed, tmp_path):
    add(committed, "email", "ada@oak.example")
    add(committed, "phone", "0121 496 0987")
    phones = [{"number": "0121 496 0987"}, {"number": "0121 496 0001"}]
    bring(committed, tmp_path, organization("Oak Trust", email="ada@oak.example", phones=phones))
    assert committed.scalars(select(Organization.email)).all() == [None]
    assert committed.scalars(select(Phone.number)).all() == ["0121 496 0001"]


def test_a_listed_person_is_no_key_individual(committed, tmp_path):
    add(committed, "person", "Ada Birtwhistle")
    ada = organization("Ada Birtwhistle", attributes=[term("kind", "individual")])
    assert len(bring(committed, tmp_path, ada).rejected) == 1


def test_a_document_of_a_person_is_screened_too(draft):
    add(draft, "org_id", "GB-CHC-1234567")
    with pytest.raises(NotAcceptedError, match="do-not-list"):
        accept(draft, oak(), BY_SELF)
    add(draft, "person", "Ada Birtwhistle")
    named = organization("Elm Trust", contacts=[contact("Ada Birtwhistle", consented=True)])
    assert accept(draft, named, BY_SELF).contacts == []

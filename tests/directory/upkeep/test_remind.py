"""Reminders: when they go, to whom, how often, and what ends them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from directory import audit
from directory.accepting import Acceptance, accept
from directory.accounts.actors import roles_named
from directory.languages import URDU, speak
from directory.letters.write import Letter, write_letter
from directory.models import (
    Account,
    AuditEntry,
    FieldCheck,
    Membership,
    NavigatorPatch,
    OutboxMessage,
    PublishedService,
    Reminder,
    utc_now,
)
from directory.safekeeping import do_not_list
from directory.upkeep.answer import confirm, stop_reminders, take_back_links
from directory.upkeep.checks import Said
from directory.upkeep.remind import Site, remind
from directory.upkeep.signed_links import Links, VoidLinkError
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, service
from tests.directory.records import BIRMINGHAM, SANDWELL, add_areas

LINKS = Links("x" * 40, "https://directory.example")
SITE = Site("The directory", LINKS)
DUE = date(2027, 5, 23)  # six months after TODAY: the hours of a service are due
KEY = made_id("Lantern Youth Project")
AREA = {"service_areas": [{"id": made_id("area"), "name": "Birmingham", "extent": BIRMINGHAM}]}


@pytest.fixture
def lantern(draft):
    """A session with one organisation that has an e-mail address and two services."""
    add_areas(draft)
    document = organization(service("Studio", **AREA), service("Club"), email="hello@lantern.example")
    accept(draft, document, Acceptance(None, "self", "Registered", TODAY))
    return draft


def letters(session):
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at, OutboxMessage.id)).all()


def account(session, email, *roles, **facts):
    made = Account(email=email, confirmed_at=utc_now(), roles=roles_named(session, roles), **facts)
    session.add(made)
    session.flush()
    return made


def member(session, email, *, is_lead=False, **facts):
    made = account(session, email, "member", **facts)
    session.add(Membership(account_id=made.id, organization_id=KEY, is_lead=is_lead))
    session.flush()


def token_of(letter):
    return next(line for line in letter.text.splitlines() if "/still-right/" in line).rpartition("/")[2]


def test_one_letter_an_organisation_at_due_and_two_and_four_weeks_later(lantern):
    sent = {}
    for days in range(-3, 80):
        done = remind(lantern, DUE + timedelta(days=days), SITE)
        if done.letters or done.stale:
            sent[days] = (done.letters, len(done.stale))
    assert sent == {0: (1, 0), 14: (1, 0), 28: (1, 0), 42: (0, 1)}
    assert {letter.recipient for letter in letters(lantern)} == {"hello@lantern.example"}
    assert "last time" in letters(lantern)[2].text
    assert lantern.scalars(select(PublishedService.stale_on)).all() == [DUE + timedelta(days=42)] * 2
    assert "mark out of date" in lantern.scalars(select(AuditEntry.action)).all()
    assert list(audit.problems(lantern)) == []


def test_a_second_run_on_the_same_day_writes_nothing(lantern):
    assert [remind(lantern, DUE, SITE).letters for _ in range(2)] == [1, 0]


def test_a_run_that_comes_late_does_not_send_all_letters_at_once(lantern):
    late = DUE + timedelta(days=100)
    assert remind(lantern, late, SITE).letters == 1
    assert remind(lantern, late + timedelta(days=1), SITE).letters == 0


def test_letters_go_to_the_lead_then_a_member_then_the_recorded_address(lantern):
    member(lantern, "closed@example.org", is_lead=True, active=False)
    member(lantern, "member@example.org")
    remind(lantern, DUE, SITE)
    member(lantern, "lead@example.org", is_lead=True)
    remind(lantern, DUE + timedelta(days=14), SITE)
    assert [letter.recipient for letter in letters(lantern)] == ["member@example.org", "lead@example.org"]


def test_who_had_a_letter_in_urdu_is_reminded_in_it_and_one_click_is_not_led_on(lantern):
    with speak(URDU):
        write_letter(lantern, Letter("hello@lantern.example", "draft-link", {"link": "x"}))
    remind(lantern, DUE, SITE)
    letter = letters(lantern)[-1]
    assert "https://directory.example/ur/still-right/" in letter.text
    assert "22 جولائی 2027" in letter.text
    assert letter.headers["List-Unsubscribe"].startswith("<https://directory.example/unsubscribe/")
    assert letter.headers["Content-Language"] == "ur"


def test_nobody_on_the_do_not_list_is_written_to(lantern):
    member(lantern, "lead@example.org", is_lead=True)
    do_not_list.add(lantern, "email", "Lead@example.org")
    assert remind(lantern, DUE, SITE).letters == 1
    assert [letter.recipient for letter in letters(lantern)] == ["hello@lantern.example"]


def test_who_cannot_be_written_to_is_marked_all_the_same(draft):
    accept(draft, organization(service("Studio")), Acceptance(None, "self", "Registered", TODAY))
    assert remind(draft, DUE, SITE).unreachable == 1
    assert remind(draft, DUE + timedelta(days=42), SITE).stale == [KEY]
    assert letters(draft) == []


def test_the_navigators_of_the_authority_are_told_once(lantern):
    account(lantern, "b@example.org", "navigator", patches=[NavigatorPatch(authority_code=BIRMINGHAM)])
    account(lantern, "s@example.org", "navigator", patches=[NavigatorPatch(authority_code=SANDWELL)])
    for days in (0, 14, 28, 42, 43):
        remind(lantern, DUE + timedelta(days=days), SITE)
    told = [letter for letter in letters(lantern) if "/desk" in letter.text]
    assert [letter.recipient for letter in told] == ["b@example.org"]
    assert "- Lantern Youth Project" in told[0].text


def test_what_is_made_up_is_never_written_to(draft):
    document = organization(service("Studio"), email="a@example.org", fictional=True)
    accept(draft, document, Acceptance(None, "self", "Registered", TODAY))
    assert remind(draft, DUE, SITE).letters == 0


def test_an_answer_dates_every_field_and_ends_the_asking(lantern):
    remind(lantern, DUE, SITE)
    remind(lantern, DUE + timedelta(days=14), SITE)
    day = DUE + timedelta(days=15)
    confirm(lantern, KEY, Said("self", day))
    assert set(lantern.execute(select(FieldCheck.way, FieldCheck.checked_on))) == {("self", day)}
    reminder = lantern.get_one(Reminder, KEY)
    assert (reminder.stage, reminder.due_on) == (0, date(2027, 12, 7))
    assert reminder.answered_at is not None
    assert remind(lantern, DUE + timedelta(days=28), SITE).letters == 0


def test_an_answer_takes_the_mark_away(lantern):
    for days in (0, 14, 28, 42):
        remind(lantern, DUE + timedelta(days=days), SITE)
    day = DUE + timedelta(days=50)
    confirm(lantern, KEY, Said("navigator", day))
    assert lantern.get_one(Reminder, KEY).stale_since is None
    assert set(lantern.scalars(select(PublishedService.stale_on))) == {day + timedelta(days=731)}


def test_a_change_that_dates_what_was_due_ends_the_asking(lantern):
    remind(lantern, DUE, SITE)
    document = organization(service("Other name"), email="hello@lantern.example")
    accept(lantern, document, Acceptance(None, "self", "Changed", DUE + timedelta(days=3)))
    assert remind(lantern, DUE + timedelta(days=14), SITE).letters == 0


def test_who_unsubscribed_gets_no_letter(lantern):
    stop_reminders(lantern, KEY, DUE)
    assert remind(lantern, DUE, SITE).letters == 0
    assert remind(lantern, DUE + timedelta(days=42), SITE).stale == [KEY]


def test_a_letter_can_be_unsubscribed_from_with_one_click(lantern):
    remind(lantern, DUE, SITE)
    headers = letters(lantern)[0].headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert LINKS.open_unsubscribe(address.split("/")[-2]) == KEY


def test_a_link_opens_its_organisation_and_its_version_alone(lantern):
    remind(lantern, DUE, SITE)
    token = token_of(letters(lantern)[0])
    assert LINKS.open_still_right(lantern, token) == KEY
    with pytest.raises(VoidLinkError, match="not one of ours"):
        Links("y" * 40, LINKS.public_url).open_still_right(lantern, token)
    with pytest.raises(VoidLinkError, match="not one of ours"):
        LINKS.open_still_right(lantern, token[:-1])
    with pytest.raises(VoidLinkError, match="not one of ours"):
        LINKS.open_unsubscribe(token)
    accept(lantern, organization(service("New")), Acceptance(None, "self", "Changed", DUE))
    with pytest.raises(VoidLinkError, match="was changed"):
        LINKS.open_still_right(lantern, token)


def test_links_can_be_taken_back(lantern):
    remind(lantern, DUE, SITE)
    token = token_of(letters(lantern)[0])
    take_back_links(lantern, KEY, DUE)
    with pytest.raises(VoidLinkError, match="taken back"):
        LINKS.open_still_right(lantern, token)
    remind(lantern, DUE + timedelta(days=14), SITE)
    assert LINKS.open_still_right(lantern, token_of(letters(lantern)[1])) == KEY


def test_a_link_expires(lantern, monkeypatch):
    remind(lantern, DUE, SITE)
    token = token_of(letters(lantern)[0])
    monkeypatch.setattr("directory.upkeep.signed_links.LINK_LIFE", timedelta(seconds=-1))
    with pytest.raises(VoidLinkError, match="too old") as void:
        LINKS.open_still_right(lantern, token)
    assert void.value.organization_id == KEY


def test_a_name_cannot_write_headers_or_links_of_its_own(draft):
    name = "Lantern\r\nBcc: all@example.org\n\nhttps://evil.example/"
    document = organization(service("Studio"), name=name, email="a@example.org")
    accept(draft, document, Acceptance(None, "self", "Registered", TODAY))
    remind(draft, DUE, SITE)
    [letter] = letters(draft)
    assert "\n" not in letter.subject
    assert 'href="https://evil.example' not in letter.html

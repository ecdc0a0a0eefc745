"""In which language somebody is written to: that of the newest letter, for a page of theirs has caused it."""

import re

from sqlalchemy import select

from directory.languages import ENGLISH, URDU, speak
from directory.letters.language import language_of
from directory.letters.write import Letter, write_letter
from directory.models import OutboxMessage
from directory.registration.inviting import Invitations
from directory.registration.membership import admit
from directory.registration.navigators import tell_navigators
from directory.registration.reviewing import ask, reject
from tests.conftest import TODAY
from tests.directory.registration.submissions import (
    LANTERN,
    SENDER,
    accepted,
    account,
    decision,
    record,
    submit,
)

ARABIC = re.compile(r"[\u0600-\u06ff]")


def had_one(session, address, language=URDU):
    """Write to an address as a page in a language would."""
    with speak(language):
        write_letter(session, Letter(address, "draft-link", {"link": "https://directory.example/x"}))


def newest(session, address):
    session.flush()
    query = select(OutboxMessage).where(OutboxMessage.recipient == address)
    return session.scalars(query.order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)).first()


def test_who_had_a_letter_in_urdu_gets_the_next_ones_in_it(draft):
    accepted(draft, record())
    had_one(draft, SENDER)
    assert [language_of(draft, one) for one in (SENDER, "x@example.org")] == [URDU, ENGLISH]
    for act in (ask, reject):
        one = submit(draft, record(), kind="change", base_number=1)
        decided = decision(
            draft, one, reason="Why?", link="/answer/x", public_url="https://directory.example/"
        )
        act(draft, one.id, decided)
        letter = newest(draft, SENDER)
        assert ARABIC.search(letter.subject)
        assert ("https://directory.example/ur/answer/x" in letter.text) == (act is ask)
    had_one(draft, SENDER, ENGLISH)
    assert language_of(draft, SENDER) is ENGLISH


def test_what_waits_for_a_navigator_is_said_in_their_own_language(draft):
    for name in ("nina", "noor"):
        account(draft, "navigator", email=f"{name}@example.org")
    had_one(draft, "noor@example.org")
    with speak(URDU):  # as the page of a stranger does
        tell_navigators(draft, (), "records to review", "https://directory.example", TODAY)
    english, urdu = (newest(draft, f"{name}@example.org") for name in ("nina", "noor"))
    assert english.subject == "Waiting for you: records to review"
    assert "https://directory.example/review\n" in english.text
    assert ARABIC.search(urdu.subject)
    assert "https://directory.example/ur/review\n" in urdu.text


def test_each_member_is_written_to_in_their_own_language(draft):
    accepted(draft, record())
    chair, amina = (account(draft, "member", email=f"{name}@example.org") for name in ("chair", "amina"))
    had_one(draft, amina.email)
    admit(draft, chair, LANTERN, "https://directory.example")
    admit(draft, amina, LANTERN, "https://directory.example")
    Invitations("k" * 40, "https://directory.example").invite(draft, LANTERN, amina.email, chair)
    assert "/ur/join/" in newest(draft, amina.email).text
    assert newest(draft, chair.email).subject.startswith("Somebody joined you")
    assert "/ur/" not in newest(draft, chair.email).text

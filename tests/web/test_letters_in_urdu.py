"""Letters in Urdu: from the page that caused them, and after that to whoever had one."""

import re

import html5lib
import pytest
from sqlalchemy.orm import Session

from directory.languages import URDU, speak
from directory.letters.write import render_letter
from tests.accounts import make_account, signed_in
from tests.directory.registration.submissions import (
    LANTERN,
    accepted,
    record,
)
from tests.project.test_catalogues import LETTERS
from tests.web.signing import PASSWORD, letters, link_in
from tests.web.urdu import ARABIC

pytestmark = pytest.mark.one_database

EMAIL = "amina@example.org"
STRONG = re.compile(r"[A-Za-z\u0600-\u06ff]")
LINK = re.compile(r"https?://\S+")
# What the letters are filled with. Words of others are in capitals, so that they are told from ours.
SAMPLE = {
    "site_name": "SITE", "name": "NAME", "who": "WHO", "organisation": "NAME", "until": "3 نومبر 2026",
    "code": "ABCDE 34678", "reason": "REASON", "outcome": "OUTCOME", "left_out": ["LEFT"], "days": 7,
    "stage": 3, "is_last": True, "you": True, "kind": "change", "method": "post", "is_open": True,
    "email": "EMAIL", "answer": "ANSWER", "names": ["NAME", "OTHER"], "what": "records to review",
    "needs_second_factor": True, "searches": [{"name": "SEARCH", "lines": ["نئی: ONE"], "href": "https://x/1"}],
} | dict.fromkeys(
    ("link", "manage", "unsubscribe", "confirm_href", "reset_href", "forgot_href", "accounts_href", "desk"),
    "https://directory.example/ur/x"
)  # fmt: skip
VARIANTS = (
    {"now": "set-up"},
    {"now": "switched-off", "you": False, "stage": 2, "kind": "new", "is_open": False, "method": "dispute"},
    {"now": "reset", "method": "telephone", "is_last": False, "stage": 1, "confirm_href": ""},
)


@pytest.mark.parametrize("name", [one.removeprefix("email/").removesuffix(".txt") for one in LETTERS])
def test_a_letter_says_all_in_urdu_and_each_paragraph_begins_in_it(name):
    for more in VARIANTS:
        with speak(URDU):
            subject, text, page = render_letter(name, SAMPLE | more)
        assert ARABIC.search(subject)
        assert not re.search(r"[a-z]{2}", LINK.sub("", f"{subject}\n{text}")), text
        # A mail program takes the direction of a paragraph from its first letter.
        for part in text.split("\n\n"):
            if ARABIC.search(part):
                assert ARABIC.match(STRONG.search(part)[0]), part
        made = html5lib.parse(page, namespaceHTMLElements=False)
        assert (made.get("lang"), made.get("dir")) == ("ur", "rtl")
        assert all(link.get("dir") == "ltr" for link in made.iter("a"))


def test_letters_about_an_account_are_in_the_language_of_the_page(empty_app):
    client = empty_app.test_client()
    for lead in ("/ur", ""):
        both = {"password": PASSWORD, "password_confirm": PASSWORD}
        client.post(f"{lead}/account/register", data={"email": EMAIL, **both})
        client.post(f"{lead}/account/confirm", data={"email": EMAIL})
        client.post(f"{lead}/account/reset", data={"email": EMAIL})
    found = letters(empty_app, EMAIL)
    assert [bool(ARABIC.search(one.text)) for one in found] == [True] * (len(found) // 2) + [False] * (
        len(found) // 2
    )
    assert [one.headers["Content-Language"] for one in found[:1] + found[-1:]] == ["ur", "en-GB"]
    assert link_in(found[0]).startswith("/ur/account/confirm/")
    assert link_in(found[-1]).startswith("/account/")
    assert "/ur/account/login" in client.get(link_in(found[0])).headers["Location"]


def test_a_page_of_a_stranger_does_not_say_in_which_language_a_navigator_is_written_to(empty_app):
    with Session(empty_app.extensions["engine"]) as session:
        accepted(session, record())
        session.commit()
    for name in ("nina", "noor"):
        make_account(empty_app, "navigator", email=f"{name}@example.org")
    # One of them has asked for a letter on a page in Urdu.
    empty_app.test_client().post("/ur/account/reset", data={"email": "noor@example.org"})
    signed_in(empty_app).post(f"/ur/organisations/{LANTERN}/claim", data={"method": "post"})
    (letter,) = letters(empty_app, "nina@example.org")
    assert not ARABIC.search(letter.subject + letter.text)
    assert "/ur/" not in letter.text
    letter = letters(empty_app, "noor@example.org")[-1]
    assert ARABIC.search(letter.subject)
    assert "/ur/claims/" in letter.text


def test_what_staff_do_on_a_page_in_urdu_is_written_in_english_to_who_had_no_letter(empty_app):
    keys = [
        make_account(empty_app, email=f"{name}@example.org", two_factor=True) for name in ("nina", "noor")
    ]
    empty_app.test_client().post("/ur/account/reset", data={"email": "noor@example.org"})
    boss = signed_in(empty_app, "administrator")
    for key in keys:
        assert boss.post(f"/ur/accounts/{key}/reset-two-factor").status_code == 302
    (english,), urdu = letters(empty_app, "nina@example.org"), letters(empty_app, "noor@example.org")[-1]
    assert not ARABIC.search(english.subject + english.text)
    assert ARABIC.search(urdu.subject)

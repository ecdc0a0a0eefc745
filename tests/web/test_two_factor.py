"""The second factor: set up with an app, asked for, good once, and replaced by a recovery code."""

import re

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.accounts.actors import roles_named
from directory.models import Account
from tests.accounts import sign_in
from tests.web.signing import (
    account,
    code_of,
    give_password,
    letters,
    make_member,
    messages_of,
    problems_of,
    set_up_app,
)

pytestmark = pytest.mark.one_database


@pytest.fixture
def member(empty_app):
    return make_member(empty_app)


def codes_of(client):
    """New recovery codes."""
    page = client.post("/account/mf-recovery-codes", data={"generate_new_codes": "1"})
    return re.findall(r"<code>([^<]+)</code>", page.get_data(as_text=True))


def give_code(app, code):
    """Sign in with the password and a code; the browser and the last answer."""
    client = app.test_client()
    assert give_password(client).headers["Location"].startswith("/account/tf-validate")
    return client, client.post("/account/tf-validate", data={"code": code})


def is_in(client):
    return client.get("/account").status_code == 200


def test_the_page_shows_the_picture_and_the_key(member):
    page = member.post("/account/tf-setup", data={"setup": "authenticator"}).get_data(as_text=True)
    assert 'src="data:image/svg+xml;base64,' in page
    assert re.search(r'app-key-text">[A-Z2-7-]{20,}<', page)


def test_the_code_is_asked_for_once_an_app_is_set_up(empty_app, member):
    totp = set_up_app(member)
    client = empty_app.test_client()
    give_password(client)
    assert not is_in(client)
    client, answer = give_code(empty_app, code_of(totp, later=1))
    assert answer.status_code == 302
    assert is_in(client)
    assert "was set up" in letters(empty_app)[-1].subject


def test_a_wrong_code_does_not_let_in_and_can_be_tried_again(empty_app, member):
    totp = set_up_app(member)
    client, answer = give_code(empty_app, "000000")
    assert "The code is not right" in problems_of(answer)[0]
    assert not is_in(client)
    client.post("/account/tf-validate", data={"code": code_of(totp, later=1)})
    assert is_in(client)


def test_a_wrong_code_at_set_up_keeps_the_key(member):
    page = member.post("/account/tf-setup", data={"setup": "authenticator"}).get_data(as_text=True)
    answer = member.post("/account/tf-validate", data={"code": "000000"})
    assert "The code is not right" in problems_of(answer)[0]
    from passlib.totp import TOTP

    totp = TOTP(re.search(r'app-key-text">([^<]+)<', page).group(1))
    assert member.post("/account/tf-validate", data={"code": code_of(totp)}).headers["Location"] == "/account"


@pytest.mark.parametrize(("way", "words"), [("", "Enter the code that"), ("/ur", "وہ کوڈ لکھیں")])
def test_whoever_gives_no_code_is_told_which(empty_app, member, way, words):
    set_up_app(member)
    client = empty_app.test_client()
    give_password(client)
    assert words in problems_of(client.post(f"{way}/account/tf-validate", data={"code": " "}))[0]
    answer = client.post("/account/mf-recovery", data={"code": ""})
    assert "Enter one of your recovery codes" in problems_of(answer)[0]


def test_whoever_gives_a_wrong_code_at_set_up_can_start_again(empty_app, member):
    member.post("/account/tf-setup", data={"setup": "authenticator"})
    answer = member.post("/account/tf-validate", data={"code": "000000"}).get_data(as_text=True)
    assert 'href="/account/tf-setup">start again with a new picture</a>' in answer
    set_up_app(member)
    assert "start again" not in give_code(empty_app, "000000")[1].get_data(as_text=True)


def test_the_page_of_recovery_codes_says_whether_there_are_any_and_which_are_new(member):
    set_up_app(member)
    address, new = "/account/mf-recovery-codes", "These codes are new"
    none = member.get(address).get_data(as_text=True)
    assert "There are no recovery codes yet" in none
    assert "Show the codes that are left" not in none
    assert new in member.post(address, data={"generate_new_codes": "1"}).get_data(as_text=True)
    assert "Show the codes that are left" in member.get(address).get_data(as_text=True)
    assert new not in member.get(f"{address}?show_codes=1").get_data(as_text=True)


def test_no_code_is_good_twice(empty_app, member):
    totp = set_up_app(member)
    code = code_of(totp, later=1)
    assert is_in(give_code(empty_app, code)[0])
    client, answer = give_code(empty_app, code)
    assert "used before" in problems_of(answer)[0]
    assert not is_in(client)
    assert not is_in(give_code(empty_app, code_of(totp))[0])  # older than the last one


def test_a_session_of_the_password_alone_ends_when_an_app_is_set_up(empty_app, member):
    elsewhere = empty_app.test_client()
    give_password(elsewhere)
    assert is_in(elsewhere)
    set_up_app(member)
    assert not is_in(elsewhere)
    assert is_in(member)


def test_the_key_and_the_recovery_codes_are_sealed_in_the_table(empty_app, member):
    set_up_app(member)
    [code, *_] = codes_of(member)
    kept = account(empty_app, "amina@example.org")
    assert "enckey" in kept.tf_totp_secret
    assert not any(code in one for one in kept.mf_recovery_codes)
    assert len(kept.mf_recovery_codes) == 8


def test_a_recovery_code_stands_in_for_the_app_once(empty_app, member):
    set_up_app(member)
    [code, *_] = codes_of(member)
    for works in (True, False):
        client = empty_app.test_client()
        give_password(client)
        assert "Enter a recovery code" in client.get("/account/tf-validate").get_data(as_text=True)
        assert 'href="/account/tf-validate"' in client.get("/account/mf-recovery").get_data(as_text=True)
        answer = client.post("/account/mf-recovery", data={"code": f" {code.upper()} "})
        assert is_in(client) is works
    assert "used before" in problems_of(answer)[0]


def test_whoever_needs_no_second_factor_may_switch_it_off(empty_app, member):
    set_up_app(member)
    codes_of(member)
    assert member.post("/account/tf-setup", data={"setup": "disable"}).status_code == 302
    kept = account(empty_app, "amina@example.org")
    assert not any((kept.tf_primary_method, kept.tf_totp_secret, kept.mf_recovery_codes))
    assert "switched off" in letters(empty_app)[-1].subject
    assert is_in(member)


@pytest.mark.parametrize("role", ["navigator", "administrator"])
def test_whoever_needs_it_cannot_switch_it_off(empty_app, member, role):
    set_up_app(member)
    with Session(empty_app.extensions["engine"]) as session:
        session.query(Account).one().roles = roles_named(session, [role])
        session.commit()
    assert "Switch the second factor off" not in member.get("/account/tf-setup").get_data(as_text=True)
    member.post("/account/tf-setup", data={"setup": "disable"})
    assert account(empty_app, "amina@example.org").tf_primary_method == "authenticator"


def test_changing_it_asks_for_the_password_again_after_half_an_hour(empty_app, member):
    with member.session_transaction() as cookie:
        cookie["fs_paa"] -= 31 * 60
    for address in ("/account/tf-setup", "/account/mf-recovery-codes"):
        asked = member.get(address)
        assert asked.headers["Location"] == f"/account/verify?next={address}"
    assert "not right" in problems_of(member.post(asked.headers["Location"], data={"password": "no"}))[0]
    form = {"password": "correct horse battery staple", "next": "/account/tf-setup"}
    assert member.post("/account/verify", data=form).headers["Location"] == "/account/tf-setup"
    assert member.get("/account/tf-setup").status_code == 200


def test_somebody_without_a_code_can_ask_the_administrators(empty_app, member):
    set_up_app(member)
    sign_in(empty_app.test_client(), make_administrator(empty_app))
    client = empty_app.test_client()
    give_password(client)
    page = client.post("/account/tf-rescue", data={"help_setup": "help"})
    assert "administrators are told" in messages_of(page)[-1]
    client.post("/account/tf-rescue", data={"help_setup": "email"})
    assert letters(empty_app, "amina@example.org")[-1].subject == "Your second factor was set up"
    [letter] = letters(empty_app, "boss@example.org")
    assert "amina@example.org" in letter.text
    assert "Ring them" in letter.text


def make_administrator(app):
    from tests.accounts import make_account

    return make_account(app, "administrator", email="boss@example.org")


def test_the_page_to_choose_between_two_ways_is_ours(empty_app, member):
    set_up_app(member)
    client = empty_app.test_client()
    with client.session_transaction() as cookie:
        cookie["tf_user_id"] = account(empty_app, "amina@example.org").fs_uniquifier
        cookie["tf_select"] = True
    assert "Choose how to go on" in client.get("/account/tf-select").get_data(as_text=True)


def test_an_account_that_was_closed_between_password_and_code_stays_out(empty_app, member):
    totp = set_up_app(member)
    client = empty_app.test_client()
    give_password(client)
    with Session(empty_app.extensions["engine"]) as session:
        session.execute(update(Account).values(active=False))
        session.commit()
    client.post("/account/tf-validate", data={"code": code_of(totp, later=1)})
    assert not is_in(client)

"""From the first form to the last sign-out: register, confirm, sign in, forget the password, change it."""

import pytest
from sqlalchemy import event

from tests.web.signing import (
    OTHER_PASSWORD,
    PASSWORD,
    account,
    give_password,
    letters,
    link_in,
    make_member,
    messages_of,
    problems_of,
    register,
)

pytestmark = pytest.mark.one_database


def is_in(client):
    return client.get("/account").status_code == 200


def test_an_account_works_once_its_address_is_confirmed(empty_app):
    client = empty_app.test_client()
    register(client, "Amina@Example.org")
    assert not is_in(client)
    assert give_password(client).status_code == 200  # the form again
    [letter] = letters(empty_app)
    assert (letter.recipient, letter.subject) == ("amina@example.org", "Confirm your e-mail address")
    assert messages_of(client.get(link_in(letter), follow_redirects=True))[-1].startswith(
        "The address is con"
    )
    assert give_password(client, "AMINA@example.ORG").headers["Location"] == "/account"
    assert is_in(client)


def test_a_wrong_password_leads_to_the_first_box_and_tells_nothing(empty_app):
    register(empty_app.test_client())
    for email in ("amina@example.org", "nobody@example.org"):
        [problem] = problems_of(give_password(empty_app.test_client(), email, "wrong"))
        assert '<a href="#email">The e-mail address and the password do not fit together' in problem


def test_the_password_is_kept_as_an_argon2_hash(empty_app):
    register(empty_app.test_client())
    kept = account(empty_app, "amina@example.org").password
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_signing_out_ends_the_session_and_not_only_the_cookie(empty_app):
    client = make_member(empty_app)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert client.post("/account/logout").headers["Location"] == "/"
    with client.session_transaction() as cookie:
        cookie.update(kept)
    assert not is_in(client)


def test_the_header_leads_to_ones_account_or_to_signing_in(empty_app):
    stranger = empty_app.test_client().get("/")
    assert "Sign in</a>" in stranger.get_data(as_text=True)
    assert "Set-Cookie" not in stranger.headers
    page = make_member(empty_app).get("/")
    assert "Your account</a>" in page.get_data(as_text=True)
    assert "Cookie" in stranger.vary
    assert "Cookie" in page.vary
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_link_confirms_once_and_a_broken_one_says_what_to_do(empty_app):
    client = empty_app.test_client()
    register(client)
    link = link_in(letters(empty_app)[0])
    client.get(link)
    client.get("/account/login")
    assert "confirmed before" in messages_of(client.get(link, follow_redirects=True))[-1]
    assert "does not work" in messages_of(client.get(link[:-2], follow_redirects=True))[-1]


def test_a_letter_is_sent_again_to_whoever_waits_for_it(empty_app):
    client = empty_app.test_client()
    register(client)
    client.post("/account/confirm", data={"email": "amina@example.org"})
    assert [letter.subject for letter in letters(empty_app)] == ["Confirm your e-mail address"] * 2


def test_a_new_password_by_letter_signs_out_everywhere_and_the_link_is_good_once(empty_app):
    client, elsewhere = make_member(empty_app), empty_app.test_client()
    elsewhere.post("/account/reset", data={"email": "Amina@example.org"})
    link = link_in(letters(empty_app)[-1])
    assert elsewhere.get(link).status_code == 200
    form = {"password": OTHER_PASSWORD, "password_confirm": OTHER_PASSWORD}
    assert elsewhere.post(link, data=form).headers["Location"] == "/account/login"
    assert not is_in(client)
    assert give_password(client).status_code == 200
    assert give_password(client, password=OTHER_PASSWORD).status_code == 302
    assert letters(empty_app)[-1].subject == "Your password was changed"
    assert elsewhere.get(link).headers["Location"] == "/account/reset"


def test_changing_the_password_signs_out_everywhere_else(empty_app):
    here, elsewhere = make_member(empty_app), empty_app.test_client()
    give_password(elsewhere)
    with here.session_transaction() as cookie:
        before = dict(cookie)
    form = {
        "password": PASSWORD,
        "new_password": OTHER_PASSWORD,
        "new_password_confirm": OTHER_PASSWORD,
    }
    assert here.post("/account/change", data=form).headers["Location"] == "/account"
    assert is_in(here)
    assert not is_in(elsewhere)
    with here.session_transaction() as cookie:
        assert cookie["account_token"] != before["account_token"]
        cookie.update(before)
    assert not is_in(here)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"password": "wrong"}, "not right"),
        ({"new_password": PASSWORD, "new_password_confirm": PASSWORD}, "is the old one"),
        ({"new_password_confirm": "something else"}, "not the same"),
        ({"new_password": "short", "new_password_confirm": "short"}, "needs 10 or more"),
    ],
)
def test_a_password_is_not_changed_unless_all_is_right(empty_app, form, words):
    client = make_member(empty_app)
    right = {
        "password": PASSWORD,
        "new_password": OTHER_PASSWORD,
        "new_password_confirm": OTHER_PASSWORD,
    }
    assert words in problems_of(client.post("/account/change", data=right | form))[0]
    assert give_password(empty_app.test_client()).status_code == 302


@pytest.mark.parametrize(
    "password",
    ["password123", "amina@example.org", "birmingham2026", "qwertyuiop", "aaaaaaaaaaaaaa", "navigator1!"],
)
def test_a_password_that_is_easy_to_guess_is_refused(empty_app, password):
    page = register(empty_app.test_client(), password=password)
    assert "too easy to guess" in problems_of(page)[0]
    assert account(empty_app, "amina@example.org") is None


def test_a_very_long_password_is_a_problem_and_no_fault(empty_app):
    assert "longer than 200" in problems_of(register(empty_app.test_client(), password="long words " * 50))[0]
    assert register(empty_app.test_client(), password="several long words " * 6).status_code == 302


def test_who_is_signed_in_is_known_by_one_query(empty_app):
    client = make_member(empty_app)
    statements = []
    engine = empty_app.extensions["engine"]

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get("/static/app.js").close()
    # The client of the tests asks for the state of the public copy itself, before each request.
    assert [one for one in statements if "reference_state" not in one] == []
    client.get("/about")
    event.remove(engine, "before_cursor_execute", note)
    of_accounts = [one for one in statements if "account" in one]
    assert len(of_accounts) == 1
    assert "account_session" in of_accounts[0]


def test_signing_in_leads_on_to_the_page_that_was_asked_for(empty_app):
    client = make_member(empty_app)
    client.post("/account/logout")
    asked = client.get("/account/change?x=1")
    assert asked.headers["Location"] == "/account/login?next=/account/change?x%3D1"
    page = client.get(asked.headers["Location"]).get_data(as_text=True)
    assert 'name="next" value="/account/change?x=1"' in page
    assert give_password(client, next="/account/change?x=1").headers["Location"] == "/account/change?x=1"

"""Attacks on accounts: forged links, stolen redirects, guessed passwords, fields that nobody offered."""

import re
from urllib.parse import urljoin, urlsplit

import pytest

from directory.app import create_app
from directory.config import Settings
from directory.web.access import PUBLIC
from directory.web.limits import LIMITS, limits_of, writing_endpoints
from tests.accounts import make_account, sign_in
from tests.checked_client import CheckedClient
from tests.web.signing import (
    PASSWORD,
    account,
    give_password,
    letters,
    link_in,
    make_member,
    register,
    set_up_app,
)

pytestmark = [pytest.mark.one_database, pytest.mark.unmeasured]

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "\t//evil.example",
    " //evil.example",
    "/%09/evil.example",
    "http:evil.example",
    "http:///evil.example",
    "https:/\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//localhost@evil.example/",
    "http://localhost@evil.example/",
    "http://localhost.evil.example/",
    "/x\r\nLocation: https://evil.example/",
)


def goes_to(location):
    """The host that a browser goes to: it drops control characters, and takes a backslash for a slash."""
    bare = re.sub(r"[\x00-\x20]", "", location).replace("\\", "/")
    return urlsplit(urljoin("http://localhost/account/login", bare))


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_form_leads_to_another_site(empty_app, target):
    make_member(empty_app)
    for place in ("form", "address"):
        client = empty_app.test_client()
        values = {"next": target} if place == "form" else {}
        asked = {} if place == "form" else {"next": target}
        form = {"email": "amina@example.org", "password": PASSWORD} | values
        answer = client.post("/account/login", data=form, query_string=asked)
        found = goes_to(answer.headers.get("Location", "/"))
        assert (found.scheme, found.netloc) == ("http", "localhost"), (place, answer.headers["Location"])
        verified = sign_in(client, account(empty_app, "amina@example.org").id).post(
            "/account/verify", data={"password": PASSWORD} | values, query_string=asked
        )
        found = goes_to(verified.headers.get("Location", "/"))
        assert (found.scheme, found.netloc) == ("http", "localhost"), (place, verified.headers["Location"])
        assert "\n" not in str(verified.headers.get("Location"))


def test_links_in_letters_come_from_the_setting_and_not_from_the_request(empty_app):
    client = empty_app.test_client()
    form = {"email": "a@example.org", "password": PASSWORD, "password_confirm": PASSWORD}
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    client.post("/account/register", data=form, headers=headers)
    client.post("/account/reset", data={"email": "a@example.org"}, headers=headers)
    client.post("/account/register", data=form, headers=headers)
    found = letters(empty_app)
    assert len(found) == 2  # the address is not confirmed, so there is no link to choose a password
    for letter in found:
        assert "evil" not in letter.text + letter.html
        assert "http://127.0.0.1:5000/account/confirm/" in letter.text


@pytest.mark.parametrize(
    "email",
    ["a@example.org\r\nBcc: b@example.org", "a@example.org\nBcc: b@example.org", "a@example.org%0ABcc:b@c.d"],
)
def test_no_header_can_be_put_into_a_letter(empty_app, email):
    client = empty_app.test_client()
    register(client, email)
    for path in ("/account/reset", "/account/confirm"):
        client.post(path, data={"email": email})
    assert letters(empty_app) == []


def test_fields_that_the_form_does_not_have_change_nothing(empty_app):
    client = empty_app.test_client()
    more = {
        "roles": "administrator",
        "role": "administrator",
        "active": "y",
        "confirmed_at": "2026-01-01",
        "id": "00000000-0000-0000-0000-000000000001",
        "fs_uniquifier": "known",
        "tf_primary_method": "authenticator",
        "patches": "E08000025",
        "memberships": "x",
        "name": "Boss",
    }
    form = {"email": "a@example.org", "password": PASSWORD, "password_confirm": PASSWORD} | more
    assert client.post("/account/register", data=form).status_code == 302
    made = account(empty_app, "a@example.org")
    assert (made.confirmed_at, made.tf_primary_method, made.name) == (None, None, "")
    assert made.id != more["id"]
    assert made.fs_uniquifier != "known"
    client.get(link_in(letters(empty_app)[0]))
    give_password(client, "a@example.org")
    client.post(
        "/account/name",
        data={"name": "Amina"} | {key: more[key] for key in ("roles", "email", "active") if key in more},
    )
    assert client.get("/accounts").status_code == 403
    assert "What you may do" in client.get("/account").get_data(as_text=True)


def test_json_is_not_read_as_a_form(empty_app):
    for path in ("/account/login", "/account/register", "/account/reset"):
        for body in ({"email": "a@example.org"}, [], 5, "x"):
            assert empty_app.test_client().post(path, json=body).status_code == 415


@pytest.fixture
def limited(empty_app):
    """An application that counts."""
    empty_app.extensions["form_limits"].enabled = True
    return empty_app


def statuses(send, times):
    return [send(number).status_code for number in range(times)]


def test_a_password_can_be_tried_ten_times_whoever_tries(limited):
    def guess(number):
        return limited.test_client().post(
            "/account/login",
            data={"email": "Amina@example.org", "password": f"guess {number}"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )

    assert statuses(guess, 11) == [200] * 10 + [429]
    refused = guess(0)
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60 + 1
    assert "Too many tries" in refused.get_data(as_text=True)
    # Another address can still sign in.
    assert give_password(limited.test_client(), "other@example.org").status_code == 200


def test_those_who_leave_the_e_mail_out_do_not_count_as_one(limited):
    def forget(number):
        return limited.test_client().post(
            "/register", data={"name": "Canal Hall"}, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}
        )

    assert statuses(forget, 7) == [200] * 7


def test_one_network_cannot_try_many_addresses(limited):
    def guess(number):
        return limited.test_client().post(
            "/account/login",
            data={"email": f"a{number}@example.org", "password": "x"},
            environ_base={"REMOTE_ADDR": f"2001:db8:0:1::{number:x}"},
        )

    assert statuses(guess, 61)[-2:] == [200, 429]


def test_a_code_can_be_tried_ten_times(limited):
    set_up_app(make_member(limited))
    client = limited.test_client()
    give_password(client)

    def guess(number):
        return client.post(
            "/account/tf-validate",
            data={"code": f"{number:06}"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )

    assert statuses(guess, 11) == [200] * 10 + [429]


def test_a_stranger_cannot_be_flooded_with_letters(limited):
    make_member(limited)
    before = len(letters(limited))

    def ask(number):
        return limited.test_client().post(
            "/account/reset",
            data={"email": "amina@example.org"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )

    assert statuses(ask, 7) == [200] * 5 + [429] * 2
    assert len(letters(limited)) == before + 5


def test_every_form_that_everybody_may_send_has_a_limit(empty_app):
    for endpoint in writing_endpoints(empty_app) & PUBLIC - {"security.logout"}:
        assert limits_of(endpoint), endpoint
    assert LIMITS.keys() <= empty_app.view_functions.keys()


def test_whoever_asks_by_reading_is_not_counted(limited):
    client = limited.test_client()
    assert {client.get("/account/login").status_code for _ in range(70)} == {200}


@pytest.fixture
def live(empty_url, tmp_path):
    """The application as in production, behind one web server."""
    made = create_app(
        Settings(
            database_url=empty_url,
            instance_folder=tmp_path,
            directory_env="production",
            secret_key="x" * 32,
            password_salt="y" * 32,
            totp_secret="z" * 32,
            public_url="https://directory.example.org",
            trusted_proxies=1,
        )
    )
    made.test_client_class = CheckedClient
    yield made
    made.extensions["engine"].dispose()


SITE = "https://directory.example.org"


def test_in_production_the_cookie_is_kept_to_this_host_over_https(live):
    cookie = live.test_client().get("/account/login", base_url=SITE).headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_in_production_a_form_is_taken_from_this_site_alone(live):
    client = live.test_client()
    page = client.get("/account/login", base_url=SITE).get_data(as_text=True)
    form = {"csrf_token": re.search(r'csrf_token" value="([^"]+)"', page).group(1), "email": "a@example.org"}
    for referrer, status in ((f"{SITE}/account/login", 200), ("https://evil.example/", 400), (None, 400)):
        headers = {"Referer": referrer} if referrer else {}
        answer = client.post("/account/login", data=form, base_url=SITE, headers=headers)
        assert answer.status_code == status, referrer


def test_in_production_browsers_are_told_to_come_by_https_alone(live, empty_app):
    sent = live.test_client().get("/", base_url=SITE).headers["Strict-Transport-Security"]
    assert sent == "max-age=63072000; includeSubDomains"
    assert "Strict-Transport-Security" not in empty_app.test_client().get("/").headers


def test_in_production_no_other_host_is_answered(live):
    assert live.test_client().get("/", base_url=SITE).status_code == 200
    for host in ("evil.example", "directory.example.org.evil.example", "127.0.0.1"):
        assert live.test_client().get("/about", base_url=f"https://{host}").status_code == 400


def test_whoever_asks_is_known_by_the_last_proxy_and_not_by_what_they_say(live):
    from flask import request

    client = live.test_client()
    with client:
        client.get("/", base_url=SITE, headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.7"})
        assert request.remote_addr == "192.0.2.7"
        client.get("/", base_url=SITE, headers={"X-Forwarded-Host": "evil.example"})
        assert request.host == "directory.example.org"


def test_the_list_of_accounts_is_read_by_no_other_site(empty_app):
    client = sign_in(
        empty_app.test_client(), make_account(empty_app, "administrator", email="=boss@example.org")
    )
    answer = client.get("/accounts.csv")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "'=boss@example.org" in answer.get_data(as_text=True)

"""Headers that keep a page to itself, on everything that is served; errors that help."""

import re

import pytest
from sqlalchemy import event

from directory.app import create_app
from directory.config import Settings
from directory.web import access
from tests.accounts import signed_in
from tests.checked_client import CheckedClient

pytestmark = pytest.mark.one_database

ADDRESSES = (
    "/",
    "/about",
    "/search",
    "/search.csv",
    "/search.json",
    "/map",
    "/map.png",
    "/sites",
    "/sites/lozells",
    "/static/app.js",
    "/nothing-here",
    "/static/nothing.css",
    "/static/../app.py",
    "/services/not-an-identifier",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy_of(response):
    parts = [part.strip().split(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def check_headers(response):
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    policy = policy_of(response)
    assert policy["default-src"] == ["'self'"]
    assert (policy["object-src"], policy["frame-ancestors"]) == (["'none'"], ["'self'"])
    for name in ("script-src", "style-src"):
        assert all(value == "'self'" or value.startswith("'nonce-") for value in policy[name])


@pytest.mark.unmeasured
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_response_has_the_headers(client, address):
    with client.get(address) as response:
        check_headers(response)


@pytest.mark.parametrize(
    ("method", "address"),
    [("POST", "/search"), ("DELETE", "/"), ("PUT", "/sites/lozells"), ("OPTIONS", "/map")],
)
def test_other_methods_have_them_too(client, method, address):
    response = client.open(address, method=method)
    check_headers(response)
    assert response.status_code == (200 if method == "OPTIONS" else 405)
    assert "GET" in response.headers["Allow"]


def test_static_files_are_served_with_them(client):
    page = client.get("/map").get_data(as_text=True)
    files = set(re.findall(r'(?:href|src)="(/static/[^"?]+)', page))
    assert len(files) > 3
    for address in files:
        with client.get(address) as response:
            assert response.status_code == 200, address
            check_headers(response)


@pytest.mark.unmeasured
@pytest.mark.parametrize("address", ["/map", "/sites/lozells", "/", "/search", "/nothing-here"])
def test_nonce_is_new_each_time_and_on_every_inline_block(client, address):
    nonces = set()
    for _ in range(3):
        response = client.get(address)
        page = response.get_data(as_text=True)
        given = {value for values in policy_of(response).values() for value in values if "nonce" in value}
        blocks = re.findall(r"<(?:script(?![^>]*\bsrc=)(?![^>]*application/json)|style)\b([^>]*)>", page)
        used = {match for block in blocks for match in re.findall(r'nonce="([^"]*)"', block)}
        assert all("nonce=" in block for block in blocks)
        assert {f"'nonce-{nonce}'" for nonce in used} <= given
        assert len(given) <= 1
        nonces |= given
    assert len(nonces) in (0, 3)


def test_maps_do_have_a_nonce(client):
    for address in ("/map", "/sites/lozells"):
        assert any("nonce-" in value for value in policy_of(client.get(address))["script-src"])


def test_no_page_names_another_host(app, client):
    for address in ("/", "/map", "/sites/lozells", "/search"):
        page = client.get(address).text.replace(f'href="{app.config["PUBLIC_URL"]}', 'href="')
        assert not re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?//', page)


def test_host_of_the_tiles_is_let_in_for_pictures_alone(tmp_path, app):
    url = app.config["DATABASE_URL"]
    tiles = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    made = create_app(Settings(tmp_path, url, tiles_url=tiles, tiles_attribution="Tiles"))
    policy = policy_of(made.test_client().get("/nothing-here"))
    made.extensions["engine"].dispose()
    assert "https://*.tiles.example" in policy["img-src"]
    assert [name for name, values in policy.items() if "https://*.tiles.example" in values] == ["img-src"]


@pytest.fixture
def open_routes(monkeypatch):
    """Lets everybody open the routes that tests add: one without a rule is nobody's."""
    monkeypatch.setattr(access, "PUBLIC", access.PUBLIC | {"broken", "fails"})


def test_route_without_a_rule_is_nobodys(empty_app):
    empty_app.add_url_rule("/forgotten", endpoint="forgotten", view_func=lambda: "secret")
    assert empty_app.test_client().get("/forgotten").status_code == 403


@pytest.fixture
def broken_client(empty_app, open_routes):
    """A client of an application with a page that fails."""
    empty_app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail():
        raise RuntimeError("a secret in the message")

    empty_app.add_url_rule("/broken", endpoint="broken", view_func=fail)
    empty_app.test_client_class = CheckedClient
    return empty_app.test_client()


def test_fault_of_ours_is_a_page_that_says_no_more_than_it_should(broken_client):
    response = broken_client.get("/broken")
    assert response.status_code == 500
    check_headers(response)
    page = response.get_data(as_text=True)
    assert "Nothing you entered was lost" in page
    assert "secret" not in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "could not be read"),
        (404, "no such page"),
        (413, "too large"),
        (503, "Others are writing"),
        (502, "ours"),
    ],
)
def test_each_error_says_what_to_do(empty_app, open_routes, code, words):
    from flask import abort

    empty_app.add_url_rule("/fails", endpoint="fails", view_func=lambda: abort(code))
    response = empty_app.test_client().get("/fails")
    assert response.status_code == code
    assert words in response.get_data(as_text=True)
    check_headers(response)


def test_clock_of_london_has_no_zone():
    from directory.web.clock import london_now

    assert london_now().tzinfo is None


def test_who_writes_while_others_do_is_told_to_try_again(empty_app):
    engine = empty_app.extensions["engine"]
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 50"))
    client = signed_in(empty_app, "member")
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        response = client.post("/account/name", data={"name": "Ada"})
        other.rollback()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "Nothing of this was saved" in response.get_data(as_text=True)
    assert client.post("/account/name", data={"name": "Ada"}).status_code == 302

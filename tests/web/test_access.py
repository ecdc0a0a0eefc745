"""Every route and method as everybody, by the table of permissions. A new route is tried by itself.

What a route may be asked for by whom is said in `directory.web.access`; what its address names, in
`tests.web.everybody`. A route that is missing from either fails.
"""

import itertools

import pytest
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from directory.accounts.permissions import may
from directory.app import create_app
from directory.config import Settings
from directory.web.access import PUBLIC, RULES, WITHOUT_TOKEN
from tests.accounts import sign_in
from tests.conftest import make_app
from tests.web.everybody import PERSONAL, PLAIN, make_world

pytestmark = pytest.mark.one_database

# Actions that are everybody's own: where the address names something of a person's, only for that person.
SELF = {"own account", "claim"}
# Routes that ask for more than their rule, with the reason.
ASK_MORE = {
    "claiming.show": "the claimant's own, and that of a navigator who reviews the record",
    "keeping.withdraw": "the person must be one whose consent is on record",
    "membership.end": "a member may leave; to take out another is for the lead",
    "membership.lead": "the form names the member who is to lead",
}
# Of what these show, nothing is anybody's: the address names a record that is published.
SHOWN = {"organisations.show", "services.show"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes():
    """Every rule with every method that it takes."""
    app = create_app(Settings(database_url="sqlite:///:memory:"))
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    return sorted(
        (rule.endpoint, rule.rule, method, tuple(sorted(rule.arguments)))
        for rule in rules
        for method in METHODS
        if method in rule.methods
    )


ROUTES = routes()


@pytest.fixture(scope="module")
def app(new_database, empty_template, tmp_path_factory):
    yield from make_app(new_database(empty_template), tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def world(app):
    return make_world(app)


@pytest.fixture
def ask(app, world, monkeypatch):
    """Send a request as somebody, in a database in which nothing that a request does is kept."""
    commit = Session.commit
    monkeypatch.setattr(Session, "commit", Session.flush)
    cookies, name = {}, app.config["SESSION_COOKIE_NAME"]

    def send(person, method, endpoint, arguments):
        client = app.test_client()
        if person.account_id in cookies:
            client.set_cookie(name, cookies[person.account_id])
        elif person.account_id:
            with monkeypatch.context() as signing_in:
                signing_in.setattr(Session, "commit", commit)
                sign_in(client, person.account_id)
            cookies[person.account_id] = client.get_cookie(name).value
        address = app.url_map.bind("localhost").build(endpoint, arguments, method=method)
        return client.open(address, method=method)

    return send


def arguments_of(names, record):
    """A value for each argument of an address."""
    unknown = set(names) - record.arguments.keys() - PLAIN.keys()
    assert not unknown, f"tests/web/everybody.py has nothing that {unknown} could name"
    return {name: record.arguments.get(name, PLAIN.get(name)) for name in names}


def is_shut_out(person, response):
    """Whether somebody was told to sign in, to set up a second factor, or that it is not theirs."""
    location = response.headers.get("Location", "")
    before = "/account/tf-setup" if person.hindered else None
    return response.status_code in (403, 404) or location.startswith("/account/login?") or location == before


def expected(person, endpoint, names, record):
    """Whether a request must be let through: yes, no, or None where the view may want still more."""
    action = RULES[endpoint]
    if person.account_id is None or person.hindered or not may(person.actor, action):
        return False
    if PERSONAL & set(names) and action in SELF:
        # What is named belongs to somebody else.
        return None if endpoint in ASK_MORE and may(person.actor, "review", record.target) else False
    names_record = set(names) & (record.arguments.keys() - {"account_id", "session_id"})
    if names_record and not may(person.actor, action, record.target):
        return False
    return None if endpoint in ASK_MORE else True


def test_every_route_is_public_or_has_a_rule(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints == PUBLIC | RULES.keys()
    assert not PUBLIC & RULES.keys()


RULED = [route for route in ROUTES if route[0] not in PUBLIC]
OPEN = [route for route in ROUTES if route[0] in PUBLIC]


def name_of(route):
    return f"{route[2]} {route[1]}"


@pytest.mark.unmeasured
@pytest.mark.parametrize("route", RULED, ids=name_of)
def test_only_those_are_let_through_who_may(ask, world, route):
    endpoint, _, method, names = route
    wrong = []
    # Where the address names nothing of an organisation, it is the same for both.
    records = (world.own, world.other) if set(names) & world.own.arguments.keys() else (world.own,)
    for (who, person), record in itertools.product(world.people.items(), records):
        if who == "somebody else":
            continue  # to whom the personal things belong
        response = ask(person, method, endpoint, arguments_of(names, record))
        assert response.status_code < 500, (who, response.status_code)
        through, wanted = not is_shut_out(person, response), expected(person, endpoint, names, record)
        if endpoint.startswith("security.") and person.hindered and not who.startswith("closed"):
            continue  # where a second factor is set up
        if wanted is not None and through != wanted:
            wrong.append((who, "own" if record is world.own else "other", response.status_code))
    assert not wrong


@pytest.mark.unmeasured
@pytest.mark.parametrize("route", OPEN, ids=name_of)
def test_what_is_public_is_open_to_everybody_but_for_what_is_somebodys(ask, world, route):
    endpoint, _, method, names = route
    for who, person in world.people.items():
        response = ask(person, method, endpoint, arguments_of(names, world.own))
        assert response.status_code < 500, who
        if PERSONAL & set(names):
            assert response.status_code != 200, who
        elif endpoint in SHOWN or not names:
            assert response.status_code not in (401, 403), who


FORMS = [r for r in ROUTES if r[2] != "GET" and f"directory.web.{r[0]}" not in WITHOUT_TOKEN]


@pytest.mark.unmeasured
@pytest.mark.parametrize("route", FORMS, ids=name_of)
def test_a_form_of_another_site_is_refused_whoever_sends_it(app, ask, world, route, monkeypatch):
    endpoint, _, method, names = route
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for who in ("stranger", "lead", "administrator"):
        response = ask(world.people[who], method, endpoint, arguments_of(names, world.own))
        assert response.status_code == 400, (who, response.status_code)
        assert "could not be taken" in response.get_data(as_text=True)


def test_an_argument_that_nobody_has_thought_of_fails(world):
    with pytest.raises(AssertionError, match="could name"):
        arguments_of(["something_new"], world.own)


@pytest.mark.parametrize("who", ["navigator", "administrator"])
def test_nothing_is_done_before_the_second_factor_is_set_up(app, world, who):
    from directory.web.signing_in import current_actor

    client = sign_in(app.test_client(), world.people[f"{who} without a second factor"].account_id)
    for address in ("/account", "/accounts"):
        assert client.get(address).headers["Location"] == "/account/tf-setup"
    assert client.get("/account/tf-setup").status_code == 200
    # Nor on a page that is open to everybody: there, too, the role is not theirs yet.
    with client:
        client.get("/")
        assert current_actor().account_id
        assert not current_actor().roles


def test_every_address_can_be_built(app, world):
    for endpoint, _, method, names in ROUTES:
        try:
            app.url_map.bind("localhost").build(endpoint, arguments_of(names, world.own), method=method)
        except BuildError as error:
            pytest.fail(str(error))

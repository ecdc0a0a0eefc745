"""From a group's first letter to its yearly answer, in a browser, with letters from a real mail server."""

from __future__ import annotations

import re
import socket
import threading
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from directory.accounts.actors import roles_named
from directory.app import create_app
from directory.cli.group import commands
from directory.config import Settings
from directory.models import Account, Membership
from tests.browser.conftest import PICTURES
from tests.conftest import NOW
from tests.directory.letters.smtp import post_office

pytestmark = pytest.mark.browser
PASSWORD = "seven purple umbrellas dancing"
GROUP, NAVIGATOR = "ann@lantern.example.org", "nav@unit.example.org"
NAME = "Quillon Lantern Studio"


class Town:
    """The site with its mail server, and what people do in it."""

    def __init__(self, app, url, postman):
        self.app, self.url, self.postman, self.read = app, url, postman, 0

    def run(self, *words):
        """Run one of our commands."""
        result = self.app.test_cli_runner().invoke(commands, list(words))
        assert result.exit_code == 0, result.output
        return result.output

    def post(self):
        """Send what waits; the new letters, each with whom it is to and its link."""
        self.run("send-mail")
        new, self.read = self.postman.taken[self.read :], len(self.postman.taken)
        letters = {}
        for envelope in new:
            message = message_from_bytes(envelope.content, policy=policy.default)
            text = message.get_body(("plain",)).get_content()
            assert message.get_body(("html",)) is not None
            letters[envelope.rcpt_tos[0], message["Subject"]] = re.findall(r"http://\S+", text)
        return letters


@pytest.fixture
def town(demonstration_copy, tmp_path):
    url = demonstration_copy(tmp_path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with post_office() as (postman, smtp_port):
        mail = {"smtp_host": "127.0.0.1", "smtp_port": smtp_port}
        app = create_app(Settings(database_url=url, instance_folder=tmp_path, public_url=address, **mail))
        app.config["CLOCK"] = lambda: NOW
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Town(app, address, postman)
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["engine"].dispose()


@pytest.fixture
def browser_of(chromium):
    """Opens a browser of somebody's own, of some width; afterwards nothing may have gone wrong in it."""
    contexts, troubles = [], []

    def open_one(width):
        context = chromium.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not troubles, troubles


def press(page, words):
    page.get_by_role("button", name=words, exact=True).locator("visible=true").first.click()
    page.wait_for_load_state("networkidle")


def shot(page, name):
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"alive-{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def link(letters, recipient, words):
    """The first link of the letter to somebody whose subject has some words."""
    return next(links[0] for (to, subject), links in letters.items() if to == recipient and words in subject)


def fill_in(page):
    """Every page that is needed, as a group would fill it in on a telephone."""
    page.get_by_role("link", name="Who you are").click()
    page.check("input[name=kind][value=voluntary]")
    press(page, "Save and go to the list")
    page.get_by_role("link", name="What it is").first.click()
    page.fill("#name", "Friday Studio")
    page.check("input[name=category][value=arts]")
    press(page, "Save and continue")
    page.check("input[name=ages][value=all]")
    press(page, "Save and continue")
    page.fill("#hours", "every other Thursday 4-6, term time")
    press(page, "Save and continue")
    expect(page.locator("main")).to_contain_text("Every other Thursday, 4pm to 6pm, term time only")
    shot(page, "hours")
    page.get_by_text("That is right: continue").click()
    page.check("input[name=ways][value=place]")
    press(page, "Save and continue")
    page.check("input[name=protection][value=open]")
    press(page, "Save and continue")


def send_in(page):
    page.get_by_text("See what people will see").first.click()
    page.wait_for_load_state("networkidle")
    shot(page, "preview")
    page.get_by_text("Send it in").first.click()
    page.check("#agreed")
    press(page, "Send it in")
    expect(page.locator("main")).to_contain_text("waits for a navigator")


def sign_in_as_navigator(town, page):
    """The account is made by a command, the password and the second factor by the navigator."""
    town.run("account", "make", NAVIGATOR, "--role", "navigator", "--authority", "E08000025")
    page.goto(link(town.post(), NAVIGATOR, "Your account is ready"))
    page.fill("#password", PASSWORD)
    page.fill("#password_confirm", PASSWORD)
    press(page, "Change the password")
    give_password(town, page, NAVIGATOR)
    press(page, "Set up an app")
    totp = TOTP(page.locator(".app-key-text").inner_text())
    shot(page, "second-factor")
    page.fill("#code", totp.generate(int(time.time())).token)
    press(page, "Finish")


def give_password(town, page, email):
    page.goto(f"{town.url}/account/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    press(page, "Sign in")


def names_on_the_map(town, page):
    found = page.request.get(f"{town.url}/map.geojson?what=quillon").json()
    return [feature["properties"]["service"] for feature in found["features"] if feature["geometry"]]


def test_a_group_is_asked_answers_is_approved_changes_and_stays_fresh(town, browser_of):
    phone, desk, reader = browser_of(375), browser_of(1280), browser_of(1280)

    # The group begins, and goes on by the link in its letter.
    phone.goto(f"{town.url}/register")
    phone.fill("#name", NAME)
    phone.fill("#postal_code", "B19 2TH")
    phone.fill("#email", GROUP)
    press(phone, "Start")
    phone.goto(link(town.post(), GROUP, "Your link to go on"))
    shot(phone, "list")
    fill_in(phone)
    if not phone.get_by_text("See what people will see").count():
        phone.get_by_text("All pages of this entry").click()
    send_in(phone)
    # Nothing has this word; what is spelled nearly so may come instead.
    assert "Friday Studio" not in names_on_the_map(town, reader)

    # A navigator asks, the group answers without an account, the navigator approves.
    sign_in_as_navigator(town, desk)
    desk.goto(f"{town.url}/review")
    shot(desk, "queue")
    desk.get_by_role("link", name=NAME).first.click()
    shot(desk, "submission")
    desk.fill("#ask-reason", "Is the studio in the basement?")
    press(desk, "Send the question")
    phone.goto(link(town.post(), GROUP, "A question about"))
    expect(phone.locator("main")).to_contain_text("Is the studio in the basement?")
    phone.fill("#answer", "Yes, with a lift.")
    press(phone, "Send the answer")
    desk.goto(f"{town.url}/review")
    desk.get_by_role("link", name=NAME).first.click()
    expect(desk.locator("main")).to_contain_text("Yes, with a lift.")
    press(desk, "Approve what is ticked")
    public = link(town.post(), GROUP, "")
    assert names_on_the_map(town, reader) == ["Friday Studio"]
    reader.goto(public)
    expect(reader.locator("h1")).to_have_text(NAME)
    shot(reader, "public")
    organization_id = public.rsplit("/", 1)[1]

    # A later change waits, and the public sees the old one meanwhile.
    phone.goto(f"{town.url}/account/register")
    for field, text in (("email", GROUP), ("password", PASSWORD), ("password_confirm", PASSWORD)):
        phone.fill(f"#{field}", text)
    phone.locator("form button[type=submit]").last.click()
    phone.wait_for_load_state("networkidle")
    phone.goto(link(town.post(), GROUP, ""))
    give_password(town, phone, GROUP)
    join(town, organization_id)
    phone.goto(f"{town.url}/organisations/{organization_id}/change")
    if phone.locator("form button[type=submit]").count() and not phone.get_by_text("What it is").count():
        phone.locator("main form button[type=submit]").first.click()
        phone.wait_for_load_state("networkidle")
    phone.get_by_role("link", name="What it is").first.click()
    phone.fill("#name", "Saturday Studio")
    press(phone, "Save and go to the list")
    send_in(phone)
    assert names_on_the_map(town, reader) == ["Friday Studio"]
    desk.goto(f"{town.url}/review")
    desk.get_by_role("link", name=NAME).first.click()
    shot(desk, "change")
    press(desk, "Approve what is ticked")
    assert names_on_the_map(town, reader) == ["Saturday Studio"]
    town.post()

    # Seven months later a reminder is answered by its link, by one press and without a password.
    town.app.config["CLOCK"] = lambda: NOW + timedelta(days=220)
    town.run("remind", "--most", "1000")
    alone = browser_of(375)
    alone.goto(link(town.post(), GROUP, "Is this still right?"))
    shot(alone, "still-right")
    press(alone, "Yes, all of it is still right")
    expect(alone.locator("main")).to_contain_text("checked today")
    reader.goto(public)
    expect(reader.locator("main")).to_contain_text("Checked today")


def join(town, organization_id):
    """Claims have tests of their own: here the account is a member."""
    with Session(town.app.extensions["engine"]) as session:
        account = session.query(Account).filter_by(email=GROUP).one()
        account.roles.extend(roles_named(session, ["member"]))
        account.memberships.append(Membership(organization_id=organization_id, is_lead=True))
        session.commit()

"""From a group's first letter to its yearly answer, in a browser, with letters from a real mail server."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from directory.accounts.actors import roles_named
from directory.models import Account, Membership
from tests.browser.settling import follow
from tests.browser.town import link, shot
from tests.conftest import NOW

pytestmark = pytest.mark.browser
PASSWORD = "seven purple umbrellas dancing"
GROUP, NAVIGATOR = "ann@lantern.example.org", "nav@unit.example.org"
NAME = "Quillon Lantern Studio"


def press(page, words):
    follow(page, page.get_by_role("button", name=words, exact=True).locator("visible=true").first)


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
    shot(page, "alive-hours")
    page.get_by_text("That is right: continue").click()
    page.check("input[name=ways][value=place]")
    press(page, "Save and continue")
    page.check("input[name=protection][value=open]")
    press(page, "Save and continue")


def send_in(page):
    follow(page, page.get_by_text("See what people will see").first)
    shot(page, "alive-preview")
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
    shot(page, "alive-second-factor")
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
    shot(phone, "alive-list")
    fill_in(phone)
    if not phone.get_by_text("See what people will see").count():
        phone.get_by_text("All pages of this entry").click()
    send_in(phone)
    # Nothing has this word; what is spelled nearly so may come instead.
    assert "Friday Studio" not in names_on_the_map(town, reader)

    # A navigator asks, the group answers without an account, the navigator approves.
    sign_in_as_navigator(town, desk)
    desk.goto(f"{town.url}/review")
    shot(desk, "alive-queue")
    desk.get_by_role("link", name=NAME).first.click()
    shot(desk, "alive-submission")
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
    shot(reader, "alive-public")
    organization_id = public.rsplit("/", 1)[1]

    # A later change waits, and the public sees the old one meanwhile.
    phone.goto(f"{town.url}/account/register")
    for field, text in (("email", GROUP), ("password", PASSWORD), ("password_confirm", PASSWORD)):
        phone.fill(f"#{field}", text)
    follow(phone, phone.locator("form button[type=submit]").last)
    phone.goto(link(town.post(), GROUP, ""))
    give_password(town, phone, GROUP)
    join(town, organization_id)
    phone.goto(f"{town.url}/organisations/{organization_id}/change")
    if phone.locator("form button[type=submit]").count() and not phone.get_by_text("What it is").count():
        follow(phone, phone.locator("main form button[type=submit]").first)
    phone.get_by_role("link", name="What it is").first.click()
    phone.fill("#name", "Saturday Studio")
    press(phone, "Save and go to the list")
    send_in(phone)
    assert names_on_the_map(town, reader) == ["Friday Studio"]
    desk.goto(f"{town.url}/review")
    desk.get_by_role("link", name=NAME).first.click()
    shot(desk, "alive-change")
    late = desk.context.new_page()  # somebody else who has the same page open
    late.goto(desk.url)
    press(desk, "Approve what is ticked")
    assert names_on_the_map(town, reader) == ["Saturday Studio"]
    press(late, "Approve what is ticked")
    expect(late.get_by_role("alert").locator("..")).to_be_focused()
    shot(late, "alive-meanwhile")
    town.post()

    # Seven months later a reminder is answered by its link, by one press and without a password.
    town.app.config["CLOCK"] = lambda: NOW + timedelta(days=220)
    town.run("remind", "--most", "1000")
    alone = browser_of(375)
    alone.goto(link(town.post(), GROUP, "Is this still right?"))
    shot(alone, "alive-still-right")
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

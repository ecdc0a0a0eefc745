"""Who has only the link of a reminder sees nothing withheld, and what they begin ends with the link."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accepting import Acceptance, accept
from directory.models import Contact, Submission
from directory.registration.by_link import MOST_DRAFTS, MOST_WAITING
from directory.safekeeping.consent import withdraw
from directory.upkeep.answer import take_back_links
from directory.upkeep.remind import Site, remind
from directory.upkeep.signed_links import Links, newest_number
from tests.conftest import TODAY
from tests.directory.documents import contact, made_id, organization, place, service

KEY, STUDIO = made_id("Lantern Youth Project"), made_id("service Studio")
UNNAMED = {name: value for name, value in contact("Maryam Okonkwo").items() if "consent" not in name}


def link_to(app, **facts):
    """The path of the link of a reminder to an organisation whose service says these facts."""
    links = Links(app.config["SECRET_KEY"], "")
    with Session(app.extensions["engine"]) as session:
        document = organization(service("Studio", place(), **facts), email="lead@lantern.org.uk")
        accept(session, document, Acceptance(None, "self", "Registered", TODAY))
        remind(session, TODAY.replace(year=TODAY.year + 2), Site("The directory", links))
        session.commit()
        return links.still_right(KEY, newest_number(session, KEY) or 0, 0)


def begin(client, path):
    return client.post(f"{path}/change").location


def statuses(app):
    with Session(app.extensions["engine"]) as session:
        return sorted(session.scalars(select(Submission.status)))


def test_a_text_that_names_somebody_without_consent_is_not_shown(empty_app):
    facts = {"fees": "Pay Maryam Okonkwo", "schedules": [{"id": made_id("x"), "description": "Ask Maryam"}]}
    path = link_to(empty_app, contacts=[UNNAMED], **facts)
    client = empty_app.test_client()
    address = begin(client, path)
    shown = [client.get(f"{address}/page?name={name}&of={STUDIO}") for name in ("cost", "hours")]
    assert not [page for page in shown if "Maryam" in page.get_data(as_text=True)]
    assert address.endswith(f"/organisations/{KEY}/change")
    assert statuses(empty_app) == []


def test_an_email_that_the_public_copy_withholds_is_not_shown(empty_app):
    path = link_to(empty_app, contacts=[UNNAMED])
    client = empty_app.test_client()
    page = client.get(f"{begin(client, path)}?begun=1")
    assert page.status_code == 200
    assert UNNAMED["email"] not in page.get_data(as_text=True)


def test_what_was_begun_ends_when_the_links_are_taken_back(empty_app):
    path, client = link_to(empty_app), empty_app.test_client()
    address = begin(client, path)
    with Session(empty_app.extensions["engine"]) as session:
        take_back_links(session, KEY, TODAY)
        session.commit()
    assert client.get(path).status_code == 410
    page = f"{address}/page?name=languages&of={STUDIO}"
    assert client.post(page, data={"languages": "Urdu"}).status_code == 409
    client.post(f"{address}/send", data={"agreed": "yes"})
    assert statuses(empty_app) == ["withdrawn"]


def test_what_was_begun_shows_nobody_who_took_their_consent_back(empty_app):
    path, client = link_to(empty_app, contacts=[contact("Amina Khan")]), empty_app.test_client()
    address = begin(client, path)
    assert "Amina Khan" in client.get(f"{address}/preview?of={STUDIO}").get_data(as_text=True)
    with Session(empty_app.extensions["engine"]) as session:
        withdraw(session, session.scalars(select(Contact)), None, TODAY)
        session.commit()
    assert "Amina Khan" not in client.get(f"{address}/preview?of={STUDIO}").get_data(as_text=True)
    assert client.get(address).status_code == 404


def test_a_link_does_not_fill_the_table(empty_app):
    path, client = link_to(empty_app), empty_app.test_client()
    assert begin(client, path) == begin(client, path)
    for _ in range(MOST_DRAFTS + 2):
        begin(empty_app.test_client(), path)
    assert statuses(empty_app) == ["draft"] * MOST_DRAFTS
    for _ in range(MOST_WAITING + 2):
        client = empty_app.test_client()
        client.post(f"{begin(client, path)}/send", data={"agreed": "yes"})
    assert statuses(empty_app).count("submitted") == MOST_WAITING

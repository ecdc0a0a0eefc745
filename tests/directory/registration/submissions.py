"""Submissions for tests, made by the models: the forms that make them have tests of their own."""

from directory.accepting import Acceptance, accept
from directory.accounts.actors import roles_named
from directory.models import Account, Submission, new_id, utc_now
from directory.registration.reviewing import Decision
from tests.conftest import TODAY
from tests.directory.documents import made_id, organization, place, service

SENDER = "sender@lantern.org.uk"


def record(*services, **facts):
    return organization(*services or (service("Studio", place()),), **facts)


def account(session, *roles, email=None):
    made = Account(email=email or f"{new_id()}@example.org", name="Nav", roles=roles_named(session, roles))
    session.add(made)
    session.flush()
    return made


def submit(session, document, kind="new", **facts):
    """A submission that waits."""
    facts = {"status": "submitted", "email": SENDER, "submitted_at": utc_now(), **facts}
    one = Submission(kind=kind, document=document, organization_id=document["id"], **facts)
    session.add(one)
    session.flush()
    return one


def accepted(session, document, reason="Registered"):
    """The document as a record."""
    return accept(session, document, Acceptance(None, "self", reason, TODAY))


def decision(session, submission=None, by=None, **facts):
    """What a navigator decides who has just opened the page."""
    by = by or account(session, "navigator")
    facts = {"version": submission.version if submission is not None else 1, **facts}
    facts = {"link": "http://localhost/x", **facts}
    return Decision(by.id, TODAY, site_name="The directory", **facts)


LANTERN = made_id("Lantern Youth Project")

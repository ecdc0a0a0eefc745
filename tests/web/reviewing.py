"""Records and submissions in an application, and navigators who look at them."""

from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.actors import target_of
from directory.models import OutboxMessage, Submission
from tests.accounts import signed_in
from tests.directory.records import BIRMINGHAM, SANDWELL, add_areas
from tests.directory.registration.submissions import LANTERN, accepted, record, submit

HERE = "E08000025"
__all__ = ["BIRMINGHAM", "LANTERN", "SANDWELL", "accepted", "record", "submit"]


@contextmanager
def database(app):
    """A session on the application's database; what is done is committed at the end."""
    with Session(app.extensions["engine"]) as session:
        yield session
        session.commit()


def with_areas(app):
    with database(app) as session:
        add_areas(session)


def waiting(app, document, kind="new", **facts):
    """The identifier of a submission that waits."""
    with database(app) as session:
        return submit(session, document, kind, **facts).id


def status(app, submission_id):
    with database(app) as session:
        return session.get_one(Submission, submission_id).status


def letters(app):
    with database(app) as session:
        return [(one.recipient, one.subject, one.text) for one in session.scalars(select(OutboxMessage))]


def navigator(app, *patches):
    return signed_in(app, "navigator", patches=patches or (BIRMINGHAM,))


def codes_of(app, organization_id=LANTERN):
    with database(app) as session:
        return target_of(session, organization_id).authority_codes

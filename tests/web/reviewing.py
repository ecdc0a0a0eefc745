"""Records and submissions in an application, and navigators who look at them."""

from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.actors import target_of
from directory.models import Claim, OutboxMessage, Reminder, Report, ReviewFlag, Submission
from tests.accounts import make_account, signed_in
from tests.conftest import TODAY
from tests.directory.documents import made_id, service
from tests.directory.records import BIRMINGHAM, SANDWELL, add_areas, location
from tests.directory.registration.submissions import LANTERN, accepted, record, submit

HERE = "E08000025"
IN_BIRMINGHAM = (404_500, 284_500)
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


def here(*services, **facts):
    """A record in Birmingham."""
    place = location(IN_BIRMINGHAM, name="Hall") | {"id": made_id("here")}
    return record(*services or (service("Studio", place),), **facts)


def fill(app):
    """One thing of each kind that waits."""
    claimant = make_account(app, email="amina@example.org")
    with database(app) as session:
        accepted(session, here(description="Music"))
        session.add_all(
            [
                Report(organization_id=LANTERN, about="hours", text="Closed at 5"),
                ReviewFlag(organization_id=LANTERN, reason="check", message="Look"),
                Claim(organization_id=LANTERN, account_id=claimant, method="dispute", statement="Mine"),
                Reminder(organization_id=LANTERN, due_on=TODAY),
            ]
        )
    waiting(app, here(name="Fresh") | {"id": made_id("Fresh")}, authority_code=BIRMINGHAM)
    waiting(app, here(description="Dance"), "change", base_number=1)
    waiting(app, here(description="Song"), "import", base_number=1, email=None)

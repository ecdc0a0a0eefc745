"""Send what waits in the outbox: each letter by one sender at a time, and again after a failure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from directory.letters.backoff import MOST_ATTEMPTS, next_attempt, next_attempt_at_server
from directory.letters.server import MailServer, NotNowError, RefusedError, UnreachableError
from directory.models import OutboxMessage, utc_now

# Longer than the longest talk about one letter. If a sender dies, its letter is free after this.
LEASE = timedelta(minutes=15)
# Whoever was too slow, or has another in hand already, is passed over: others wait.
SOME = 50


@dataclass
class Sent:
    """What a run of the sender did."""

    sent: int = 0
    waiting: int = 0
    refused: int = 0
    unreachable: str = ""


def send_due(
    session: Session,
    server: MailServer,
    clock: Callable[[], datetime] = utc_now,
    stopped: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send every letter that is due. Each step is committed, so that what was sent stays sent."""
    done = Sent()
    try:
        while not stopped() and not done.unreachable:
            claimed = claim(session, clock())
            session.commit()
            if claimed is None:
                break
            _send_one(session, server, claimed, clock, done)
            session.commit()
    finally:
        server.close()
    return done


def claim(session: Session, now: datetime) -> OutboxMessage | None:
    """Take one letter that is due, so that nobody else sends it meanwhile; None when there is none."""
    due = (
        select(OutboxMessage.id)
        .where(_is_free(now))
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.created_at, OutboxMessage.id)
        .limit(SOME)
    )
    for message_id in session.scalars(due).all():
        # Asked again in the statement that writes: of several senders, one changes the row.
        taken = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, _is_free(now))
            .values(status="sending", claimed_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:  # type: ignore[attr-defined]  # of an UPDATE there is one
            message = session.get_one(OutboxMessage, message_id, populate_existing=True)
            # Out of the session, so that no transaction is open during the talk with the server.
            session.expunge(message)
            return message
    return None


def waiting(session: Session) -> dict[str, int]:
    """How many letters there are of each status."""
    rows = session.execute(select(OutboxMessage.status, func.count()).group_by(OutboxMessage.status))
    return dict(rows.all())


def failures(session: Session) -> list[OutboxMessage]:
    """The letters that were given up, and those that failed last time and will be tried again."""
    unsent = OutboxMessage.status.in_(("queued", "failed")) & OutboxMessage.last_error.is_not(None)
    return list(
        session.scalars(
            select(OutboxMessage).where(unsent).order_by(OutboxMessage.created_at, OutboxMessage.id)
        )
    )


def queue_again(session: Session, now: datetime) -> int:
    """Put the letters that were given up into the queue again; how many. Their last failure is kept."""
    again = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.status == "failed")
        .values(status="queued", attempts=0, next_attempt_at=now)
    )
    return int(again.rowcount)  # type: ignore[attr-defined]


def _is_free(now: datetime) -> ColumnElement[bool]:
    queued = and_(OutboxMessage.status == "queued", OutboxMessage.next_attempt_at <= now)
    left_behind = and_(OutboxMessage.status == "sending", OutboxMessage.claimed_until < now)
    return or_(queued, left_behind)


def _send_one(
    session: Session, server: MailServer, claimed: OutboxMessage, clock: Callable[[], datetime], done: Sent
) -> None:
    try:
        server.hand_over(claimed)
    except RefusedError as error:
        done.refused += 1
        values: dict[str, object] = {"status": "failed", "last_error": str(error)}
    except NotNowError as error:
        values = _after_a_failure(claimed, error, clock())
        done.refused += values["status"] == "failed"
        done.waiting += values["status"] == "queued"
    except UnreachableError as error:
        done.waiting += 1
        done.unreachable = str(error)
        values = _without_a_server(claimed, error, clock())
    else:
        done.sent += 1
        values = {"status": "sent", "sent_at": clock(), "last_error": None}
    # Only as long as it is ours: after the lease another may have it in hand.
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == claimed.id,
            OutboxMessage.status == "sending",
            OutboxMessage.claimed_until == claimed.claimed_until,
        )
        .values(claimed_until=None, **values)
        .execution_options(synchronize_session=False)
    )


def _after_a_failure(claimed: OutboxMessage, error: Exception, now: datetime) -> dict[str, object]:
    return {
        "status": "failed" if claimed.attempts >= MOST_ATTEMPTS else "queued",
        "last_error": str(error),
        "next_attempt_at": next_attempt(now, claimed.attempts),
    }


def _without_a_server(claimed: OutboxMessage, error: Exception, now: datetime) -> dict[str, object]:
    """Not the letter's fault: it is never given up for it."""
    return {
        "status": "queued",
        "last_error": str(error),
        "next_attempt_at": next_attempt_at_server(now, claimed.attempts),
        "attempts": min(claimed.attempts, MOST_ATTEMPTS - 1),
    }

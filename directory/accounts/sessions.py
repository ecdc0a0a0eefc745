"""Sessions in the database: the browser holds a token, the table its hash, so each can be ended by itself."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, delete, select, update
from sqlalchemy.orm import Session, joinedload

from directory.languages import N_
from directory.models import Account, AccountSession, utc_now

# A session is marked as used at most so often: a row written on every request would cost more than it says.
MARKED_EVERY = timedelta(minutes=5)
# Where somebody was signed in is nobody's business for longer.
KEPT_FOR = timedelta(days=90)
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
UNKNOWN_BROWSER = N_("A browser")
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class SessionLife:
    """For how long a session is good: without a request, and at most."""

    idle: timedelta
    longest: timedelta


def open_session(session: Session, account_id: str, user_agent: str) -> tuple[AccountSession, str]:
    """Begin a session; its row, and the token for the browser, which is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    forgotten = (AccountSession.account_id == account_id, AccountSession.created_at < utc_now() - KEPT_FOR)
    session.execute(delete(AccountSession).where(*forgotten).execution_options(synchronize_session=False))
    row = AccountSession(account_id=account_id, token_hash=hash_of(token), device=device_of(user_agent))
    session.add(row)
    return row, token


def find_session(
    session: Session, token: str, uniquifier: str, life: SessionLife
) -> tuple[Account, AccountSession] | None:
    """Whose session a token is, in one query with all that says what they may do; None if it is not good."""
    query = (
        select(Account, AccountSession)
        .join(AccountSession, AccountSession.account_id == Account.id)
        .where(
            AccountSession.token_hash == hash_of(token),
            Account.fs_uniquifier == uniquifier,
            Account.active,
            _is_good(life),
        )
        .options(joinedload(Account.roles), joinedload(Account.patches), joinedload(Account.memberships))
    )
    found = session.execute(query).unique().first()
    return (found[0], found[1]) if found else None


def mark_seen(engine: Engine, row: AccountSession) -> None:
    """Note that a session is in use, in a transaction of its own: the request's may come to nothing."""
    now = utc_now()
    if now - row.seen_at < MARKED_EVERY:
        return
    with engine.begin() as connection:
        connection.execute(update(AccountSession).where(AccountSession.id == row.id).values(seen_at=now))


def good_sessions(session: Session, account_id: str, life: SessionLife) -> list[AccountSession]:
    """Where an account is signed in, the last used first."""
    query = select(AccountSession).where(AccountSession.account_id == account_id, _is_good(life))
    return list(session.scalars(query.order_by(AccountSession.seen_at.desc(), AccountSession.id)))


def end_session(session: Session, account_id: str, session_id: str) -> bool:
    """End one session of an account; False if it has no such session."""
    return _end(session, AccountSession.account_id == account_id, AccountSession.id == session_id) > 0


def end_token(session: Session, token: str) -> None:
    """End the session that a browser holds."""
    _end(session, AccountSession.token_hash == hash_of(token))


def end_sessions(session: Session, account_id: str, but: str | None = None) -> int:
    """End the sessions of an account, but for one; how many there were."""
    others = () if but is None else (AccountSession.id != but,)
    return _end(session, AccountSession.account_id == account_id, *others)


def hash_of(token: str) -> str:
    """What the table keeps of a token. It is random and long, so a plain hash cannot be tried out."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_of(user_agent: str) -> str:
    """A browser in a few words, from what it says of itself."""
    browser = next((words for mark, words in BROWSERS.items() if mark in user_agent), UNKNOWN_BROWSER)
    system = next((words for mark, words in SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _is_good(life: SessionLife) -> ColumnElement[bool]:
    now: datetime = utc_now()
    return and_(
        AccountSession.ended_at.is_(None),
        AccountSession.seen_at > now - life.idle,
        AccountSession.created_at > now - life.longest,
    )


def _end(session: Session, *conditions: ColumnElement[bool]) -> int:
    session.flush()
    ended = session.execute(
        update(AccountSession)
        .where(AccountSession.ended_at.is_(None), *conditions)
        .values(ended_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined]

"""Invite somebody to look after an entry: a signed link in a letter, for one address and seven days."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.accounts.actors import actor_of, target_of
from directory.accounts.permissions import may
from directory.languages import N_, speak, spoken
from directory.letters.language import language_of
from directory.letters.write import Letter, one_line, write_letter
from directory.models import Account, AuditEntry, Organization, utc_now
from directory.models.turns import take_turn
from directory.registration.links import join_link
from directory.registration.membership import admit

INVITATION_LIFE = timedelta(days=7)


class VoidInvitationError(Exception):
    """An invitation that lets nobody in; the text says why, and what to do."""


@dataclass(frozen=True)
class Invitations:
    """Makes and reads invitations. `secret_key` signs, `public_url` is where this site is reached."""

    secret_key: str
    public_url: str

    def invite(self, session: Session, organization_id: str, email: str, inviter: Account) -> None:
        """Write to an address; once a day, whether or not it has an account. The caller commits."""
        token = self._signer().dumps([organization_id, _digest(email), inviter.id])
        key = f"invited {organization_id} {_digest(email)} {utc_now().date()}"
        with speak(language_of(session, email, spoken())):
            values = {
                "name": one_line(session.get_one(Organization, organization_id).name),
                "who": one_line(inviter.name or inviter.email),
                "link": join_link(self.public_url, token),
                "days": INVITATION_LIFE.days,
            }
            write_letter(session, Letter(email, "member-invited", values, key=key))
        audit.record(session, inviter.id, "invite", ("organization", organization_id))

    def open(self, session: Session, token: str, account: Account) -> Organization:
        """The organisation that an account is invited to. Raises VoidInvitationError."""
        try:
            (organization_id, digest, inviter_id), signed_at = self._signer().loads(
                token, max_age=int(INVITATION_LIFE.total_seconds()), return_timestamp=True
            )
        except BadData as error:
            raise VoidInvitationError(N_("It is too old, or a part of its link is missing.")) from error
        if digest != _digest(account.email):
            raise VoidInvitationError(
                N_("It went to another address. Sign in with the account of that address.")
            )
        inviter = session.get(Account, inviter_id)
        target = target_of(session, organization_id)
        if inviter is None or not inviter.active or not may(actor_of(inviter), "members", target):
            raise VoidInvitationError(N_("Whoever sent it no longer looks after this entry."))
        if _was_ended(session, organization_id, account.id, signed_at):
            raise VoidInvitationError(N_("Your membership was ended after it was sent."))
        return session.get_one(Organization, organization_id)

    def join(self, session: Session, token: str, account: Account) -> Organization:
        """Make the account a member. Raises VoidInvitationError. The caller commits."""
        organization = self.open(session, token, account)
        take_turn(session, f"claims {organization.id}")
        session.refresh(account)
        admit(session, account, organization.id, self.public_url)
        audit.record(session, account.id, "join", ("organization", organization.id))
        return organization

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret_key, salt="directory.registration invitation")


def _digest(email: str) -> str:
    """So that the link is for one address, and does not tell it."""
    return hashlib.sha256(f"invited {email.strip().lower()}".encode()).hexdigest()[:24]


def _was_ended(session: Session, organization_id: str, account_id: str, since: datetime) -> bool:
    ended = select(AuditEntry).where(
        AuditEntry.action == "end membership", AuditEntry.entity_id == organization_id
    )
    # Both are kept to the second: one that was ended in the same second counts as ended after.
    return any(
        row.detail.get("of") == account_id and row.at.astimezone(UTC) >= since.astimezone(UTC)
        for row in session.scalars(ended)
    )

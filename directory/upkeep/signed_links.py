"""Links in letters that open one thing without a password: signed, so that nobody can make one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.languages import N_, site_address
from directory.models import Reminder, Revision

# Longer than from the first letter to the last and a month more.
LINK_LIFE = timedelta(days=60)


class VoidLinkError(Exception):
    """A link that opens nothing; the text says why. `organization_id` is known if the link is one of ours."""

    def __init__(self, why: str, organization_id: str | None = None) -> None:
        super().__init__(why)
        self.organization_id = organization_id


@dataclass(frozen=True)
class Links:
    """Makes and reads the links of this site. `secret_key` signs, `public_url` is where readers reach it."""

    secret_key: str
    public_url: str

    def still_right(self, organization_id: str, number: int, voided: int) -> str:
        """The link by which an organisation says that one version of its record is still right."""
        token = self._serializer("still right").dumps([organization_id, number, voided])
        return f"{site_address(self.public_url)}/still-right/{token}"

    def unsubscribe(self, organization_id: str) -> str:
        """The link by which an organisation asks for no more reminders. It does not expire."""
        token = self._serializer("unsubscribe").dumps([organization_id])
        return f"{site_address(self.public_url)}/unsubscribe/{token}"

    def open_still_right(self, session: Session, token: str) -> str:
        """The organisation that a link is for. Raises VoidLinkError when it must not open anything."""
        try:
            values = self._serializer("still right").loads(token, max_age=int(LINK_LIFE.total_seconds()))
        except SignatureExpired as error:
            raise VoidLinkError(N_("This link is too old."), _organization_of(error.payload, self)) from error
        except BadSignature as error:
            raise VoidLinkError(N_("This link is not one of ours, or a part of it is missing.")) from error
        organization_id, number, voided = values
        reminder = session.get(Reminder, organization_id)
        if reminder is None or reminder.links_void != voided:
            raise VoidLinkError(N_("This link was taken back."), organization_id)
        if newest_number(session, organization_id) != number:
            raise VoidLinkError(N_("The record was changed after this link was sent."), organization_id)
        return str(organization_id)

    def open_unsubscribe(self, token: str) -> str:
        """The organisation that an unsubscribing link is for."""
        try:
            (organization_id,) = self._serializer("unsubscribe").loads(token)
        except BadSignature as error:
            raise VoidLinkError(N_("This link is not one of ours, or a part of it is missing.")) from error
        return str(organization_id)

    def _serializer(self, purpose: str) -> URLSafeTimedSerializer:
        # The purpose is part of the key: a link for one thing does not open another.
        return URLSafeTimedSerializer(self.secret_key, salt=f"directory.upkeep {purpose}")


def newest_number(session: Session, organization_id: str) -> int | None:
    """The number of the newest version of a record."""
    newest = select(func.max(Revision.number)).where(Revision.organization_id == organization_id)
    return session.scalar(newest)


def _organization_of(payload: bytes | None, links: Links) -> str | None:
    if payload is None:
        return None
    # Its signature is right: it is only too old.
    return str(links._serializer("still right").load_payload(payload)[0])

"""Logos and documents of organisations: made anew, kept, and shown once a navigator has approved them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory import audit
from directory.languages import gettext
from directory.models import Upload, utc_now
from directory.models.turns import take_turn
from directory.publishing.area_names import withholder_of
from directory.publishing.publish import publish
from directory.safekeeping.pictures import RefusedError
from directory.safekeeping.remake import remake

KINDS = ("logo", "document")
MOST_BYTES = 5 * 1024 * 1024
MOST_UPLOADS = 12
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Incoming:
    """A file as it was sent, of which organisation, and by whom. Its name is not kept: it may tell things."""

    organization_id: str
    kind: str
    title: str
    data: bytes
    account_id: str | None


def keep(session: Session, sent: Incoming) -> Upload:
    """Make a file anew and keep it until a navigator approves it; the caller commits."""
    title = " ".join("".join(c if c.isprintable() else " " for c in sent.title).split())
    if sent.kind not in KINDS:
        raise RefusedError(gettext("Say whether it is a logo or a document."))
    if not title or len(title) > LONGEST_TITLE:
        raise RefusedError(
            gettext("Say in a few words what it shows: 1 to %(longest)s characters.", longest=LONGEST_TITLE)
        )
    if not sent.data:
        raise RefusedError(gettext("Choose a file. This one is empty."))
    if len(sent.data) > MOST_BYTES:
        raise RefusedError(
            gettext("The file is larger than %(most)s MB. Make it smaller.", most=MOST_BYTES // 1024 // 1024)
        )
    content, content_type, text = remake(sent.kind, sent.data)
    take_turn(session, f"uploads {sent.organization_id}")
    if len(uploads_of(session, sent.organization_id)) >= MOST_UPLOADS:
        raise RefusedError(
            gettext("There are %(number)s files already. Take one out first.", number=MOST_UPLOADS)
        )
    upload = Upload(
        organization_id=sent.organization_id,
        kind=sent.kind,
        title=title,
        content_type=content_type,
        checksum=hashlib.sha256(content).hexdigest(),
        size=len(content),
        text=text,
        content=content,
        account_id=sent.account_id,
    )
    session.add(upload)
    session.flush()
    audit.record(session, sent.account_id, "upload", ("upload", upload.id), {"kind": sent.kind})
    return upload


def uploads_of(session: Session, organization_id: str) -> Sequence[Upload]:
    """The files of an organisation, the newest first."""
    query = select(Upload).where(Upload.organization_id == organization_id)
    return session.scalars(query.order_by(Upload.uploaded_at.desc(), Upload.id)).all()


def approve(session: Session, upload: Upload, account_id: str | None, today: date) -> None:
    """Show a file to the public, unless it holds what the record withholds; the caller commits.

    A new logo takes the place of the one before it.
    """
    withhold = withholder_of(session, upload.organization_id)
    if withhold is None:
        raise RefusedError(
            gettext("The organisation is not shown to the public, so its files are not either.")
        )
    if withhold(upload.text) != upload.text or withhold(upload.title) != upload.title:
        raise RefusedError(
            gettext(
                "It holds an address, a name, an e-mail address or a number that the record withholds. "
                "Ask for one without it."
            )
        )
    if upload.kind == "logo":
        for other in uploads_of(session, upload.organization_id):
            if other.kind == "logo" and other.approved_at is not None and other.id != upload.id:
                session.delete(other)
    upload.approved_at = utc_now()
    session.flush()
    publish(session, [upload.organization_id], today)
    audit.record(session, account_id, "approve upload", ("upload", upload.id))


def remove(session: Session, upload: Upload, account_id: str | None, today: date) -> None:
    """Take a file out for good; the caller commits."""
    key, organization_id = upload.id, upload.organization_id
    session.delete(upload)
    session.flush()
    publish(session, [organization_id], today)
    audit.record(session, account_id, "remove upload", ("upload", key))

"""Send, approve, remove and serve logos and documents. What is served can run nowhere."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, Response, abort, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from directory.accounts.actors import target_of
from directory.accounts.permissions import may
from directory.db import get_session
from directory.models import PublishedOrganization, Upload
from directory.safekeeping import uploads
from directory.safekeeping.pictures import RefusedError
from directory.safekeeping.uploads import MOST_BYTES, Incoming
from directory.web.clock import today
from directory.web.keeping import done, find, refused
from directory.web.signing_in import current_actor

blueprint = Blueprint("uploads", __name__)
# The file and the few words with it. More is refused before it is read.
MOST_REQUEST_BYTES = MOST_BYTES + 100 * 1024
TYPES = {"image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("/uploads/<uuid:upload_id>")
def show(upload_id: UUID) -> Response:
    """A logo or document that is approved; one that is not yet, for those who keep the record."""
    session = get_session()
    upload = session.get_one(Upload, str(upload_id))
    public = _is_public(session, upload)
    if not public and not may(current_actor(), "upload", target_of(session, upload.organization_id)):
        abort(404)
    ending = TYPES[upload.content_type]
    name = re.sub(r"[^a-z0-9]+", "-", upload.title.lower()).strip("-") or upload.kind
    # A picture is shown within a page; a document goes to the reader's own programs.
    way = "inline" if upload.kind == "logo" else "attachment"
    return Response(
        upload.content,
        content_type=upload.content_type,
        headers={
            "Content-Disposition": f'{way}; filename="{name}.{ending}"',
            "Content-Security-Policy": POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            # Not for long: a file may have to go, and then it must go.
            "Cache-Control": "public, max-age=300" if public else "private, no-store",
        },
    )


@blueprint.post("/organisations/<uuid:organization_id>/uploads")
def send(organization_id: UUID) -> Redirect | tuple[str, int]:
    """Send a logo or a document."""
    organization, _ = find(organization_id, "upload")
    file = request.files.get("file")
    sent = Incoming(
        organization.id,
        request.form.get("kind", ""),
        request.form.get("title", ""),
        file.read(MOST_BYTES + 1) if file else b"",
        current_actor().account_id,
    )
    session = get_session()
    try:
        uploads.keep(session, sent)
    except RefusedError as error:
        session.rollback()
        return refused(organization_id, error)
    session.commit()
    return done(organization_id, "sent")


@blueprint.post("/organisations/<uuid:organization_id>/uploads/<uuid:upload_id>/approve")
def approve(organization_id: UUID, upload_id: UUID) -> Redirect | tuple[str, int]:
    """Show a logo or document to the public."""
    find(organization_id, "review")
    session = get_session()
    upload = _of(session, organization_id, upload_id)
    try:
        uploads.approve(session, upload, current_actor().account_id, today())
    except RefusedError as error:
        session.rollback()
        return refused(organization_id, error)
    session.commit()
    return done(organization_id, "approved")


@blueprint.post("/organisations/<uuid:organization_id>/uploads/<uuid:upload_id>/remove")
def remove(organization_id: UUID, upload_id: UUID) -> Redirect:
    """Take a logo or document out for good."""
    find(organization_id, "upload")
    session = get_session()
    upload = _of(session, organization_id, upload_id)
    uploads.remove(session, upload, current_actor().account_id, today())
    session.commit()
    return done(organization_id, "removed")


def _of(session: Session, organization_id: UUID, upload_id: UUID) -> Upload:
    upload = session.get_one(Upload, str(upload_id))
    if upload.organization_id != str(organization_id):
        abort(404)
    return upload


def _is_public(session: Session, upload: Upload) -> bool:
    """Whether the public copy of the organisation names the file: nothing else makes it public."""
    published = session.get(PublishedOrganization, upload.organization_id)
    files = published.document.get("uploads", []) if published else []
    return any(file["id"] == upload.id for file in files)

"""The page of a record for those who keep it: what is withheld, who is named, which files there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from directory.accounts.actors import target_of
from directory.accounts.permissions import Target, may
from directory.db import get_session
from directory.languages import N_, gettext, own_words
from directory.models import Contact, Location, Organization, Upload
from directory.publishing.withhold import is_shown
from directory.safekeeping import consent, unprotect
from directory.safekeeping.pictures import RefusedError
from directory.safekeeping.unprotect import Loosening, NotLoosenedError
from directory.safekeeping.uploads import uploads_of
from directory.web.access import require
from directory.web.clock import today
from directory.web.files import size_text
from directory.web.presenting import date_text
from directory.web.signing_in import current_actor

blueprint = Blueprint("keeping", __name__)
PROTECTIONS = {
    "open": N_("Open: the address and the point"),
    "approximate": N_("Approximate: the ward, and the ward's own point"),
    "hidden": N_("Hidden: the local authority alone"),
}
AREA = ("area", N_("As now, by the area that it lies in today"))
# What was done, as it stands in the address of the page that is shown next.
DONE = {
    "protection": N_("More of the place is shown from now on."),
    "area": N_("The area that the place lies in now stands for it."),
    "consent": N_("Consent is withdrawn. The person is shown nowhere from now on."),
    "sent": N_("The file is kept. The public sees it when a navigator has approved it."),
    "approved": N_("The public can see the file."),
    "removed": N_("The file is taken out."),
}


@blueprint.get("/organisations/<uuid:organization_id>/keeping")
def record(organization_id: UUID) -> str:
    """What a record withholds, whom it names and which files it has, for those who keep it."""
    organization, target = find(organization_id, "see withheld")
    return page(organization, target)


@blueprint.post("/organisations/<uuid:organization_id>/places/<uuid:location_id>/protection")
def loosen(organization_id: UUID, location_id: UUID) -> Response | tuple[str, int]:
    """Show more of a place, with a reason."""
    organization, target = find(organization_id, "unprotect")
    session = get_session()
    if str(location_id) not in {place.id for place in _places(organization)}:
        abort(404)
    for owner in unprotect.owners_of(session, str(location_id)):
        require("unprotect", target_of(session, owner.id))
    loosening = Loosening(current_actor().account_id, request.form.get(f"reason-{location_id}", ""), today())
    after = request.form.get(f"protection-{location_id}", "")
    try:
        if after == "area":
            unprotect.take_new_area(session, str(location_id), loosening)
        else:
            unprotect.unprotect(session, str(location_id), after, loosening)
    except NotLoosenedError as error:
        session.rollback()
        return page(organization, target, {f"reason-{location_id}": str(error)}), 400
    session.commit()
    return done(organization_id, "area" if after == "area" else "protection")


@blueprint.post("/organisations/<uuid:organization_id>/people/<uuid:contact_id>/withdraw")
def withdraw(organization_id: UUID, contact_id: UUID) -> Response:
    """Take back the consent of a contact: nothing of it is shown from then on."""
    organization, _ = find(organization_id, "amend")
    session = get_session()
    contact = session.get_one(Contact, str(contact_id))
    if consent.organization_of(session, contact) != organization.id:
        abort(404)
    consent.withdraw(session, [contact], current_actor().account_id, today())
    session.commit()
    return done(organization_id, "consent")


def find(organization_id: UUID, action: str) -> tuple[Organization, Target]:
    """The record, if whoever asks may do something to it."""
    session = get_session()
    organization = session.get_one(Organization, str(organization_id))
    target = target_of(session, organization.id)
    require(action, target)
    return organization, target


def done(organization_id: UUID, what: str) -> Response:
    """Back to the page of the record, which says what was done."""
    return redirect(url_for("keeping.record", organization_id=organization_id, done=what))


def page(organization: Organization, target: Target, problems: dict[str, str] | None = None) -> str:
    """The page of a record, with what is wrong with what was sent."""
    session, actor = get_session(), current_actor()
    done = DONE.get(request.args.get("done", ""))
    return render_template(
        "keeping/record.html",
        organisation={"id": organization.id, "name": organization.name},
        places=[_place(place) for place in _places(organization)],
        people=[_person(contact) for contact in _contacts(session, organization)],
        uploads=[_upload(upload) for upload in uploads_of(session, organization.id)],
        may={action: may(actor, action, target) for action in ("unprotect", "amend", "upload", "review")},
        problems=problems or {},
        done=gettext(done) if done else None,
    )


def refused(organization_id: UUID, error: RefusedError) -> tuple[str, int]:
    """The page of a record after a file that was not taken."""
    organization, target = find(organization_id, "see withheld")
    return page(organization, target, {"file": str(error)}), 400


def _places(organization: Organization) -> list[Location]:
    links = [link for service in organization.services for link in service.service_at_locations]
    return list({link.location.id: link.location for link in links}.values())


def _contacts(session: Session, organization: Organization) -> list[Contact]:
    services = [service.id for service in organization.services]
    query = select(Contact).where(
        (Contact.organization_id == organization.id) | Contact.service_id.in_(services)
    )
    return list(session.scalars(query.order_by(Contact.name, Contact.id)))


def _place(location: Location) -> dict[str, Any]:
    lines = [
        line
        for address in location.addresses
        for line in (address.address_1, address.address_2, address.city, address.postal_code)
        if line
    ]
    looser = list(PROTECTIONS)[: list(PROTECTIONS).index(location.protection)]
    return {
        "id": location.id,
        "name": own_words(location.name or (lines[0] if lines else "")) or gettext("A place without a name"),
        "lines": lines,
        "protection": PROTECTIONS[location.protection],
        "choices": [(one, PROTECTIONS[one]) for one in reversed(looser)]
        + ([AREA] if looser == ["open"] else []),
    }


def _person(contact: Contact) -> dict[str, Any]:
    consented = date_text(contact.consent_date.isoformat()) if contact.consent_date else None
    return {
        "id": contact.id,
        "name": own_words(contact.name) or gettext("No name"),
        "shown": is_shown(contact),
        "consent": gettext(
            "Agreed on %(day)s: %(scope)s",
            day=consented,
            scope=own_words(contact.consent_scope) or gettext("no scope"),
        )
        if consented
        else None,
    }


def _upload(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "title": upload.title,
        "kind": gettext("Logo") if upload.kind == "logo" else gettext("Document"),
        "href": url_for("uploads.show", upload_id=upload.id),
        "approved": upload.approved_at is not None,
        "size": size_text(upload.size),
    }

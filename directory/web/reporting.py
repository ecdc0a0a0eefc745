"""Tell us that something is wrong or missing: no account, no puzzle."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from directory.db import get_session
from directory.models import PublishedOrganization, PublishedService
from directory.registration.answers import Reading
from directory.registration.reporting import ABOUT, keep_report, read_report
from directory.web.asking import own_address
from directory.web.clock import today
from directory.web.draft_access import keep_what_was_typed

blueprint = Blueprint("reporting", __name__)
keep_what_was_typed(blueprint)
# A person needs longer than this to read the page and to write; a form is good for a day.
SHORTEST_SECONDS, LONGEST_SECONDS = 3, 24 * 3600
# Hidden from people, and filled in by programs that fill in everything.
TRAP = "address_2"


@blueprint.route("/organisations/<uuid:organization_id>/report", methods=["GET", "POST"])
def report(organization_id: UUID) -> str | Response:
    """Say what is wrong or missing in an entry, or in one of its services."""
    session = get_session()
    organization = session.get_one(PublishedOrganization, str(organization_id))
    about = _service(organization) or organization
    reading = Reading({name: request.form.getlist(name) for name in ("about", "text", "email")})
    hurried = False
    if request.method == "POST":
        if request.form.get(TRAP):
            return redirect(url_for("reporting.thanks"), 303)
        said = read_report(reading)
        hurried = not _took_its_time(request.form.get("stamp", ""))
        if said is not None and not hurried:
            keep_report(session, about, said, current_app.config["PUBLIC_URL"], today())
            session.commit()
            return redirect(url_for("reporting.thanks"), 303)
    return render_template(
        "reports/report.html",
        name=about.name,
        action=own_address(),
        about=list(ABOUT.items()),
        trap=TRAP,
        v={name: reading.raw(name) for name in reading.typed},
        problems=reading.problems,
        hurried=hurried and not reading.problems,
        stamp=_stamps().dumps("report"),
    )


@blueprint.get("/report/thanks")
def thanks() -> str:
    """Thanks, whatever became of it."""
    return render_template("reports/thanks.html")


def _service(organization: PublishedOrganization) -> PublishedService | None:
    key = request.args.get("service")
    if key is None:
        return None
    query = select(PublishedService).where(PublishedService.organization_id == organization.organization_id)
    service = next((one for one in get_session().scalars(query) if one.service_id == key), None)
    if service is None:
        abort(404)
    return service


def _took_its_time(stamp: str) -> bool:
    """Whether the page was open for as long as a person needs, by a stamp that nobody else can make."""
    try:
        _stamps().loads(stamp, max_age=LONGEST_SECONDS)
    except BadSignature:
        return False
    try:
        _stamps().loads(stamp, max_age=SHORTEST_SECONDS - 1)
    except BadSignature:
        return True
    return False


def _stamps() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="report stamp")

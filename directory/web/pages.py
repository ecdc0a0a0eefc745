"""The home page, the page about the directory, and the pages about one organisation or service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.permissions import may
from directory.coverage.candidates import category_counts
from directory.db import get_session
from directory.languages import gettext, own_words
from directory.models import Area, PublishedOrganization, PublishedService, Source
from directory.places.frames import current_sites
from directory.search.criteria import SHOWN
from directory.search.run import Found
from directory.taxonomies import term_names
from directory.web.clock import now, today
from directory.web.mapping import map_layers, page_map
from directory.web.presenting import result_row, safe_link
from directory.web.records import organization_page, service_page
from directory.web.signing_in import current_actor
from directory.web.structured import organization_data, service_data
from geodata.map_layers import with_points
from geodata.maps import MapOptions

home = Blueprint("home", __name__)
about = Blueprint("about", __name__)
organisations = Blueprint("organisations", __name__)
services = Blueprint("services", __name__)


@home.get("/")
def index() -> str:
    """Two boxes, the sites and the kinds of help."""
    session = get_session()
    names = dict(session.execute(select(Area.code, Area.name).where(Area.level == "authority")).all())
    sites = current_sites(session, today())
    counts = category_counts(session)
    return render_template(
        "home/index.html",
        sites=[
            {"slug": s.slug, "name": s.name, "authority_name": names.get(s.authority_code, s.authority_code)}
            for s in sites
        ],
        categories=[
            {"code": code, "name": name, "count": counts.get(code, 0)}
            for code, name in term_names(session, "category").items()
        ],
        counts=_counts(session) | {"sites": len(sites)},
    )


@about.get("/about", endpoint="index")
def page() -> str:
    """What the directory is, how sure it is, and whom to credit."""
    session = get_session()
    counts = dict(
        session.execute(
            select(PublishedOrganization.source_slug, func.count()).group_by(
                PublishedOrganization.source_slug
            )
        ).all()
    )
    sources = session.scalars(select(Source).order_by(Source.title)).all()
    return render_template("about/index.html", sources=[_source(source, counts) for source in sources])


@organisations.get("/organisations/<uuid:organization_id>")
def show(organization_id: UUID) -> str:
    """One organisation with its services and a map of their places."""
    session = get_session()
    organization = session.get_one(PublishedOrganization, str(organization_id))
    rows = session.scalars(
        select(PublishedService)
        .where(PublishedService.organization_id == organization.organization_id)
        .order_by(func.lower(PublishedService.name), PublishedService.service_id)
    ).all()
    found = [Found(row, sure=True, missing=()) for row in rows]
    listed = [result_row(item, None, now()) for item in found]
    return render_template(
        "organisations/show.html",
        organisation=organization_page(organization, listed),
        structured=organization_data(organization),
        mend=_mend(organization.organization_id),
        map=small_map(session, found, organization.name),
    )


@services.get("/services/<uuid:service_id>", endpoint="show")
def show_service(service_id: UUID) -> str:
    """One service: everything on record, with the source and the date."""
    session = get_session()
    service = session.scalars(
        select(PublishedService).where(PublishedService.service_id == str(service_id))
    ).one()
    found = [Found(service, sure=True, missing=())]
    return render_template(
        "services/show.html",
        service=service_page(service, now()),
        structured=service_data(service),
        mend=_mend(service.organization_id, service.service_id),
        sheet_href=url_for("sheets.show", service_id=service_id),
        referrals_href=url_for("referrals.show", service_id=service_id)
        if may(current_actor(), "count referrals")
        else None,
        map=small_map(session, found, service.name),
    )


def _mend(organization_id: str, service_id: str | None = None) -> dict[str, str]:
    """Where an entry is mended: by a word from a reader, a claim, a change."""
    return {
        "report_href": url_for("reporting.report", organization_id=organization_id, service=service_id),
        "claim_href": url_for("claiming.claim", organization_id=organization_id),
        "change_href": url_for("amending.change", organization_id=organization_id),
        "keeping_href": url_for("keeping.record", organization_id=organization_id),
    }


def small_map(session: Session, found: list[Found], name: str) -> dict[str, Any] | None:
    """A small map of services; none where no place may be shown."""
    layers = map_layers(session, found)
    if not len(with_points(layers.providers)):
        return None
    return page_map(
        session,
        layers,
        MapOptions(fit="providers", key=False),
        gettext("Where %(name)s is", name=own_words(name)),
        "",
    )


def _counts(session: Session) -> dict[str, Any]:
    shown = PublishedService.status.in_(SHOWN)
    total = session.scalar(select(func.count()).select_from(PublishedService).where(shown)) or 0
    fresh = session.scalar(
        select(func.count()).select_from(PublishedService).where(shown, PublishedService.due_on >= today())
    )
    return {
        "organisations": session.scalar(select(func.count()).select_from(PublishedOrganization)) or 0,
        "services": total,
        "checked_recently_percent": round(100 * (fresh or 0) / total) if total else None,
    }


def _source(source: Source, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "licence_href": safe_link(source.licence_url),
        "attribution": source.attribution,
        "retrieved_on": source.retrieved_on.isoformat() if source.retrieved_on else None,
        "records": counts.get(source.slug),
    }

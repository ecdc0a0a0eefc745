"""For programs that follow the site: the map of the site, what is new, and what they may read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Blueprint, Response, abort, current_app, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.db import get_session
from directory.exporting.snapshot import BEFORE
from directory.models import PublishedChange, PublishedService
from directory.openreferral.formats import write_moment
from directory.openreferral.values import FICTIONAL
from directory.places.frames import current_sites
from directory.publishing.changes import changed_at
from directory.web.api.answers import finished
from directory.web.clock import today
from directory.web.presenting import shorten

blueprint = Blueprint("following", __name__)
ATOM, SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"
LARGEST_SITEMAP = 25_000
NEWEST = 50
PAGES = ("home.index", "search.results", "maps.index", "sites.index", "about.index", "data.index", "api.docs")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What programs may read: everything; and where the map of the site is."""
    text = f"User-agent: *\nAllow: /\nSitemap: {url_for('following.sitemap', _external=True)}\n"
    return Response(text, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The parts of the map of the site."""
    session = get_session()
    total = session.scalar(select(func.count()).select_from(PublishedChange)) or 0
    index = Element("sitemapindex", xmlns=SITEMAP)
    for number in range(1, max(1, -(-total // LARGEST_SITEMAP)) + 1):
        part = SubElement(index, "sitemap")
        _text(part, "loc", url_for("following.sitemap_part", number=number, _external=True))
    return _xml(index, "application/xml", changed_at(session))


@blueprint.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """A part of the map of the site: pages, organisations and services, with when each changed."""
    session = get_session()
    if not 1 <= number <= 1_000_000:
        abort(404)
    query = select(PublishedChange).order_by(PublishedChange.id).limit(LARGEST_SITEMAP)
    rows = session.scalars(query.offset((number - 1) * LARGEST_SITEMAP)).all()
    if not rows and number > 1:
        abort(404)
    addresses = Element("urlset", xmlns=SITEMAP)
    if number == 1:
        for href in _fixed_pages(session):
            _text(SubElement(addresses, "url"), "loc", href)
    for row in rows:
        entry = SubElement(addresses, "url")
        _text(entry, "loc", _href(row))
        _text(entry, "lastmod", write_moment(row.last_modified))
    return _xml(addresses, "application/xml", changed_at(session))


@blueprint.get("/feed.atom")
def atom() -> Response:
    """The newest and last changed services, as an Atom feed."""
    session = get_session()
    query = (
        select(PublishedService, PublishedChange.first_published, PublishedChange.last_modified)
        .join(PublishedChange, PublishedChange.id == PublishedService.service_id)
        .order_by(PublishedChange.last_modified.desc(), PublishedChange.id)
    )
    moment = changed_at(session)
    feed = Element("feed", xmlns=ATOM)
    here = url_for("following.atom", _external=True)
    _text(feed, "id", here)
    _text(feed, "title", f"{current_app.config['SITE_NAME']}: new and changed services")
    _text(feed, "updated", write_moment(moment or BEFORE))
    _text(SubElement(feed, "author"), "name", current_app.config["SITE_NAME"])
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=here)
    SubElement(feed, "link", rel="alternate", href=url_for("search.results", _external=True))
    for row in session.execute(query.limit(NEWEST)):
        _entry(feed, *row)
    return _xml(feed, "application/atom+xml", moment)


def _entry(feed: Element, service: PublishedService, first: datetime, last: datetime) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "id", f"urn:uuid:{service.service_id}")
    _text(entry, "title", f"{'New' if first == last else 'Changed'}: {service.name}")
    _text(entry, "published", write_moment(first))
    _text(entry, "updated", write_moment(last))
    _text(SubElement(entry, "author"), "name", service.organization_name)
    address = url_for("services.show", service_id=service.service_id, _external=True)
    SubElement(entry, "link", rel="alternate", href=address)
    words = [FICTIONAL if service.fictional else "", shorten(service.document.get("description")) or ""]
    _text(entry, "summary", " ".join(filter(None, words)) or service.name)


def _fixed_pages(session: Session) -> Iterable[str]:
    yield from (url_for(endpoint, _external=True) for endpoint in PAGES)
    for site in current_sites(session, today()):
        yield url_for("sites.show", slug=site.slug, _external=True)


def _href(row: PublishedChange) -> str:
    if row.id == row.organization_id:
        return url_for("organisations.show", organization_id=row.id, _external=True)
    return url_for("services.show", service_id=row.id, _external=True)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_XML.sub("", text)


def _xml(root: Element, content_type: str, changed: datetime | None) -> Response:
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(content, content_type=f"{content_type}; charset=utf-8")
    return finished(response, hashlib.sha256(content).hexdigest()[:32], changed)

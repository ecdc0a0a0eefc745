"""Hand a service over: on one page, as a PDF, as a text message, with its hours for a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.db import get_session
from directory.languages import ENGLISH, N_, gettext, joined, left_to_right, own_words, spoken, term
from directory.models import PublishedService
from directory.schedules.calendar import calendar_of
from directory.search.run import Found
from directory.web.clock import now
from directory.web.exports import FICTIONAL
from directory.web.mapping import map_layers, picture_words, styles
from directory.web.records import service_page
from directory.web.sheet_pages import Sheet, build_sheets, qr_picture
from geodata.map_layers import with_points
from geodata.pictures import PictureOptions, draw_map

blueprint = Blueprint("sheets", __name__)
# Two text messages of the plain kind.
LONGEST_MESSAGE = 306
# Four of the other kind, which have room for every alphabet but only 67 letters each.
LONGEST_WIDE_MESSAGE = 268
PICTURE, LAND_METRES = (1600, 900), 5000
ASK = N_("Ring before you travel: what is said here can have changed.")


@blueprint.get("/services/<uuid:service_id>/sheet")
def show(service_id: UUID) -> str:
    """One page in large type to hand over, print or read out."""
    service = _service(service_id)
    page = sheet_page(service)
    href = public_href(service)
    return render_template(
        "services/sheet.html",
        service=page,
        facts=sheet_facts(page),
        ask=gettext(ASK),
        message=text_message(page, href),
        live=href,
        service_href=url_for("services.show", service_id=service_id),
        pdf_href=url_for("sheets.pdf_file", service_id=service_id),
        calendar_href=url_for("sheets.calendar_file", service_id=service_id) if page["hours_known"] else None,
        code_src=url_for("sheets.code_file", service_id=service_id),
        picture_src=url_for("sheets.picture_file", service_id=service_id) if _has_point(service) else None,
    )


@blueprint.get("/services/<uuid:service_id>/sheet.pdf")
def pdf_file(service_id: UUID) -> Response:
    """The same as a PDF."""
    service = _service(service_id)
    return sheets_response([service], service.name)


@blueprint.get("/services/<uuid:service_id>/hours.ics")
def calendar_file(service_id: UUID) -> Response:
    """The opening hours for a calendar."""
    service = _service(service_id)
    page = sheet_page(service)
    facts = {
        "identifier": service.service_id,
        "summary": f"{service.name}, {service.organization_name}",
        "location": _unmarked(_where(page)),
        "description": " ".join([gettext(ASK), *([gettext(FICTIONAL)] if service.fictional else [])]),
        "url": public_href(service),
    }
    content = calendar_of(service.document.get("schedules", []), facts, now())
    return _file(content, "text/calendar; charset=utf-8", "hours.ics")


@blueprint.get("/services/<uuid:service_id>/code.png")
def code_file(service_id: UUID) -> Response:
    """A QR code that leads to the live entry."""
    return Response(qr_picture(public_href(_service(service_id))), content_type="image/png")


@blueprint.get("/services/<uuid:service_id>/place.png")
def picture_file(service_id: UUID) -> Response:
    """Where it is, as a picture to print."""
    service = _service(service_id)
    return Response(_picture(get_session(), service) or abort(404), content_type="image/png")


def sheets_response(services: Sequence[PublishedService], title: str) -> Response:
    """Sheets of some services as one PDF."""
    session, sheets = get_session(), []
    for service in services:
        page = sheet_page(service)
        known, notices = (
            page["hours_known"],
            (own_words(page["alert"]), page["status_note"], page["full_note"]),
        )
        sheets.append(
            Sheet(
                name=own_words(service.name),
                organisation=own_words(service.organization_name),
                facts=[(gettext("Note"), word) for word in notices if word] + sheet_facts(page),
                week=[(row["day"], row["spans"] or gettext("Closed")) for row in page["week"]]
                if known
                else [],
                hours=joined(page["hours"], " "),
                picture=_picture(session, service),
                href=public_href(service),
                notes=[
                    page["freshness"]["text"] + gettext(". ").rstrip(),
                    gettext(ASK),
                    *([gettext(FICTIONAL)] if service.fictional else []),
                ],
            )
        )
    return _file(build_sheets(sheets, title), "application/pdf", "sheets.pdf")


def sheet_facts(page: dict[str, Any]) -> list[tuple[str, str]]:
    """What a person needs to go there, in the order in which it is asked; what is not known is said."""
    places = [place for place in page["places"] if place["precision"] == "open"]
    access = joined((term(word) for place in places for word in place["accessibility"]), "; ")
    groups = joined(term(word) for word in page["groups"])
    who = [page["ages"] and gettext("Ages %(ages)s", ages=page["ages"]), page["gender"], groups]
    facts = [
        (gettext("Telephone"), joined(left_to_right(number) for number in page["phones"])),
        (gettext("E-mail"), left_to_right(page["email"])),
        (gettext("Where"), _where(page)),
        (gettext("Getting in"), access),
        (gettext("For"), joined((word for word in who if word), "; ")),
        (gettext("Cost"), page["cost"]),
        (gettext("How to come"), page["referral"]),
    ]
    also = [
        # The standard of the United Kingdom has no list of papers: what to bring stands in its words here.
        (gettext("First steps, and what to bring"), page["steps"] if _says_more(page) else None),
        (gettext("Languages"), joined(term(word) for word in page["languages"])),
        (gettext("Website"), left_to_right(page["website"])),
    ]
    known = [(label, words or gettext("Not known")) for label, words in facts]
    return known + [(label, words) for label, words in also if words]


def _says_more(page: dict[str, Any]) -> bool:
    return bool(page["steps"]) and page["steps"] != page["referral"]


def text_message(page: dict[str, Any], href: str) -> str:
    """The least that one needs, short enough for two text messages. The address of the entry is never cut."""
    parts = [page["name"], *page["phones"][:1], _where(page), page["next_opening"], page["cost"]]
    english = spoken() is ENGLISH
    plain = [_unmarked(part).rstrip(".") for part in parts if part]
    # A line for each part keeps words of two directions apart.
    text = (". " if english else "\n").join(plain)
    room = (LONGEST_MESSAGE if english else LONGEST_WIDE_MESSAGE) - len(href) - 2
    cut = text if len(text) <= room else text[: room - 1].rsplit(" ", 1)[0] + "\u2026"
    return f"{cut} {href}" if english else f"{cut}\n{href}"


def _unmarked(text: str) -> str:
    return text.striptags() if isinstance(text, Markup) else text


def public_href(service: PublishedService) -> str:
    """Where everybody finds the entry."""
    path = url_for("services.show", service_id=service.service_id)
    return str(current_app.config["PUBLIC_URL"]).rstrip("/") + path


def _where(page: dict[str, Any]) -> str:
    words = []
    for place in page["places"]:
        shown = [place["name"], *place["address_lines"], place["postcode"]]
        text = ", ".join(dict.fromkeys(word for word in shown if word))
        words.append(own_words(text) or place["precision_note"] or own_words(place["area"]) or "")
    return joined((word for word in words if word), "; ")


def sheet_page(service: PublishedService) -> dict[str, Any]:
    """The values of its page; where it has no telephone of its own, that of whoever runs it."""
    page, organization = service_page(service, now()), service.document.get("organization", {})
    others = [phone["number"] for phone in organization.get("phones", []) if phone.get("number")]
    others += [number for person in page["contacts"] for number in person["phones"]]
    return page | {
        "phones": page["phones"] or list(dict.fromkeys(others)),
        "email": page["email"] or organization.get("email"),
    }


def _service(service_id: UUID) -> PublishedService:
    query = select(PublishedService).where(PublishedService.service_id == str(service_id))
    return get_session().scalars(query).one()


def _has_point(service: PublishedService) -> bool:
    return any(place.easting is not None for place in service.places)


def _picture(session: Session, service: PublishedService) -> bytes | None:
    if not _has_point(service):
        return None
    layers = map_layers(session, [Found(service, sure=True, missing=())], outlines=True)
    if not len(with_points(layers.providers)):
        return None
    drawn = set(layers.providers["category"])
    looks = [style for style in styles(session) if style.code in drawn]
    options = PictureOptions(
        size=PICTURE,
        fit="providers",
        fictional=service.fictional,
        least_metres=LAND_METRES,
        words=picture_words(session),
    )
    return draw_map(layers, looks, options)


def _file(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response

"""A shortlist: some services side by side. It is in its address alone, and in the browser that keeps it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy import select

from directory.db import get_session
from directory.languages import gettext, joined
from directory.models import PublishedService
from directory.search.run import Found
from directory.web.clock import now
from directory.web.exports import EXPORT_COLUMNS, csv_response
from directory.web.presenting import result_row
from directory.web.records import export_facts
from directory.web.sheets import sheet_facts, sheet_page, sheets_response

blueprint = Blueprint("shortlist", __name__)
MOST = 20


@blueprint.get("/shortlist")
def show() -> str:
    """The services of the address side by side, in its order."""
    services, unknown = _chosen()
    keys = [service.service_id for service in services]
    columns = [_column(service, keys) for service in services]
    labels = list(dict.fromkeys(label for column in columns for label in column["facts"]))
    return render_template(
        "shortlist/show.html",
        columns=columns,
        rows=[(label, [column["facts"].get(label) for column in columns]) for label in labels],
        unknown=unknown,
        most=MOST,
        share_href=url_for("shortlist.show", s=keys, _external=True) if keys else None,
        pdf_href=url_for("shortlist.pdf_file", s=keys),
        csv_href=url_for("shortlist.csv_file", s=keys),
    )


@blueprint.get("/shortlist.pdf")
def pdf_file() -> Response:
    """A sheet of each, to hand over together."""
    services, _ = _chosen()
    return sheets_response(services or abort(404), gettext("Shortlist"))


@blueprint.get("/shortlist.csv")
def csv_file() -> Response:
    """The same as a table."""
    services, _ = _chosen()
    fictional = any(service.fictional for service in services)
    return csv_response(
        [export_facts(one) for one in services], EXPORT_COLUMNS, "shortlist", fictional=fictional
    )


def _chosen() -> tuple[list[PublishedService], int]:
    """The services of the address, each once, and how many of those named are not here any more."""
    keys = asked_keys()
    query = select(PublishedService).where(PublishedService.service_id.in_(keys))
    found = {service.service_id: service for service in get_session().scalars(query)}
    return [found[key] for key in keys if key in found], len(keys) - len(found)


def asked_keys() -> list[str]:
    """The identifiers in the address, each once and in its order."""
    return list(dict.fromkeys(filter(None, map(_identifier, request.args.getlist("s")[: 2 * MOST]))))[:MOST]


def _identifier(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _column(service: PublishedService, keys: list[str]) -> dict[str, Any]:
    """One service: who it is, what to compare, and the shortlist without it."""
    row = result_row(Found(service, sure=True, missing=()), None, now())
    page = sheet_page(service)
    facts = {gettext("Next open"): page["next_opening"] or gettext("Not known"), **dict(sheet_facts(page))}
    others = [key for key in keys if key != service.service_id]
    return {
        **row,
        "facts": facts
        | {gettext("Hours"): joined(page["hours"], " "), gettext("Checked"): row["freshness"]["text"]},
        "without_href": url_for("shortlist.show", s=others),
        "sheet_href": url_for("sheets.show", service_id=service.service_id),
    }

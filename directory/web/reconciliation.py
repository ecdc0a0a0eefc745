"""Match a list to the directory: the W3C Entity Reconciliation API 0.2, as OpenRefine speaks it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from directory.db import get_session
from directory.languages import N_, gettext, joined, left_to_right, own_words, plain_words
from directory.models import PublishedOrganization
from directory.publishing.changes import changed_at
from directory.safekeeping.identities import final_ids
from directory.search.likeness import Alike, Known, find_alike, org_ids_of, read_known
from directory.web.api.answers import dump_json
from directory.web.api.problems import OPEN, problem_response, refused
from directory.web.languages import site_root
from directory.web.match_words import reason_words
from directory.web.presenting import shorten

blueprint = Blueprint("reconciliation", __name__, url_prefix="/reconcile")
TYPE, TYPE_NAME = "organization", N_("Organisation")
# By identifier: the name for people, and the column in which a value asked for is compared; none: it is not.
PROPERTIES: Mapping[str, tuple[str, str | None]] = {
    "org_id": (N_("Register number, such as GB-CHC-1234567"), None),
    "postcode": (N_("Postcode"), "postcode"),
    "alternate_name": (N_("Other name"), "alternate_name"),
    "website": (N_("Website"), "website"),
    "email": (N_("E-mail"), "email"),
    "phone": (N_("Telephone"), "phone"),
    "description": (N_("Description"), None),
}
PREVIEWED = {"org_id": N_("Register number"), "website": N_("Website"), "phone": N_("Telephone")}
MOST_QUERIES, MOST_CANDIDATES, USUAL_CANDIDATES = 100, 50, 5
LONGEST = 500
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_ROWS = 1_000


class QuestionError(ValueError):
    """Something that was sent and cannot be used: the parameter and what is wrong with it."""


@blueprint.route("", methods=["GET", "POST"])
def service() -> Response:
    """What this service can do; or, with `queries` or `extend`, the answer to them."""
    try:
        if "queries" in request.values:
            return _answer(_matches(_read("queries")))
        if "extend" in request.values:
            return _answer(_extended(_read("extend")))
    except QuestionError as error:
        return problem_response(refused([(str(error.args[0]), str(error.args[1]))]))
    return _answer(_manifest())


@blueprint.get("/suggest")
def suggest() -> Response:
    """Organisations whose name holds what somebody types."""
    prefix = request.args.get("prefix", "").strip()[:LONGEST]
    start = request.args.get("cursor", "0")
    query = select(PublishedOrganization).order_by(PublishedOrganization.name).limit(MOST_CANDIDATES // 5)
    name = func.lower(PublishedOrganization.name)
    query = query.where(name.contains(prefix.lower(), autoescape=True))
    query = query.offset(int(start) if start.isdecimal() and len(start) < 6 else 0)
    rows = get_session().scalars(query).all() if prefix else []
    return _answer({"result": [_entity(row.organization_id, row.document) for row in rows]})


@blueprint.get("/properties")
def properties() -> Response:
    """The facts that can be fetched of organisations that were matched."""
    return _answer({"type": TYPE, "properties": [_property(key) for key in PROPERTIES]})


@blueprint.get("/preview/<uuid:organization_id>")
def preview(organization_id: UUID) -> str:
    """A few facts of an organisation, to stand in a frame beside a list."""
    g.frame_ancestors = "*"
    row = get_session().get(PublishedOrganization, str(organization_id))
    if row is None:
        raise NoResultFound
    known = {key: _values(row.document, (), key) for key in PREVIEWED}
    return render_template(
        "reconciliation/preview.html",
        title=own_words(row.name),
        problems=[],
        description=own_words(shorten(row.document.get("description"))),
        facts=[
            (PREVIEWED[key], joined(left_to_right(one) for one in some))
            for key, some in known.items()
            if some
        ],
        href=url_for("organisations.show", organization_id=row.organization_id),
    )


def _manifest() -> dict[str, Any]:
    root = url_for("reconciliation.service", _external=True)
    # What organisations and their facts are called is the same in every language.
    site, nobody = request.host_url.rstrip("/") + site_root(), UUID(int=0)

    def template(endpoint: str) -> str:
        address = url_for(endpoint, organization_id=nobody, _external=True)
        return address.replace(str(nobody), "{{id}}")

    return {
        "versions": ["0.2"],
        "name": current_app.config["SITE_NAME"],
        "identifierSpace": f"{site}/organisations/",
        "schemaSpace": site + url_for("api.docs").removeprefix(request.root_path),
        "documentation": url_for("api.docs", _external=True),
        "defaultTypes": [_type()],
        "view": {"url": template("organisations.show")},
        "preview": {"url": template("reconciliation.preview"), "width": 430, "height": 300},
        "suggest": {"entity": {"service_url": root, "service_path": "/suggest"}},
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/properties"},
            "property_settings": [],
        },
    }


def _read(name: str) -> dict[str, Any]:
    try:
        found = json.loads(request.values[name])
        # Half of a character can be written in JSON, and neither be compared nor be sent back.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise QuestionError(name, "This is no JSON. Send an object as the standard says.") from error
    if not isinstance(found, dict):
        raise QuestionError(name, "This is no JSON object. Send an object as the standard says.")
    return found


def _matches(queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > MOST_QUERIES:
        raise QuestionError("queries", f"More than {MOST_QUERIES} at once. Send fewer in one request.")
    asked, numbers = [], []
    for key, query in queries.items():
        if not isinstance(query, dict):
            raise QuestionError("queries", f"{key[:50]} is no object. Send query, limit and properties.")
        given = _given(query)
        numbers.append([*given.pop("org_id", []), str(query.get("query") or "")[:LONGEST]])
        asked.append({name: texts[0] for name, texts in given.items()} | {"name": numbers[-1][-1]})
    known = _known()
    found = find_alike(known, asked, numbers) if asked else []
    return {
        key: {"result": [_candidate(known, one) for one in some[: _limit(query)]] if _is_ours(query) else []}
        for (key, query), some in zip(queries.items(), found, strict=True)
    }


def _given(query: Mapping[str, Any]) -> dict[str, list[str]]:
    """The values that a query gives for properties that we compare; others say nothing to us."""
    given: dict[str, list[str]] = {}
    items = query.get("properties") or []
    for item in items if isinstance(items, list) else []:
        pid = str(item.get("pid")) if isinstance(item, dict) else ""
        if pid not in PROPERTIES or (pid != "org_id" and PROPERTIES[pid][1] is None):
            continue
        values = item.get("v")
        for value in values if isinstance(values, list) else [values]:
            text = value.get("name") or value.get("id") if isinstance(value, dict) else value
            if text not in (None, "", [], {}):
                given.setdefault(pid, []).append(str(text)[:LONGEST])
    return given


def _limit(query: Mapping[str, Any]) -> int:
    limit = query.get("limit")
    whole = isinstance(limit, int | float) and not isinstance(limit, bool) and 1 <= limit <= MOST_CANDIDATES
    return int(limit) if whole and limit is not None else USUAL_CANDIDATES


def _is_ours(query: Mapping[str, Any]) -> bool:
    """Whether a query asks for organisations: we know nothing else."""
    types = query.get("type") or [TYPE]
    return TYPE in (types if isinstance(types, list) else [types])


def _candidate(known: Known, one: Alike) -> dict[str, Any]:
    return {
        **_entity(one.organization_id, known.organizations[one.organization_id]),
        "description": plain_words(joined(map(reason_words, one.reasons), " ")),
        "score": round(100 * one.probability, 1),
        "match": one.sure,
        "type": [_type()],
        "features": [{"id": name, "value": round(value, 3)} for name, value in one.features.items()],
    }


def _entity(key: str, document: Mapping[str, Any]) -> dict[str, Any]:
    text = ", ".join([*org_ids_of(document), *filter(None, [shorten(document.get("description"))])])
    return {"id": key, "name": document["name"]} | ({"description": text} if text else {})


def _type() -> dict[str, str]:
    return {"id": TYPE, "name": gettext(TYPE_NAME)}


def _property(key: str) -> dict[str, str]:
    return {"id": key, "name": gettext(PROPERTIES[key][0])}


def _extended(asked: dict[str, Any]) -> dict[str, Any]:
    ids, wanted = asked.get("ids") or [], asked.get("properties") or []
    if not isinstance(ids, list) or not isinstance(wanted, list) or len(ids) > MOST_ROWS:
        raise QuestionError("extend", f"Send lists: ids, at most {MOST_ROWS:,}, and properties.")
    named = [str(item.get("id")) for item in wanted if isinstance(item, dict)]
    # Each once: 20,000 times the same one would keep us busy for long.
    names = [name for name in dict.fromkeys(named) if name in PROPERTIES]
    known, finals = _known(), _finals(ids)
    rows = {
        str(key): {
            name: [
                {"str": text}
                for text in _values(known.organizations[now], known.postcodes.get(now, ()), name)
            ]
            if (now := finals.get(str(key), str(key))) in known.organizations
            else []
            for name in names
        }
        for key in ids
    }
    return {"meta": [_property(name) for name in names], "rows": rows}


def _finals(ids: list[Any]) -> dict[str, str]:
    """By identifier of a record that was joined into another, that one."""
    texts = {str(key) for key in ids}
    return final_ids(get_session(), {text for text in texts if _UUID.fullmatch(text)})


def _values(document: Mapping[str, Any], postcodes: Any, name: str) -> list[str]:
    if name == "org_id":
        return org_ids_of(document)
    if name == "postcode":
        return list(postcodes)
    if name == "phone":
        return [phone["number"] for phone in document.get("phones") or []]
    return [document[name]] if document.get(name) else []


def _known() -> Known:
    """The published organisations, read again only when the public copy has changed."""
    session = get_session()
    moment = changed_at(session)
    kept = current_app.extensions.get("reconciliation")
    if kept is None or kept[0] != moment or moment is None:
        kept = (moment, read_known(session))
        current_app.extensions["reconciliation"] = kept
    known: Known = kept[1]
    return known


def _answer(document: Mapping[str, Any]) -> Response:
    response = Response(dump_json(document), content_type="application/json")
    response.headers.update(OPEN)
    return response

"""The address of a record that was joined into another leads to that one: pages, open data, frames."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from flask import Flask, Response, redirect, request, url_for

from directory.db import get_session
from directory.safekeeping.identities import final_ids

NAMES = ("organization_id", "service_id")
# What is said of the record itself, as it was, stays at its own address.
STAYS = ("history.", "matches.", "merges.")
# A merge may be undone: nobody's browser should remember for ever where it led.
KEPT_FOR = "public, max-age=3600"


def init_app(app: Flask) -> None:
    """Look at every address that names a record before its view does."""
    app.before_request(_lead_on)


def _lead_on() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or request.method not in ("GET", "HEAD") or endpoint.startswith(STAYS):
        return None
    inside = {name: str(value) for name, value in (request.view_args or {}).items() if name in NAMES}
    asked = {name: request.args[name] for name in NAMES if _is_uuid(request.args.get(name))}
    if not inside and not asked:
        return None
    finals = final_ids(get_session(), {*inside.values(), *asked.values()})
    if not finals:
        return None
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    values |= {name: finals.get(value, value) for name, value in {**asked, **inside}.items()}
    response = redirect(url_for(endpoint, **values), 301)
    response.headers["Cache-Control"] = KEPT_FOR
    return cast(Response, response)


def _is_uuid(text: str | None) -> bool:
    try:
        return bool(text) and str(UUID(text)) == str(text).lower()
    except ValueError:
        return False

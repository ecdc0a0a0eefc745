"""Gather a shortlist while one searches: the address of the list carries it, and nothing else keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from directory.web.asking import Asked
from directory.web.shortlist import MOST, asked_keys

NAME = "s"


def with_gathered(asked: Asked) -> Asked:
    """A question whose addresses carry what was gathered so far."""
    arguments = MultiDict(asked.arguments.items(multi=True))
    arguments.setlist(NAME, asked_keys())
    return replace(asked, arguments=arguments)


def gather_link(asked: Asked, service_id: str) -> dict[str, Any] | None:
    """The same page with a service on the shortlist, or off it if it is on; None when the list is full."""
    keys: Sequence[str] = asked.arguments.getlist(NAME)
    is_on = service_id in keys
    if not is_on and len(keys) >= MOST:
        return None
    others = [key for key in keys if key != service_id]
    href = asked.href("search.results", **{NAME: others if is_on else [*keys, service_id]})
    return {"service_id": service_id, "is_on": is_on, "href": f"{href}#service-{service_id}"}


def gathered(asked: Asked) -> dict[str, Any]:
    """What was gathered so far, and where it stands side by side."""
    keys = asked.arguments.getlist(NAME)
    return {"keys": keys, "href": url_for("shortlist.show", s=keys), "most": MOST}

"""A list or map for the websites of others: pages that may stand in a frame, and how to put them there."""

from __future__ import annotations

from html import escape
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from directory.db import get_session
from directory.languages import ENGLISH, gettext, ngettext, own_words, spoken, typed_words
from directory.search.run import search_all, search_services
from directory.web.asking import Asked, read_question
from directory.web.clock import now
from directory.web.mapping import map_layers, page_map
from directory.web.presenting import result_row
from directory.web.searching import MOST_EXPORTED
from geodata.maps import MapOptions

blueprint = Blueprint("embed", __name__)
# What shows public facts, takes nothing and keeps nothing may be framed by any website.
ANYBODY = "*"


@blueprint.get("/embed")
def index() -> str:
    """How to put a list or map of some services on another website."""
    asked = read_question(get_session())
    kinds = {kind: asked.href(f"embed.{kind}", page=None, sort=None) for kind in ("list", "map")}
    return render_template(
        "embed/index.html",
        query=asked.form,
        place_problem=asked.place_problem,
        problems=asked.problems,
        kinds=[
            {"kind": kind, "preview": href, "frame": _frame(href), "script": _script(kind, href)}
            for kind, href in kinds.items()
        ],
    )


# Escaped here, and once more by the template: people paste it into a page.
def _frame(href: str) -> str:
    title = escape(gettext("Community organisations"))
    source = escape(request.host_url.rstrip("/") + href)
    return f'<iframe src="{source}" title="{title}" width="100%" height="600" loading="lazy"></iframe>'


def _script(kind: str, href: str) -> str:
    source = escape(url_for("static", filename="embed.js", _external=True))
    said = {"kind": kind, "query": href.partition("?")[2]}
    if spoken() is not ENGLISH:
        said |= {"language": spoken().code, "title": gettext("Community organisations")}
    data = " ".join(f'data-{name}="{escape(text)}"' for name, text in said.items())
    return f'<script src="{source}" {data}></script>'


@blueprint.get("/embed/list", endpoint="list")
def framed_list() -> str:
    """The first services that fit a question, to stand in a frame."""
    g.frame_ancestors = ANYBODY
    session, asked = get_session(), read_question(get_session())
    answer = search_services(session, asked.query)
    moment = now()
    return render_template(
        "embed/list.html",
        title=_title(asked),
        problems=_problems(asked),
        rows=[result_row(item, asked.query.place, moment) for item in answer.found],
        total=answer.total,
        whole_href=_whole(asked, "search.results"),
    )


@blueprint.get("/embed/map", endpoint="map")
def framed_map() -> str:
    """The services that fit a question on a map, to stand in a frame."""
    g.frame_ancestors = ANYBODY
    session, asked = get_session(), read_question(get_session())
    answer = search_all(session, asked.query, MOST_EXPORTED)
    layers = map_layers(session, answer.found)
    options = MapOptions(fit="providers" if asked.query.place or asked.query.text else "sites")
    return render_template(
        "embed/map.html",
        title=_title(asked),
        problems=_problems(asked),
        map=page_map(session, layers, options, gettext("Services by kind of help"), _total(answer.total)),
        whole_href=_whole(asked, "maps.index"),
        list_href=_whole(asked, "search.results"),
    )


def _title(asked: Asked) -> str:
    text = asked.query.text
    what = typed_words(text.capitalize()) if text else gettext("Services")
    if not asked.query.place:
        return what
    return gettext("%(what)s near %(place)s", what=what, place=own_words(asked.query.place.name))


def _total(number: int) -> str:
    return ngettext("%(number)s service.", "%(number)s services.", number)


def _problems(asked: Asked) -> list[str]:
    return [*asked.problems, *([asked.place_problem] if asked.place_problem else [])]


def _whole(asked: Asked, endpoint: str) -> Any:
    return asked.href(endpoint, page=None)

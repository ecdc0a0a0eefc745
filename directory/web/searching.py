"""Find services: the list, and the same answer to take away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, url_for

from directory.db import get_session
from directory.languages import N_, gettext
from directory.schedules.evaluate import next_change
from directory.search.facets import facets, option_names
from directory.search.plain import nearly
from directory.search.ranking import explain
from directory.search.run import Answer, Found, search_all, search_services
from directory.web.asking import Asked, read_question, removable
from directory.web.clock import now
from directory.web.exports import (
    EXPORT_COLUMNS,
    any_fictional,
    csv_response,
    export_rows,
    geojson_response,
    json_response,
    service_features,
)
from directory.web.gathering import gather_link, gathered, with_gathered
from directory.web.kept_pages import do_not_keep, each_time, keep_until, kept
from directory.web.mapping import map_layers, page_map
from directory.web.nothing import explain_nothing
from directory.web.presenting import result_row
from directory.web.travelling import walks
from directory.web.unmet import note_unmet, unmet_by
from directory.web.walking import travel_note, travel_text
from geodata.map_layers import with_points
from geodata.maps import MapOptions

blueprint = Blueprint("search", __name__)
MOST_EXPORTED = 100_000
FEW = 20  # when fewer than these fit, the page goes on with what fits in part
EXPLANATIONS = {
    "yes": N_("The record says that these fit."),
    "unknown": N_("These may fit. Each says which fact is not on record: ring to find out."),
}


@blueprint.get("/search")
@kept
def results() -> str:
    """The list of services that fit, and apart from them those that may."""
    session, asked = get_session(), read_question(get_session())
    answer = search_services(session, asked.query)
    also, names = _also(asked, answer), option_names(session)
    if asked.foot.minutes is not None or asked.form["view"] == "map":
        do_not_keep()  # a walking network is a file that may change, and a map has a script of its own
    if unmet := unmet_by(asked, answer):
        each_time(partial(note_unmet, unmet))  # each reader counts
    asked = with_gathered(asked)
    groups, more = _groups(asked, answer), _rows(asked, also) if answer.total else []
    nothing = explain_nothing(session, asked) if answer.total == 0 else None
    keep_until(_same_until([*(row for group in groups for row in group["results"]), *more], nothing))
    return render_template(
        "search/results.html",
        query=asked.form,
        place=_place(asked),
        place_problem=asked.place_problem,
        problems=asked.problems,
        groups=groups,
        total_known=answer.total_known,
        total_unknown=answer.total_unknown,
        facets=facets(session, asked.query, names=names),
        removable=removable(session, asked, "search.results", names),
        pagination=pagination(asked, answer, "search.results"),
        exports={kind: asked.href(f"search.{kind}_file", s=None) for kind in ("csv", "geojson", "json")},
        views=_views(asked),
        save_href=_save_href(asked),
        travel=travel_note(asked.query.place, asked.foot),
        walks=walks(),
        gathered=gathered(asked),
        understood=_understood(asked),
        widened=_widened(asked),
        also=more,
        nothing=nothing,
        map=_map(asked) if asked.form["view"] == "map" and answer.total else None,
    )


@blueprint.get("/search.csv")
def csv_file() -> Response:
    """The whole answer as a table."""
    asked, answer = _everything()
    return csv_response(export_rows(answer.found), EXPORT_COLUMNS, asked.file_name("services"))


@blueprint.get("/search.geojson")
def geojson_file() -> Response:
    """The whole answer as points."""
    asked, answer = _everything()
    fictional = any_fictional(answer.found)
    return geojson_response(service_features(answer.found), asked.file_name("services"), fictional=fictional)


@blueprint.get("/search.json")
def json_file() -> Response:
    """The whole answer as Open Referral documents, with how sure each one is."""
    asked, answer = _everything()
    contents = [
        {
            "fits": "yes" if item.sure else "not known",
            "missing_facts": item.missing,
            "service": item.service.document,
        }
        for item in answer.found
    ]
    totals = {"total_known": answer.total_known, "total_not_known": answer.total_unknown}
    document = {**totals, "contents": contents}
    return json_response(document, asked.file_name("services"), fictional=any_fictional(answer.found))


def pagination(asked: Asked, answer: Answer, endpoint: str) -> dict[str, Any]:
    """Links to the pages around the present one, the first and the last."""
    near = {1, answer.pages, *range(answer.page - 2, answer.page + 3)}
    shown = sorted(page for page in near if 1 <= page <= answer.pages)

    def href(page: int) -> str | None:
        return asked.href(endpoint, page=page) if 1 <= page <= answer.pages else None

    return {
        "page": answer.page,
        "pages": answer.pages,
        "previous_href": href(answer.page - 1),
        "next_href": href(answer.page + 1),
        "links": [{"page": page, "href": href(page), "current": page == answer.page} for page in shown],
    }


def _views(asked: Asked) -> list[dict[str, Any]]:
    """The ways to look at an answer: the list alone, or under a map of all of it."""
    pairs = (("", gettext("List")), ("map", gettext("Map and list")))
    return [
        {
            "words": words,
            "href": asked.href("search.results", view=view or None),
            "current": asked.form["view"] == view,
        }
        for view, words in pairs
    ]


def _map(asked: Asked) -> dict[str, Any]:
    """A map of the whole answer, all pages of the list."""
    session = get_session()
    layers = map_layers(session, search_all(session, asked.query, MOST_EXPORTED).found)
    shown, total = with_points(layers.providers)["id"].nunique(), layers.providers["id"].nunique()
    summary = gettext(
        "%(shown)s of %(total)s services have a place that can be shown.", shown=shown, total=total
    )
    return page_map(session, layers, MapOptions(fit="providers"), gettext("These services"), summary)


def _everything() -> tuple[Asked, Answer]:
    asked = read_question(get_session())
    return asked, search_all(get_session(), asked.query, MOST_EXPORTED)


def _also(asked: Asked, answer: Answer) -> list[Found]:
    """What fits some of a question of which little fits all."""
    if not asked.query.text or not 0 < answer.total < FEW:
        return []
    if len(answer.found) < answer.total:
        return []  # where pages are that small, what fits it all goes on over the page
    have = {item.service.service_id for item in answer.found}
    # What fits it all stands among these too, and is left out.
    found = nearly(get_session(), asked.query, asked.typed or asked.query.text, FEW + answer.total)
    return [item for item in found if item.service.service_id not in have][: FEW - answer.total]


def _same_until(rows: Iterable[dict[str, Any]], nothing: dict[str, Any] | None) -> datetime:
    """Until when a list says the same: something opens or closes, or the day ends."""
    shown = [*rows, *(nothing["nearby"] if nothing else [])]
    moments: list[datetime] = [next_change([], now()), *(row["same_until"] for row in shown)]
    return min(moments)


def _understood(asked: Asked) -> dict[str, str] | None:
    """What was typed, where it was understood as more than words, and the address for the words alone."""
    if asked.typed is None:
        return None
    kept = {name: asked.form[name] or None for name in ("sort", "view")}
    return {
        "typed": asked.typed,
        "plain_href": url_for("search.results", what=asked.typed, plain="yes", **kept),
    }


def _widened(asked: Asked) -> dict[str, Any] | None:
    """What else was looked for, and how to have it without."""
    if not asked.query.text:
        return None
    if asked.form["widen"] == "no":
        return {"said": [], "href": asked.href("search.results", widen=None, page=None)}
    said = dict.fromkeys(words for widening in asked.query.widenings for words in widening.said)
    return {"said": list(said), "href": asked.href("search.results", widen="no", page=None)} if said else None


def _save_href(asked: Asked) -> str:
    """Where the question is saved. What looks for news has no network: a walk is saved as its distance."""
    changes: dict[str, Any] = dict.fromkeys(("sort", "page", "view", "s", "minutes"))
    if asked.foot.minutes is not None:
        changes["within_metres"] = asked.query.within_metres
    return asked.href("searches.new", **changes)


def _place(asked: Asked) -> dict[str, Any] | None:
    place = asked.query.place
    return (
        None if place is None else {"name": place.name, "kind": place.kind, "explanation": place.explanation}
    )


def _rows(asked: Asked, found: Iterable[Found]) -> list[dict[str, Any]]:
    moment = now()
    return [
        result_row(item, asked.query.place, moment)
        | {
            "distance": travel_text(item.service, asked.query.place, asked.foot),
            "why": list(explain(item.ranked, asked.query)) if item.ranked else [],
            "gather": gather_link(asked, item.service.service_id),
        }
        for item in found
    ]


def _groups(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    titles = {
        "yes": gettext("Known to fit (%(number)s)", number=answer.total_known),
        "unknown": gettext("Not known (%(number)s)", number=answer.total_unknown),
    }
    known = [item for item in answer.found if item.sure]
    unknown = [item for item in answer.found if not item.sure]
    return [
        {
            "key": key,
            "title": titles[key],
            "explanation": gettext(EXPLANATIONS[key]),
            "results": _rows(asked, found),
        }
        for key, found in (("yes", known), ("unknown", unknown))
    ]

"""Records that may be of one organisation: the queue, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response as Redirect

from directory.accepting import ChangedMeanwhileError
from directory.db import get_session
from directory.languages import N_, gettext, own_words
from directory.merging.comparing import compare
from directory.merging.deciding import OPEN_AGAIN, decide_otherwise, decide_same
from directory.merging.listing import ACTION, PairItem, pairs_of, whose
from directory.merging.merge import Merging, NotMergedError
from directory.models import Area, MatchedPair, Organization, OrganizationMerge
from directory.registration.saying import NO_NAME
from directory.web.access import require
from directory.web.asking import clean_arguments
from directory.web.clock import today
from directory.web.exports import csv_response
from directory.web.match_words import (
    STATES,
    comparison_values,
    page_number,
    pages_of,
    pair_row,
    percent,
    reason_lines,
)
from directory.web.review_log import log_lines
from directory.web.review_words import said_name
from directory.web.reviewing import private
from directory.web.signing_in import current_actor

blueprint = Blueprint("matches", __name__)
PER_PAGE = 50
CSV_COLUMNS = (
    *("one", "other", "probability", "numbers_agree", "state", "reasons", "authorities", "found", "address"),
)
LEAST = {
    "": N_("All"),
    "sure": N_("Numbers agree"),
    "0.9": N_("90% and more"),
    "0.5": N_("50% and more"),
}
MEANWHILE = N_(
    "Somebody else decided about this pair before you, so nothing of what you sent was done."
    " This is how it stands now."
)


@blueprint.get("/matches")
def index() -> str:
    """The pairs of records that may be of one organisation; filters and counts."""
    session = get_session()
    names = _authority_names(session)
    items, chosen = _asked(session)
    shown = _filtered(items, chosen)
    pages = max(1, -(-len(shown) // PER_PAGE))
    page = page_number(chosen["page"], pages)
    codes = sorted({code for item in items for code in item.codes}, key=lambda code: names.get(code, code))
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value and name != "page"}
    return render_template(
        "matches/index.html",
        rows=[pair_row(item, names) for item in shown[(page - 1) * PER_PAGE : page * PER_PAGE]],
        total=len(shown),
        chosen=chosen,
        states=[(key, gettext(words)) for key, words in STATES.items()],
        least=[(key, gettext(words)) for key, words in LEAST.items()],
        authorities=[(code, own_words(names.get(code, code))) for code in codes],
        pagination=pages_of(page, pages, "matches.index", chosen),
        csv_href=url_for("matches.csv_file", **kept),
    )


@blueprint.get("/matches.csv")
def csv_file() -> Response:
    """The pairs of the queue as a table."""
    session = get_session()
    names = _authority_names(session)
    items, chosen = _asked(session)
    root = current_app.config["PUBLIC_URL"].rstrip("/")
    rows = [
        {
            "one": item.names[0],
            "other": item.names[1],
            "probability": f"{item.pair.probability:.3f}",
            "numbers_agree": "yes" if item.pair.sure else "no",
            "state": STATES[item.pair.state],
            "reasons": " ".join(reason[0] for reason in item.pair.reasons),
            "authorities": ", ".join(sorted(names.get(code, code) for code in item.codes)),
            "found": item.pair.found_at.date().isoformat(),
            "address": root + url_for("matches.show", pair_id=item.pair.id),
        }
        for item in _filtered(items, chosen)
    ]
    fictional = session.scalar(select(Organization.id).where(Organization.fictional).limit(1)) is not None
    return private(csv_response(rows, CSV_COLUMNS, "matches", fictional=fictional))


@blueprint.get("/matches/<uuid:pair_id>")
def show(pair_id: UUID) -> str:
    """Two records side by side, field by field, with the reasons and what would survive."""
    return _page(get_session(), _pair(pair_id))


@blueprint.post("/matches/<uuid:pair_id>")
def decide(pair_id: UUID) -> Redirect | tuple[str, int]:
    """Say that two records are the same, not the same, or that it is not sure yet."""
    session, pair = get_session(), _pair(pair_id)
    answer, text = request.form.get("decision", ""), request.form.get("version", "")
    version = int(text) if text.isdecimal() and len(text) < 10 else 0
    merging = Merging(current_actor().account_id, today(), chosen=_chosen())
    try:
        if answer == "same":
            merge = decide_same(session, pair.id, version, merging)
            address = url_for("merges.show", merge_id=merge.id)
            session.commit()
            flash(gettext("Joined. You can take them apart again on this page."))
            return redirect(address, 303)
        if answer not in ("not_same", "later"):
            problem = gettext(
                "Nothing was done, because no answer was chosen. Press one of the three buttons."
            )
            return _page(session, pair, problem, "decision"), 422
        decide_otherwise(session, pair.id, version, answer, merging)
    except (ChangedMeanwhileError, StaleDataError):
        session.rollback()
        return _page(session, session.get_one(MatchedPair, str(pair_id)), gettext(MEANWHILE), "state"), 409
    except NotMergedError as error:
        session.rollback()
        problem = gettext("They were not joined. %(why)s", why=error.args[0])
        return _page(session, session.get_one(MatchedPair, str(pair_id)), problem, "decision"), 422
    session.commit()
    remembered = gettext("Remembered: they are not the same.")
    flash(remembered if answer == "not_same" else gettext("Put off. It stays in the list."))
    return redirect(url_for("matches.index"), 303)


def _pair(pair_id: UUID) -> MatchedPair:
    """The pair, if whoever asks looks after both records. What one of them hides is on the page."""
    session = get_session()
    pair = session.get_one(MatchedPair, str(pair_id))
    for key in (pair.left_id, pair.right_id):
        require(ACTION, whose(session, key))
    return pair


def _page(session: Session, pair: MatchedPair, problem: str | None = None, problem_at: str = "") -> str:
    both = [session.get(Organization, key) for key in (pair.left_id, pair.right_id)]
    merge = session.scalars(
        select(OrganizationMerge).where(
            OrganizationMerge.pair_id == pair.id, OrganizationMerge.undone_at.is_(None)
        )
    ).first()
    if merge is None and (both[0] is None or both[1] is None):
        abort(404)
    found = compare(session, both[0], both[1]) if both[0] and both[1] else None
    names = (found.kept.name, found.gone.name) if found else _names_before(merge)
    titles = [gettext(NO_NAME) if name == NO_NAME else name for name in names]
    may_decide = found is not None and pair.state in OPEN_AGAIN
    return render_template(
        "matches/show.html",
        pair={
            "id": pair.id,
            "version": pair.version,
            "state": gettext(STATES[pair.state]),
            "probability": percent(pair),
            "sure": pair.sure,
            "reasons": reason_lines(pair),
            "open": may_decide,
        },
        title=gettext("%(name)s and %(other)s: one organisation?", name=titles[0], other=titles[1]),
        names={"kept": said_name(names[0]), "gone": said_name(names[1])},
        both=comparison_values(found, _chosen()) if found else None,
        merge_href=url_for("merges.show", merge_id=merge.id) if merge else None,
        log=log_lines(session, pair.id, pair.left_id, pair.right_id),
        problem=problem,
        problem_at=problem_at if may_decide else "state",
    )


def _names_before(merge: OrganizationMerge | None) -> tuple[str, str]:
    """The names of two records before they were joined."""
    assert merge is not None  # noqa: S101 - for the type checker: without both records there is one
    kept, gone = merge.kept_document, merge.gone_document
    return str(kept.get("name") or NO_NAME), str(gone.get("name") or NO_NAME)


def _chosen() -> dict[str, str]:
    """By field, the record whose value the reviewer takes."""
    return {
        name.removeprefix("take:"): value
        for name, value in request.form.items()
        if name.startswith("take:organization.")
    }


def _asked(session: Session) -> tuple[list[PairItem], dict[str, str]]:
    arguments = clean_arguments()
    chosen = {name: arguments.get(name, "") for name in ("what", "authority", "state", "least", "page")}
    return pairs_of(session, current_actor()), chosen


def _filtered(items: list[PairItem], chosen: Mapping[str, Any]) -> list[PairItem]:
    words = chosen["what"].casefold()
    least = float(chosen["least"]) if chosen["least"] in ("0.9", "0.5") else 0.0
    return [
        item
        for item in items
        if item.pair.state == (chosen["state"] or "waiting")
        and (not chosen["authority"] or chosen["authority"] in item.codes)
        and (not words or words in " ".join(item.names).casefold())
        and item.pair.probability >= least
        and (chosen["least"] != "sure" or item.pair.sure)
    ]


def _authority_names(session: Session) -> dict[str, str]:
    return dict(session.execute(select(Area.code, Area.name).where(Area.level == "authority")).all())

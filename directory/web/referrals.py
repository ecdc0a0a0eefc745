"""Count what became of referrals to a service: navigators, on a page of the service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from directory.accounts.actors import target_of
from directory.accounts.permissions import may
from directory.coverage.demand import LEAST
from directory.db import get_session
from directory.languages import gettext, joined, say_month
from directory.models import PublishedService
from directory.referrals.count import (
    BEFORE,
    MOST,
    NOT_COUNTED,
    OUTCOMES,
    Counted,
    NotCountedError,
    count,
    open_months,
    own_counts,
    take_back,
)
from directory.search.reading import clean
from directory.upkeep.fullness import ENOUGH, WITHIN_DAYS, say_room
from directory.web.access import require
from directory.web.clock import today
from directory.web.presenting import full_note
from directory.web.signing_in import current_actor

blueprint = Blueprint("referrals", __name__)
EMPTY: Mapping[str, str] = {"month": "", "outcome": "", "before": NOT_COUNTED, "referrals": "1"}


def rule() -> str:
    """When a service reads as full, for whoever counts."""
    return gettext(
        "A service reads “full or referral only” once %(enough)s referrals within %(days)s days were turned "
        "away as full and none was accepted since. It does so until one is accepted, or somebody says that "
        "there is room.",
        enough=ENOUGH,
        days=WITHIN_DAYS,
    )


@blueprint.get("/services/<uuid:service_id>/referrals")
def show(service_id: UUID) -> str:
    """Count what became of referrals to a service, and see what one counted."""
    return _page(str(service_id), EMPTY)


@blueprint.post("/services/<uuid:service_id>/referrals")
def save(service_id: UUID) -> Response | tuple[str, int]:
    """Add to one's counts."""
    session, key = get_session(), str(service_id)
    typed = _typed()
    try:
        counted = _read(typed)
        count(session, current_user.id, key, counted, today())
    except NotCountedError as error:
        session.rollback()
        return _page(key, typed, str(error), error.field), 400
    session.commit()
    said = joined([gettext(OUTCOMES[counted.outcome]), str(counted.referrals), say_month(counted.month)])
    flash(gettext("Counted: %(what)s.", what=said), "success")
    return redirect(url_for("referrals.show", service_id=service_id), 303)


@blueprint.post("/services/<uuid:service_id>/referrals/take-back")
def take_back_one(service_id: UUID) -> Response | tuple[str, int]:
    """Take one off a count of one's own."""
    session, key = get_session(), str(service_id)
    typed = _typed()
    try:
        counted = _read({**EMPTY, "month": typed["month"], "outcome": typed["outcome"]})
        take_back(session, current_user.id, key, counted, today())
    except NotCountedError as error:
        session.rollback()
        return _page(key, EMPTY, str(error), "own"), 400
    session.commit()
    said = joined([gettext(OUTCOMES[counted.outcome]), say_month(counted.month)])
    flash(gettext("One less: %(what)s.", what=said), "success")
    return redirect(url_for("referrals.show", service_id=service_id), 303)


@blueprint.post("/services/<uuid:service_id>/referrals/room")
def room(service_id: UUID) -> Response:
    """Say that a service has room again."""
    session = get_session()
    query = select(PublishedService.organization_id).where(PublishedService.service_id == str(service_id))
    require("amend", target_of(session, session.scalars(query).one()))
    say_room(session, str(service_id), today(), current_user.id)
    session.commit()
    flash(gettext("It no longer reads as full."), "success")
    return redirect(url_for("services.show", service_id=service_id), 303)


def _typed() -> dict[str, str]:
    given = clean(request.form.items())
    return {name: given.get(name, "") for name in EMPTY}


def _read(typed: Mapping[str, str]) -> Counted:
    number = typed["referrals"]
    try:
        month = date.fromisoformat(typed["month"])
    except ValueError:
        raise NotCountedError(gettext("Choose a month."), "month") from None
    try:
        referrals = int(number if number.isascii() else "")
    except ValueError:
        problem = gettext("Give how many as a number from 1 to %(most)s.", most=MOST)
        raise NotCountedError(problem, "referrals") from None
    return Counted(month, typed["outcome"], referrals, typed["before"])


def _page(service_id: str, typed: Mapping[str, str], problem: str | None = None, problem_at: str = "") -> str:
    """The form, with what was wrong and in which field; "own" is the table below it."""
    session = get_session()
    service, months = _service(session, service_id), open_months(today())
    own = own_counts(session, current_user.id, service_id)
    return render_template(
        "referrals/count.html",
        name=service.name,
        organisation_name=service.organization_name,
        service_href=url_for("services.show", service_id=service_id),
        save_href=url_for("referrals.save", service_id=service_id),
        take_back_href=url_for("referrals.take_back_one", service_id=service_id),
        room_href=url_for("referrals.room", service_id=service_id)
        if may(current_actor(), "amend", target_of(session, service.organization_id))
        else None,
        full_note=full_note(service.document),
        typed=typed,
        problem=problem,
        problems={problem_at: problem},
        months=[(month.isoformat(), say_month(month)) for month in months],
        outcomes=list(OUTCOMES.items()),
        before=list(BEFORE.items()),
        own=[
            {
                "month": one.month.isoformat(),
                "month_words": say_month(one.month),
                "outcome": one.outcome,
                "outcome_words": OUTCOMES[one.outcome],
                "referrals": one.referrals,
                "open": one.month in months,
            }
            for one in own
        ],
        most=MOST,
        rule=rule(),
        least=LEAST,
        fictional=service.fictional,
    )


def _service(session: Session, service_id: str) -> PublishedService:
    return session.scalars(select(PublishedService).where(PublishedService.service_id == service_id)).one()

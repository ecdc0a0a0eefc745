"""The pages of a draft: the list of what to fill in, and each page, saved as one goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from directory.accepting import latest_number
from directory.db import get_session
from directory.languages import gettext, own_words
from directory.models import Submission
from directory.models.review import OPEN_STATUSES
from directory.registration.answers import Answers, Reading
from directory.registration.by_link import may_open
from directory.registration.contact_page import people_asked
from directory.registration.drafts import Saved, add_service, remove_service, save_page
from directory.registration.hours_page import read_back
from directory.registration.options import Options, read_options
from directory.registration.pages import (
    PAGES,
    Step,
    answers_of,
    mark_of,
    places_of,
    put_answers,
    service_of,
    step_after,
    thing_of,
)
from directory.schedules.evaluate import hours_known, weekly_openings
from directory.web.clock import today
from directory.web.draft_access import keep_what_was_typed, opened
from directory.web.form_values import (
    choices_of,
    draft_values,
    lines_of,
    shown_again,
    step_href,
    title_of,
)
from directory.web.pins import pin_of
from directory.web.records import week_rows

blueprint = Blueprint("drafting", __name__)
keep_what_was_typed(blueprint)


@blueprint.get("/register/<uuid:draft_id>")
def tasks(draft_id: UUID) -> str:
    """What to fill in, and what is done."""
    draft = opened(draft_id)
    session = get_session()
    newest = latest_number(session, draft.organization_id) if draft.kind == "change" else None
    is_open = draft.status in OPEN_STATUSES
    values = draft_values(draft, open_to_change=is_open, may_withdraw=is_open or draft.status == "submitted")
    return render_template(
        "registering/tasks.html",
        draft=values | {"changed_since": is_open and newest != draft.base_number},
        just_begun=draft.email if "begun" in request.args and not draft.is_by_link else None,
    )


@blueprint.get("/register/<uuid:draft_id>/page")
def page(draft_id: UUID) -> str:
    """One page of the form, or how the hours were read."""
    draft, step = _opened_step(draft_id)
    if step.name == "hours" and "read" in request.args:
        return _read_back_page(draft, step)
    options = read_options(get_session(), draft.organization_id, today())
    answers = answers_of(draft.document, step, options)
    if answers is None:
        abort(404)
    typed = draft.unfinished.get(step.key)
    if typed is None:
        return _form(draft, step, options, answers, Saved())
    reading = Reading(typed)
    put_answers(draft.document, step, reading, options)
    # Without a problem, it waits because another tab saved the page before.
    meanwhile = None if reading.problems else lines_of(answers)
    return _form(draft, step, options, shown_again(answers, typed), Saved(reading.problems), meanwhile)


@blueprint.post("/register/<uuid:draft_id>/page", endpoint="save")
def save(draft_id: UUID) -> str | Response:
    """Save one page of the form."""
    draft, step = _opened_step(draft_id)
    session = get_session()
    typed = {name: request.form.getlist(name) for name in request.form}
    then = request.form.get("then", "")
    options = read_options(session, draft.organization_id, today())
    before = answers_of(draft.document, step, options)
    if before is None:
        abort(404)
    if then == "find":
        return _form(draft, step, options, shown_again(before, Reading(typed).kept()), Saved())
    saved = save_page(session, draft, step, typed, today())
    session.commit()
    if saved.gone:
        abort(409)
    if not saved.done:
        meanwhile = lines_of(before) if saved.changed_meanwhile else None
        return _form(draft, step, options, shown_again(before, Reading(typed).kept()), saved, meanwhile)
    return redirect(_next_href(draft, step, then), 303)


def _next_href(draft: Submission, step: Step, then: str) -> str:
    if then == "here":
        return step_href(draft.id, step)
    if step.name == "hours" and then != "list":
        return step_href(draft.id, step, read=1)
    following = None if then == "list" else _following(draft, step)
    return step_href(draft.id, following) if following else url_for("drafting.tasks", draft_id=draft.id)


def _following(draft: Submission, step: Step) -> Step | None:
    """The page after a page. By a link few are open, so the list of them comes next."""
    return None if draft.is_by_link else step_after(draft.document, step)


def _opened_step(draft_id: UUID) -> tuple[Submission, Step]:
    """The draft and the step that an address names."""
    draft = opened(draft_id)
    step = Step(request.args.get("name", ""), request.args.get("of", ""))
    if step.name not in PAGES or not may_open(draft, step) or thing_of(draft.document, step) is None:
        abort(404)
    if draft.status not in OPEN_STATUSES:
        abort(409)
    return draft, step


def _form(
    draft: Submission,
    step: Step,
    options: Options,
    v: Answers,
    saved: Saved,
    meanwhile: list[str] | None = None,
) -> str:
    thing = thing_of(draft.document, step)
    service = service_of(draft.document, step)
    options = replace(options, places=places_of(draft.document))
    values: dict[str, Any] = {
        "name": step.name,
        "title": title_of(draft.document, step),
        "caption": service.get("name") if service else None,
        "action": step_href(draft.id, step),
        "mark": mark_of(answers_of(draft.document, step, options) or {}),
    }
    return render_template(
        "registering/page.html",
        draft_id=draft.id,
        page=values,
        v=v,
        options=choices_of(draft, options, v),
        people=_people(thing, v) if step.name in ("contact", "reach") else 0,
        pin=pin_of(get_session(), v) if step.name == "place" else None,
        problems=dict(saved.problems),
        meanwhile=meanwhile,
    )


def _people(thing: Any, v: Answers) -> int:
    """Room for as many people as there are, or as were typed."""
    typed = [
        int(name.split("-")[1]) for name in v if name.startswith("person-") and name.split("-")[1].isdigit()
    ]
    return max(people_asked(thing), min(max(typed, default=0) + 1, people_asked(thing)))


def _read_back_page(draft: Submission, step: Step) -> str:
    """How the hours of a service were read: a sentence, a week, and what was not understood."""
    service = thing_of(draft.document, step) or {}
    schedules = service.get("schedules") or []
    following = _following(draft, step)
    return render_template(
        "registering/read_back.html",
        draft_id=draft.id,
        caption=service.get("name"),
        hours=read_back(service),
        known=hours_known(schedules),
        week=week_rows(weekly_openings(schedules, today())),
        next_href=step_href(draft.id, following)
        if following
        else url_for("drafting.tasks", draft_id=draft.id),
        change_href=step_href(draft.id, step),
    )


@blueprint.post("/register/<uuid:draft_id>/add")
def add(draft_id: UUID) -> Response:
    """Add a service to a draft."""
    draft = opened(draft_id)
    if draft.status not in OPEN_STATUSES or draft.is_by_link:
        abort(409)
    session = get_session()
    service = add_service(session, draft)
    session.commit()
    if service is None:
        return redirect(url_for("drafting.tasks", draft_id=draft.id), 303)
    return redirect(step_href(draft.id, Step("what", service["id"])), 303)


@blueprint.route("/register/<uuid:draft_id>/remove", methods=["GET", "POST"])
def remove(draft_id: UUID) -> str | Response:
    """Take a service out of a draft, after asking."""
    draft = opened(draft_id)
    of = request.args.get("of", "")
    service = thing_of(draft.document, Step("what", of))
    if service is None or draft.status not in OPEN_STATUSES or draft.is_by_link:
        abort(404)
    back = url_for("drafting.tasks", draft_id=draft.id)
    if request.method == "GET":
        return render_template(
            "registering/confirm.html",
            heading=gettext(
                "Take out %(name)s?", name=own_words(service.get("name")) or gettext("this service")
            ),
            words=gettext(
                "What you entered about it goes. What is public now stays so until a navigator agrees."
            ),
            action=url_for("drafting.remove", draft_id=draft.id, of=of),
            button=gettext("Take it out"),
            back_href=back,
        )
    session = get_session()
    remove_service(session, draft, of)
    session.commit()
    return redirect(back, 303)

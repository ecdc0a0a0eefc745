"""From a draft to the plain values of its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from directory.languages import N_, gettext, own_words, term
from directory.models import Submission
from directory.registration.answers import Answers
from directory.registration.by_link import may_open
from directory.registration.options import Options
from directory.registration.organisation_pages import ASSURANCES
from directory.registration.pages import Step, places_of, service_of, steps
from directory.registration.place_pages import ANOTHER, WAYS
from directory.registration.service_pages import AGES, COSTS, STATUSES
from directory.registration.spaces_page import LEND, is_space
from directory.registration.submitting import missing_steps
from directory.web.pins import protection_options

STATUS_NOTES = {
    "submitted": N_("This was sent in, and waits for a navigator. You can no longer change it here."),
    "question": N_("A navigator has asked something. Change what is needed, and send it in again."),
    "approved": N_("This was approved, and is on the directory."),
    "rejected": N_("A navigator looked at this, and did not approve it. The letter says why."),
    "withdrawn": N_("This was taken back."),
}
POINTS = [("postcode", N_("Use the postcode\u2019s own point")), ("given", N_("Use the point that I give"))]


def step_href(draft_id: str, step: Step, **more: Any) -> str:
    """The address of a page of a draft."""
    return url_for("drafting.page", draft_id=draft_id, name=step.name, of=step.of or None, **more)


def title_of(document: Mapping[str, Any], step: Step) -> str:
    """The title of a step; a service with several places says which."""
    service = service_of(document, step)
    if step.page.about != "place" or service is None:
        return gettext(step.page.title)
    places = [link for link in service.get("service_at_locations") or [] if link["id"] == step.of]
    name = place_name(places[0]["location"]) if places else ""
    title = gettext(step.page.title)
    return gettext("%(title)s: %(name)s", title=title, name=own_words(name)) if name else title


def place_name(location: Mapping[str, Any]) -> str:
    """How a place is called in the form: by its name, or its address."""
    address: Mapping[str, Any] = next(iter(location.get("addresses") or []), {})
    parts = [address.get("address_1"), address.get("postal_code")]
    return str(location.get("name") or ", ".join(str(part) for part in parts if part))


def tasks_of(draft: Submission, chosen: Iterable[Step] | None = None) -> list[dict[str, str]]:
    """Steps with their state: done, needed, optional, or a problem."""
    needed = {step.key for step in missing_steps(draft)}
    return [
        {
            "title": title_of(draft.document, step),
            "href": step_href(draft.id, step),
            "state": "problem"
            if step.key in draft.unfinished
            else "needed"
            if step.key in needed
            else "done"
            if step.key in draft.pages_done
            else "optional",
        }
        for step in (steps(draft.document) if chosen is None else chosen)
    ]


def draft_values(draft: Submission, *, open_to_change: bool, may_withdraw: bool) -> dict[str, Any]:
    """What the list of pages shows of a draft."""
    every = [step for step in steps(draft.document) if may_open(draft, step)]
    name = draft.document.get("name") or gettext("Your organisation")
    services = [
        {
            "name": service.get("name"),
            "space": is_space(service),
            "tasks": tasks_of(draft, [step for step in every if _is_of(service, step)]),
            "remove_href": url_for("drafting.remove", draft_id=draft.id, of=service["id"]),
        }
        for service in draft.document.get("services") or []
    ]
    return {
        "id": draft.id,
        "organization_id": draft.organization_id,
        "name": name,
        "heading": _heading(draft),
        "open": open_to_change,
        "may_withdraw": may_withdraw,
        "status_note": gettext(STATUS_NOTES[draft.status]) if draft.status in STATUS_NOTES else None,
        "total": len(every),
        "done": len([step for step in every if step.key in draft.pages_done]),
        "by_link": draft.is_by_link,
        "first": tasks_of(draft, [Step("identity"), Step("contact")]),
        "services": services,
        "last": tasks_of(draft, [Step("assurance"), Step("spaces")]),
    }


def _heading(draft: Submission) -> str:
    name = own_words(draft.document.get("name")) or gettext("Your organisation")
    if draft.kind == "change":
        return gettext("Change the entry of %(name)s", name=name)
    return gettext("Register %(name)s", name=name)


def _is_of(service: Mapping[str, Any], step: Step) -> bool:
    links = {link["id"] for link in service.get("service_at_locations") or []}
    return step.of == service["id"] or step.of in links


def choices_of(draft: Submission, options: Options, v: Answers) -> dict[str, Any]:
    """What may be chosen on the pages, as pairs of code and words."""
    places = [
        (key, own_words(place_name(place)) or gettext("A place not named yet"))
        for key, place in places_of(draft.document).items()
    ]
    faiths = [{"value": "", "label": gettext("None, or not said"), "selected": not v.get("faith")}]
    faiths += [
        {"value": code, "label": _unmarked(term(name)), "selected": code == v.get("faith")}
        for code, name in options.names("faith").items()
    ]
    taken = [(code, term(name)) for code, name in options.names("assurance").items() if code in ASSURANCES]
    statuses = STATUSES | (
        {v["status"]: str(v["status"]).capitalize()} if v.get("status") == "defunct" else {}
    )
    return {
        **{
            name: [(code, term(words)) for code, words in options.names(name).items()]
            for name in ("kind", "category", "gender", "group", "referral", "accessibility")
        },
        "faith": faiths,
        "status": _said(statuses.items()),
        "ages": _said(AGES.items()),
        "cost": _said(COSTS.items()),
        "ways": _said(WAYS.items()),
        "areas": [(code, own_words(name)) for code, name in options.authorities.items()],
        "places": [*places, (ANOTHER, gettext("Another place"))] if places and "ways" in v else places,
        "protection": protection_options(),
        "point_from": _said(POINTS),
        "assurance": taken,
        "lend": _said(LEND.items()),
    }


def _unmarked(words: str) -> str:
    # No mark can stand in an option.
    return words.striptags() if isinstance(words, Markup) else words


def _said(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(value, gettext(words)) for value, words in pairs]


def shown_again(answers: Answers, typed: Mapping[str, list[str]]) -> Answers:
    """What was typed, as the page shows it: a list where several may be chosen, else a text."""
    again: Answers = {name: [] if isinstance(value, list) else "" for name, value in answers.items()}
    for name, texts in typed.items():
        several = isinstance(answers.get(name), list) or name.endswith("-consent")
        again[name] = list(texts) if several else next(iter(texts), "")
    return again


def lines_of(answers: Answers) -> list[str]:
    """Answers in one line each, to be read beside what was typed."""
    return [
        own_words(
            f"{name.replace('_', ' ').replace('-', ' ').capitalize()}: "
            f"{', '.join(value) if isinstance(value, list) else value}"
        )
        for name, value in answers.items()
        if value
    ]

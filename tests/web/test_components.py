"""Every page template with made-up values: whole, with everything missing, and with hostile text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

pytestmark = pytest.mark.one_database

TEMPLATES = Path(__file__).parents[2] / "templates"
HOSTILE = """<script>alert(1)</script>"'><b>${alert(2)}</b>{{ 7 * 7 }} </script>"""
FRESH = {"text": "Checked 3 weeks ago", "level": "fresh"}
ROW = {
    "service_id": "s1",
    "name": "Ring Craft Boxing",
    "href": "/services/s1",
    "organisation_name": "Lozells Road Trust",
    "organisation_href": "/organisations/o1",
    "summary": "Boxing and mentoring for young people, with a meal.",
    "categories": ["Sport and activities", "Mentoring"],
    "distance": "640 m",
    "where": "Lozells, Birmingham",
    "next_opening": "Today 18:00 to 20:00",
    "ages": "11 to 18",
    "cost": "Free",
    "freshness": FRESH,
    "missing": ["opening hours"],
    "status_note": "Closed for repairs until May",
    "fictional": True,
}
PARTS = {
    "html": Markup('<div id="map"></div>'),
    "key": Markup('<div id="map_key"></div>'),
    "css_hrefs": ["/static/vendor/leaflet.css"],
    "js_hrefs": ["/static/vendor/leaflet.js"],
    "data": [{"id": "map-data", "json": '{"names": []}'}],
    "script": Markup("const a = 1 < 2;"),
    "styles": Markup("#map { height: 100%; }"),
    "title": "Services near Lozells",
    "summary": "12 services in 4 places.",
}
EXPORTS = {"csv": "/x.csv", "geojson": "/x.geojson", "json": "/x.json", "png": "/x.png"}
LISTS = "categories costs referrals languages accessibility kinds faiths authorities groups genders networks"
QUERY: dict[str, Any] = {name: [] for name in LISTS.split()} | {
    "what": "boxing",
    "where": "Lozells",
    "within_metres": 2000,
    "age": 14,
    "day": "Friday",
    "time": "18:00",
    "view": "",
    "sort": "distance",
    "costs": ["free"],
}
WITHIN = [
    {"value": 1000, "label": "1 km", "selected": True},
    {"value": 2000, "label": "2 km", "selected": False},
]
FACT = {"label": "Cost", "value": "Free", "source": "the mapping exercise", "date": "3 May 2025"}
OPTION = {"code": "free", "name": "Free", "known": 8, "unknown": 3, "selected": True}
LINK = {"label": "Search within 5 km", "href": "/search?within_metres=5000"}
CONTACT = {"name": "A. Worker", "title": "Coach", "email": "a@example.org", "phones": ["0121 496 0001"]}
PLACE = {
    "name": "The Hall",
    "address_lines": ["1 Lozells Road", "Birmingham"],
    "postcode": "B19 2TH",
    "precision": "open",
    "precision_note": "Ring the side bell",
    "accessibility": ["Step-free"],
    "area": "Lozells",
}
CELL = {
    "state": "some",
    "known": 4,
    "serving": 1,
    "possible": 2,
    "nearest_text": "Nearest 640 m",
    "href": "/sites/lozells",
}

PAGES: dict[str, dict[str, Any]] = {
    "home/index.html": {
        "sites": [{"slug": "lozells", "name": "Lozells", "authority_name": "Birmingham"}],
        "categories": [{"code": "sport", "name": "Sport and activities", "count": 31}],
        "counts": {"organisations": 1251, "services": 402, "sites": 4, "checked_recently_percent": 71},
    },
    "search/results.html": {
        "query": QUERY,
        "problems": ["“noon” is not a time."],
        "place": {"name": "Lozells", "kind": "ward", "explanation": "Lozells, a ward in Birmingham"},
        "place_problem": "No place is called that. Try a postcode.",
        "groups": [
            {
                "key": "yes",
                "title": "Known to match",
                "explanation": "Every fact is known.",
                "results": [ROW],
            },
            {"key": "unknown", "title": "Not known", "explanation": "A fact is missing.", "results": [ROW]},
        ],
        "total_known": 1,
        "total_unknown": 3,
        "facets": [{"name": "cost", "title": "Cost", "options": [OPTION, OPTION | {"selected": False}]}],
        "removable": [{"label": "Free", "href": "/search"}],
        "pagination": {
            "page": 2,
            "pages": 3,
            "previous_href": "?page=1",
            "next_href": "?page=3",
            "links": [{"page": n, "href": f"?page={n}", "current": n == 2} for n in (1, 2, 3)],
        },
        "exports": EXPORTS,
        "views": [{"words": "List", "href": "/search?what=boxing", "current": True}],
        "save_href": "/searches/new?what=boxing",
        "nothing": {"reasons": ["No service is open then."], "nearby": [ROW], "widen": [LINK]},
        "map": PARTS,
    },
    "organisations/show.html": {
        "structured": "{}",
        "organisation": {
            "logo": {"href": "/uploads/1", "title": "Logo of the trust"},
            "documents": [{"href": "/uploads/2", "title": "Policy", "size": "12 kB"}],
            "name": "Lozells Road Trust",
            "alternate_name": "LRT",
            "kind": "Voluntary organisation",
            "faith": "Christian",
            "description": "A charity on the Lozells Road.",
            "website": "https://example.org",
            "email": "hello@example.org",
            "phones": ["0121 496 0000"],
            "identifiers": [{"label": "Charity", "org_id": "GB-CHC-1", "href": "https://example.org/1"}],
            "networks": ["Faith Alliance"],
            "contacts": [CONTACT],
            "contact_checked": "checked 3 November 2026 by the organisation",
            "facts": [FACT],
            "services": [ROW],
            "last_changed": "3 November 2026",
            "fictional": True,
            "freshness": FRESH,
        },
        "map": PARTS,
    },
    "services/show.html": {
        "structured": "{}",
        "service": {
            "name": "Ring Craft Boxing",
            "organisation_name": "Lozells Road Trust",
            "organisation_href": "/organisations/o1",
            "description": "Boxing.\nThen a meal.",
            "status_note": "Closed for repairs until May",
            "alert": "New sessions on Fridays",
            "categories": ["Sport and activities"],
            "groups": ["Excluded from school"],
            "gender": "Everyone",
            "ages": "11 to 18",
            "cost": "Free",
            "referral": "Anyone can come",
            "hours": ["Closed in August"],
            "hours_known": True,
            "week": [{"day": day, "spans": "18:00 to 20:00"} for day in ("Monday", "Tuesday")],
            "next_opening": "Today 18:00 to 20:00",
            "places": [PLACE, PLACE | {"precision": "hidden", "name": "Safe house"}],
            "service_areas": ["Birmingham"],
            "languages": ["English", "Bengali"],
            "contacts": [CONTACT],
            "contact_checked": "checked 3 November 2026 by the organisation",
            "phones": ["0121 496 0000"],
            "email": "box@example.org",
            "website": "https://example.org/box",
            "eligibility": "Live in the ward",
            "funding": ["A trust"],
            "facts": [FACT],
            "freshness": FRESH,
            "fictional": True,
        },
        "map": PARTS,
    },
    "maps/index.html": {
        "query": QUERY,
        "place_problem": "No place is called that.",
        "removable": [LINK],
        "map": PARTS,
        "table": {"caption": "Services", "head": ["Kind of help", "On the map"], "rows": [["Sport", 31]]},
        "exports": EXPORTS,
    },
    "sites/index.html": {
        "sites": [{"slug": "lozells", "name": "Lozells", "href": "/sites/lozells"}],
        "rows": [
            {"category": "Sport", "cells": [CELL | {"state": state, "label": "Sport, Lozells"}]}
            for state in ("some", "none", "not known")
        ],
        "within_options": WITHIN,
        "exports": EXPORTS,
    },
    "sites/show.html": {
        "site": {
            "name": "Lozells",
            "authority_name": "Birmingham",
            "description": "A ward.",
            "reference_points": ["B19 2TH"],
        },
        "category": "Sport",
        "category_code": "sport",
        "within_options": WITHIN,
        "map": PARTS,
        "table": [
            {"category": "Sport", "inside": 2, "within": 9, "serving": 3, "possible": 1, "nearest": "640 m"}
        ],
        "gaps": [{"category": "Mediation", "state": "none", "sentence": "The nearest is 3.1 km away."}],
        "reasons_href": "/coverage/areas/site-lozells",
        "week": {
            "title": "Week of 23 November 2026",
            "services": 3,
            "hours": ["8"],
            "days": [
                {
                    "name": "Monday",
                    "short": "Mon",
                    "cells": [{"open": 2, "unknown": 1, "shade": 2, "time": "08:00"}] * 2,
                }
            ],
        },
        "providers": [ROW],
        "exports": EXPORTS,
    },
    "about/index.html": {
        "sources": [
            {
                "title": "Code-Point Open",
                "publisher": "Ordnance Survey",
                "licence": "Open Government Licence",
                "licence_href": "https://example.org/licence",
                "attribution": "Contains OS data",
                "retrieved_on": "3 May 2025",
                "records": 85000,
            }
        ]
    },
    "errors/error.html": {
        "code": 404,
        "title": "No such page",
        "message": "There is nothing at this address.",
        "remedy": "Check it.",
    },
}
# Facts that a view always knows; everything else in a page may be missing.
CERTAIN = {
    "level",
    "state",
    "precision",
    "key",
    "page",
    "pages",
    "current",
    "total_known",
    "code",
}
ABSENT = {"place", "pagination", "nothing", "map"}
CERTAIN |= {"organisations", "services", "sites", "html", "head", "name", "href", "organisation_href"}


@pytest.fixture(scope="module")
def pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "url_for": lambda endpoint, **values: "/" + (values.get("filename") or endpoint.replace(".", "/")),
        "csp_nonce": lambda: "n0nce",
        "csrf_token": lambda: "t0ken",
        "get_flashed_messages": lambda **_: [],
        "is_signed_in": lambda: False,
    }
    return environment


def show(pages: Environment, name: str, values: dict[str, Any]) -> str:
    site = {"site_name": "Directory of violence prevention, West Midlands", "demonstration": True}
    return pages.get_template(name).render(**site, **values)


def missing(value: Any, key: str = "") -> Any:
    """The same shape with every list empty and every fact that may be absent set to none."""
    if isinstance(value, dict):
        return None if key in ABSENT else {name: missing(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return []
    return False if value is True else value if key in CERTAIN else None


def sparse(value: Any, key: str = "") -> Any:
    """The same, but with one bare thing left in each list."""
    if isinstance(value, dict):
        return {name: sparse(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [sparse(part) for part in value[:1] if isinstance(part, dict)]
    return missing(value, key)


def hostile(value: Any, key: str = "") -> Any:
    """The same shape with hostile text in place of every text that a person may have written."""
    if isinstance(value, dict):
        return {name: hostile(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [hostile(part, key) for part in value]
    made_by_views = {*(CERTAIN - {"name"}), "js_hrefs", "css_hrefs", "json", "id", "colour"}
    plain = isinstance(value, str) and not isinstance(value, Markup)
    return HOSTILE if plain and key not in made_by_views else value


SHAPES = {"whole": lambda values: values, "missing": missing, "sparse": sparse, "hostile": hostile}
EVERY = pytest.mark.parametrize("name", sorted(PAGES))


@EVERY
@pytest.mark.parametrize("shape", SHAPES)
def test_page_is_valid_and_has_one_heading(pages: Environment, name: str, shape: str) -> None:
    page = show(pages, name, SHAPES[shape](PAGES[name]))
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    levels = [int(found.tag[1]) for found in document.iter() if re.fullmatch("h[1-6]", str(found.tag))]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [found.get("id") for found in document.iter() if found.get("id")]
    assert len(ids) == len(set(ids))


@EVERY
def test_fields_are_labelled_and_tables_explained(pages: Environment, name: str) -> None:
    page = html5lib.parse(show(pages, name, PAGES[name]), namespaceHTMLElements=False)
    labels = {label.get("for") for label in page.iter("label")}
    fields = [*page.iter("input"), *page.iter("select")]
    assert {f.get("id") for f in fields if f.get("type") != "hidden"} <= labels
    for table in page.iter("table"):
        assert table.find("caption") is not None
        assert all(cell.get("scope") for cell in table.iter("th"))


@EVERY
def test_hostile_text_is_only_text(pages: Environment, name: str) -> None:
    page = html5lib.parse(show(pages, name, hostile(PAGES[name])), namespaceHTMLElements=False)
    run = [script for script in page.iter("script") if script.get("type") != "application/ld+json"]
    assert not any("alert" in (script.text or "") for script in run)
    assert not list(page.iter("b"))
    assert not any(key.startswith("on") or key == "style" for found in page.iter() for key in found.attrib)
    assert "{{ 7 * 7 }}" in "".join(page.itertext())


@EVERY
def test_inline_blocks_carry_the_nonce_and_nothing_comes_from_elsewhere(
    pages: Environment, name: str
) -> None:
    page = html5lib.parse(show(pages, name, PAGES[name]), namespaceHTMLElements=False)
    blocks = [block for tag in ("script", "style") for block in page.iter(tag)]
    assert all(b.get("nonce") == "n0nce" for b in blocks if b.get("type") != "application/json")
    loaded = [
        found.get("src") or found.get("href") for tag in ("script", "link", "img") for found in page.iter(tag)
    ]
    assert all(address is None or address.startswith("/") for address in loaded)


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "ftp://x"]
)
def test_an_address_that_is_not_of_the_web_is_no_link(pages: Environment, href: str) -> None:
    module = pages.get_template("components/web_link.html").module
    assert "<a" not in module.web_link(href)  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [None, ""])
def test_an_absent_fact_is_written_out(pages: Environment, value: str | None) -> None:
    known = pages.get_template("components/known.html").module.known  # type: ignore[attr-defined]
    assert "Not known" in known(value)
    assert "Not known" not in known(0)


def test_absent_facts_of_a_service_all_read_not_known(pages: Environment) -> None:
    text = show(pages, "services/show.html", missing(PAGES["services/show.html"]))
    assert len(re.findall("not known", text, re.IGNORECASE)) >= 11


def test_certainty_is_told_by_words_and_symbol_as_well_as_colour(pages: Environment) -> None:
    tag = pages.get_template("components/certainty_tag.html").module.certainty_tag  # type: ignore[attr-defined]
    shown = [tag(state) for state in ("some", "none", "not known")]
    for pattern in (r"app-tag--(\w+)", r' d="([^"]+)"', r"</svg>([^<]+)<"):
        assert len({re.search(pattern, each).group(1) for each in shown}) == 3  # type: ignore[union-attr]


def test_demonstration_is_said_only_when_it_is_one(pages: Environment) -> None:
    page = pages.get_template("errors/error.html")
    error = PAGES["errors/error.html"]
    assert "fictional" in page.render(site_name="A", demonstration=True, **error)
    assert "fictional" not in page.render(site_name="A", demonstration=False, **error)


def test_a_chosen_distance_outside_the_list_is_kept(pages: Environment) -> None:
    values = PAGES["search/results.html"] | {"query": QUERY | {"within_metres": 800}}
    assert '<option value="800" selected>800 metres</option>' in show(pages, "search/results.html", values)


def test_the_map_form_keeps_the_chosen_filters(pages: Environment) -> None:
    page = show(pages, "maps/index.html", PAGES["maps/index.html"])
    assert '<input type="hidden" name="cost" value="free">' in page
    assert '<input type="hidden" name="day" value="Friday">' in page


def test_no_template_is_long() -> None:
    assert all(len(path.read_text().splitlines()) <= 150 for path in TEMPLATES.rglob("*.html"))

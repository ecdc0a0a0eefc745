"""Made-up values for every page template, as its view gives them."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tests.web.referral_values import REFERRALS

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
    "full_note": "Full or referral only, as of 20 November 2026: ring first.",
    "fictional": True,
}
GATHER = {"service_id": "s1", "is_on": False, "href": "/search?s=s1#service-s1"}
CREDIT = {
    "title": "OpenStreetMap",
    "publisher": "OpenStreetMap contributors",
    "licence": "Open Database License",
    "licence_href": "https://example.org/odbl",
    "attribution": "© OpenStreetMap contributors",
    "gone_since": "3 November 2026",
}
GRANT = {
    "funder": "Example Trust",
    "title": "Boxing on Fridays",
    "amount": "£5,000",
    "awarded": "3 May 2025",
    "benefits": "Lozells",
    "credit": CREDIT,
}
PARTS = {
    "html": Markup('<div id="map"></div>'),
    "key": Markup('<div id="map_key"></div>'),
    "css_hrefs": ["/static/vendor/leaflet.css"],
    "js_hrefs": ["/static/vendor/leaflet.js"],
    "fetched_hrefs": ["/coverage/outlines/lsoa-1.json"],
    "data": [{"id": "map-data", "drawn": "providers", "json": '{"names": []}'}],
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
    "minutes": None,
    "age": 14,
    "day": "Friday",
    "time": "18:00",
    "view": "",
    "sort": "distance",
    "costs": ["free"],
    "age_to": 16,
    "part": "evening",
    "plain": "yes",
    "widen": "no",
}
WITHIN = [
    {"value": 1000, "label": "1 km", "selected": True},
    {"value": 2000, "label": "2 km", "selected": False},
]
FACT = {"label": "Cost", "value": "Free", "source": "the mapping exercise", "date": "3 May 2025"}
PAGINATION = {
    "page": 2,
    "pages": 3,
    "previous_href": "?page=1",
    "next_href": "?page=3",
    "links": [{"page": n, "href": f"?page={n}", "current": n == 2} for n in (1, 2, 3)],
}
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
                "results": [ROW | {"gather": GATHER}],
            },
            {"key": "unknown", "title": "Not known", "explanation": "A fact is missing.", "results": [ROW]},
        ],
        "total_known": 1,
        "total_unknown": 3,
        "facets": [{"name": "cost", "title": "Cost", "options": [OPTION, OPTION | {"selected": False}]}],
        "removable": [{"label": "Free", "href": "/search"}],
        "pagination": PAGINATION,
        "exports": EXPORTS,
        "views": [{"words": "List", "href": "/search?what=boxing", "current": True}],
        "save_href": "/searches/new?what=boxing",
        "travel": "Distances are straight lines.",
        "walks": [("", "As the distance"), (20, "20 minutes\u2019 walk")],
        "gathered": {"keys": ["s1"], "href": "/shortlist?s=s1", "most": 20},
        "nothing": {"reasons": ["No service is open then."], "nearby": [ROW], "widen": [LINK]},
        "map": PARTS,
        "understood": {"typed": "free boxing near Lozells", "plain_href": "/search?plain=yes"},
        "widened": {"said": ["exploitation"], "href": "/search?widen=no"},
        "also": [ROW | {"why": ["It has the words that you typed."]}],
    },
    **REFERRALS,
    "phrases/index.html": {
        "rows": [
            {
                "phrase": "county lines",
                "words": "exploitation",
                "terms": "",
                "retired_on": None,
                "href": "/phrases/1",
            }
        ],
        "total": 1,
        "pagination": PAGINATION,
        "what": "lines",
        "typed": {"phrase": "yot", "words": "court", "terms": ""},
        "problems": {"phrase": "A phrase needs at least one word."},
        "terms": ["group:neet"],
    },
    "phrases/show.html": {
        "id": "1",
        "name": "county lines",
        "retired_on": "2026-11-28",
        "typed": {"phrase": "county lines", "words": "exploitation", "terms": ""},
        "problems": {},
        "terms": ["group:neet"],
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
            "credit": CREDIT,
            "grants": [GRANT],
            "services": [ROW],
            "last_changed": "3 November 2026",
            "fictional": True,
            "freshness": FRESH,
        },
        "map": PARTS,
    },
    "services/show.html": {
        "structured": "{}",
        "sheet_href": "/services/s1/sheet",
        "referrals_href": "/services/s1/referrals",
        "service": {
            "service_id": "s1",
            "name": "Ring Craft Boxing",
            "organisation_name": "Lozells Road Trust",
            "organisation_href": "/organisations/o1",
            "description": "Boxing.\nThen a meal.",
            "status_note": "Closed for repairs until May",
            "full_note": "Full or referral only, as of 20 November 2026: ring first.",
            "alert": "New sessions on Fridays",
            "categories": ["Sport and activities"],
            "groups": ["Excluded from school"],
            "gender": "Everyone",
            "ages": "11 to 18",
            "cost": "Free",
            "referral": "Anyone can come",
            "steps": "Ring first.\nBring trainers.",
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
            "credit": CREDIT,
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
        "travel": "Straight lines.",
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
        "walk_options": WITHIN,
        "what_counts": "All count.",
        "travel": "On foot.",
        "way": {"minutes": 10},
        "problems": [],
        "map": PARTS,
        "table": [
            {"category": "Sport", "inside": 2, "within": 9, "serving": 3, "possible": 1, "nearest": "640 m"}
        ],
        "gaps": [{"category": "Mediation", "state": "none", "sentence": "The nearest is 3.1 km away."}],
        "reasons_href": "/coverage/areas/site-lozells",
        "help_href": "/coverage/help?place=site-lozells",
        "history": {
            "only_one": False,
            "first": "1 September 2026",
            "last": "1 November 2026",
            "within": "1 km",
            "kinds": [["Sport", "900 to 1,000", "700 to 800", "2 to 3", "3 to 4", "Closing"]],
            "days": [["1 September 2026", "2 to 3", "400", "900 to 1,000"]],
            "new": [{"name": "Canal Boxing", "href": "/services/1", "cells": ["It opened."]}],
            "href": "/sites/lozells/history.csv",
        },
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
    "sources/index.html": {
        "sources": [
            {
                "title": "OpenStreetMap",
                "publisher": "OpenStreetMap contributors",
                "address": "https://example.org/map",
                "licence": "Open Database License",
                "licence_url": "https://example.org/odbl",
                "attribution": "© OpenStreetMap contributors",
                "fetched": "3 May 2025",
                "refreshed_every_days": 30,
                "organisations": 12,
                "no_longer_in_the_source": 1,
            }
        ]
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

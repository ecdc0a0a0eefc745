"""Made-up values for the pages about referrals."""

from __future__ import annotations

from datetime import date
from typing import Any

FILES = {"csv": "/x.csv", "xlsx": "/x.xlsx"}
REFERRALS: dict[str, dict[str, Any]] = {
    "referrals/index.html": {
        "quarter": date(2026, 7, 1),
        "quarters": [("2026-07-01", "1 July 2026 to 30 September 2026")],
        "words": "1 July 2026 to 30 September 2026",
        "totals": [{"outcome": "Accepted", "referrals": None, "more": False}],
        "rows": [
            {
                "service": "Ring Craft Boxing",
                "href": "/services/s1",
                "organisation": "Lozells Road Trust",
                "outcome": "Accepted",
                "referrals": 6,
                "more": True,
            }
        ],
        "more": 3,
        "exports": FILES,
        "own": [
            {
                "service": "Ring Craft Boxing",
                "href": "/services/s1/referrals",
                "month_words": "November 2026",
                "outcome": "Accepted",
                "referrals": 1,
            }
        ],
        "own_exports": FILES,
        "counts": True,
        "least": 5,
        "open_months": 3,
        "rule": "A service reads as full.",
    },
    "referrals/count.html": {
        "name": "Ring Craft Boxing",
        "organisation_name": "Lozells Road Trust",
        "service_href": "/services/s1",
        "save_href": "/services/s1/referrals",
        "take_back_href": "/services/s1/referrals/take-back",
        "room_href": "/services/s1/referrals/room",
        "full_note": "Full or referral only, as of 20 November 2026: ring first.",
        "typed": {"month": "2026-11-01", "before": "", "outcome": "full", "referrals": "x"},
        "problem": "Choose what became of it.",
        "problems": {"outcome": "Choose what became of it."},
        "months": [("2026-11-01", "November 2026")],
        "outcomes": [("full", "Turned away: full")],
        "before": [("", "Not counted yet")],
        "own": [
            {
                "month": "2026-11-01",
                "month_words": "November 2026",
                "outcome": "full",
                "outcome_words": "Turned away: full",
                "referrals": 3,
                "open": True,
            }
        ],
        "most": 50,
        "rule": "A service reads as full.",
        "least": 5,
        "fictional": True,
    },
}

"""The gaps that the sample is made to show. README.md beside the output lists them; tests count them."""

from __future__ import annotations

from sample.places import Zone
from sample.stock import Idea

BIRMINGHAM, COVENTRY, WALSALL, SOLIHULL = "E08000025", "E08000026", "E08000030", "E08000029"
YOUTH_WORK = {"youth-facilities", "outreach", "youth-leadership", "group-work", "young-women"}
DAYTIME = {"day", "weekdays", "lunch", "early", "school"}
THIN = {"sport", "faith-work", "parenting", "spaces", "arts"}
# Categories made more common in a zone, and how much more.
PLENTY = {
    "lozells": {"sport": 4.0, "faith-work": 3.0},
    "hillfields": {"employment": 2.5},
    "three-estates": {"arts": 2.5},
}
# Where services of a category are on record but nobody knows when they are open.
HOURS_NOT_KNOWN = {("three-estates", "arts"), ("hillfields", "employment")}


def reaches(idea: Idea, authority_code: str) -> bool:
    """Whether an idea may serve a whole authority without filling one of its gaps."""
    if authority_code == BIRMINGHAM:
        return "mediation" not in idea.categories
    if authority_code == COVENTRY:
        return "trauma-therapy" not in idea.categories or (idea.minimum_age or 0) >= 16
    if authority_code == WALSALL:
        return not YOUTH_WORK & set(idea.categories) or idea.when in DAYTIME
    return authority_code != SOLIHULL or set(idea.categories) <= THIN


def allowed(idea: Idea, zone: Zone) -> bool:
    """Whether an idea may have a venue in a zone. Lozells may have mediation: it is 11 km from there."""
    return reaches(idea, zone.authority.code) or (zone.slug == "lozells" and "mediation" in idea.categories)


def hours_known(idea: Idea, zone: Zone) -> bool | None:
    """True or False where the gap depends on it, None where chance may decide."""
    if any((zone.slug, category) in HOURS_NOT_KNOWN for category in idea.categories):
        return False
    if zone.authority.code == WALSALL and YOUTH_WORK & set(idea.categories):
        return True
    return None


def ages_needed(idea: Idea, zone: Zone) -> bool:
    """Whether the ages must be on record for the gap to be certain."""
    return zone.authority.code == COVENTRY and "trauma-therapy" in idea.categories

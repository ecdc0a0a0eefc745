"""Count what is in the sample, for people to look at."""

from __future__ import annotations

from collections import Counter
from typing import Any

Document = dict[str, Any]


def codes(record: Document, taxonomy: str) -> list[str]:
    """The codes of one taxonomy that a record has."""
    terms = [each["taxonomy_term"] for each in record.get("attributes", [])]
    return [each["term"] for each in terms if each["taxonomy"] == taxonomy]


def hours_known(service: Document) -> bool:
    """Whether any schedule says when it recurs. Text alone does not."""
    return any("freq" in schedule for schedule in service.get("schedules", []))


def table(title: str, counts: Counter[str]) -> list[str]:
    """Counts, largest first."""
    return [
        title,
        *(
            f"  {name:<22}{count:>5}"
            for name, count in sorted(counts.items(), key=lambda row: (-row[1], row[0]))
        ),
    ]


def summarize(organizations: list[Document], authority_of: dict[str, str]) -> str:
    """The table that the script prints. `authority_of` gives the authority of each organisation's id."""
    services = [(document, service) for document in organizations for service in document["services"]]
    unknown = sum(not hours_known(service) for _, service in services)
    empty = sum(not service.get("schedules") for _, service in services)
    locations = [at["location"] for _, service in services for at in service.get("service_at_locations", [])]
    shares = {
        "hours not known": unknown,
        "no schedule at all": empty,
        "cost not known": sum("cost_options" not in service for _, service in services),
        "no age on record": sum("minimum_age" not in s and "maximum_age" not in s for _, s in services),
        "not active": sum(service["status"] != "active" for _, service in services),
    }
    lines = [f"{len(organizations)} organisations, {len(services)} services"]
    lines += [f"  {name:<22}{count:>5}  {count / len(services):.0%}" for name, count in shares.items()]
    lines += table(
        "Services by category (one may have two)",
        Counter(c for _, s in services for c in codes(s, "category")),
    )
    lines += table("Services by authority", Counter(authority_of[document["id"]] for document, _ in services))
    lines += table("Organisations by kind", Counter(c for each in organizations for c in codes(each, "kind")))
    lines += table(
        "Locations of services", Counter(each.get("protection", each["location_type"]) for each in locations)
    )
    return "\n".join(lines)

"""Whom to credit on a page, and which grants there were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from directory.languages import say_date
from directory.web.presenting import safe_link


def credit(document: Mapping[str, Any]) -> dict[str, Any]:
    """Whom to credit for a published document, and whether its source has it no longer."""
    source = document.get("source") or {}
    since = source.get("gone_since")
    return {
        "title": source.get("title"),
        "publisher": source.get("publisher"),
        "licence": source.get("licence"),
        "licence_href": safe_link(source.get("licence_url")),
        "attribution": source.get("attribution"),
        "gone_since": say_date(date.fromisoformat(since)) if since else None,
    }


def grants(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The grants that funders say they made to an organisation, with whom to credit for each."""
    return [
        {
            "funder": grant.get("funder"),
            "title": grant.get("title"),
            "amount": _amount(grant),
            "awarded": say_date(date.fromisoformat(grant["awarded_on"])) if "awarded_on" in grant else None,
            "benefits": grant.get("benefits"),
            "credit": credit(grant),
        }
        for grant in document.get("grants", [])
    ]


def _amount(grant: Mapping[str, Any]) -> str | None:
    if "amount" not in grant:
        return None
    currency = grant.get("currency", "GBP")
    return f"£{grant['amount']:,.0f}" if currency == "GBP" else f"{grant['amount']:,.0f} {currency}"

"""Costs as people write them."""

from __future__ import annotations

import re
from typing import Any

_FREE = re.compile(
    r"(?:free|no charge|no cost|nil)(?:\s+of charge)?[\s.]*"
    r"((?:[-(:\s]*(?:for|to|with|at|entry|if|sessions?|activity|activities|places?)\b.*)?)",
    re.DOTALL,
)
_PRICE = re.compile(r"([^£\d]*)£\s*(\d{1,5}(?:[.]\d\d?)?)(?!\d)p?\s*([^£]*)", re.DOTALL)
_PENCE = re.compile(r"([^£\d]*)(\d{1,3})p\b\s*([^£]*)", re.DOTALL)
_NUMBER = re.compile(r"\d{1,5}(?:[.]\d\d?)?")
# "£2-£5" and "from £2" are not one price; neither is a price per something that follows in figures.
_NOT_ONE_PRICE = re.compile(
    r"\b(from|up to|about|around|approx\w*|between|suggested|donations?|varies)\b|\d\s*[-\u2013]\s*[\d£]"
)
_EDGES = " \t\n:,;.-\u2013()="


def read_costs(text: str) -> list[dict[str, Any]] | None:
    """Cost options without identifiers, or None where the text does not give plain prices.

    >>> read_costs("Free"), read_costs("£2.50 a session")
    ([{'amount': 0.0}], [{'amount': 2.5, 'amount_description': 'a session'}])
    >>> read_costs("donation") is None
    True
    """
    parts = [part.strip() for part in re.split(r"[;\n]|,(?!\d)|\s/\s", text) if part.strip(_EDGES)]
    options = [_read_one(" ".join(part.split())) for part in parts]
    return [option for option in options if option] if options and all(options) else None


def _read_one(text: str) -> dict[str, Any] | None:
    if _NOT_ONE_PRICE.search(text.casefold()):
        return None
    if _NUMBER.fullmatch(text):
        return {"amount": float(text)}
    free = _FREE.fullmatch(text.casefold())
    if free and "£" not in text and not re.search(r"\d+p\b", text):
        return _option("", 0.0, text[free.start(1) :])
    for form, pence_in_pound in ((_PRICE, 1), (_PENCE, 100)):
        if match := form.fullmatch(text):
            return _option(match[1], float(match[2]) / pence_in_pound, match[3])
    return None


def _option(option: str, amount: float, description: str) -> dict[str, Any]:
    words = {
        "option": option.strip(_EDGES),
        "amount": amount,
        "amount_description": description.strip(_EDGES),
    }
    return {name: value for name, value in words.items() if value != ""}

"""Take what must not be seen out of texts: an address can be written anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from directory.models import Contact, Location, Organization
from geodata.postcodes import normalise_postcode

WITHHELD = "[withheld]"
SHORTEST_WORDS = 5
NAMES = frozenset({"name", "alternate_name", "organization_name"})
_HOUSE = re.compile(r"^\s*(flat|unit|room|suite)?\s*\d+\s*[a-z]?\s*[,/-]?\s+", re.IGNORECASE)


def is_shown(contact: Contact) -> bool:
    """Whether a contact agreed, on a recorded day, to be shown to the public."""
    return contact.consent_date is not None and contact.consent_scope == "public"


def is_venue(location: Location) -> bool:
    """Whether a place is one to go to. An address for letters never is."""
    if location.location_type != "physical":
        return False
    return not location.addresses or any(a.address_type != "postal" for a in location.addresses)


def may_show_address(location: Location) -> bool:
    """Whether the public may see just where a place is."""
    return location.protection == "open" and is_venue(location)


class Withholder:
    """Knows what must not appear of one organisation, and takes it out of any value."""

    def __init__(self, organization: Organization, *, places: Iterable[str]) -> None:
        """`places` are names of towns and areas: no secret, however often they stand in an address."""
        self._common = {name.casefold() for name in places}
        everywhere, in_prose = set[str](), set[str]()
        shown = set[str]()
        for service in organization.services:
            for link in service.service_at_locations:
                if may_show_address(link.location):
                    shown |= set(self._address_words(link.location))
                else:
                    everywhere |= set(self._address_words(link.location))
                    in_prose |= {link.location.name or ""}
        contacts = [
            *organization.contacts,
            *(c for service in organization.services for c in service.contacts),
        ]
        for contact in contacts:
            if not is_shown(contact):
                everywhere |= {contact.name or "", contact.email or ""}
                everywhere |= {phone.number for phone in contact.phones}
        # An organisation may be open at one door and private at another: what is shown is no secret.
        self._everywhere = _pattern(everywhere - shown)
        self._in_prose = _pattern((everywhere | in_prose) - shown)

    def __call__(self, value: Any, key: str = "") -> Any:
        """A value of a document without what is withheld; a text that is nothing else goes altogether."""
        if isinstance(value, dict):
            pairs = {name: self(item, name) for name, item in value.items()}
            return {name: item for name, item in pairs.items() if item is not None}
        if isinstance(value, list):
            return [item for item in (self(item, key) for item in value) if item is not None]
        pattern = self._everywhere if key in NAMES else self._in_prose
        if not isinstance(value, str) or pattern is None or key == "id":
            return value
        text = pattern.sub(WITHHELD, value)
        return text if text != WITHHELD or key in NAMES else None

    def _address_words(self, location: Location) -> Iterator[str]:
        for address in location.addresses:
            for line in (address.address_1, address.address_2):
                for part in [line or "", *(line or "").split(",")]:
                    words = part.strip()
                    yield words if not self._is_common(words) else ""
                    street = _HOUSE.sub("", words)
                    yield street if " " in street and not self._is_common(street) else ""
            yield normalise_postcode(address.postal_code or "") or address.postal_code or ""

    def _is_common(self, words: str) -> bool:
        return words.casefold() in self._common


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """One expression for all of the secrets, whatever their case and spacing."""
    long_enough = sorted(
        {s.strip() for s in secrets if len(s.strip()) >= SHORTEST_WORDS}, key=lambda s: (-len(s), s)
    )
    if not long_enough:
        return None
    # Between any two characters there may be a space: "B19 2TH", "b192th" and "B 19 2TH" are one postcode.
    choices = []
    for secret in long_enough:
        packed = normalise_postcode(secret) is not None or secret.replace(" ", "").lstrip("+").isdigit()
        letters = secret.replace(" ", "") if packed else secret.split()
        choices.append((r"[\s-]*" if packed else r"[\s,]+").join(re.escape(letter) for letter in letters))
    return re.compile(r"(?<!\w)(?:" + "|".join(choices) + r")(?!\w)", re.IGNORECASE)

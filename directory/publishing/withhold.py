"""Take what must not be seen out of texts: an address can be written anywhere."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from directory.models import Contact, Location, Organization, utc_now
from directory.publishing import grid_spellings, spellings
from directory.publishing.spellings import fold

WITHHELD = "[withheld]"
NAMES = frozenset({"name", "alternate_name"})
# Half of one of these is of no use, and may give the rest away.
ALL_OR_NOTHING = frozenset({"email", "url", "website", "uri", "logo", "number"})
# What an item of a list is there to say: without it, the item goes.
# What our own pages and filters read: words of the standard and of the taxonomy, never what people wrote.
STRUCTURE = frozenset(
    """id link_type taxonomy term precision location_type status freq byday bymonthday dtstart until
    valid_from valid_to opens_at closes_at address_type country identifier_scheme
    identifier last_modified assured_date authority authority_code ward ward_code lsoa_code code""".split()  # noqa: SIM905
)
# A digit, but for those of words like 1st.
_NUMBER = re.compile(r"\d(?!\d*(?:st|nd|rd|th)\b)")
POINT_OF_ITEM = {"phones": "number", "funding": "source", "accessibility": "description"}


def is_shown(contact: Contact) -> bool:
    """Whether a contact agreed, on a recorded day that has come, to be shown to the public."""
    # In summer a day begins here an hour before it does in UTC.
    today = (utc_now() + timedelta(hours=1)).date()
    return (
        contact.consent_date is not None
        and contact.consent_date <= today
        and contact.consent_scope == "public"
    )


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

    def __init__(self, organization: Organization, *, places: frozenset[str]) -> None:
        """`places` are folded names of towns and areas: no secret, however often they stand in an address."""
        locations = [link.location for s in organization.services for link in s.service_at_locations]
        contacts = [*organization.contacts, *(c for s in organization.services for c in s.contacts)]
        hidden, shown = set[str](), set[str]()
        for location in locations:
            open_door = may_show_address(location)
            for address in location.addresses:
                seen = open_door and address.address_type != "postal"
                lines = {*spellings.address_lines(address, places), *spellings.postcodes(address)}
                if location.protection == "open" and not seen:
                    lines = {line for line in lines if not _in_public_name(organization, line)}
                (shown if seen else hidden).update(lines)
            if open_door:
                shown.add(spellings.words(location.name))
            else:
                hidden.update(_place_spellings(location, organization))
        for contact in contacts:
            (shown if is_shown(contact) else hidden).update(_contact_spellings(contact))
        # An organisation may be open at one door and private at another: what is shown is no secret.
        self._expression = spellings.expression(hidden - shown - {""})

    def __call__(self, value: Any, key: str = "") -> Any:
        """A value of a document without what is withheld; a text that is nothing else goes altogether."""
        if key in STRUCTURE or _is_ours(key, value):
            return value
        if isinstance(value, dict):
            pairs = {name: self(item, name) for name, item in value.items()}
            return {name: item for name, item in pairs.items() if item is not None}
        if isinstance(value, list):
            return self._items(value, key)
        if not isinstance(value, str) or self._expression is None:
            return value
        return self._text(value, key, self._expression)

    def _items(self, values: list[Any], key: str) -> list[Any]:
        point = POINT_OF_ITEM.get(key)
        cleaned = [self(item, key) for item in values]
        return [item for item in cleaned if item is not None and (point is None or point in item)]

    def _text(self, text: str, key: str, expression: re.Pattern[str]) -> str | None:
        spans = [match.span() for match in expression.finditer(fold(text))]
        if not spans:
            # Written in the code of web addresses or pages, it cannot be cut out, so the whole text goes.
            plain = unquote(html.unescape(text))
            coded = plain != text and expression.search(fold(plain))
            return (WITHHELD if key in NAMES else None) if coded else text
        starts, ends = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
        cleaned = WITHHELD.join(text[a:b] for a, b in zip(starts, ends, strict=True))
        if key in NAMES:
            return cleaned
        return None if cleaned.strip() == WITHHELD or key in ALL_OR_NOTHING else cleaned


def _is_ours(key: str, value: Any) -> bool:
    """Whether a part of a document is a term of the taxonomy, or credits the source of the record."""
    return isinstance(value, dict) and (key == "source" or (key == "taxonomy_term" and "term" in value))


def _place_spellings(location: Location, organization: Organization) -> Iterator[str]:
    """The name of a withheld place and its point."""
    if location.latitude is not None and location.location_type != "virtual":
        yield from grid_spellings.degrees(location.latitude)
        yield from grid_spellings.degrees(location.longitude)
        yield from grid_spellings.grid(location.easting, location.northing)
    if location.location_type == "virtual" and location.protection == "open":
        return
    name = spellings.words(location.name)
    if name and not _goes_by(organization, name):
        yield name


def _goes_by(organization: Organization, name: str) -> bool:
    """Whether the name of a place is that of the organisation or of a service, and so is no secret."""
    names = [organization.alternate_name or "", *(service.name for service in organization.services)]
    expression = spellings.expression([name])
    assert expression is not None  # noqa: S101 - for the type checker: a name is given
    whole = [expression.fullmatch(fold(text).strip()) for text in names]
    return any(whole) or expression.search(fold(organization.name)) is not None


def _in_public_name(organization: Organization, line: str) -> bool:
    """Whether a line of an address for letters, without a number, stands in the name on the register.

    Registers write the name of a club and its village into the address of its secretary. Nobody asked that
    such a place be hidden, and the name is public. A number, but for one like 1st, is that of a house or a
    postcode, and stays out.
    """
    expression = spellings.expression([line]) if line else None
    found = expression.search(fold(organization.name)) if expression else None
    return found is not None and not _NUMBER.search(found.group())


def _contact_spellings(contact: Contact) -> Iterable[str]:
    return {
        *spellings.person(contact.name),
        spellings.email(contact.email),
        *(spellings.number(phone.number) for phone in contact.phones),
    }

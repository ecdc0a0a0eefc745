"""Texts of the open data that must be written in one way: identifiers, addresses of the web, moments."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, WithJsonSchema

from directory.openreferral.check import is_web_address

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
# RFC 3986: what may stand in an address of the web, and what must be written with a percent sign.
_URI = re.compile(
    r"[a-z][a-z0-9+.-]*:(?:[a-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9a-f]{2})+", re.IGNORECASE | re.ASCII
)
_EMAIL = re.compile(r"[^\s@\"<>(),;:\\\[\]]+@[^\s@\"<>(),;:\\\[\]]+\.[^\s@\"<>(),;:\\\[\].]+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.IGNORECASE | re.ASCII)


def _uuid(text: str) -> str:
    if not _UUID.fullmatch(text):
        raise ValueError("This is not a UUID.")
    return text


def _uri(text: str) -> str:
    if not is_uri(text):
        raise ValueError("This is not an address of the web.")
    return text


def _email(text: str) -> str:
    if not is_email(text):
        raise ValueError("This is not an e-mail address.")
    return text


def _moment(text: str) -> str:
    if read_moment(text) is None:
        raise ValueError("This is not a date and time with its zone.")
    return text


def is_uri(text: str) -> bool:
    """Whether a text is an address as RFC 3986 has it, with a host where its kind needs one."""
    if not _URI.fullmatch(text) or text.count("#") > 1:
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme not in ("http", "https") or bool(parts.hostname)


def is_email(text: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None and ".." not in text


def read_moment(text: str) -> datetime | None:
    """A moment as RFC 3339 writes it, in UTC; None if it is not one."""
    if not _MOMENT.fullmatch(text):
        return None
    # A leap second is a second that Python does not have.
    plain = re.sub(r"(?<=\d\d:\d\d):60", ":59", text.upper())
    try:
        return datetime.fromisoformat(plain.replace(" ", "T")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_moment(moment: datetime) -> str:
    """A moment in UTC to the thousandth of a second, as the profile wants it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def web_uri(text: str | None) -> str | None:
    """A web address as RFC 3986 writes it, or None where it cannot be one."""
    if not text or not is_web_address(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
    except ValueError:
        return None
    rest = [quote(part, safe="%/:?#@!$&'()*+,;=~-._") for part in parts[2:]]
    address = urlunsplit((parts.scheme, host, *rest))
    return address if is_uri(address) else None


Uuid = Annotated[str, AfterValidator(_uuid), WithJsonSchema({"type": "string", "format": "uuid"})]
Uri = Annotated[str, AfterValidator(_uri), WithJsonSchema({"type": "string", "format": "uri"})]
Email = Annotated[str, AfterValidator(_email), WithJsonSchema({"type": "string", "format": "email"})]
Moment = Annotated[str, AfterValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]

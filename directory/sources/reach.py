"""Ways to reach somebody: e-mail, web and telephone, checked but never lost."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from directory.openreferral.check import is_web_address

_SEVERAL = re.compile(r"\s*(?:[/;,\n]|\bor\b|\band\b|&)\s*")
_SHORTEST_NUMBER = 9


def read_email(text: str) -> str | None:
    """The e-mail address, or None when the text is not exactly one.

    >>> read_email(" mailto:Hello@example.org.uk ")
    'Hello@example.org.uk'
    """
    address = text.strip().removeprefix("mailto:").strip(" <>.,;")
    try:
        validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return address


def read_website(text: str) -> str | None:
    """An http or https address, or None. A bare host such as www.example.org gets https://.

    >>> read_website("www.example.org/youth"), read_website("javascript:alert(1)")
    ('https://www.example.org/youth', None)
    """
    address = text.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        address = f"https://{address}"
    if re.match(r"https?:", address, re.IGNORECASE):
        scheme, _, rest = address.partition(":")
        address = f"{scheme.lower()}:{rest}"
    return address if is_web_address(address) and "@" not in address.split("/")[2] else None


def read_phones(text: str) -> tuple[list[str], list[str]]:
    """The telephone numbers of a text: those that are good, written the usual way, and those that look odd.

    >>> read_phones("01213039944 or 0121 496 0123"), read_phones("ask at the desk")
    ((['0121 303 9944', '0121 496 0123'], []), ([], ['ask at the desk']))
    """
    good, odd = [], []
    # A long run of blanks would be tried from each of its blanks; a line end parts two numbers.
    lines = (" ".join(line.split()) for line in text.splitlines())
    for part in _split_numbers("\n".join(line for line in lines if line)):
        number = _usual(part)
        if number:
            good.append(number)
        else:
            odd.append(part)
    return good, odd


def _split_numbers(text: str) -> list[str]:
    """Several numbers of one cell; "0121 303 9944/5" stays whole, for its second part is no number."""
    parts = [part for part in _SEVERAL.split(text.strip()) if part]
    whole = all(sum(c.isdigit() for c in part) >= _SHORTEST_NUMBER for part in parts)
    return parts if whole else [text.strip()]


def _usual(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None
    # The words of "Ring 0121 303 9944 after six" are worth keeping as they are.
    if not phonenumbers.is_valid_number(number) or re.search(r"[a-z]{4,}", text.casefold()):
        return None
    abroad = number.country_code != phonenumbers.country_code_for_region("GB")
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.INTERNATIONAL if abroad else form.NATIONAL)

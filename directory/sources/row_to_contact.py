"""From a row to the person to contact, who is shown only with consent."""

from __future__ import annotations

import re
from typing import Any

from directory.sources.cells import Cells
from directory.sources.dates import read_date
from directory.sources.identity import stable_id
from directory.sources.row_to_organization import email_of, phones_of

_YES = re.compile(r"(?:yes|y|true|agreed|consented)\b[\s,:;.()-]*(?:on\s+)?(.*)", re.DOTALL)
_NO = re.compile(r"(?:no|n|false|refused|not yet|do not publish)\b.*", re.DOTALL)


def contacts_of(cells: Cells, service_id: str) -> list[dict[str, Any]]:
    """The contact of a row, if there is one."""
    contact_id = stable_id(service_id, "contact")
    known: dict[str, Any] = {
        "name": cells.text("contact_name"),
        "title": cells.text("contact_role"),
        "email": email_of(cells, "contact_email"),
        "phones": phones_of(cells, "contact_phone", contact_id),
    }
    contact = {key: value for key, value in known.items() if value}
    consent = _consent(cells)
    return [{"id": contact_id, **contact, **consent}] if contact else []


def _consent(cells: Cells) -> dict[str, str]:
    """Consent counts only with the day it was given: without one it cannot be shown later that it was."""
    text = cells.text("contact_consent")
    if not text or _NO.fullmatch(text.casefold()):
        return {}
    match = _YES.fullmatch(text.casefold())
    given = read_date(match[1] if match else text)
    if given:
        return {"consent_date": given.isoformat(), "consent_scope": "public"}
    cells.flag(
        "contact_consent",
        f"{text!r} is not yes with a date, such as yes 3/11/2025; the contact will not be shown.",
        keep=text,
    )
    return {}

"""The register of what must not come back: keyed hashes, which name nobody."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import DoNotList, Secret
from directory.publishing.spellings import TITLES, fold
from geodata.postcodes import normalise_postcode

KINDS = ("org_id", "name_postcode", "email", "phone", "person")
CONSENT = "consent"
_KEY = "do_not_list"
_TITLE = re.compile(rf"^(?:{TITLES})\b\.?\s+")
_SHORTEST_NUMBER = 7
Document = Mapping[str, Any]


class NothingToListError(ValueError):
    """A text of which nothing is left to know it by; the message says what is needed."""


@dataclass(frozen=True)
class Register:
    """The digests that are on the register, by kind, with the days of withdrawn consents; and the key."""

    key: bytes
    digests: Mapping[str, Collection[str]]
    withdrawn: Mapping[str, date] = field(default_factory=dict)

    def holds(self, kind: str, text: str | None) -> bool:
        """Whether a text is on the register."""
        plain = plain_form(kind, text or "")
        listed = self.digests.get(kind)
        return bool(plain and listed) and digest(self.key, kind, plain) in (listed or ())

    def withdrawn_on(self, organization_id: str, contact: Document) -> date | None:
        """The last day on which somebody of an organisation took consent back."""
        marks = consent_marks(organization_id, contact)
        days = (
            [self.withdrawn.get(digest(self.key, CONSENT, mark)) for mark in marks] if self.withdrawn else []
        )
        return max((day for day in days if day), default=None)


def read_register(session: Session) -> Register:
    """The whole register: it is short, and a batch of records is compared with it at once."""
    rows = session.execute(select(DoNotList.kind, DoNotList.digest, DoNotList.added_at)).all()
    digests: dict[str, set[str]] = {}
    for kind, mark, _ in rows:
        digests.setdefault(kind, set()).add(mark)
    withdrawn = {mark: at.date() for kind, mark, at in rows if kind == CONSENT}
    return Register(_key(session) if rows else b"", digests, withdrawn)


def add(session: Session, kind: str, text: str, reason: str = "", account_id: str | None = None) -> bool:
    """Put something on the register; whether it is new there. `reason` must name nobody."""
    plain = plain_form(kind, text)
    if not plain:
        raise NothingToListError(NEEDED[kind])
    before = session.scalar(select(func.count()).select_from(DoNotList))
    add_mark(session, kind, plain, reason, account_id)
    return session.scalar(select(func.count()).select_from(DoNotList)) != before


def add_mark(session: Session, kind: str, plain: str, reason: str, account_id: str | None) -> DoNotList:
    """Put a plain form on the register, or find it there."""
    mark = digest(_key(session), kind, plain)
    row = session.scalar(select(DoNotList).where(DoNotList.kind == kind, DoNotList.digest == mark))
    if row is None:
        row = DoNotList(kind=kind, digest=mark, reason=reason, added_by_id=account_id)
        session.add(row)
        session.flush()
    return row


def remove(session: Session, kind: str, text: str) -> bool:
    """Take something off the register; whether it was there."""
    mark = digest(_key(session), kind, plain_form(kind, text))
    row = session.scalar(select(DoNotList).where(DoNotList.kind == kind, DoNotList.digest == mark))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def is_listed(session: Session, kind: str, text: str) -> bool:
    """Whether one text is on the register, as before a letter is written to an address."""
    return read_register(session).holds(kind, text)


def digest(key: bytes, kind: str, plain: str) -> str:
    """The keyed hash of a plain form. Without the key, nobody can try names until one fits."""
    return hmac.new(key, f"{kind}\x1f{plain}".encode(), hashlib.sha256).hexdigest()


def plain_form(kind: str, text: str) -> str:
    """What a text is known by, however it is written; empty when nothing is left of it.

    >>> plain_form("phone", "+44 (0)121 496 0987") == plain_form("phone", "0121 496-0987")
    True
    """
    if kind == "phone":
        return _number(text)
    if kind == "name_postcode":
        name, _, postcode = text.rpartition(",")
        code = normalise_postcode(postcode)
        return f"{_words(name)}\x1f{code}" if code and _words(name) else ""
    if kind == "person":
        return " ".join(sorted(_words(_TITLE.sub("", fold(text).strip())).split()))
    if kind == "email":
        return fold(text).strip() if "@" in text else ""
    return re.sub(r"[\W_]", "", fold(text))


NEEDED = {
    "org_id": "Give the identifier with its register, such as GB-CHC-1234567.",
    "name_postcode": 'Give the name, a comma and the postcode, such as "Oak Trust, B19 2TH".',
    "email": "Give an e-mail address.",
    "phone": f"Give a telephone number of {_SHORTEST_NUMBER} digits or more.",
    "person": "Give the person's name.",
}


def consent_marks(organization_id: str, contact: Document) -> Iterator[str]:
    """What a contact of an organisation is known by when consent was taken back."""
    marks = (
        plain_form(kind, contact.get(key) or "") for kind, key in (("person", "name"), ("email", "email"))
    )
    yield from (f"{organization_id}\x1f{mark}" for mark in marks if mark)


def _key(session: Session) -> bytes:
    row = session.get(Secret, _KEY)
    if row is None:
        row = Secret(name=_KEY, value=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return row.value.encode()


def _words(text: str) -> str:
    plain = re.sub("['\u2019\u02bc]", "", fold(text)).replace("&", " and ")
    return " ".join(re.findall(r"[^\W_]+", plain))


def _number(text: str) -> str:
    digits = re.sub(r"\D", "", re.split("[A-Za-z]", text)[0].replace("(0)", ""))
    national = re.sub(r"^(?:0044|44(?=\d{9})|0(?=\d{9}))0?", "", digits)
    return national if len(national) >= _SHORTEST_NUMBER else ""

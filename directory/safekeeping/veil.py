"""Identifiers that nobody can make again: those of readers, hashed with the database's own key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from directory.models import Secret

# What holds an identifier that readers make.
NAMES = ("id", "parent_organization_id")


def veil(document: Any, key: bytes, only: Collection[str] | None = None) -> Any:
    """The document with each identifier, or each of some, hashed with the database's own key.

    Readers make identifiers of names and addresses. Anybody could do the same with every postcode there is
    until one fits; without the key, they cannot.
    """
    if isinstance(document, Mapping):
        return {
            name: _veiled(value, key)
            if name in NAMES and isinstance(value, str) and (only is None or value in only)
            else veil(value, key, only)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [veil(item, key, only) for item in document]
    return document


def veiled_id(identifier: str, key: bytes, only: Collection[str] | None = None) -> str:
    """One identifier as `veil` leaves it."""
    return _veiled(identifier, key) if only is None or identifier in only else identifier


def _veiled(identifier: str, key: bytes) -> str:
    digest = hmac.new(key, identifier.encode(), hashlib.sha256).digest()
    return str(UUID(bytes=digest[:16], version=4))


def identifier_key(session: Session) -> bytes:
    """The database's key for identifiers, made when it is first asked for."""
    row = session.get(Secret, "identifiers")
    if row is None:
        row = Secret(name="identifiers", value=secrets.token_hex(32))
        session.add(row)
        session.flush()
    return row.value.encode()

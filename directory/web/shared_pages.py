"""Kept pages that all web processes of all machines have in common, in Redis where it is configured.

It holds pages of results that anybody may read, with what was asked, each for ten minutes at most. A page is
signed together with its name: only what a process with the same secret key put just there is taken. While
Redis does not answer, each process goes by itself.
"""

from __future__ import annotations

import hashlib
import logging
import pickle
import time
from typing import Any, Protocol

from flask import Flask
from itsdangerous import BadSignature, Signer

from directory.config import Settings

MOST_SECONDS = 600
# A page is not worth waiting for longer than it takes to make.
WAIT_SECONDS = 0.1
# How long nobody asks again after there was no answer.
REST_SECONDS = 30
PREFIX = "directory page "
_log = logging.getLogger(__name__)


class Server(Protocol):
    """What is asked of a client of Redis."""

    def get(self, name: str) -> Any:
        """What stands under a name, as bytes."""

    def set(self, name: str, value: bytes, *, ex: int) -> Any:
        """Put something under a name for so many seconds."""


class NoPages:
    """In place of shared pages where there are none."""

    def find(self, _key: str) -> None:
        """Nothing."""

    def keep(self, _key: str, _page: object, _seconds: float) -> None:
        """Do nothing."""


class SharedPages:
    """Pages by their key, for as long as they are right and ten minutes at most."""

    def __init__(self, server: Server, secret: str, failures: tuple[type[Exception], ...]) -> None:
        self._server, self._failures = server, failures
        self._secret, self._again = secret, 0.0

    def find(self, key: str) -> Any:
        """A page that any process put there, or None."""
        signed = self._ask(lambda: self._server.get(PREFIX + key))
        if signed is None:
            return None
        try:
            return pickle.loads(self._signer(key).unsign(signed))  # noqa: S301 - signed by one of us
        except BadSignature:
            _log.warning(
                "A page in Redis is not signed with the secret key of this process: it is not taken."
            )
        except Exception:  # whatever it is, the page can be made
            _log.warning("A page in Redis cannot be read: it is made anew.", exc_info=True)
        return None

    def keep(self, key: str, page: object, seconds: float) -> None:
        """Put a page there for all."""
        if (whole := min(int(seconds), MOST_SECONDS)) > 0:
            signed = self._signer(key).sign(pickle.dumps(page))
            self._ask(lambda: self._server.set(PREFIX + key, signed, ex=whole))

    def _signer(self, key: str) -> Signer:
        return Signer(self._secret, salt=f"kept page {key}", digest_method=hashlib.sha256)

    def _ask(self, question: Any) -> Any:
        if time.monotonic() < self._again:
            return None
        try:
            return question()
        except self._failures as error:
            _log.warning("Redis does not answer, so each process keeps pages by itself: %s", error)
            self._again = time.monotonic() + REST_SECONDS
            return None


def shared_pages(app: Flask, settings: Settings) -> SharedPages | NoPages:
    """The pages that all processes have in common, as the settings say."""
    if not settings.pages_storage:
        return NoPages()
    try:
        import redis  # noqa: PLC0415 - a package of its own, for those who have a server
    except ImportError as error:
        raise ValueError(
            "PAGES_STORAGE needs the Python package redis. Install it, or leave it out."
        ) from error
    try:
        server = redis.Redis.from_url(
            settings.pages_storage, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS
        )
    except ValueError as error:
        raise ValueError(f"PAGES_STORAGE is no address of a Redis server: {error}") from error
    return SharedPages(server, str(app.secret_key), (redis.RedisError,))

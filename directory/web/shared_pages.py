"""Kept pages that web processes have in common.

They stand in memory that workers share which one process forked (`gunicorn --preload`), or, where it is
configured, in Redis, for all machines. There are pages of results that anybody may read, with what was asked,
each for ten minutes at most. A page is signed together with its name: only what a process with the same
secret key put just there is taken. While Redis does not answer, each process goes by itself.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import pickle
import struct
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
# A page of results takes some 10 kB there, and 16 at most; what is longer is not in common.
PLACES, PLACE_BYTES = 1_024, 32_768
HEAD = struct.Struct("=16sdI")  # digest, until when in seconds, how many bytes
ROOM = PLACE_BYTES - HEAD.size
_log = logging.getLogger(__name__)


class Store(Protocol):
    """Where pages stand: what is asked of a client of Redis."""

    def get(self, name: str) -> Any:
        """What stands under a name, as bytes."""

    def set(self, name: str, value: bytes, *, ex: int) -> Any:
        """Put something under a name for so many seconds."""


class CommonMemory:
    """Memory that a process has in common with those that it forks.

    It is cut into places of one size, of which each name has one: whatever comes later to the same place
    takes it. Nobody waits for anybody, so what was half written is told by its digest.
    """

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        # No file stands behind it, and only what is written takes memory.
        self._memory = mmap.mmap(-1, places * PLACE_BYTES)

    def get(self, name: str) -> bytes | None:
        """What stands under a name, unless its seconds are over."""
        start = self._start(name)
        digest, until, length = HEAD.unpack_from(self._memory, start)
        if not length or time.time() >= until:
            return None
        value = self._memory[start + HEAD.size : start + HEAD.size + min(length, ROOM)]
        return value if digest == _digest(name, until, value) else None

    def set(self, name: str, value: bytes, *, ex: int) -> None:
        """Put something under a name for so many seconds, if it is not too long."""
        if len(value) <= ROOM:
            until, start = time.time() + ex, self._start(name)
            head = HEAD.pack(_digest(name, until, value), until, len(value))
            self._memory[start : start + HEAD.size + len(value)] = head + value

    def _start(self, name: str) -> int:
        return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % self._places * PLACE_BYTES


def _digest(name: str, until: float, value: bytes) -> bytes:
    written = b"%b %b %b" % (name.encode(), repr(until).encode(), value)
    return hashlib.blake2b(written, digest_size=16).digest()


class SharedPages:
    """Pages by their key, for as long as they are right and ten minutes at most."""

    def __init__(self, store: Store, secret: str, failures: tuple[type[Exception], ...] = ()) -> None:
        self._store, self._failures = store, failures
        self._secret, self._again = secret, 0.0

    def find(self, key: str) -> Any:
        """A page that any process put there, or None."""
        signed = self._ask(lambda: self._store.get(PREFIX + key))
        if signed is None:
            return None
        try:
            return pickle.loads(self._signer(key).unsign(signed))  # noqa: S301 - signed by one of us
        except BadSignature:
            _log.warning("A shared page is not signed with the secret key of this process: it is not taken.")
        except Exception:  # whatever it is, the page can be made
            _log.warning("A shared page cannot be read: it is made anew.", exc_info=True)
        return None

    def keep(self, key: str, page: object, seconds: float) -> None:
        """Put a page there for all."""
        if (whole := min(int(seconds), MOST_SECONDS)) > 0:
            try:
                signed = self._signer(key).sign(pickle.dumps(page))
            except Exception:  # the page is there all the same
                _log.warning("A page cannot be shared.", exc_info=True)
                return
            self._ask(lambda: self._store.set(PREFIX + key, signed, ex=whole))

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


def shared_pages(app: Flask, settings: Settings) -> SharedPages:
    """The pages that processes have in common, as the settings say."""
    if not settings.pages_storage:
        return SharedPages(CommonMemory(), str(app.secret_key))
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

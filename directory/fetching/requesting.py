"""Ask a publisher's server for something: declared hosts only, patiently, and plain about what went wrong."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from typing import IO, Any, TypeVar, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

Answer = TypeVar("Answer")

BUSY = frozenset({429, 500, 502, 503, 504})
LONGEST_WAIT_SECONDS = 120.0
USER_AGENT = "vru-directory (downloads open data)"


class FetchError(Exception):
    """A file could not be fetched; the text is a sentence for the person who asked."""


class OfflineError(FetchError):
    """A host could not be reached at all."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} could not be reached.")
        self.host = host


class AnswerError(FetchError):
    """The server answered, but not with what was asked for."""

    def __init__(self, address: str, status: int) -> None:
        super().__init__(f"{host_of(address)} answered {status} for {address}.")
        self.status = status


class CutShortError(ConnectionError):
    """The connection ended before the whole answer had come."""


@dataclass(frozen=True)
class Connection:
    """How to reach publishers: the hosts allowed, how long to wait, how often to try."""

    hosts: tuple[str, ...]
    base_address: str | None = None
    timeout_seconds: float = 60.0
    attempts: int = 5
    sleep: Callable[[float], None] = time.sleep

    def rebased(self, address: str) -> str:
        """The address under the base address, if there is one: BASE/host/path, so a mirror can hold all."""
        if self.base_address is None or host_of(address) == host_of(self.base_address):
            return address
        self.check(address)
        return self.base_address.rstrip("/") + "/" + address.split("://", 1)[1]

    def check(self, address: str) -> None:
        """Refuse a host that is not declared, and anything but https away from this machine."""
        host = host_of(address)
        allowed = (*self.hosts, host_of(self.base_address)) if self.base_address else self.hosts
        if host not in allowed:
            raise FetchError(f"{address} is not on a host of this publisher ({', '.join(allowed)}): refused.")
        scheme = urlsplit(address).scheme
        if scheme != "https" and not (scheme == "http" and is_loopback(host)):
            raise FetchError(f"{address} does not use https: refused.")


class _DeclaredRedirects(HTTPRedirectHandler):
    """Follow a redirect only to a host that the source declares."""

    def __init__(self, connection: Connection, address: str) -> None:
        self.connection = connection
        self.reached = address

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        self.connection.check(newurl)
        self.reached = newurl
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def host_of(address: str) -> str:
    """The host of an address, in small letters."""
    return urlsplit(address).hostname or ""


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def ask(connection: Connection, address: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """Open an address, trying again while the server is busy or the connection fails."""
    return patiently(connection, address, lambda: _open(connection, address, headers or {}))


def ask_text(connection: Connection, address: str, largest_bytes: int) -> str:
    """The whole text at an address; a cut connection is tried again."""

    def whole() -> str:
        with _open(connection, address, {}) as response:
            content = response.read(largest_bytes + 1)
            expected = response.headers["Content-Length"]
        if len(content) > largest_bytes:
            raise too_large(address, largest_bytes)
        if expected is not None and len(content) < int(expected):
            raise CutShortError
        return content.decode("utf-8", errors="replace")

    return patiently(connection, address, whole)


def ask_json(connection: Connection, address: str, largest_bytes: int) -> Any:
    """The JSON at an address. ArcGIS reports its errors inside a good answer: those are raised too."""
    text = ask_text(connection, address, largest_bytes)
    try:
        found = json.loads(text)
    except ValueError:
        raise FetchError(f"{host_of(address)} did not answer with JSON for {address}.") from None
    if isinstance(found, dict) and isinstance(found.get("error"), dict):
        reason = found["error"].get("message", "no reason given")
        raise FetchError(f"{host_of(address)} refused the query ({reason}): {address}.")
    return found


def patiently(connection: Connection, address: str, action: Callable[[], Answer]) -> Answer:
    """Do something that talks to a server; wait and try again when it is busy or the connection fails."""
    wait = 1.0
    for attempts_left in reversed(range(connection.attempts)):
        try:
            return action()
        except HTTPError as error:
            error.close()
            if error.code not in BUSY or not attempts_left:
                raise AnswerError(address, error.code) from None
            connection.sleep(_asked_to_wait(error.headers.get("Retry-After")) or wait)
        except (OSError, HTTPException) as error:
            if _is_hopeless(error) or not attempts_left:
                raise _explained(address, error) from error
            connection.sleep(wait)
        wait *= 2
    raise ValueError("a connection needs at least one attempt")


def too_large(address: str, largest_bytes: int) -> FetchError:
    """The error for a file larger than its source may be."""
    return FetchError(f"{address} is larger than the {largest_bytes:,} bytes allowed for it: refused.")


def _open(connection: Connection, address: str, headers: Mapping[str, str]) -> HTTPResponse:
    connection.check(address)
    known = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    request = Request(address, headers=known | dict(headers))  # noqa: S310 - the scheme is checked above
    redirects = _DeclaredRedirects(connection, address)
    # A proxy cannot reach a server on this machine.
    proxies = [ProxyHandler({})] if is_loopback(host_of(address)) else []
    try:
        opened = build_opener(redirects, *proxies).open(request, timeout=connection.timeout_seconds)
    except HTTPError:
        raise
    except URLError as error:
        error.filename = redirects.reached  # the host that failed may not be the one first asked
        raise
    return cast(HTTPResponse, opened)


def _is_hopeless(error: BaseException) -> bool:
    """Whether trying again cannot help: the name is unknown here, or the certificate is not trusted."""
    reason = error.reason if isinstance(error, URLError) else error
    return isinstance(reason, socket.gaierror | ssl.SSLCertVerificationError)


def _explained(address: str, error: BaseException) -> FetchError:
    reason = error.reason if isinstance(error, URLError) else error
    host = host_of((error.filename if isinstance(error, URLError) else None) or address)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return FetchError(f"{host} could not prove that it is {host} ({reason.verify_message}): refused.")
    if isinstance(error, URLError):
        return OfflineError(host)
    return FetchError(
        f"The connection to {host} kept being cut; run this again to go on from where it stopped."
    )


def _asked_to_wait(retry_after: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, at most two minutes; None if it does not say."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return min(float(retry_after), LONGEST_WAIT_SECONDS)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    seconds = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)

"""Read a feed over the network: politely, within limits, from no private address unless that is wanted."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

USER_AGENT = "vru-directory (checks open data feeds)"
BUSY = (429, 503)
LONGEST_WAIT_SECONDS = 30.0


class ReadError(Exception):
    """An address could not be read. `rule` says which kind of fault that is."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True)
class Limits:
    """How much a feed may take of us, and we of it."""

    bytes_each: int = 20_000_000
    seconds_each: float = 30.0
    seconds_all: float = 900.0
    redirects: int = 3
    pause_seconds: float = 0.1
    busy_times: int = 1
    private: bool = False


@dataclass(frozen=True)
class Answer:
    """What an address answered."""

    address: str
    status: int
    headers: dict[str, str]
    content: bytes


@dataclass
class Reader:
    """Reads addresses one after the other."""

    limits: Limits = field(default_factory=Limits)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _started: float | None = None

    def read(self, address: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        """The answer of an address, behind its redirects; a busy server is asked again, `busy_times`."""
        if self._started is None:
            self._started = self.clock()
        if self.clock() - self._started > self.limits.seconds_all:
            raise ReadError("time", f"The feed took more than {self.limits.seconds_all:.0f} seconds in all.")
        self.sleep(self.limits.pause_seconds)
        answer = self._follow(address, method, headers or {})
        for time_ in range(self.limits.busy_times):
            if answer.status not in BUSY:
                break
            wait = answer.headers.get("retry-after", "")
            self.sleep(min(float(wait) if wait.isdigit() else 5.0 * 2**time_, LONGEST_WAIT_SECONDS))
            answer = self._follow(address, method, headers or {})
        return answer

    def _follow(self, address: str, method: str, wanted: Mapping[str, str]) -> Answer:
        here = address
        for _ in range(self.limits.redirects + 1):
            answer = self._ask(here, method, wanted)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            here = urljoin(here, target)
        raise ReadError("redirect", f"It redirects more than {self.limits.redirects} times.")

    def _ask(self, address: str, method: str, wanted: Mapping[str, str]) -> Answer:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise ReadError("uri", f"{address} is not an address of the web.") from None
        if parts.scheme not in ("http", "https") or not host:
            raise ReadError("uri", f"{address} is not an address of the web.")
        connection = self._connect(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
        headers["Origin"] = "https://example.org"
        try:
            connection.request(method, path, headers={**headers, **wanted})
            with connection.getresponse() as response:
                names = {name.lower(): value for name, value in response.getheaders()}
                return Answer(address, response.status, names, self._content(response))
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise ReadError("answer", f"The connection failed: {error or type(error).__name__}.") from None
        finally:
            connection.close()

    def _content(self, response: http.client.HTTPResponse) -> bytes:
        """The content, as long as it is neither too large nor too slow."""
        most, began, parts, size = self.limits.bytes_each, self.clock(), list[bytes](), 0
        while part := response.read1(65_536):
            size += len(part)
            if size > most:
                raise ReadError("size", f"The answer is larger than {most:,} bytes.")
            if self.clock() - began > self.limits.seconds_each:
                raise ReadError("time", f"The answer took more than {self.limits.seconds_each:.0f} seconds.")
            parts.append(part)
        return b"".join(parts)

    def _connect(self, scheme: str, host: str, port: int) -> http.client.HTTPConnection:
        """A connection to an address that was looked at first, so that no name can lead elsewhere later."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise ReadError("answer", f"{host} could not be found.") from None
        addresses = [str(item[4][0]) for item in found]
        if not self.limits.private and not all(is_public(one) for one in addresses):
            raise ReadError("redirect", f"{host} is a private address: refused. --private allows it.")
        seconds = self.limits.seconds_each
        try:
            reached = socket.create_connection((addresses[0], port), timeout=seconds)
            if scheme == "https":
                reached = ssl.create_default_context().wrap_socket(reached, server_hostname=host)
        except OSError as error:
            raise ReadError("answer", f"{host} could not be reached: {error}.") from None
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
        connection.sock = reached
        return connection


def is_public(address: str) -> bool:
    """Whether an address of the network is one that everybody can reach."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None)
    return (inner or found).is_global and not found.is_multicast

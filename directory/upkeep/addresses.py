"""From the host of a web address to addresses on the public network, and to no other."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
# Addresses that hold another one, to which a gateway would lead.
GATEWAYS = tuple(ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float], socket.socket]


class NotAllowedError(Exception):
    """An address that we do not ask: it is not on the public network, or not the web's."""


class NoHostError(Exception):
    """A host that has no address."""


@dataclass(frozen=True)
class Spot:
    """Where to connect to for a web address: its host's own address, which was looked at."""

    scheme: str
    host: str
    port: int
    address: str
    target: str


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as this machine finds them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def connect(address: str, port: int, timeout: float) -> socket.socket:
    """A connection to an address (never to a name: a name could lead elsewhere than it did a moment ago)."""
    return socket.create_connection((address, port), timeout)


def spot_of(url: str, resolver: Resolve) -> Spot:
    """Where a web address leads. Raises NotAllowedError or NoHostError.

    Every address of the host is looked at, and one that is not public is enough to refuse the host. The
    connection is made to the address that was looked at, so it does not help to change it in between.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise NotAllowedError("It is no web address.") from error
    if parts.scheme not in PORTS or not host:
        raise NotAllowedError("It is no web address.")
    if parts.username is not None or parts.password is not None:
        raise NotAllowedError("It holds a name or a password.")
    if port not in (None, PORTS[parts.scheme]):
        raise NotAllowedError("It names a port of its own.")
    try:
        found = resolver(host, PORTS[parts.scheme])
    except OSError as error:
        raise NoHostError(f"There is no host {host}.") from error
    if not found:
        raise NoHostError(f"There is no host {host}.")
    if not all(is_public(address) for address in found):
        raise NotAllowedError("It leads to an address that is not public.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Spot(parts.scheme, host, PORTS[parts.scheme], found[0], target)


def is_public(text: str) -> bool:
    """Whether an address is one of the public network: not private, of this machine, or of many."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif any(address in network for network in GATEWAYS) or address.scope_id:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved

"""Ask a web server for one thing: in little time, for few bytes, and only on the public network."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket
from urllib.parse import quote, urljoin

from directory.upkeep.addresses import Connect, NoHostError, Resolve, Spot, connect, resolve, spot_of

USER_AGENT = "vru-directory-link-check"
MOST_REDIRECTS = 5
MOST_BYTES = 64 * 1024
SECONDS = 15.0
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class NoAnswerError(Exception):
    """A server that gave no answer that can be used; the text says why."""


@dataclass(frozen=True)
class Network:
    """How the web is reached: how names become addresses, how connections are made, and how long to pause."""

    resolve: Resolve = resolve
    connect: Connect = connect
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS


@dataclass(frozen=True)
class Reply:
    """The status, where it leads, and the beginning of what came."""

    status: int
    location: str | None
    content: bytes


def exchange(network: Network, method: str, url: str) -> Reply:
    """One question and its answer, without following it. Raises NoAnswerError or NotAllowedError."""
    try:
        spot = spot_of(url, network.resolve)
    except NoHostError as error:
        raise NoAnswerError(str(error)) from error
    try:
        plain = network.connect(spot.address, spot.port, network.seconds)
    except OSError as error:
        raise NoAnswerError(f"It could not be reached: {_why(error)}.") from error
    talk = _wrapped(network, plain, spot)
    connection = http.client.HTTPConnection(spot.host, spot.port, timeout=network.seconds)
    # It is connected already, to the address that was looked at.
    connection.sock = talk
    # A server may send a byte now and then for ever: after this time the connection ends, whatever came.
    too_late = threading.Event()
    end = threading.Timer(network.seconds, _hang_up, [talk, too_late])
    end.daemon = True
    end.start()
    try:
        if isinstance(talk, ssl.SSLSocket):
            talk.do_handshake()
        connection.request(
            method, _printable(spot.target), headers={"User-Agent": USER_AGENT, "Accept": "*/*"}
        )
        response = connection.getresponse()
        content = response.read(MOST_BYTES)
        if too_late.is_set():
            # What was cut off may look whole: headers end where the connection does.
            raise NoAnswerError("It took too long.")
        return Reply(response.status, response.headers["Location"], content)
    except ssl.SSLCertVerificationError as error:
        raise NoAnswerError(f"Its certificate is not good: {error.verify_message}.") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswerError(f"It did not answer as a web server does: {_why(error)}.") from error
    finally:
        end.cancel()
        connection.close()
        talk.close()


def redirected(url: str, reply: Reply) -> str | None:
    """Where an answer leads to; None when it leads nowhere."""
    if reply.status not in REDIRECTS or not reply.location:
        return None
    return urljoin(url, reply.location)


def _printable(target: str) -> str:
    """What stands in the first line of the question: no space, no letter beyond ASCII."""
    return quote(target, safe="/?&=:;@!$'()*+,%~-._[]")


def _wrapped(network: Network, plain: socket, spot: Spot) -> socket:
    if spot.scheme == "http":
        return plain
    return network.tls.wrap_socket(plain, server_hostname=spot.host, do_handshake_on_connect=False)


def _hang_up(talk: socket, too_late: threading.Event) -> None:
    too_late.set()
    try:
        # Of the socket itself: an encrypted one would first forget what it is reading with.
        socket.shutdown(talk, SHUT_RDWR)
    except OSError:
        return


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__

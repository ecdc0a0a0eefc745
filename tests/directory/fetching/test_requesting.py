"""Asking a server: which hosts, how patiently, and what is said when it fails."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.error import URLError

import pytest

from directory.fetching import requesting
from directory.fetching.requesting import (
    AnswerError,
    Connection,
    FetchError,
    OfflineError,
    ask,
    ask_json,
    ask_text,
    patiently,
)
from tests.loopback import Publishers, Served, serving


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with serving() as served:
        served.files["/file"] = Served(b'{"found": 1}')
        yield served


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def connection(waits: list[float]) -> Connection:
    return Connection(("127.0.0.1",), sleep=waits.append)


def test_a_busy_server_is_asked_again(
    connection: Connection, publishers: Publishers, waits: list[float]
) -> None:
    publishers.mishaps += [("status", 503), ("status", 429), ("status", 500)]
    assert ask_json(connection, f"{publishers.address}/file", 100) == {"found": 1}
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("86400", 120.0), ("soon", 1.0)])
def test_retry_after_is_honoured_within_reason(
    connection: Connection, publishers: Publishers, waits: list[float], asked: str, waited: float
) -> None:
    publishers.mishaps.append(("busy", asked))
    ask_text(connection, f"{publishers.address}/file", 100)
    assert waits == [waited]


def test_retry_after_may_be_a_date(
    connection: Connection, publishers: Publishers, waits: list[float]
) -> None:
    publishers.mishaps.append(("busy", format_datetime(datetime.now(UTC) + timedelta(seconds=40))))
    ask_text(connection, f"{publishers.address}/file", 100)
    assert waits == [pytest.approx(39, abs=2)]


def test_a_server_that_stays_busy_is_given_up(
    connection: Connection, publishers: Publishers, waits: list[float]
) -> None:
    publishers.mishaps += [("status", 503)] * 5
    with pytest.raises(AnswerError, match="answered 503"):
        ask(connection, f"{publishers.address}/file")
    assert len(waits) == 4


def test_a_server_that_hangs_up_is_asked_again(
    connection: Connection, publishers: Publishers, waits: list[float]
) -> None:
    publishers.mishaps.append(("hang up", None))
    assert ask_text(connection, f"{publishers.address}/file", 100) == '{"found": 1}'
    assert waits == [1.0]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://api.os.uk/file", "does not use https"),
        ("ftp://api.os.uk/file", "does not use https"),
        ("file:///etc/passwd", "not on a host of this publisher"),
        ("https://api.os.uk.example.org/file", "not on a host of this publisher"),
        ("http://127.0.0.1/file", "not on a host of this publisher"),
    ],
)
def test_other_hosts_and_unsafe_addresses_are_refused(address: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        ask(Connection(("api.os.uk",)), address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_this_machine_may_be_asked_without_https(host: str) -> None:
    Connection((host.strip("[]"),)).check(f"http://{host}:5000/file")


def test_a_mirror_holds_each_host_under_its_name() -> None:
    mirror = Connection(("api.os.uk",), base_address="https://mirror.example/open/")
    assert mirror.rebased("https://api.os.uk/a?b=c") == "https://mirror.example/open/api.os.uk/a?b=c"
    assert mirror.rebased("https://mirror.example/open/x") == "https://mirror.example/open/x"


def test_a_redirect_is_followed_to_a_declared_host(connection: Connection, publishers: Publishers) -> None:
    publishers.redirects["/old"] = f"{publishers.address}/file"
    with ask(connection, f"{publishers.address}/old") as response:
        assert response.geturl() == f"{publishers.address}/file"


def test_the_host_that_could_not_be_reached_is_the_one_redirected_to(publishers: Publishers) -> None:
    publishers.redirects["/old"] = "http://localhost:1/file"
    with pytest.raises(OfflineError) as caught:
        ask(Connection(("127.0.0.1", "localhost"), attempts=1), f"{publishers.address}/old")
    assert caught.value.host == "localhost"


def test_an_answer_that_is_not_json_is_told(connection: Connection, publishers: Publishers) -> None:
    publishers.files["/file"] = Served(b"<html>")
    with pytest.raises(FetchError, match="did not answer with JSON"):
        ask_json(connection, f"{publishers.address}/file", 100)


@pytest.mark.parametrize("headers", [{}, {"Content-Length": ""}])
def test_a_text_larger_than_allowed_is_refused(
    connection: Connection, publishers: Publishers, headers: dict[str, str]
) -> None:
    publishers.files["/file"] = Served(b"x" * 200, headers)
    with pytest.raises(FetchError, match="larger than the 100 bytes"):
        ask_text(connection, f"{publishers.address}/file", 100)


def test_an_unknown_name_is_offline_at_once(connection: Connection, waits: list[float]) -> None:
    def fail() -> None:
        raise URLError(socket.gaierror(-2, "Name or service not known"))

    with pytest.raises(OfflineError, match=r"api\.os\.uk could not be reached"):
        patiently(connection, "https://api.os.uk/", fail)
    assert waits == []


def test_a_certificate_that_is_not_trusted_is_not_called_offline(connection: Connection) -> None:
    def fail() -> None:
        error = ssl.SSLCertVerificationError("bad")
        error.verify_message = "self-signed certificate"
        raise URLError(error)

    with pytest.raises(
        FetchError, match=r"could not prove that it is api\.os\.uk \(self-signed certificate\)"
    ):
        patiently(connection, "https://api.os.uk/", fail)


def test_a_connection_without_attempts_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        ask(Connection(("127.0.0.1",), attempts=0), "http://127.0.0.1/")


def test_a_proxy_is_not_asked_for_this_machine(
    connection: Connection, publishers: Publishers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    assert requesting.ask_text(connection, f"{publishers.address}/file", 100)

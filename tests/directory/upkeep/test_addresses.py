"""Which addresses the link check asks: those of the public network alone, however they are written."""

import pytest

from directory.upkeep.addresses import NoHostError, NotAllowedError, is_public, spot_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "not an address",
    ],
)
def test_what_is_not_public_is_not_asked(address):
    assert not is_public(address)
    with pytest.raises(NotAllowedError):
        spot_of("http://example.org/", lambda _host, _port: [address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_what_is_public_is_asked(address):
    assert is_public(address)
    assert spot_of("https://example.org/a?b=1#c", lambda _host, _port: [address]).address == address


def test_one_private_address_among_several_is_enough_to_refuse():
    with pytest.raises(NotAllowedError):
        spot_of("http://example.org/", lambda _host, _port: ["93.184.216.34", "127.0.0.1"])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "http://",
        "http:///path",
        "//example.org",
        "http://user@example.org/",
        "http://user:word@example.org/",
        "http://example.org:22/",
        "http://example.org:8080/",
        "https://example.org:80/",
        "http://example.org:99999/",
        "http://[::1/",
        f"http://{'a' * 70}.example.org/",
        "",
    ],
)
def test_what_is_no_plain_web_address_is_not_asked(url):
    with pytest.raises(NotAllowedError):
        spot_of(url, lambda _host, _port: ["93.184.216.34"])


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "localhost"])
def test_this_machine_is_not_asked_however_it_is_written(host):
    with pytest.raises((NotAllowedError, NoHostError)):
        spot_of(f"http://{host}/", resolve_here)


def resolve_here(host, port):
    """As this machine does it, without asking anybody: these are numbers, or this machine's own name."""
    from directory.upkeep.addresses import resolve

    return resolve(host, port)


def test_a_name_in_other_letters_is_asked_for_as_the_network_has_it():
    asked = []
    spot_of("http://b\u00fccher.example/", lambda host, _port: asked.append(host) or ["93.184.216.34"])
    assert asked == ["xn--bcher-kva.example"]

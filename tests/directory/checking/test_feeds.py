"""Feeds over the network: our own passes strictly; those that lie, never end or lead astray are reported."""

import json

import pytest
from werkzeug.wrappers import Response

from directory.checking.feed import Wanted, check_address
from directory.checking.reading import Limits, Reader, ReadError, is_public
from directory.web.api.examples import EXAMPLES
from tests.serving import answering, served

PRIVATE = Limits(private=True, pause_seconds=0)
OPEN = {"Access-Control-Allow-Origin": "*"}


def uuid(number):
    return f"00000000-0000-4000-8000-{number:012}"


def things(count):
    return [EXAMPLES["services"]["contents"][0] | {"id": uuid(number)} for number in range(count)]


def feed(change=lambda page, _number: page, *, count=5, **more):
    """A feed of services, each page of which a test may change."""

    def answer(request):
        if request.path == "/":
            details = {
                "version": "HSDS-UK-3.0",
                "profile": "https://example.org",
                "openapi_url": "https://example.org",
            }
            return send(details)
        name, _, key = request.path.strip("/").partition("/")
        if name != "services":
            return Response("", 404)
        if key:
            return send(EXAMPLES["service"] | {"id": key})
        number, size = int(request.args["page"]), int(request.args["per_page"])
        part = things(count)[(number - 1) * size : number * size]
        pages = -(-count // size)
        page = {"total_items": count, "total_pages": pages, "page_number": number, "size": len(part)}
        flags = {"first_page": number == 1, "last_page": number >= pages, "empty": not part}
        return send(change(page | flags | {"contents": part}, number), **more)

    return answering(answer)


def send(document, **more):
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    return Response(text, **{"content_type": "application/json", "headers": OPEN, **more})


def rules(app, *, limits=PRIVATE, **wanted):
    """The kinds of fault of a feed."""
    with served(app) as address:
        wanted = Wanted(**{"strict": True, "per_page": 2, **wanted})
        report = check_address(address, wanted, Reader(limits, sleep=lambda _s: None), lambda _p: None)
    return {group.rule for group in report.groups} - {"endpoint"}


def test_good_feed_has_no_fault():
    assert rules(feed()) == set()


def changed(**facts):
    return lambda page, number: page | facts if number == 2 else page


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (changed(total_items=6), {"total"}),
        (lambda page, _n: page | {"total_items": 7}, {"total"}),
        (changed(size=1), {"size-there"}),
        (
            lambda page, n: page | ({"contents": page["contents"][:1], "size": 1} if n == 2 else {}),
            {"size-asked", "total"},
        ),
        (changed(first_page=True), {"first-page"}),
        (lambda page, _n: page | {"first_page": False}, {"first-page"}),
        (changed(last_page=True), {"last-page"}),
        (lambda page, _n: page | {"last_page": False}, {"last-page"}),
        (changed(page_number=1), {"page-number"}),
        (changed(empty=True), {"empty"}),
        (lambda page, n: page | ({"contents": things(2)} if n == 2 else {}), {"id-twice"}),
        (lambda page, _n: {"items": page["contents"]}, {"page-shape"}),
        (lambda page, n: page if n == 1 else "<html></html>", {"json"}),
        (lambda page, _n: page | {"more": 1}, {"extra-field"}),
        (lambda _page, _n: b"\xff", {"json"}),
    ],
)
def test_page_that_breaks_a_rule_is_named(change, expected):
    assert rules(feed(change)) == expected


def test_headers_are_looked_at():
    assert rules(feed(headers={}, content_type="text/html")) == {"cors", "content-type"}


def test_feed_that_never_ends_is_left_after_some_pages():
    endless = feed(lambda page, _n: page | {"total_pages": 10**9, "last_page": False}, count=100)
    assert rules(endless, pages=3) == {"more-pages"}


def test_identifier_that_leads_nowhere_is_a_fault():
    page = {"total_items": 1, "total_pages": 1, "page_number": 1, "size": 1, "contents": things(1)}
    page |= {"first_page": True, "last_page": True, "empty": False}
    gone = answering(lambda request: Response("", 404) if "/services/" in request.path else send(page))
    assert "id-resolves" in rules(gone)


def test_dead_link_is_a_warning_alone():
    app = answering(lambda request: Response("", 404) if "dead" in request.path else Response("fine"))
    with served(app) as there:
        linked = feed(
            lambda page, _n: page | {"contents": [t | {"url": f"{there}/dead"} for t in page["contents"]]}
        )
        with served(linked) as address:
            reader = Reader(PRIVATE, sleep=lambda _s: None)
            report = check_address(address, Wanted(per_page=2, links=3), reader, lambda _p: None)
    dead = next(group for group in report.groups if group.rule == "link-dead")
    assert (dead.severity, dead.examples[0].where) == ("warning", f"{there}/dead")


def read(app, path="/", **limits):
    with served(app) as address:
        return Reader(Limits(**{"private": True, "pause_seconds": 0, **limits}), sleep=lambda _s: None).read(
            address + path
        )


def test_answer_without_end_is_cut():
    def forever():
        while True:
            yield b"x" * 65_536

    with pytest.raises(ReadError, match="larger than") as caught:
        read(answering(lambda _r: Response(forever())), bytes_each=1_000_000)
    assert caught.value.rule == "size"


def test_redirects_are_followed_a_few_times():
    once = answering(lambda r: Response("", 302, {"Location": "/b"}) if r.path == "/" else Response("there"))
    assert read(once).content == b"there"
    with pytest.raises(ReadError, match="redirects"):
        read(answering(lambda _r: Response("", 302, {"Location": "/"})))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/", "http://"])
def test_redirect_to_what_is_no_web_address_is_refused(target):
    with pytest.raises(ReadError):
        read(answering(lambda _r: Response("", 302, {"Location": target})))


def test_private_address_is_refused_unless_wanted():
    with served(feed()) as address, pytest.raises(ReadError, match="private"):
        Reader(Limits(pause_seconds=0)).read(address)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("169.254.169.254", False),
        ("::1", False), ("fe80::1%eth0", False), ("::ffff:127.0.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("100.64.0.1", False), ("8.8.8.8", True), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_private_addresses_are_known(address, public):
    assert is_public(address) is public


def test_busy_server_is_asked_once_more_after_the_time_it_says():
    waits, answers = [], iter([Response("", 429, {"Retry-After": "7"}), Response("fine")])
    with served(answering(lambda _r: next(answers))) as address:
        assert Reader(PRIVATE, sleep=waits.append).read(address).content == b"fine"
    assert 7.0 in waits


def test_feed_that_takes_too_long_is_left():
    moments = iter(range(0, 10_000, 300))
    limits = Limits(private=True, pause_seconds=0, seconds_each=10**9)
    reader = Reader(limits, sleep=lambda _s: None, clock=lambda: next(moments))
    with served(feed()) as address:
        reader.read(address)
        with pytest.raises(ReadError, match="in all"):
            reader.read(address)


def test_our_own_feed_passes_strictly(app):
    with served(app) as address:
        report = check_address(f"{address}/api", Wanted(strict=True), Reader(PRIVATE), lambda _p: None)
    assert report.groups == []
    assert report.counts["services"] > 300


def test_command_tells_writes_and_fails(app, tmp_path):
    bad = tmp_path / "feed.json"
    bad.write_text(json.dumps(EXAMPLES["service"] | {"url": "<script>"}))
    for kind in ("json", "html", "txt"):
        result = app.test_cli_runner().invoke(
            args=["directory", "check-feed", str(bad), "--report", str(tmp_path / f"r.{kind}")]
        )
        assert result.exit_code == 1
        assert "ERROR uri at $.url" in result.output
    assert json.loads((tmp_path / "r.json").read_text())["passed"] is False
    assert "<script>" not in (tmp_path / "r.html").read_text()
    good = tmp_path / "good.json"
    good.write_text(json.dumps(EXAMPLES["service"]))
    assert (
        app.test_cli_runner().invoke(args=["directory", "check-feed", str(good), "--strict"]).exit_code == 0
    )


@pytest.mark.parametrize(
    "words", [["nowhere.json"], ["http://127.0.0.1:9/"], ["x.json", "--report", "r.pdf"]]
)
def test_command_says_what_it_cannot_read(app, words):
    result = app.test_cli_runner().invoke(args=["directory", "check-feed", *words])
    assert result.exit_code == 1
    assert "Traceback" not in result.output

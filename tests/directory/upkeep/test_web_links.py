"""The link check: what it calls dead, what it leaves alone, and how politely it asks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from directory.models import LinkCheck, Organization, PublishedService, ReviewFlag
from directory.publishing.publish import publish
from directory.upkeep.robots import Robots
from directory.upkeep.web_links import Asker, check_links
from tests.conftest import TODAY
from tests.directory.records import add, organization, service
from tests.directory.upkeep.pages_server import PUBLIC, serving

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture
def pages():
    with serving() as served:
        yield served


def outcome(pages, url, seconds=5.0):
    network = pages.network(seconds)
    return Asker(network, Robots(network)).outcome(url)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, "ok"),
        (204, "ok"),
        (404, "dead"),
        (410, "dead"),
        (403, "unclear"),
        (429, "unclear"),
        (503, "unclear"),
    ],
)
def test_the_status_says_what_became_of_an_address(pages, status, expected):
    pages.pages["a.example", "/x"] = (status, {}, b"")
    assert outcome(pages, "http://a.example/x").outcome == expected


def test_the_head_is_enough_and_the_page_is_asked_for_only_without_it(pages):
    assert outcome(pages, "http://a.example/x").outcome == "ok"
    assert [method for method, _, path in pages.asked if path == "/x"] == ["HEAD"]
    pages.pages["HEAD", "b.example", "/x"] = (405, {}, b"")
    assert outcome(pages, "http://b.example/x").outcome == "ok"
    assert [method for method, host, path in pages.asked if (host, path) == ("b.example", "/x")] == [
        "HEAD",
        "GET",
    ]


def test_robots_txt_is_obeyed(pages):
    pages.pages["a.example", "/robots.txt"] = (
        200,
        {},
        b"User-agent: *\nDisallow: /private\nCrawl-delay: 20\n",
    )
    assert outcome(pages, "http://a.example/private/x").outcome == "refused"
    assert ("HEAD", "a.example", "/private/x") not in pages.asked
    assert outcome(pages, "http://a.example/open").outcome == "ok"
    assert 20 in pages.slept


def test_a_host_whose_robots_txt_cannot_be_read_is_left_alone(pages):
    pages.pages["a.example", "/robots.txt"] = (500, {}, b"")
    assert outcome(pages, "http://a.example/x").outcome == "unclear"
    assert pages.asked == [("GET", "a.example", "/robots.txt")]


def test_a_host_has_its_pauses(pages):
    network = pages.network()
    asker = Asker(network, Robots(network))
    for path in ("x", "y", "z"):
        asker.outcome(f"http://a.example/{path}")
    assert pages.slept == [5.0, 5.0, 5.0]  # four questions with robots.txt
    asker.outcome("http://b.example/x")
    assert len(pages.slept) == 4


def test_a_redirect_is_followed_and_its_host_is_asked_for_its_own_rules(pages):
    pages.pages["a.example", "/x"] = (301, {"Location": "http://b.example/y"}, b"")
    pages.pages["b.example", "/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /\n")
    assert outcome(pages, "http://a.example/x").outcome == "refused"
    assert ("HEAD", "b.example", "/y") not in pages.asked


def test_a_circle_ends(pages):
    pages.pages["a.example", "/x"] = (302, {"Location": "/x"}, b"")
    assert outcome(pages, "http://a.example/x").outcome == "dead"
    assert len(pages.asked) < 10


@pytest.mark.parametrize(
    "target",
    [
        "http://inside.example/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "http://b.example:22/",
    ],
)
def test_a_redirect_to_a_private_address_is_not_followed(pages, target):
    pages.hosts = {"inside.example": [["10.0.0.7"]], "127.0.0.1": [["127.0.0.1"]], "::1": [["::1"]]}
    pages.pages["a.example", "/x"] = (302, {"Location": target}, b"")
    assert outcome(pages, "http://a.example/x").outcome == "private"
    assert {address for address, _ in pages.connected} == {PUBLIC}
    assert {host for _, host, _ in pages.asked} == {"a.example"}


def test_a_private_host_is_never_connected_to(pages):
    pages.hosts = {"inside.example": [["192.168.0.1"]]}
    assert outcome(pages, "http://inside.example/x").outcome == "private"
    assert pages.connected == []


def test_a_host_that_changes_its_address_in_between_is_refused(pages):
    pages.hosts = {"turns.example": [[PUBLIC], ["127.0.0.1"]]}
    assert outcome(pages, "http://turns.example/x").outcome == "private"
    # robots.txt was asked for at the address that was looked at; for the page the new one was looked at too.
    assert pages.connected == [(PUBLIC, 80)]


def test_a_host_that_is_not_there_is_dead(pages):
    pages.hosts = {"gone.example": "none"}
    found = outcome(pages, "http://gone.example/")
    assert (found.outcome, found.detail) == ("dead", "There is no host gone.example.")


def test_a_server_that_drips_or_hangs_up_holds_nobody_up(pages):
    pages.pages["a.example", "/x"] = ("drip", {}, b"")
    pages.pages["b.example", "/x"] = ("hang up", {}, b"")
    assert outcome(pages, "http://a.example/x", seconds=0.5).outcome == "dead"
    assert outcome(pages, "http://b.example/x").outcome == "dead"


def test_a_large_page_is_read_in_part(pages):
    pages.pages["HEAD", "a.example", "/x"] = (405, {}, b"")
    pages.pages["GET", "a.example", "/x"] = (200, {}, b"x" * 5_000_000)
    assert outcome(pages, "http://a.example/x").outcome == "ok"


def test_a_dead_address_is_flagged_after_two_failures_and_settled_when_it_answers(committed, pages):
    add(
        committed,
        organization("Oak", service("Boxing", url="http://a.example/x"), website="http://b.example/"),
    )
    pages.pages["a.example", "/x"] = (404, {}, b"")
    network = pages.network()
    assert check_links(committed, network, NOW).flagged == 0
    assert not check_links(committed, network, NOW + timedelta(days=1)).outcomes  # nothing is due
    assert check_links(committed, network, NOW + timedelta(days=8)).flagged == 1
    assert check_links(committed, network, NOW + timedelta(days=40)).flagged == 0  # it is flagged already
    [flag] = committed.scalars(select(ReviewFlag))
    assert "Boxing: http://a.example/x" in flag.message
    pages.pages["a.example", "/x"] = (200, {}, b"")
    check_links(committed, network, NOW + timedelta(days=80))
    assert committed.scalars(select(ReviewFlag)).one().outcome == "The address answers again."
    assert {row.url: row.failures for row in committed.scalars(select(LinkCheck))} == {
        "http://a.example/x": 0,
        "http://b.example/": 0,
    }


def test_the_flag_of_an_address_that_was_taken_out_is_settled(committed, pages):
    [key] = add(committed, organization("Oak", service("Boxing", url="http://a.example/x")))
    pages.pages["a.example", "/x"] = (404, {}, b"")
    for days in (0, 8):
        check_links(committed, pages.network(), NOW + timedelta(days=days))
    committed.get_one(Organization, key).services[0].url = "http://c.example/"
    publish(committed, [key], TODAY)
    check_links(committed, pages.network(), NOW + timedelta(days=9))
    assert committed.scalars(select(ReviewFlag)).one().settled_at is not None
    assert committed.scalars(select(LinkCheck.url)).all() == ["http://c.example/"]


def test_what_is_made_up_or_not_published_is_never_asked_for(committed, pages):
    add(committed, organization("Oak", service("Boxing", url="http://a.example/x"), fictional=True))
    assert committed.scalars(select(PublishedService.fictional)).all() == [True]
    check_links(committed, pages.network(), NOW)
    assert pages.asked == []

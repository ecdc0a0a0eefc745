"""Feeds that misbehave: each a clear report, the good rows in, what was there unharmed."""

import json

import pytest
from sqlalchemy import func, select

from directory.models import Organization, PublishedOrganization, Service, SourceRecord
from tests.feed_server import service_of

# What is done with a bad feed depends on no database.
pytestmark = pytest.mark.one_database


def stream_without_end(handler, piece):
    """Send pieces for as long as somebody reads: a gigabyte and more, made as it is sent."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        for _ in range(2_000):
            handler.wfile.write(piece)
    except OSError:
        return


def endless_pages(handler, page):
    handler.feed.services = [service_of(n) for n in range(page * 2)]
    handler.page(page, total_pages=10**9, last_page=False)


def on_page(wanted, do):
    """Misbehave on one page alone."""

    def mishap(handler, page):
        if page != wanted:
            return False
        do(handler)
        return True

    return mishap


def said(status, content=b"", **headers):
    return lambda handler: handler.say(status, content, **headers)


PAGE = {"total_items": 10, "total_pages": 5, "last_page": False}
MISHAPS = {
    "html in the middle": (said(200, b"<html>Sorry, we are closed</html>"), 8, "not JSON"),
    "429 in the middle": (said(429, Retry_After="1"), 8, "answers 429"),
    "500 in the middle": (said(500), 8, "answers 500"),
    "invalid UTF-8": (said(200, b'{"contents": [{"name": "\xff\xfe"}]}'), 8, "not in UTF-8"),
    "no page at all": (said(200, b'{"error": "no"}'), 8, "not a page"),
    "a list for a number": (said(200, json.dumps({"contents": {}}).encode()), 8, "not a page"),
    "nested without end": (said(200, b"[" * 200_000), 8, "nested too deeply"),
    "keys that stand twice": (said(200, b'{"contents": [], "contents": []}'), 8, "stands twice"),
    "a redirect to nowhere": (said(302, Location="file:///etc/passwd"), 4, "not an address of the web"),
    "a redirect in circles": (said(302, Location="/services?page=3"), 4, "redirects more than"),
    "a gigabyte": (lambda handler: stream_without_end(handler, b" " * 1_000_000), 4, "larger than"),
    "repeated pages": (lambda handler: handler.page(1, **PAGE), 4, "repeats what was"),
    "hung up": (lambda _handler: None, 4, "connection failed"),
}


@pytest.mark.parametrize(("do", "kept", "words"), MISHAPS.values(), ids=MISHAPS)
def test_the_good_pages_are_in_and_the_report_says_what_went_wrong(again, feed, committed, do, kept, words):
    feed.mishap = on_page(3, do)
    outcome = again(largest_page=3_000_000)
    assert (outcome.status, outcome.report.created) == ("partial", kept)
    assert words in outcome.detail
    assert committed.scalar(select(func.count(PublishedOrganization.organization_id))) == kept
    asked = len(feed.asked)
    feed.mishap = lambda _handler, _page: False
    outcome = again()
    assert (outcome.status, outcome.gone) == ("finished", 0)
    assert committed.scalar(select(func.count(Organization.id))) == 10
    assert len(feed.asked) - asked < 5  # it went on where it had stopped


def test_nothing_counts_as_gone_from_a_feed_that_broke_off(again, feed, committed):
    again()
    feed.mishap = on_page(3, said(500))
    feed.services[9]["name"] = "Another"
    assert again().status == "partial"
    assert set(committed.scalars(select(SourceRecord.gone_since))) == {None}


def test_a_feed_that_never_ends_is_left_after_so_many_pages(again, feed):
    feed.mishap = lambda handler, page: endless_pages(handler, page) is None
    outcome = again(pages=6)
    assert (outcome.status, outcome.report.created, len(feed.asked)) == ("partial", 12, 6)
    assert "more than 6 pages" in outcome.detail


def test_a_feed_that_is_too_large_as_a_whole_is_left(again, feed):
    feed.services = [service_of(n, description="x" * 5_000) for n in range(10)]
    outcome = again(largest_feed=25_000)
    assert (outcome.status, outcome.report.created) == ("partial", 4)
    assert "larger than 25,000 bytes" in outcome.detail


@pytest.mark.parametrize("facts", [{"total_items": 500}, {"total_items": 3}])
def test_a_feed_that_lies_about_its_total_is_told_so(again, feed, facts):
    feed.facts = facts
    outcome = again()
    assert (outcome.status, outcome.report.created) == ("partial", 10)
    assert f"says that it has {facts['total_items']} services, and gave 10" in outcome.detail


def test_a_feed_whose_numbers_are_none_is_read_to_its_end(again, feed):
    feed.facts = {"total_items": "many", "total_pages": None, "last_page": False}
    outcome = again()
    assert (outcome.status, outcome.report.created) == ("finished", 10)


def test_private_addresses_are_refused_at_once_and_behind_a_redirect(again, feed):
    outcome = again(private=False)
    assert (outcome.status, feed.asked) == ("failed", [])
    assert "private address: refused" in outcome.detail


def test_a_service_that_cannot_be_had_whole_changes_nothing(again, feed, committed):
    again()
    feed.brief = True
    feed.services = [{**item, "name": "Brief"} for item in feed.services]
    feed.lost = {feed.services[0]["id"]}
    outcome = again()
    assert outcome.status == "partial"
    assert "could not be read whole" in outcome.detail
    assert sorted(committed.scalars(select(Service.name))) == ["Brief"] * 9 + ["Service 0"]

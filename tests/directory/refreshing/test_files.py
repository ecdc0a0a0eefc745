"""Files of a source: asked for only if they changed, resumed, and nothing taken from a bad one."""

import json

import pytest
from sqlalchemy import select

from directory.models import Organization
from tests.directory.refreshing.conftest import refresher
from tests.loopback import Served, serving

pytestmark = pytest.mark.one_database
ROWS = "Organisation name,Category\n" + "".join(f"Club {n},Sport\n" for n in range(10))


@pytest.fixture
def publishers():
    with serving() as opened:
        opened.files["/list.csv"] = Served(ROWS.encode())
        yield opened


@pytest.fixture
def again(committed, tmp_path, publishers):
    return refresher(committed, tmp_path, addresses=[f"{publishers.address}/list.csv"])


def test_a_file_is_imported_and_kept_as_the_last_good_copy(again, committed, tmp_path):
    assert again().report.created == 10
    assert (tmp_path / "feed" / "good" / "list.csv").read_text() == ROWS
    state = json.loads((tmp_path / "feed" / "good" / "state").read_text())
    assert next(iter(state["marks"].values()))["etag"]


def test_a_download_that_was_cut_goes_on_where_it_stopped(again, publishers):
    rows = "".join(f"Club {n},Sport,{'x' * 15_000}\n" for n in range(11))
    publishers.files["/list.csv"] = Served(f"Organisation name,Category,Notes\n{rows}".encode())
    publishers.mishaps = [("none", 100_000)]
    assert again().report.rows == 11
    assert publishers.ranges()[1] == "bytes=100000-"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>Sorry</html>", "no row of headings"),
        (b"", "empty file"),
        (b"\xff\xfe\x00\xd8garbage", "list.csv"),
    ],
)
def test_a_bad_file_changes_nothing_and_the_next_good_one_is_taken(
    again, publishers, committed, content, words
):
    again()
    publishers.files["/list.csv"] = Served(content)
    outcome = again()
    assert outcome.status == "failed"
    assert words in outcome.detail
    assert len(committed.scalars(select(Organization)).all()) == 10
    publishers.files["/list.csv"] = Served((ROWS + "Club 10,Sport\n").encode())
    assert again().report.created == 1


def test_a_file_that_is_too_large_is_refused_early(again, publishers):
    publishers.files["/list.csv"] = Served(b"x", {"Content-Length": str(10**12)})
    outcome = again()
    assert (outcome.status, "larger than" in outcome.detail) == ("failed", True)


def test_a_redirect_to_an_undeclared_host_is_refused(again, publishers):
    publishers.redirects["/list.csv"] = "http://10.0.0.1/list.csv"
    outcome = again()
    assert (outcome.status, "refused" in outcome.detail) == ("failed", True)

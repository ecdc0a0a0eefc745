"""Pages that are kept: the same for everybody, and new with the next thing that is approved."""

import gzip
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.models import UnmetSearch
from directory.remembering import NOTHING
from directory.search.resting import Rests
from directory.web import searching
from directory.web.kept_pages import MOST_BYTES, MOST_PAGES, KeptPages, Page
from tests.accounts import signed_in
from tests.conftest import NOW, ROOT
from tests.directory.records import add, organization, service

pytestmark = pytest.mark.one_database
PAGE = "/search?what=boxing"


@pytest.fixture
def asked(empty_app, monkeypatch):
    """An application with services enough that no search is in vain, and how often the list was made."""
    with Session(empty_app.extensions["engine"]) as session:
        add(session, *(organization(f"Oak {i}", service(f"Boxing {i}")) for i in range(6)))
        session.commit()
    made = []
    search = searching.search_services
    monkeypatch.setattr(searching, "search_services", lambda *args: made.append(1) or search(*args))
    return made


def test_the_same_page_is_made_once_for_everybody(empty_app, asked):
    first, second = (empty_app.test_client().get(PAGE) for _ in range(2))
    assert (len(asked), first.text) == (1, second.text)
    assert second.headers["Cache-Control"] == "no-cache"
    assert second.content_type == first.content_type == "text/html; charset=utf-8"


def test_a_kept_page_goes_out_compressed_and_plain(empty_app, asked):
    plain = empty_app.test_client().get(PAGE)
    for _ in range(2):
        packed = empty_app.test_client().get(PAGE, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert {"Accept-Encoding", "Cookie"} <= set(packed.vary)
    assert empty_app.test_client().get(PAGE).data == plain.data
    assert (len(asked), "Content-Encoding" in plain.headers) == (1, False)


def test_who_has_the_page_is_told_that_it_is_the_same(empty_app, asked):
    client = empty_app.test_client()
    etag = client.get(PAGE).headers["ETag"]
    answer = client.get(PAGE, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
    other = client.get(f"{PAGE}&sort=name", headers={"If-None-Match": etag})
    assert other.status_code == 200


def test_what_is_approved_is_in_the_next_answer(empty_app, asked):
    client = empty_app.test_client()
    etag = client.get(PAGE).headers["ETag"]
    with Session(empty_app.extensions["engine"]) as session:
        add(session, organization("Ash", service("Boxing at the ash")))
        session.commit()
    answer = client.get(PAGE, headers={"If-None-Match": etag})
    assert (answer.status_code, "Boxing at the ash" in answer.text) == (200, True)


def test_a_page_is_another_after_a_release_that_changes_only_templates(empty_app, asked, tmp_path):
    client = empty_app.test_client()
    etag = client.get(PAGE).headers["ETag"]
    empty_app.template_folder = str(tmp_path / "templates of the next version")
    shutil.copytree(ROOT / "templates", empty_app.template_folder)
    (Path(empty_app.template_folder) / "mended.html").write_text("<p>What it said too much is gone.</p>")
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200
    assert len(asked) == 2


def test_who_writes_on_a_page_sees_it_anew_each_time(empty_app, asked):
    empty_app.debug = True
    first = empty_app.test_client().get(PAGE)
    empty_app.test_client().get(PAGE)
    assert ("ETag" in first.headers, len(asked)) == (False, 2)


@pytest.mark.parametrize("more", ["\x01", "\u00e9", "tomorrow", ""])
def test_an_answer_repeats_no_tag_that_was_made_up(empty_app, asked, more):
    client = empty_app.test_client()
    known = client.get(PAGE).headers["ETag"].removesuffix('"')
    made_up = f'{known}{more}"' if more else 'W/"x"'
    answer = client.get(PAGE, headers={"If-None-Match": made_up})
    assert (answer.status_code, answer.headers["ETag"]) == (200, f'{known}"')


def test_a_page_is_made_for_each_language_and_host(empty_app, asked):
    client = empty_app.test_client()
    client.get(PAGE)
    assert 'dir="rtl"' in client.get(f"/ur{PAGE}").text
    client.get(PAGE, base_url="http://127.0.0.1")
    assert len(asked) == 3


def test_a_page_is_made_anew_when_something_on_it_opens_or_the_day_ends(empty_app, asked):
    with Session(empty_app.extensions["engine"]) as session:
        soon = {"freq": "WEEKLY", "byday": "MO", "opens_at": "11:00", "closes_at": "12:00"}
        add(session, organization("Ash", service("Boxing at the ash", schedules=[soon])))
        session.commit()
    client = empty_app.test_client()
    etag = client.get(PAGE).headers["ETag"]
    seen = []
    for hour, minute in ((10, 59), (11, 0), (11, 59), (12, 0), (23, 59)):
        empty_app.config["CLOCK"] = partial(NOW.replace, hour=hour, minute=minute)
        answer = client.get(PAGE, headers={"If-None-Match": etag})
        etag = answer.headers["ETag"]
        seen.append((answer.status_code, "Open now" in answer.text))
    assert seen == [(304, False), (200, True), (304, False), (200, False), (304, False)]
    empty_app.config["CLOCK"] = lambda: NOW.replace(hour=0, minute=0) + timedelta(days=1)
    assert client.get(PAGE, headers={"If-None-Match": etag}).status_code == 200
    assert len(asked) == 4


def test_who_is_signed_in_has_pages_of_their_own(empty_app, asked):
    public, client = empty_app.test_client(), signed_in(empty_app, "navigator")
    public.get(PAGE)
    answer = client.get(PAGE)
    assert (len(asked), "ETag" in answer.headers) == (2, False)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Sign out" not in public.get(PAGE).text


def test_a_map_is_not_kept(empty_app, asked):
    client = empty_app.test_client()
    for _ in range(2):
        assert "ETag" not in client.get(f"{PAGE}&view=map").headers
    assert len(asked) == 2


def test_a_search_in_vain_is_counted_for_each_reader_of_the_page_that_is_kept(empty_app, asked):
    for number in range(3):
        reader = empty_app.test_client()
        network = {"REMOTE_ADDR": f"192.0.{number}.1"}
        reader.get("/search?what=nowhere", headers={"User-Agent": "Firefox"}, environ_base=network)
    with Session(empty_app.extensions["engine"]) as session:
        assert session.scalar(select(func.sum(UnmetSearch.searches))) == 3
    assert len(asked) == 1


def test_no_more_is_kept_than_there_is_room_for():
    pages = KeptPages()
    half = b"x" * (MOST_BYTES // 2)
    for key in ("a", "b", "c"):
        pages.keep(key, Page(NOTHING, NOTHING, Rests(), half, NOW, ()))
    assert [pages.find(key) is None for key in ("a", "b", "c")] == [True, False, False]


def test_no_more_pages_are_kept_than_may_be():
    pages = KeptPages()
    for number in range(MOST_PAGES + 1):
        pages.keep(str(number), Page(NOTHING, NOTHING, Rests(), b"", NOW, ()))
    assert [pages.find(key) is None for key in ("0", "1", str(MOST_PAGES))] == [True, False, False]

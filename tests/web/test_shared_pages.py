"""Pages that processes have in common: made once, right at once, and taken from one of us alone."""

import multiprocessing
import os
import pickle
import time

import pytest
import redis
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.config import Settings, read_settings
from directory.models import UnmetSearch
from directory.publishing.vocabulary import withdraw
from directory.web import kept_pages, searching
from directory.web import shared_pages as common
from directory.web.shared_pages import (
    MOST_SECONDS,
    PLACES,
    PREFIX,
    ROOM,
    CommonMemory,
    SharedPages,
    shared_pages,
)
from tests import redis_server
from tests.conftest import make_app, unavailable
from tests.directory.records import add, organization, service

pytestmark = pytest.mark.one_database
PAGE = "/search?what=boxing"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    program = redis_server.find_program()
    if program is None:
        unavailable("Redis", redis_server.HOW)
    with redis_server.running(program, tmp_path_factory.mktemp("redis")) as address:
        yield address


@pytest.fixture
def pages(server):
    """What is in the server, without anything from another test."""
    client = redis.Redis.from_url(server)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def make(empty_url, tmp_path, server):
    """Makes processes that share a database and Redis, and nothing else."""
    made = []

    def another(**settings):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        given = {"pages_storage": server, "secret_key": "known to all processes"} | settings
        made.append(make_app(empty_url, folder, **given))
        return next(made[-1])

    yield another
    for one in made:
        next(one, None)


@pytest.fixture
def made(monkeypatch):
    """A line for each list of services that was made."""
    lists, search = [], searching.search_services
    monkeypatch.setattr(searching, "search_services", lambda *args: lists.append(1) or search(*args))
    return lists


@pytest.fixture
def two(pages, make, made):
    """Two processes with services enough that no search is in vain, and how often a list was made."""
    apps = make(), make()
    add_boxing(apps[0])
    return *apps, made


def add_boxing(app):
    """Publish services enough that no search is in vain."""
    with Session(app.extensions["engine"]) as session:
        add(session, *(organization(f"Oak {i}", service(f"Boxing {i}")) for i in range(6)))
        session.commit()


def publish(app, name):
    """Publish one more service."""
    with Session(app.extensions["engine"]) as session:
        ids = add(session, organization("Elm", service(name)))
        session.commit()
    return ids


@pytest.fixture
def held(monkeypatch):
    """A line for each time that a page was held against what has changed."""
    times, look = [], kept_pages.untouched
    monkeypatch.setattr(kept_pages, "untouched", lambda *args: times.append(1) or look(*args))
    return times


def in_another_process(task, *args):
    """Do something in a process that is forked from this one, as a server forks its workers."""
    process = multiprocessing.get_context("fork").Process(target=task, args=args)
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_without_redis_what_one_worker_made_those_forked_with_it_need_not_make(make, made):
    app = make(pages_storage="")
    add_boxing(app)
    app.extensions["engine"].dispose()
    ask = app.test_client().get
    in_another_process(ask, PAGE)
    assert "Boxing 3" in ask(PAGE).text
    assert made == []
    publish(app, "Boxing for all")
    assert "Boxing for all" in ask(PAGE).text
    assert made == [1]


def test_each_server_has_common_memory_of_its_own(make, made):
    one, other = make(pages_storage=""), make(pages_storage="")
    add_boxing(one)
    for app in (one, other):
        app.test_client().get(PAGE)
    assert made == [1, 1]


def test_common_memory_gives_what_was_put_there_for_as_long_as_was_said(monkeypatch):
    memory = CommonMemory(places=4)
    assert memory.get("a") is None
    in_another_process(lambda: memory.set("a", b"an old text", ex=9))
    in_another_process(lambda: memory.set("a", b"a text", ex=9))
    assert memory.get("a") == b"a text"
    monkeypatch.setattr(common.time, "time", lambda: time.monotonic() + 1e10)
    assert memory.get("a") is None


def test_what_comes_to_the_same_place_takes_it_and_is_not_taken_for_the_other():
    memory = CommonMemory(places=1)
    memory.set("a", b"of a", ex=9)
    memory.set("b", b"of b", ex=9)
    assert (memory.get("a"), memory.get("b")) == (None, b"of b")


@pytest.mark.parametrize("byte", [0, 20, 25, 30, 40])
def test_what_is_half_written_is_not_taken(byte):
    memory = CommonMemory(places=1)
    memory.set("a", b"a text of some letters", ex=9)
    memory._memory[byte] ^= 0xFF
    assert memory.get("a") is None


def test_what_is_too_long_for_its_place_is_left_out_and_harms_no_other():
    memory = CommonMemory(places=2)
    memory.set("a", b"x" * ROOM, ex=9)
    memory.set("a", b"y" * (ROOM + 1), ex=9)
    assert memory.get("a") == b"x" * ROOM


def test_a_hundred_pages_hardly_ever_take_each_others_places():
    memory = CommonMemory()
    for number in range(100):
        memory.set(str(number), b"%d" % number, ex=9)
    assert sum(memory.get(str(number)) == b"%d" % number for number in range(100)) > 100 - 100**2 / PLACES


def test_what_one_process_made_another_need_not_make(two):
    one, other, made = two
    first, second = (app.test_client().get(PAGE) for app in (one, other))
    assert (len(made), first.text) == (1, second.text)
    assert first.headers["ETag"] == second.headers["ETag"]


def test_what_is_approved_in_one_process_is_in_the_very_next_answer_of_every_other(two):
    one, other, made = two
    for app in (one, other):
        assert "Boxing for all" not in app.test_client().get(PAGE).text
    ids = publish(one, "Boxing for all")
    for app in (other, one):
        assert "Boxing for all" in app.test_client().get(PAGE).text
    assert len(made) == 2
    with Session(one.extensions["engine"]) as session:
        withdraw(session, ids)
        session.commit()
    for app in (one, other):
        assert "Boxing for all" not in app.test_client().get(PAGE).text


def test_a_page_of_another_process_stays_after_a_change_in_which_it_has_no_part(two):
    one, other, made = two
    other.test_client().get("/search?what=chess")  # it reads the public copy as it is before the change
    one.test_client().get(PAGE)
    publish(one, "Singing")
    made.clear()
    assert "Boxing 3" in other.test_client().get(PAGE).text
    assert made == []


def test_a_page_that_a_change_has_a_part_in_is_held_against_it_once(two, held):
    one, _, _ = two
    one.test_client().get(PAGE)
    publish(one, "Boxing for all")
    assert "Boxing for all" in one.test_client().get(PAGE).text
    assert held == [1]


def test_what_a_page_was_held_against_once_is_over(two, held):
    one, _, _ = two
    one.test_client().get(PAGE)
    publish(one, "Singing")
    for _ in range(2):
        one.test_client().get(PAGE)
    assert held == [1]


def test_a_search_in_vain_is_counted_for_the_readers_of_every_process(two):
    one, other, made = two
    for number, app in enumerate((one, other)):
        network = {"REMOTE_ADDR": f"192.0.{number}.1"}
        app.test_client().get("/search?what=nowhere", headers={"User-Agent": "Firefox"}, environ_base=network)
    with Session(one.extensions["engine"]) as session:
        assert session.scalar(select(func.sum(UnmetSearch.searches))) == 2
    assert len(made) == 1


class Broken:
    """What another version of the program knew."""

    def __reduce__(self):
        return int, ("no number",)


class Harm:
    """What runs a command when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("forge", ["unsigned", "another secret key"])
def test_what_none_of_us_put_there_is_not_even_read(two, pages, tmp_path, caplog, forge):
    one, other, _ = two
    harm = tmp_path / "harm"
    before = one.test_client().get(PAGE).text
    (name,) = pages.keys(f"{PREFIX}*")
    if forge == "unsigned":
        pages.set(name, pickle.dumps(Harm(str(harm))))
    else:
        SharedPages(pages, forge, ()).keep(name.decode().removeprefix(PREFIX), Harm(str(harm)), 60)
    assert other.test_client().get(PAGE).text == before
    assert not harm.exists()
    assert "not signed" in caplog.text


def test_a_page_that_stands_under_the_name_of_another_is_not_taken(two, pages, caplog):
    one, other, _ = two
    one.test_client().get("/search?what=boxing+3")
    (name,) = pages.keys(f"{PREFIX}*")
    whole = one.test_client().get(PAGE).text
    for page in pages.keys(f"{PREFIX}*"):
        pages.set(page, pages.get(name))
    assert other.test_client().get(PAGE).text == whole
    assert "not signed" in caplog.text


def test_what_cannot_be_read_is_made_anew(two, pages, caplog):
    one, other, made = two
    before = one.test_client().get(PAGE).text
    (name,) = pages.keys(f"{PREFIX}*")
    ours = SharedPages(pages, str(one.secret_key), ())
    ours.keep(name.decode().removeprefix(PREFIX), Broken(), 60)
    assert (other.test_client().get(PAGE).text, len(made)) == (before, 2)
    assert "cannot be read" in caplog.text


def test_a_page_that_cannot_be_written_is_not_shared(caplog):
    pages = SharedPages(CommonMemory(places=1), "a key")
    pages.keep("a", lambda: "no pickle has this", 60)
    assert pages.find("a") is None
    assert "cannot be shared" in caplog.text


def test_with_other_settings_it_is_another_page(two, make):
    one, _, made = two
    assert "Boxing 5" in one.test_client().get(PAGE).text
    assert "Boxing 5" not in make(results_per_page=3).test_client().get(PAGE).text
    assert len(made) == 2


def test_no_page_is_there_for_longer_than_ten_minutes(two, pages):
    two[0].test_client().get(PAGE)
    times = [pages.ttl(name) for name in pages.keys(f"{PREFIX}*")]
    assert times
    assert all(0 < left <= MOST_SECONDS for left in times)


def test_nothing_of_who_is_signed_in_is_there(two, pages):
    reader = two[0].test_client()
    reader.set_cookie("session", "somebody")
    reader.get(PAGE)
    assert pages.keys("*") == []


def test_without_an_answer_each_process_goes_by_itself(make, caplog, tmp_path):
    program = redis_server.find_program()
    with redis_server.running(program, tmp_path) as address:
        app = make(pages_storage=address)
        assert app.test_client().get(PAGE).status_code == 200
    for question in ("chess", "singing"):
        assert app.test_client().get(f"/search?what={question}").status_code == 200
    assert caplog.text.count("Redis does not answer") == 1


def test_an_address_that_is_none_is_refused_in_words(empty_app):
    with pytest.raises(ValueError, match="PAGES_STORAGE needs a SECRET_KEY"):
        read_settings({"PAGES_STORAGE": "redis://127.0.0.1"})
    with pytest.raises(ValueError, match="PAGES_STORAGE is no address"):
        shared_pages(empty_app, Settings(pages_storage="nonsense"))

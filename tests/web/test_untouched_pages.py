"""A page that stays after a change is, to the last letter, the page that would have been made anew."""

import random
import re

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from directory.models import Organization, Service
from directory.publishing.publish import publish
from directory.publishing.vocabulary import withdraw
from directory.search.columns import snapshot
from directory.search.run import search_services
from directory.web import searching
from directory.web.kept_pages import KeptPages
from tests.directory.records import TODAY, add, add_areas, location, organization, service, weekly

pytestmark = pytest.mark.one_database
PAGES = (
    "what=boxing",
    "what=boxing+club",
    "what=garden&sort=name",
    "what=gardn",
    "what=choi",
    "what=in+the+garden",
    "what=%22club+choir%22",
    "what=boxing&gender=female",
    "what=choir&age=14&where=Lozells",
    "what=sport+for+girls+near+Lozells",
    "where=ZZ1+1AA&within_metres=1000",
    "where=Sandwell&category=sport",
    "where=Oak+estate",
    "category=arts&cost=free",
    "day=Friday&time=18:30",
    "faith=sikh&page=2",
    "",
)
WORDS = """boxing boxer choir club garden gardens gardening bus sewing judo pottery drama rugby cricket
    reading maths cooking karate cycling netball"""
TERMS = (("category", "sport"), ("category", "arts"), ("gender", "female"), ("faith", "sikh"))


def made_up(rng):
    """A service with some words and facts, or without them."""

    def words():
        return " ".join(rng.choices(WORDS.split(), k=rng.randint(1, 2)))

    spot = rng.choice([None, 400, 900, 2_500, -5_000])
    places = (
        [location((404_000 + spot, 284_500), protection=rng.choice(["open", "approximate"]))] if spot else []
    )
    return service(
        words(),
        *places,
        description=words(),
        terms=rng.sample(TERMS, rng.randint(0, 2)),
        schedules=[weekly("FR", "18:00", "20:00")] * rng.randint(0, 1),
        cost_options=[{"amount": rng.choice([0, 3])}] * rng.randint(0, 1),
        **rng.choice([{}, {"minimum_age": 11}, {"status": "inactive"}]),
    )


@pytest.fixture
def site(empty_app):
    """An application with areas, a site and many services that have little to do with each other."""
    with Session(empty_app.extensions["engine"]) as session:
        add_areas(session)
        others = (service(f"Chess {number}", description="A board") for number in range(41))
        add(session, *(organization(f"Board {number}", one) for number, one in enumerate(others)))
        session.commit()
    return empty_app


def changed(session, rng, owners):
    """Publish one organisation with other words, as another, or not at all; or two at once."""
    for owner in rng.sample(range(6), rng.choice([1, 1, 1, 1, 2])):
        if owner in owners and rng.random() < 0.5:
            for one in session.scalars(select(Service).where(Service.organization_id.in_(owners[owner]))):
                one.description = " ".join(rng.choices(WORDS.split(), k=2))
            publish(session, owners[owner], TODAY)
            continue
        if owner in owners:
            withdraw(session, owners.pop(owner))
        if rng.random() < 0.8:
            made = [made_up(rng) for _ in range(rng.choice([1, 1, 2]))]
            owners[owner] = add(session, organization(f"{rng.choice(WORDS.split())} {owner}", *made))
    session.commit()


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", range(2))
def test_pages_that_stay_after_a_change_are_as_if_they_were_made_anew(site, seed, monkeypatch):
    rng, owners, made = random.Random(seed), {}, []
    kept, stayed, made_anew = KeptPages(), [], []
    monkeypatch.setattr(searching, "search_services", lambda *args: made.append(1) or search_services(*args))

    def page(address, pages):
        site.extensions["kept_pages"] = pages
        return site.test_client().get(f"/search?{address}").text

    for _ in range(8):
        with Session(site.extensions["engine"]) as session:
            changed(session, rng, owners)
        for address in rng.sample(PAGES, 6):
            before = len(made)
            answer = page(address, kept)
            (made_anew if len(made) > before else stayed).append(address)
            assert answer == page(address, KeptPages()), (address, owners)
    assert len(stayed) > 2
    assert len(made_anew) > 5


def judo(name="Judo", **facts):
    """A service that no question here fits, but for its name or place."""
    return service(name, status="inactive", **facts)


@pytest.mark.parametrize(
    ("address", "before", "after"),
    [
        ("what=Friday+in+Lozells", judo(), judo("Friday in Lozells")),
        ("what=gardenin", service("Gardening"), judo()),
        ("what=chess+in+lozels", judo(), judo("Lozels")),
        ("where=The+Lozells+Estate&within_metres=1", judo(), service("Judo", location((404_200, 284_200)))),
    ],
    ids=[
        "its name is the question",
        "a word began so",
        "a place was spelled so",
        "it is on the ground of a site",
    ],
)
def test_a_page_is_made_anew_also_for_what_only_its_reading_rests_on(site, address, before, after):
    pages, published = [], []
    for made in (before, after):
        with Session(site.extensions["engine"]) as session:
            withdraw(session, published)
            published = add(session, organization("Quiet", made))
            session.commit()
        pages.append(site.test_client().get(f"/search?{address}").text)
    site.extensions["kept_pages"] = KeptPages()
    assert pages[0] != pages[1] == site.test_client().get(f"/search?{address}").text


def test_a_page_stays_after_many_organisations_at_once_that_have_no_part_in_it(site, monkeypatch):
    with Session(site.extensions["engine"]) as session:
        many = (organization(f"Oak {one}", service("Sewing", description="Thread")) for one in range(30))
        ids = add(session, *many)
        session.commit()
    before = site.test_client().get("/search?what=chess").text
    monkeypatch.setattr(searching, "search_services", None)
    with Session(site.extensions["engine"]) as session:
        for one in session.scalars(select(Service).where(Service.organization_id.in_(ids))):
            one.description = "Needles"
        publish(session, ids, TODAY)
        session.commit()
    assert site.test_client().get("/search?what=chess").text == before


def test_a_page_is_put_in_order_anew_when_a_word_becomes_more_common(site):
    engine = site.extensions["engine"]
    with Session(engine) as session:
        add(session, organization("Oak", service("Boxing")), organization("Elm", service("Choir")))
        (quiet,) = add(session, organization("Quiet", judo(description="Tea")))
        session.commit()
    pages = [site.test_client().get("/search?what=boxing+choir").text]
    with Session(engine) as session:
        # Not shown, so no answer; but the word is less rare.
        session.scalars(select(Service).where(Service.organization_id == quiet)).one().description = "Boxing"
        publish(session, [quiet], TODAY)
        session.commit()
    pages.append(site.test_client().get("/search?what=boxing+choir").text)
    site.extensions["kept_pages"] = KeptPages()
    assert pages[1] == site.test_client().get("/search?what=boxing+choir").text
    assert [page.index(">Boxing<") < page.index(">Choir<") for page in pages] == [True, False]


def test_a_page_without_results_stays_when_its_words_become_rarer(site, monkeypatch):
    far = location((430_000, 284_500))
    with Session(site.extensions["engine"]) as session:
        texts = ["Thread"] * 9 + ["Needles"] * 3
        many = (
            organization(f"Oak {place}", service("Sewing", far, description=text))
            for place, text in enumerate(texts)
        )
        first, *_ = add(session, *many)
        session.commit()
    address = "/search?what=thread+needles&where=ZZ1+1AA&within_metres=1000"
    before = site.test_client().get(address).text
    assert "0 services match" in re.sub("<[^>]+>", "", before)
    monkeypatch.setattr(searching, "search_services", None)
    with Session(site.extensions["engine"]) as session:
        session.scalars(select(Service).where(Service.organization_id == first)).one().description = "Needles"
        publish(session, [first], TODAY)
        session.commit()
    assert site.test_client().get(address).text == before


def test_no_more_is_known_of_changes_than_there_is_room_for(site, monkeypatch):
    monkeypatch.setattr(snapshot, "MOST_CHANGED", 15)
    known = []
    for number in range(4):
        with Session(site.extensions["engine"]) as session:
            add(session, *(organization(f"Oak {number} {one}", service("Sewing")) for one in range(6)))
            session.commit()
        with Session(site.extensions["engine"]) as session:
            known.append([len(change.organizations) for change in snapshot.current(session).changes])
    assert known == [[], [6], [6, 6], [6, 6]]


def test_every_page_says_so_when_something_made_up_is_published_and_no_longer(site):
    engine, said = site.extensions["engine"], []
    for fictional in (False, True, False):
        with Session(engine) as session:
            one = session.scalars(select(Organization)).first()
            one.fictional = fictional
            publish(session, [one.id], TODAY)
            session.commit()
        said.append("fictional" in site.test_client().get("/search?what=judo").text)
    assert said == [False, True, False]


def test_a_page_of_results_reads_of_the_public_copy_only_what_is_noted(site):
    with Session(site.extensions["engine"]) as session:
        add(session, *(organization(f"Oak {number}", made_up(random.Random(number))) for number in range(9)))
        session.commit()
    client, read = site.test_client(), set()
    client.get("/search?what=chess")  # the columns are read whole

    def note(_connection, _cursor, statement, *_others):
        read.update(re.findall(r"(?:FROM|JOIN) (published_[a-z]+)", statement))

    event.listen(site.extensions["engine"], "before_cursor_execute", note)
    for address in PAGES:
        assert client.get(f"/search?{address}").status_code == 200
    # Which change it is; what is shown; spellings; the ground of a site; and, for the key, if any is made up.
    assert read <= {
        "published_batch",
        "published_service",
        "published_place",
        "published_word",
        "published_organization",
    }
    assert {"published_batch", "published_service", "published_word"} <= read

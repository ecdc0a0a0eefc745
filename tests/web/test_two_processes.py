"""Two processes that share a database alone: what one approves, the very next request of the other has."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.publishing.vocabulary import withdraw
from tests.conftest import make_app
from tests.directory.records import add, organization, service


def test_what_is_approved_in_one_process_is_in_the_next_answer_of_another(empty_app, empty_url, tmp_path):
    (other_app,) = others = list(two_apps(empty_url, tmp_path / "other"))
    reader, engine = other_app.test_client(), empty_app.extensions["engine"]
    assert "Boxing for all" not in reader.get("/search?what=boxing").text
    with Session(engine) as session:
        ids = add(session, organization("Oak", service("Boxing for all", description="gloves")))
        assert "Boxing for all" not in reader.get("/search?what=boxing").text
        session.commit()
    assert "Boxing for all" in reader.get("/search?what=boxing").text
    assert "Boxing for all" in reader.get("/search?what=glovs").text
    assert reader.get("/search.json?what=gloves").get_json()["total_known"] == 1
    with Session(engine) as session:
        withdraw(session, ids)
        session.commit()
    assert "Boxing for all" not in reader.get("/search?what=boxing").text
    with Session(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM published_batch")) == 3
    for one in others:
        one.extensions["engine"].dispose()


def two_apps(url, instance):
    """Another application on the same database, with a folder of its own."""
    instance.mkdir()
    yield next(make_app(url, instance))

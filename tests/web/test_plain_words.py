"""A question in plain words on the page of results; suggestions; the phrases of administrators."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import AuditEntry, Phrase
from directory.phrases import ensure_bundled_phrases
from tests.accounts import signed_in

pytestmark = pytest.mark.one_database
ASKED = "/search?what=free+boxing+for+14+year+olds+near+Lozells+on+Friday+evening"


def page_of(client, address):
    return client.get(address).get_data(as_text=True)


def chips(page):
    found = re.search(r'<ul class="app-chips">(.*?)</ul>', page, re.S)
    links = (
        re.findall(r'<a href="([^"]*)"><span[^>]*>Remove </span>(.*?) <svg', found[1], re.S) if found else []
    )
    return {label: href.replace("&amp;", "&") for href, label in links}


def test_what_was_understood_is_shown_and_each_part_can_be_taken_out(client):
    shown = chips(page_of(client, ASKED))
    assert list(shown) == [
        "\u201cboxing\u201d",
        "Near Lozells",
        "Age 14",
        "Open on Friday",
        "Evening, 18:00 to 22:00",
        "Sport and activities",
        "Free",
    ]
    for label, href in shown.items():
        assert set(chips(page_of(client, href))) == set(shown) - {label}


def test_the_words_can_be_looked_for_as_they_stand(client):
    page = page_of(client, ASKED)
    href = re.search(r'href="([^"]*)">look for the words as they stand', page)[1].replace("&amp;", "&")
    assert list(chips(page_of(client, href))) == [
        "\u201cfree boxing for 14 year olds near Lozells on Friday evening\u201d"
    ]


def test_list_map_and_files_answer_the_same_question(client):
    totals = client.get(ASKED.replace("/search", "/search.json")).get_json()
    page = page_of(client, ASKED)
    said = [int(number) for number in re.findall(r"<strong>(\d+)</strong>", page)[:2]]
    assert said[0] == totals["total_known"]
    exported = re.search(r'href="(/search\.json[^"]*)"', page)[1].replace("&amp;", "&")
    assert client.get(exported).get_json()["total_known"] == totals["total_known"]


def test_an_answer_with_nothing_says_so_and_shows_what_comes_without_the_strictest_part(client):
    page = page_of(client, "/search?what=kabaddi+boxing+for+14+year+olds+in+Solihull+on+Sunday+morning")
    assert "No service on record matches all of this" in page
    assert "without the strictest parts of your question" in page
    assert re.findall(r'app-card__name"><a[^>]*>', page)


def test_what_else_was_looked_for_is_said_and_can_be_switched_off(client):
    page = page_of(client, "/search?what=county+lines")
    assert "Also looked for: exploitation" in page
    assert "Affected by gangs" in page
    without = page_of(client, re.search(r'href="([^"]*widen=no[^"]*)"', page)[1].replace("&amp;", "&"))
    assert "Only your own words were looked for" in without
    totals = [int(re.search(r"<strong>(\d+)</strong>", text)[1]) for text in (page, without)]
    assert totals[0] > totals[1] > 0


def test_each_result_says_why_it_is_there(client):
    page = page_of(client, "/search?what=boxing&where=Lozells")
    assert page.count("Why is this here?") == page.count('class="app-card"')
    assert "It has the words that you typed." in page


def test_suggestions_are_published_names_terms_and_places(client):
    found = client.get("/suggest?q=loz").get_json()["suggestions"]
    assert {"text": "Lozells", "kind": "Place"} in found
    assert client.get("/suggest?q=lozells&of=where").get_json()["suggestions"][0]["kind"] == "Place"
    assert {one["kind"] for one in client.get("/suggest?q=sport").get_json()["suggestions"]} >= {
        "Kind of help"
    }
    for nothing in ("", "q=", "q=x", "q=%00%00", "q=" + "z" * 500):
        assert client.get(f"/suggest?{nothing}").get_json() == {"suggestions": []}


@pytest.fixture
def administrator(empty_app):
    """A signed-in administrator of a directory with the bundled phrases."""
    with Session(empty_app.extensions["engine"]) as session:
        ensure_bundled_phrases(session)
        session.commit()
    return signed_in(empty_app, "administrator")


def found(app, key):
    with Session(app.extensions["engine"]) as session:
        return session.scalar(select(Phrase).where(Phrase.key == key))


def test_an_administrator_adds_changes_and_retires_a_phrase(empty_app, administrator):
    sent = {"phrase": "Ghost  trains", "words": "railway; night", "terms": "group:neet"}
    assert administrator.post("/phrases/save", data=sent).status_code == 302
    phrase = found(empty_app, "ghost train")
    assert (phrase.phrase, phrase.words, phrase.terms) == ("Ghost trains", "railway; night", "group:neet")
    assert administrator.post("/phrases/save", data=sent).status_code == 400
    changed = sent | {"id": phrase.id, "words": "railway"}
    assert administrator.post("/phrases/save", data=changed).status_code == 302
    assert administrator.post(f"/phrases/{phrase.id}/retire").status_code == 302
    assert found(empty_app, "ghost train").retired_on is not None
    assert "Not used since" in page_of(administrator, f"/phrases/{phrase.id}")
    with Session(empty_app.extensions["engine"]) as session:
        lines = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
    assert lines[-3:] == ["add phrase", "change phrase", "retire phrase"]


@pytest.mark.parametrize(
    "row",
    [
        {"phrase": "", "words": "x"},
        {"phrase": "x"},
        {"phrase": "x", "terms": "group:nobody"},
        {"phrase": "x", "words": "y" * 600},
        {"phrase": "x", "words": "; ".join("abcdefghijklmnop")},
    ],
)
def test_a_phrase_that_makes_no_sense_is_not_saved(empty_app, administrator, row):
    answer = administrator.post("/phrases/save", data=row)
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.get_data(as_text=True)
    assert found(empty_app, "x") is None


def test_the_table_comes_back_as_it_went(empty_app, administrator):
    table = administrator.get("/phrases/phrases.csv").data
    sent = {"file": (BytesIO(table), "phrases.csv")}
    answer = administrator.post("/phrases/load", data=sent, follow_redirects=True)
    assert "0 phrases were added and 0 changed." in answer.get_data(as_text=True)
    more = {"file": (BytesIO(b"phrase,words,terms\nghost train,railway,\nyot,=cmd,group:nobody\n"), "x.csv")}
    refused = administrator.post("/phrases/load", data=more)
    assert refused.status_code == 400
    assert "Row 3" in refused.get_data(as_text=True)
    assert found(empty_app, "ghost train") is None


def test_nobody_else_sees_the_phrases(empty_app):
    for role in ("navigator", "commissioner", "member"):
        assert signed_in(empty_app, role).get("/phrases").status_code == 403
    assert empty_app.test_client().get("/phrases").status_code == 302


def test_the_list_of_phrases_comes_page_by_page(administrator):
    first, last = page_of(administrator, "/phrases"), page_of(administrator, "/phrases?page=9999")
    assert first.count('<th class="govuk-table__header" scope="row">') == 100
    assert 'aria-label="Page 2"' in first
    assert "zumba" not in first
    assert ">zumba<" in last
    assert "county lines" in page_of(administrator, "/phrases?what=county&page=x")

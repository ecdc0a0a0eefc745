"""What no database takes, sent to the forms of phrases: PostgreSQL refuses what SQLite lets in."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Phrase
from directory.phrases import ensure_bundled_phrases
from tests.accounts import signed_in
from tests.web.urdu import UrduReader

pytestmark = pytest.mark.one_database


@pytest.fixture
def administrator(empty_app):
    return signed_in(empty_app, "administrator")


def test_a_null_byte_in_a_phrase_is_a_space(empty_app, administrator):
    table = b"phrase,words,terms\nzig\x00zag,dancing\x00,\n"
    sent = {"file": (BytesIO(table), "phrases.csv")}
    assert administrator.post("/phrases/load", data=sent).status_code == 302
    saved = {"phrase": "a\x00b", "words": "c", "terms": ""}
    assert administrator.post("/phrases/save", data=saved).status_code == 302
    with Session(empty_app.extensions["engine"]) as session:
        phrases = {(one.phrase, one.words) for one in session.scalars(select(Phrase))}
    assert phrases >= {("zig zag", "dancing"), ("a b", "c")}


def test_what_is_no_identifier_is_no_phrase(administrator):
    saved = {"phrase": "a", "words": "c", "terms": "", "id": "x"}
    assert administrator.post("/phrases/save", data=saved).status_code == 404


@pytest.mark.parametrize(
    ("sent", "box"),
    [
        ({"phrase": "", "words": "a"}, "phrase"),
        ({"words": ""}, "words"),
        ({"words": "y" * 600}, "words"),
        ({"words": "; ".join("abcdefghijklmnop")}, "words"),
        ({"terms": "group:nobody"}, "terms"),
    ],
)
def test_what_is_wrong_with_a_phrase_is_said_at_its_box(administrator, sent, box):
    answer = administrator.post("/phrases/save", data={"phrase": "ghost", "words": "", "terms": ""} | sent)
    problems_are_at(answer, box)


def test_what_is_wrong_with_a_table_is_said_at_its_box(administrator):
    problems_are_at(administrator.post("/phrases/load"), "file")


def problems_are_at(answer, box):
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert f'<a href="#{box}">' in page
    assert re.findall(r'class="govuk-error-message" id="(\w+)-problem"', page) == [box]


@pytest.mark.unmeasured
def test_phrases_are_kept_in_urdu(empty_app, administrator):
    reader = UrduReader(administrator, "/ur/phrases")
    see = reader.see

    def load(table):
        see("/ur/phrases/load", file=(BytesIO(table), "phrases.csv"))

    with Session(empty_app.extensions["engine"]) as session:
        ensure_bundled_phrases(session)
        session.commit()
    good = {"phrase": "<b>Ghost trains", "words": "railway; night", "terms": ""}
    for wrong in (
        {"phrase": ""},
        {"words": ""},
        {"terms": "group:nobody"},
        {"words": "y" * 600},
        {"words": "; ".join("abcdefghijklmnop")},
    ):
        see("/ur/phrases/save", **good | wrong)
    see("/ur/phrases/save", **good)
    see("/ur/phrases/save", **good)
    with Session(empty_app.extensions["engine"]) as session:
        phrase = session.scalars(select(Phrase).where(Phrase.key == "b ghost train")).one()
        other = session.scalars(select(Phrase).where(Phrase.id != phrase.id)).first()
    one = f"/ur/phrases/{phrase.id}"
    see(one)
    see("/ur/phrases/save", **good, id=other.id)
    for _ in range(2):
        see(f"{one}/retire", go="on")
        see(one)
    see("/ur/phrases?what=ghost&page=2")
    head = b"phrase,words,terms,retired_on\n"
    for table in (b"", b"\xff", b"x" * 1_000_001, b"a,b\n1,2\n", head + b'"', head + b"a\n"):
        load(table)
    for row in (b"a,b,,x\n", b"a,b,,\na,b,,\n", b"a,b,,\n"):
        load(head + row)
    assert not reader.left, "\n".join(reader.left)

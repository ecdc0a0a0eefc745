"""What no database takes, sent to the forms of phrases: PostgreSQL refuses what SQLite lets in."""

from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import Phrase
from tests.accounts import signed_in


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

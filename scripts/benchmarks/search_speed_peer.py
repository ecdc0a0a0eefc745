"""The same questions put to tantivy: words, kind of help, a square about the place, counts of the terms."""

from __future__ import annotations

import tempfile
from datetime import date
from typing import Any

import tantivy
from benchmarks.peers import FIELDS, words
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.models import PublishedPlace, PublishedTerm, PublishedText
from directory.places.find import find_place

WHOLE = tantivy.FieldType.Integer
MOST_TERMS = 1000


class Peer:
    """An index by tantivy of the published services, on disk as it comes."""

    def __init__(self, session: Session, today: date) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw")
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="en_stem")
        builder.add_text_field("term", tokenizer_name="raw", fast=True)
        for side in ("easting", "northing"):
            builder.add_integer_field(side, indexed=True, fast=True)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, tempfile.mkdtemp(prefix="tantivy-"))
        self._fill(session)
        self.searcher = self.index.searcher()
        self.session, self.today = session, today
        self.points: dict[str, tuple[int, int]] = {}

    def _fill(self, session: Session) -> None:
        terms: dict[int, list[str]] = {}
        for key, facet, code in session.execute(
            select(PublishedTerm.published_service_id, PublishedTerm.facet, PublishedTerm.code)
        ):
            terms.setdefault(key, []).append(f"{facet}:{code}")
        spots: dict[int, list[tuple[int, int]]] = {}
        for key, easting, northing in session.execute(
            select(PublishedPlace.published_service_id, PublishedPlace.easting, PublishedPlace.northing)
        ):
            if easting is not None:
                spots.setdefault(key, []).append((easting, northing))
        writer = self.index.writer()
        columns = [getattr(PublishedText, field) for field in FIELDS]
        for key, *texts in session.execute(select(PublishedText.published_service_id, *columns)):
            own = spots.get(key, [])
            writer.add_document(
                tantivy.Document(
                    key=[str(key)],
                    term=terms.get(key, []),
                    easting=[x for x, _ in own],
                    northing=[y for _, y in own],
                    **dict(zip(FIELDS, [[one] for one in texts], strict=True)),
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def answer(self, question: MultiDict[str, str]) -> Any:
        """The first twenty, how many there are, and how many of them each term has."""
        asked = " ".join(f"+{word}" for word in words(question["what"]))
        text = self.index.parse_query(asked, list(FIELDS))
        must = tantivy.Occur.Must
        parts = [(must, text), *((must, one) for one in self._square(question))]
        term = tantivy.Query.term_query(self.schema, "term", f"category:{question['category']}")
        found = self.searcher.search(tantivy.Query.boolean_query([*parts, (must, term)]), 20)
        keys = [self.searcher.doc(place)["key"][0] for _, place in found.hits]
        counts = self.searcher.aggregate(
            tantivy.Query.boolean_query(parts), {"terms": {"terms": {"field": "term", "size": MOST_TERMS}}}
        )
        return keys, found.count, counts

    def _square(self, question: MultiDict[str, str]) -> list[Any]:
        name, metres = question["where"], int(question["within_metres"])
        if name not in self.points:
            place = find_place(self.session, name, self.today)
            self.points[name] = place.points[0] if place else (0, 0)
        return [
            tantivy.Query.range_query(self.schema, side, WHOLE, middle - metres, middle + metres)
            for side, middle in zip(("easting", "northing"), self.points[name], strict=True)
        ]

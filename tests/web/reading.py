"""Read whatever the application answers, by its own list of routes: a new one joins by itself."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from itertools import cycle, islice, product
from uuid import UUID

import geopandas as gpd
from flask import url_for
from pypdf import PdfReader
from sqlalchemy import Uuid, select
from werkzeug.routing import BaseConverter, IntegerConverter, Rule, UUIDConverter
from werkzeug.test import TestResponse as Response

from directory.exporting.formats import FORMS
from directory.exporting.terms import read_terms
from directory.models import Base, PublishedOrganization, Site

# What is sent to whatever takes a word that is no identifier.
WORDS = (*FORMS, "lozells", "E08000025", "E05000001", "ZZ98 7QX", "quillfeather", "mentoring", "x")
# What is sent to an argument of this name: each of one with each of another.
NAMED = {"table": ("places", "kinds", "hours", "figures", "sites", "areas"), "kind": ("csv", "xlsx")} | {
    "level": ("authority", "ward", "lsoa"),
    "version": ("old",),
}
PACKED = (b"PK\x03\x04", b"%PDF-", b"\x1f\x8b", b"PAR1")


def identifiers(session) -> list[str]:
    """One identifier of every table, and those of all that is published."""
    found: dict[str, None] = {}
    for table in Base.metadata.sorted_tables:
        public = table.name.startswith("published_")
        for column in table.columns if public else table.primary_key:
            if isinstance(column.type, Uuid) and column.name not in ("location_id", "term_id"):
                found |= dict.fromkeys(session.scalars(select(column).distinct().limit(12 if public else 1)))
    return [key for key in found if key]


def values_for(converter: BaseConverter, session) -> list[object]:
    """What an argument of an address may be, by its kind alone."""
    if isinstance(converter, UUIDConverter):
        taxonomies = [one["id"] for one in read_terms(session).taxonomies][:2]
        return [UUID(key) for key in (*identifiers(session), *taxonomies)]
    if isinstance(converter, IntegerConverter):
        return [0, 1, 7]
    return list(dict.fromkeys([*WORDS, *session.scalars(select(Site.slug)), *identifiers(session)[:6]]))


def addresses(app, session) -> Iterator[tuple[Rule, str]]:
    """Every address that can be read, with every identifier there is."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in {"static", "kept_file"} and "GET" in (rule.methods or ()):
            yield from ((rule, address) for address in addresses_of(app, session, rule))


def addresses_of(app, session, rule: Rule) -> list[str]:
    """The addresses of one route: as many as there are values for the argument that has the most."""
    if rule.arguments and rule.arguments <= set(NAMED):
        chosen = product(*(NAMED[name] for name in sorted(rule.arguments)))
        with app.test_request_context():
            return [
                url_for(rule.endpoint, **dict(zip(sorted(rule.arguments), some, strict=True)))
                for some in chosen
            ]
    names = sorted(rule.arguments)
    given = [values_for(rule._converters[name], session) for name in names]
    rows = [
        {name: values[i % len(values)] for name, values in zip(names, given, strict=True)}
        for i in range(max(map(len, given), default=1))
    ]
    with app.test_request_context():
        return [url_for(rule.endpoint, **row) for row in rows]


def answers_to(app, session, questions, one_more) -> Iterator[tuple[Rule, str, Response]]:
    """Every answer, with its rule and address: to all questions, where they are read, or else to one more."""
    client, every = app.test_client(), changes(session)
    in_turn = cycle(every)
    for rule, address in addresses(app, session):
        if rule.endpoint.startswith("coverage_what_if."):
            # The page has all tables of each change; each file of a table is read for one.
            for change in every if rule.endpoint.endswith(".show") else islice(in_turn, 1):
                yield rule, f"{address}?{change}&{one_more}", client.get(f"{address}?{change}&{one_more}")
        response = client.get(address)
        yield rule, address, response
        # A sheet to hand over is asked nothing.
        if response.status_code != 200 or rule.endpoint.startswith(("security.", "sheets.")):
            continue
        asked = [f"{address}?{question}" for question in (questions if _asks(client, rule, address) else ())]
        for whole in asked or [f"{address}?{one_more}"]:
            yield rule, whole, client.get(whole)


def changes(session) -> list[str]:
    """What somebody may ask of the first two organisations: each closes, opens and moves."""
    first = select(PublishedOrganization.organization_id).order_by(PublishedOrganization.name).limit(2)
    keys = session.scalars(first)
    return [
        f"organisation={key}&change={change}"
        for key in keys
        for change in ("closes", "opens", "moves&to_place=Lozells")
    ]


def _asks(client, rule: Rule, address: str) -> bool:
    """Whether a page without arguments looks at what is asked: then it says another thing."""
    if rule.arguments or address.endswith((".png", ".pdf")):
        return False
    # Unpacked: how small a packed file comes out depends on the moment that is written in it.
    found, nothing = (words_of(client.get(f"{address}?what={word}").get_data()) for word in ("help", "zzzz"))
    return len(found) != len(nothing)


def words_of(data: bytes) -> str:
    """The words of an answer, unpacked where it is packed."""
    if data.startswith(PACKED[0]):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(f"{name}\n{words_of(archive.read(name))}" for name in archive.namelist())
    if data.startswith(PACKED[1]):
        reader = PdfReader(io.BytesIO(data))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    if data.startswith(PACKED[2]):
        return words_of(gzip.decompress(data))
    if data.startswith(PACKED[3]):
        return str(gpd.read_parquet(io.BytesIO(data)).to_json())
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")  # a picture: its notes are words

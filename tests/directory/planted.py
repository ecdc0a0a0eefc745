"""An organisation with everything that must not be seen, written in every field there is."""

import re
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from directory.models import Base, new_id
from directory.search.columns.segment import FIELDS
from directory.search.columns.snapshot import current
from tests.directory.records import address, contact, location, organization, service, term, weekly

HIDDEN_POINT, APPROXIMATE_POINT, OPEN_POINT = (405_123, 285_321), (404_987, 284_876), (404_600, 284_600)
# What must be nowhere, as letters and digits alone.
SECRETS = (
    "quillfeather",
    "ombersleyyard",
    "zz987qx",
    "tamarisk",
    "pomfrethollow",
    "saltmarsh",
    "zz976qx",
    "cardamomparade",
    "zz965qx",
    "vetivercrescent",
    "zz954qx",
    "wilhelmina",
    "quackenbush",
    "tansymail",
    "1214960987",
)
PROSE = """We meet at 47  QUILLFEATHER Row (_zz987qx_, or z Z 9 8-7 q X), behind the Ombersley-Yard, in the
 TAMARISK\u00a0Barn, and at Pomfret Hollow in salt\u00admarsh cottage, ZZ976QX. Letters to PO Box 8841,
 cardamom parade, zz96-5qx or 12 V\u00e9tiver Cres., ZZ95 4QX. Ask Wilhelmina Qua\u00e7kenbush,
 QUACKENBUSH, Wilhelmina, or Mrs. Quackenbush: +44 (0)121 496-0987, (0121)4960987,
 Wilhelmina.Q@Tansy-Mail.example or wilhelmina.q (at) tansy-mail.example.
 https://maps.example/?q={latitude},{longitude} #QuillfeatherRow https://example.org/quillfeather-row"""


def hidden_location() -> dict[str, Any]:
    """A refuge."""
    lines = address(
        "Flat 3, 47-49 Quillfeather Row", "ZZ98 7QX", address_2="Ombersley Yard; Unit 2b Quillfeather Row"
    )
    return location(
        HIDDEN_POINT, lines, name="The Tamarisk Barn", description="Ring first", protection="hidden"
    )


def approximate_location() -> dict[str, Any]:
    """A place of which the ward alone may be known."""
    lines = address("19 Pomfret Hollow", "ZZ97 6QX")
    return location(APPROXIMATE_POINT, lines, name="Saltmarsh Cottage", protection="approximate")


def planted() -> dict[str, Any]:
    """The organisation. Its last service is open to all, and is as full of secrets as the others."""
    hidden = hidden_location()
    prose = PROSE.format(latitude=hidden["latitude"], longitude=hidden["longitude"])
    letters = location(
        None, address("PO Box 8841, Cardamom Parade", "ZZ96 5QX", "postal"), location_type="postal"
    )
    also_post = address("12 V\u00e9tiver Crescent", "ZZ95 4QX", "postal")
    door = location(
        OPEN_POINT,
        address("8 Known Street", "ZZ1 1AA"),
        also_post,
        name="Known Hall, not the Tamarisk barn",
        description=prose,
        accessibility=[{"id": new_id(), "description": prose}, {"id": new_id(), "description": "zz98 7qx"}],
    )
    services = [
        service("Hidden help", hidden, **_full(prose)),
        service("Approximate help", approximate_location(), **_full(prose)),
        service("Postal help", letters, **_full(prose)),
        service("Open help at the Tamarisk Barn", door, **_full(prose)),
    ]
    return organization(
        "Harbour Light",
        *services,
        alternate_name=f"Light, {prose}",
        description=prose,
        email="wilhelmina.q@tansy-mail.example",
        website="https://example.org/ZZ98-7QX",
        phones=[{"id": new_id(), "number": "0121 496 0987", "description": prose}],
        contacts=[_unseen()],
        attributes=[_free_words("network", prose)],
    )


def _full(prose: str) -> dict[str, Any]:
    return {
        "alternate_name": prose,
        "description": prose,
        "alert": prose,
        "fees": prose,
        "accreditations": prose,
        "application_process": prose,
        "url": "https://quillfeather-row.example",
        "email": "Wilhelmina.Q@tansy-mail.example",
        "attributes": [term("category", "mentoring"), _free_words("group", prose)],
        "schedules": [weekly("MO", "09:00", "17:00", description=prose, notes=prose)],
        "funding": [{"id": new_id(), "source": text} for text in (prose, "47 Quillfeather Row")],
        "cost_options": [{"id": new_id(), "amount": 2, "option": prose, "amount_description": prose}],
        "languages": [{"id": new_id(), "name": f"English, {prose}"}],
        "service_areas": [{"id": new_id(), "name": prose, "extent": "ZZ98 7QX"}],
        "phones": [{"id": new_id(), "number": text} for text in ("01214960987", "0121 496 0001")],
        "contacts": [_unseen()],
    }


def _unseen() -> dict[str, Any]:
    return contact(
        "Mrs Wilhelmina Quackenbush",
        consented=False,
        email="wilhelmina.q@tansy-mail.example",
        number="+44 121 496 0987",
    )


def _free_words(taxonomy: str, words: str) -> dict[str, Any]:
    return {"id": new_id(), "link_type": taxonomy, "taxonomy_term": {"name": words, "taxonomy": taxonomy}}


def squashed(words: str) -> str:
    """The letters and digits of a text."""
    return "".join(character for character in words.casefold() if character.isalnum())


def leaks(words: str, but: str = "") -> list[str]:
    """The secrets, in any spelling, and the exact points that stand in a text."""
    plain = squashed(words)
    found = [secret for secret in SECRETS if secret in plain and secret not in squashed(but)]
    points = [str(number) for point in (HIDDEN_POINT, APPROXIMATE_POINT) for number in point]
    found += [number for number in points if number in words and number not in but]
    for place in (hidden_location(), approximate_location()):
        # Four places of a degree are some ten metres. One alone may stand in an outline by chance.
        latitude, longitude = (f"{abs(place[name]):.4f}" for name in ("latitude", "longitude"))
        if re.search(rf"{latitude}\d*\D{{1,40}}{longitude}|{longitude}\d*\D{{1,40}}{latitude}", words):
            found.append(f"{latitude}, {longitude}")
    return found


def dump_published(session: Session) -> str:
    """Every row of every table of the public copy, and the words and points that its columns answer from."""
    parts = [
        str(tuple(row))  # a row itself cuts long texts short
        for table in Base.metadata.sorted_tables
        if table.name.startswith("published_")
        for row in session.execute(table.select())
    ]
    for part in current(session).parts:
        alive, texts, places = np.flatnonzero(part.flags), part.segment.texts, part.segment.places
        begins = texts.starts[:: len(FIELDS)]
        words = [texts.words[token] for row in alive for token in texts.tokens[begins[row] : begins[row + 1]]]
        stems = [
            texts.stems[stem]
            for stem, rows in enumerate(np.split(texts.rows, texts.places[1:-1]))
            if np.isin(rows, alive).any()
        ]
        parts += [*(part.segment.keys[row] for row in alive), *words, *stems]
        here = np.isin(places.service, alive)
        parts += [f"{x} {y}" for x, y in zip(places.easting[here], places.northing[here], strict=True)]
    return "\n".join(parts)

"""The pages about the organisation itself: who it is, and what it has in place to keep people safe."""

from __future__ import annotations

from collections.abc import Iterator

from directory.languages import N_, gettext
from directory.models import new_id
from directory.registration.answers import Answers, Document, Reading, date_parts, set_or_drop
from directory.registration.given_terms import codes_of, set_terms, values_of
from directory.registration.options import Options

# The registers that are asked about: the field, its scheme in org-id.guide, its words, the longest number.
REGISTERS = (
    ("charity", "GB-CHC", "Charity number", 8),
    ("company", "GB-COH", "Company number", 8),
)
NUMBERS = (N_("charity number"), N_("company number"))
ASSURANCES = ("policy", "dbs", "insurance", "lead")


def put_identity(document: Document, reading: Reading, options: Options) -> None:
    """Who the organisation is: its names, kind, faith, what it does, its register numbers."""
    kind = reading.choice("kind", N_("what kind of organisation it is"), options.names("kind"), needed=True)
    faith = reading.choice("faith", N_("a faith tradition"), options.names("faith"))
    set_or_drop(
        document,
        name=reading.line("name", N_("name of the organisation"), needed=True),
        alternate_name=reading.line("alternate_name", N_("other name")),
        description=reading.text("description", N_("description")),
    )
    set_terms(document, "kind", [kind] if kind else [])
    set_terms(document, "faith", [faith] if faith else [])
    _put_identifiers(document, reading)


def identity_answers(document: Document, options: Options) -> Answers:
    """The page of `put_identity` as the document has it."""
    numbers = {
        field: next((item["identifier"] for item in _identifiers(document, scheme)), "")
        for field, scheme, _, _ in REGISTERS
    }
    return {
        "name": document.get("name", ""),
        "alternate_name": document.get("alternate_name", ""),
        "description": document.get("description", ""),
        "kind": next(iter(codes_of(document, "kind")), ""),
        "faith": next(iter(codes_of(document, "faith")), ""),
        **numbers,
    }


def _put_identifiers(document: Document, reading: Reading) -> None:
    """Set the numbers that are asked for; those of other registers stay."""
    asked = {scheme for _, scheme, _, _ in REGISTERS}
    kept = [
        item
        for item in document.get("organization_identifiers") or []
        if item.get("identifier_scheme") not in asked
    ]
    for field, scheme, words, longest in REGISTERS:
        number = reading.line(field, words.lower(), 40)
        number = "".join((number or "").split()).upper() or None
        if number and not (number.isascii() and number.isalnum() and len(number) <= longest):
            reading.problems[field] = gettext(
                "A %(what)s has up to %(longest)s letters and figures.",
                what=gettext(words.lower()),
                longest=longest,
            )
        if number:
            before = next(_identifiers(document, scheme), {"id": new_id(), "identifier_type": words})
            kept.append({**before, "identifier_scheme": scheme, "identifier": number})
    set_or_drop(document, organization_identifiers=kept)


def _identifiers(document: Document, scheme: str) -> Iterator[Document]:
    items = document.get("organization_identifiers") or []
    return (item for item in items if item.get("identifier_scheme") == scheme)


def put_assurance(document: Document, reading: Reading, options: Options) -> None:
    """What the organisation says that it has in place: terms of `assurance`, with the day of the review."""
    said = reading.choices("assurance", N_("what you have in place"), ASSURANCES)
    reviewed = reading.day("reviewed", N_("The day of the review"))
    if reviewed and reviewed > options.today:
        reading.problems["reviewed"] = gettext("The day of the review must be today or in the past.")
    values = {"review-date": reviewed.isoformat()} if reviewed else {}
    set_terms(document, "assurance", [*said, *values], values)


def assurance_answers(document: Document, options: Options) -> Answers:
    """The page of `put_assurance` as the document has it."""
    said = codes_of(document, "assurance")
    reviewed = values_of(document, "assurance").get("review-date")
    return {"assurance": [code for code in ASSURANCES if code in said], **date_parts("reviewed", reviewed)}

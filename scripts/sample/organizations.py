"""Organisations as Open Referral UK documents."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from sample.choose import Choice
from sample.identify import identify, landline, mobile, slug
from sample.services import make_service, numbered, term
from sample.stock import read_words
from sample.venues import Ground, place_services

Document = dict[str, Any]

# Charity numbers have not reached 9 million: these belong to nobody.
FIRST_CHARITY_NUMBER = 9_900_001
NO_WEBSITE = {"informal", "individual"}


def make_organizations(rng: Random, choices: list[Choice], ground: Ground) -> list[Document]:
    """All organisations, each with its services nested."""
    words = read_words()
    seen: Counter[str] = Counter()
    documents = []
    for number, choice in enumerate(choices):
        services = []
        for idea in choice.ideas:
            services.append(make_service(rng, choice, idea, words, repeated=seen[idea.name] > 0))
            seen[idea.name] += 1
        place_services(rng, choice, services, ground)
        documents.append({**make_organization(rng, choice, number, words), "services": services})
    adopt(choices, documents)
    return documents


def make_organization(rng: Random, choice: Choice, number: int, words: Document) -> Document:
    """The organisation itself."""
    kind, key = choice.pattern.kind, identify("organization", choice.name)
    document: Document = {"id": key, "name": choice.name, "fictional": True}
    if kind not in NO_WEBSITE and rng.random() < 0.12:
        document["alternate_name"] = initials(choice.name)
    if rng.random() < 0.85:
        document["description"] = rng.choice(words["about"][kind])
    if kind != "individual" and rng.random() < 0.8:
        document["email"] = f"{slug(choice.name)}@example.org"
    if kind not in NO_WEBSITE and rng.random() < 0.65:
        document["website"] = f"https://example.org/{slug(choice.name)}"
    if kind in ("voluntary", "faith") and rng.random() < 0.6:
        charity = {"identifier_scheme": "GB-CHC", "identifier_type": "Charity number"}
        rows = [{**charity, "identifier": str(FIRST_CHARITY_NUMBER + number)}]
        document["organization_identifiers"] = numbered(key, "identifier", rows)
    if kind != "individual" and rng.random() < 0.75:
        document["phones"] = numbered(key, "phone", phones(rng, choice))
    document["attributes"] = [term(key, taxonomy, code) for taxonomy, code in terms(rng, choice)]
    return document


def initials(name: str) -> str:
    """What people call it for short."""
    return "".join(word[0] for word in name.split() if word[0].isupper())


def phones(rng: Random, choice: Choice) -> list[Document]:
    """A landline or a mobile, and sometimes both."""
    lines = [
        {"number": landline(rng, choice.zone.authority.code)},
        {"number": mobile(rng), "description": "Texts welcome"},
    ]
    return lines if rng.random() < 0.2 else [lines[0 if rng.random() < 0.7 else 1]]


def terms(rng: Random, choice: Choice) -> list[tuple[str, str]]:
    """Kind, faith tradition and networks."""
    found = [("kind", choice.pattern.kind)]
    if choice.pattern.faith:
        found.append(("faith", choice.pattern.faith))
    if choice.pattern.kind == "faith" and rng.random() < 0.4:
        found.append(("network", "faith-alliance"))
    if rng.random() < 0.05:
        found.append(("network", "advisory-group"))
    return found


def adopt(choices: list[Choice], documents: list[Document]) -> None:
    """Make a gurdwara or mosque the parent of a younger project in its zone, where there is one."""
    parents: dict[str, str] = {}
    for choice, document in zip(choices, documents, strict=True):
        if choice.pattern.faith in ("sikh", "muslim") and len(choice.pattern.works) > 4:
            parents.setdefault(f"{choice.zone.slug} {choice.pattern.faith}", document["id"])
    for choice, document in zip(choices, documents, strict=True):
        parent = parents.get(f"{choice.zone.slug} {choice.pattern.faith}")
        if parent and "Youth Kitchen" in choice.name:
            document["parent_organization_id"] = parent

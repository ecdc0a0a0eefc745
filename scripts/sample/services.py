"""A service as an Open Referral UK document, without its locations and areas."""

from __future__ import annotations

from random import Random
from typing import Any

from sample.choose import Choice
from sample.gaps import ages_needed, hours_known
from sample.identify import identify, later_day, mobile, slug, some_day
from sample.schedules import make_schedules
from sample.stock import Idea

Document = dict[str, Any]

LANGUAGES = (
    ("Urdu", "ur", 9), ("Panjabi", "pa", 9), ("Bengali", "bn", 6), ("Polish", "pl", 6), ("Arabic", "ar", 6),
    ("Somali", "so", 5), ("Romanian", "ro", 5), ("Gujarati", "gu", 3), ("Pashto", "ps", 2),
    ("Tigrinya", "ti", 2),
    ("French", "fr", 2), ("British Sign Language", "bfi", 2),
)  # fmt: skip
GROUPS = (
    "excluded",
    "gang-affected",
    "victims",
    "neet",
    "refugees",
    "send",
    "care-experienced",
    "young-parents",
    "lgbt",
)
PRICES = (
    (1.0, "a session"),
    (2.0, "a session"),
    (3.5, "a session"),
    (5.0, "a month"),
    (30.0, "a term"),
    (4.0, "a family"),
)
HIRE = ((12.0, "an hour"), (18.5, "an hour"), (60.0, "half a day"), (25.0, "an hour"))
HOW_TO_APPLY = {
    "open": "Just come.",
    "self": "Ring, text or send an e-mail; you do not need anybody to refer you.",
    "professional": "A school, social worker, police officer or other worker fills in a short form with you.",
}


def term(owner: str, taxonomy: str, code: str) -> Document:
    """An attribute of a record."""
    return {
        "id": identify(owner, taxonomy, code),
        "link_type": taxonomy,
        "taxonomy_term": {"term": code, "taxonomy": taxonomy},
    }


def numbered(owner: str, sort: str, rows: list[Document]) -> list[Document]:
    """Rows with ids made from their owner and place in the list."""
    return [{"id": identify(owner, sort, number), **row} for number, row in enumerate(rows)]


def make_service(rng: Random, choice: Choice, idea: Idea, words: Document, repeated: bool) -> Document:
    """One service. A fact left to chance and not drawn is left out: not known."""
    key = identify("service", choice.name, idea.name)
    service: Document = {
        "id": key,
        "name": idea.name,
        "description": description(rng, idea, words, repeated),
        "fictional": True,
        **standing(rng, words),
        **ages(rng, choice, idea),
        "attributes": attributes(rng, key, idea),
    }
    if rng.random() < 0.35:
        service["url"] = f"https://example.org/{slug(choice.name)}/{slug(idea.name)}"
    if idea.referral and rng.random() < 0.4:
        service["application_process"] = HOW_TO_APPLY[idea.referral]
    if rng.random() < 0.06:
        service["accreditations"] = "Bronze quality mark for youth work (made up)"
    lists = {
        "schedules": make_schedules(rng, idea.when, hours_known(idea, choice.zone)),
        "cost_options": costs(rng, idea),
        "languages": languages(rng),
        "contacts": contacts(rng, key, choice, words),
        "funding": [{"source": rng.choice(words["funders"])}] if rng.random() < 0.35 else [],
    }
    return {**service, **{sort: numbered(key, sort, rows) for sort, rows in lists.items() if rows}}


def description(rng: Random, idea: Idea, words: Document, repeated: bool) -> str:
    """The idea's own words, and often a practical sentence more; always for an idea used before."""
    if not repeated and rng.random() < 0.55:
        return idea.description
    practical = words["practical"]
    general = practical["people"] + practical["turn_up" if idea.referral == "open" else "planned"]
    return f"{idea.description} {rng.choice(practical.get(idea.category, general))}"


def standing(rng: Random, words: Document) -> Document:
    """Whether it runs, and how fresh the record is. One in twelve has never been assured."""
    chance = rng.random()
    checked = some_day(rng)
    status: Document = {"status": "active"}
    if chance < 0.04:
        status = {"status": "temporarily closed", "alert": rng.choice(words["alerts"])}
    elif chance < 0.07:
        status = {"status": "inactive"}
    if rng.random() > 0.08:
        status["assured_date"] = checked.isoformat()
    hour = f"{rng.randint(8, 20):02d}:{rng.randrange(0, 60, 5):02d}"
    return {**status, "last_modified": f"{later_day(rng, checked).isoformat()}T{hour}:00Z"}


def ages(rng: Random, choice: Choice, idea: Idea) -> Document:
    """The ages it is for, where they are on record."""
    if rng.random() < 0.12 and not ages_needed(idea, choice.zone):
        return {}
    both = {"minimum_age": idea.minimum_age, "maximum_age": idea.maximum_age}
    return {name: age for name, age in both.items() if age is not None}


def attributes(rng: Random, key: str, idea: Idea) -> list[Document]:
    """Categories, groups, gender and referral."""
    groups = list(idea.groups)
    if rng.random() < 0.15:
        groups.append(rng.choice(GROUPS))
    gender = idea.gender or ("any" if rng.random() < 0.7 else "")
    pairs = [("category", each) for each in idea.categories] + [
        ("group", each) for each in sorted(set(groups))
    ]
    pairs += [("gender", gender)] if gender else []
    pairs += [("referral", idea.referral)] if idea.referral and rng.random() > 0.1 else []
    return [term(key, taxonomy, code) for taxonomy, code in pairs]


def costs(rng: Random, idea: Idea) -> list[Document]:
    """Nothing on record (not known), free, or one or two prices."""
    if not idea.cost or rng.random() < 0.12:
        return []
    if idea.cost == "free":
        return [{"option": "Free", "amount": 0}]
    amount, what = rng.choice(HIRE if idea.category == "spaces" else PRICES)
    full = {"amount": amount, "amount_description": what}
    if rng.random() < 0.35:
        return [{"option": "Full price", **full}, {"option": "On a low income", "amount": 0}]
    return [full]


def languages(rng: Random) -> list[Document]:
    """English and perhaps others; nothing on record for three in ten."""
    if rng.random() < 0.3:
        return []
    found = {"English": "en"}
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
        name, code, _ = rng.choices(LANGUAGES, [weight for _, _, weight in LANGUAGES])[0]
        found[name] = code
    return [{"name": name, "code": code} for name, code in found.items()]


def contacts(rng: Random, key: str, choice: Choice, words: Document) -> list[Document]:
    """A person for half of the services and for every key individual; six in ten consent to be named."""
    alone = choice.pattern.kind == "individual"
    if not alone and rng.random() < 0.5:
        return []
    name = choice.name if alone else f"{rng.choice(words['first_names'])} {rng.choice(words['surnames'])}"
    person: Document = {"name": name}
    if not alone:
        person["title"] = rng.choice(words["roles"])
    if rng.random() < 0.6:
        person["email"] = f"{slug(name)}@example.com"
    if alone or rng.random() < 0.5:
        person["phones"] = numbered(key, "contact phone", [{"number": mobile(rng)}])
    if rng.random() < 0.6:
        person |= {"consent_date": some_day(rng).isoformat(), "consent_scope": "public"}
    return [person]

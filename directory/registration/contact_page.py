"""How to reach an organisation or a service, and the people who agreed to be named."""

from __future__ import annotations

from directory.languages import N_, gettext
from directory.models import new_id
from directory.registration.answers import Answers, Document, Reading, set_or_drop
from directory.registration.options import Options

MOST_PEOPLE = 10
PERSON_FIELDS = ("name", "title", "email", "phone")


def put_contact(thing: Document, reading: Reading, options: Options) -> None:
    """The public e-mail, telephone and website, and each person with or without consent to be shown."""
    address = "website" if "services" in thing else "url"
    set_or_drop(thing, email=reading.email("email"), **{address: reading.web("website")})
    set_or_drop(thing, phones=_phones(thing, reading.phone("phone")))
    before = thing.get("contacts") or []
    people = [_person(number, before, reading, options) for number in range(people_asked(thing))]
    set_or_drop(thing, contacts=[person for person in people if person])


def contact_answers(thing: Document, options: Options) -> Answers:
    """The page of `put_contact` as the document has it."""
    answers: Answers = {
        "email": thing.get("email", ""),
        "website": thing.get("website" if "services" in thing else "url", ""),
        "phone": _first_number(thing),
    }
    for number, person in enumerate(thing.get("contacts") or []):
        facts = {name: person.get(name, "") for name in ("name", "title", "email")}
        facts["phone"] = _first_number(person)
        facts["consent"] = ["public"] if is_shown(person) else []
        answers |= {f"person-{number}-{name}": value for name, value in facts.items()}
    return answers


def people_asked(thing: Document) -> int:
    """How many people the page has room for: one more than there are."""
    return min(len(thing.get("contacts") or []) + 1, MOST_PEOPLE)


def is_shown(person: Document) -> bool:
    """Whether a person agreed to be shown to the public."""
    return person.get("consent_scope") == "public" and bool(person.get("consent_date"))


def _person(number: int, before: list[Document], reading: Reading, options: Options) -> Document | None:
    known = before[number] if number < len(before) else {}
    at = f"person-{number}"
    facts = {
        "name": reading.line(f"{at}-name", N_("name of the person")),
        "title": reading.line(f"{at}-title", N_("role of the person")),
        "email": reading.email(f"{at}-email"),
    }
    phone = reading.phone(f"{at}-phone")
    agreed = bool(reading.choices(f"{at}-consent", N_("whether the person agreed"), ("public",)))
    if not phone and not any(facts.values()):
        if agreed:
            reading.problems[f"{at}-name"] = gettext("Enter the person who agreed, or take the tick away.")
        return None
    person = {"id": new_id(), **known}
    set_or_drop(person, **facts, phones=_phones(known, phone))
    if agreed and not is_shown(known):
        person |= {"consent_date": options.today.isoformat(), "consent_scope": "public"}
    if not agreed:
        set_or_drop(person, consent_date=None, consent_scope=None)
    return person


def _phones(thing: Document, number: str | None) -> list[Document]:
    """The telephone numbers with the first one set; the others stay."""
    first, *others = thing.get("phones") or [{}]
    if not number:
        return others
    return [{"id": new_id(), **first, "number": number}, *others]


def _first_number(thing: Document) -> str:
    return next((str(phone["number"]) for phone in thing.get("phones") or []), "")

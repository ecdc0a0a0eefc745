"""The pages about a service: what it is, who it is for, cost, referral, languages."""

from __future__ import annotations

from directory.languages import N_, gettext
from directory.models import new_id
from directory.openreferral.check import OLDEST_AGE
from directory.registration.answers import Answers, Document, Reading, set_or_drop
from directory.registration.given_terms import codes_of, set_terms
from directory.registration.options import Options
from directory.sources.costs import read_costs

STATUSES = {
    "active": N_("It is running"),
    "temporarily closed": N_("It has stopped for a while"),
    "inactive": N_("It has stopped"),
}
AGES = {"all": N_("People of any age"), "some": N_("People of certain ages"), "unsure": N_("We are not sure")}
COSTS = {
    "free": N_("It is free"),
    "paid": N_("It costs money"),
    "other": N_("It depends, or there is a donation"),
}
MOST_LANGUAGES = 30


def put_what(service: Document, reading: Reading, options: Options) -> None:
    """The name of a service, what it does, which kinds of help it is, whether it runs."""
    set_or_drop(
        service,
        name=reading.line("name", N_("name of the service"), needed=True),
        description=reading.text("description", N_("description")),
        alert=reading.line("alert", N_("notice")),
    )
    set_terms(
        service, "category", reading.choices("category", N_("kinds of help"), options.names("category"))
    )
    if not codes_of(service, "category"):
        reading.problems.setdefault("category", gettext("Choose at least one kind of help."))
    # A feed may say "defunct", which the form does not offer and must not lose.
    allowed = {*STATUSES, service.get("status", "active")}
    service["status"] = reading.choice("status", N_("whether it runs"), allowed, needed=True) or "active"


def what_answers(service: Document, options: Options) -> Answers:
    """The page of `put_what` as the document has it."""
    return {
        "name": service.get("name", ""),
        "description": service.get("description", ""),
        "alert": service.get("alert", ""),
        "category": codes_of(service, "category"),
        "status": service.get("status", "active"),
    }


def put_who(service: Document, reading: Reading, options: Options) -> None:
    """Ages, groups and gender."""
    ages = reading.choice("ages", N_("which ages it is for"), AGES, needed=True)
    typed = reading.raw("minimum_age").strip() or reading.raw("maximum_age").strip()
    on_record = service.get("minimum_age") is not None or service.get("maximum_age") is not None
    if ages == "unsure" and typed and not on_record:
        # That choice stands there before anybody chose: ages that were typed say more.
        ages = "some"
    low, high = (0, OLDEST_AGE) if ages == "all" else (None, None)
    if ages == "some":
        low, high = (
            _age(reading, "minimum_age", N_("youngest age")),
            _age(reading, "maximum_age", N_("oldest age")),
        )
        if low is None and high is None:
            reading.problems.setdefault(
                "minimum_age", gettext("Enter the youngest age, the oldest, or both.")
            )
        if low is not None and high is not None and low > high:
            reading.problems["minimum_age"] = gettext("The youngest age is above the oldest. Swap them.")
    set_or_drop(service, minimum_age=low, maximum_age=high)
    gender = reading.choice("gender", N_("a gender"), options.names("gender"))
    set_terms(service, "gender", [gender] if gender else [])
    set_terms(service, "group", reading.choices("group", N_("groups"), options.names("group")))


def who_answers(service: Document, options: Options) -> Answers:
    """The page of `put_who` as the document has it."""
    low, high = service.get("minimum_age"), service.get("maximum_age")
    whole = (low, high) == (0, OLDEST_AGE)
    some = not whole and (low is not None or high is not None)
    return {
        "ages": "all" if whole else "some" if some else "unsure",
        "minimum_age": str(low) if some and low is not None else "",
        "maximum_age": str(high) if some and high is not None else "",
        "gender": next(iter(codes_of(service, "gender")), ""),
        "group": codes_of(service, "group"),
    }


def _age(reading: Reading, name: str, what: str) -> int | None:
    text = reading.raw(name).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= OLDEST_AGE):
        reading.problems[name] = gettext(
            "The %(what)s must be a whole number from 0 to %(oldest)s.", what=gettext(what), oldest=OLDEST_AGE
        )
        return None
    return int(text)


def put_cost(service: Document, reading: Reading, options: Options) -> None:
    """What it costs. Prices that cannot be read plainly are kept as words."""
    before = cost_answers(service, options)
    cost = reading.choice("cost", N_("what it costs"), COSTS, needed=True)
    prices = reading.line("prices", N_("price"), needed=cost == "paid")
    words = reading.line("fees", N_("words about the cost"), needed=cost == "other")
    if (cost, prices or "", words or "") == (before["cost"], before["prices"], before["fees"]):
        return
    read = [{"amount": 0.0}] if cost == "free" else read_costs(prices or "") if cost == "paid" else None
    if cost == "paid" and read and all(option["amount"] == 0 for option in read):
        reading.problems["prices"] = gettext(
            "You wrote that it is free. Choose \u201cIt is free\u201d, or give a price."
        )
    set_or_drop(
        service,
        cost_options=[{"id": new_id(), **option} for option in read or []],
        fees=words if cost == "other" else prices if cost == "paid" and not read else None,
    )


def cost_answers(service: Document, options: Options) -> Answers:
    """The page of `put_cost` as the document has it."""
    priced = service.get("cost_options") or []
    fees = service.get("fees", "")
    if not priced:
        return {"cost": "other" if fees else "", "prices": "", "fees": fees}
    if all(option.get("amount") == 0 for option in priced):
        return {"cost": "free", "prices": "", "fees": ""}
    return {"cost": "paid", "prices": "; ".join(map(_price, priced)), "fees": ""}


def _price(option: Document) -> str:
    amount = option.get("amount")
    price = "" if amount is None else f"\u00a3{amount:.2f}".removesuffix(".00")
    parts = (option.get("option"), price, option.get("amount_description"))
    return " ".join(str(part) for part in parts if part)


def put_referral(service: Document, reading: Reading, options: Options) -> None:
    """How a person gets a place."""
    set_terms(
        service, "referral", reading.choices("referral", N_("how people come"), options.names("referral"))
    )
    set_or_drop(service, application_process=reading.text("application_process", N_("text"), 1_000))


def referral_answers(service: Document, options: Options) -> Answers:
    """The page of `put_referral` as the document has it."""
    return {
        "referral": codes_of(service, "referral"),
        "application_process": service.get("application_process", ""),
    }


def put_languages(service: Document, reading: Reading, options: Options) -> None:
    """The languages in which it is given, one a line or with commas between."""
    text = reading.text("languages", N_("list of languages"), 1_000) or ""
    names = [
        " ".join(name.split()) for line in text.split("\n") for name in line.replace(";", ",").split(",")
    ]
    known = {item["name"].casefold(): item for item in service.get("languages") or []}
    wanted = {name.casefold(): name[:1].upper() + name[1:] for name in names if name}
    if len(wanted) > MOST_LANGUAGES:
        reading.problems["languages"] = gettext("Name up to %(most)s languages.", most=MOST_LANGUAGES)
    languages = [known.get(key) or {"id": new_id(), "name": name} for key, name in wanted.items()]
    set_or_drop(service, languages=languages)


def languages_answers(service: Document, options: Options) -> Answers:
    """The page of `put_languages` as the document has it."""
    return {"languages": ", ".join(item["name"] for item in service.get("languages") or [])}
